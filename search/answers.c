/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "answers.h"

#include <stdlib.h>

enum { KEPT = 16 };

jbk_status jbk_answers_find(jbk_index *x, const jbk_query *q, jbk_answers *out, jbk_err *err) {
    jbk_query_list strings = {0};
    jbk_query_strings(q, &strings);
    jbk_status status = JBK_OK;
    for (size_t i = 0; i < strings.n && i < KEPT && !status; i++) {
        jbk_answer_kept a = {.string = strings.at[i],
                             .weights = jbk_calloc(x->docs, sizeof *a.weights)};
        status = jbk_string_find(x, a.string, x->living, a.weights, NULL, &a.holders, err);
        if (status)
            free(a.weights);
        else
            jbk_vec_push(out, a);
    }
    jbk_vec_free(&strings);
    return status;
}

const jbk_answer_kept *jbk_answers_get(const jbk_answers *a, const jbk_query *string) {
    for (size_t i = 0; i < a->n; i++)
        if (a->at[i].string == string) return &a->at[i];
    return NULL;
}

void jbk_answers_free(jbk_answers *a) {
    for (size_t i = 0; i < a->n; i++) {
        roaring_bitmap_free(a->at[i].holders);
        free(a->at[i].weights);
    }
    jbk_vec_free(a);
}
