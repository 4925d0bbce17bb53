/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Distances of words: known ones, and random ones beside the definition, by recursion. */
#include "random_text.h"
#include "suggest.h"
#include "support.h"

#include <string.h>

static unsigned least(unsigned a, unsigned b) { return a < b ? a : b; }

/* The edits that make b of a, no part edited twice. */
static unsigned slow_distance(const uint32_t *a, size_t n, const uint32_t *b, size_t m) {
    if (!n || !m) return (unsigned)(n + m);
    unsigned d = slow_distance(a + 1, n - 1, b + 1, m - 1) + (*a != *b);
    d = least(d, slow_distance(a + 1, n - 1, b, m) + 1);
    d = least(d, slow_distance(a, n, b + 1, m - 1) + 1);
    if (n > 1 && m > 1 && a[0] == b[1] && a[1] == b[0])
        d = least(d, slow_distance(a + 2, n - 2, b + 2, m - 2) + 1);
    return d;
}

static unsigned distance(const char *a, const char *b, unsigned most) {
    uint32_t x[20] = {0}, y[20] = {0};
    size_t n = strlen(a), m = strlen(b);
    for (size_t i = 0; i < n; i++) x[i] = (uint32_t)a[i];
    for (size_t i = 0; i < m; i++) y[i] = (uint32_t)b[i];
    return jbk_word_distance(x, n, y, m, most);
}

START_TEST(known_distances) {
    ck_assert_uint_eq(distance("", "", 2), 0);
    ck_assert_uint_eq(distance("abc", "abc", 0), 0);
    ck_assert_uint_eq(distance("abc", "acb", 2), 1);
    ck_assert_uint_eq(distance("abc", "ab", 2), 1);
    ck_assert_uint_eq(distance("kazahkstan", "kazakhstan", 2), 1);
    ck_assert_uint_eq(distance("abc", "xyz", 2), 3);
    ck_assert_uint_eq(distance("abc", "xyz", 3), 3);
    ck_assert_uint_eq(distance("a", "abcdef", 2), 3);
}
END_TEST

START_TEST(random_distances) {
    random_begin(7);
    for (int i = 0; i < 20000; i++) {
        uint32_t a[6], b[6];
        size_t n = random_below(7), m = random_below(7);
        unsigned most = (unsigned)random_below(4);
        for (size_t k = 0; k < n; k++) a[k] = (uint32_t)('a' + random_below(3));
        for (size_t k = 0; k < m; k++) b[k] = (uint32_t)('a' + random_below(3));
        unsigned want = slow_distance(a, n, b, m), got = jbk_word_distance(a, n, b, m, most);
        ck_must(got == least(want, most + 1), "%zu %zu letters: %u, not %u", n, m, got, want);
    }
}
END_TEST

int main(void) {
    Suite *suite = suite_create("suggest");
    TCase *all = tcase_create("distance");
    tcase_add_test(all, known_distances);
    tcase_add_test(all, random_distances);
    suite_add_tcase(suite, all);
    return run_suite(suite);
}
