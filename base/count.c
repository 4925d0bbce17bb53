/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Counts as platforms print them, read in decimal arithmetic: what was printed is either met
 * exactly or refused. */
#include "base/count.h"

#include <string.h>

typedef struct {
    const char *s;
    size_t len;
    size_t at;
} cursor;

/* The number significant * 10^exponent, where `significant` does not end in 0 unless it is 0. */
typedef struct {
    uint64_t significant;
    int64_t exponent;
    bool too_big;
} decimal;

/* A number as written, before its unit is known. */
typedef struct {
    decimal value; /* of all the digits, the fraction's too, as if there were no point */
    int first_digit;
    size_t first_group; /* digits before the first separator */
    size_t groups;      /* of three, after it */
    size_t fraction_digits;
    bool lone_comma_group; /* 1,234 */
    bool comma_fraction;   /* 1,5 */
    bool has_exponent;
} numeral;

typedef struct {
    const char *name;
    int exponent;
    bool cyrillic;
} unit;

/* A longer name stands before one that it begins with. */
static const unit units[] = {
    {"千", 3, false}, {"万", 4, false},  {"萬", 4, false}, {"亿", 8, false}, {"億", 8, false},
    {"k", 3, false},  {"K", 3, false},   {"w", 4, false},  {"W", 4, false},  {"m", 6, false},
    {"M", 6, false},  {"тыс.", 3, true}, {"тыс", 3, true}, {"млн", 6, true}, {"мың", 3, true},
};

static const char *const bound_marks[] = {"+", "余", "多"};

/* Comma, full-width comma, apostrophe, blank, no-break, thin and narrow no-break space. */
enum { COMMA, WIDE_COMMA };
static const char *const separators[] = {
    ",", "，", "'", " ", "\xC2\xA0", "\xE2\x80\x89", "\xE2\x80\xAF",
};

static const char *const absent_words[] = {
    "",    "无",  "無",  "暂无", "-",    "--",   "—",    "null", "None", "NULL", "nil",
    "NaN", "nan", "N/A", "n/a",  "未知", "转发", "评论", "赞",   "点赞", "收藏", "阅读",
};

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

#define EXPONENT_MAX INT64_C(100000000000)
#define LENGTH_OF(array) (sizeof(array) / sizeof(array)[0])

/* ---- the cursor ---- */

static bool at_end(const cursor *c) { return c->at >= c->len; }

static bool take_text(cursor *c, const char *text) {
    size_t length = strlen(text);
    if (length > c->len - c->at || (length > 0 && memcmp(c->s + c->at, text, length) != 0))
        return false;
    c->at += length;
    return true;
}

/* Takes one of `texts`; the return is its index, or `count` if none is here. */
static size_t take_any(cursor *c, const char *const *texts, size_t count) {
    size_t i = 0;
    while (i < count && !take_text(c, texts[i])) i++;
    return i;
}

static void take_blanks(cursor *c) {
    while (take_any(c, blanks, LENGTH_OF(blanks)) < LENGTH_OF(blanks)) continue;
}

/* The end of what is left, after any white space. */
static bool take_end(cursor *c) {
    take_blanks(c);
    return at_end(c);
}

/* Takes a digit, ASCII or full width (EF BC 90 to EF BC 99). */
static bool take_digit(cursor *c, int *digit) {
    cursor ahead = *c;
    int zero = take_text(&ahead, "\xEF\xBC") ? 0x90 : '0';
    if (at_end(&ahead)) return false;
    int value = (unsigned char)ahead.s[ahead.at] - zero;
    if (value < 0 || value > 9) return false;
    *digit = value;
    ahead.at++;
    *c = ahead;
    return true;
}

/* ---- decimal arithmetic ---- */

/* value = value * 10^times, or too_big. */
static void scale_up(decimal *d, int64_t times) {
    for (; times > 0 && d->significant != 0 && !d->too_big; times--) {
        if (d->significant > JBK_COUNT_MAX / 10)
            d->too_big = true;
        else
            d->significant *= 10;
    }
}

/* Zeros are only counted until another digit follows them, so that neither 1.000... nor 1000...
 * grows beyond what it says. */
static void append_digit(decimal *d, int digit) {
    if (digit == 0) {
        d->exponent += d->significant != 0;
        return;
    }
    scale_up(d, d->exponent + 1);
    d->exponent = 0;
    if (d->significant > JBK_COUNT_MAX - (uint64_t)digit)
        d->too_big = true;
    else
        d->significant += (uint64_t)digit;
}

/* False if the number is not whole or is over the maximum. */
static bool to_integer(decimal d, int64_t exponent, uint64_t *n) {
    exponent += d.exponent;
    if (d.significant != 0 && exponent < 0) return false;
    scale_up(&d, exponent);
    *n = d.significant;
    return !d.too_big;
}

/* ---- reading a numeral ---- */

static size_t take_digits(cursor *c, decimal *d) {
    size_t count = 0;
    int digit;
    for (; take_digit(c, &digit); count++) append_digit(d, digit);
    return count;
}

/* Takes a separator only if a digit follows: the blank of "12 万" separates no digits. */
static size_t take_separator(cursor *c) {
    cursor ahead = *c;
    size_t which = take_any(&ahead, separators, LENGTH_OF(separators));
    cursor after = ahead;
    int digit;
    if (which == LENGTH_OF(separators) || !take_digit(&after, &digit)) return LENGTH_OF(separators);
    *c = ahead;
    return which;
}

/* 0,123 is no way to write 123, nor 1234,567 to write 1234567. */
static bool groups_are_sound(const numeral *number) {
    return number->groups == 0 || (number->first_group <= 3 && number->first_digit != 0);
}

