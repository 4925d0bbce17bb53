/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The calendar cut into days, ISO weeks, months and years. */
#ifndef JBK_SEARCH_BINS_H
#define JBK_SEARCH_BINS_H

#include "base/time.h"

typedef enum { /* coarser first: of two bins that begin on one day, that one sorts first */
               JBK_UNIT_YEAR,
               JBK_UNIT_MONTH,
               JBK_UNIT_WEEK,
               JBK_UNIT_DAY,
               JBK_UNITS
} jbk_unit;

/* The unit called so ("day", "week", "month", "year"), or -1. */
int jbk_unit_find(const char *name, size_t len);
extern const char *const jbk_unit_names[JBK_UNITS];

/* A day and a unit in one number, which sorts by day.  A bin is such a number whose day is the
 * first of its unit. */
typedef int64_t jbk_dated;

static inline jbk_unit jbk_dated_unit(jbk_dated d) { return (jbk_unit)(d & 3); }
static inline int64_t jbk_dated_day(jbk_dated d) { return (d - (d & 3)) / 4; }

/* The day of a packed time in its record's own calendar, and the unit it can be told in: what
 * was written as "2020" has no month, so its unit is the year, whatever was asked for.  Runs
 * once for every document, hence reads the packed form (base/time.h) itself. */
static inline jbk_dated jbk_dated_of_time(int64_t packed, jbk_unit asked) {
    const int64_t day_ms = 86400000;
    int64_t ms = (packed >> 16) + ((packed >> 5 & 2047) - 1024) * 60000;
    int64_t day = ms / day_ms - (ms % day_ms < 0);
    unsigned precision = packed >> 2 & 7;
    if (precision == JBK_PREC_YEAR) asked = JBK_UNIT_YEAR;
    if (precision == JBK_PREC_MONTH && asked > JBK_UNIT_MONTH) asked = JBK_UNIT_MONTH;
    return day * 4 + (int64_t)asked;
}

/* The bin it falls into; one of a bin is that bin. */
jbk_dated jbk_bin_of(jbk_dated d);
/* The bin of the same unit that follows. */
jbk_dated jbk_bin_next(jbk_dated bin);

/* "2020-04-16", "2020-W16", "2020-04", "2020".  Returns the length without the NUL. */
size_t jbk_bin_label(jbk_dated bin, char out[JBK_TIME_TEXT_MAX]);

#endif
