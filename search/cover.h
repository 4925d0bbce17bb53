/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which words of the lexicon can stand where a string stands.
 *
 * Terms tile the folded text, so a document with string S has at every letter, mark or digit
 * of S a term that covers it: one inside S, one that ends with a beginning of S, one that
 * begins with an end of S, one that contains S.  A position of S and its words are a necessary
 * condition; a word that contains S, at ends the boundary rule allows, is a sufficient one. */
#ifndef JBK_SEARCH_COVER_H
#define JBK_SEARCH_COVER_H

#include "base/intern.h"
#include "index.h"
#include "query.h"

/* Positions that are looked at: enough to find a cheap one, also in a long quotation, and at most
 * as many as a word has bits. */
enum { JBK_COVER_POSITIONS = 24 };

typedef JBK_VEC(uint32_t) jbk_word_list; /* numbers in jbk_cover.words, ascending, distinct */

/* A word that covers code points [first, end) of the string, and begins `ahead` before it. */
typedef struct {
    uint32_t word, first, end, ahead;
} jbk_placement;

typedef struct {
    jbk_intern words;
    jbk_word_list accept;             /* each holds S in full: its documents match */
    JBK_VEC(jbk_word_list) positions; /* of a string: empty before jbk_cover_list */
    JBK_VEC(size_t) offsets;          /* bytes of S at which the positions' code points stand */
    JBK_VEC(uint32_t) points;         /* the same in code points */
    /* Of the words that do not hold S in full, how they can lie.  Of a STRING alone. */
    JBK_VEC(jbk_placement) placements;
    bool whole; /* S is letters, marks and digits, each a position, and no word was cut */
    bool cut;   /* among the words are pieces of longer ones */
    bool ends;  /* words that cover but the first or the last code point are among the placements */
    bool scan;  /* S holds no letter, mark or digit: nothing narrows the search */
} jbk_cover;

/* Of a leaf of the text (not NAMES).  A WORD has the words that it became among those that
 * accept, a PATTERN nothing else; of a SOUND, positions and offsets are units (sound.h). */
JBK_MUST_CHECK jbk_status jbk_cover_find(jbk_index *x, const jbk_query *q, jbk_cover *out,
                                         jbk_err *err);
/* Of a STRING of Han only what accepts, and whether a word was cut. */
JBK_MUST_CHECK jbk_status jbk_cover_accepting(jbk_index *x, const jbk_query *q, jbk_cover *out,
                                              jbk_err *err);
/* Of a STRING what accepts, and the placements but those of words that cover its first or its last
 * code point alone: these are most of the words, and seldom needed. */
JBK_MUST_CHECK jbk_status jbk_cover_inner(jbk_index *x, const jbk_query *q, jbk_cover *out,
                                          jbk_err *err);
/* Those, too. */
JBK_MUST_CHECK jbk_status jbk_cover_ends(jbk_index *x, const jbk_query *q, jbk_cover *c,
                                         jbk_err *err);
void jbk_cover_free(jbk_cover *c);

/* The words of each position of a string, from their placements; to be called once. */
void jbk_cover_list(jbk_cover *c);
/* Sort the lists, each word once. */
void jbk_cover_tidy(jbk_cover *c);

#endif
