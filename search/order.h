/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A match set in the order it is shown. */
#ifndef JBK_SEARCH_ORDER_H
#define JBK_SEARCH_ORDER_H

#include "answers.h"

typedef enum { JBK_BY_DEFAULT, JBK_BY_RELEVANCE, JBK_BY_FIELD } jbk_order_kind;

typedef struct {
    jbk_order_kind kind;
    int field;
    bool descending;
} jbk_order;

/* "relevance", "FIELD", "-FIELD". */
JBK_MUST_CHECK jbk_status jbk_order_parse(const char *spec, jbk_order *out, jbk_err *err);

/* What the default means: relevance where the query has strings, else newest first. */
jbk_order jbk_order_resolve(const jbk_order *order, const jbk_query *q);

/* The documents ranked offset .. offset + limit (0: all), of the whole set.  Equal ones stand
 * by document number; those without a value last.  `order` is resolved. */
JBK_MUST_CHECK jbk_status jbk_order_pick(jbk_index *x, const jbk_query *q, const jbk_answers *kept,
                                         const jbk_order *order, const roaring_bitmap_t *set,
                                         uint64_t offset, uint64_t limit, jbk_docs *out,
                                         jbk_err *err);

/* Scores of the documents of `set` (by BM25 over the query's strings), in its order. */
JBK_MUST_CHECK jbk_status jbk_rank(jbk_index *x, const jbk_query *q, const jbk_answers *kept,
                                   const roaring_bitmap_t *set, double *scores, jbk_err *err);

/* The scores of documents that hold the only string of a query. */
typedef struct {
    double idf, mean;
} jbk_score;
JBK_MUST_CHECK jbk_status jbk_rank_alone(jbk_index *x, const jbk_answer_kept *a, jbk_score *out,
                                         jbk_err *err);
/* Of n of them, given what the string weighs in each, and their words as the column has them. */
void jbk_scores_of(const jbk_score *s, const jbk_weight *weights, const int64_t *words, size_t n,
                   double *out);

#endif
