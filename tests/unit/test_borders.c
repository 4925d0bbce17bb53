/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pairs on the borders of terms, against a walk over the folded text. */
#include "text/borders.h"

#include "base/utf8.h"
#include "random_text.h"
#include "support.h"
#include "text/segment.h"

#include <stdlib.h>

typedef JBK_VEC(uint32_t) pair_list;

static const uint32_t HAN[] = {U'的', U'在', U'中', U'国', U'哈', U'萨',
                               U'克', U'龘', U'㐀', U'発', U'國'};

/* Folded, what random text has, and Han that ICU cuts here and there. */
static void some_text(jbk_buf *out) {
    jbk_buf part = {0};
    out->len = 0;
    for (size_t n = random_below(8); n; n--) {
        for (size_t k = random_below(30); k; k--) jbk_utf8_put(out, random_pick(HAN));
        random_text(&part, random_below(4), false);
        jbk_buf_add(out, part.data, part.len);
    }
    jbk_buf_free(&part);
}

static uint32_t code_point(const char *s, size_t len, size_t at) {
    return jbk_utf8_next(s, len, &at);
}

/* Appends the pair of each two terms that touch. */
static void walk(jbk_segmenter *segmenter, const jbk_buf *text, pair_list *out) {
    jbk_folded f = {0};
    jbk_slices terms = {0};
    jbk_fold(&f, text->data, text->len);
    ck_ok(jbk_segment(segmenter, &f, &terms, &test_err));
    for (size_t i = 1; i < terms.n; i++) {
        size_t at = terms.at[i].start, before = at;
        if (terms.at[i - 1].start + terms.at[i - 1].len != at) continue;
        do before--;
        while (!jbk_utf8_is_start(f.utf8.data[before]));
        uint32_t pair = jbk_pair_of(code_point(f.utf8.data, f.utf8.len, before),
                                    code_point(f.utf8.data, f.utf8.len, at));
        if (pair != JBK_NO_PAIR) jbk_vec_push(out, pair);
    }
    jbk_folded_free(&f);
    jbk_vec_free(&terms);
}

START_TEST(pairs_are_those_on_borders) {
    jbk_counter *counter;
    jbk_segmenter *segmenter;
    ck_ok(jbk_counter_new(&counter, &test_err));
    ck_ok(jbk_segmenter_new(&segmenter, &test_err));
    jbk_intern words = {0};
    jbk_word_counts counts = {0};
    jbk_borders b = {0};
    jbk_buf title = {0}, text = {0};
    size_t seen = 0;
    random_begin(1);
    for (int round = 0; round < 3000; round++) {
        pair_list want = {0};
        uint32_t total;
        some_text(&title);
        some_text(&text);
        ck_ok(jbk_count_terms(counter, title.data, title.len, text.data, text.len, &words, &counts,
                              &total, &test_err));
        jbk_borders_find(&b, &words, jbk_counter_places(counter, true),
                         jbk_counter_places(counter, false));
        walk(segmenter, &title, &want);
        walk(segmenter, &title, &want);
        walk(segmenter, &text, &want);
        ck_must(b.found.n == want.n, "round %d: %zu pairs, not %zu", round, b.found.n, want.n);
        ck_must(!want.n || !memcmp(b.found.at, want.at, want.n * sizeof *want.at), "round %d",
                round);
        seen += want.n;
        jbk_vec_free(&want);
        if (random_below(50)) continue; /* as a batch begins */
        jbk_intern_free(&words);
        b.ends.n = 0;
    }
    ck_assert_uint_gt(seen, 10000);
    jbk_counter_free(counter);
    jbk_segmenter_free(segmenter);
    jbk_intern_free(&words);
    jbk_vec_free(&counts);
    jbk_borders_free(&b);
    jbk_buf_free(&title);
    jbk_buf_free(&text);
}
END_TEST

/* Each character has a number of its own, on either side. */
START_TEST(numbers_tell_characters_apart) {
    static bool left[1 << 15], right[1 << 15];
    for (uint32_t cp = 0x4E00; cp < 0xA000; cp++) {
        uint32_t as_left = jbk_pair_of(cp, U'的') >> 15, as_right = jbk_pair_of(U'的', cp);
        ck_must(as_left < 1 << 15 && !left[as_left], "U+%04X on the left", cp);
        ck_must(as_right < 1 << 15 && !right[as_right], "U+%04X on the right", cp);
        left[as_left] = right[as_right] = true;
    }
}
END_TEST

START_TEST(numbers_tell_pairs_apart) {
    ck_assert_uint_eq(jbk_pair_of(U'的', U'的'), 0);
    ck_assert_uint_ne(jbk_pair_of(U'的', U'在'), jbk_pair_of(U'在', U'的'));
    ck_assert_uint_lt(jbk_pair_of(U'鿿', U'鿿'), 1u << 30);
    ck_assert_uint_ne(jbk_pair_of(U'龘', U'的'), jbk_pair_of(U'的', U'龘'));
    ck_assert_uint_ne(jbk_pair_of(U'龘', U'的'), jbk_pair_of(U'龗', U'的'));
    ck_assert_uint_eq(jbk_pair_of(U'㐀', U'的'), JBK_NO_PAIR);
    ck_assert_uint_eq(jbk_pair_of('a', U'的'), JBK_NO_PAIR);
    ck_assert_uint_eq(jbk_pair_of(U'的', 0x20000), JBK_NO_PAIR);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("borders");
    TCase *all = tcase_create("all");
    tcase_set_timeout(all, 120);
    tcase_add_test(all, pairs_are_those_on_borders);
    tcase_add_test(all, numbers_tell_characters_apart);
    tcase_add_test(all, numbers_tell_pairs_apart);
    suite_add_tcase(suite, all);
    return run_suite(suite);
}
