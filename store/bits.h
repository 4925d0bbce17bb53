/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Numbers as bits, the lowest first. */
#ifndef JBK_STORE_BITS_H
#define JBK_STORE_BITS_H

#include "base/mem.h"

/* --- writing: {.out = buffer} is ready --- */

typedef struct {
    jbk_buf *out;
    uint64_t bits; /* not written yet */
    unsigned n;    /* how many: below 8 between calls */
} jbk_bits_writer;

/* The lowest `width` bits of a number that has no others, 56 at most. */
static inline void jbk_bits_put(jbk_bits_writer *w, uint64_t value, unsigned width) {
    w->bits |= value << w->n;
    if (w->out->cap - w->out->len < sizeof w->bits) jbk_buf_reserve(w->out, sizeof w->bits);
    memcpy(w->out->data + w->out->len, &w->bits, sizeof w->bits); /* of which whole bytes count */
    w->n += width;
    w->out->len += w->n / 8;
    w->bits >>= w->n / 8 * 8;
    w->n %= 8;
}
/* As many zeros, then a one. */
static inline void jbk_bits_put_unary(jbk_bits_writer *w, uint64_t zeros) {
    for (; zeros >= 32; zeros -= 32) jbk_bits_put(w, 0, 32);
    jbk_bits_put(w, UINT64_C(1) << zeros, (unsigned)zeros + 1);
}
/* Zeros up to a whole byte. */
static inline void jbk_bits_end(jbk_bits_writer *w) {
    if (w->n) jbk_bits_put(w, 0, 8 - w->n);
}

/* --- reading: {.at, .end} is ready --- */

typedef struct {
    const unsigned char *at, *end;
    uint64_t bits; /* read, none of them set beyond `n` */
    unsigned n;
} jbk_bits_reader;

/* At least 56 bits, or all that are left. */
static inline void jbk_bits_fill(jbk_bits_reader *r) {
    if (r->n < 56 && r->end - r->at >= 8) {
        uint64_t eight;
        memcpy(&eight, r->at, sizeof eight);
        unsigned bytes = (63 - r->n) / 8, more = 8 * bytes;
        r->bits |= (eight & ((UINT64_C(1) << more) - 1)) << r->n;
        r->at += bytes;
        r->n += more;
    }
    for (; r->n < 56 && r->at < r->end; r->n += 8) r->bits |= (uint64_t)*r->at++ << r->n;
}
static inline void jbk_bits_drop(jbk_bits_reader *r, unsigned width) {
    r->bits >>= width;
    r->n -= width;
}
/* A number of `width` bits, 56 at most; false where there are not as many. */
static inline bool jbk_bits_get(jbk_bits_reader *r, unsigned width, uint64_t *value) {
    if (r->n < width) jbk_bits_fill(r);
    if (r->n < width) return false;
    *value = r->bits & ((UINT64_C(1) << width) - 1);
    jbk_bits_drop(r, width);
    return true;
}
/* Zeros up to a one; false where none comes. */
static inline bool jbk_bits_get_unary(jbk_bits_reader *r, uint64_t *zeros) {
    *zeros = 0;
    while (!r->bits) {
        *zeros += r->n;
        r->n = 0;
        jbk_bits_fill(r);
        if (!r->n) return false;
    }
    unsigned first = (unsigned)__builtin_ctzll(r->bits);
    *zeros += first;
    jbk_bits_drop(r, first + 1);
    return true;
}

#endif
