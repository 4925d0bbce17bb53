/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "places.h"

#include "match.h"

#include <stdlib.h>

static int by_start(const void *x, const void *y) {
    const jbk_place *a = x, *b = y;
    if (a->start != b->start) return a->start < b->start ? -1 : 1;
    if (a->end != b->end) return a->end > b->end ? -1 : 1;
    return a->string < b->string ? -1 : a->string > b->string;
}

static void find_string(const jbk_folded *f, const jbk_query *q, uint32_t string, jbk_places *out) {
    size_t at = 0, start, end;
    while ((at = jbk_match_find(f->utf8.data, f->utf8.len, at, q->s, q->len)) != SIZE_MAX) {
        jbk_fold_source(f, at, at + q->len, &start, &end);
        jbk_vec_push(out, ((jbk_place){(uint32_t)start, (uint32_t)end, (uint32_t)at,
                                       (uint32_t)(at + q->len), string}));
        at += q->len;
    }
}

void jbk_places_find(jbk_index *x, const jbk_query_list *strings, unsigned where, jbk_str s,
                     jbk_places *out) {
    jbk_folded *f = &x->folded;
    out->n = 0;
    f->utf8_only = f->want_map = true;
    jbk_fold(f, s.s, s.len);
    f->want_map = false;
    for (size_t i = 0; i < strings->n; i++)
        if (strings->at[i]->where & where) find_string(f, strings->at[i], (uint32_t)i, out);
    if (out->n > 1) qsort(out->at, out->n, sizeof *out->at, by_start);
}
