/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/args.h"
#include "support.h"

#include <stdlib.h>

static const jbk_option options[] = {{'i', "index", "INDEX", "the index"},
                                     {'n', "limit", "N", "how many"},
                                     {0, "as-of", "DATE", "as of"},
                                     {'v', "verbose", NULL, "say more"},
                                     {0, NULL, NULL, NULL}};
static const jbk_command command = {"test", "QUERY", "tests", options, NULL, NULL};

/* What a command line means: "index=a verbose rest=b,c", "help" or "wrong: ...". */
static const struct {
    const char *line, *means;
} lines[] = {
    {"", ""},
    {"a b", "rest=a,b "},
    {"-i a b", "index=a rest=b "},
    {"-ia b", "index=a rest=b "},
    {"b -i a c", "index=a rest=b,c "},
    {"--index a", "index=a "},
    {"--index=a", "index=a "},
    {"--index=", "index= "},
    {"--index=a=b", "index=a=b "},
    {"--as-of 2020", "as-of=2020 "},
    {"-v -v", "verbose verbose "},
    {"--verbose x", "verbose rest=x "},
    {"-i -v", "index=-v "}, /* a value is a value */
    {"-- -i a", "rest=-i,a "},
    {"a -- b --", "rest=a,b,-- "},
    {"-", "rest=- "},
    {"-5", "rest=-5 "},
    {"-中国", "rest=-中国 "}, /* a query that begins with NOT */
    {"-word", "rest=-word "},
    {"-\"a", "rest=-\"a "},
    {"-n5", "limit=5 "},
    {"-n", "wrong: a value is missing after -n"},
    {"--limit", "wrong: a value is missing after --limit"},
    {"a -i", "wrong: a value is missing after -i"},
    {"--nothing", "wrong: no such option: --nothing"},
    {"--index2=a", "wrong: no such option: --index2=a"},
    {"--ind=a", "wrong: no such option: --ind=a"}, /* no guessing from beginnings */
    {"-x", "wrong: no such option: -x"},
    {"--verbose=yes", "wrong: no value goes with --verbose=yes"},
    {"-vx", "wrong: no value goes with -vx"},
    {"-h", "help "},
    {"--help", "help "},
    {"-i a --help b", "index=a help rest=b "},
};

static void describe(char *line, jbk_buf *out) {
    char *argv[16] = {line};
    int argc = 1;
    char *words = jbk_strndup(line, strlen(line));
    for (char *w = strtok(words, " "); w; w = strtok(NULL, " ")) argv[argc++] = w;
    jbk_args a;
    jbk_args_begin(&a, &command, argc, argv);
    int option;
    while ((option = jbk_args_next(&a, &test_err)) != JBK_ARGS_END) {
        if (option == JBK_ARGS_WRONG) {
            out->len = 0;
            jbk_buf_printf(out, "wrong: %s", test_err.msg);
            ck_assert_int_eq(test_err.status, JBK_USAGE);
            free(words);
            return;
        }
        if (option == JBK_ARGS_HELP)
            jbk_buf_str(out, "help ");
        else if (options[option].arg)
            jbk_buf_printf(out, "%s=%s ", options[option].name, a.value);
        else
            jbk_buf_printf(out, "%s ", options[option].name);
    }
    for (int i = 0; i < a.nrest; i++)
        jbk_buf_printf(out, "%s%s%s", i ? "," : "rest=", a.rest[i], i + 1 == a.nrest ? " " : "");
    free(words);
}

START_TEST(command_lines) {
    jbk_buf got = {0};
    char *line = jbk_strndup(lines[_i].line, strlen(lines[_i].line));
    describe(line, &got);
    ck_assert_msg(!strncmp(jbk_buf_cstr(&got), lines[_i].means, strlen(lines[_i].means)) &&
                      (lines[_i].means[0] == 'w' || got.len == strlen(lines[_i].means)),
                  "%s: %s", lines[_i].line, got.data);
    jbk_buf_free(&got);
    free(line);
}
END_TEST

