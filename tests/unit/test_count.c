/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/count.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* xorshift64: the same numbers on every run and machine. */
static uint64_t random_state;

static uint64_t next_random(void) {
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    random_state ^= random_state << 17;
    return random_state;
}

/* Parses a copy that ends where its block ends, so that the sanitizer sees a read beyond it. */
static jbk_count_result parse_exact(const char *s, size_t len, jbk_count *out) {
    char *copy = malloc(len > 0 ? len : 1);
    ck_assert_ptr_nonnull(copy);
    memcpy(copy, s, len);
    jbk_count_result result = jbk_count_parse(copy, len, out);
    free(copy);
    return result;
}

static const struct {
    const char *text;
    uint64_t n;
    bool lower_bound;
} understood[] = {
    {"0", 0, false},
    {"007", 7, false},
    {" 12\n", 12, false},
    {"１２３", 123, false},
    {"1,234", 1234, false},
    {"1,234,567", 1234567, false},
    {"1，234", 1234, false},
    {"１，２３４", 1234, false},
    {"1'234'567", 1234567, false},
    {"1 234", 1234, false},
    {"12\xC2\xA0"
     "345",
     12345, false},
    {"12\xE2\x80\x89"
     "345",
     12345, false},
    {"12\xE2\x80\xAF"
     "345",
     12345, false},
    {"1.9万", 19000, false},
    {"1.9 万", 19000, false},
    {"1.2345万", 12345, false},
    {"1.90000000万", 19000, false},
    {"１.９萬", 19000, false},
    {"0.00万", 0, false},
    {"1,234万", 12340000, false},
    {"3千", 3000, false},
    {"1.5亿", 150000000, false},
    {"2億", 200000000, false},
    {"1.1k", 1100, false},
    {"12K", 12000, false},
    {"2.5w", 25000, false},
    {"10W", 100000, false},
    {"1.25m", 1250000, false},
    {"3M", 3000000, false},
    {"1.234K", 1234, false},
    {"12 тыс.", 12000, false},
    {"12тыс", 12000, false},
    {"1.5 тыс.", 1500, false},
    {"1,5 тыс.", 1500, false},
    {"0,5 млн", 500000, false},
    {"1 234,5 тыс", 1234500, false},
    {"1 234,567 тыс", 1234567, false},
    {"1,234,567 тыс", UINT64_C(1234567000), false},
    {"1,234.5 тыс", 1234500, false},
    {"3 мың", 3000, false},
    {"12.0", 12, false},
    {"12.00", 12, false},
    {"1,234.0", 1234, false},
    {"1e5", 100000, false},
    {"1E+5", 100000, false},
    {"1.5e3", 1500, false},
    {"1.500e3", 1500, false},
    {"1200e-2", 12, false},
    {"0e99999999999999999999", 0, false},
    {"100+", 100, true},
    {"100万+", 1000000, true},
    {"100万 +", 1000000, true},
    {"100万余", 1000000, true},
    {"100多", 100, true},
    {">100", 100, true},
    {">=100", 100, true},
    {"> 1.5万", 15000, true},
    {">100+", 100, true},
    {"1152921504606846975", JBK_COUNT_MAX, false},
    {"0000000000000000000000000000000000001", 1, false},
    {"1.00000000000000000000000000000000000", 1, false},
};

START_TEST(parse_understands) {
    jbk_count c = {99, false};
    const char *text = understood[_i].text;
    ck_assert_msg(parse_exact(text, strlen(text), &c) == JBK_COUNT_OK, "%s", text);
    ck_assert_msg(c.n == understood[_i].n, "%s: %llu", text, (unsigned long long)c.n);
    ck_assert_msg(c.lower_bound == understood[_i].lower_bound, "%s", text);
}
END_TEST

static const char *const absent[] = {
    "",    "  ",   "\xE3\x80\x80", "无",   "無",  " 暂无 ", "-",    "--",
    "—",   "null", "None",         "NULL", "nil", "NaN",    "nan",  "N/A",
    "n/a", "未知", "转发",         "评论", "赞",  "点赞",   "收藏", "阅读"};

START_TEST(parse_knows_absence) {
    jbk_count c = {99, true};
    ck_assert_msg(parse_exact(absent[_i], strlen(absent[_i]), &c) == JBK_COUNT_ABSENT, "%s",
                  absent[_i]);
    ck_assert(c.n == 99 && c.lower_bound);
}
END_TEST

