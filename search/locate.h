/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where a string stands across words, from where its words stand.
 *
 * At each position of the string some word covers it (cover.h).  Whatever place a string has, the
 * word that covers a position says it: its own place, less how far into the string it begins.  A
 * place that some word says for every position is a place of the string.  So the words of the
 * cheapest position say where it may be, and each further step leaves fewer of these places: the
 * words of another position, the documents of a pair of characters where a word ends, or in the
 * end, where few are left, what the texts say. */
#ifndef JBK_SEARCH_LOCATE_H
#define JBK_SEARCH_LOCATE_H

#include "cover.h"
#include "proof.h"

typedef struct {
    roaring_bitmap_t *read, *showed; /* those where the text shows the string */
} jbk_texts_read;

/* *proven: documents of `among` that hold q (a STRING) other than inside one word; their `weights`
 * grow, those of other documents may.  The cover has no cut words, and its ends or three positions;
 * it gets its ends where they are needed.  `texts` is NULL or gets the documents whose text was
 * read. *proven is the caller's, also on failure. */
JBK_MUST_CHECK jbk_status jbk_locate(jbk_index *x, const jbk_query *q, jbk_cover *c,
                                     const roaring_bitmap_t *among, jbk_weight *weights,
                                     jbk_texts_read *texts, roaring_bitmap_t **proven,
                                     jbk_err *err);

#endif
