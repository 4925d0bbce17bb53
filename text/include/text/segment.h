/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Folded text to terms.  Terms tile the folded text: every piece ICU's word iterator returns
 * that holds a letter, mark or digit is a term, verbatim; nothing wordy is left uncovered.
 * Pieces that touch with letters or digits of word-separating scripts are one term, so that
 * nothing of the kind stands beside a term that begins or ends so. */
#ifndef JBK_TEXT_SEGMENT_H
#define JBK_TEXT_SEGMENT_H

#include "base/err.h"
#include "text/chars.h"
#include "text/fold.h"

#define JBK_TERM_MAX 240 /* bytes; longer ones are cut at code points, into even pieces */
#define JBK_TERM_CUT 112 /* shorter than this is never a piece of a longer one */

typedef struct jbk_segmenter jbk_segmenter; /* one for each thread */

JBK_MUST_CHECK jbk_status jbk_segmenter_new(jbk_segmenter **out, jbk_err *err);
void jbk_segmenter_free(jbk_segmenter *s);

/* A slice of the folded text, in bytes. */
typedef struct {
    uint32_t start, len;
    uint32_t known; /* terms with the same number are the same; 0: it has none */
} jbk_slice;
typedef JBK_VEC(jbk_slice) jbk_slices;

/* May an apostrophe behind the folded letter make another letter of it, as in the Kazakh alphabet
 * of 2017?  It belongs to the term then, at its end as well, unless it closes a quotation. */
bool jbk_takes_apostrophe(uint32_t cp);

/* Replace the contents of *terms with the terms of `text`, in order. */
JBK_MUST_CHECK jbk_status jbk_segment(jbk_segmenter *s, const jbk_folded *text, jbk_slices *terms,
                                      jbk_err *err);

/* What the lexicon wants to know of a term. */
typedef struct {
    jbk_script script; /* the first code point's that has one */
    /* Letters and digits of word-separating scripts only: a quotation cannot begin or end
     * inside it. */
    bool plain;
} jbk_term_kind;
jbk_term_kind jbk_term_describe(const char *term, size_t len);

#endif
