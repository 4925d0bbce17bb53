/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The characters of a query: blanks, words, keywords, names of fields. */
#include "base/utf8.h"
#include "parser.h"
#include "text/chars.h"

#include <stdarg.h>
#include <stdio.h>
#include <strings.h>

jbk_query *jbk_parse_fail(jbk_parser *p, size_t at, const char *fmt, ...) {
    char msg[256];
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(msg, sizeof msg, fmt, ap);
    va_end(ap);
    p->wrong_at = at;
    jbk_fail(p->err, JBK_USAGE, "query", "%s", msg);
    return NULL;
}

/* White space at byte i: its length, else 0. */
static size_t blank(const jbk_parser *p, size_t i) {
    size_t next = i;
    if (i >= p->len || !jbk_cp_space(jbk_utf8_next(p->text, p->len, &next))) return 0;
    return next - i;
}

void jbk_parse_skip_blanks(jbk_parser *p) {
    for (size_t n; (n = blank(p, p->at));) p->at += n;
}

bool jbk_parse_ends_word(const jbk_parser *p, size_t i) {
    return i >= p->len || strchr("()\"", p->text[i]) || blank(p, i);
}

size_t jbk_parse_word_end(const jbk_parser *p, size_t i) {
    while (!jbk_parse_ends_word(p, i)) i++;
    return i;
}

static bool starts(const jbk_parser *p, const char *word, size_t n) {
    return p->len - p->at >= n && !memcmp(p->text + p->at, word, n);
}

bool jbk_parse_at_keyword(const jbk_parser *p, const char *word) {
    size_t n = strlen(word);
    return starts(p, word, n) && jbk_parse_ends_word(p, p->at + n);
}

bool jbk_parse_at_near(const jbk_parser *p, size_t *end) {
    size_t n = starts(p, "NEAR", 4) ? 4 : starts(p, "ADJ", 3) ? 3 : 0;
    bool slash = n && p->at + n < p->len && p->text[p->at + n] == '/';
    if (!n || (!slash && !jbk_parse_ends_word(p, p->at + n))) return false;
    *end = jbk_parse_word_end(p, p->at);
    return true;
}

/* May byte i go on a field's name that starts at `start`?  Extras have any names. */
static bool in_name(const jbk_parser *p, size_t start, size_t i) {
    char c = p->text[i];
    bool extra = i - start >= 2 && !memcmp(p->text + start, JBK_EXTRA_PREFIX, 2);
    bool letter = (c | 32) >= 'a' && (c | 32) <= 'z', later = i > start;
    return letter || (extra && !jbk_utf8_ascii(c)) ||
           (later && ((c >= '0' && c <= '9') || c == '_' || c == '.' || c == '-'));
}

static bool is_name(const char *name, size_t len, const char *word) {
    return len == strlen(word) && !strncasecmp(name, word, len);
}

bool jbk_parse_field(jbk_parser *p, jbk_scope *in, bool *wrong) {
    size_t i = p->at;
    *wrong = false;
    while (i < p->len && in_name(p, p->at, i)) i++;
    if (i == p->at || i >= p->len || p->text[i] != ':') return false;
    const char *name = p->text + p->at;
    size_t len = i - p->at;
    *in = (jbk_scope){.field = -1};
    if (len > 2 && !memcmp(name, JBK_EXTRA_PREFIX, 2)) {
        in->extra = name + 2;
        in->extra_len = len - 2;
    } else if (is_name(name, len, "gone")) {
        in->gone = true;
    } else {
        int f = jbk_field_find(name, len);
        if (f < 0) {
            jbk_parse_fail(p, p->at,
                           "there is no field '%.*s'; put it in quotation marks to search for it",
                           (int)(len < 60 ? len : 60), name);
            *wrong = true;
            return false;
        }
        in->field = f == JBK_F_TITLE || f == JBK_F_TEXT ? -1 : f;
        in->where = f == JBK_F_TITLE ? JBK_IN_TITLE : f == JBK_F_TEXT ? JBK_IN_TEXT : 0;
    }
    p->at = i + 1;
    return true;
}
