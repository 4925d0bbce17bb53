/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where two terms of a text touch: the pair of characters on either side of the border, as long as
 * both are Han, U+4E00 to U+9FFF.  Whoever wants the documents with a string of two characters so
 * need not read where all words stand that begin or end so. */
#ifndef JBK_TEXT_BORDERS_H
#define JBK_TEXT_BORDERS_H

#include "base/intern.h"
#include "text/document.h"

/* The number of a pair of folded characters, below 2^30; JBK_NO_PAIR where one is not among them.
 * Pairs of the most frequent characters (data/frequent_han.txt) have the lowest. */
#define JBK_NO_PAIR UINT32_MAX
uint32_t jbk_pair_of(uint32_t left, uint32_t right);

/* Of a term: its first and last character, as their numbers from 1 (0: they have none). */
typedef struct {
    uint16_t first, last, len_cp;
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