static const char *const bad[] = {
    /* signs */
    "-1",
    "-0",
    "+1",
    "---",
    "−5",
    /* not whole */
    "1.5",
    "1.23456万",
    "1e-1",
    "1.25e1",
    "0.1",
    "1.2345k",
    "1.00000000000000000000000000001",
    /* too big */
    "1152921504606846976",
    "18446744073709551616",
    "1e19",
    "1e99999999999999999999",
    "99999999999999999999999999",
    "20000000000亿",
    "123456789012345678901234567890e-20",
    /* groups that are none */
    "1,23",
    "1,2345",
    "1234,567",
    "0,123",
    "1,,234",
    ",123",
    "1,234 567",
    "1 23",
    "1,00,000",
    "1,234,56 тыс",
    "1，234，5 тыс",
    "1'5 тыс",
    "1, 234",
    /* ambiguous */
    "12.000",
    "1.000",
    "1,5",
    "1,5万",
    "1,5K",
    "1,234 тыс",
    "12,0",
    /* not the form */
    "abc",
    "1.",
    ".5",
    ".5万",
    "万",
    "+",
    ">",
    ">=",
    "1万万",
    "1万5",
    "1 万 2",
    "1e",
    "1e+",
    "1e5万",
    "1..2",
    "1.2.3",
    "1++",
    "12x",
    "0x10",
    "1_000",
    "转发 12",
    "赞12",
    "nulls",
    "Null",
    "无无",
    "1тыс..",
    "1Млн",
    "<100",
    "=100",
    "100余万",
    "inf",
    "１\xEF\xBC",
    "\xEF\xBC",
    "\xEF\xBC\x9A",
    "1\xC2",
    "\xFF",
    "1 +2",
};

START_TEST(parse_refuses) {
    jbk_count c = {99, true};
    ck_assert_msg(parse_exact(bad[_i], strlen(bad[_i]), &c) == JBK_COUNT_BAD, "%s", bad[_i]);
    ck_assert(c.n == 99 && c.lower_bound);
}
END_TEST

START_TEST(parse_takes_odd_input) {
    jbk_count c;
    ck_assert_int_eq(jbk_count_parse(NULL, 0, &c), JBK_COUNT_ABSENT);
    ck_assert_int_eq(parse_exact("12\0", 3, &c), JBK_COUNT_BAD);
    enum { SIZE = 1 << 20 };
    char *text = malloc(SIZE);
    ck_assert_ptr_nonnull(text);
    memset(text, ' ', SIZE);
    ck_assert_int_eq(jbk_count_parse(text, SIZE, &c), JBK_COUNT_ABSENT);
    memset(text, '9', SIZE);
    ck_assert_int_eq(jbk_count_parse(text, SIZE, &c), JBK_COUNT_BAD);
    memset(text, '0', SIZE);
    ck_assert_int_eq(jbk_count_parse(text, SIZE, &c), JBK_COUNT_OK);
    ck_assert_uint_eq(c.n, 0);
    text[0] = '1';
    ck_assert_int_eq(jbk_count_parse(text, SIZE, &c), JBK_COUNT_BAD);
    text[1] = '.';
    ck_assert_int_eq(jbk_count_parse(text, SIZE, &c), JBK_COUNT_OK);
    ck_assert_uint_eq(c.n, 1);
    for (size_t i = 1; i < SIZE; i++) text[i] = i % 4 == 1 ? ',' : '0';
    ck_assert_int_eq(jbk_count_parse(text, SIZE, &c), JBK_COUNT_BAD);
    free(text);
}
END_TEST

/* ---- properties ---- */

static void assert_round_trip(jbk_count c) {
    char text[JBK_COUNT_TEXT_MAX];
    jbk_count again;
    size_t length = jbk_count_format(c, text);
    ck_assert_uint_eq(length, strlen(text));
    ck_assert_int_eq(parse_exact(text, length, &again), JBK_COUNT_OK);
    ck_assert_uint_eq(again.n, c.n);
    ck_assert(again.lower_bound == c.lower_bound);
    again = jbk_count_unpack(jbk_count_pack(c));
    ck_assert_uint_eq(again.n, c.n);
    ck_assert(again.lower_bound == c.lower_bound);
}

START_TEST(format_prints_and_fits) {
    char text[JBK_COUNT_TEXT_MAX];
    ck_assert_uint_eq(jbk_count_format((jbk_count){19000, false}, text), 5);
    ck_assert_str_eq(text, "19000");
    ck_assert_uint_eq(jbk_count_format((jbk_count){1000000, true}, text), 8);
    ck_assert_str_eq(text, "1000000+");
    ck_assert_uint_eq(jbk_count_format((jbk_count){0, false}, text), 1);
    ck_assert_str_eq(text, "0");
    ck_assert_uint_eq(jbk_count_format((jbk_count){UINT64_MAX, true}, text), 21);
    ck_assert_str_eq(text, "18446744073709551615+");
}
END_TEST

START_TEST(random_counts_round_trip) {
    random_state = UINT64_C(0x636F756E74);
    for (int i = 0; i < 50000; i++) {
        jbk_count c = {next_random() >> (4 + next_random() % 60), next_random() % 2 != 0};
        assert_round_trip(c);
    }
    assert_round_trip((jbk_count){JBK_COUNT_MAX, true});
}
END_TEST

