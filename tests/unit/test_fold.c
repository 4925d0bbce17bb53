/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The basic fold against its slow reference, over all of Unicode and random strings. */
#include "base/utf8.h"
#include "fold_slow.h"
#include "match.h"
#include "random_text.h"
#include "support.h"
#include "text/chars.h"
#include "text/fold.h"

#include <stdio.h>
#include <stdlib.h>
#include <unicode/unorm2.h>

static jbk_folded once, twice, part;
static jbk_buf slow;

static void free_all(void) {
    jbk_folded_free(&once);
    jbk_folded_free(&twice);
    jbk_folded_free(&part);
    jbk_buf_free(&slow);
    once = twice = part = (jbk_folded){0};
}

static void load(void) { fold_slow_load(JBK_SOURCE_DIR "/data/han_t2s_fold.tsv"); }

static bool same(const jbk_buf *a, const char *s, size_t len) {
    return a->len == len && (!len || memcmp(a->data, s, len) == 0);
}

/* UTF-16 beside the UTF-8 says the same. */
static bool utf16_agrees(const jbk_folded *f) {
    size_t k = 0;
    for (size_t i = 0; i < f->utf8.len;) {
        uint32_t cp = jbk_utf8_next(f->utf8.data, f->utf8.len, &i);
        if (cp >= 0x10000) {
            if (k + 2 > f->utf16.n || f->utf16.at[k++] != 0xD7C0 + (cp >> 10)) return false;
            cp = 0xDC00 | (cp & 0x3FF);
        }
        if (k >= f->utf16.n || f->utf16.at[k++] != cp) return false;
    }
    return k == f->utf16.n;
}

static void assert_folds_well(const char *s, size_t len) {
    jbk_fold(&once, s, len);
    fold_slow(s, len, &slow);
    ck_must(same(&once.utf8, slow.data, slow.len), "%s folds to %s", hex_of(s, len),
            hex_of(once.utf8.data, once.utf8.len));
    ck_must(utf16_agrees(&once), "UTF-16 of %s", hex_of(s, len));
    jbk_fold(&twice, once.utf8.data, once.utf8.len);
    ck_must(same(&twice.utf8, once.utf8.data, once.utf8.len), "%s folds once more to %s",
            hex_of(s, len), hex_of(twice.utf8.data, twice.utf8.len));
}

/* --- every code point --- */

static bool surrogate(uint32_t cp) { return cp >= 0xD800 && cp < 0xE000; }

START_TEST(every_code_point_alone) {
    jbk_buf s = {0};
    for (uint32_t cp = 0; cp < 0x110000; cp++) {
        if (surrogate(cp)) continue;
        s.len = 0;
        jbk_utf8_put(&s, cp);
        assert_folds_well(s.data, s.len);
    }
    jbk_buf_free(&s);
}
END_TEST

static const char *const around[][2] = {{"a", "b"},
                                        {"", "\xCC\x81"}, /* U+0301 */
                                        {"e\xCC\xA7", "\xCC\x81"},
                                        {"\xE1\x84\x80", "\xE1\x85\xA1"},
                                        {" ", " "},
                                        {"\xD8\xA7", "\xD9\x93"}};

/* A row of 64 code points at a time: what is wrong with one of them is wrong with the row. */
START_TEST(every_code_point_between) {
    jbk_buf row = {0};
    const char *before = around[_i][0], *behind = around[_i][1];
    for (uint32_t cp = 0; cp < 0x110000; cp++) {
        if (!surrogate(cp)) {
            jbk_buf_str(&row, before);
            jbk_utf8_put(&row, cp);
            jbk_buf_str(&row, behind);
        }
        if (cp % 64 != 63) continue;
        assert_folds_well(row.data, row.len);
        row.len = 0;
    }
    jbk_buf_free(&row);
}
END_TEST

/* --- random strings --- */

enum { STRINGS = 10000 };

