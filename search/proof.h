/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The documents that hold a string: found by words, proven on the text. */
#ifndef JBK_SEARCH_PROOF_H
#define JBK_SEARCH_PROOF_H

#include "index.h"
#include "query.h"

/* How the answer came about, for `explain`. */
typedef struct {
    uint64_t accepted;   /* documents that a word alone proves */
    uint64_t located;    /* documents where words stand as they should */
    uint64_t candidates; /* documents whose text was read */
    uint64_t proven;     /* of those, matches */
} jbk_proof;

/* Weights of the string's occurrences by document: title counts double.  Saturates. */
typedef uint16_t jbk_weight;
static inline void jbk_weight_add(jbk_weight *weights, uint32_t doc, uint64_t weight) {
    uint64_t sum = weights[doc] + weight;
    weights[doc] = sum > UINT16_MAX ? UINT16_MAX : (jbk_weight)sum;
}

/* The documents of `among` that hold q (a STRING).  `weights` is NULL or has an entry for every
 * document, zeroed.  `proof` may be NULL.  *out is the caller's. */
JBK_MUST_CHECK jbk_status jbk_string_find(jbk_index *x, const jbk_query *q,
                                          const roaring_bitmap_t *among, jbk_weight *weights,
                                          jbk_proof *proof, roaring_bitmap_t **out, jbk_err *err);

#endif
