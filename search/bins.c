/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bins.h"

#include <stdio.h>
#include <string.h>

const char *const jbk_unit_names[JBK_UNITS] = {"year", "month", "week", "day"};

int jbk_unit_find(const char *name, size_t len) {
    for (int u = 0; u < JBK_UNITS; u++)
        if (strlen(jbk_unit_names[u]) == len && !memcmp(jbk_unit_names[u], name, len)) return u;
    return -1;
}

static jbk_dated dated(int64_t day, jbk_unit unit) { return day * 4 + (int64_t)unit; }

jbk_dated jbk_bin_of(jbk_dated d) {
    int64_t day = jbk_dated_day(d), year;
    jbk_unit unit = jbk_dated_unit(d);
    int month, in_month;
    if (unit == JBK_UNIT_DAY) return d;
    if (unit == JBK_UNIT_WEEK) return dated(day - (jbk_weekday(day) - 1), unit);
    jbk_civil_from_days(day, &year, &month, &in_month);
    if (unit == JBK_UNIT_YEAR) month = 1;
    return dated(jbk_days_from_civil(year, month, 1), unit);
}

jbk_dated jbk_bin_next(jbk_dated bin) {
    static const int MORE_THAN_ONE[JBK_UNITS] = {366, 31, 7, 1}; /* and less than two */
    return jbk_bin_of(bin + 4 * (jbk_dated)MORE_THAN_ONE[jbk_dated_unit(bin)]);
}

/* An ISO week belongs to the year that has its Thursday. */
static size_t week_label(int64_t monday, char out[JBK_TIME_TEXT_MAX]) {
    int64_t thursday = monday + 3, year;
    int month, in_month;
    jbk_civil_from_days(thursday, &year, &month, &in_month);
    int week = (int)((thursday - jbk_days_from_civil(year, 1, 1)) / 7) + 1;
    return (size_t)snprintf(out, JBK_TIME_TEXT_MAX, "%s%04lld-W%02d", year < 0 ? "-" : "",
                            (long long)(year < 0 ? -year : year), week);
}

size_t jbk_bin_label(jbk_dated bin, char out[JBK_TIME_TEXT_MAX]) {
    static const jbk_precision PRECISION[JBK_UNITS] = {JBK_PREC_YEAR, JBK_PREC_MONTH, JBK_PREC_DAY,
                                                       JBK_PREC_DAY};
    jbk_unit unit = jbk_dated_unit(bin);
    if (unit == JBK_UNIT_WEEK) return week_label(jbk_dated_day(bin), out);
    jbk_time t = {.ms = jbk_dated_day(bin) * 86400000, .precision = PRECISION[unit]};
    return jbk_time_format(&t, out);
}
