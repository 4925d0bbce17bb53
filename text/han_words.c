/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The cheapest way to make a row of words: of the first i characters it is the cheapest of the ways
 * to make fewer, and one word more.  Of equals the one whose last word is longest is taken. */
#include "han_words.h"

#include "base/mem.h"

#include <stdlib.h>

/* What ICU takes a character for that is no word by itself. */
static const uint32_t NO_WORD = 255;
static const uint32_t UNKNOWN = UINT32_MAX; /* more than any row costs: texts are 16 MiB at most */

/* Of the first characters of a row. */
typedef struct {
    uint32_t cost;
    uint32_t before, node; /* where the last word of them begins, and what it is */
} way;

struct jbk_han_cutter {
    uint16_t root[JBK_HAN_LAST - JBK_HAN_FIRST + 1]; /* the root's children; 0: none */
    JBK_VEC(way) ways;                               /* the cheapest, by how many characters */
    JBK_VEC(jbk_han_word) words;
};

jbk_han_cutter *jbk_han_cutter_new(void) {
    jbk_han_cutter *c = jbk_calloc(1, sizeof *c);
    for (uint32_t k = jbk_han_child(0); k < jbk_han_child(1); k++)
        c->root[jbk_han_unit[k] - JBK_HAN_FIRST] = (uint16_t)k;
    return c;
}

void jbk_han_cutter_free(jbk_han_cutter *c) {
    if (!c) return;
    jbk_vec_free(&c->ways);
    jbk_vec_free(&c->words);
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

static void offer(way *ways, size_t from, size_t to, uint32_t cost, uint32_t node) {
    cost += ways[from].cost;
    if (cost < ways[to].cost) ways[to] = (way){cost, (uint32_t)from, node};
}

static void offer_words(jbk_han_cutter *c, const uint16_t *units, size_t n, size_t from) {
    size_t end = n - from < JBK_HAN_WORD_MAX ? n : from + JBK_HAN_WORD_MAX, to = from + 1;
    uint32_t node = c->root[units[from] - JBK_HAN_FIRST], cost = node ? jbk_han_cost(node) : 0;
    offer(c->ways.at, from, to, cost ? cost : NO_WORD, cost ? node : 0);
    while (node && to < end) {
        node = child_of(node, units[to++]);
        cost = node ? jbk_han_cost(node) : 0;
        if (cost) offer(c->ways.at, from, to, cost, node);
    }
}

const jbk_han_word *jbk_han_cut(jbk_han_cutter *c, const uint16_t *units, size_t n,
                                size_t *nwords) {
    c->ways.n = c->words.n = 0;
    jbk_vec_reserve(&c->ways, n + 1);
    jbk_vec_reserve(&c->words, n);
    c->ways.at[0].cost = 0;
    for (size_t i = 1; i <= n; i++) c->ways.at[i].cost = UNKNOWN;
    for (size_t i = 0; i < n; i++) offer_words(c, units, n, i);
    size_t at = n; /* words are found from the last on, and stand at the end of the row */
    for (size_t i = n; i; i = c->ways.at[i].before)
        c->words.at[--at] = (jbk_han_word){(uint32_t)i, c->ways.at[i].node};
    *nwords = n - at;
    return c->words.at + at;
}
