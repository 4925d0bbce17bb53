/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reading times as people and programs write them.  Each way of writing is one function in
 * `forms`; it must account for every byte or it has not understood.  What could be read in two
 * ways is refused: a record without a date can be mended, one with a wrong date misleads. */
#include "base/time.h"

#include <string.h>

#define MS_PER_DAY INT64_C(86400000)
#define OFFSET_MAX_MIN 1023

/* Bare numbers are times only before 2100: larger ones of 10 or 13 digits are telephone
 * numbers (86 138...), bar codes and "never", not dates anyone scraped. */
#define EPOCH_END_S INT64_C(4102444800)

typedef struct {
    const char *s;
    size_t len;
    size_t at;
} cursor;

/* What was written, before anything is checked. */
typedef struct {
    jbk_precision precision;
    bool is_epoch; /* only epoch_ms counts */
    int64_t epoch_ms;
    int year, month, day, hour, minute, second, ms;
    int weekday; /* 1..7, 0 if not written */
    bool has_zone;
    int zone_min;
} fields;

/* A row for each month, in lower case: English, its short form, Russian (nominative, genitive),
 * the same in Latin letters, Kazakh. */
static const char *const month_names[12] = {
    "january jan январь января yanvar yanvarya қаңтар",
    "february feb февраль февраля fevral fevralya ақпан",
    "march mar март марта mart marta наурыз",
    "april apr апрель апреля aprel aprelya сәуір",
    "may май мая maya мамыр",
    "june jun июнь июня iyun iyunya маусым",
    "july jul июль июля iyul iyulya шілде",
    "august aug август августа avgust avgusta тамыз",
    "september sep сентябрь сентября sentyabr sentyabrya қыркүйек",
    "october oct октябрь октября oktyabr oktyabrya қазан",
    "november nov ноябрь ноября noyabr noyabrya қараша",
    "december dec декабрь декабря dekabr dekabrya желтоқсан",
};

static const char *const weekday_names[7] = {
    "monday mon", "tuesday tue",  "wednesday wed", "thursday thu",
    "friday fri", "saturday sat", "sunday sun",
};

static const char *const utc_names[1] = {"z utc gmt"};

/* The Unicode white space characters, in UTF-8. */
/* clang-format off */
static const char *const blanks[] = {
    " ", "\t", "\n", "\v", "\f", "\r", "\xC2\x85", "\xC2\xA0", "\xE1\x9A\x80",
    "\xE2\x80\x80", "\xE2\x80\x81", "\xE2\x80\x82", "\xE2\x80\x83", "\xE2\x80\x84",
    "\xE2\x80\x85", "\xE2\x80\x86", "\xE2\x80\x87", "\xE2\x80\x88", "\xE2\x80\x89",
    "\xE2\x80\x8A", "\xE2\x80\xA8", "\xE2\x80\xA9", "\xE2\x80\xAF", "\xE2\x81\x9F",
    "\xE3\x80\x80",
};
/* clang-format on */

/* ---- the cursor ---- */

static bool at_end(const cursor *c) { return c->at >= c->len; }

static int peek(const cursor *c) { return at_end(c) ? -1 : (unsigned char)c->s[c->at]; }

static bool is_digit(int byte) { return byte >= '0' && byte <= '9'; }

static bool is_letter(int byte) {
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z');
}

static bool take_byte(cursor *c, char byte) {
    if (at_end(c) || c->s[c->at] != byte) return false;
    c->at++;
    return true;
}

static bool take_text(cursor *c, const char *text) {
    size_t i = 0;
    for (; text[i] != '\0'; i++) {
        if (i >= c->len - c->at || c->s[c->at + i] != text[i]) return false;
    }
    c->at += i;
    return true;
}

static bool take_blank(cursor *c) {
    for (size_t i = 0; i < sizeof blanks / sizeof blanks[0]; i++) {
        if (take_text(c, blanks[i])) return true;
    }
    return false;
}

static bool take_blanks(cursor *c) {
    bool any = false;
    while (take_blank(c)) any = true;
    return any;
}

/* The end of what is left, after any white space.  Trailing white space is met only here, so
 * the text need not be trimmed from behind. */
static bool take_end(cursor *c) {
    take_blanks(c);
    return at_end(c);
}

/* The whole run of digits here, if it has min..max (at most 18) of them. */
static bool take_digits(cursor *c, size_t min, size_t max, int64_t *value) {
    size_t count = 0;
    int64_t sum = 0;
    for (; is_digit(peek(c)); c->at++) {
        if (++count > max) return false;
        sum = sum * 10 + (c->s[c->at] - '0');
    }
    *value = sum;
    return count >= min;
}

