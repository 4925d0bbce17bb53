/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tell.h"

/* Which of n > 0 ascending numbers is the last that is at most x, or the first.  Without a branch
 * that would have to be guessed, so that several searches go on at a time. */
static size_t last_until(const uint32_t *at, size_t n, uint32_t x) {
    size_t low = 0;
    for (size_t half; n > 1; n -= half) {
        half = n / 2;
        low += at[low + half] <= x ? half : 0;
    }
    return low;
}

static void search_each(const uint32_t *asked, size_t n, const uint32_t *read, size_t m,
                        uint32_t mark, uint32_t *told) {
    for (size_t k = 0; n && k < m; k++) {
        size_t i = last_until(asked, n, read[k]);
        told[i] |= asked[i] == read[k] ? mark : 0;
    }
}

/* Side by side: no step needs to be guessed. */
static void go_along(const uint32_t *asked, size_t n, const uint32_t *read, size_t m, uint32_t mark,
                     uint32_t *told) {
    for (size_t i = 0, k = 0; i < n && k < m;) {
        uint32_t a = asked[i], r = read[k];
        told[i] |= a == r ? mark : 0;
        i += a <= r;
        k += r <= a;
    }
}

void jbk_tell_plain(const uint32_t *asked, size_t n, const uint32_t *read, size_t m, uint32_t mark,
                    uint32_t *told) {
    enum { CLOSE = 8 };
    if (n < CLOSE * m)
        go_along(asked, n, read, m, mark, told);
    else
        search_each(asked, n, read, m, mark, told);
}

#ifdef __x86_64__
#include <immintrin.h>

/* Each of eight asked beside each of eight read; then those go on whose last is the lower. */
__attribute__((target("avx2"))) static void eight_by_eight(const uint32_t *asked, size_t n,
                                                           const uint32_t *read, size_t m,
                                                           uint32_t mark, uint32_t *told) {
    const __m256i marks = _mm256_set1_epi32((int)mark),
                  turn = _mm256_setr_epi32(1, 2, 3, 4, 5, 6, 7, 0);
    size_t i = 0, k = 0;
    while (n - i >= 8 && m - k >= 8) {
        __m256i a = _mm256_loadu_si256((const __m256i *)(const void *)(asked + i));
        __m256i r = _mm256_loadu_si256((const __m256i *)(const void *)(read + k));
        __m256i same = _mm256_cmpeq_epi32(a, r);
        for (int t = 1; t < 8; t++) {
            r = _mm256_permutevar8x32_epi32(r, turn);
            same = _mm256_or_si256(same, _mm256_cmpeq_epi32(a, r));
        }
        __m256i *to = (__m256i *)(void *)(told + i);
        _mm256_storeu_si256(to,
                            _mm256_or_si256(_mm256_loadu_si256(to), _mm256_and_si256(same, marks)));
        uint32_t last = asked[i + 7], other = read[k + 7];
        i += last <= other ? 8 : 0;
        k += other <= last ? 8 : 0;
    }
    go_along(asked + i, n - i, read + k, m - k, mark, told + i);
}

void jbk_tell(const uint32_t *asked, size_t n, const uint32_t *read, size_t m, uint32_t mark,
              uint32_t *told) {
    enum { CLOSE = 24 };
    if (!__builtin_cpu_supports("avx2"))
        jbk_tell_plain(asked, n, read, m, mark, told);
    else if (n < CLOSE * m)
        eight_by_eight(asked, n, read, m, mark, told);
    else
        search_each(asked, n, read, m, mark, told);
}
#else
void jbk_tell(const uint32_t *asked, size_t n, const uint32_t *read, size_t m, uint32_t mark,
              uint32_t *told) {
    jbk_tell_plain(asked, n, read, m, mark, told);
}
#endif
