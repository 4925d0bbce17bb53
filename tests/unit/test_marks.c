/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Documents marked, and documents of places, beside the same found one by one. */
#include "lines.h"
#include "marks.h"

#include <check.h>
#include <stdlib.h>

/* Marks about one document in `sparse`, some twice, and compares with a bitmap made by adding. */
static void assert_marked(jbk_marks *m, uint32_t docs, uint32_t base, unsigned sparse,
                          roaring_bitmap_t *(*take)(jbk_marks *m)) {
    JBK_VEC(uint32_t) some = {0};
    roaring_bitmap_t *expected = roaring_bitmap_create();
    for (uint32_t n = (docs - base) / sparse + 1; n--;) {
        uint32_t doc = (uint32_t)rand() % (docs - base);
        jbk_vec_push(&some, doc);
        if (n % 3 == 0) jbk_vec_push(&some, doc);
        roaring_bitmap_add(expected, base + doc);
    }
    jbk_marks_begin(m, docs);
    jbk_marks_add(m, base, some.at, some.n);
    roaring_bitmap_t *taken = take(m);
    ck_assert(roaring_bitmap_equals(taken, expected));
    roaring_bitmap_free(taken);
    taken = take(m);
    ck_assert(roaring_bitmap_is_empty(taken));
    roaring_bitmap_free(taken);
    roaring_bitmap_free(expected);
    jbk_vec_free(&some);
}

START_TEST(marks_are_the_documents_added) {
    static const uint32_t sizes[] = {1, 63, 4096, 4097, 65535, 65536, 65537, 300000};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        jbk_marks m = {0};
        for (unsigned sparse = 1; sparse < 100000; sparse *= 7) {
            assert_marked(&m, sizes[i], 0, sparse, jbk_marks_take);
            assert_marked(&m, sizes[i], sizes[i] / 2, sparse, jbk_marks_take_plain);
            assert_marked(&m, sizes[i], sizes[i] / 2, sparse, jbk_marks_take);
            assert_marked(&m, sizes[i], 0, sparse, jbk_marks_take_plain);
        }
        jbk_marks_free(&m);
    }
}
END_TEST

/* Bits of documents from `base` on, beside a few marked one by one. */
static void assert_bits_marked(jbk_marks *m, uint32_t docs, uint32_t base, unsigned sparse) {
    uint32_t n = docs - base, words = (n + 63) / 64, few[2] = {0, docs - 1};
    uint64_t *bits = jbk_calloc(words, sizeof *bits);
    roaring_bitmap_t *expected = roaring_bitmap_create();
    for (uint32_t doc = 0; doc < n; doc++) {
        if ((uint32_t)rand() % sparse) continue;
        bits[doc / 64] |= UINT64_C(1) << doc % 64;
        roaring_bitmap_add(expected, base + doc);
    }
    roaring_bitmap_add_many(expected, 2, few);
    jbk_marks_begin(m, docs);
    jbk_marks_add(m, 0, few, 2);
    jbk_marks_add_bits(m, base, bits, words);
    roaring_bitmap_t *taken = jbk_marks_take(m);
    ck_assert(roaring_bitmap_equals(taken, expected));
    roaring_bitmap_free(taken);
    roaring_bitmap_free(expected);
    free(bits);
}

START_TEST(marks_are_the_bits_added) {
    static const uint32_t sizes[] = {1, 63, 64, 4097, 65535, 65536, 65537, 300000};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        jbk_marks m = {0};
        for (unsigned sparse = 1; sparse < 100000; sparse *= 7)
            for (uint32_t base = 0; base < sizes[i]; base += sizes[i] / 3 + 1)
                assert_bits_marked(&m, sizes[i], base, sparse);
        jbk_marks_free(&m);
    }
}
END_TEST

static int by_number(const void *x, const void *y) {
    uint32_t a = *(const uint32_t *)x, b = *(const uint32_t *)y;
    return a < b ? -1 : a > b;
}

/* Documents of up to `longest` places; every third has one only, which is the gap. */
static void assert_documents(uint32_t docs, uint32_t longest) {
    enum { ASKED = 50, ROUNDS = 40 };
    uint32_t *starts = jbk_alloc((docs + 1) * sizeof *starts), places[ASKED], found[ASKED];
    starts[0] = 0;
    for (uint32_t d = 0; d < docs; d++)
        starts[d + 1] = starts[d] + (d % 3 ? 1 + (uint32_t)rand() % longest : 1);
    jbk_line_map line = {.starts = starts, .docs = docs};
    for (int round = 0; round < ROUNDS;
         round++) { /* the first without a guide, if there are many */
        for (int i = 0; i < ASKED; i++) places[i] = (uint32_t)rand() % starts[docs];
        qsort(places, ASKED, sizeof *places, by_number);
        memcpy(found, places, sizeof found);
        ck_assert(jbk_line_documents(&line, found, ASKED));
        for (int i = 0; i < ASKED; i++)
            ck_assert(starts[found[i]] <= places[i] && places[i] < starts[found[i] + 1]);
        places[ASKED - 1] = starts[docs];
        ck_assert(!jbk_line_documents(&line, places, ASKED));
    }
    ck_assert_ptr_nonnull(line.guide);
    free(line.guide);
    free(starts);
}

START_TEST(places_lie_in_their_documents) {
    assert_documents(1, 10);
    assert_documents(7, 1);
    assert_documents(1000, 30);
    assert_documents(20000, 5);
    assert_documents(20000, 3000);
}
END_TEST

int main(void) {
    Suite *s = suite_create("marks");
    TCase *c = tcase_create("all");
    tcase_add_test(c, marks_are_the_documents_added);
    tcase_add_test(c, marks_are_the_bits_added);
    tcase_add_test(c, places_lie_in_their_documents);
    suite_add_tcase(s, c);
    SRunner *r = srunner_create(s);
    srunner_run_all(r, CK_ENV);
    int failed = srunner_ntests_failed(r);
    srunner_free(r);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
