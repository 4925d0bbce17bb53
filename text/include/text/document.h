/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the index derives from the text of a document: its terms with their counts, its language,
 * and whom it names.  `index` makes the index of it, `check --deep` makes it again and compares. */
#ifndef JBK_TEXT_DOCUMENT_H
#define JBK_TEXT_DOCUMENT_H

#include "base/err.h"
#include "base/intern.h"
#include "text/lang.h"

typedef struct {
    uint32_t word;  /* its number in the table of words */
    uint32_t count; /* occurrences in title and text together */
} jbk_word_count;
typedef JBK_VEC(jbk_word_count) jbk_word_counts;

typedef struct jbk_counter jbk_counter; /* one for each thread */

JBK_MUST_CHECK jbk_status jbk_counter_new(jbk_counter **out, jbk_err *err);
void jbk_counter_free(jbk_counter *c); /* NULL is fine */

/* Replace *counts with the terms of a document, each once, in order of appearance.  Words that
 * are new go to *words, which the caller may empty between documents, and to which no other
 * counter adds.  title and text are as
 * written; NULL where there is none.  *total is the number of all occurrences. */
JBK_MUST_CHECK jbk_status jbk_count_terms(jbk_counter *c, const char *title, size_t title_len,
                                          const char *text, size_t text_len, jbk_intern *words,
                                          jbk_word_counts *counts, uint32_t *total, jbk_err *err);

/* Where each term of the document counted last stands. */
typedef struct {
    uint32_t word, at; /* its number; code points from the beginning of the folded text */
} jbk_word_at;
typedef struct {
    JBK_VEC(jbk_word_at) words; /* in order */
    uint32_t len_cp;            /* of the folded text */
} jbk_words_at;
/* In its title, or its text.  Until the next is counted. */
const jbk_words_at *jbk_counter_places(const jbk_counter *c, bool title);

/* The countries and peoples that the document counted last names: their codes, sorted, joined by
 * JBK_SET_SEP; "" where it names none.  Until the next is counted. */
const char *jbk_counter_mentions(jbk_counter *c);

/* The sketch of its skeleton (text/skeleton.h): *n hashes, none where it is too short.  Until the
 * next is counted. */
const uint64_t *jbk_counter_sketch(jbk_counter *c, size_t *n);

/* The language of title and text together.  `scratch` is overwritten. */
jbk_language jbk_document_language(const char *title, size_t title_len, const char *text,
                                   size_t text_len, jbk_buf *scratch);

#endif
