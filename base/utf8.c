/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/utf8.h"

#include <string.h>

/* The second byte's range depends on the first: no overlong forms, no surrogates, nothing
 * above U+10FFFF (Unicode 15, table 3-7). */
static void second_range(unsigned char lead, unsigned char *low, unsigned char *high) {
    *low = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
    *high = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
}

uint32_t jbk_utf8_next_any(const char *s, size_t len, size_t *i) {
    const unsigned char *p = (const unsigned char *)s;
    unsigned char lead = p[(*i)++];
    if (lead < 0x80) return lead;
    if (lead < 0xC2 || lead > 0xF4) return JBK_REPLACEMENT;
    size_t more = jbk_utf8_len(lead) - 1;
    uint32_t cp = lead & (0x3Fu >> more);
    unsigned char low, high;
    second_range(lead, &low, &high);
    for (; more; more--, low = 0x80, high = 0xBF) {
        if (*i >= len || p[*i] < low || p[*i] > high) return JBK_REPLACEMENT;
        cp = cp << 6 | (p[(*i)++] & 0x3Fu);
    }
    return cp;
}

void jbk_utf8_put(jbk_buf *out, uint32_t cp) {
    char b[4];
    size_t n;
    if (cp < 0x80) {
        b[0] = (char)cp;
        n = 1;
    } else if (cp < 0x800) {
        b[0] = (char)(0xC0 | cp >> 6);
        b[1] = (char)(0x80 | (cp & 0x3F));
        n = 2;
    } else if (cp < 0x10000) {
        b[0] = (char)(0xE0 | cp >> 12);
        b[1] = (char)(0x80 | (cp >> 6 & 0x3F));
        b[2] = (char)(0x80 | (cp & 0x3F));
        n = 3;
    } else {
        b[0] = (char)(0xF0 | cp >> 18);
        b[1] = (char)(0x80 | (cp >> 12 & 0x3F));
        b[2] = (char)(0x80 | (cp >> 6 & 0x3F));
        b[3] = (char)(0x80 | (cp & 0x3F));
        n = 4;
    }
    jbk_buf_add(out, b, n);
}

/* A U+FFFD that stands in the text is three well-formed bytes; one that we made is not. */
static int is_bad(const char *s, size_t from, size_t to, uint32_t cp) {
    return cp == JBK_REPLACEMENT && !(to - from == 3 && (unsigned char)s[from] == 0xEF);
}

size_t jbk_utf8_count_bad(const char *s, size_t len) {
    size_t bad = 0;
    for (size_t i = 0; i < len;) {
        uint64_t eight;
        if (len - i >= sizeof eight) { /* ASCII alone */
            memcpy(&eight, s + i, sizeof eight);
            if (!(eight & UINT64_C(0x8080808080808080))) {
                i += sizeof eight;
                continue;
            }
        }
        size_t from = i;
        uint32_t cp = jbk_utf8_next(s, len, &i);
        if (is_bad(s, from, i, cp)) bad++;
    }
    return bad;
}

void jbk_utf8_repair(const char *s, size_t len, jbk_buf *out) {
    for (size_t i = 0; i < len;) {
        size_t from = i;
        uint32_t cp = jbk_utf8_next(s, len, &i);
        if (is_bad(s, from, i, cp))
            jbk_utf8_put(out, JBK_REPLACEMENT);
        else
            jbk_buf_add(out, s + from, i - from);
    }
}

size_t jbk_utf8_cut(const char *s, size_t len, size_t max) {
    if (len <= max) return len;
    while (max && !jbk_utf8_is_start(s[max])) max--;
    return max;
}
