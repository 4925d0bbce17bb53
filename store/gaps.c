/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "gaps.h"

void jbk_gaps_put(const uint32_t *numbers, size_t n, uint32_t before, jbk_buf *out) {
    if (!n) return;
    size_t control = out->len, controls = (n + 3) / 4;
    jbk_buf_reserve(out, controls + (n + 1) * sizeof *numbers);
    memset(out->data + control, 0, controls);
    char *at = out->data + control + controls;
    for (size_t i = 0; i < n; before = numbers[i++]) {
        uint32_t gap = numbers[i] - before;
        unsigned more = gap >= 1u << 24 ? 3 : gap >= 1u << 16 ? 2 : gap >= 1u << 8;
        unsigned char *lengths = (unsigned char *)out->data + control + i / 4;
        *lengths = (unsigned char)(*lengths | more << (i % 4 * 2));
        memcpy(at, &gap, sizeof gap); /* little-endian; the next is put over what is too much */
        at += more + 1;
    }
    out->len = (size_t)(at - out->data);
}

/* Where the reading of n distances has come to: `done` of them, a multiple of four, are read. */
typedef struct {
    const unsigned char *control;
    const char *at, *end;
    uint32_t n, done;
    uint64_t number; /* the last */
} reader;

static const char *get_rest(reader r, uint32_t *out) {
    for (uint32_t i = r.done; i < r.n; i++) {
        unsigned more = r.control[i / 4] >> (i % 4 * 2) & 3;
        uint32_t gap = 0;
        if ((ptrdiff_t)more >= r.end - r.at) return NULL;
        for (unsigned k = 0; k <= more; k++) gap |= (uint32_t)(unsigned char)*r.at++ << 8 * k;
        r.number += gap;
        out[i] = (uint32_t)r.number;
    }
    return r.number <= UINT32_MAX ? r.at : NULL;
}

/* Four at a time: where the next four begin follows from their lengths alone. */
static void get_fours(reader *r, uint32_t *out) {
    static const uint32_t MASK[] = {0xFF, 0xFFFF, 0xFFFFFF, 0xFFFFFFFF};
    for (uint32_t four[4]; r->n - r->done >= 4 && r->end - r->at >= 16; r->done += 4) {
        unsigned more[4], c = r->control[r->done / 4];
        for (unsigned k = 0; k < 4; k++) {
            more[k] = c >> 2 * k & 3;
            memcpy(&four[k], r->at, sizeof four[k]);
            r->at += more[k] + 1;
        }
        for (unsigned k = 0; k < 4; k++) {
            r->number += four[k] & MASK[more[k]];
            out[r->done + k] = (uint32_t)r->number;
        }
    }
}

static bool begin(reader *r, const char *at, const char *end, uint32_t n, uint32_t before) {
    size_t controls = ((size_t)n + 3) / 4;
    if (controls > (size_t)(end - at)) return false;
    *r = (reader){(const unsigned char *)at, at + controls, end, n, 0, before};
    return true;
}

const char *jbk_gaps_get_plain(const char *at, const char *end, uint32_t n, uint32_t before,
                               uint32_t *out) {
    reader r;
    if (!begin(&r, at, end, n, before)) return NULL;
    get_fours(&r, out);
    return get_rest(r, out);
}

#ifdef __x86_64__
#include <immintrin.h>

/* Where byte b of the four numbers comes from, by their lengths; 0x80: it is 0. */
#define LEN(c, k) (((c) >> 2 * (k)&3) + 1)
#define FROM(c, k)                                                                                 \
    ((k) < 1 ? 0 : LEN(c, 0)) + ((k) < 2 ? 0 : LEN(c, 1)) + ((k) < 3 ? 0 : LEN(c, 2)) +            \
        ((k) < 4 ? 0 : LEN(c, 3))
#define BYTE(c, k, b) ((b) < LEN(c, k) ? (FROM(c, k)) + (b) : 0x80)
#define NUMBER(c, k) BYTE(c, k, 0), BYTE(c, k, 1), BYTE(c, k, 2), BYTE(c, k, 3)
#define ROW(c)                                                                                     \
    { NUMBER(c, 0), NUMBER(c, 1), NUMBER(c, 2), NUMBER(c, 3) }
#define ROWS_4(c) ROW(c), ROW((c) + 1), ROW((c) + 2), ROW((c) + 3)
#define ROWS_16(c) ROWS_4(c), ROWS_4((c) + 4), ROWS_4((c) + 8), ROWS_4((c) + 12)
#define ROWS_64(c) ROWS_16(c), ROWS_16((c) + 16), ROWS_16((c) + 32), ROWS_16((c) + 48)
static const uint8_t PLACE[256][16] = {ROWS_64(0), ROWS_64(64), ROWS_64(128), ROWS_64(192)};

/* As get_fours, the four side by side.  Numbers that do not ascend have led past 32 bits. */
__attribute__((target("sse4.1"))) static bool get_fours_beside(reader *r, uint32_t *out) {
    __m128i last = _mm_set1_epi32((int)(uint32_t)r->number), wrong = _mm_setzero_si128();
    const unsigned char *control = r->control;
    const char *at = r->at, *stop = r->end - 16;
    uint32_t *to = out, *full = out + r->n / 4 * 4;
    for (; to < full && at <= stop; to += 4) {
        unsigned c = *control++;
        __m128i place = _mm_loadu_si128((const __m128i *)(const void *)PLACE[c]);
        __m128i v = _mm_shuffle_epi8(_mm_loadu_si128((const __m128i *)(const void *)at), place);
        v = _mm_add_epi32(v, _mm_slli_si128(v, 4));
        v = _mm_add_epi32(_mm_add_epi32(v, _mm_slli_si128(v, 8)), last);
        __m128i before = _mm_alignr_epi8(v, last, 12);
        wrong = _mm_or_si128(wrong, _mm_xor_si128(_mm_max_epu32(before, v), v));
        _mm_storeu_si128((__m128i *)(void *)to, v);
        last = _mm_shuffle_epi32(v, 0xFF);
        at += FROM(c, 4);
    }
    r->at = at;
    r->done = (uint32_t)(to - out);
    r->number = (uint32_t)_mm_cvtsi128_si32(last);
    return _mm_testz_si128(wrong, wrong);
}

const char *jbk_gaps_get(const char *at, const char *end, uint32_t n, uint32_t before,
                         uint32_t *out) {
    reader r;
    if (n < 8 || !__builtin_cpu_supports("sse4.1"))
        return jbk_gaps_get_plain(at, end, n, before, out);
    if (!begin(&r, at, end, n, before)) return NULL;
    if (r.end - r.at >= 16 && !get_fours_beside(&r, out)) return NULL;
    return get_rest(r, out);
}
#else
const char *jbk_gaps_get(const char *at, const char *end, uint32_t n, uint32_t before,
                         uint32_t *out) {
    return jbk_gaps_get_plain(at, end, n, before, out);
}
#endif
