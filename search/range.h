/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Ranges of counts and times: what they mean, and whether a value lies in one. */
#ifndef JBK_SEARCH_RANGE_H
#define JBK_SEARCH_RANGE_H

#include "query.h"

/* Set q->low, q->high, q->universal from "1000..5000", ">=1.9万", "2019-12..2020-04", "2019".
 * Returns what is wrong, or NULL. */
const char *jbk_range_parse(const jbk_field *f, const char *s, size_t len, jbk_query *q);

typedef enum { JBK_NO, JBK_YES, JBK_UNDECIDED } jbk_answer;

/* `value` is packed as in the column, JBK_ABSENT included. */
jbk_answer jbk_range_test(const jbk_query *q, int64_t value);

#endif
