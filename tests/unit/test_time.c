/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/time.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DAY_MS INT64_C(86400000)
#define ASSUMED_ZONE 480

/* xorshift64: the same numbers on every run and machine. */
static uint64_t random_state;

static uint64_t next_random(void) {
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    random_state ^= random_state << 17;
    return random_state;
}

static int64_t random_between(int64_t low, int64_t high) {
    return low + (int64_t)(next_random() % (uint64_t)(high - low + 1));
}

/* Parses a copy that ends where its block ends, so that the sanitizer sees a read beyond it. */
static bool parse_exact(const char *s, size_t len, int zone_min, jbk_time *out) {
    char *copy = malloc(len > 0 ? len : 1);
    ck_assert_ptr_nonnull(copy);
    memcpy(copy, s, len);
    bool ok = jbk_time_parse(copy, len, zone_min, out);
    free(copy);
    return ok;
}

static bool parse_text(const char *s, jbk_time *out) {
    return parse_exact(s, strlen(s), ASSUMED_ZONE, out);
}

static void assert_same(const char *what, const jbk_time *a, const jbk_time *b) {
    ck_assert_msg(a->ms == b->ms && a->offset_min == b->offset_min && a->precision == b->precision,
                  "%s: %lld%+d/%d became %lld%+d/%d", what, (long long)a->ms, a->offset_min,
                  (int)a->precision, (long long)b->ms, b->offset_min, (int)b->precision);
}

static void assert_round_trip(const char *what, const jbk_time *t) {
    char text[JBK_TIME_TEXT_MAX];
    size_t length = jbk_time_format(t, text);
    ck_assert_uint_eq(length, strlen(text));
    jbk_time again;
    ck_assert_msg(parse_exact(text, length, t->offset_min, &again), "%s: %s refused", what, text);
    assert_same(what, t, &again);
    ck_assert(again.assumed == (t->precision <= JBK_PREC_DAY));
}

/* ---- calendar ---- */

static bool leap(int64_t year) { return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0; }

static int month_length(int64_t year, int month) {
    static const int lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    return lengths[month - 1] + (month == 2 && leap(year) ? 1 : 0);
}

START_TEST(calendar_counts_day_by_day) {
    int64_t days = jbk_days_from_civil(JBK_YEAR_MIN, 1, 1);
    bool seen_epoch = false;
    int weekday = jbk_weekday(days);
    for (int64_t year = JBK_YEAR_MIN; year <= JBK_YEAR_MAX; year++) {
        for (int month = 1; month <= 12; month++) {
            for (int day = 1; day <= month_length(year, month); day++) {
                int64_t y;
                int m, d;
                jbk_civil_from_days(days, &y, &m, &d);
                if (y != year || m != month || d != day || jbk_weekday(days) != weekday ||
                    jbk_days_from_civil(year, month, day) != days)
                    ck_abort_msg("day %lld: %lld-%d-%d", (long long)days, (long long)y, m, d);
                if (days == 0) {
                    seen_epoch = true;
                    ck_assert(year == 1970 && month == 1 && day == 1 && weekday == 4);
                }
                days++;
                weekday = weekday % 7 + 1;
            }
        }
    }
    ck_assert(seen_epoch);
}
END_TEST

START_TEST(calendar_carries_months_and_takes_any_day) {
    ck_assert_int_eq(jbk_days_from_civil(2019, 13, 1), jbk_days_from_civil(2020, 1, 1));
    ck_assert_int_eq(jbk_days_from_civil(2019, 0, 31), jbk_days_from_civil(2018, 12, 31));
    static const int64_t far_away[] = {INT64_MIN, INT64_MIN + 1, INT64_MAX - 1, INT64_MAX};
    for (size_t i = 0; i < sizeof far_away / sizeof far_away[0]; i++) {
        int64_t year;
        int month, day;
        jbk_civil_from_days(far_away[i], &year, &month, &day);
        ck_assert(month >= 1 && month <= 12 && day >= 1 && day <= month_length(year, month));
        ck_assert(jbk_weekday(far_away[i]) >= 1 && jbk_weekday(far_away[i]) <= 7);
    }
}
END_TEST

