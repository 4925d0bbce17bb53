/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What people write for operators elsewhere, on other keyboards or out of habit, and what would
 * quietly find something else here.  It is refused with what to write instead: between quotation
 * marks everything can still be searched for. */
#include "base/utf8.h"
#include "parser.h"
#include "text/chars.h"

#include <strings.h>

#define QUOTE_IT "; put it in quotation marks to search for it"

static const char *const QUOTES =
    "quotation marks are straight in a query: \"these words\"; put others inside them to search "
    "for those";
static const char *const COLON = "a field is asked for with a colon: platform:weibo, "
                                 "views:>=1000" QUOTE_IT;

typedef struct {
    const char *mark, *why;
} mark;

/* At the beginning of a word. */
static const mark OPENING[] = {
    {"“", NULL},
    {"”", NULL},
    {"„", NULL},
    {"«", NULL},
    {"»", NULL},
    {"＂", NULL},
    {"「", NULL},
    {"」", NULL},
    {"『", NULL},
    {"』", NULL},
    {"<", "< and > stand behind a field and its colon, without blanks: views:>=1000"},
    {">", "< and > stand behind a field and its colon, without blanks: views:>=1000"},
    {"!", "to exclude a word write -word or NOT word" QUOTE_IT},
    {"！", "to exclude a word write -word or NOT word" QUOTE_IT},
    {"－", "to exclude a word write -word, with a plain hyphen" QUOTE_IT},
    {"−", "to exclude a word write -word, with a plain hyphen" QUOTE_IT},
    {"–", "to exclude a word write -word, with a plain hyphen" QUOTE_IT},
    {"—", "to exclude a word write -word, with a plain hyphen" QUOTE_IT},
    {"（", "parentheses that group are the plain ( and )" QUOTE_IT},
    {"）", "parentheses that group are the plain ( and )" QUOTE_IT},
    {"＊", "the asterisk of a pattern is the plain *" QUOTE_IT},
    {"～", "what sounds like a word is ~word, with the plain ~" QUOTE_IT},
    {"＝", "a word without its inflections is =word, with the plain =" QUOTE_IT},
    {"｛", "names are asked for with plain braces: {KZ}" QUOTE_IT},
    {":", "the colon stands right behind the name of a field: title:word" QUOTE_IT},
    {"：", "the colon stands right behind the name of a field: title:word" QUOTE_IT},
};

static bool begins(const char *s, size_t len, const char *with) {
    size_t n = strlen(with);
    return len >= n && !memcmp(s, with, n);
}

static const char *opening(const char *s, size_t len, bool quotes_only) {
    for (size_t i = 0; i < sizeof OPENING / sizeof *OPENING; i++) {
        const mark *m = &OPENING[i];
        if (!begins(s, len, m->mark) || (quotes_only && m->why)) continue;
        /* A mark of punctuation alone is a string like any other, but for comparisons and *. */
        if (len == strlen(m->mark) && !strchr("<>", *m->mark) && strcmp(m->mark, "＊") != 0)
            return NULL;
        return m->why ? m->why : QUOTES;
    }
    return NULL;
}

/* 'these words', which are not kept together, or '中国', which would be looked for with its marks;
 * only where the mark is closed again.  Around one word of letters they mean nothing. */
static bool opens_single(const jbk_parser *p, size_t at) {
    const char *s = p->text;
    size_t n = s[at] == '\'' ? 1 : begins(s + at, p->len - at, "‘") ? strlen("‘") : 0;
    bool matters = false;
    for (size_t i = at + n; n && i < p->len;) {
        size_t close = s[i] == '\'' ? 1 : begins(s + i, p->len - i, "’") ? strlen("’") : 0;
        if (close && i > at + n && jbk_parse_ends_word(p, i + close)) return matters;
        matters |= jbk_parse_ends_word(p, i);
        matters |= jbk_cp_script(jbk_utf8_next(s, p->len, &i)) == JBK_SCRIPT_HAN;
    }
    return false;
}

