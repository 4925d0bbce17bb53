/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A document joins the family whose first document has half of its text, in order.  Candidates are
 * documents that share hashes of their sketches; the text decides.  Comparing with the first
 * document alone keeps families from growing into each other member by member. */
#include "stories.h"

#include "base/codec.h"
#include "base/utf8.h"
#include "doclist.h"
#include "store/record.h"
#include "story_lists.h"
#include "text/align.h"

#include <stdlib.h>

enum { SLICE = 1 << 16, FEW = 2, ENOUGH = 3, TRIED = 4, KEPT = 64, TABLE = 4096 };
static const double HALF = 0.5;

/* The units of a text that was read lately. */
typedef struct {
    uint32_t doc;
    bool full;
    jbk_units units;
} read_text;

/* A family that shares hashes with a document. */
typedef struct {
    uint32_t family; /* its first document */
    uint32_t member; /* that shares some; it speaks for the family where the first was forgotten */
    uint32_t weight; /* of what they share */
    uint32_t list;   /* that counted it last; 0: the place is free */
} candidate;

typedef struct {
    jbk_store *store;
    jbk_view *view;
    jbk_reader *reader;
    jbk_aligner *aligner;
    jbk_folded folded;
    roaring_bitmap_t *forgotten;
    uint32_t docs, joined; /* those before `joined` are in their families */
    uint32_t *story;       /* of each document the first of its family, or NONE */
    int64_t *chunk;
    jbk_story_lists lists;
    candidate table[TABLE]; /* hash table of what shares with a document */
    JBK_VEC(uint32_t) used; /* its places */
    read_text kept[KEPT];
    JBK_VEC(jbk_patch) patches;
} joiner;

static const uint32_t NONE = UINT32_MAX;

/* --- texts --- */

static jbk_status read_units(joiner *j, uint32_t doc, jbk_units *out, jbk_err *err) {
    const jbk_segment_info *seg = jbk_view_segment_of(j->view, doc);
    const char *item;
    size_t len;
    jbk_record r;
    out->n = 0;
    jbk_status status =
        jbk_volume_item(seg->volume, j->reader, JBK_STREAM_TEXT, doc - seg->base, &item, &len, err);
    if (!status) status = jbk_record_get_text(item, len, &r, err);
    for (int f = JBK_F_TITLE; f <= JBK_F_TEXT && !status; f++) {
        /* No more than what is aligned, which are at most so many bytes of Han. */
        size_t most = 16 * JBK_ALIGN_MAX, n = r.field[f].len;
        if (!r.field[f].s) continue;
        if (n > most) n = jbk_utf8_cut(r.field[f].s, n, most);
        jbk_fold(&j->folded, r.field[f].s, n);
        jbk_units_add(out, j->folded.utf8.data, j->folded.utf8.len, NULL, 0);
    }
    return status;
}

static jbk_status units_of(joiner *j, uint32_t doc, const jbk_units **out, jbk_err *err) {
    read_text *t = &j->kept[doc % KEPT];
    jbk_status status = JBK_OK;
    if (!t->full || t->doc != doc) {
        t->full = false;
        status = read_units(j, doc, &t->units, err);
        t->doc = doc;
        t->full = !status;
    }
    *out = &t->units;
    return status;
}

/* How much of each other's text two documents have; 0 where it is less than half. */
static jbk_status share(joiner *j, uint32_t a, uint32_t b, double *out, jbk_err *err) {
    const jbk_units *x, *y;
    jbk_units own = {0};
    *out = 0;
    jbk_status status = units_of(j, a, &x, err);
    if (!status && a % KEPT == b % KEPT) {
        status = read_units(j, b, &own, err);
        y = &own;
    } else if (!status) {
        status = units_of(j, b, &y, err);
    }
    if (!status) *out = jbk_align_share(j->aligner, x, y, HALF);
    jbk_vec_free(&own);
    return status;
}

static bool is_forgotten(const joiner *j, uint32_t doc) {
    return roaring_bitmap_contains(j->forgotten, doc);
}

/* --- candidates --- */

/* A document's family is known by its first document, which may be itself. */
static uint32_t first_of(const joiner *j, uint32_t doc) {
    return j->story[doc] == NONE ? doc : j->story[doc];
}