/* ---- what is understood ---- */

typedef struct {
    const char *text;
    const char *formatted;
    bool assumed;
} example;

/* The assumed zone is +08:00. */
static const example understood[] = {
    {"2019", "2019", true},
    {" \t2019\r\n", "2019", true},
    {"\xE3\x80\x80"
     "2019-12\xC2\xA0",
     "2019-12", true},
    {"-0044", "-0044", true},
    {"-0044-03-15", "-0044-03-15", true},
    {"0000", "0000", true},
    {"2019-12-09", "2019-12-09", true},
    {"2019-2-9", "2019-02-09", true},
    {"2019/12/9", "2019-12-09", true},
    {"2019.12.09", "2019-12-09", true},
    {"20191209", "2019-12-09", true},
    {"2020-02-29", "2020-02-29", true},
    {"6000-12-31", "6000-12-31", true},
    {"-2000-01-01", "-2000-01-01", true},
    {"2019-12-09T10:12", "2019-12-09T10:12+08:00", true},
    {"2019-12-09t10:12", "2019-12-09T10:12+08:00", true},
    {"2019-12-09 10:12", "2019-12-09T10:12+08:00", true},
    {"2019/12/9  9:05", "2019-12-09T09:05+08:00", true},
    {"20191209 10:12:30", "2019-12-09T10:12:30+08:00", true},
    {"2019-12-09 10:12:30.25", "2019-12-09T10:12:30.250+08:00", true},
    {"2019-12-09 10:12:30,2509999999999999999999999", "2019-12-09T10:12:30.250+08:00", true},
    {"2019-12-09T10:12:30Z", "2019-12-09T10:12:30+00:00", false},
    {"2019-12-09T10:12:30z", "2019-12-09T10:12:30+00:00", false},
    {"2019-12-09T10:12Z", "2019-12-09T10:12+00:00", false},
    {"2019-12-09 10:12:30 UTC", "2019-12-09T10:12:30+00:00", false},
    {"2019-12-09 10:12:30 GMT", "2019-12-09T10:12:30+00:00", false},
    {"2019-12-09T10:12:30+08:00", "2019-12-09T10:12:30+08:00", false},
    {"2019-12-09T10:12:30.250-0530", "2019-12-09T10:12:30.250-05:30", false},
    {"2019-12-09T10:12:30+06", "2019-12-09T10:12:30+06:00", false},
    {"2019-12-09 10:12:30 +0600", "2019-12-09T10:12:30+06:00", false},
    {"2019-12-09 10:12-00:00", "2019-12-09T10:12+00:00", false},
    {"2019-12-09 10:12+17:03", "2019-12-09T10:12+17:03", false},
    {"2019-12-31 24:00:00", "2020-01-01T00:00:00+08:00", true},
    {"2019-12-31 24:00", "2020-01-01T00:00+08:00", true},
    {"2016-12-31T23:59:60Z", "2017-01-01T00:00:00+00:00", false},
    {"2019年12月9日", "2019-12-09", true},
    {"2019年02月09日", "2019-02-09", true},
    {"2019年12月9日 10:12", "2019-12-09T10:12+08:00", true},
    {"2019年12月9日10:12:30", "2019-12-09T10:12:30+08:00", true},
    {"2019年12月9日 10时12分", "2019-12-09T10:12+08:00", true},
    {"2019年12月9日10时12分30秒", "2019-12-09T10:12:30+08:00", true},
    {"1575857530", "2019-12-09T02:12:10+00:00", false},
    {"1575857530.25", "2019-12-09T02:12:10.250+00:00", false},
    {"1575857530250", "2019-12-09T02:12:10.250+00:00", false},
    {"100000000", "1973-03-03T09:46:40+00:00", false},
    {"100000000000", "1973-03-03T09:46:40.000+00:00", false},
    {"4102444799", "2099-12-31T23:59:59+00:00", false},
    {"Mon, 09 Dec 2019 10:12:00 +0800", "2019-12-09T10:12:00+08:00", false},
    {"Mon, 9 Dec 2019 10:12 GMT", "2019-12-09T10:12+00:00", false},
    {"09 Dec 2019 10:12:00", "2019-12-09T10:12:00+08:00", true},
    {"Sat Jun 29 12:40:09 +0800 2013", "2013-06-29T12:40:09+08:00", false},
    {"Sat Jun 29 12:40:09 UTC 2013", "2013-06-29T12:40:09+00:00", false},
    {"Sat Jun  1 12:40:09 2013", "2013-06-01T12:40:09+08:00", true},
    {"14 dekabrya 2011", "2011-12-14", true},
    {"14 Dekabrya 2011", "2011-12-14", true},
    {"14 декабря 2011", "2011-12-14", true},
    {"14 ДЕКАБРЬ 2011", "2011-12-14", true},
    {"14\xC2\xA0декабря\xC2\xA0"
     "2011",
     "2011-12-14", true},
    {"14 декабря 2011, 10:12", "2011-12-14T10:12+08:00", true},
    {"1 мая 2011", "2011-05-01", true},
    {"14 желтоқсан 2011", "2011-12-14", true},
    {"14 ЖЕЛТОҚСАН 2011", "2011-12-14", true},
    {"3 Сәуір 2011", "2011-04-03", true},
    {"3 ШІЛДЕ 2011", "2011-07-03", true},
    {"9 December 2019", "2019-12-09", true},
    {"December 9, 2019", "2019-12-09", true},
    {"Monday, December 9, 2019", "2019-12-09", true},
    {"DECEMBER 9,2019", "2019-12-09", true},
};

