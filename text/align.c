/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Longest common subsequences, 64 places of x at a time (Crochemore et al. 2001, Hyyrö 2004): a
 * row of bits for each unit of y, in which a 0 at place i says that one more unit of x[0..i] than
 * of x[0..i-1] is in a common subsequence with y so far. */
#include "text/align.h"

#include <stdlib.h>

struct jbk_aligner {
    JBK_VEC(uint32_t) slots;  /* hash table over symbols of x: 1 + number of its mask, or 0 */
    JBK_VEC(uint32_t) keys;   /* the symbol of each mask */
    JBK_VEC(uint64_t) masks;  /* `words` for each: where in x the symbol stands */
    JBK_VEC(uint64_t) rows;
    size_t words;
};

jbk_aligner *jbk_aligner_new(void) { return jbk_calloc(1, sizeof(jbk_aligner)); }

void jbk_aligner_free(jbk_aligner *a) {
    if (!a) return;
    jbk_vec_free(&a->slots);
    jbk_vec_free(&a->keys);
    jbk_vec_free(&a->masks);
    jbk_vec_free(&a->rows);
    free(a);
}

static size_t looked_at(const jbk_units *u) {
    return u->n < JBK_ALIGN_MAX ? u->n : JBK_ALIGN_MAX;
}

static uint32_t *slot_of(jbk_aligner *a, uint32_t symbol) {
    size_t mask = a->slots.n - 1, i = (symbol * 0x9E3779B1u >> 7) & mask;
    while (a->slots.at[i] && a->keys.at[a->slots.at[i] - 1] != symbol) i = (i + 1) & mask;
    return &a->slots.at[i];
}

static void set_masks(jbk_aligner *a, const jbk_units *x, size_t n) {
    size_t size = 64;
    while (size < 2 * n) size *= 2;
    a->words = (n + 63) / 64;
    a->slots.n = a->keys.n = a->masks.n = 0;
    jbk_vec_reserve(&a->slots, size);
    a->slots.n = size;
    memset(a->slots.at, 0, size * sizeof *a->slots.at);
    for (size_t i = 0; i < n; i++) {
        uint32_t *slot = slot_of(a, x->at[i].symbol);
        if (!*slot) {
            jbk_vec_push(&a->keys, x->at[i].symbol);
            jbk_vec_reserve(&a->masks, a->words);
            memset(a->masks.at + a->masks.n, 0, a->words * sizeof *a->masks.at);
            a->masks.n += a->words;
            *slot = (uint32_t)a->keys.n;
        }
        a->masks.at[(*slot - 1) * a->words + i / 64] |= UINT64_C(1) << i % 64;
    }
}

/* The row after one more unit of y. */
static void step(jbk_aligner *a, const uint64_t *before, uint64_t *row, uint32_t symbol) {
    uint32_t slot = *slot_of(a, symbol);
    if (!slot) {
        if (row != before) memcpy(row, before, a->words * sizeof *row);
        return;
    }
    const uint64_t *mask = a->masks.at + (slot - 1) * a->words;
    uint64_t carry = 0;
    for (size_t w = 0; w < a->words; w++) {
        uint64_t v = before[w], u = v & mask[w], sum = v + carry;
        carry = sum < carry;
        sum += u;
        carry |= sum < u;
        row[w] = sum | (v - u);
    }
}

static uint64_t *first_row(jbk_aligner *a, size_t rows) {
    a->rows.n = 0;
    jbk_vec_reserve(&a->rows, rows * a->words);
    memset(a->rows.at, 0xFF, a->words * sizeof *a->rows.at);
    return a->rows.at;
}

double jbk_align_share(jbk_aligner *a, const jbk_units *x, const jbk_units *y, double least) {
    size_t nx = looked_at(x), ny = looked_at(y), common = 0;
    double both = (double)(nx + ny);
    if (!nx || !ny || 2.0 * (double)(nx < ny ? nx : ny) < least * both) return 0;
    set_masks(a, x, nx);
    uint64_t *row = first_row(a, 1);
    for (size_t j = 0; j < ny; j++) step(a, row, row, y->at[j].symbol);
    for (size_t i = 0; i < nx; i++) common += !(row[i / 64] >> i % 64 & 1);
    double share = 2.0 * (double)common / both;
    return share < least ? 0 : share;
}

void jbk_align_units(jbk_aligner *a, const jbk_units *x, const jbk_units *y, uint32_t *to) {
    size_t nx = looked_at(x), ny = looked_at(y);
    for (size_t i = 0; i < x->n; i++) to[i] = JBK_ALIGN_NONE;
    if (!nx || !ny) return;
    set_masks(a, x, nx);
    uint64_t *rows = first_row(a, ny + 1);
    for (size_t j = 0; j < ny; j++)
        step(a, rows + j * a->words, rows + (j + 1) * a->words, y->at[j].symbol);
    for (size_t i = nx, j = ny; i && j;) {
        size_t word = (i - 1) / 64, bit = (i - 1) % 64;
        if (rows[j * a->words + word] >> bit & 1)
            i--; /* x's unit adds nothing here */
        else if (!(rows[(j - 1) * a->words + word] >> bit & 1))
            j--; /* it did so without y's */
        else
            to[--i] = (uint32_t)--j;
    }
}