static bool take_number(cursor *c, size_t min, size_t max, int *value) {
    int64_t wide;
    if (!take_digits(c, min, max, &wide)) return false;
    *value = (int)wide;
    return true;
}

/* Digits after the point, as milliseconds; what is finer is cut off, however long. */
static bool take_fraction(cursor *c, int *ms) {
    int unit = 100;
    *ms = 0;
    if (!is_digit(peek(c))) return false;
    for (; is_digit(peek(c)); c->at++) {
        *ms += (c->s[c->at] - '0') * unit;
        unit /= 10;
    }
    return true;
}

/* ---- names ---- */

/* Lower case of ASCII and of the Cyrillic of Russian and Kazakh, without any locale. */
static unsigned fold(unsigned code) {
    if (code >= 'A' && code <= 'Z') return code + 0x20;
    if (code >= 0x0410 && code <= 0x042F) return code + 0x20;
    if (code >= 0x0400 && code <= 0x040F) return code + 0x50;
    /* Here capitals are even and their small letters follow them. */
    if ((code >= 0x048A && code <= 0x04BF) || (code >= 0x04D0 && code <= 0x04FF)) return code | 1;
    return code;
}

/* The next character, folded.  One- and two-byte characters are decoded, as no name has others;
 * any other byte gives a value that no character has. */
static unsigned take_folded(cursor *c) {
    unsigned first = (unsigned char)c->s[c->at++];
    if (first < 0x80) return fold(first);
    if (first >= 0xC2 && first <= 0xDF && (peek(c) & 0xC0) == 0x80 && !at_end(c)) {
        unsigned second = (unsigned char)c->s[c->at++];
        return fold((first & 0x1F) << 6 | (second & 0x3F));
    }
    return 0x110000 + first;
}

static bool same_folded(cursor a, cursor b) {
    while (!at_end(&a) && !at_end(&b)) {
        if (take_folded(&a) != take_folded(&b)) return false;
    }
    return at_end(&a) && at_end(&b);
}

/* Takes a word: ASCII letters and anything outside ASCII that is no white space. */
static cursor take_word(cursor *c) {
    size_t start = c->at;
    while (is_letter(peek(c)) || peek(c) >= 0x80) {
        cursor ahead = *c;
        if (take_blank(&ahead)) break;
        c->at++;
    }
    return (cursor){c->s, c->at, start};
}

static bool row_has(const char *row, cursor word) {
    cursor names = {row, strlen(row), 0};
    while (!at_end(&names)) {
        if (same_folded(take_word(&names), word)) return true;
        take_byte(&names, ' ');
    }
    return false;
}

/* Takes a word if a row has it; *number is that row, counted from 1. */
static bool take_name(cursor *c, const char *const *names, int rows, int *number) {
    cursor ahead = *c;
    cursor word = take_word(&ahead);
    for (int row = 0; row < rows; row++) {
        if (row_has(names[row], word)) {
            *number = row + 1;
            *c = ahead;
            return true;
        }
    }
    return false;
}

/* ---- zone and clock ---- */

static bool take_zone_digits(cursor *c, int *minutes) {
    size_t start = c->at;
    int hours;
    int rest = 0;
    if (!take_number(c, 1, 4, &hours)) return false;
    size_t count = c->at - start;
    if (count == 3) return false; /* +530 may be 5:30 or 53:0 */
    if (count == 4) {
        rest = hours % 100;
        hours /= 100;
    } else if (take_byte(c, ':') && !take_number(c, 2, 2, &rest)) {
        return false;
    }
    *minutes = hours * 60 + rest;
    return rest < 60 && *minutes <= OFFSET_MAX_MIN;
}

/* Takes an offset, or leaves the cursor where it was. */
static bool take_zone(cursor *c, int *zone_min) {
    int row;
    if (take_name(c, utc_names, 1, &row)) {
        *zone_min = 0;
        return true;
    }
    cursor ahead = *c;
    bool west = take_byte(&ahead, '-');
    int minutes;
    if ((!west && !take_byte(&ahead, '+')) || !take_zone_digits(&ahead, &minutes)) return false;
    *zone_min = west ? -minutes : minutes;
    *c = ahead;
    return true;
}

static void take_optional_zone(cursor *c, fields *f) {
    cursor ahead = *c;
    take_blanks(&ahead);
    if (take_zone(&ahead, &f->zone_min)) {
        f->has_zone = true;
        *c = ahead;
    }
}