static candidate *candidate_of(joiner *j, uint32_t family) {
    size_t i = family * 0x9E3779B1u >> 20;
    while (j->table[i].list && j->table[i].family != family) i = (i + 1) % TABLE;
    if (!j->table[i].list) {
        j->table[i] = (candidate){.family = family};
        jbk_vec_push(&j->used, (uint32_t)i);
    }
    return &j->table[i];
}

/* The families in a list.  What few of them share says more. */
static void count_list(joiner *j, const uint32_t *list, uint32_t number, uint32_t doc) {
    candidate *here[JBK_STORY_LIST_MAX];
    uint32_t n = 0;
    for (uint32_t i = 1; i <= list[0] && list[i] < doc; i++) {
        if (is_forgotten(j, list[i])) continue;
        candidate *c = candidate_of(j, first_of(j, list[i]));
        if (c->list == number) continue;
        c->list = number;
        c->member = list[i];
        here[n++] = c;
    }
    uint32_t weight = n <= FEW ? 3 : n <= 3 * FEW ? 2 : 1;
    for (uint32_t i = 0; i < n; i++) here[i]->weight += weight;
}

/* The families that share most; of equals the earlier. */
static size_t choose(joiner *j, candidate best[TRIED]) {
    size_t n = 0;
    for (size_t u = 0; u < j->used.n; u++) {
        candidate c = j->table[j->used.at[u]];
        j->table[j->used.at[u]].list = 0;
        if (c.weight < ENOUGH || (n == TRIED && best[n - 1].weight >= c.weight)) continue;
        size_t i = n < TRIED ? n++ : n - 1;
        for (; i && best[i - 1].weight < c.weight; i--) best[i] = best[i - 1];
        best[i] = c;
    }
    j->used.n = 0;
    return n;
}

static size_t find_candidates(joiner *j, uint32_t doc, candidate best[TRIED]) {
    const jbk_story_lists *l = &j->lists;
    uint32_t k = l->starts.at[doc - l->first], end = l->starts.at[doc - l->first + 1];
    for (uint32_t number = 1; k < end; k++, number++)
        count_list(j, l->docs.at + l->at.at[k], number, doc);
    return choose(j, best);
}

/* --- joining --- */

static void set_story(joiner *j, uint32_t doc, uint32_t first) {
    if (j->story[doc] == first) return;
    j->story[doc] = first;
    jbk_patch p = {JBK_F_STORY, doc, (int64_t)first << 1};
    jbk_vec_push(&j->patches, p);
}

/* Two families turn out to be one: it goes by the earlier of their first documents. */
static void merge(joiner *j, uint32_t a, uint32_t b) {
    uint32_t first = a < b ? a : b, other = a < b ? b : a;
    for (uint32_t doc = other; doc < j->docs; doc++)
        if (j->story[doc] == other) set_story(j, doc, first);
}

static jbk_status join(joiner *j, uint32_t doc, jbk_err *err) {
    candidate c[TRIED];
    size_t n = find_candidates(j, doc, c);
    uint32_t family = NONE, with = NONE; /* the family, and the document that speaks for it */
    double best = 0;
    jbk_status status = JBK_OK;
    for (size_t i = 0; i < n && !status; i++) {
        double here, each = 0;
        uint32_t other = is_forgotten(j, c[i].family) ? c[i].member : c[i].family;
        status = share(j, doc, other, &here, err);
        if (status || here == 0) continue;
        if (family != NONE) status = share(j, with, other, &each, err);
        if (each > 0) {
            set_story(j, with, family);
            set_story(j, other, c[i].family);
            merge(j, family, c[i].family);
            family = first_of(j, with);
        } else if (here > best) {
            family = c[i].family;
            with = other;
            best = here;
        }
    }
    if (status || family == NONE) return status;
    set_story(j, with, family);
    set_story(j, doc, family);
    return JBK_OK;
}

static jbk_status join_slice(joiner *j, uint32_t first, uint32_t end, jbk_err *err) {
    jbk_status status = jbk_story_lists_make(&j->lists, j->view, first, end, err);
    for (uint32_t doc = first; doc < end && !status; doc++) {
        uint32_t i = doc - first;
        bool lists = j->lists.starts.at[i] < j->lists.starts.at[i + 1];
        if (lists && !is_forgotten(j, doc)) status = join(j, doc, err);
    }
    return status;
}

/* --- the column --- */

