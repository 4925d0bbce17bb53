/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where a string stands across words, from where its words stand: no text is read.
 *
 * At each position of the string some word covers it (cover.h).  Whatever place a string has, the
 * word that covers a position says it: its own place, less how far into the string it begins.  A
 * place that some word says for every position is a place of the string. */
#ifndef JBK_SEARCH_LOCATE_H
#define JBK_SEARCH_LOCATE_H

#include "cover.h"
#include "proof.h"

/* *proven: documents that hold q (a STRING) other than inside one word; their `weights` grow.
 * *candidates: documents that may, and whose text has to be read.  Dead ones are among both, which
 * are the caller's, also on failure. */
JBK_MUST_CHECK jbk_status jbk_locate(jbk_index *x, const jbk_query *q, const jbk_cover *c,
                                     jbk_weight *weights, roaring_bitmap_t **proven,
                                     roaring_bitmap_t **candidates, jbk_err *err);

#endif
