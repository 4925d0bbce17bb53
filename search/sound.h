/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What sounds or looks like a word, in folded texts and in the lexicon.
 *
 * A match of ~word is a sequence of pieces of the folded text, one for each unit of the word
 * (text/sound.h) and in their order, each one of what may stand for its unit, with at most
 * JBK_SOUND_GAP characters that are neither letters nor digits between two; its ends obey the
 * boundary rule (match.h). */
#ifndef JBK_SEARCH_SOUND_H
#define JBK_SEARCH_SOUND_H

#include "cover.h"
#include "text/sound.h"

enum { JBK_SOUND_GAP = 3 };

/* The first match at or after `from`: where it begins, and its *end; SIZE_MAX if there is none.
 * Matches may overlap: go on at the next code point. */
size_t jbk_sound_find(const jbk_sound_units *u, const char *text, size_t len, size_t from,
                      size_t *end);

/* Add the words that can stand where a match stands to an empty cover. */
JBK_MUST_CHECK jbk_status jbk_sound_cover(jbk_index *x, const jbk_sound_units *u, jbk_cover *out,
                                          jbk_err *err);

#endif
