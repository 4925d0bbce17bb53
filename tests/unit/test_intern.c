/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/intern.h"
#include "support.h"

#include <stdio.h>
#include <stdlib.h>

START_TEST(numbers_are_dense_and_stay) {
    jbk_intern t = {0};
    uint32_t number;
    ck_assert(!jbk_intern_find(&t, "a", 1, &number));
    ck_assert_uint_eq(jbk_intern_add(&t, "a", 1), 0);
    ck_assert_uint_eq(jbk_intern_add(&t, "", 0), 1);
    ck_assert_uint_eq(jbk_intern_add(&t, "a\0", 2), 2);
    ck_assert_uint_eq(jbk_intern_add(&t, "a\0b", 3), 3);
    ck_assert_uint_eq(jbk_intern_add(&t, "a", 1), 0);
    ck_assert_uint_eq(jbk_intern_add(&t, "", 0), 1);
    ck_assert_uint_eq(t.keys.n, 4);
    ck_assert(jbk_intern_find(&t, "a\0b", 3, &number) && number == 3);
    ck_assert(!jbk_intern_find(&t, "a\0c", 3, &number));
    jbk_intern_free(&t);
    ck_assert(!jbk_intern_find(&t, "a", 1, &number));
    ck_assert_uint_eq(jbk_intern_add(&t, "b", 1), 0); /* ready to be used again */
    jbk_intern_free(&t);
    jbk_intern_free(&t);
}
END_TEST

START_TEST(many_strings) {
    enum { N = 100000 };
    jbk_intern t = {0};
    char s[32];
    for (uint32_t round = 0; round < 2; round++)
        for (uint32_t i = 0; i < N; i++) {
            int len = snprintf(s, sizeof s, "%u", i * 7919u);
            uint32_t number = jbk_intern_add(&t, s, (size_t)len);
            ck_must(number == i, "%u is %u", i, number);
        }
    ck_assert_uint_eq(t.keys.n, N);
    ck_assert_uint_gt(jbk_intern_bytes(&t), N * 8);
    for (uint32_t i = 0; i < N; i++) {
        uint32_t number;
        int len = snprintf(s, sizeof s, "%u", i * 7919u);
        ck_must(jbk_intern_find(&t, s, (size_t)len, &number) && number == i, "%u", i);
        ck_must(t.keys.at[i].len == (uint32_t)len && !strcmp(t.keys.at[i].s, s), "%u", i);
        s[0] = 'x';
        ck_must(!jbk_intern_find(&t, s, (size_t)len, &number), "%s", s);
    }
    jbk_intern_free(&t);
}
END_TEST

/* Random strings from a small set against a list. */
START_TEST(random_strings) {
    struct {
        char s[4];
        size_t len;
    } seen[400];
    size_t n = 0;
    jbk_intern t = {0};
    random_begin(1);
    for (int i = 0; i < 20000; i++) {
        char s[4];
        size_t len = random_below(4), k = 0;
        for (size_t j = 0; j < len; j++) s[j] = (char)random_below(5);
        while (k < n && !(seen[k].len == len && !memcmp(seen[k].s, s, len))) k++;
        if (k == n) {
            memcpy(seen[n].s, s, len);
            seen[n++].len = len;
        }
        ck_must(jbk_intern_add(&t, s, len) == k, "%s", hex_of(s, len));
    }
    ck_assert_uint_eq(t.keys.n, n);
    jbk_intern_free(&t);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("intern");
    TCase *tcase = tcase_create("intern");
    tcase_add_test(tcase, numbers_are_dense_and_stay);
    tcase_add_test(tcase, many_strings);
    tcase_add_test(tcase, random_strings);
    suite_add_tcase(suite, tcase);
    return run_suite(suite);
}