/* HH:MM[:SS[.fraction]] [zone] */
static bool take_clock(cursor *c, fields *f) {
    if (!take_number(c, 1, 2, &f->hour) || !take_byte(c, ':') || !take_number(c, 2, 2, &f->minute))
        return false;
    f->precision = JBK_PREC_MINUTE;
    if (take_byte(c, ':')) {
        if (!take_number(c, 2, 2, &f->second)) return false;
        f->precision = JBK_PREC_SECOND;
        if (take_byte(c, '.') || take_byte(c, ',')) {
            if (!take_fraction(c, &f->ms)) return false;
            f->precision = JBK_PREC_MS;
        }
    }
    take_optional_zone(c, f);
    return true;
}

/* 10时12分[30秒] */
static bool take_chinese_clock(cursor *c, fields *f) {
    if (!take_number(c, 1, 2, &f->hour) || !take_text(c, "时") ||
        !take_number(c, 1, 2, &f->minute) || !take_text(c, "分"))
        return false;
    f->precision = JBK_PREC_MINUTE;
    if (is_digit(peek(c))) {
        if (!take_number(c, 1, 2, &f->second) || !take_text(c, "秒")) return false;
        f->precision = JBK_PREC_SECOND;
    }
    return true;
}

/* ---- the forms ---- */

/* After a date in figures: the end, or T or blanks and a clock. */
static bool take_iso_rest(cursor *c, fields *f) {
    f->precision = JBK_PREC_DAY;
    cursor ahead = *c;
    if (take_end(&ahead)) return true;
    if (!take_byte(c, 'T') && !take_byte(c, 't') && !take_blanks(c)) return false;
    return take_clock(c, f) && take_end(c);
}

/* [-]2019, 2019-12, 2019-12-09 and so on with / or . in place of both hyphens. */
static bool parse_separated(cursor *c, fields *f) {
    bool before_christ = take_byte(c, '-');
    if (!take_number(c, 4, 4, &f->year) || (before_christ && f->year == 0)) return false;
    if (before_christ) f->year = -f->year;
    f->precision = JBK_PREC_YEAR;
    int separator = peek(c);
    if (separator != '-' && separator != '/' && separator != '.') return take_end(c);
    c->at++;
    if (!take_number(c, 1, 2, &f->month)) return false;
    if (take_byte(c, (char)separator)) return take_number(c, 1, 2, &f->day) && take_iso_rest(c, f);
    f->precision = JBK_PREC_MONTH;
    /* 2019.12 may be a decimal number and 2011/12 a season. */
    return separator == '-' && take_end(c);
}

/* 20191209 */
static bool parse_compact(cursor *c, fields *f) {
    int digits;
    if (!take_number(c, 8, 8, &digits)) return false;
    f->year = digits / 10000;
    f->month = digits / 100 % 100;
    f->day = digits % 100;
    return take_iso_rest(c, f);
}

/* 2019年12月9日 */
static bool parse_chinese(cursor *c, fields *f) {
    if (!take_number(c, 4, 4, &f->year) || !take_text(c, "年") ||
        !take_number(c, 1, 2, &f->month) || !take_text(c, "月") || !take_number(c, 1, 2, &f->day) ||
        !take_text(c, "日"))
        return false;
    f->precision = JBK_PREC_DAY;
    if (take_end(c)) return true;
    cursor ahead = *c;
    if (take_chinese_clock(&ahead, f) && take_end(&ahead)) return true;
    return take_clock(c, f) && take_end(c);
}

/* Whether 12 digits could as well be meant as YYYYMMDDHHMM of a likely year. */
static bool looks_like_date_and_clock(int64_t digits) {
    int64_t year = digits / 100000000;
    int64_t month = digits / 1000000 % 100;
    int64_t day = digits / 10000 % 100;
    return year >= 1900 && year <= 2100 && month >= 1 && month <= 12 && day >= 1 && day <= 31 &&
           digits / 100 % 100 <= 24 && digits % 100 < 60;
}

/* 1575857530, 1575857530.25, 1575857530250 */
static bool parse_epoch(cursor *c, fields *f) {
    size_t start = c->at;
    int64_t number;
    if (peek(c) == '0' || !take_digits(c, 9, 13, &number)) return false;
    size_t count = c->at - start;
    if (count == 11 || (count == 12 && looks_like_date_and_clock(number))) return false;
    f->is_epoch = true;
    f->has_zone = true;
    f->precision = count >= 12 ? JBK_PREC_MS : JBK_PREC_SECOND;
    f->epoch_ms = count >= 12 ? number : number * 1000;
    if (count <= 10 && take_byte(c, '.')) {
        if (!take_fraction(c, &f->ms)) return false;
        f->epoch_ms += f->ms;
        f->precision = JBK_PREC_MS;
    }
    return f->epoch_ms < EPOCH_END_S * 1000 && take_end(c);
}