START_TEST(random_strings) {
    jbk_buf s = {0};
    random_begin(1);
    for (int i = 0; i < STRINGS; i++) {
        random_text(&s, random_below(40), i % 8 == 0);
        assert_folds_well(s.data, s.len);
    }
    jbk_buf_free(&s);
}
END_TEST

START_TEST(random_bytes) {
    char s[24];
    random_begin(2);
    for (int i = 0; i < STRINGS; i++) {
        size_t len = random_below(sizeof s + 1);
        for (size_t k = 0; k < len; k++) s[k] = (char)random_next();
        assert_folds_well(s, len);
    }
}
END_TEST

/* What is folded in pieces at blanks is the same: a search for a whole word may trust it. */
START_TEST(letters_do_not_reach_over_a_letter) {
    jbk_buf a = {0}, b = {0}, both = {0};
    random_begin(3);
    for (int i = 0; i < STRINGS; i++) {
        random_text(&a, random_below(12), false);
        random_text(&b, random_below(12), false);
        both.len = 0;
        jbk_buf_add(&both, a.data, a.len);
        jbk_buf_byte(&both, 'x');
        jbk_buf_add(&both, b.data, b.len);
        jbk_fold(&once, both.data, both.len);
        jbk_buf_byte(&a, 'x');
        jbk_fold(&twice, a.data, a.len);
        ck_must(once.utf8.len >= twice.utf8.len - 1 &&
                    !memcmp(once.utf8.data, twice.utf8.data, twice.utf8.len - 1),
                "%s", hex_of(both.data, both.len));
    }
    jbk_buf_free(&a);
    jbk_buf_free(&b);
    jbk_buf_free(&both);
}
END_TEST

/* --- the map --- */

/* Is `at` where a code point of s (or an ill-formed sequence) begins or s ends? */
static bool is_border(const char *s, size_t len, size_t at) {
    size_t i = 0;
    while (i < at && i < len) jbk_utf8_next(s, len, &i);
    return i == at;
}

static void assert_map_is_sane(const char *s, size_t len) {
    once.want_map = true;
    jbk_fold(&once, s, len);
    ck_must(once.map.n == once.utf8.len + 1 && once.map.at[once.utf8.len] == len, "%s: map ends",
            hex_of(s, len));
    size_t last_from = 0, last_to = 0;
    for (size_t i = 0; i < once.utf8.len;) {
        size_t from = i, src_from, src_to;
        jbk_utf8_next(once.utf8.data, once.utf8.len, &i);
        jbk_fold_source(&once, from, i, &src_from, &src_to);
        ck_must(src_from <= src_to && src_to <= len, "%s: %zu..%zu", hex_of(s, len), src_from,
                src_to);
        ck_must(src_from < src_to, "%s: byte %zu comes from nothing", hex_of(s, len), from);
        ck_must(src_from >= last_from && src_to >= last_to, "%s: goes back at %zu", hex_of(s, len),
                from);
        ck_must(is_border(s, len, src_from) && is_border(s, len, src_to),
                "%s: %zu..%zu cuts a character", hex_of(s, len), src_from, src_to);
        last_from = src_from;
        last_to = src_to;
    }
    size_t from = random_below(once.utf8.len + 1), src_from, src_to;
    while (from < once.utf8.len && !jbk_utf8_is_start(once.utf8.data[from])) from++;
    jbk_fold_source(&once, from, once.utf8.len, &src_from, &src_to);
    ck_must(src_to == len && is_border(s, len, src_from), "%s: the end", hex_of(s, len));
}

START_TEST(map_is_sane) {
    jbk_buf s = {0};
    random_begin(4);
    for (int i = 0; i < STRINGS; i++) {
        random_text(&s, random_below(30), i % 8 == 0);
        assert_map_is_sane(s.data, s.len);
    }
    jbk_buf_free(&s);
}
END_TEST

