/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A query to its match set. */
#ifndef JBK_SEARCH_EVAL_H
#define JBK_SEARCH_EVAL_H

#include "answers.h"

/* A count that is only a lower bound leaves some documents undecided: they are in neither set's
 * difference but in `possible` and not in `sure`. */
typedef struct {
    roaring_bitmap_t *sure;
    roaring_bitmap_t *possible; /* NULL: the same as sure */
} jbk_match_set;

void jbk_match_set_free(jbk_match_set *m);

/* The living documents that match.  Strings found in `kept` are not looked for again. */
JBK_MUST_CHECK jbk_status jbk_eval(jbk_index *x, const jbk_query *q, const jbk_answers *kept,
                                   jbk_match_set *out, jbk_err *err);

uint64_t jbk_match_set_undecided(const jbk_match_set *m);

#endif