START_TEST(parse_understands) {
    const example *e = &understood[_i];
    jbk_time t = {0};
    char text[JBK_TIME_TEXT_MAX];
    ck_assert_msg(parse_text(e->text, &t), "%s", e->text);
    jbk_time_format(&t, text);
    ck_assert_str_eq(text, e->formatted);
    ck_assert_msg(t.assumed == e->assumed, "%s", e->text);
    assert_round_trip(e->text, &t);
}
END_TEST

START_TEST(parse_gives_the_instant) {
    jbk_time t;
    ck_assert(parse_text("2019-12-09T10:12:30.250+08:00", &t));
    ck_assert_int_eq(t.ms, INT64_C(1575857550250));
    ck_assert_int_eq(t.offset_min, 480);
    ck_assert_int_eq(t.precision, JBK_PREC_MS);
    ck_assert(!t.assumed);
    ck_assert(parse_text("1970", &t));
    ck_assert_int_eq(t.ms, -INT64_C(8) * 3600000);
    ck_assert_int_eq(t.precision, JBK_PREC_YEAR);
    ck_assert(t.assumed);
    ck_assert_int_eq(jbk_time_local_ms(&t), 0);
}
END_TEST

static const char *const month_words[][8] = {
    {"January", "jan", "Январь", "января", "yanvar", "yanvarya", "қаңтар", "Қаңтар"},
    {"February", "feb", "Февраль", "февраля", "fevral", "fevralya", "ақпан", "АҚПАН"},
    {"March", "mar", "Март", "марта", "mart", "marta", "наурыз", "Наурыз"},
    {"April", "apr", "Апрель", "апреля", "aprel", "aprelya", "сәуір", "СӘУІР"},
    {"May", "may", "Май", "мая", "may", "maya", "мамыр", "Мамыр"},
    {"June", "jun", "Июнь", "июня", "iyun", "iyunya", "маусым", "Маусым"},
    {"July", "jul", "Июль", "июля", "iyul", "iyulya", "шілде", "Шілде"},
    {"August", "aug", "Август", "августа", "avgust", "avgusta", "тамыз", "Тамыз"},
    {"September", "sep", "Сентябрь", "сентября", "sentyabr", "sentyabrya", "қыркүйек", "ҚЫРКҮЙЕК"},
    {"October", "oct", "Октябрь", "октября", "oktyabr", "oktyabrya", "қазан", "Қазан"},
    {"November", "nov", "Ноябрь", "ноября", "noyabr", "noyabrya", "қараша", "Қараша"},
    {"December", "dec", "Декабрь", "декабря", "dekabr", "dekabrya", "желтоқсан", "Желтоқсан"},
};