/* n written with a unit and all its decimals is n again. */
START_TEST(units_are_exact) {
    static const struct {
        const char *name;
        int zeros;
    } units[] = {{"千", 3}, {"万", 4}, {"亿", 8}, {"k", 3},    {"W", 4},
                 {"M", 6},  {"萬", 4}, {"億", 8}, {"тыс.", 3}, {"млн", 6}};
    random_state = UINT64_C(0x756E697473);
    for (int i = 0; i < 50000; i++) {
        uint64_t n = next_random() >> (4 + next_random() % 60);
        size_t u = (size_t)(next_random() % (sizeof units / sizeof units[0]));
        uint64_t factor = 1;
        for (int k = 0; k < units[u].zeros; k++) factor *= 10;
        char text[64];
        snprintf(text, sizeof text, "%llu.%0*llu%s", (unsigned long long)(n / factor),
                 units[u].zeros, (unsigned long long)(n % factor), units[u].name);
        jbk_count c;
        ck_assert_msg(parse_exact(text, strlen(text), &c) == JBK_COUNT_OK, "%s", text);
        ck_assert_msg(c.n == n && !c.lower_bound, "%s: %llu", text, (unsigned long long)c.n);
    }
}
END_TEST

START_TEST(grouping_changes_nothing) {
    static const char *const separators[] = {",", "，", "'", " ", "\xC2\xA0", "\xE2\x80\x89"};
    random_state = UINT64_C(0x67726F757073);
    for (int i = 0; i < 100000; i++) {
        uint64_t n = next_random() >> (4 + next_random() % 60);
        const char *separator = separators[next_random() % 6];
        char plain[JBK_COUNT_TEXT_MAX];
        size_t length = jbk_count_format((jbk_count){n, false}, plain);
        char text[64] = "";
        for (size_t k = 0; k < length; k++) {
            if (k > 0 && (length - k) % 3 == 0) strcat(text, separator);
            strncat(text, plain + k, 1);
        }
        jbk_count c;
        ck_assert_msg(parse_exact(text, strlen(text), &c) == JBK_COUNT_OK, "%s", text);
        ck_assert_uint_eq(c.n, n);
    }
}
END_TEST

static void check_bytes(const char *bytes, size_t len) {
    jbk_count c;
    if (parse_exact(bytes, len, &c) != JBK_COUNT_OK) return;
    ck_assert_uint_le(c.n, JBK_COUNT_MAX);
    assert_round_trip(c);
}

START_TEST(random_bytes_do_no_harm) {
    static const char alphabet[] = "00123456789,. '+>eEkKwWmM-万亿，１";
    random_state = UINT64_C(0x6279746573);
    for (int i = 0; i < 100000; i++) {
        char bytes[24];
        size_t len = (size_t)(next_random() % (sizeof bytes + 1));
        for (size_t k = 0; k < len; k++) {
            uint64_t r = next_random();
            bytes[k] = i % 2 == 0 ? (char)(r & 0xFF) : alphabet[r % (sizeof alphabet - 1)];
        }
        check_bytes(bytes, len);
    }
}
END_TEST

START_TEST(mutated_texts_do_no_harm) {
    random_state = UINT64_C(0x6D7574617465);
    for (int i = 0; i < 100000; i++) {
        char bytes[64];
        const char *text =
            understood[next_random() % (sizeof understood / sizeof understood[0])].text;
        size_t len = strlen(text);
        memcpy(bytes, text, len);
        for (uint64_t edits = next_random() % 3 + 1; edits > 0 && len > 0; edits--) {
            size_t at = (size_t)(next_random() % len);
            uint64_t r = next_random();
            if (r % 3 == 0)
                bytes[at] = (char)(r >> 8 & 0xFF);
            else if (r % 3 == 1)
                memmove(bytes + at, bytes + at + 1, --len - at);
            else
                len = at;
        }
        check_bytes(bytes, len);
    }
}
END_TEST

#define COUNT(array) (int)(sizeof(array) / sizeof(array)[0])

static Suite *count_suite(void) {
    Suite *suite = suite_create("count");
    TCase *parse = tcase_create("parse");
    tcase_add_loop_test(parse, parse_understands, 0, COUNT(understood));
    tcase_add_loop_test(parse, parse_knows_absence, 0, COUNT(absent));
    tcase_add_loop_test(parse, parse_refuses, 0, COUNT(bad));
    tcase_add_test(parse, parse_takes_odd_input);
    tcase_add_test(parse, format_prints_and_fits);
    suite_add_tcase(suite, parse);

    TCase *properties = tcase_create("properties");
    tcase_set_timeout(properties, 60);
    tcase_add_test(properties, random_counts_round_trip);
    tcase_add_test(properties, units_are_exact);
    tcase_add_test(properties, grouping_changes_nothing);
    tcase_add_test(properties, random_bytes_do_no_harm);
    tcase_add_test(properties, mutated_texts_do_no_harm);
    suite_add_tcase(suite, properties);
    return suite;
}

int main(void) {
    SRunner *runner = srunner_create(count_suite());
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
