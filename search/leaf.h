/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where in a folded text the leaves of a query stand: for highlights, and for what has to stand
 * near something else.
 *
 * A string stands where it matches, also where matches overlap; a SOUND likewise.  A WORD stands
 * where its string does and at every term that it became, a PATTERN at every term that fits. */
#ifndef JBK_SEARCH_LEAF_H
#define JBK_SEARCH_LEAF_H

#include "query.h"
#include "text/segment.h"

typedef struct {
    size_t start, end; /* bytes of the folded text */
} jbk_span;
typedef JBK_VEC(jbk_span) jbk_spans;

/* Append the places of leaf q (not NAMES), in order.  `terms` are those of the text. */
void jbk_leaf_find(const jbk_query *q, const jbk_buf *text, const jbk_slices *terms,
                   jbk_spans *out);
/* Are the terms of a text looked at? */
bool jbk_leaf_needs_terms(const jbk_query *q);

#endif