/* The digits before the point, in groups of three behind one kind of separator. */
static bool take_groups(cursor *c, numeral *out) {
    cursor ahead = *c;
    if (take_digit(&ahead, &out->first_digit)) out->first_group = take_digits(c, &out->value);
    if (out->first_group == 0) return false;
    size_t kind = LENGTH_OF(separators);
    for (;;) {
        ahead = *c;
        numeral longer = *out;
        size_t which = take_separator(&ahead);
        if (which == LENGTH_OF(separators)) break;
        size_t digits = take_digits(&ahead, &longer.value);
        if (digits != 3 || (out->groups > 0 && which != kind)) {
            /* 1,5 or 1 234,5: left to the fraction. */
            bool by_commas = kind == COMMA || kind == WIDE_COMMA;
            return which == COMMA && !by_commas && groups_are_sound(out);
        }
        *out = longer;
        *c = ahead;
        kind = which;
        out->groups++;
    }
    out->lone_comma_group = out->groups == 1 && kind == COMMA;
    return groups_are_sound(out);
}

static bool take_fraction(cursor *c, numeral *out) {
    out->comma_fraction = take_text(c, ",");
    if (!out->comma_fraction && !take_text(c, ".")) return true;
    out->fraction_digits = take_digits(c, &out->value);
    return out->fraction_digits > 0;
}

/* The e5 of a JSON number.  Past EXPONENT_MAX the value no longer matters: the number is far
 * from whole, too big, or zero. */
static bool take_exponent(cursor *c, numeral *out) {
    if (!take_text(c, "e") && !take_text(c, "E")) return true;
    bool negative = take_text(c, "-");
    if (!negative) take_text(c, "+");
    int digit;
    int64_t exponent = 0;
    for (; take_digit(c, &digit); out->has_exponent = true) {
        if (exponent < EXPONENT_MAX) exponent = exponent * 10 + digit;
    }
    out->value.exponent += negative ? -exponent : exponent;
    return out->has_exponent;
}

/* NULL if no unit is here. */
static const unit *take_unit(cursor *c) {
    for (size_t i = 0; i < LENGTH_OF(units); i++) {
        if (take_text(c, units[i].name)) return &units[i];
    }
    return NULL;
}

/* Whether the numeral can be read in one way only, now that its unit is known. */
static bool is_unambiguous(const numeral *number, const unit *u) {
    if (u != NULL && number->has_exponent) return false;
    if (u != NULL && u->cyrillic) /* Russian and Kazakh write the fraction after a comma */
        return !number->lone_comma_group || number->fraction_digits > 0;
    if (number->comma_fraction) return false;
    /* 12.000 is twelve to a program and twelve thousand to half of Europe. */
    bool like_a_group = number->fraction_digits == 3 && number->groups == 0 &&
                        number->first_group <= 3 && number->first_digit != 0;
    return u != NULL || number->has_exponent || !like_a_group;
}

static bool is_absent(cursor c) {
    for (size_t i = 0; i < LENGTH_OF(absent_words); i++) {
        cursor ahead = c;
        if (take_text(&ahead, absent_words[i]) && take_end(&ahead)) return true;
    }
    return false;
}

/* Digits alone, too few to be too big, as most counts are. */
static bool plain_digits(const char *s, size_t len, uint64_t *n) {
    enum { DIGITS_MAX = 18 }; /* 10^18 is below JBK_COUNT_MAX */
    *n = 0;
    for (size_t i = 0; i < len; i++) {
        if (s[i] < '0' || s[i] > '9') return false;
        *n = *n * 10 + (uint64_t)(s[i] - '0');
        if (i == DIGITS_MAX) return false;
    }
    return len > 0;
}

jbk_count_result jbk_count_parse(const char *s, size_t len, jbk_count *out) {
    cursor c = {s, len, 0};
    uint64_t plain;
    if (plain_digits(s, len, &plain)) {
        *out = (jbk_count){plain, false};
        return JBK_COUNT_OK;
    }
    take_blanks(&c);
    if (is_absent(c)) return JBK_COUNT_ABSENT;
    jbk_count count = {0, false};
    if (take_text(&c, ">")) {
        count.lower_bound = true;
        take_text(&c, "=");
        take_blanks(&c);
    }
    numeral number = {0};
    if (!take_groups(&c, &number) || !take_fraction(&c, &number) || !take_exponent(&c, &number))
        return JBK_COUNT_BAD;
    take_blanks(&c);
    const unit *u = take_unit(&c);
    take_blanks(&c);
    if (take_any(&c, bound_marks, LENGTH_OF(bound_marks)) < LENGTH_OF(bound_marks))
        count.lower_bound = true;
    if (!take_end(&c) || !is_unambiguous(&number, u)) return JBK_COUNT_BAD;
    int64_t exponent = (u != NULL ? u->exponent : 0) - (int64_t)number.fraction_digits;
    if (!to_integer(number.value, exponent, &count.n)) return JBK_COUNT_BAD;
    *out = count;
    return JBK_COUNT_OK;
}

size_t jbk_count_format(jbk_count c, char out[JBK_COUNT_TEXT_MAX]) {
    size_t length = 1;
    for (uint64_t rest = c.n; rest >= 10; rest /= 10) length++;
    uint64_t rest = c.n;
    for (size_t i = length; i-- > 0; rest /= 10) out[i] = (char)('0' + rest % 10);
    if (c.lower_bound) out[length++] = '+';
    out[length] = '\0';
    return length;
}
