/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What two texts share.
 *
 * Runs are sequences of letters that both have.  Neighbouring runs with little between them on
 * either side make a passage, which counts once it is long enough not to be there by chance: as
 * long as a dozen Han characters, after a letter's worth is taken off for every letter that
 * differs.  A letter of an alphabet says less than a Han character, so it weighs less. */
#ifndef JBK_SEARCH_ALIKE_H
#define JBK_SEARCH_ALIKE_H

#include "letters.h"

/* Weights of letters, and of the shortest passage that means something. */
enum { JBK_WEIGHS_HAN = 5, JBK_WEIGHS_LETTER = 2, JBK_WEIGHS_PASSAGE = 12 * JBK_WEIGHS_HAN };
/* What a letter weighs; nothing is said of what is none. */
uint32_t jbk_letter_weight(uint32_t cp);
/* Letters of the pieces by whose share likeness is told. */
enum { JBK_SHINGLE = 8 };

typedef struct {
    uint32_t source, document, n; /* letters */
} jbk_run_shared;
typedef JBK_VEC(jbk_run_shared) jbk_runs_shared;

/* {0} is empty and ready. */
typedef struct {
    jbk_runs_shared runs;      /* of the passages that count, by their place in the document */
    uint32_t source, document; /* letters of each that lie in these */
    jbk_run_shared longest;    /* of the runs */
    uint32_t shingles; /* of the document's pieces of SHINGLE letters, how many the source has */
    uint32_t weight;   /* of the source's letters in runs */
} jbk_likeness;

void jbk_likeness_free(jbk_likeness *l);

/* A source, prepared to be compared with many documents.  `source` must live as long. */
typedef struct jbk_alike jbk_alike;
jbk_alike *jbk_alike_new(const jbk_letters *source);
void jbk_alike_free(jbk_alike *a); /* NULL is fine */

/* Weight of letters [from, to) of the source. */
uint32_t jbk_alike_weight(const jbk_alike *a, size_t from, size_t to);

/* How often jbk_alike_remember saw letter `at` of the source. */
uint32_t jbk_alike_seen(const jbk_alike *a, size_t at);
/* The document measured last shares little: note which pieces of SHINGLE letters it has all the
 * same. */
void jbk_alike_remember(jbk_alike *a);

/* Replace *out. */
void jbk_alike_measure(jbk_alike *a, const jbk_letters *document, jbk_likeness *out);

#endif
