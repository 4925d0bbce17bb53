/* SPDX-License-Identifier: GPL-3.0-or-later */
/* memmem looks at every byte; most of a text is passed over faster by asking of many places at
 * once whether two bytes of the string, the rarest, stand there. */
#include "find.h"

#include "base/utf8.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

enum { SAMPLES = 64, SAMPLE = 64, LANES = 16, STEP = 4 * LANES };

typedef uint8_t lanes __attribute__((vector_size(LANES)));

/* Of all bytes, how often each stands in a few pieces of the text. */
static void count_bytes(const char *text, size_t len, uint32_t counts[256]) {
    size_t pieces = len < (size_t)SAMPLES * SAMPLE ? 1 : SAMPLES;
    size_t n = pieces == 1 ? len : SAMPLE;
    memset(counts, 0, 256 * sizeof *counts);
    for (size_t k = 0; k < pieces; k++) {
        const unsigned char *p = (const unsigned char *)text + len / pieces * k;
        for (size_t i = 0; i < n; i++) counts[p[i]]++;
    }
}

/* The bytes of one character come together, so the second is of another one, if there is any. */
void jbk_find_begin(jbk_sought *f, const char *s, size_t len, const char *text, size_t text_len) {
    uint32_t counts[256];
    const unsigned char *p = (const unsigned char *)s;
    count_bytes(text, text_len, counts);
    *f = (jbk_sought){.s = s, .len = len};
    for (size_t i = 1; i < len; i++)
        if (counts[p[i]] < counts[p[f->first]]) f->first = i;
    size_t from = f->first, to = f->first + 1;
    while (from && !jbk_utf8_is_start(s[from])) from--;
    while (to < len && !jbk_utf8_is_start(s[to])) to++;
    f->second = f->first;
    for (size_t i = 0; i < len; i++) {
        bool other = i < from || i >= to;
        if (other && (f->second == f->first || counts[p[i]] < counts[p[f->second]])) f->second = i;
    }
}

/* All ones in each lane where the byte stands. */
static lanes equal(const char *at, lanes byte) {
    lanes here;
    memcpy(&here, at, sizeof here);
    return (lanes)(here == byte);
}

static bool any(lanes v) {
    uint64_t half[2];
    memcpy(half, &v, sizeof half);
    return (half[0] | half[1]) != 0;
}

/* The first of `n` places from `at` on. */
static const char *look(const jbk_sought *f, const char *at, size_t n) {
    for (const char *end = at + n; at < end; at++)
        if (at[f->first] == f->s[f->first] && !memcmp(at, f->s, f->len)) return at;
    return NULL;
}

const char *jbk_find_next(const jbk_sought *f, const char *text, size_t len) {
    if (len < f->len) return NULL;
    size_t places = len - f->len + 1, i = 0;
    const lanes zero = {0}, a = zero + (uint8_t)f->s[f->first], b = zero + (uint8_t)f->s[f->second];
    for (; places - i >= STEP; i += STEP) {
        const char *p = text + i + f->first, *q = text + i + f->second;
        lanes here[STEP / LANES], all = zero;
        for (int k = 0; k < STEP / LANES; k++) {
            here[k] = equal(p + k * LANES, a) & equal(q + k * LANES, b);
            all |= here[k];
        }
        for (int k = 0; any(all) && k < STEP / LANES; k++) {
            const char *found = any(here[k]) ? look(f, text + i + k * LANES, LANES) : NULL;
            if (found) return found;
        }
    }
    return look(f, text + i, places - i);
}
