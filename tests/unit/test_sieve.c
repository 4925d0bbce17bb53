/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A sieve lets all pass that are asked for and lie on the line, in order, and mostly no others. */
#include "sieve.h"
#include "support.h"
#include "tell.h"

#include <stdlib.h>

enum { ASKED = 200, PLACES = 3000 };

static int by_number(const void *x, const void *y) {
    uint32_t a = *(const uint32_t *)x, b = *(const uint32_t *)y;
    return a < b ? -1 : a > b;
}

static void some_ascending(uint32_t *out, size_t n, uint32_t end) {
    for (size_t i = 0; i < n; i++) out[i] = (uint32_t)random_below(end);
    if (n) qsort(out, n, sizeof *out, by_number);
}

static bool is_among(const uint32_t *numbers, size_t n, uint32_t x) {
    return n && bsearch(&x, numbers, n, sizeof x, by_number);
}

/* What passes is in order, and what should pass is among it. */
static void look_at(const uint32_t *passed, size_t n, const uint32_t *asked, size_t nasked,
                    const uint32_t *places, size_t nplaces, uint32_t ahead, uint32_t back,
                    uint32_t end) {
    size_t k = 0;
    for (size_t i = 0; i < nplaces; i++) {
        int64_t place = (int64_t)places[i] + ahead - back;
        if (place < 0 || place >= end) continue;
        bool wanted = is_among(asked, nasked, (uint32_t)place);
        if (k < n && passed[k] == (uint32_t)place)
            k++;
        else
            ck_must(!wanted, "%lld does not pass", (long long)place);
    }
    ck_must(k == n, "%zu passed that are not among the places", n - k);
}

static void one_round(jbk_sieve *s, uint32_t end) {
    uint32_t asked[ASKED], *places = jbk_alloc(PLACES * sizeof *places);
    size_t nasked = 1 + random_below(ASKED), n = random_below(PLACES);
    uint32_t ahead = (uint32_t)random_below(5), back = (uint32_t)random_below(5);
    uint32_t *plain = jbk_alloc((n + JBK_SIEVE_SLACK) * sizeof *plain),
             *passed = jbk_alloc((n + JBK_SIEVE_SLACK) * sizeof *passed);
    some_ascending(asked, nasked, end);
    some_ascending(places, n, end);
    for (size_t i = 0; i < n; i++) /* some that pass, and some near both ends */
        if (!random_below(8)) places[i] = asked[random_below(nasked)] + back - ahead;
    for (size_t i = 0; i < n; i++)
        if (places[i] >= end) places[i] = random_below(2) ? end - 1 : 0;
    jbk_sieve_make(s, asked, nasked, end);
    size_t a = jbk_sieve_pass_plain(s, places, n, ahead, back, plain);
    size_t b = jbk_sieve_pass(s, places, n, ahead, back, passed);
    ck_must(a == b && !memcmp(plain, passed, a * sizeof *plain), "%zu pass, not %zu", b, a);
    look_at(plain, a, asked, nasked, places, n, ahead, back, end);
    free(places);
    free(plain);
    free(passed);
}

START_TEST(what_is_asked_for_passes) {
    static const uint32_t ENDS[] = {
        1, 2, 63, 64, 65, 1000, 100000, 1u << 31, UINT32_MAX - 70000, UINT32_MAX - 3, UINT32_MAX};
    random_begin(1);
    jbk_sieve s = {0};
    for (int round = 0; round < 3000; round++) one_round(&s, random_pick(ENDS));
    jbk_sieve_free(&s);
}
END_TEST

START_TEST(few_others_pass) {
    random_begin(2);
    jbk_sieve s = {0};
    uint32_t asked[ASKED], places[PLACES], out[PLACES + JBK_SIEVE_SLACK];
    some_ascending(asked, ASKED, 10000000);
    some_ascending(places, PLACES, 10000000);
    jbk_sieve_make(&s, asked, ASKED, 10000000);
    ck_assert_uint_lt(jbk_sieve_pass(&s, places, PLACES, 0, 0, out), PLACES / 8);
    jbk_sieve_free(&s);
}
END_TEST

/* Of those asked those that were read get the mark, and keep what they were told before. */
static void tell_one_round(uint32_t end) {
    uint32_t *asked = jbk_alloc(PLACES * sizeof *asked), *read = jbk_alloc(PLACES * sizeof *read);
    uint32_t *plain = jbk_calloc(PLACES, sizeof *plain), *told = jbk_calloc(PLACES, sizeof *told);
    size_t n = random_below(random_below(2) ? 20 : PLACES),
           m = random_below(random_below(2) ? 20 : PLACES);
    some_ascending(asked, n, end);
    some_ascending(read, m, end);
    for (size_t i = 0; i < n; i++) plain[i] = told[i] = (uint32_t)random_below(8) << 1;
    jbk_tell_plain(asked, n, read, m, 1, plain);
    jbk_tell(asked, n, read, m, 1, told);
    for (size_t i = 0; i < n; i++) {
        bool want = is_among(read, m, asked[i]), first = !i || asked[i - 1] != asked[i];
        ck_must((plain[i] | 1) == (told[i] | 1), "%u was told something else", asked[i]);
        ck_must((plain[i] & 1) <= want && (told[i] & 1) <= want, "%u is not there", asked[i]);
        /* The same place twice is damage: one of them may stay untold. */
        if (first && (i + 1 == n || asked[i + 1] != asked[i]))
            ck_must((plain[i] & 1) == want && (told[i] & 1) == want, "%u is there", asked[i]);
    }
    free(asked);
    free(read);
    free(plain);
    free(told);
}

START_TEST(what_was_read_is_told) {
    random_begin(3);
    for (int round = 0; round < 3000; round++)
        tell_one_round(random_below(2) ? 4000 : 1000000 + (uint32_t)round);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("sieve");
    TCase *c = tcase_create("sieve");
    tcase_add_test(c, what_is_asked_for_passes);
    tcase_add_test(c, few_others_pass);
    tcase_add_test(c, what_was_read_is_told);
    suite_add_tcase(suite, c);
    return run_suite(suite);
}
