/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bins.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int64_t packed(const char *text) {
    jbk_time t;
    ck_assert_msg(jbk_time_parse(text, strlen(text), 480, &t), "%s", text);
    return jbk_time_pack(&t);
}

static void assert_bin(const char *text, jbk_unit unit, const char *expected) {
    char label[JBK_TIME_TEXT_MAX];
    jbk_dated bin = jbk_bin_of(jbk_dated_of_time(packed(text), unit));
    size_t len = jbk_bin_label(bin, label);
    ck_assert_msg(!strcmp(label, expected), "%s by %s: %s, not %s", text, jbk_unit_names[unit],
                  label, expected);
    ck_assert_uint_eq(len, strlen(label));
    ck_assert_int_eq(jbk_bin_of(bin), bin);
}

/* The weeks around new year, as the standard and its usual examples have them. */
static const struct {
    const char *date, *week;
} weeks[] = {
    {"2005-01-01", "2004-W53"}, {"2005-01-02", "2004-W53"}, {"2005-01-03", "2005-W01"},
    {"2005-12-31", "2005-W52"}, {"2006-01-01", "2005-W52"}, {"2006-01-02", "2006-W01"},
    {"2007-01-01", "2007-W01"}, {"2007-12-30", "2007-W52"}, {"2007-12-31", "2008-W01"},
    {"2008-12-28", "2008-W52"}, {"2008-12-29", "2009-W01"}, {"2009-12-31", "2009-W53"},
    {"2010-01-03", "2009-W53"}, {"2010-01-04", "2010-W01"}, {"2019-12-29", "2019-W52"},
    {"2019-12-30", "2020-W01"}, {"2020-04-14", "2020-W16"}, {"2020-04-19", "2020-W16"},
    {"2020-04-20", "2020-W17"}, {"2020-12-31", "2020-W53"}, {"2021-01-03", "2020-W53"},
    {"2021-01-04", "2021-W01"}, {"1969-12-29", "1970-W01"}, {"1969-12-28", "1969-W52"},
    {"2000-02-29", "2000-W09"}, {"0001-01-01", "0001-W01"}, {"0000-12-31", "0000-W52"},
};

START_TEST(weeks_are_those_of_iso_8601) {
    assert_bin(weeks[_i].date, JBK_UNIT_WEEK, weeks[_i].week);
}
END_TEST

START_TEST(days_months_and_years_are_of_the_local_calendar) {
    assert_bin("2020-04-16", JBK_UNIT_DAY, "2020-04-16");
    assert_bin("2020-04-30T23:30:00-05:00", JBK_UNIT_MONTH, "2020-04"); /* May in Greenwich */
    assert_bin("2020-05-01T00:00:00+08:00", JBK_UNIT_MONTH, "2020-05"); /* April there */
    assert_bin("2020-05-01T00:00:00+08:00", JBK_UNIT_DAY, "2020-05-01");
    assert_bin("2019-12-31T23:59:59.999+06:00", JBK_UNIT_YEAR, "2019");
    assert_bin("2020-01-01T00:00+06:00", JBK_UNIT_YEAR, "2020");
    assert_bin("2019-12-29T23:59:59-05:00", JBK_UNIT_WEEK, "2019-W52"); /* Sunday; Monday there */
    assert_bin("1969-12-31T23:59:59.999Z", JBK_UNIT_DAY, "1969-12-31");
    assert_bin("1970-01-01T00:00Z", JBK_UNIT_DAY, "1970-01-01");
}
END_TEST

START_TEST(years_before_the_first_are_negative) {
    assert_bin("-0044-03-15", JBK_UNIT_DAY, "-0044-03-15");
    assert_bin("-0044-03-15", JBK_UNIT_MONTH, "-0044-03");
    assert_bin("-0044-03-15", JBK_UNIT_YEAR, "-0044");
    /* Like 1956, 400 * 5 years on, the calendar repeats: 15 March 1956 is in its week 11. */
    assert_bin("-0044-03-15", JBK_UNIT_WEEK, "-0044-W11");
    assert_bin("-1999-01-01", JBK_UNIT_DAY, "-1999-01-01");
    assert_bin("0000-01-01", JBK_UNIT_YEAR, "0000");
}
END_TEST

