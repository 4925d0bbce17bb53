/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Longest common subsequences, 64 places of x at a time (Crochemore et al. 2001, Hyyrö 2004): a
 * row of bits for each unit of y, in which a 0 at place i says that one more unit of x[0..i] than
 * of x[0..i-1] is in a common subsequence with y so far.
 *
 * Units that are common in whatever order are at least as many; most texts have too few of them,
 * and of the others most are known to before y's end. */
#include "text/align.h"

#include <stdlib.h>

enum { STRIDE = 64, ABREAST = 4 };
static const uint32_t FREE = UINT32_MAX;

/* A symbol of x. */
typedef struct {
    uint32_t symbol, number; /* FREE: the place of the table is */
} slot;

struct jbk_aligner {
    size_t n, words;         /* units of x, and 64 of them a word */
    JBK_VEC(slot) slots;     /* hash table */
    jbk_symbols counts;      /* of each number, how often x has it */
    jbk_symbols xs;          /* the units of x, by number */
    jbk_symbols ys, ys_at;   /* those of y that x has, too, and where they stand in y */
    jbk_symbols left, rest;  /* scratch of count_common() */
    bool masked;             /* are the masks made? */
    JBK_VEC(uint64_t) masks; /* `words` for each number: where in x it stands */
    JBK_VEC(uint64_t) rows;
    jbk_symbols x_symbols, y_symbols; /* scratch */
};

jbk_aligner *jbk_aligner_new(void) { return jbk_calloc(1, sizeof(jbk_aligner)); }

void jbk_aligner_free(jbk_aligner *a) {
    if (!a) return;
    jbk_symbols *each[] = {&a->counts, &a->xs,   &a->ys,        &a->ys_at,
                           &a->left,   &a->rest, &a->x_symbols, &a->y_symbols};
    for (size_t i = 0; i < sizeof each / sizeof *each; i++) jbk_vec_free(each[i]);
    jbk_vec_free(&a->slots);
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

/* Where a symbol is or may be put. */
static slot *slot_of(const jbk_aligner *a, uint32_t symbol) {
    size_t mask = a->slots.n - 1, i = (symbol * 0x9E3779B1u >> 7) & mask;
    while (a->slots.at[i].number != FREE && a->slots.at[i].symbol != symbol) i = (i + 1) & mask;
    return &a->slots.at[i];
}

static void free_slots(jbk_aligner *a, size_t n) {
    a->slots.n = 0;
    jbk_vec_reserve(&a->slots, n);
    a->slots.n = n;
    memset(a->slots.at, 0xFF, n * sizeof *a->slots.at);
}

void jbk_align_against(jbk_aligner *a, const uint32_t *x, size_t n) {
    size_t size = 64;
    a->n = n = looked_at(n);
    while (size < 2 * n) size *= 2;
    a->words = (n + 63) / 64;
    a->masked = false;
    a->counts.n = 0;
    free_slots(a, size);
    set_zeros(&a->xs, n);
    for (size_t i = 0; i < n; i++) {
        slot *s = slot_of(a, x[i]);
        if (s->number == FREE) {
            *s = (slot){x[i], (uint32_t)a->counts.n};
            jbk_vec_push(&a->counts, 0);
        }
        a->counts.at[s->number]++;
        a->xs.at[i] = s->number;
    }
}

static void set_masks(jbk_aligner *a) {
    size_t size = a->counts.n * a->words;
    if (a->masked) return;
    a->masks.n = 0;
    jbk_vec_reserve(&a->masks, size);
    memset(a->masks.at, 0, size * sizeof *a->masks.at);
    for (size_t i = 0; i < a->n; i++)
        a->masks.at[a->xs.at[i] * a->words + i / 64] |= UINT64_C(1) << i % 64;
    a->masked = true;
}

static void number_units(jbk_aligner *a, const uint32_t *y, size_t n) {
    size_t common = 0;
    jbk_symbols *each[] = {&a->ys, &a->ys_at};
    for (size_t i = 0; i < 2; i++) {
        each[i]->n = 0;
        jbk_vec_reserve(each[i], n);
    }
    for (size_t j = 0; j < n; j++) {
        uint32_t number = slot_of(a, y[j])->number;
        a->ys.at[common] = number;
        a->ys_at.at[common] = (uint32_t)j;
        common += number != FREE;
    }
    a->ys.n = a->ys_at.n = common;
}

/* rest[j / STRIDE] := how many of ys from j on x has, too, in whatever order. */
static void count_common(jbk_aligner *a) {
    uint32_t common = 0;
    a->left.n = 0;
    jbk_vec_reserve(&a->left, a->counts.n);
    memcpy(a->left.at, a->counts.at, a->counts.n * sizeof *a->left.at);
    set_zeros(&a->rest, a->ys.n / STRIDE + 1);
    for (size_t j = a->ys.n; j-- > 0;) {
        uint32_t *left = &a->left.at[a->ys.at[j]];
        common += *left > 0;
        *left -= *left > 0;
        if (j % STRIDE == 0) a->rest.at[j / STRIDE] = common;
    }
}

/* The row after n more units of y.  As many at a time, so that none waits for the carry of another.
 */
static inline void step(const jbk_aligner *a, const uint64_t *before, uint64_t *row,
                        const uint32_t *numbers, size_t n) {
    const uint64_t *mask[ABREAST];
    uint64_t carry[ABREAST] = {0};
    for (size_t k = 0; k < n; k++) mask[k] = a->masks.at + numbers[k] * a->words;
    for (size_t w = 0; w < a->words; w++) {
        uint64_t v = before[w];
        for (size_t k = 0; k < n; k++) {
            uint64_t u = v & mask[k][w], sum = v + carry[k];
            carry[k] = sum < carry[k];
            sum += u;
            carry[k] |= sum < u;
            v = sum | (v - u);
        }
        row[w] = v;
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
    for (size_t j = 0; j < a->ys.n; j += ABREAST) {
        if (j && j % STRIDE == 0) {
            size_t at_most = count_row(a, row) + a->rest.at[j / STRIDE];
            if (2.0 * (double)at_most / both < least) return 0;
        }
        if (a->ys.n - j >= ABREAST)
            step(a, row, row, a->ys.at + j, ABREAST);
        else
            step(a, row, row, a->ys.at + j, a->ys.n - j);
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
    uint64_t *rows = first_row(a, a->ys.n + 1);
    for (size_t j = 0; j < a->ys.n; j++)
        step(a, rows + j * a->words, rows + (j + 1) * a->words, a->ys.at + j, 1);
    for (size_t i = nx, j = a->ys.n; i && j;) {
        size_t word = (i - 1) / 64, bit = (i - 1) % 64;
        if (rows[j * a->words + word] >> bit & 1)
            i--; /* x's unit adds nothing here */
        else if (!(rows[(j - 1) * a->words + word] >> bit & 1))
            j--; /* it did so without y's */
        else
            to[--i] = a->ys_at.at[--j];
    }
}
