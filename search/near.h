/* SPDX-License-Identifier: GPL-3.0-or-later */
/* NEAR and ADJ: do parts of a query stand near each other in a text?
 *
 * A place is where a part stands: bytes [start, end) of the folded title or text.  A string has
 * a place at every match, also where matches overlap.  Words are the terms of text/segment.h.
 * Two places are near by NEAR/n if they do not overlap and at most n words stand between them,
 * counting the words that touch neither; by ADJ/n if besides the left part's place is first.
 * A chain matches where each part has a place such that each two neighbours are near.  Title
 * and text are two texts. */
#ifndef JBK_SEARCH_NEAR_H
#define JBK_SEARCH_NEAR_H

#include "index.h"
#include "query.h"

/* The documents of `candidates` that match q (a NEAR); reads the text of each.  *out is the
 * caller's. */
JBK_MUST_CHECK jbk_status jbk_near_prove(jbk_index *x, const jbk_query *q,
                                         const roaring_bitmap_t *candidates, roaring_bitmap_t **out,
                                         jbk_err *err);

#endif
