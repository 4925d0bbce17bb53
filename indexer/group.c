/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "group.h"

#include "base/codec.h"
#include "doclist.h"
#include "segment.h"
#include "stage.h"
#include "text/names.h"

#include <pthread.h>
#include <roaring/roaring.h>
#include <stdlib.h>

typedef struct {
    jbk_patch patch;
    size_t order; /* of several for one place the last holds */
} group_patch;

struct jbk_group {
    jbk_store *store;
    jbk_stage stage;
    uint32_t base; /* first document of the segment to be */
    jbk_segment_writer segment;
    JBK_VEC(group_patch) patches;
    jbk_recorded_list seen;
    jbk_arena strings; /* of seen */
    jbk_buf taken;     /* names of observations that are pending no more, each as jbk_put_bytes */
    int64_t now;       /* of this run */
    roaring_bitmap_t *dead;
    bool dead_changed;
    jbk_buf dicts[JBK_STREAMS]; /* new ones; empty: none */
    size_t posts;               /* records met since the last commit */
    uint64_t names;             /* JBK_META_NAMES, after the next commit */
};

/* The table of names that mentions are made with: 0 once they are made with several. */
static jbk_status load_names(jbk_group *g, jbk_view *view, jbk_err *err) {
    const char *bytes;
    size_t len;
    uint64_t before = 0;
    jbk_status status = jbk_view_meta(view, JBK_META_NAMES, &bytes, &len, err);
    if (!status && bytes && len == sizeof before) memcpy(&before, bytes, sizeof before);
    g->names = !jbk_view_docs(view) || before == jbk_names_digest() ? jbk_names_digest() : 0;
    return status;
}

jbk_status jbk_group_new(jbk_store *store, jbk_view *view, int64_t now, jbk_group **out,
                         jbk_err *err) {
    *out = NULL;
    jbk_group *g = jbk_calloc(1, sizeof *g);
    g->store = store;
    g->now = now;
    jbk_status status = jbk_stage_load(&g->stage, view, err);
    if (!status) status = jbk_doclist_load(view, JBK_META_DEAD, &g->dead, err);
    if (!status) status = load_names(g, view, err);
    if (status) {
        jbk_group_free(g);
        return status;
    }
    g->base = g->stage.next_doc;
    *out = g;
    return JBK_OK;
}

/* Forget what a commit has made durable. */
static void reset(jbk_group *g) {
    jbk_segment_reset(&g->segment);
    g->patches.n = g->seen.n = 0;
    jbk_arena_free(&g->strings);
    g->taken.len = 0;
    g->dead_changed = false;
    for (int s = 0; s < JBK_STREAMS; s++) g->dicts[s].len = 0;
    g->posts = 0;
    g->base = g->stage.next_doc;
}

void jbk_group_free(jbk_group *g) {
    if (!g) return;
    reset(g);
    jbk_vec_free(&g->patches);
    jbk_vec_free(&g->seen);
    jbk_buf_free(&g->taken);
    for (int s = 0; s < JBK_STREAMS; s++) jbk_buf_free(&g->dicts[s]);
    jbk_stage_free(&g->stage);
    if (g->dead) roaring_bitmap_free(g->dead);
    free(g);
}

void jbk_group_set_dicts(jbk_group *g, const jbk_dicts *dicts) {
    for (int s = 0; s < JBK_STREAMS; s++) {
        g->dicts[s].len = 0;
        jbk_buf_add(&g->dicts[s], dicts->bytes[s].data, dicts->bytes[s].len);
    }
}

size_t jbk_group_bytes(const jbk_group *g) {
    size_t bytes = g->stage.bytes + jbk_segment_bytes(&g->segment);
    bytes += g->patches.n * sizeof *g->patches.at + g->seen.n * 2 * sizeof *g->seen.at;
    bytes += g->strings.total + g->taken.len;
    return bytes + g->posts * 200; /* what settling holds of each */
}

/* --- adding a batch --- */

static void add_patch(jbk_group *g, jbk_field_id field, uint32_t doc, int64_t value) {
    group_patch p = {{field, doc, value}, g->patches.n};
    jbk_vec_push(&g->patches, p);
}

static void add_settled(jbk_group *g, const jbk_settled *t) {
    for (size_t i = 0; i < t->seen.n; i++) {
        jbk_recorded o = {t->newest, t->seen.at[i]};
        jbk_observation_keep(&o.seen, &g->strings);
        jbk_vec_push(&g->seen, o);
    }
    jbk_buf_add(&g->taken, t->taken.data, t->taken.len);
    if (t->dies != JBK_NO_DOC) {
        roaring_bitmap_add(g->dead, t->dies);
        g->dead_changed = true;
    }
    if (t->newest == t->doc && t->stored) return; /* its row has them */
    if (!t->seen.n) return;
    for (int i = 0; i < JBK_SEEN_FIELDS; i++)
        add_patch(g, jbk_seen_fields[i], t->newest, t->standing.value[i]);
}

