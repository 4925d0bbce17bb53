/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "story_lists.h"

#include <stdlib.h>

typedef struct {
    const uint64_t *hashes;
    const uint32_t *docs; /* local */
    uint64_t at, n;
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
        for (uint64_t i = 0; i < runs[r].n; i++) {
            uint32_t doc = runs[r].docs[i] + runs[r].base;
            if (doc >= l->first && doc < l->end)
                jbk_vec_push(out, ((entry){runs[r].hashes[i], doc, NO_LIST}));
        }
        from += out->n > before;
    }
    if (from > 1) qsort(out->at, out->n, sizeof *out->at, by_hash);
}

/* Move to the first entry of the run that is not before `hash`: in strides that grow, for the slice
 * may be small and the run long. */
static void seek(run *r, uint64_t hash) {
    uint64_t stride = 1, low = r->at;
    while (low + stride < r->n && r->hashes[low + stride] < hash) {
        low += stride;
        stride *= 2;
    }
    uint64_t high = low + stride < r->n ? low + stride : r->n;
    while (low < high) {
        uint64_t mid = low + (high - low) / 2;
        if (r->hashes[mid] < hash)
            low = mid + 1;
        else
            high = mid;
    }
    r->at = low;
}

/* The list of a hash; none where one document has it. */
static uint32_t make_list(jbk_story_lists *l, run *runs, size_t n, uint64_t hash) {
    uint32_t start = (uint32_t)l->docs.n;
    jbk_vec_push(&l->docs, 0);
    for (size_t r = 0; r < n; r++) {
        seek(&runs[r], hash);
        for (uint64_t i = runs[r].at; i < runs[r].n && runs[r].hashes[i] == hash; i++) {
            if (l->docs.n - start > JBK_STORY_LIST_MAX) break;
            jbk_vec_push(&l->docs, runs[r].docs[i] + runs[r].base);
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
        status = jbk_volume_run(seg[i].volume, JBK_RUN_SKETCH, &runs[i].hashes, &runs[i].docs,
                                &runs[i].n, err);
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
