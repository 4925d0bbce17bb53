/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Answers to a query's strings that are kept, because both matching and ranking want them. */
#ifndef JBK_SEARCH_ANSWERS_H
#define JBK_SEARCH_ANSWERS_H

#include "proof.h"

typedef struct {
    const jbk_query *string;
    roaring_bitmap_t *holders; /* all living documents that hold it */
    jbk_weight *weights;       /* by document number */
} jbk_answer_kept;

typedef JBK_VEC(jbk_answer_kept) jbk_answers;

/* Find and keep the strings of a query that is to be ranked; the first few of very many, since
 * each takes two bytes a document. */
JBK_MUST_CHECK jbk_status jbk_answers_find(jbk_index *x, const jbk_query *q, jbk_answers *out,
                                           jbk_err *err);
const jbk_answer_kept *jbk_answers_get(const jbk_answers *a, const jbk_query *string);
void jbk_answers_free(jbk_answers *a);

#endif
