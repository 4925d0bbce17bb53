/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef JBK_FUZZ_PRINT_QUERY_H
#define JBK_FUZZ_PRINT_QUERY_H

#include "query.h"

/* Append the tree as a query that is parsed to the same tree.  False, and something appended, where
 * that cannot be: times are written in the record's own zone, and nesting deeper than the parser
 * allows. */
bool print_query(const jbk_query *q, jbk_buf *out);
bool same_query(const jbk_query *a, const jbk_query *b);

#endif
