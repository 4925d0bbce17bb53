/* SPDX-License-Identifier: GPL-3.0-or-later */
/* {KZ}: the documents that name a country or people.
 *
 * In title or text that is what the column `mentions` says.  Which of the two, how often and
 * where the names stand is found in the text again, by what made the column. */
#ifndef JBK_SEARCH_NAMED_H
#define JBK_SEARCH_NAMED_H

#include "leaf.h"
#include "proof.h"

/* jbk_string_find for a NAMES leaf. */
JBK_MUST_CHECK jbk_status jbk_named_find(jbk_index *x, const jbk_query *q,
                                         const roaring_bitmap_t *among, jbk_weight *weights,
                                         jbk_proof *proof, roaring_bitmap_t **out, jbk_err *err);

/* Append where the names stand in a folded text. */
void jbk_named_places(const jbk_query *q, jbk_str src, const jbk_folded *text,
                      const jbk_slices *terms, jbk_spans *out);

#endif