/* Each code point a boundary before and behind, for ICU's normaliser and ours. */
static uint32_t random_lonely(const UNormalizer2 *nfkc_casefold) {
    for (;;) {
        uint32_t cp = random_code_point();
        if (surrogate(cp) || !unorm2_isInert(nfkc_casefold, (UChar32)cp)) continue;
        char s[4];
        jbk_buf b = {0};
        jbk_utf8_put(&b, cp);
        memcpy(s, b.data, b.len);
        jbk_fold(&part, s, b.len);
        jbk_buf_free(&b);
        if (part.utf8.len) return cp;
    }
}

/* Where nothing combines, the source of a folded character folds to that character. */
START_TEST(map_leads_to_what_folds_so) {
    UErrorCode e = U_ZERO_ERROR;
    const UNormalizer2 *nfkc_casefold = unorm2_getNFKCCasefoldInstance(&e);
    ck_assert(U_SUCCESS(e));
    jbk_buf s = {0};
    random_begin(5);
    for (int i = 0; i < 2000; i++) {
        s.len = 0;
        for (size_t n = 1 + random_below(20); n; n--)
            jbk_utf8_put(&s, random_below(6) ? random_lonely(nfkc_casefold) : ' ');
        once.want_map = true;
        jbk_fold(&once, s.data, s.len);
        for (size_t k = 0; k < once.utf8.len;) {
            size_t from = k, src_from, src_to;
            jbk_utf8_next(once.utf8.data, once.utf8.len, &k);
            jbk_fold_source(&once, from, k, &src_from, &src_to);
            jbk_fold(&part, s.data + src_from, src_to - src_from);
            ck_must(same(&part.utf8, once.utf8.data + from, k - from), "%s: %zu..%zu",
                    hex_of(s.data, s.len), src_from, src_to);
        }
    }
    jbk_buf_free(&s);
}
END_TEST

static void assert_source(const char *s, const char *slice, const char *source) {
    once.want_map = true;
    jbk_fold(&once, s, strlen(s));
    const char *p = memmem(once.utf8.data, once.utf8.len, slice, strlen(slice));
    ck_assert_msg(p != NULL, "%s does not hold %s", s, slice);
    size_t from = (size_t)(p - once.utf8.data), src_from, src_to;
    jbk_fold_source(&once, from, from + strlen(slice), &src_from, &src_to);
    ck_assert_msg(src_to - src_from == strlen(source) &&
                      !memcmp(s + src_from, source, strlen(source)),
                  "%s in %s comes from %.*s", slice, s, (int)(src_to - src_from), s + src_from);
}

START_TEST(map_known_cases) {
    assert_source("看哈薩克斯坦吧", "哈萨克", "哈薩克");
    assert_source("新５Ｇ网", "5g", "５Ｇ");
    assert_source("a  \n b", " ", "  \n ");
    assert_source("кофе\xCC\x88 ж", "кофе", "кофе\xCC\x88");
    assert_source("x㍿y", "株式", "㍿"); /* a piece of a character is the character */
    assert_source("ﬁn", "f", "ﬁ");
    assert_source("قـــلـم", "قلم", "قـــلـم");
}
END_TEST

/* --- known cases --- */

