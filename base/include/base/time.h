/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Times as scraped: an instant, the offset it was written in, how precise it was, and
 * whether the offset was written there or assumed. */
#ifndef JBK_BASE_TIME_H
#define JBK_BASE_TIME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef enum {
    JBK_PREC_YEAR,
    JBK_PREC_MONTH,
    JBK_PREC_DAY,
    JBK_PREC_MINUTE,
    JBK_PREC_SECOND,
    JBK_PREC_MS
} jbk_precision;

typedef struct {
    int64_t ms;         /* milliseconds since 1970-01-01T00:00Z of the start of what was written */
    int16_t offset_min; /* minutes east of Greenwich, -1023..1023 */
    jbk_precision precision;
    bool assumed; /* the zone was not written there */
} jbk_time;

/* Years the packed form can hold. */
#define JBK_YEAR_MIN (-2000)
#define JBK_YEAR_MAX 6000

/* Parse `s` (UTF-8, `len` bytes, surrounding white space ignored).  `zone_min` is the
 * offset assumed where none is written.  Understood: ISO 8601 and what people make of it
 * (2019, 2019-12, 2019-12-09, 2019/12/9, 2019.12.09, 20191209, with T, t or blanks, HH:MM,
 * HH:MM:SS, fraction after . or ',', then Z, UTC, GMT, +08:00, +0800, +08, blanks before it);
 * 2019年12月9日 with or without 10:12 or 10时12分[30秒]; epoch seconds (9 to 10 digits, perhaps
 * with a fraction) and milliseconds (12 to 13 digits), which are UTC and not assumed; RFC 2822
 * (Mon, 09 Dec 2019 10:12:00 +0800, weekday and seconds optional); the C library's form with
 * the offset before the year (Sat Jun 29 12:40:09 +0800 2013) or without; day month year with
 * the month's name in English, Russian (nominative or genitive), transliterated Russian
 * ("14 dekabrya 2011"), Kazakh (Cyrillic); "December 9, 2019".  24:00:00 and the second 60
 * are accepted.  False for anything else: relative words, impossible days, years outside
 * JBK_YEAR_MIN..MAX.  *out is untouched then. */
bool jbk_time_parse(const char *s, size_t len, int zone_min, jbk_time *out);

/* "+08:00", "-0530", "Z", "UTC", "+8" -> minutes; false if it is not an offset. */
bool jbk_zone_parse(const char *s, size_t len, int *zone_min);

/* The first millisecond after the span that `t` names: with precision day, the next local
 * midnight; with second, one second later; with ms, one ms later. */
int64_t jbk_time_end(const jbk_time *t);

/* One 64-bit number that sorts as the instant does: ms << 16 | offset + 1024 (11 bits) <<
 * 5 | precision << 2 | assumed << 1.  Never INT64_MIN. */
int64_t jbk_time_pack(const jbk_time *t);
jbk_time jbk_time_unpack(int64_t packed);

/* Milliseconds of the local clock of the record (ms + offset), for comparing calendar dates. */
static inline int64_t jbk_time_local_ms(const jbk_time *t) {
    return t->ms + (int64_t)t->offset_min * 60000;
}

#define JBK_TIME_TEXT_MAX 40
/* As precise as it was written: "2019", "2019-12", "2019-12-09", "2019-12-09T10:12+08:00",
 * "2019-12-09T10:12:30+08:00", "2019-12-09T10:12:30.250+08:00".  Offset 0 prints +00:00.
 * Returns the length without the NUL.  Parsing the text gives the same time (but for
 * `assumed`; date-only forms carry no offset). */
size_t jbk_time_format(const jbk_time *t, char out[JBK_TIME_TEXT_MAX]);

/* Calendar arithmetic on the proleptic Gregorian calendar; days since 1970-01-01. */
int64_t jbk_days_from_civil(int64_t year, int month, int day);
void jbk_civil_from_days(int64_t days, int64_t *year, int *month, int *day);
/* ISO weekday 1 (Monday) to 7. */
int jbk_weekday(int64_t days);

#endif
