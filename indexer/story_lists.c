/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "story_lists.h"

#include <stdlib.h>

typedef struct {
    jbk_lookup_cursor at; /* where lists have come to */
    uint32_t base;
} run;

/* A hash of a document of the slice. */
typedef struct {
    uint64_t hash;
    uint32_t doc, list; /* list: where it begins, or none */
} entry;
typedef JBK_VEC(entry) entries;

static const uint32_t NO_LIST = UINT32_MAX;

void jbk_story_lists_free(jbk_story_lists *l) {
    jbk_vec_free(&l->starts);
    jbk_vec_free(&l->at);
    jbk_vec_free(&l->docs);
    jbk_vec_free(&l->order);
}

static int by_hash(const void *x, const void *y) {
    const entry *a = x, *b = y;
    if (a->hash != b->hash) return a->hash < b->hash ? -1 : 1;
    return a->doc < b->doc ? -1 : a->doc > b->doc;
}

/* The slice's own hashes, in order. */
static void collect(const jbk_story_lists *l, const run *runs, size_t n, entries *out) {
    size_t from = 0;
    for (size_t r = 0; r < n; r++) {
        size_t before = out->n;
        jbk_lookup_cursor c = runs[r].at;
        for (jbk_run_entry e; jbk_lookup_next(&c, &e);) {
            uint32_t doc = e.doc + runs[r].base;
            if (doc >= l->first && doc < l->end) jbk_vec_push(out, ((entry){e.hash, doc, NO_LIST}));
        }
        from += out->n > before;
    }
    if (from > 1) qsort(out->at, out->n, sizeof *out->at, by_hash);
}

/* The list of a hash; none where one document has it. */
static uint32_t make_list(jbk_story_lists *l, run *runs, size_t n, uint64_t hash) {
    uint32_t start = (uint32_t)l->docs.n;
    jbk_vec_push(&l->docs, 0);
    for (size_t r = 0; r < n; r++) {
        jbk_lookup_seek(&runs[r].at, hash);
        jbk_lookup_cursor c = runs[r].at;
        for (jbk_run_entry e; jbk_lookup_next(&c, &e) && e.hash == hash;) {
            if (l->docs.n - start > JBK_STORY_LIST_MAX) break;
            jbk_vec_push(&l->docs, e.doc + runs[r].base);
        }
    }
    l->docs.at[start] = (uint32_t)(l->docs.n - start - 1);
    if (l->docs.at[start] > 1) return start;
    l->docs.n = start;
    return NO_LIST;
}

/* By document: counts, then places. */
static void distribute(jbk_story_lists *l, const entries *e) {
    uint32_t docs = l->end - l->first, sum = 0;
    l->starts.n = l->at.n = l->order.n = 0;
    jbk_vec_reserve(&l->starts, docs + 1);
    jbk_vec_reserve(&l->order, docs + 1);
    memset(l->order.at, 0, (docs + 1) * sizeof *l->order.at);
    for (size_t i = 0; i < e->n; i++)
        if (e->at[i].list != NO_LIST) l->order.at[e->at[i].doc - l->first]++;
    for (uint32_t d = 0; d <= docs; d++) {
        uint32_t n = l->order.at[d];
        jbk_vec_push(&l->starts, sum);
        l->order.at[d] = sum;
        sum += n;
    }
    jbk_vec_reserve(&l->at, sum);
    l->at.n = sum;
    for (size_t i = 0; i < e->n; i++)
        if (e->at[i].list != NO_LIST)
            l->at.at[l->order.at[e->at[i].doc - l->first]++] = e->at[i].list;
}

jbk_status jbk_story_lists_make(jbk_story_lists *l, jbk_view *view, uint32_t first, uint32_t end,
                                jbk_err *err) {
    const jbk_segment_info *seg;
    size_t n = jbk_view_segments(view, &seg);
    run *runs = jbk_calloc(n, sizeof *runs);
    entries e = {0};
    jbk_status status = JBK_OK;
    l->first = first;
    l->end = end;
    l->docs.n = 0;
    for (size_t i = 0; i < n && !status; i++) {
        runs[i].base = seg[i].base;
        status = jbk_volume_run(seg[i].volume, JBK_RUN_SKETCH, &runs[i].at, err);
    }
    if (!status) collect(l, runs, n, &e);
    for (size_t i = 0; i < e.n; i++)
        e.at[i].list = i && e.at[i].hash == e.at[i - 1].hash ? e.at[i - 1].list
                                                             : make_list(l, runs, n, e.at[i].hash);
    if (!status) distribute(l, &e);
    jbk_vec_free(&e);
    free(runs);
    return status;
}
