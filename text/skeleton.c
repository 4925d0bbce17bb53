/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "text/skeleton.h"

#include "base/hash.h"
#include "base/utf8.h"

#include <stdlib.h>

/* --- units --- */

static const uint32_t WORD_BIT = 0x80000000u; /* in the symbols of words; no code point has it */

static bool is_digit(char c) { return c >= '0' && c <= '9'; }

/* Characters that stand for themselves: of scripts without blanks between words. */
static bool is_single(uint32_t cp) {
    if (cp >= 0x3400 && cp < 0xA000) return true;
    return jbk_cp_wordy(cp) && !jbk_cp_alnum(cp);
}

/* The end of a number that begins at i: digits, with points or commas between them. */
static size_t number_end(const char *s, size_t len, size_t i) {
    while (i < len && (is_digit(s[i]) || ((s[i] == '.' || s[i] == ',') && i + 1 < len &&
                                          is_digit(s[i - 1]) && is_digit(s[i + 1]))))
        i++;
    return i;
}

/* The end of a word that begins at i; no further than `stop`, where a name begins. */
static size_t word_end(const char *s, size_t i, size_t stop) {
    while (i < stop) {
        size_t next = i;
        uint32_t cp = jbk_utf8_next(s, stop, &next);
        if (cp < 0x80 ? !(is_digit(s[i]) || (s[i] >= 'a' && s[i] <= 'z')) : !jbk_cp_wordy(cp))
            break;
        if (cp >= 0x2E80 && is_single(cp)) break;
        i = next;
    }
    return i;
}

static void push(jbk_units *out, uint32_t symbol, size_t start, size_t end) {
    jbk_vec_push(out, ((jbk_unit){symbol, (uint32_t)start, (uint32_t)end}));
}

/* The unit at i or nothing; returns where to go on. */
static size_t add_unit(jbk_units *out, const char *s, size_t i, size_t stop) {
    if (is_digit(s[i])) {
        size_t end = number_end(s, stop, i), word = word_end(s, end, stop);
        if (word == end) { /* 5g and 4th are words */
            push(out, JBK_UNIT_NUMBER, i, end);
            return end;
        }
    }
    size_t end = i;
    uint32_t cp = jbk_utf8_next(s, stop, &end);
    if (cp >= 0x3400 && cp < 0xA000) {
        push(out, cp, i, end);
        return end;
    }
    size_t word = word_end(s, i, stop);
    if (word > i) {
        push(out, (uint32_t)jbk_hash(s + i, word - i) | WORD_BIT, i, word);
        return word;
    }
    if (cp >= 0x80 && is_single(cp)) push(out, cp, i, end);
    return end;
}

void jbk_units_add(jbk_units *out, const char *folded, size_t len, const jbk_name_place *names,
                   size_t nnames) {
    size_t next = 0;
    for (size_t i = 0; i < len;) {
        while (next < nnames && names[next].start < i) next++;
        if (next < nnames && names[next].start == i) {
            push(out, JBK_UNIT_NAME, i, names[next].end);
            i = names[next].end;
        } else {
            i = add_unit(out, folded, i, next < nnames ? names[next].start : len);
        }
    }
}

/* --- sketches --- */

/* A shingle is units that weigh so much together: four characters, or two words.  Shorter ones
 * are everywhere, longer ones do not outlive edits.  A text with less than LIGHTEST has too few. */
enum { SHINGLE = 4, WORD = 2, LIGHTEST = 60 };

static uint32_t weight(uint32_t symbol) { return symbol & WORD_BIT ? WORD : 1; }

static uint64_t mix(uint64_t h, uint32_t symbol) {
    h = (h ^ symbol) * UINT64_C(0x9E3779B97F4A7C15);
    return h ^ h >> 29;
}

static int ascending(const void *x, const void *y) {
    const uint64_t *a = x, *b = y;
    return *a < *b ? -1 : *a > *b;
}

/* Hashes of shingles below `limit`. */
static void hash_shingles(jbk_sketch *s, uint64_t limit) {
    s->hashes.n = 0;
    for (size_t i = 0; i < s->symbols.n; i++) {
        uint64_t h = 0;
        uint32_t w = 0;
        size_t k = i;
        for (; k < s->symbols.n && w < SHINGLE; k++) {
            h = mix(h, s->symbols.at[k]);
            w += weight(s->symbols.at[k]);
        }
        if (w < SHINGLE) return;
        h *= UINT64_C(0xD6E8FEB86659FD93);
        h ^= h >> 32;
        if (h < limit) jbk_vec_push(&s->hashes, h);
    }
}

void jbk_sketch_make(jbk_sketch *s, const jbk_units *units) {
    uint32_t heavy = 0;
    s->n = s->symbols.n = 0;
    for (size_t i = 0; i < units->n; i++) {
        uint32_t symbol = units->at[i].symbol;
        if (symbol == JBK_UNIT_NAME || symbol == JBK_UNIT_NUMBER) continue;
        jbk_vec_push(&s->symbols, symbol);
        heavy += weight(symbol);
    }
    if (heavy < LIGHTEST) return;
    /* Most hashes are too large to be among the least, and are not sorted.  A text that repeats
     * itself has fewer than it seems: then all are. */
    size_t n = s->symbols.n / (2 * JBK_SKETCH_MAX);
    uint64_t limit = n > 1 ? UINT64_MAX / n : UINT64_MAX;
    do {
        hash_shingles(s, limit);
        if (s->hashes.n) qsort(s->hashes.at, s->hashes.n, sizeof *s->hashes.at, ascending);
        s->n = 0;
        for (size_t i = 0; i < s->hashes.n && s->n < JBK_SKETCH_MAX; i++)
            if (!i || s->hashes.at[i] != s->hashes.at[i - 1]) s->least[s->n++] = s->hashes.at[i];
        if (s->n == JBK_SKETCH_MAX || limit == UINT64_MAX) return;
        limit = UINT64_MAX;
    } while (true);
}

void jbk_sketch_free(jbk_sketch *s) {
    jbk_vec_free(&s->symbols);
    jbk_vec_free(&s->hashes);
}
