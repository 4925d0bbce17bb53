/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "answers.h"

#include "filter.h"

#include <stdlib.h>

/* Weights that are kept, over all strings. */
enum { WEIGHTS_MAX = 1 << 24 };

jbk_status jbk_answer_find(jbk_index *x, const jbk_query *string, jbk_answer_kept *out,
                           jbk_err *err) {
    *out = (jbk_answer_kept){.string = string};
    if (!x->weights) x->weights = jbk_calloc(x->docs, sizeof *x->weights);
    jbk_weight *scratch = x->weights;
    jbk_status status = jbk_string_find(x, string, x->living, scratch, NULL, &out->holders, err);
    if (status) {
        free(x->weights);
        x->weights = NULL;
        return status;
    }
    jbk_weight *next = out->weights =
        jbk_alloc(roaring_bitmap_get_cardinality(out->holders) * sizeof *next);
    jbk_chunk_walk *w = jbk_chunk_walk_new(out->holders);
    while (jbk_chunk_walk_next(w)) {
        for (uint32_t i = 0; i < w->n; i++) {
            *next++ = scratch[w->docs[i]];
            scratch[w->docs[i]] = 0;
        }
    }
    jbk_chunk_walk_free(w);
    return JBK_OK;
}

jbk_status jbk_answers_find(jbk_index *x, const jbk_query *q, jbk_answers *out, jbk_err *err) {
    jbk_query_list strings = {0};
    jbk_query_strings(q, &strings);
    uint64_t kept = 0;
    jbk_status status = JBK_OK;
    for (size_t i = 0; i < strings.n && kept < WEIGHTS_MAX && !status; i++) {
        jbk_answer_kept a;
        status = jbk_answer_find(x, strings.at[i], &a, err);
        if (status) break;
        kept += roaring_bitmap_get_cardinality(a.holders);
        jbk_vec_push(out, a);
    }
    jbk_vec_free(&strings);
    return status;
}

const jbk_answer_kept *jbk_answers_get(const jbk_answers *a, const jbk_query *string) {
    size_t low = 0, high = a->n;
    while (low < high) {
        size_t mid = (low + high) / 2;
        if (a->at[mid].string == string) return &a->at[mid];
        if (a->at[mid].string->at < string->at)
            low = mid + 1;
        else
            high = mid;
    }
    return NULL;
}

void jbk_answer_free(jbk_answer_kept *a) {
    if (a->holders) roaring_bitmap_free(a->holders);
    free(a->weights);
}

void jbk_answers_free(jbk_answers *a) {
    for (size_t i = 0; i < a->n; i++) jbk_answer_free(&a->at[i]);
    jbk_vec_free(a);
}
