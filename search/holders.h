/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The documents that hold one of some words, from where the words stand.  Postings would say the
 * same, but it takes longer to open those of one word than to read the places of a rare one, and
 * of one character there are hundreds of words. */
#ifndef JBK_SEARCH_HOLDERS_H
#define JBK_SEARCH_HOLDERS_H

#include "cover.h"
#include "proof.h"

/* In those parts of a document that `where` allows.  `weights`, unless NULL, grow: for each word by
 * one, or by as often as `string` stands in it, unless that is NULL or does not.  Dead documents
 * are among them; the bitmap is the caller's. */
JBK_MUST_CHECK jbk_status jbk_holders_find(jbk_index *x, const jbk_intern *words,
                                           const jbk_word_list *which, unsigned where,
                                           const jbk_query *string, jbk_weight *weights,
                                           roaring_bitmap_t **out, jbk_err *err);

/* The same, but the documents are marked in x->marks, which has begun, and is not taken. */
JBK_MUST_CHECK jbk_status jbk_holders_mark(jbk_index *x, const jbk_intern *words,
                                           const jbk_word_list *which, unsigned where,
                                           const jbk_query *string, jbk_weight *weights,
                                           jbk_err *err);

/* What is said where places lead nowhere. */
jbk_status jbk_places_damaged(const jbk_index *x, size_t segment, jbk_err *err);

#endif