static const struct {
    const char *from, *to;
} known[] = {
    {"", ""},
    {"Ёлка", "елка"},
    {"е\xCC\x88лка", "елка"},
    {"کتاب", "كتاب"},
    {"ایران", "ايران"},
    {"\xD9\xB5", "\xD9\xB4\xD8\xA7"}, /* U+0675: U+0674 U+0627 */
    {"\xD9\xB6", "\xD9\xB4\xD9\x88"}, /* U+0676: U+0674 U+0648 */
    {"\xD9\xB7", "\xD9\xB4\xDB\x87"}, /* U+0677: U+0674 U+06C7 */
    {"\xD9\xB8", "\xD9\xB4\xD9\x89"}, /* U+0678: U+0674 U+0649 */
    {"قازاقـــستان", "قازاقستان"},
    {"مُحَمَّدٌ", "محمد"},
    {"ە ھ ى ه", "ە ھ ى ه"}, /* four letters stay four */
    {"５Ｇ", "5g"},
    {"哈薩克", "哈萨克"},
    {"Қазақстан", "қазақстан"},
    {"QAZAQSTAN", "qazaqstan"},
    {"a \t\n\xC2\xA0\xE3\x80\x80 b", "a b"},
    {"  a  ", " a "},
    {"\xE2\x80\x8Bzero\xE2\x80\x8Dwidth\xEF\xBB\xBF", "zerowidth"},
    {"\xE8\x91\x9B\xF3\xA0\x84\x80", "葛"}, /* a variation selector */
    {"ﬁﬂ", "fifl"},
    {"Straße", "strasse"},
    {"㍿", "株式会社"},
    {"ﻗﺎﺯﺍﻕ", "قازاق"}, /* presentation forms */
    {"\xE1\x84\x92\xE1\x85\xA1\xE1\x86\xAB", "한"},
    {"豈", "岂"}, /* a compatibility character, then its simplified form */
    {"“中国”，2019年！", "“中国”,2019年!"},
    {"\xFF", "\xEF\xBF\xBD"},
    {"a\xE4\xB8", "a\xEF\xBF\xBD"},
    {"\xE4\xB8z", "\xEF\xBF\xBDz"},
    {"\xED\xA0\x80", "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD"},
    {"\xC0\xAF", "\xEF\xBF\xBD\xEF\xBF\xBD"},
    {"\xF4\x90\x80\x80", "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD"},
};

START_TEST(known_cases) {
    const char *from = known[_i].from, *to = known[_i].to;
    jbk_fold(&once, from, strlen(from));
    ck_assert_msg(same(&once.utf8, to, strlen(to)), "%s: %s", from,
                  hex_of(once.utf8.data, once.utf8.len));
    assert_folds_well(from, strlen(from));
}
END_TEST

START_TEST(a_nul_is_a_character) {
    jbk_fold(&once, "A\0B", 3);
    ck_assert(same(&once.utf8, "a\0b", 3));
    assert_folds_well("A\0B", 3);
}
END_TEST

START_TEST(a_folded_is_used_again) {
    once.want_map = true;
    jbk_fold(&once, "long enough to leave something behind", 37);
    jbk_fold(&once, "B", 1);
    ck_assert(same(&once.utf8, "b", 1));
    ck_assert_uint_eq(once.utf16.n, 1);
    ck_assert_uint_eq(once.map.n, 2);
    jbk_fold(&once, "", 0);
    ck_assert_uint_eq(once.utf8.len, 0);
    ck_assert_uint_eq(once.map.n, 1);
}
END_TEST

/* --- the boundary rule --- */

static const struct {
    const char *string, *text;
    size_t count;
} matches[] = {
    {"g20", "参加g20峰会", 1},
    {"g20峰会", "参加g20峰会", 1},
    {"20峰会", "参加g20峰会", 0},
    {"5g", "15g 5g网络", 1},
    {"5g", "15g", 0},
    {"kazakhstan", "kazakhstans", 0},
    {"kazakhstan", "in kazakhstan's steppe", 1},
    {"abc", "abc.com", 1},
    {"abc", "xabc.com", 0},
    {"哈萨克", "哈萨克斯坦", 1},
    {"克斯", "哈萨克斯坦", 1},
    {"қаз", "қазақ", 0},
    {"қазақ", "қазақ қазақ, қазақ", 3},
    {"中", "中中中", 3},
    {"中中", "中中中", 2}, /* they overlap */
    {"ab", "ab", 1},
    {".com", "abc.com", 1},
    {"abc.", "abc.com", 1},
    {"か", "かな", 1},
    {"ab", "aab ab", 1},
    {"a", "", 0},
    {"中国", "国中", 0},
    {"abab", "ababab abab", 1},
    {"2019", "2019年", 1},
    {"2019", "12019年", 0},
    {"a b", "xa b a b", 1},
};

