/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "places.h"

#include "leaf.h"

#include <stdlib.h>

static int by_start(const void *x, const void *y) {
    const jbk_place *a = x, *b = y;
    if (a->start != b->start) return a->start < b->start ? -1 : 1;
    if (a->end != b->end) return a->end > b->end ? -1 : 1;
    return a->string < b->string ? -1 : a->string > b->string;
}

/* The places of one leaf, without those that overlap an earlier one. */
static void find_leaf(jbk_index *x, const jbk_query *q, jbk_str s, uint32_t string,
                      jbk_spans *scratch, jbk_places *out) {
    size_t start, end, next = 0;
    scratch->n = 0;
    jbk_leaf_find(q, s, &x->folded, &x->terms, scratch);
    for (size_t i = 0; i < scratch->n; i++) {
        jbk_span at = scratch->at[i];
        if (at.start < next) continue;
        next = at.end;
        jbk_fold_source(&x->folded, at.start, at.end, &start, &end);
        jbk_vec_push(out, ((jbk_place){(uint32_t)start, (uint32_t)end, (uint32_t)at.start,
                                       (uint32_t)at.end, string}));
    }
}

void jbk_places_find(jbk_index *x, const jbk_query_list *strings, unsigned where, jbk_str s,
                     jbk_places *out) {
    jbk_folded *f = &x->folded;
    jbk_spans scratch = {0};
    bool need_terms = false;
    for (size_t i = 0; i < strings->n; i++) need_terms |= jbk_leaf_needs_terms(strings->at[i]);
    out->n = x->terms.n = 0;
    f->want_map = true;
    f->utf8_only = !need_terms;
    jbk_fold(f, s.s, s.len);
    f->want_map = false;
    if (need_terms && jbk_index_segment(x, NULL)) x->terms.n = 0;
    for (size_t i = 0; i < strings->n; i++)
        if (strings->at[i]->where & where)
            find_leaf(x, strings->at[i], s, (uint32_t)i, &scratch, out);
    jbk_vec_sort(out, by_start);
    jbk_vec_free(&scratch);
}