/* After a date with a named month: the end, or blanks (and a comma) and a clock. */
static bool take_worded_rest(cursor *c, fields *f) {
    f->precision = JBK_PREC_DAY;
    cursor ahead = *c;
    if (take_end(&ahead)) return true;
    bool comma = take_byte(c, ',');
    return (take_blanks(c) || comma) && take_clock(c, f) && take_end(c);
}

/* 9 Dec 2019 */
static bool take_day_first(cursor *c, fields *f) {
    return take_number(c, 1, 2, &f->day) && take_blanks(c) &&
           take_name(c, month_names, 12, &f->month) && take_blanks(c) &&
           take_number(c, 4, 4, &f->year) && take_worded_rest(c, f);
}

/* December 9, 2019 or Jun 29 12:40:09 [+0800] 2013 */
static bool take_month_first(cursor *c, fields *f) {
    if (!take_name(c, month_names, 12, &f->month) || !take_blanks(c) ||
        !take_number(c, 1, 2, &f->day))
        return false;
    if (take_byte(c, ',')) {
        take_blanks(c);
        return take_number(c, 4, 4, &f->year) && take_worded_rest(c, f);
    }
    return take_blanks(c) && take_clock(c, f) && take_blanks(c) && take_number(c, 4, 4, &f->year) &&
           take_end(c);
}

static bool parse_worded(cursor *c, fields *f) {
    if (take_name(c, weekday_names, 7, &f->weekday)) {
        bool comma = take_byte(c, ',');
        if (!take_blanks(c) && !comma) return false;
    }
    return is_digit(peek(c)) ? take_day_first(c, f) : take_month_first(c, f);
}

typedef bool (*form_parser)(cursor *c, fields *f);

/* No text is understood by two of these, so their order does not matter. */
static const form_parser forms[] = {
    parse_separated, parse_epoch, parse_chinese, parse_worded, parse_compact,
};

/* ---- from fields to a time ---- */

/* The day number, if there is such a day and it is the weekday written. */
static bool day_number(const fields *f, int64_t *days) {
    if (f->month < 1 || f->month > 12) return false;
    *days = jbk_days_from_civil(f->year, f->month, f->day);
    int64_t year;
    int month;
    int day;
    jbk_civil_from_days(*days, &year, &month, &day);
    if (month != f->month || day != f->day)
        return false; /* the 31st of June would be the 1st of July */
    return f->weekday == 0 || f->weekday == jbk_weekday(*days);
}

static bool clock_exists(const fields *f) {
    if (f->hour == 24) return f->minute == 0 && f->second == 0 && f->ms == 0;
    return f->hour < 24 && f->minute < 60 && f->second <= 60;
}

/* Milliseconds of the local clock; 24:00 and the second 60 run on into what follows. */
static bool local_ms(const fields *f, int64_t *ms) {
    int64_t days;
    if (f->year < JBK_YEAR_MIN || !day_number(f, &days) || !clock_exists(f)) return false;
    int64_t seconds = (f->hour * INT64_C(60) + f->minute) * 60 + f->second;
    *ms = days * MS_PER_DAY + seconds * 1000 + f->ms;
    /* Checked last, as running on may lead out of the last year. */
    return *ms < jbk_days_from_civil(JBK_YEAR_MAX + 1, 1, 1) * MS_PER_DAY;
}

static bool resolve(const fields *f, int zone_min, jbk_time *out) {
    int offset = f->has_zone ? f->zone_min : zone_min;
    if (offset < -OFFSET_MAX_MIN || offset > OFFSET_MAX_MIN) return false;
    int64_t ms = f->epoch_ms;
    if (!f->is_epoch) {
        if (!local_ms(f, &ms)) return false;
        ms -= (int64_t)offset * 60000;
    }
    *out = (jbk_time){ms, (int16_t)offset, f->precision, !f->has_zone};
    return true;
}

bool jbk_time_parse(const char *s, size_t len, int zone_min, jbk_time *out) {
    cursor start = {s, len, 0};
    take_blanks(&start);
    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
        cursor c = start;
        fields f = {.month = 1, .day = 1};
        if (forms[i](&c, &f)) return resolve(&f, zone_min, out);
    }
    return false;
}

bool jbk_zone_parse(const char *s, size_t len, int *zone_min) {
    cursor c = {s, len, 0};
    int minutes;
    take_blanks(&c);
    if (!take_zone(&c, &minutes) || !take_end(&c)) return false;
    *zone_min = minutes;
    return true;
}
