/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The basic fold: the one sameness of terms, quotations, Han runs and brute-force tests.
 *
 * U+0675..0678 to hamza and letter, NFKC_Casefold, default ignorables, tatweel and harakat
 * out, keheh to kaf, Farsi yeh to yeh, ё to е, Han to simplified, runs of white space to one
 * blank, until nothing changes.  Punctuation stays.  Idempotent over every string. */
#ifndef JBK_TEXT_FOLD_H
#define JBK_TEXT_FOLD_H

#include "base/mem.h"

/* A folded string.  {0} is empty and ready; reused without freeing between calls. */
typedef struct {
    jbk_buf utf8;            /* the folded text, UTF-8 */
    JBK_VEC(uint16_t) utf16; /* the same, UTF-16; what ICU segments; empty with utf8_only */
    bool utf8_only;
    /* With want_map: map.at[i] is the byte offset in the source of what became byte i of
     * utf8; one more entry holds the source's length.  Never decreases. */
    bool want_map;
    JBK_VEC(uint32_t) map;
} jbk_folded;

/* Fold `len` bytes of UTF-8.  Ill-formed bytes fold to U+FFFD.  len < 2^31. */
void jbk_fold(jbk_folded *out, const char *src, size_t len);
void jbk_folded_free(jbk_folded *f);

/* The source bytes [*from, *to) that became bytes [from, to) of a folded text with a map. */
void jbk_fold_source(const jbk_folded *f, size_t from, size_t to, size_t *src_from, size_t *src_to);

/* The letters, marks and digits of a folded text as code points to cp[], and the bytes they stand
 * at to at[]; each has room for `len`.  Returns how many there are. */
size_t jbk_fold_letters(const char *folded, size_t len, uint32_t *cp, uint32_t *at);

/* Digest of the fold's definition; an index made with another is refused. */
uint64_t jbk_fold_digest(void);

#endif
