/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Countries and peoples named in a text, in any language, inflected.
 *
 * A code stands for a country, its people and what is called after them: Kazakhstan, Kazakhs,
 * Kazakh.  Of names that begin at one place the longest counts, so 索马里 is not 马里 and South
 * Sudan is not Sudan.  A name of Han characters begins where a word does and ends where one does
 * or inside the word it began; other names are whole words.  Where a name is written with a
 * capital, the text must do so too; only long names may stand in small letters. */
#ifndef JBK_TEXT_NAMES_H
#define JBK_TEXT_NAMES_H

#include "text/segment.h"

/* Codes are numbered from 0 in the order of their bytes; NULL past the last. */
const char *jbk_name_code(uint32_t code);
/* The number of a code (ASCII case ignored); false where there is none. */
bool jbk_name_code_find(const char *s, size_t len, uint32_t *code);
/* Digest of the names and of how they are found: texts looked through with another may have
 * other names. */
uint64_t jbk_names_digest(void);

typedef struct jbk_names jbk_names; /* one for each thread */
JBK_MUST_CHECK jbk_status jbk_names_new(jbk_names **out, jbk_err *err);
void jbk_names_free(jbk_names *n); /* NULL is fine */

/* What the names say of a folded word: 0 where no name begins with it or goes on with it.  The
 * same word always gets the same number. */
uint32_t jbk_names_word(jbk_names *n, const char *word, size_t len);

typedef struct {
    uint32_t code;
    size_t start, end; /* bytes of the folded text */
} jbk_name_place;
typedef JBK_VEC(jbk_name_place) jbk_name_places;

/* Append the names in a text, left to right, none overlapping; one that stands for several codes,
 * 中越, is in `out` with each.  `terms` are those of `text`, and words[i] is jbk_names_word of
 * terms->at[i]; `src` is what was folded. */
void jbk_names_find(jbk_names *n, const char *src, size_t len, const jbk_folded *text,
                    const jbk_slices *terms, const uint32_t *words, jbk_name_places *out);

/* The same for a text by itself.  *text, which must want a map, is left with what it folds to. */
JBK_MUST_CHECK jbk_status jbk_names_in(jbk_names *n, const char *src, size_t len, jbk_folded *text,
                                       jbk_name_places *out, jbk_err *err);

#endif