START_TEST(parse_knows_every_month) {
    for (int i = 0; i < 8; i++) {
        char text[64];
        jbk_time t;
        snprintf(text, sizeof text, "5 %s 2019", month_words[_i][i]);
        ck_assert_msg(parse_text(text, &t), "%s", text);
        ck_assert_int_eq(jbk_time_local_ms(&t), jbk_days_from_civil(2019, _i + 1, 5) * DAY_MS);
    }
}
END_TEST

/* ---- what is refused ---- */

static const char *const refused[] = {
    /* nothing, and relative words */
    "",
    " ",
    "发布于 昨天",
    "昨天",
    "3分钟前",
    "yesterday",
    "вчера",
    "now",
    "无",
    /* impossible */
    "2019-02-29",
    "2019-13",
    "2019-00",
    "2019-12-00",
    "2019-12-32",
    "2019-04-31",
    "1900-02-29",
    "2019-12-09 25:00",
    "2019-12-09 24:01",
    "2019-12-09 24:00:01",
    "2019-12-09 10:60",
    "2019-12-09 10:12:61",
    "2019年2月30日",
    "31 июня 2019",
    "0000-00-00",
    "20191301",
    "20190229",
    "Tue, 09 Dec 2019 10:12:00 +0800",
    "6001",
    "-2001-12-31",
    "6000-12-31 24:00",
    "9999-12-31",
    "-0000",
    /* ambiguous */
    "05/06/2019",
    "5.6.2019",
    "05-06-2019",
    "19-12-09",
    "2019.12",
    "2019/12",
    "201912",
    "191209",
    "9 Dec 19",
    "201912091012",
    "2019-12-09 10:12 PM",
    "2019-12-09 10:12 CST",
    "2019-12-09 10:12+530",
    /* numbers that are no times */
    "0",
    "1",
    "12345678",
    "12345678901",
    "12345678901234",
    "0123456789",
    "-1575857530",
    "4102444800",
    "9999999999",
    "9999999999999",
    "8613800138000",
    "1575857530.",
    "1575857530,5",
    "1575857530250.5",
    "1.57e9",
    "1575857530 Z",
    "99999999999999999999999999999999",
    /* not quite the form */
    "2019-12/09",
    "2019/12-09",
    "2019-12-9-1",
    "2019-12-09T",
    "2019-12-09T10",
    "2019-12-09T10:1",
    "2019-12-09T10:12:",
    "2019-12-09T10:12:3",
    "2019-12-09T10:12:30.",
    "2019-12-09T10:12.5",
    "2019-12-0910:12",
    "2019-12-09Z",
    "2019-12-09 10:12+",
    "2019-12-09 10:12+08:",
    "2019-12-09 10:12+08:0",
    "2019-12-09 10:12+08:60",
    "2019-12-09 10:12+17:04",
    "2019-12-09 10:12+24:00",
    "2019-12-09 10:12 +08:00 x",
    "2019-12-09 10:12ZZ",
    "+2019",
    "2019x",
    "２０１９",
    "2019年12月9",
    "2019年",
    "19年12月9日",
    "2019年12月9日 10时",
    "2019年12月9日 10时12分30",
    "14 dekabrya",
    "dekabrya 2011",
    "14dekabrya 2011",
    "14 dekabryaa 2011",
    "14 dekabry 2011",
    "14 foo 2011",
    "14  2011",
    "December 9 2019",
    "Mon",
    "Mon, ",
    "Monday 2019",
    "Xyz, 9 Dec 2019",
    "Sat Jun 29 12:40:09 +0800",
    "Sat Jun 29 12:40:09 +08002013",
    "14 декабр\xD1 2011",
    "14 \xD0 2011",
    "14 дек\xFF",
    "\xFF\xFE",
};

