/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Cells of rows, items that grow too long, and the two names of a Weibo post. */
#include "csv_row.h"
#include "item.h"
#include "mid.h"
#include "support.h"

#include <check.h>
#include <stdlib.h>

static void check_row(const char *row, char delimiter, bool quotes, size_t n,
                      const char *const *want) {
    jbk_arena arena = {0};
    jbk_cells cells = {0};
    jbk_csv_split(row, strlen(row), delimiter, quotes, &arena, &cells);
    ck_assert_uint_eq(cells.n, n);
    for (size_t i = 0; i < n; i++) {
        ck_assert_uint_eq(cells.at[i].len, strlen(want[i]));
        ck_assert_int_eq(memcmp(cells.at[i].s, want[i], cells.at[i].len), 0);
    }
    jbk_vec_free(&cells);
    jbk_arena_free(&arena);
}

START_TEST(rows_become_cells) {
    check_row("", ',', true, 1, (const char *const[]){""});
    check_row(",", ',', true, 2, (const char *const[]){"", ""});
    check_row("a,\"b,\"\"c\"\"\n\",", ',', true, 3, (const char *const[]){"a", "b,\"c\"\n", ""});
    check_row("5\" screen;\"\"", ';', true, 2, (const char *const[]){"5\" screen", ""});
    check_row("\"a\tb\"", '\t', true, 1, (const char *const[]){"a\tb"});
    check_row("\"a\tb\"", '\t', false, 2, (const char *const[]){"\"a", "b\""});
}
END_TEST

START_TEST(states_do_not_depend_on_the_blocks) {
    static const struct {
        const char *row;
        jbk_csv_state state;
    } ROWS[] = {{"a,b", JBK_CSV_BARE},        {"a,", JBK_CSV_CELL},
                {"a,\"b", JBK_CSV_QUOTED},    {"a,\"b\"", JBK_CSV_CLOSED},
                {"\"a\"\"b", JBK_CSV_QUOTED}, {"\"a\" ,b", JBK_CSV_BROKEN},
                {"a\"b,c", JBK_CSV_BARE},     {"\"a\"b", JBK_CSV_BROKEN}};
    for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++) {
        size_t len = strlen(ROWS[i].row);
        for (size_t cut = 0; cut <= len; cut++) {
            jbk_csv_state s = jbk_csv_scan(JBK_CSV_CELL, ROWS[i].row, cut, ',');
            s = jbk_csv_scan(s, ROWS[i].row + cut, len - cut, ',');
            ck_assert_int_eq(s, ROWS[i].state);
        }
    }
}
END_TEST

/* The digest of what is not kept is that of all of it, however it came. */
START_TEST(long_items_are_cut) {
    size_t len = JBK_ITEM_MAX + 12345;
    char *bytes = jbk_alloc(len), whole[JBK_SHA256_HEX];
    memset(bytes, 'x', len);
    bytes[len - 1] = 'y';
    jbk_sha256_hex(bytes, len, whole);
    static const size_t PARTS[] = {1 << 20, JBK_REJECT_BYTES - 1, JBK_ITEM_MAX + 1};
    for (size_t p = 0; p < sizeof PARTS / sizeof *PARTS; p++) {
        jbk_items x = {0};
        jbk_source source = {.name = "s"};
        jbk_items_source(&x, &source);
        jbk_items_begin(&x, JBK_ITEM_TEXT, 1, 0);
        for (size_t at = 0; at < len; at += PARTS[p])
            jbk_items_add(&x, bytes + at, len - at < PARTS[p] ? len - at : PARTS[p]);
        jbk_items_end(&x);
        ck_assert(x.items.at[0].cut);
        ck_assert_uint_eq(x.items.at[0].len, JBK_REJECT_BYTES);
        ck_assert_uint_eq(x.items.at[0].whole_len, len);
        ck_assert_str_eq(x.items.at[0].sha256, whole);
        jbk_items_free(&x);
    }
    free(bytes);
}
END_TEST

START_TEST(two_names_one_post) {
    char out[JBK_MID_MAX];
    ck_assert(jbk_weibo_mid("z0JH2lOMb", 9, out));
    ck_assert_str_eq(out, "3501756485200075");
    ck_assert(jbk_weibo_mid("3501756485200075", 16, out));
    ck_assert_str_eq(out, "3501756485200075");
    ck_assert(!jbk_weibo_mid("z0JH-lOMb", 9, out));
    ck_assert(!jbk_weibo_mid("ZZZZZ", 5, out)); /* ZZZZ is more than seven digits hold */
    ck_assert(!jbk_weibo_mid("abc", 3, out));
    ck_assert(!jbk_weibo_mid("", 0, out));
}
END_TEST

int main(void) {
    Suite *suite = suite_create("cut");
    TCase *tcase = tcase_create("cut");
    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase, rows_become_cells);
    tcase_add_test(tcase, states_do_not_depend_on_the_blocks);
    tcase_add_test(tcase, long_items_are_cut);
    tcase_add_test(tcase, two_names_one_post);
    suite_add_tcase(suite, tcase);
    return run_suite(suite);
}
