/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Longest common subsequences, 64 places of x at a time (Crochemore et al. 2001, Hyyrö 2004): a
 * row of bits for each unit of y, in which a 0 at place i says that one more unit of x[0..i] than
 * of x[0..i-1] is in a common subsequence with y so far.
 *
 * Units that are common in whatever order are at least as many; most texts have too few of them,
 * and of the others most are known to before y's end. */
#include "text/align.h"

#include <stdlib.h>

enum { STRIDE = 64, NOT_IN_X = 0 };

struct jbk_aligner {
    size_t n, words;         /* units of x, and 64 of them a word */
    jbk_symbols slots;       /* hash table over x: the number of a symbol, from 1 on, or 0 */
    jbk_symbols keys;        /* the symbol of each number */
    jbk_symbols counts;      /* how often x has it */
    jbk_symbols xs, ys;      /* the units of x and y by number; NOT_IN_X */
    jbk_symbols left, rest;  /* scratch of count_common() */
    bool masked;             /* are the masks made? */
    JBK_VEC(uint64_t) masks; /* `words` for each number: where in x it stands */
    JBK_VEC(uint64_t) rows;
    jbk_symbols x_symbols, y_symbols; /* scratch */
};

jbk_aligner *jbk_aligner_new(void) { return jbk_calloc(1, sizeof(jbk_aligner)); }

void jbk_aligner_free(jbk_aligner *a) {
    if (!a) return;
    jbk_symbols *each[] = {&a->slots, &a->keys, &a->counts,    &a->xs,       &a->ys,
                           &a->left,  &a->rest, &a->x_symbols, &a->y_symbols};
    for (size_t i = 0; i < sizeof each / sizeof *each; i++) jbk_vec_free(each[i]);
    jbk_vec_free(&a->masks);
    jbk_vec_free(&a->rows);
    free(a);
}

/* --- kinds --- */

void jbk_kinds_count(const uint32_t *x, size_t n, jbk_kinds *out) {
    memset(out, 0, sizeof *out);
    for (size_t i = 0; i < n; i++) {
        uint8_t *of = &out->of[(x[i] * 0x9E3779B1u) >> 22];
        if (*of < UINT8_MAX)
            ++*of;
        else
            out->beyond++;
    }
}

size_t jbk_kinds_common(const jbk_kinds *a, const jbk_kinds *b) {
    size_t common = a->beyond < b->beyond ? a->beyond : b->beyond;
    for (size_t k = 0; k < JBK_KINDS; k += 64) {
        uint16_t some = 0; /* of 64 kinds at most 64 times 255 */
        for (size_t i = k; i < k + 64; i++)
            some = (uint16_t)(some + (a->of[i] < b->of[i] ? a->of[i] : b->of[i]));
        common += some;
    }
    return common;
}

/* --- rows held against each other --- */

static size_t looked_at(size_t n) { return n < JBK_ALIGN_MAX ? n : JBK_ALIGN_MAX; }

static void set_zeros(jbk_symbols *v, size_t n) {
    v->n = 0;
    jbk_vec_reserve(v, n);
    v->n = n;
    if (n) memset(v->at, 0, n * sizeof *v->at);
}

static uint32_t *slot_of(const jbk_aligner *a, uint32_t symbol) {
    size_t mask = a->slots.n - 1, i = (symbol * 0x9E3779B1u >> 7) & mask;
    while (a->slots.at[i] && a->keys.at[a->slots.at[i] - 1] != symbol) i = (i + 1) & mask;
    return &a->slots.at[i];
}

void jbk_align_against(jbk_aligner *a, const uint32_t *x, size_t n) {
    size_t size = 64;
    a->n = n = looked_at(n);
    while (size < 2 * n) size *= 2;
    a->words = (n + 63) / 64;
    a->masked = false;
    a->keys.n = a->counts.n = 0;
    set_zeros(&a->slots, size);
    set_zeros(&a->xs, n);
    for (size_t i = 0; i < n; i++) {
        uint32_t *slot = slot_of(a, x[i]);
        if (!*slot) {
            jbk_vec_push(&a->keys, x[i]);
            jbk_vec_push(&a->counts, 0);
            *slot = (uint32_t)a->keys.n;
        }
        a->counts.at[*slot - 1]++;
        a->xs.at[i] = *slot;
    }
}

