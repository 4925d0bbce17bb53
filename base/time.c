/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The calendar, the packed number and the text of a time.  Parsing is in time_parse.c. */
#include "base/time.h"

#define MS_PER_DAY INT64_C(86400000)
#define DAYS_PER_4_YEARS 1461
#define DAYS_PER_100_YEARS 36524
#define DAYS_PER_400_YEARS 146097
/* 0001-01-01, where the 400-year cycle begins, to 1970-01-01. */
#define DAYS_BEFORE_1970 719162

/* The packed form leaves 48 bits for the milliseconds. */
#define PACK_MS_MAX ((INT64_C(1) << 47) - 1)
#define PACK_OFFSET_MAX 1023
#define PACK_OFFSET_BIAS 1024

/* Days of a common year before each month. */
static const int days_before_month[12] = {0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334};

static int64_t floor_div(int64_t a, int64_t b) {
    int64_t quotient = a / b;
    return a % b < 0 ? quotient - 1 : quotient;
}

static int64_t floor_mod(int64_t a, int64_t b) {
    int64_t rest = a % b;
    return rest < 0 ? rest + b : rest;
}

static int64_t clamp(int64_t value, int64_t low, int64_t high) {
    return value < low ? low : value > high ? high : value;
}

static bool is_leap(int64_t year) { return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0); }

static int month_start(int month_index, bool leap) {
    return days_before_month[month_index] + (leap && month_index >= 2 ? 1 : 0);
}

/* A month outside 1..12 counts on into the neighbouring years, a day into the neighbouring
 * months, so that "the month after" is month + 1. */
int64_t jbk_days_from_civil(int64_t year, int month, int day) {
    int64_t month_index = (int64_t)month - 1;
    year += floor_div(month_index, 12);
    int64_t whole_years = year - 1;
    int64_t leap_days =
        floor_div(whole_years, 4) - floor_div(whole_years, 100) + floor_div(whole_years, 400);
    int in_year = month_start((int)floor_mod(month_index, 12), is_leap(year));
    return whole_years * 365 + leap_days + in_year + ((int64_t)day - 1) - DAYS_BEFORE_1970;
}

void jbk_civil_from_days(int64_t days, int64_t *year, int *month, int *day) {
    /* Reduced to the cycle before the epoch is shifted, so that no `days` overflows. */
    int64_t cycle = floor_div(days, DAYS_PER_400_YEARS) + DAYS_BEFORE_1970 / DAYS_PER_400_YEARS;
    int64_t rest = floor_mod(days, DAYS_PER_400_YEARS) + DAYS_BEFORE_1970 % DAYS_PER_400_YEARS;
    cycle += rest / DAYS_PER_400_YEARS;
    rest %= DAYS_PER_400_YEARS;

    /* The last century of a cycle and the last year of four are a day longer than the rest:
     * without the clamp that day would fall into a fifth one. */
    int64_t centuries = clamp(rest / DAYS_PER_100_YEARS, 0, 3);
    rest -= centuries * DAYS_PER_100_YEARS;
    int64_t fours = rest / DAYS_PER_4_YEARS;
    rest -= fours * DAYS_PER_4_YEARS;
    int64_t ones = clamp(rest / 365, 0, 3);
    rest -= ones * 365;

    *year = cycle * 400 + centuries * 100 + fours * 4 + ones + 1;
    bool leap = is_leap(*year);
    int index = 11;
    while (rest < month_start(index, leap)) index--;
    *month = index + 1;
    *day = (int)rest - month_start(index, leap) + 1;
}

int jbk_weekday(int64_t days) {
    /* Day 0 was a Thursday, the fourth. */
    return (int)((floor_mod(days, 7) + 3) % 7) + 1;
}

/* What the packed form can hold of `t`.  Parsed times pass unchanged; this keeps one made by
 * hand or read from a damaged index from overflowing. */
