/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Numbers as bytes: little-endian fixed widths, big-endian keys that sort, and LEB128
 * varints.  Readers never run past `end`. */
#ifndef JBK_BASE_CODEC_H
#define JBK_BASE_CODEC_H

#include "base/mem.h"

static inline void jbk_put_varint(jbk_buf *b, uint64_t v) {
    while (v >= 0x80) {
        jbk_buf_byte(b, (char)(v | 0x80));
        v >>= 7;
    }
    jbk_buf_byte(b, (char)v);
}

/* False, and *p unmoved, where the bytes end or more than 64 bits come. */
static inline bool jbk_get_varint(const char **p, const char *end, uint64_t *v) {
    uint64_t x = 0;
    unsigned shift = 0;
    for (const char *q = *p; q < end && shift < 64; shift += 7) {
        unsigned char c = (unsigned char)*q++;
        x |= (uint64_t)(c & 0x7F) << shift;
        if (c < 0x80) {
            *p = q;
            *v = x;
            return true;
        }
    }
    return false;
}

/* A length and that many bytes. */
static inline void jbk_put_bytes(jbk_buf *b, const char *s, size_t len) {
    jbk_put_varint(b, len);
    jbk_buf_add(b, s, len);
}

static inline bool jbk_get_bytes(const char **p, const char *end, const char **s, size_t *len) {
    uint64_t n;
    const char *q = *p;
    if (!jbk_get_varint(&q, end, &n) || n > (size_t)(end - q)) return false;
    *s = q;
    *len = (size_t)n;
    *p = q + n;
    return true;
}

static inline void jbk_put_u64(jbk_buf *b, uint64_t v) {
    for (int i = 0; i < 8; i++, v >>= 8) jbk_buf_byte(b, (char)v);
}

static inline uint64_t jbk_load_u64(const void *p) {
    const unsigned char *q = p;
    uint64_t v = 0;
    for (int i = 7; i >= 0; i--) v = v << 8 | q[i];
    return v;
}

static inline void jbk_store_be32(unsigned char *p, uint32_t v) {
    for (int i = 3; i >= 0; i--, v >>= 8) p[i] = (unsigned char)v;
}

static inline uint32_t jbk_load_be32(const void *p) {
    const unsigned char *q = p;
    return (uint32_t)q[0] << 24 | (uint32_t)q[1] << 16 | (uint32_t)q[2] << 8 | q[3];
}

#endif