static void set_masks(jbk_aligner *a) {
    size_t size = a->keys.n * a->words;
    if (a->masked) return;
    a->masks.n = 0;
    jbk_vec_reserve(&a->masks, size);
    memset(a->masks.at, 0, size * sizeof *a->masks.at);
    for (size_t i = 0; i < a->n; i++)
        a->masks.at[(a->xs.at[i] - 1) * a->words + i / 64] |= UINT64_C(1) << i % 64;
    a->masked = true;
}

static void number_units(jbk_aligner *a, const uint32_t *y, size_t n) {
    set_zeros(&a->ys, n);
    for (size_t j = 0; j < n; j++) a->ys.at[j] = *slot_of(a, y[j]);
}

/* rest[j / STRIDE] := how many of y's units from j on x has, too, in whatever order. */
static void count_common(jbk_aligner *a) {
    uint32_t common = 0;
    a->left.n = 0;
    jbk_vec_reserve(&a->left, a->counts.n);
    memcpy(a->left.at, a->counts.at, a->counts.n * sizeof *a->left.at);
    set_zeros(&a->rest, a->ys.n / STRIDE + 1);
    for (size_t j = a->ys.n; j-- > 0;) {
        uint32_t number = a->ys.at[j];
        if (number != NOT_IN_X && a->left.at[number - 1]) {
            a->left.at[number - 1]--;
            common++;
        }
        if (j % STRIDE == 0) a->rest.at[j / STRIDE] = common;
    }
}

/* The row after one more unit of y. */
static void step(const jbk_aligner *a, const uint64_t *before, uint64_t *row, uint32_t number) {
    if (number == NOT_IN_X) {
        if (row != before) memcpy(row, before, a->words * sizeof *row);
        return;
    }
    const uint64_t *mask = a->masks.at + (number - 1) * a->words;
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

/* The 0 bits: x's units in a longest common subsequence. */
static size_t count_row(const jbk_aligner *a, const uint64_t *row) {
    size_t common = 0;
    for (size_t w = 0; w < a->words; w++) common += (size_t)__builtin_popcountll(~row[w]);
    return common;
}

double jbk_align_share(jbk_aligner *a, const uint32_t *y, size_t n, double least) {
    size_t nx = a->n, ny = looked_at(n);
    double both = (double)(nx + ny);
    if (!nx || !ny || 2.0 * (double)(nx < ny ? nx : ny) / both < least) return 0;
    number_units(a, y, ny);
    count_common(a);
    if (2.0 * (double)a->rest.at[0] / both < least) return 0;
    set_masks(a);
    uint64_t *row = first_row(a, 1);
    for (size_t j = 0; j < ny; j++) {
        if (j && j % STRIDE == 0) {
            size_t at_most = count_row(a, row) + a->rest.at[j / STRIDE];
            if (2.0 * (double)at_most / both < least) return 0;
        }
        step(a, row, row, a->ys.at[j]);
    }
    double share = 2.0 * (double)count_row(a, row) / both;
    return share < least ? 0 : share;
}

static void take_symbols(const jbk_units *units, jbk_symbols *out) {
    set_zeros(out, looked_at(units->n));
    for (size_t i = 0; i < out->n; i++) out->at[i] = units->at[i].symbol;
}

void jbk_align_units(jbk_aligner *a, const jbk_units *x, const jbk_units *y, uint32_t *to) {
    for (size_t i = 0; i < x->n; i++) to[i] = JBK_ALIGN_NONE;
    if (!x->n || !y->n) return;
    take_symbols(x, &a->x_symbols);
    take_symbols(y, &a->y_symbols);
    size_t nx = a->x_symbols.n, ny = a->y_symbols.n;
    jbk_align_against(a, a->x_symbols.at, nx);
    number_units(a, a->y_symbols.at, ny);
    set_masks(a);
    uint64_t *rows = first_row(a, ny + 1);
    for (size_t j = 0; j < ny; j++)
        step(a, rows + j * a->words, rows + (j + 1) * a->words, a->ys.at[j]);
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
