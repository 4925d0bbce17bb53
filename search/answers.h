/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Answers to a query's strings that are kept, because both matching and ranking want them. */
#ifndef JBK_SEARCH_ANSWERS_H
#define JBK_SEARCH_ANSWERS_H

#include "proof.h"

typedef struct {
    const jbk_query *string;
    roaring_bitmap_t *holders; /* all living documents that hold it */
    jbk_weight *weights;       /* of the holders, in their order */
} jbk_answer_kept;

typedef JBK_VEC(jbk_answer_kept) jbk_answers; /* from left to right in the query */

/* Find and keep the strings of a query that is to be ranked; the first ones, where all would
 * take too much memory. */
JBK_MUST_CHECK jbk_status jbk_answers_find(jbk_index *x, const jbk_query *q, jbk_answers *out,
                                           jbk_err *err);
/* One string.  Uses x->weights, all zero before and behind, but that dead documents may keep one,
 * which nobody asks for. */
JBK_MUST_CHECK jbk_status jbk_answer_find(jbk_index *x, const jbk_query *string,
                                          jbk_answer_kept *out, jbk_err *err);
const jbk_answer_kept *jbk_answers_get(const jbk_answers *a, const jbk_query *string);
void jbk_answer_free(jbk_answer_kept *a);
void jbk_answers_free(jbk_answers *a);

#endif