jbk_status jbk_group_add(jbk_group *g, jbk_batch *b, jbk_err *err) {
    g->posts += b->records.n;
    size_t stored = 0;
    for (size_t i = 0; i < b->settled.n; i++) {
        const jbk_settled *t = &b->settled.at[i];
        add_settled(g, t);
        if (!t->stored) continue;
        if (t->doc != g->stage.next_doc)
            return jbk_fail(err, JBK_INTERNAL, "group", "documents came out of order");
        int64_t values[JBK_FIELDS];
        jbk_stage_values(&g->stage, &b->records.at[i], t, &b->built.at[stored++], values);
        jbk_stage_row(&g->stage, values);
    }
    return jbk_segment_add(&g->segment, g->store, b, err);
}

/* --- the segment's files --- */

static jbk_status is_new_word(jbk_view *view, const jbk_word *w, bool *new, jbk_err *err) {
    const jbk_segment_info *seg;
    size_t n = jbk_view_segments(view, &seg);
    bool found = false;
    jbk_status status = JBK_OK;
    for (size_t i = 0; i < n && !found && !status; i++)
        status = jbk_volume_has_word(seg[i].volume, w->s, w->len, &found, err);
    *new = !found;
    return status;
}

/* Its lexicon has the words that no segment before has. */
static jbk_status write_volume(jbk_group *g, jbk_view *view, jbk_err *err) {
    JBK_VEC(jbk_word) words = {0};
    jbk_status status = JBK_OK;
    for (size_t i = 0; i < g->segment.words.keys.n && !status; i++) {
        jbk_word w = {g->segment.words.keys.at[i].s, g->segment.words.keys.at[i].len};
        bool new;
        status = is_new_word(view, &w, &new, err);
        if (!status && new) jbk_vec_push(&words, w);
    }
    if (!status) status = jbk_segment_lookups(&g->segment, err);
    if (!status) status = jbk_segment_words(&g->segment, words.at, words.n, err);
    jbk_vec_free(&words);
    return status;
}

typedef struct {
    jbk_segment_writer *segment;
    jbk_status status;
    jbk_err err;
} merging;

static void *merge(void *arg) {
    merging *m = arg;
    m->status = jbk_segment_merge(m->segment, &m->err);
    return NULL;
}

/* The files of the segment: the postings beside the volume, where there can be another thread. */
static jbk_status write_segment(jbk_group *g, jbk_view *view, jbk_err *err) {
    if (g->stage.next_doc == g->base) return JBK_OK;
    pthread_t thread;
    merging m = {.segment = &g->segment};
    bool beside = !pthread_create(&thread, NULL, merge, &m);
    if (!beside) merge(&m);
    jbk_status status = write_volume(g, view, err);
    if (beside) pthread_join(thread, NULL);
    if (!status && m.status && err) *err = m.err;
    if (!status) status = m.status;
    if (!status) status = jbk_segment_finish(&g->segment, err);
    return status ? status : jbk_store_sync_dir(g->store, err);
}

/* --- the commit --- */

static int by_place(const void *x, const void *y) {
    const group_patch *a = x, *b = y;
    if (a->patch.field != b->patch.field) return a->patch.field < b->patch.field ? -1 : 1;
    if (a->patch.doc != b->patch.doc) return a->patch.doc < b->patch.doc ? -1 : 1;
    return a->order < b->order ? -1 : a->order > b->order;
}

static jbk_status put_patches(jbk_group *g, jbk_commit *c, jbk_err *err) {
    if (!g->patches.n) return JBK_OK;
    qsort(g->patches.at, g->patches.n, sizeof *g->patches.at, by_place);
    jbk_patch *sorted = jbk_alloc(g->patches.n * sizeof *sorted);
    for (size_t i = 0; i < g->patches.n; i++) sorted[i] = g->patches.at[i].patch;
    jbk_status status = jbk_commit_patches(c, sorted, g->patches.n, err);
    free(sorted);
    return status;
}

/* By document; those of one stay in the order they came in, as qsort may not keep it. */
static int by_doc(const void *x, const void *y) {
    const jbk_recorded *const *a = x, *const *b = y;
    if ((*a)->doc != (*b)->doc) return (*a)->doc < (*b)->doc ? -1 : 1;
    return *a < *b ? -1 : *a > *b;
}

static jbk_status put_observations(jbk_group *g, jbk_commit *c, jbk_err *err) {
    size_t n = g->seen.n;
    if (!n) return JBK_OK;
    const jbk_recorded **order = jbk_alloc(n * sizeof(const jbk_recorded *));
    jbk_recorded *sorted = jbk_alloc(n * sizeof *sorted);
    for (size_t i = 0; i < n; i++) order[i] = &g->seen.at[i];
    qsort(order, n, sizeof(const jbk_recorded *), by_doc);
    for (size_t i = 0; i < n; i++) sorted[i] = *order[i];
    jbk_status status = jbk_commit_observations(c, sorted, n, err);
    free(order);
    free(sorted);
    return status;
}

