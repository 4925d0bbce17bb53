/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The cheapest way to make a row of words: of the first i characters it is the cheapest of the ways
 * to make fewer, and one word more.  Of equals the one whose last word is longest is taken. */
#include "han_words.h"

#include "base/mem.h"

#include <stdlib.h>

/* What ICU takes a character for that is no word by itself. */
static const uint32_t NO_WORD = 255;
static const uint32_t UNKNOWN = UINT32_MAX; /* more than any row costs: texts are 16 MiB at most */

typedef JBK_VEC(uint32_t) row;

struct jbk_han_cutter {
    uint16_t root[JBK_HAN_LAST - JBK_HAN_FIRST + 1]; /* the root's children; 0: none */
    row cost;                                        /* of the first i characters */
    row before; /* where the last word of the first i characters begins */
    row ends;
};

jbk_han_cutter *jbk_han_cutter_new(void) {
    jbk_han_cutter *c = jbk_calloc(1, sizeof *c);
    for (uint32_t k = jbk_han_child(0); k < jbk_han_child(1); k++)
        c->root[jbk_han_unit[k] - JBK_HAN_FIRST] = (uint16_t)k;
    return c;
}

void jbk_han_cutter_free(jbk_han_cutter *c) {
    if (!c) return;
    jbk_vec_free(&c->cost);
    jbk_vec_free(&c->before);
    jbk_vec_free(&c->ends);
    free(c);
}

/* The child by this character; 0 where there is none.  Halves without a branch to guess. */
static uint32_t child_of(uint32_t node, uint16_t unit) {
    uint32_t low = jbk_han_child(node), n = jbk_han_child(node + 1) - low;
    if (!n) return 0;
    while (n > 1) {
        uint32_t half = n / 2;
        low += jbk_han_unit[low + half] <= unit ? half : 0;
        n -= half;
    }
    return jbk_han_unit[low] == unit ? low : 0;
}

static void offer(jbk_han_cutter *c, size_t from, size_t to, uint32_t cost) {
    cost += c->cost.at[from];
    if (cost >= c->cost.at[to]) return;
    c->cost.at[to] = cost;
    c->before.at[to] = (uint32_t)from;
}

static void offer_words(jbk_han_cutter *c, const uint16_t *units, size_t n, size_t from) {
    size_t end = n - from < JBK_HAN_WORD_MAX ? n : from + JBK_HAN_WORD_MAX, to = from + 1;
    uint32_t node = c->root[units[from] - JBK_HAN_FIRST];
    offer(c, from, to, node && jbk_han_cost(node) ? jbk_han_cost(node) : NO_WORD);
    while (node && to < end) {
        node = child_of(node, units[to++]);
        if (node && jbk_han_cost(node)) offer(c, from, to, jbk_han_cost(node));
    }
}

static void set_rows(jbk_han_cutter *c, size_t n) {
    c->cost.n = c->before.n = c->ends.n = 0;
    jbk_vec_reserve(&c->cost, n + 1);
    jbk_vec_reserve(&c->before, n + 1);
    jbk_vec_reserve(&c->ends, n);
    c->cost.at[0] = 0;
    for (size_t i = 1; i <= n; i++) c->cost.at[i] = UNKNOWN;
}

const uint32_t *jbk_han_cut(jbk_han_cutter *c, const uint16_t *units, size_t n, size_t *nwords) {
    set_rows(c, n);
    for (size_t i = 0; i < n; i++) offer_words(c, units, n, i);
    size_t at = n; /* ends are found from the last on, and stand at the end of the row */
    for (size_t i = n; i; i = c->before.at[i]) c->ends.at[--at] = (uint32_t)i;
    *nwords = n - at;
    return c->ends.at + at;
}
