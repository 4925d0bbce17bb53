/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Packed distances come back, four side by side or not, and bytes that are not what they should be
 * are refused alike; none is read past the end. */
#include "gaps.h"
#include "support.h"

#include <stdlib.h>

enum { MOST = 300 };

static uint32_t some_numbers(uint32_t *out, uint32_t n, uint32_t *before) {
    uint64_t at = *before = (uint32_t)(random_next() >> (32 + random_below(32)));
    unsigned wide = 1 + (unsigned)random_below(32);
    uint32_t made = 0;
    for (; made < n; made++) {
        at += random_next() >> (64 - 1 - random_below(wide));
        if (at > UINT32_MAX) break;
        out[made] = (uint32_t)at;
    }
    return made;
}

/* Both ways, from a copy that ends where the bytes end. */
static void get(const char *packed, size_t len, uint32_t n, uint32_t before, const uint32_t *wanted,
                bool whole) {
    uint32_t plain[MOST] = {0}, beside[MOST] = {0};
    char *copy = malloc(len + 1), *bytes = copy + 1; /* not aligned */
    memcpy(bytes, packed, len);
    const char *a = jbk_gaps_get_plain(bytes, bytes + len, n, before, plain);
    const char *b = jbk_gaps_get(bytes, bytes + len, n, before, beside);
    ck_must(a == b, "%u numbers in %zu bytes: %td behind, not %td", (unsigned)n, len,
            b ? b - bytes : -1, a ? a - bytes : -1);
    ck_must(!a || !memcmp(plain, beside, n * sizeof *plain), "%u numbers differ", (unsigned)n);
    if (wanted && whole) {
        ck_must(a == bytes + len, "%u numbers in %zu bytes are refused", (unsigned)n, len);
        ck_must(!memcmp(plain, wanted, n * sizeof *plain), "%u numbers are others", (unsigned)n);
    }
    ck_must(!wanted || whole || !a, "%u numbers, cut off at %zu bytes, are read", (unsigned)n, len);
    free(copy);
}

START_TEST(numbers_come_back) {
    random_begin(1);
    jbk_buf packed = {0};
    for (int round = 0; round < 20000; round++) {
        uint32_t numbers[MOST], before;
        uint32_t n = some_numbers(numbers, (uint32_t)random_below(MOST), &before);
        packed.len = 0;
        jbk_gaps_put(numbers, n, before, &packed);
        get(packed.data, packed.len, n, before, numbers, true);
        if (n) get(packed.data, random_below(packed.len), n, before, numbers, false);
    }
    jbk_buf_free(&packed);
}
END_TEST

START_TEST(other_bytes_are_refused_alike) {
    random_begin(2);
    for (int round = 0; round < 20000; round++) {
        char bytes[MOST];
        size_t len = random_below(MOST);
        for (size_t i = 0; i < len; i++)
            bytes[i] = (char)(random_below(4) ? random_below(4) : random_next());
        get(bytes, len, (uint32_t)random_below(len + 2), (uint32_t)random_next(), NULL, false);
    }
}
END_TEST

int main(void) {
    Suite *suite = suite_create("gaps");
    TCase *c = tcase_create("gaps");
    tcase_add_test(c, numbers_come_back);
    tcase_add_test(c, other_bytes_are_refused_alike);
    suite_add_tcase(suite, c);
    return run_suite(suite);
}