START_TEST(numbers) {
    uint64_t n = 7;
    ck_assert(jbk_parse_number("0", 5, &n) && n == 0);
    ck_assert(jbk_parse_number("5", 5, &n) && n == 5);
    ck_assert(jbk_parse_number("0005", 5, &n) && n == 5);
    ck_assert(jbk_parse_number("18446744073709551615", UINT64_MAX, &n) && n == UINT64_MAX);
    static const char *const bad[] = {"",
                                      "6",
                                      "-1",
                                      "+1",
                                      " 1",
                                      "1 ",
                                      "1a",
                                      "0x1",
                                      "1.0",
                                      "18446744073709551616",
                                      "99999999999999999999999"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        ck_assert_msg(!jbk_parse_number(bad[i], 5, &n), "%s", bad[i]);
    ck_assert(!jbk_parse_number("18446744073709551616", UINT64_MAX, &n));
}
END_TEST

START_TEST(sizes) {
    static const struct {
        const char *text;
        uint64_t bytes;
    } good[] = {{"65536", 65536},
                {"64k", 65536},
                {"64K", 65536},
                {"64KB", 65536},
                {"64KiB", 65536},
                {"512M", 512u << 20},
                {"2G", UINT64_C(2) << 30},
                {"2gb", UINT64_C(2) << 30},
                {"100B", 100}};
    static const char *const bad[] = {"",
                                      "k",
                                      "M",
                                      "1.5G",
                                      "-1",
                                      "1T",
                                      "1KK",
                                      "1 G",
                                      "GiB",
                                      "iB",
                                      "B",
                                      "99999999999999999999G",
                                      "18446744073709551615G"};
    uint64_t n;
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        ck_assert_msg(jbk_parse_size(good[i].text, &n), "%s", good[i].text);
        ck_assert_uint_eq(n, good[i].bytes);
    }
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        ck_assert_msg(!jbk_parse_size(bad[i], &n), "%s", bad[i]);
}
END_TEST

START_TEST(exit_statuses) {
    ck_assert_int_eq(jbk_exit_code(JBK_OK), 0);
    ck_assert_int_eq(jbk_exit_code(JBK_NOT_FOUND), 1);
    ck_assert_int_eq(jbk_exit_code(JBK_USAGE), 2);
    for (int s = JBK_INPUT; s <= JBK_INTERNAL; s++)
        ck_assert_int_eq(jbk_exit_code((jbk_status)s), 3);
}
END_TEST

START_TEST(long_messages_are_cut) {
    jbk_err err;
    char *big = jbk_alloc(2001);
    memset(big, 'x', 2000);
    big[2000] = '\0';
    ck_assert_int_eq(jbk_fail(&err, JBK_INPUT, "here", "%s", big), JBK_INPUT);
    ck_assert_uint_eq(strlen(err.msg), sizeof err.msg - 1);
    ck_assert_int_eq(jbk_fail_sys(&err, 2, "here", "%s", big), JBK_IO);
    ck_assert_uint_eq(strlen(err.msg), sizeof err.msg - 1);
    ck_assert_int_eq(jbk_fail_sys(&err, 2, "here", "cannot open %s", "x"), JBK_IO);
    ck_assert_str_eq(err.msg, "cannot open x: No such file or directory");
    ck_assert_int_eq(err.sys, 2);
    ck_assert_int_eq(jbk_fail(NULL, JBK_FULL, "here", "nobody listens"), JBK_FULL);
    free(big);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("args");
    TCase *tcase = tcase_create("args");
    tcase_add_loop_test(tcase, command_lines, 0, (int)(sizeof lines / sizeof *lines));
    tcase_add_test(tcase, numbers);
    tcase_add_test(tcase, sizes);
    tcase_add_test(tcase, exit_statuses);
    tcase_add_test(tcase, long_messages_are_cut);
    suite_add_tcase(suite, tcase);
    return run_suite(suite);
}