static jbk_time within_range(const jbk_time *t) {
    jbk_time safe = *t;
    safe.ms = clamp(t->ms, -PACK_MS_MAX, PACK_MS_MAX);
    safe.offset_min = (int16_t)clamp(t->offset_min, -PACK_OFFSET_MAX, PACK_OFFSET_MAX);
    if ((unsigned)t->precision > JBK_PREC_MS) safe.precision = JBK_PREC_MS;
    return safe;
}

int64_t jbk_time_end(const jbk_time *t) {
    jbk_time safe = within_range(t);
    int64_t year;
    int month;
    int day;
    jbk_civil_from_days(floor_div(jbk_time_local_ms(&safe), MS_PER_DAY), &year, &month, &day);
    int64_t next_day;
    switch (safe.precision) {
    case JBK_PREC_YEAR:
        next_day = jbk_days_from_civil(year + 1, 1, 1);
        break;
    case JBK_PREC_MONTH:
        next_day = jbk_days_from_civil(year, month + 1, 1);
        break;
    case JBK_PREC_DAY:
        next_day = jbk_days_from_civil(year, month, day + 1);
        break;
    case JBK_PREC_MINUTE:
        return safe.ms + 60000;
    case JBK_PREC_SECOND:
        return safe.ms + 1000;
    case JBK_PREC_MS:
    default:
        return safe.ms + 1;
    }
    return next_day * MS_PER_DAY - (int64_t)safe.offset_min * 60000;
}

int64_t jbk_time_pack(const jbk_time *t) {
    jbk_time safe = within_range(t);
    /* Multiplied, not shifted: shifting a negative number left is undefined in C17. */
    return safe.ms * 65536 + (safe.offset_min + PACK_OFFSET_BIAS) * 32 +
           (int64_t)safe.precision * 4 + (safe.assumed ? 2 : 0);
}

jbk_time jbk_time_unpack(int64_t packed) {
    int64_t low = floor_mod(packed, 65536);
    jbk_time t;
    t.ms = floor_div(packed, 65536);
    t.offset_min = (int16_t)(low / 32 - PACK_OFFSET_BIAS);
    t.precision = (jbk_precision)(low / 4 % 8);
    t.assumed = low / 2 % 2 != 0;
    return within_range(&t);
}

/* Writes `value` in `width` digits with leading zeros; returns where to go on. */
static char *put_digits(char *at, int64_t value, int width) {
    for (int i = width - 1; i >= 0; i--) {
        at[i] = (char)('0' + value % 10);
        value /= 10;
    }
    return at + width;
}

static char *put(char *at, char mark, int64_t value, int width) {
    *at++ = mark;
    return put_digits(at, value, width);
}

static char *put_date(char *at, int64_t days, jbk_precision precision) {
    int64_t year;
    int month;
    int day;
    jbk_civil_from_days(days, &year, &month, &day);
    at = year < 0 ? put(at, '-', -year, 4) : put_digits(at, year, 4);
    if (precision >= JBK_PREC_MONTH) at = put(at, '-', month, 2);
    if (precision >= JBK_PREC_DAY) at = put(at, '-', day, 2);
    return at;
}

size_t jbk_time_format(const jbk_time *t, char out[JBK_TIME_TEXT_MAX]) {
    jbk_time safe = within_range(t);
    int64_t local = jbk_time_local_ms(&safe);
    int64_t in_day = floor_mod(local, MS_PER_DAY);
    char *at = put_date(out, floor_div(local, MS_PER_DAY), safe.precision);
    if (safe.precision >= JBK_PREC_MINUTE) {
        at = put(at, 'T', in_day / 3600000, 2);
        at = put(at, ':', in_day / 60000 % 60, 2);
        if (safe.precision >= JBK_PREC_SECOND) at = put(at, ':', in_day / 1000 % 60, 2);
        if (safe.precision >= JBK_PREC_MS) at = put(at, '.', in_day % 1000, 3);
        int offset = safe.offset_min < 0 ? -safe.offset_min : safe.offset_min;
        at = put(at, safe.offset_min < 0 ? '-' : '+', offset / 60, 2);
        at = put(at, ':', offset % 60, 2);
    }
    *at = '\0';
    return (size_t)(at - out);
}