START_TEST(parse_refuses) {
    jbk_time t = {42, 7, JBK_PREC_MS, true};
    ck_assert_msg(!parse_text(refused[_i], &t), "%s", refused[_i]);
    ck_assert_msg(t.ms == 42 && t.offset_min == 7 && t.precision == JBK_PREC_MS && t.assumed,
                  "%s: touched", refused[_i]);
}
END_TEST

START_TEST(parse_refuses_odd_arguments) {
    jbk_time t;
    int zone;
    ck_assert(!jbk_time_parse(NULL, 0, 0, &t));
    ck_assert(!jbk_zone_parse(NULL, 0, &zone));
    ck_assert(!parse_exact("2019\0", 5, 0, &t));
    ck_assert(!parse_exact("2019-12-09", 10, 1024, &t));
    ck_assert(!parse_exact("2019-12-09", 10, -1024, &t));
    ck_assert(parse_exact("2019-12-09 10:12Z", 17, 1024, &t));
    /* Every beginning of a text is read within its length. */
    static const char whole[] = "Mon, 09 Dec 2019 10:12:00.123456 +0800";
    for (size_t len = 0; len < sizeof whole; len++) parse_exact(whole, len, 0, &t);
}
END_TEST

START_TEST(parse_takes_long_input) {
    enum { SIZE = 1 << 20 };
    char *text = malloc(SIZE);
    ck_assert_ptr_nonnull(text);
    jbk_time t;
    memset(text, ' ', SIZE);
    ck_assert(!jbk_time_parse(text, SIZE, 0, &t));
    memcpy(text + SIZE / 2, "2019-12-09", 10);
    ck_assert(jbk_time_parse(text, SIZE, 0, &t));
    memset(text, '9', SIZE);
    ck_assert(!jbk_time_parse(text, SIZE, 0, &t));
    memcpy(text, "2019-12-09 10:12:30.", 20);
    ck_assert(jbk_time_parse(text, SIZE, 0, &t));
    ck_assert_int_eq(t.ms % 1000, 999);
    memset(text, '\xD0', SIZE);
    ck_assert(!jbk_time_parse(text, SIZE, 0, &t));
    free(text);
}
END_TEST

START_TEST(zone_parse_takes_offsets_only) {
    static const struct {
        const char *text;
        int minutes;
    } good[] = {{"+08:00", 480}, {"-0530", -330}, {"Z", 0},         {"UTC", 0},
                {"gmt", 0},      {"+8", 480},     {"-3", -180},     {" +06 ", 360},
                {"+6:30", 390},  {"-00:00", 0},   {"+17:03", 1023}, {"-17:03", -1023}};
    static const char *const bad[] = {"",
                                      "8",
                                      "08:00",
                                      "+",
                                      "-",
                                      "+530",
                                      "+08:60",
                                      "+8:0",
                                      "+17:04",
                                      "+2400",
                                      "CST",
                                      "UTC+8",
                                      "ZZ",
                                      "+08:00:00",
                                      "+ 8",
                                      "--8",
                                      "+99999999999999999999"};
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        int zone = 1;
        ck_assert_msg(jbk_zone_parse(good[i].text, strlen(good[i].text), &zone), "%s",
                      good[i].text);
        ck_assert_int_eq(zone, good[i].minutes);
    }
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        int zone = 77;
        ck_assert_msg(!jbk_zone_parse(bad[i], strlen(bad[i]), &zone), "%s", bad[i]);
        ck_assert_int_eq(zone, 77);
    }
}
END_TEST

/* ---- spans and the packed form ---- */

START_TEST(end_is_where_the_next_span_begins) {
    static const char *const pairs[][2] = {
        {"2019", "2020"},
        {"2019-12", "2020-01"},
        {"2020-02", "2020-03"},
        {"2020-02-28", "2020-02-29"},
        {"2019-12-31", "2020-01-01"},
        {"2019-12-09 23:59", "2019-12-10 00:00"},
        {"2019-12-09 10:12:59", "2019-12-09 10:13:00"},
        {"2019-12-09 10:12:59.999", "2019-12-09 10:13:00.000"},
        {"2019-12-09 10:12:59.99Z", "2019-12-09 10:12:59.991Z"},
    };
    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
        jbk_time t, next;
        ck_assert(parse_text(pairs[i][0], &t) && parse_text(pairs[i][1], &next));
        ck_assert_int_eq(jbk_time_end(&t), next.ms);
    }
    jbk_time last;
    ck_assert(parse_text("6000", &last));
    ck_assert_int_eq(jbk_time_end(&last),
                     jbk_days_from_civil(6001, 1, 1) * DAY_MS - INT64_C(480) * 60000);
}
END_TEST

