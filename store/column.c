/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A column chunk: frame of reference and greatest common divisor, in the narrowest width that
 * holds them.  Dates of one month take a byte a document, a column nobody filled 24 bytes. */
#include "internal.h"

#include <stdlib.h>

typedef struct {
    int64_t base;
    uint64_t scale;
    uint32_t n;
    uint8_t width;
    uint8_t has_absent;
    uint8_t reserved[2];
} chunk_row; /* followed by n * width bytes */

static uint64_t gcd(uint64_t a, uint64_t b) {
    while (b) {
        uint64_t r = a % b;
        a = b;
        b = r;
    }
    return a;
}

static uint64_t width_max(uint8_t width) {
    return width == 8 ? UINT64_MAX : (UINT64_C(1) << (8 * width)) - 1;
}

static chunk_row describe(const int64_t *values, uint32_t n) {
    chunk_row row = {.scale = 1, .n = n};
    int64_t low = INT64_MAX, high = INT64_MIN;
    for (uint32_t i = 0; i < n; i++) {
        if (values[i] == JBK_ABSENT) {
            row.has_absent = 1;
            continue;
        }
        if (values[i] < low) low = values[i];
        if (values[i] > high) high = values[i];
    }
    if (low > high) return row; /* all absent */
    row.base = low;
    if (low == high && !row.has_absent) return row;
    uint64_t scale = 0;
    for (uint32_t i = 0; i < n && scale != 1; i++)
        if (values[i] != JBK_ABSENT) scale = gcd(scale, (uint64_t)values[i] - (uint64_t)low);
    if (scale) row.scale = scale;
    uint64_t top = ((uint64_t)high - (uint64_t)low) / row.scale + row.has_absent;
    for (row.width = 1; row.width < 8 && top > width_max(row.width); row.width++) {
    }
    return row;
}

void jbk_chunk_encode(const int64_t *values, uint32_t n, jbk_buf *out) {
    chunk_row row = describe(values, n);
    jbk_buf_add(out, &row, sizeof row);
    jbk_buf_reserve(out, (size_t)n * row.width);
    char *p = out->data + out->len;
    for (uint32_t i = 0; row.width && i < n; i++, p += row.width) {
        uint64_t d = values[i] == JBK_ABSENT
                         ? width_max(row.width)
                         : ((uint64_t)values[i] - (uint64_t)row.base) / row.scale;
        memcpy(p, &d, row.width); /* little-endian, as the format says */
    }
    out->len += (size_t)n * row.width;
}

jbk_status jbk_chunk_view(const char *bytes, size_t len, jbk_chunk *out, jbk_err *err) {
    chunk_row row;
    if (len < sizeof row)
        return jbk_fail(err, JBK_DAMAGED, "column", "a column chunk is too short");
    memcpy(&row, bytes, sizeof row);
    if (row.width > 8 || row.n > JBK_CHUNK || len != sizeof row + (size_t)row.n * row.width)
        return jbk_fail(err, JBK_DAMAGED, "column", "a column chunk has the wrong length");
    *out = (jbk_chunk){.data = bytes + sizeof row,
                       .base = row.base,
                       .scale = row.scale,
                       .n = row.n,
                       .width = row.width,
                       .has_absent = row.has_absent};
    return JBK_OK;
}

static uint64_t load(const jbk_chunk *c, uint32_t i) {
    uint64_t d = 0;
    memcpy(&d, (const char *)c->data + (size_t)i * c->width, c->width);
    return d;
}

int64_t jbk_chunk_get(const jbk_chunk *c, uint32_t i) {
    if (i >= c->n) return JBK_ABSENT;
    if (!c->width) return c->has_absent ? JBK_ABSENT : c->base;
    uint64_t d = load(c, i);
    if (c->has_absent && d == width_max(c->width)) return JBK_ABSENT;
    return (int64_t)((uint64_t)c->base + c->scale * d);
}

/* A loop for each width: its bytes are read at once. */
#define DECODE(WIDTH, N, AT)                                                                       \
    case WIDTH:                                                                                    \
        for (uint32_t i = 0; i < (N); i++) {                                                       \
            uint64_t d = 0;                                                                        \
            memcpy(&d, (const char *)c->data + (size_t)(AT) * (WIDTH), WIDTH);                     \
            out[i] = c->has_absent && d == UINT64_MAX >> (64 - 8 * (WIDTH))                        \
                         ? JBK_ABSENT                                                              \
                         : (int64_t)((uint64_t)c->base + c->scale * d);                            \
        }                                                                                          \
        break;

#define DECODE_ANY(N, AT)                                                                          \
    switch (c->width) {                                                                            \
        DECODE(1, N, AT)                                                                           \
        DECODE(2, N, AT)                                                                           \
        DECODE(3, N, AT)                                                                           \
        DECODE(4, N, AT)                                                                           \
        DECODE(5, N, AT)                                                                           \
        DECODE(6, N, AT)                                                                           \
        DECODE(7, N, AT)                                                                           \
        DECODE(8, N, AT)                                                                           \
    default:                                                                                       \
        for (uint32_t i = 0; i < (N); i++) out[i] = c->has_absent ? JBK_ABSENT : c->base;          \
    }

void jbk_chunk_decode(const jbk_chunk *c, int64_t out[JBK_CHUNK]) {
    DECODE_ANY(c->n, i)
    for (uint32_t i = c->n; i < JBK_CHUNK; i++) out[i] = JBK_ABSENT;
}

void jbk_chunk_draw(const jbk_chunk *c, const uint32_t *at, uint32_t n, int64_t *out) {
    for (; n && at[n - 1] % JBK_CHUNK >= c->n; n--) out[n - 1] = JBK_ABSENT;
    DECODE_ANY(n, at[i] % JBK_CHUNK)
}