static jbk_status load_stories(joiner *j, jbk_err *err) {
    jbk_status status = JBK_OK;
    j->story = jbk_alloc((size_t)j->docs * sizeof *j->story);
    j->chunk = jbk_alloc(JBK_CHUNK * sizeof *j->chunk);
    for (uint32_t first = 0; first < j->docs && !status; first += JBK_CHUNK) {
        jbk_chunk c;
        status = jbk_view_chunk(j->view, JBK_F_STORY, first / JBK_CHUNK, &c, err);
        if (status) break;
        jbk_chunk_decode(&c, j->chunk);
        for (uint32_t i = 0; i < JBK_CHUNK && first + i < j->docs; i++) {
            int64_t v = j->chunk[i];
            if (v != JBK_ABSENT && (v < 0 || v >> 1 >= (int64_t)j->docs))
                return jbk_fail(err, JBK_DAMAGED, "story", "the column of story is damaged");
            j->story[first + i] = v == JBK_ABSENT ? NONE : (uint32_t)(v >> 1);
        }
    }
    return status;
}

static int by_doc(const void *x, const void *y) {
    const jbk_patch *a = x, *b = y;
    return a->doc < b->doc ? -1 : a->doc > b->doc;
}

/* What changed, each document once, as it is now. */
static jbk_status commit(joiner *j, jbk_err *err) {
    jbk_commit *c = NULL;
    uint64_t joined = j->docs;
    size_t n = 0;
    if (j->patches.n) qsort(j->patches.at, j->patches.n, sizeof *j->patches.at, by_doc);
    for (size_t i = 0; i < j->patches.n; i++) {
        jbk_patch p = j->patches.at[i];
        if (n && j->patches.at[n - 1].doc == p.doc) continue;
        p.value = (int64_t)j->story[p.doc] << 1;
        j->patches.at[n++] = p;
    }
    jbk_status status = jbk_commit_begin(j->store, &c, err);
    if (status) return status;
    if (!n) jbk_commit_quiet(c);
    if (n) status = jbk_commit_patches(c, j->patches.at, n, err);
    if (!status) status = jbk_commit_meta(c, JBK_META_STORIES, &joined, sizeof joined, err);
    if (status) {
        jbk_commit_abort(c);
        return status;
    }
    return jbk_commit_end(c, err);
}

static jbk_status open_all(joiner *j, jbk_err *err) {
    const char *bytes;
    size_t len;
    jbk_status status = jbk_view_open(j->store, &j->view, err);
    if (!status) status = jbk_view_meta(j->view, JBK_META_STORIES, &bytes, &len, err);
    if (status) return status;
    j->docs = jbk_view_docs(j->view);
    j->joined = bytes && len == 8 ? (uint32_t)jbk_load_u64(bytes) : 0;
    if (j->joined >= j->docs) return JBK_OK;
    j->aligner = jbk_aligner_new();
    j->folded.utf8_only = true;
    status = jbk_reader_new(jbk_view_dicts(j->view), &j->reader, err);
    if (!status) status = jbk_doclist_load(j->view, JBK_META_FORGOTTEN, &j->forgotten, err);
    return status ? status : load_stories(j, err);
}

static void close_all(joiner *j) {
    for (size_t i = 0; i < KEPT; i++) jbk_vec_free(&j->kept[i].units);
    jbk_story_lists_free(&j->lists);
    jbk_vec_free(&j->used);
    jbk_vec_free(&j->patches);
    free(j->story);
    free(j->chunk);
    if (j->forgotten) roaring_bitmap_free(j->forgotten);
    jbk_folded_free(&j->folded);
    jbk_aligner_free(j->aligner);
    jbk_reader_free(j->reader);
    jbk_view_close(j->view);
    free(j);
}

jbk_status jbk_stories_join(jbk_store *store, jbk_err *err) {
    joiner *j = jbk_calloc(1, sizeof *j);
    j->store = store;
    jbk_status status = open_all(j, err);
    bool work = !status && j->joined < j->docs;
    for (uint32_t first = j->joined; work && first < j->docs && !status; first += SLICE) {
        uint32_t end = j->docs - first < SLICE ? j->docs : first + SLICE;
        status = join_slice(j, first, end, err);
    }
    if (work && !status) status = commit(j, err);
    close_all(j);
    return status;
}