/* platform：weibo, platform=weibo, views>1000: *at is where the sign stands. */
static bool has_odd_colon(const char *s, size_t len, size_t *at) {
    static const char *const SIGNS[] = {"=", "＝", "<", ">", "＜", "＞", "≤", "≥", "："};
    size_t n = 0;
    while (n < len && (jbk_utf8_ascii(s[n]) && (strchr("_.", s[n]) || (s[n] | 32) >= 'a') &&
                       (s[n] | 32) <= 'z'))
        n++;
    bool field = n && (jbk_field_find(s, n) >= 0 || (n == 4 && !strncasecmp(s, "gone", 4)));
    *at = n;
    for (size_t i = 0; field && i < sizeof SIGNS / sizeof *SIGNS; i++)
        if (begins(s + n, len - n, SIGNS[i])) return true;
    return false;
}

/* A wide parenthesis whose other half is not in the word. */
static bool is_unbalanced(const char *s, size_t len, size_t *at) {
    size_t open = 0;
    for (size_t i = 0; i < len; i++) {
        if (begins(s + i, len - i, "（")) {
            if (!open++) *at = i;
        } else if (begins(s + i, len - i, "）") && !open--) {
            *at = i;
            return true;
        }
    }
    return open > 0;
}

/* NEAR5, W/5, PRE/5 */
static bool is_near_of_others(const char *s, size_t len) {
    static const char *const NAMES[] = {"NEAR", "ADJ", "W/", "PRE/", "w/", "pre/"};
    for (size_t i = 0; i < sizeof NAMES / sizeof *NAMES; i++) {
        size_t n = strlen(NAMES[i]);
        if (len == n || !begins(s, len, NAMES[i])) continue;
        while (n < len && s[n] >= '0' && s[n] <= '9') n++;
        if (n == len) return true;
    }
    return false;
}

/* wom?n */
static bool has_wildcard(const char *s, size_t len, size_t *at) {
    bool han = false, letter_before = false, inside = false;
    for (size_t i = 0; i < len;) {
        size_t from = i;
        uint32_t cp = jbk_utf8_next(s, len, &i);
        han |= jbk_cp_script(cp) == JBK_SCRIPT_HAN;
        size_t next = i;
        if (cp == '?' && letter_before && i < len && jbk_cp_wordy(jbk_utf8_next(s, len, &next))) {
            if (!inside) *at = from;
            inside = true;
        }
        letter_before = jbk_cp_wordy(cp);
    }
    return inside && !han;
}

/* +word: what stands side by side must all be there. */
static bool has_needless_plus(const char *s, size_t len) {
    size_t i = 1;
    if (!len || *s != '+' || i == len) return false;
    uint32_t cp = jbk_utf8_next(s, len, &i);
    return jbk_cp_wordy(cp) && !(cp >= '0' && cp <= '9');
}

const char *jbk_misread_word(const jbk_parser *p, size_t at, size_t len, size_t *place) {
    const char *s = p->text + at;
    size_t in = 0;
    const char *why = opening(s, len, false);
    *place = at;
    if (why) return why;
    if (opens_single(p, at)) return QUOTES;
    if (begins(s, len, "..") && !begins(s, len, "..."))
        return "a range stands behind a field and its colon, without blanks: views:10..20";
    if ((*s == '&' && len <= 2) || memchr(s, '|', len) || memmem(s, len, "｜", strlen("｜")))
        return "the operators are AND, OR and NOT" QUOTE_IT;
    if (is_near_of_others(s, len)) return "nearness is NEAR/5, or ADJ/5 in this order" QUOTE_IT;
    if (has_needless_plus(s, len))
        return "what stands side by side must all be there; leave the + out" QUOTE_IT;
    if (*s == '/' && len > 2 && s[len - 1] == '/')
        return "there are no regular expressions; there are word*, *word and ~word" QUOTE_IT;
    if (has_odd_colon(s, len, &in))
        why = COLON;
    else if (is_unbalanced(s, len, &in))
        why = "parentheses that group are the plain ( and )" QUOTE_IT;
    else if (has_wildcard(s, len, &in))
        why = "? stands for no letter here; there are word*, *word and ~word" QUOTE_IT;
    *place = at + in;
    return why;
}

const char *jbk_misread_value(const jbk_parser *p, size_t at, size_t len) {
    return opening(p->text + at, len, true);
}

bool jbk_misread_clock(const jbk_parser *p, size_t at) {
    size_t i = at, digits = 0;
    while (i < p->len && p->text[i] >= '0' && p->text[i] <= '9') i++;
    digits = i - at;
    return (digits == 1 || digits == 2) && i + 1 < p->len && p->text[i] == ':' &&
           p->text[i + 1] >= '0' && p->text[i + 1] <= '9';
}
