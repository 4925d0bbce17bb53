/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sieve.h"

#include <stdlib.h>

void jbk_sieve_make(jbk_sieve *s, const uint32_t *asked, size_t n, uint32_t end) {
    size_t sparse = n < 8192 ? 32 : 8; /* as long as it stays small */
    s->end = end;
    for (s->shift = 0; end >> s->shift > n * sparse;) s->shift++;
    s->bits.n = 0;
    jbk_vec_reserve(&s->bits, (end >> s->shift) / 64 + 1);
    s->bits.n = (end >> s->shift) / 64 + 1;
    memset(s->bits.at, 0, s->bits.n * sizeof *s->bits.at);
    for (size_t i = 0; i < n; i++) {
        uint32_t bit = asked[i] >> s->shift;
        s->bits.at[bit / 64] |= UINT64_C(1) << bit % 64;
    }
}

void jbk_sieve_free(jbk_sieve *s) { jbk_vec_free(&s->bits); }

size_t jbk_sieve_pass_plain(const jbk_sieve *s, const uint32_t *places, size_t n, uint32_t ahead,
                            uint32_t back, uint32_t *out) {
    const uint64_t *bits = s->bits.at;
    uint64_t end = s->end;
    unsigned shift = s->shift;
    size_t passed = 0;
    for (size_t i = 0; i < n; i++) {
        /* Before the line: a number past its end. */
        uint64_t place = (uint64_t)places[i] + ahead - back;
        if (place >= end) continue;
        out[passed] = (uint32_t)place;
        passed += bits[place >> shift >> 6] >> (place >> shift & 63) & 1;
    }
    return passed;
}

#ifdef __x86_64__
#include <immintrin.h>

/* The lanes whose bit is set, in order; what follows them is of no use. */
#define LANE(i) 4 * i, 4 * i + 1, 4 * i + 2, 4 * i + 3
static const uint8_t LANES[16][16] = {
    {LANE(0), LANE(0), LANE(0), LANE(0)}, {LANE(0), LANE(0), LANE(0), LANE(0)},
    {LANE(1), LANE(0), LANE(0), LANE(0)}, {LANE(0), LANE(1), LANE(0), LANE(0)},
    {LANE(2), LANE(0), LANE(0), LANE(0)}, {LANE(0), LANE(2), LANE(0), LANE(0)},
    {LANE(1), LANE(2), LANE(0), LANE(0)}, {LANE(0), LANE(1), LANE(2), LANE(0)},
    {LANE(3), LANE(0), LANE(0), LANE(0)}, {LANE(0), LANE(3), LANE(0), LANE(0)},
    {LANE(1), LANE(3), LANE(0), LANE(0)}, {LANE(0), LANE(1), LANE(3), LANE(0)},
    {LANE(2), LANE(3), LANE(0), LANE(0)}, {LANE(0), LANE(2), LANE(3), LANE(0)},
    {LANE(1), LANE(2), LANE(3), LANE(0)}, {LANE(0), LANE(1), LANE(2), LANE(3)},
};
static const uint8_t COUNT[16] = {0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4};

__attribute__((target("avx2"))) static uint32_t *put_lanes(__m128i v, unsigned mask,
                                                           uint32_t *out) {
    __m128i lanes = _mm_loadu_si128((const __m128i *)(const void *)LANES[mask]);
    _mm_storeu_si128((__m128i *)(void *)out, _mm_shuffle_epi8(v, lanes));
    return out + COUNT[mask];
}

/* Places move within 32 bits: one that would be before the line comes to be past its end, if that
 * is not among the last of them. */
__attribute__((target("avx2"))) static size_t
pass_eights(const jbk_sieve *s, const uint32_t *places, size_t n, uint32_t by, uint32_t *out) {
    const int *bits = (const int *)(const void *)s->bits.at;
    const __m256i move = _mm256_set1_epi32((int)by), last = _mm256_set1_epi32((int)(s->end - 1)),
                  low = _mm256_set1_epi32(31);
    const __m128i shift = _mm_cvtsi32_si128((int)s->shift);
    uint32_t *to = out;
    for (size_t i = 0; i < n; i += 8) {
        __m256i place = _mm256_loadu_si256((const __m256i *)(const void *)(places + i));
        place = _mm256_add_epi32(place, move);
        __m256i inside = _mm256_cmpeq_epi32(_mm256_max_epu32(place, last), last);
        __m256i bit = _mm256_and_si256(_mm256_srl_epi32(place, shift), inside);
        __m256i word = _mm256_i32gather_epi32(bits, _mm256_srli_epi32(bit, 5), 4);
        __m256i up = _mm256_sub_epi32(low, _mm256_and_si256(bit, low)); /* to the sign */
        word = _mm256_and_si256(_mm256_sllv_epi32(word, up), inside);
        unsigned mask = (unsigned)_mm256_movemask_ps(_mm256_castsi256_ps(word));
        to = put_lanes(_mm256_castsi256_si128(place), mask & 15, to);
        to = put_lanes(_mm256_extracti128_si256(place, 1), mask >> 4, to);
    }
    return (size_t)(to - out);
}

size_t jbk_sieve_pass(const jbk_sieve *s, const uint32_t *places, size_t n, uint32_t ahead,
                      uint32_t back, uint32_t *out) {
    enum { NEAR = 1 << 16 }; /* no string is longer */
    size_t eights = n / 8 * 8, passed = 0;
    bool wraps = s->end > UINT32_MAX - NEAR || ahead > NEAR || back > NEAR;
    if (wraps || !s->end || !__builtin_cpu_supports("avx2")) eights = 0;
    if (eights) passed = pass_eights(s, places, eights, ahead - back, out);
    return passed + jbk_sieve_pass_plain(s, places + eights, n - eights, ahead, back, out + passed);
}
#else
size_t jbk_sieve_pass(const jbk_sieve *s, const uint32_t *places, size_t n, uint32_t ahead,
                      uint32_t back, uint32_t *out) {
    return jbk_sieve_pass_plain(s, places, n, ahead, back, out);
}
#endif
