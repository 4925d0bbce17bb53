/* SPDX-License-Identifier: GPL-3.0-or-later */
/* UTF-8, decoded one code point at a time. */
#ifndef JBK_BASE_UTF8_H
#define JBK_BASE_UTF8_H

#include "base/mem.h"

#include <stdint.h>

#define JBK_REPLACEMENT 0xFFFDu

uint32_t jbk_utf8_next_any(const char *s, size_t len, size_t *i);

/* Decode the code point at s[*i] and move *i behind it.  An ill-formed sequence gives
 * JBK_REPLACEMENT and moves over its longest valid beginning (at least one byte), as the
 * Unicode standard recommends.  Precondition: *i < len.
 * Most text takes no call: it is of one byte, or of three whose second is as free as the third. */
static inline uint32_t jbk_utf8_next(const char *s, size_t len, size_t *i) {
    const unsigned char *p = (const unsigned char *)s + *i;
    if (*p < 0x80) {
        ++*i;
        return *p;
    }
    if (*p < 0xE1 || *p > 0xEC || len - *i < 3 || p[1] >> 6 != 2 || p[2] >> 6 != 2)
        return jbk_utf8_next_any(s, len, i);
    *i += 3;
    return (*p & 0xFu) << 12 | (p[1] & 0x3Fu) << 6 | (p[2] & 0x3Fu);
}

/* Append `cp` (a scalar value) as UTF-8. */
void jbk_utf8_put(jbk_buf *out, uint32_t cp);

/* Bytes of the well-formed sequence that starts with `lead`. */
static inline size_t jbk_utf8_len(unsigned char lead) {
    return lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
}

static inline int jbk_utf8_ascii(char c) { return (unsigned char)c < 0x80; }

static inline int jbk_utf8_is_start(char c) { return ((unsigned char)c & 0xC0) != 0x80; }

/* Number of ill-formed sequences in s. */
size_t jbk_utf8_count_bad(const char *s, size_t len);

/* Append s with every ill-formed sequence replaced by U+FFFD. */
void jbk_utf8_repair(const char *s, size_t len, jbk_buf *out);

/* The largest n <= max such that s[0..n) does not end inside a code point. */
size_t jbk_utf8_cut(const char *s, size_t len, size_t max);

#endif
