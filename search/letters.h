/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A text as copying leaves it: the letters, marks and digits of its basic fold, without the
 * punctuation and white space that copyists and platforms change. */
#ifndef JBK_SEARCH_LETTERS_H
#define JBK_SEARCH_LETTERS_H

#include "store/store.h"
#include "text/fold.h"

typedef struct {
    JBK_VEC(uint32_t) cp;
    JBK_VEC(uint32_t) at; /* bytes of the folded text at which they stand */
} jbk_letters;

/* Replace *out with those of `s`.  `folded` holds the fold afterwards, with its map where
 * folded->want_map is set. */
void jbk_letters_read(jbk_folded *folded, jbk_str s, jbk_letters *out);
void jbk_letters_free(jbk_letters *l);

/* Letters [from, to) as bytes of the source, what stands between them included; `folded` is what
 * jbk_letters_read left, with its map. */
jbk_str jbk_letters_source(const jbk_letters *l, const jbk_folded *folded, jbk_str s, size_t from,
                           size_t to);

#endif