/* A random time that could have been written: it begins where its span begins. */
static jbk_time random_time(void) {
    jbk_time t;
    t.offset_min = (int16_t)random_between(-1023, 1023);
    t.precision = (jbk_precision)random_between(JBK_PREC_YEAR, JBK_PREC_MS);
    t.assumed = next_random() % 2 != 0;
    int64_t year = random_between(JBK_YEAR_MIN, JBK_YEAR_MAX);
    int month = t.precision >= JBK_PREC_MONTH ? (int)random_between(1, 12) : 1;
    int day = t.precision >= JBK_PREC_DAY ? (int)random_between(1, month_length(year, month)) : 1;
    int64_t in_day = 0;
    if (t.precision == JBK_PREC_MINUTE)
        in_day = random_between(0, 1439) * 60000;
    else if (t.precision == JBK_PREC_SECOND)
        in_day = random_between(0, 86399) * 1000;
    else if (t.precision == JBK_PREC_MS)
        in_day = random_between(0, DAY_MS - 1);
    t.ms = jbk_days_from_civil(year, month, day) * DAY_MS + in_day - t.offset_min * INT64_C(60000);
    return t;
}

START_TEST(random_times_round_trip) {
    random_state = UINT64_C(0x4A6962656B);
    for (int i = 0; i < 50000; i++) {
        jbk_time t = random_time();
        assert_round_trip("random", &t);
        jbk_time again = jbk_time_unpack(jbk_time_pack(&t));
        assert_same("packed", &t, &again);
        ck_assert(again.assumed == t.assumed);
        ck_assert_int_gt(jbk_time_end(&t), t.ms);
    }
}
END_TEST

START_TEST(packed_order_is_the_order_of_instants) {
    random_state = UINT64_C(0x6F72646572);
    for (int i = 0; i < 50000; i++) {
        jbk_time a = random_time();
        jbk_time b = random_time();
        if (i % 2 == 0) /* neighbours, across zero too */
            b.ms = (i % 4 == 0 ? a.ms : a.ms % 5) + random_between(-3, 3);
        int64_t packed_a = jbk_time_pack(&a);
        int64_t packed_b = jbk_time_pack(&b);
        if (a.ms < b.ms) ck_assert_int_lt(packed_a, packed_b);
        if (a.ms > b.ms) ck_assert_int_gt(packed_a, packed_b);
    }
}
END_TEST

START_TEST(pack_has_the_documented_layout) {
    jbk_time t = {5, -1023, JBK_PREC_SECOND, true};
    ck_assert_int_eq(jbk_time_pack(&t), 5 << 16 | 1 << 5 | 4 << 2 | 1 << 1);
    t = (jbk_time){-1, 480, JBK_PREC_MS, false};
    ck_assert_int_eq(jbk_time_pack(&t), -65536 + ((480 + 1024) << 5) + (5 << 2));
}
END_TEST

START_TEST(damaged_times_are_kept_in_range) {
    static const int64_t extreme[] = {INT64_MIN, INT64_MIN + 1, -1, 0, INT64_MAX};
    random_state = UINT64_C(0x64616D61676564);
    for (size_t i = 0; i < 10000; i++) {
        size_t known = sizeof extreme / sizeof extreme[0];
        int64_t value = i < known ? extreme[i] : (int64_t)next_random();
        jbk_time unpacked = jbk_time_unpack(value);
        ck_assert(unpacked.offset_min >= -1023 && unpacked.offset_min <= 1023);
        ck_assert((int)unpacked.precision <= JBK_PREC_MS);
        jbk_time made = {value, (int16_t)(next_random() & 0xFFFF), (jbk_precision)(i % 9), false};
        char text[JBK_TIME_TEXT_MAX];
        ck_assert_uint_lt(jbk_time_format(&unpacked, text), sizeof text);
        ck_assert_uint_lt(jbk_time_format(&made, text), sizeof text);
        ck_assert(jbk_time_pack(&made) != INT64_MIN);
        ck_assert(jbk_time_pack(&unpacked) != INT64_MIN);
        jbk_time_end(&made);
    }
}
END_TEST