START_TEST(match_boundaries) {
    const char *s = matches[_i].string, *text = matches[_i].text;
    size_t got = jbk_match_count(text, strlen(text), s, strlen(s));
    ck_assert_msg(got == matches[_i].count, "%s in %s: %zu", s, text, got);
    ck_assert((jbk_match_find(text, strlen(text), 0, s, strlen(s)) != SIZE_MAX) == (got > 0));
}
END_TEST

/* Every place of a string in a text, the obvious way. */
static bool obviously_at(const char *text, size_t len, size_t at, const char *s, size_t n) {
    if (at + n > len || memcmp(text + at, s, n) != 0) return false;
    size_t ends[2] = {at, at + n};
    for (int e = 0; e < 2; e++) {
        uint32_t before = 0, behind = 0;
        for (size_t i = 0; i < ends[e];) before = jbk_utf8_next(text, len, &i);
        size_t i = ends[e];
        if (i < len) behind = jbk_utf8_next(text, len, &i);
        if (before && behind && jbk_cp_alnum(before) && jbk_cp_alnum(behind)) return false;
    }
    return true;
}

START_TEST(match_finds_what_stands_there) {
    static const char *const pieces[] = {"a", "b", "ab", "1", "中", "国", "қ", " ", ".", "か"};
    random_begin(6);
    for (int i = 0; i < 20000; i++) {
        char text[128] = "", s[16] = "";
        for (size_t n = random_below(20); n; n--) strcat(text, random_pick(pieces));
        for (size_t n = 1 + random_below(3); n; n--) strcat(s, random_pick(pieces));
        size_t len = strlen(text), n = strlen(s), found = 0;
        for (size_t from = 0; from <= len; from++) {
            size_t want = from;
            while (want < len && !obviously_at(text, len, want, s, n)) want++;
            if (want >= len) want = SIZE_MAX;
            found = jbk_match_find(text, len, from, s, n);
            ck_must(found == want, "%s in %s from %zu: %zu, not %zu", s, text, from, found, want);
        }
    }
}
END_TEST

#define COUNT(array) (int)(sizeof(array) / sizeof *(array))

int main(void) {
    Suite *suite = suite_create("fold");
    TCase *all = tcase_create("unicode");
    tcase_add_checked_fixture(all, load, free_all);
    tcase_set_timeout(all, 240);
    tcase_add_test(all, every_code_point_alone);
    tcase_add_loop_test(all, every_code_point_between, 0, COUNT(around));
    tcase_add_test(all, random_strings);
    tcase_add_test(all, random_bytes);
    suite_add_tcase(suite, all);

    TCase *cases = tcase_create("cases");
    tcase_add_checked_fixture(cases, load, free_all);
    tcase_add_loop_test(cases, known_cases, 0, COUNT(known));
    tcase_add_test(cases, a_nul_is_a_character);
    tcase_add_test(cases, a_folded_is_used_again);
    tcase_add_test(cases, letters_do_not_reach_over_a_letter);
    suite_add_tcase(suite, cases);

    TCase *map = tcase_create("map");
    tcase_add_checked_fixture(map, NULL, free_all);
    tcase_set_timeout(map, 60);
    tcase_add_test(map, map_is_sane);
    tcase_add_test(map, map_leads_to_what_folds_so);
    tcase_add_test(map, map_known_cases);
    suite_add_tcase(suite, map);

    TCase *match = tcase_create("match");
    tcase_set_timeout(match, 60);
    tcase_add_loop_test(match, match_boundaries, 0, COUNT(matches));
    tcase_add_test(match, match_finds_what_stands_there);
    suite_add_tcase(suite, match);
    return run_suite(suite);
}