START_TEST(nothing_finer_than_written_is_guessed) {
    for (int unit = 0; unit < JBK_UNITS; unit++) {
        assert_bin("2020", (jbk_unit)unit, "2020");
        assert_bin("2020-04", (jbk_unit)unit, unit == JBK_UNIT_YEAR ? "2020" : "2020-04");
    }
    assert_bin("2020-04-14", JBK_UNIT_MONTH, "2020-04");
    assert_bin("2020-04-14", JBK_UNIT_DAY, "2020-04-14");
}
END_TEST

START_TEST(bins_sort_by_day_and_the_coarser_first) {
    jbk_dated year = jbk_bin_of(jbk_dated_of_time(packed("2020"), JBK_UNIT_DAY));
    jbk_dated month = jbk_bin_of(jbk_dated_of_time(packed("2020-01"), JBK_UNIT_DAY));
    jbk_dated first = jbk_bin_of(jbk_dated_of_time(packed("2020-01-01"), JBK_UNIT_DAY));
    jbk_dated eve = jbk_bin_of(jbk_dated_of_time(packed("2019-12-31"), JBK_UNIT_DAY));
    ck_assert(eve < year && year < month && month < first);
}
END_TEST

/* Over 800 years: every day's bin begins at most a unit before it, the next one after it, and
 * labels change where the bin does. */
START_TEST(bins_tile_the_calendar) {
    jbk_unit unit = (jbk_unit)_i;
    int64_t from = jbk_days_from_civil(-400, 1, 1), to = jbk_days_from_civil(400, 1, 1);
    jbk_dated expected = jbk_bin_of(from * 4 + _i);
    char label[JBK_TIME_TEXT_MAX] = "", before[JBK_TIME_TEXT_MAX] = "";
    for (int64_t day = from; day < to; day++) {
        jbk_dated bin = jbk_bin_of(day * 4 + _i);
        ck_assert_int_eq(jbk_dated_unit(bin), unit);
        ck_assert_int_le(jbk_dated_day(bin), day);
        if (bin != expected) ck_assert_int_eq(bin, jbk_bin_next(expected));
        jbk_bin_label(bin, label);
        if (day > from) ck_assert_int_eq(bin == expected, !strcmp(label, before));
        expected = bin;
        strcpy(before, label);
        ck_assert_int_gt(jbk_dated_day(jbk_bin_next(bin)), day);
    }
}
END_TEST

START_TEST(units_are_found_by_name) {
    for (int unit = 0; unit < JBK_UNITS; unit++)
        ck_assert_int_eq(jbk_unit_find(jbk_unit_names[unit], strlen(jbk_unit_names[unit])), unit);
    ck_assert_int_eq(jbk_unit_find("days", 4), -1);
    ck_assert_int_eq(jbk_unit_find("da", 2), -1);
    ck_assert_int_eq(jbk_unit_find("", 0), -1);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("bins");
    TCase *calendar = tcase_create("calendar");
    tcase_set_timeout(calendar, 60);
    tcase_add_loop_test(calendar, weeks_are_those_of_iso_8601, 0,
                        (int)(sizeof weeks / sizeof *weeks));
    tcase_add_test(calendar, days_months_and_years_are_of_the_local_calendar);
    tcase_add_test(calendar, years_before_the_first_are_negative);
    tcase_add_test(calendar, nothing_finer_than_written_is_guessed);
    tcase_add_test(calendar, bins_sort_by_day_and_the_coarser_first);
    tcase_add_loop_test(calendar, bins_tile_the_calendar, 0, JBK_UNITS);
    tcase_add_test(calendar, units_are_found_by_name);
    suite_add_tcase(suite, calendar);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