/* ---- random bytes ---- */

static void check_bytes(const char *bytes, size_t len) {
    jbk_time t;
    int zone = (int)random_between(-1023, 1023);
    if (!parse_exact(bytes, len, zone, &t)) return;
    int64_t year;
    int month, day;
    int64_t local = jbk_time_local_ms(&t);
    jbk_civil_from_days((local - (local % DAY_MS + DAY_MS) % DAY_MS) / DAY_MS, &year, &month, &day);
    ck_assert(year >= JBK_YEAR_MIN && year <= JBK_YEAR_MAX);
    assert_round_trip("bytes", &t);
}

START_TEST(random_bytes_do_no_harm) {
    static const char alphabet[] = "0123456789012345678901234567890123456789-/.:,+TtZ \xE5\xB9\xB4";
    random_state = UINT64_C(0x6279746573);
    for (int i = 0; i < 100000; i++) {
        char bytes[32];
        size_t len = (size_t)random_between(0, sizeof bytes);
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
        char bytes[96];
        size_t pick = (size_t)random_between(0, sizeof understood / sizeof understood[0] - 1);
        size_t len = strlen(understood[pick].text);
        memcpy(bytes, understood[pick].text, len);
        for (int64_t edits = random_between(1, 3); edits > 0 && len > 0; edits--) {
            size_t at = (size_t)random_between(0, (int64_t)len - 1);
            uint64_t r = next_random();
            if (r % 4 == 0)
                bytes[at] = (char)(r >> 8 & 0xFF);
            else if (r % 4 == 1)
                bytes[at] = (char)('0' + (r >> 8) % 10);
            else if (r % 4 == 2)
                memmove(bytes + at, bytes + at + 1, --len - at);
            else
                len = at;
        }
        check_bytes(bytes, len);
    }
}
END_TEST

#define COUNT(array) (int)(sizeof(array) / sizeof(array)[0])

static Suite *time_suite(void) {
    Suite *suite = suite_create("time");
    TCase *calendar = tcase_create("calendar");
    tcase_set_timeout(calendar, 60);
    tcase_add_test(calendar, calendar_counts_day_by_day);
    tcase_add_test(calendar, calendar_carries_months_and_takes_any_day);
    suite_add_tcase(suite, calendar);

    TCase *parse = tcase_create("parse");
    tcase_add_loop_test(parse, parse_understands, 0, COUNT(understood));
    tcase_add_test(parse, parse_gives_the_instant);
    tcase_add_loop_test(parse, parse_knows_every_month, 0, COUNT(month_words));
    tcase_add_loop_test(parse, parse_refuses, 0, COUNT(refused));
    tcase_add_test(parse, parse_refuses_odd_arguments);
    tcase_add_test(parse, parse_takes_long_input);
    tcase_add_test(parse, zone_parse_takes_offsets_only);
    suite_add_tcase(suite, parse);

    TCase *packed = tcase_create("packed");
    tcase_add_test(packed, end_is_where_the_next_span_begins);
    tcase_add_test(packed, pack_has_the_documented_layout);
    tcase_add_test(packed, damaged_times_are_kept_in_range);
    suite_add_tcase(suite, packed);

    TCase *properties = tcase_create("properties");
    tcase_set_timeout(properties, 60);
    tcase_add_test(properties, random_times_round_trip);
    tcase_add_test(properties, packed_order_is_the_order_of_instants);
    tcase_add_test(properties, random_bytes_do_no_harm);
    tcase_add_test(properties, mutated_texts_do_no_harm);
    suite_add_tcase(suite, properties);
    return suite;
}

int main(void) {
    SRunner *runner = srunner_create(time_suite());
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