/* The stage holds the open chunk by value: patches of it must reach it too. */
static void patch_stage(jbk_group *g) {
    uint32_t open_from = g->stage.next_doc / JBK_CHUNK * JBK_CHUNK;
    for (size_t i = 0; i < g->patches.n; i++) {
        jbk_patch p = g->patches.at[i].patch;
        if (p.doc >= open_from) g->stage.open[p.field][p.doc - open_from] = p.value;
    }
}

static jbk_status put_dead(jbk_group *g, jbk_commit *c, jbk_err *err) {
    if (!g->dead_changed) return JBK_OK;
    size_t len = roaring_bitmap_portable_size_in_bytes(g->dead);
    char *bytes = jbk_alloc(len);
    roaring_bitmap_portable_serialize(g->dead, bytes);
    jbk_status status = jbk_commit_meta(c, JBK_META_DEAD, bytes, len, err);
    free(bytes);
    return status;
}

static jbk_status drop_taken(jbk_group *g, jbk_commit *c, jbk_err *err) {
    const char *p = g->taken.data, *end = p + g->taken.len, *name;
    size_t len;
    jbk_status status = JBK_OK;
    while (p < end && !status && jbk_get_bytes(&p, end, &name, &len))
        status = jbk_commit_drop_pending(c, name, len, err);
    return status;
}

/* When the new documents were indexed, unless the last row says it of them already. */
static jbk_status put_run(jbk_group *g, jbk_view *view, jbk_commit *c, jbk_err *err) {
    const char *bytes;
    size_t len;
    jbk_indexing_run last = {.first = g->base, .at = g->now};
    jbk_status status = jbk_view_meta(view, JBK_META_RUNS, &bytes, &len, err);
    if (status) return status;
    jbk_buf runs = {0};
    jbk_buf_add(&runs, bytes, len);
    if (len >= sizeof last) memcpy(&last, bytes + len - sizeof last, sizeof last);
    if (!len || last.at != g->now) {
        last = (jbk_indexing_run){.first = g->base, .at = g->now};
        jbk_buf_add(&runs, &last, sizeof last);
        status = jbk_commit_meta(c, JBK_META_RUNS, runs.data, runs.len, err);
    }
    jbk_buf_free(&runs);
    return status;
}

static jbk_status put_all(jbk_group *g, jbk_view *view, jbk_commit *c, jbk_err *err) {
    jbk_status status = JBK_OK;
    if (g->stage.next_doc > g->base) {
        status = jbk_commit_segment(c, g->segment.number, g->base, g->stage.next_doc - g->base,
                                    &g->segment.postings_sums, err);
        if (!status) status = jbk_stage_commit(&g->stage, c, err);
        if (!status) status = put_run(g, view, c, err);
        if (!status) status = jbk_commit_meta(c, JBK_META_NAMES, &g->names, sizeof g->names, err);
    }
    for (int s = 0; s < JBK_STREAMS && !status; s++)
        if (g->dicts[s].len)
            status = jbk_commit_meta(c, jbk_meta_dict[s], g->dicts[s].data, g->dicts[s].len, err);
    if (!status) status = put_patches(g, c, err);
    if (!status) status = put_observations(g, c, err);
    if (!status) status = drop_taken(g, c, err);
    return status ? status : put_dead(g, c, err);
}

static jbk_status put_checkpoint(const jbk_checkpoint *p, jbk_commit *c, jbk_err *err) {
    jbk_status status = jbk_ledger_put(p->ledger, c, err);
    return status ? status : jbk_rejects_put(p->rejects, p->done, c, err);
}

jbk_status jbk_group_commit(jbk_group *g, jbk_view *view, const jbk_checkpoint *p, jbk_err *err) {
    bool same = g->stage.next_doc == g->base && !g->seen.n && !g->dead_changed;
    if (same && !p) {
        reset(g);
        return JBK_OK;
    }
    if (same && !jbk_ledger_changed(p->ledger) && !jbk_rejects_changed(p->rejects, p->done)) {
        reset(g);
        return JBK_OK;
    }
    jbk_commit *c = NULL;
    jbk_status status = write_segment(g, view, err);
    if (!status) status = jbk_commit_begin(g->store, &c, err);
    if (!status && same) jbk_commit_quiet(c);
    if (!status) status = put_all(g, view, c, err);
    if (!status && p) status = put_checkpoint(p, c, err);
    if (status) {
        jbk_commit_abort(c);
        return status;
    }
    status = jbk_commit_end(c, err);
    if (status) return status;
    if (p) jbk_ledger_saved(p->ledger);
    patch_stage(g);
    jbk_stage_saved(&g->stage);
    reset(g);
    return JBK_OK;
}
