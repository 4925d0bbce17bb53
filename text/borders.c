/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "text/borders.h"

#include "base/utf8.h"
#include "borders_table.h"

#include <stdlib.h>

enum { BITS = 15 };
_Static_assert(JBK_BORDER_CHARS + JBK_BORDER_HAN <= 1 << BITS, "a number has so many bits");

/* From 1: frequent ones as they are in the list, behind them all as they are in Unicode. */
static uint32_t number_of(uint32_t cp) {
    uint32_t han = cp - JBK_BORDER_FIRST;
    if (han >= JBK_BORDER_HAN) return 0;
    return jbk_border_place[han] ? jbk_border_place[han] : JBK_BORDER_CHARS + 1 + han;
}

static uint32_t number(uint32_t left, uint32_t right) {
    return left && right ? (left - 1) << BITS | (right - 1) : JBK_NO_PAIR;
}

uint32_t jbk_pair_of(uint32_t left, uint32_t right) {
    return number(number_of(left), number_of(right));
}

static jbk_term_ends ends_of(const jbk_interned *word) {
    uint32_t cp = 0, len_cp = 0, first = 0;
    for (size_t i = 0; i < word->len; len_cp++) {
        cp = jbk_utf8_next(word->s, word->len, &i);
        if (!len_cp) first = number_of(cp);
    }
    return (jbk_term_ends){(uint16_t)first, (uint16_t)number_of(cp), (uint16_t)len_cp};
}

static void find(jbk_borders *b, const jbk_words_at *at) {
    jbk_vec_reserve(&b->found, at->words.n);
    uint32_t *out = b->found.at + b->found.n, left = 0, end = 0;
    for (size_t i = 0; i < at->words.n; i++) {
        const jbk_term_ends *e = &b->ends.at[at->words.at[i].word];
        uint32_t pair = number(left, e->first);
        *out = pair;
        out += pair != JBK_NO_PAIR && at->words.at[i].at == end;
        left = e->last;
        end = at->words.at[i].at + e->len_cp;
    }
    b->found.n = (size_t)(out - b->found.at);
}

void jbk_borders_find(jbk_borders *b, const jbk_intern *words, const jbk_words_at *title,
                      const jbk_words_at *text) {
    while (b->ends.n < words->keys.n) {
        jbk_term_ends e = ends_of(&words->keys.at[b->ends.n]);
        jbk_vec_push(&b->ends, e);
    }
    b->found.n = 0;
    find(b, title);
    size_t n = b->found.n;
    jbk_vec_reserve(&b->found, n);
    if (n) memcpy(b->found.at + n, b->found.at, n * sizeof *b->found.at);
    b->found.n += n;
    find(b, text);
}

void jbk_borders_free(jbk_borders *b) {
    jbk_vec_free(&b->found);
    jbk_vec_free(&b->ends);
}
