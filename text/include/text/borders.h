/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where two terms of a text touch: the pair of characters on either side of the border, as long as
 * both are among the most frequent of Han (data/frequent_han.txt).  Whoever wants the documents
 * with a string of two characters so need not read where all words stand that begin or end so. */
#ifndef JBK_TEXT_BORDERS_H
#define JBK_TEXT_BORDERS_H

#include "base/intern.h"
#include "text/document.h"

/* The number of a pair of folded characters, below 2^20; JBK_NO_PAIR where one is not among them.
 */
#define JBK_NO_PAIR UINT32_MAX
uint32_t jbk_pair_of(uint32_t left, uint32_t right);

/* Of a term: its first and last character, as places in the list from 1 (0: not there). */
typedef struct {
    uint32_t first : 10, last : 10, len_cp : 12;
} jbk_term_ends;

/* {0} is ready for a table of words; a table that was emptied needs a new one. */
typedef struct {
    JBK_VEC(uint32_t) found;     /* pairs of a document, as often as they count */
    JBK_VEC(jbk_term_ends) ends; /* of the words of the table, as far as they were seen */
} jbk_borders;

/* Replace `found` by the pairs of a document, whose terms are of `words`; those of its title come
 * twice. */
void jbk_borders_find(jbk_borders *b, const jbk_intern *words, const jbk_words_at *title,
                      const jbk_words_at *text);
void jbk_borders_free(jbk_borders *b);

#endif
