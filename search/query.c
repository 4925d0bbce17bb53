/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A recursive-descent parser:
 *
 *   any   = all { "OR" all }
 *   all   = one { ["AND"] one }
 *   one   = ("NOT" | "-") one | "(" any ")" | term
 *   term  = [field ":"] (word | "quoted" | "(" any ")" | range) | "*"
 */
#include "query.h"

#include "base/utf8.h"
#include "range.h"
#include "text/chars.h"
#include "text/fold.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

enum { DEPTH_MAX = 200, NODES_MAX = 100000 };

/* What a term means: title, text, or the values of a field. */
typedef struct {
    unsigned where;
    int field;         /* -1 for strings and extras */
    const char *extra; /* not NULL: an extra's name */
    size_t extra_len;
} scope;

typedef struct {
    const char *text;
    size_t len, at;
    int depth, nodes;
    size_t wrong_at;
    jbk_err *err;
} parser;

static jbk_query *fail(parser *p, size_t at, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

static jbk_query *fail(parser *p, size_t at, const char *fmt, ...) {
    char msg[256];
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(msg, sizeof msg, fmt, ap);
    va_end(ap);
    p->wrong_at = at;
    jbk_fail(p->err, JBK_USAGE, "query", "%s", msg);
    return NULL;
}

static jbk_query *new_node(parser *p, jbk_query_kind kind, size_t at) {
    if (++p->nodes > NODES_MAX) return fail(p, at, "the query has more than %d parts", NODES_MAX);
    jbk_query *q = jbk_calloc(1, sizeof *q);
    q->kind = kind;
    q->at = at;
    q->field = -1;
    q->low = INT64_MIN;
    q->high = INT64_MAX;
    return q;
}

const char *jbk_where_name(unsigned where) {
    return where == JBK_IN_TITLE ? "title" : where == JBK_IN_TEXT ? "text" : "title or text";
}

void jbk_query_free(jbk_query *q) {
    if (!q) return;
    for (size_t i = 0; i < q->children.n; i++) jbk_query_free(q->children.at[i]);
    jbk_vec_free(&q->children);
    free(q->s);
    free(q->extra);
    free(q);
}

/* --- characters --- */

/* White space at byte i: its length, else 0. */
static size_t blank(const parser *p, size_t i) {
    size_t next = i;
    if (i >= p->len || !jbk_cp_space(jbk_utf8_next(p->text, p->len, &next))) return 0;
    return next - i;
}

static void skip_blanks(parser *p) {
    for (size_t n; (n = blank(p, p->at));) p->at += n;
}

static bool ends_word(const parser *p, size_t i) {
    return i >= p->len || strchr("()\"", p->text[i]) || blank(p, i);
}

static size_t word_end(const parser *p, size_t i) {
    while (!ends_word(p, i)) i++;
    return i;
}

static bool at_keyword(const parser *p, const char *word) {
    size_t n = strlen(word);
    return p->len - p->at >= n && !memcmp(p->text + p->at, word, n) && ends_word(p, p->at + n);
}

/* --- strings --- */

static bool has_wordy(const char *s, size_t len, bool *han) {
    bool any = false;
    *han = false;
    for (size_t i = 0; i < len;) {
        uint32_t cp = jbk_utf8_next(s, len, &i);
        jbk_script script = jbk_cp_script(cp);
        any |= jbk_cp_wordy(cp);
        *han |= script == JBK_SCRIPT_HAN;
    }
    return any;
}

/* Bare words other than Han runs are words: the punctuation around them is not meant. */
static void trim(const char **s, size_t *len) {
    size_t first = *len, last = 0;
    for (size_t i = 0; i < *len;) {
        size_t from = i;
        if (!jbk_cp_wordy(jbk_utf8_next(*s, *len, &i))) continue;
        if (first > from) first = from;
        last = i;
    }
    *s += first;
    *len = last - first;
}

static jbk_query *string_node(parser *p, scope in, const char *s, size_t len, bool bare,
                              size_t at) {
    jbk_folded f = {0};
    jbk_fold(&f, s, len);
    const char *folded = f.utf8.data;
    size_t n = f.utf8.len;
    bool han;
    if (bare && has_wordy(folded, n, &han) && !han) trim(&folded, &n);
    jbk_query *q =
        n ? new_node(p, JBK_Q_STRING, at) : fail(p, at, "nothing is left to search for here");
    if (q) {
        q->where = in.where;
        q->s = jbk_strndup(folded, n);
        q->len = n;
    }
    jbk_folded_free(&f);
    return q;
}

static jbk_query *value_node(parser *p, scope in, const char *s, size_t len, size_t at) {
    jbk_query *q = new_node(p, JBK_Q_VALUE, at);
    if (!q) return NULL;
    q->field = in.field;
    if (in.extra) q->extra = jbk_strndup(in.extra, in.extra_len);
    q->s = jbk_strndup(s, len);
    q->len = len;
    return q;
}

static jbk_query *range_node(parser *p, scope in, const char *s, size_t len, size_t at) {
    jbk_query *q = new_node(p, JBK_Q_RANGE, at);
    if (!q) return NULL;
    q->field = in.field;
    const char *why = jbk_range_parse(&jbk_fields[in.field], s, len, q);
    if (!why) return q;
    jbk_query_free(q);
    return fail(p, at, "%s (for example %s)", why, jbk_fields[in.field].example);
}

static bool is_range_field(int f) {
    return f >= 0 && f != JBK_F_COPY_OF &&
           (jbk_fields[f].type == JBK_T_COUNT || jbk_fields[f].type == JBK_T_TIME);
}

static jbk_query *leaf(parser *p, scope in, const char *s, size_t len, bool bare, size_t at) {
    if (is_range_field(in.field)) return range_node(p, in, s, len, at);
    if (in.field >= 0 || in.extra) return value_node(p, in, s, len, at);
    return string_node(p, in, s, len, bare, at);
}

/* "...": \" and \\ stand for " and \. */
static jbk_query *quoted(parser *p, scope in) {
    size_t start = p->at++;
    jbk_buf s = {0};
    while (p->at < p->len && p->text[p->at] != '"') {
        char next = p->at + 1 < p->len ? p->text[p->at + 1] : '\0';
        if (p->text[p->at] == '\\' && (next == '"' || next == '\\')) p->at++;
        jbk_buf_byte(&s, p->text[p->at++]);
    }
    jbk_query *q = NULL;
    if (p->at >= p->len) {
        fail(p, start, "this quotation mark is not closed");
    } else {
        p->at++;
        q = s.len ? leaf(p, in, s.data, s.len, false, start)
                  : fail(p, start, "there is nothing between the quotation marks");
    }
    jbk_buf_free(&s);
    return q;
}

/* --- terms --- */

static jbk_query *any(parser *p, scope in);

static jbk_query *group(parser *p, scope in) {
    size_t start = p->at++;
    if (++p->depth > DEPTH_MAX) return fail(p, start, "parentheses are nested too deep");
    jbk_query *q = any(p, in);
    p->depth--;
    if (!q) return NULL;
    skip_blanks(p);
    if (p->at < p->len && p->text[p->at] == ')') {
        p->at++;
        return q;
    }
    jbk_query_free(q);
    return fail(p, start, "this parenthesis is not closed");
}

/* May byte i go on a field's name that starts at `start`?  Extras have any names. */
static bool in_name(const parser *p, size_t start, size_t i) {
    char c = p->text[i];
    bool extra = i - start >= 2 && !memcmp(p->text + start, JBK_EXTRA_PREFIX, 2);
    bool letter = (c | 32) >= 'a' && (c | 32) <= 'z', later = i > start;
    return letter || (extra && !jbk_utf8_ascii(c)) ||
           (later && ((c >= '0' && c <= '9') || c == '_' || c == '.' || c == '-'));
}

/* "field:" at the cursor?  Then *in is its scope and the cursor is behind the colon. */
static bool field_prefix(parser *p, scope *in, bool *wrong) {
    size_t i = p->at;
    *wrong = false;
    while (i < p->len && in_name(p, p->at, i)) i++;
    if (i == p->at || i >= p->len || p->text[i] != ':') return false;
    const char *name = p->text + p->at;
    size_t len = i - p->at;
    *in = (scope){.field = -1};
    if (len > 2 && !memcmp(name, JBK_EXTRA_PREFIX, 2)) {
        in->extra = name + 2;
        in->extra_len = len - 2;
    } else {
        int f = jbk_field_find(name, len);
        if (f < 0) {
            fail(p, p->at, "there is no field '%.*s'; put it in quotation marks to search for it",
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

/* NEAR, NEAR/5, ADJ, ADJ/3 */
static bool is_reserved(const char *s, size_t len) {
    size_t name = len >= 4 && !memcmp(s, "NEAR", 4) ? 4 : len >= 3 && !memcmp(s, "ADJ", 3) ? 3 : 0;
    return name && (len == name || s[name] == '/');
}

static jbk_query *word(parser *p, scope in) {
    size_t start = p->at, end = word_end(p, start);
    const char *s = p->text + start;
    size_t len = end - start;
    p->at = end;
    bool star = len == 1 && *s == '*', own_scope = in.where != (JBK_IN_TITLE | JBK_IN_TEXT);
    if (star && own_scope)
        return fail(p, start, "* finds everything and stands alone, not behind a field");
    if (in.field >= 0 || in.extra) return leaf(p, in, s, len, true, start);
    if (star) return new_node(p, JBK_Q_ALL, start);
    if (is_reserved(s, len))
        return fail(p, start,
                    "%.*s is an operator that this version does not have; put it in "
                    "quotation marks to search for the word",
                    (int)len, s);
    if (*s == '=' && len > 1) return string_node(p, in, s + 1, len - 1, true, start);
    size_t special = 0; /* not strcspn: it would read the whole query for every word */
    while (special < len && !strchr("*~{}", s[special])) special++;
    if (special < len)
        return fail(p, start + special,
                    "'%c' means nothing here; put it in quotation marks to search for it",
                    s[special]);
    return string_node(p, in, s, len, true, start);
}

static jbk_query *term(parser *p, scope in) {
    bool wrong, own_field = in.field >= 0 || in.extra;
    scope inner = in;
    if (!own_field && field_prefix(p, &inner, &wrong)) {
        in = inner;
        if (ends_word(p, p->at) && !(p->at < p->len && strchr("(\"", p->text[p->at])))
            return fail(p, p->at, "a value is missing after the colon");
    } else if (!own_field && wrong) {
        return NULL;
    }
    if (p->text[p->at] == '"') return quoted(p, in);
    if (p->text[p->at] == '(') return group(p, in);
    return word(p, in);
}

static jbk_query *one(parser *p, scope in) {
    skip_blanks(p);
    size_t start = p->at;
    if (start >= p->len) return fail(p, start, "something to search for is missing here");
    bool minus = p->text[start] == '-' && !ends_word(p, start + 1);
    minus |= p->text[start] == '-' && start + 1 < p->len && strchr("(\"", p->text[start + 1]);
    bool not = at_keyword(p, "NOT");
    if (minus || not ) {
        if (++p->depth > DEPTH_MAX) return fail(p, start, "NOT is nested too deep");
        p->at += minus ? 1 : 3;
        jbk_query *child = one(p, in);
        p->depth--;
        if (!child) return NULL;
        jbk_query *q = new_node(p, JBK_Q_NOT, start);
        if (!q) {
            jbk_query_free(child);
            return NULL;
        }
        jbk_vec_push(&q->children, child);
        return q;
    }
    if (at_keyword(p, "OR") || at_keyword(p, "AND"))
        return fail(p, start,
                    "something to search for is missing before this; put it in quotation "
                    "marks to search for the word itself");
    if (p->text[start] == '-' && ends_word(p, start + 1))
        return fail(p, start, "- must stand right before what it excludes");
    if (p->text[start] == ')') return fail(p, start, "this parenthesis opens nowhere");
    return term(p, in);
}

/* Add `child` to *list, which becomes a node of `kind` when it gets a second one. */
static bool add_child(parser *p, jbk_query **list, jbk_query_kind kind, jbk_query *child) {
    if (!child) return false;
    if (!*list) {
        *list = child;
        return true;
    }
    if ((*list)->kind != kind) {
        jbk_query *q = new_node(p, kind, (*list)->at);
        if (!q) {
            jbk_query_free(child);
            return false;
        }
        jbk_vec_push(&q->children, *list);
        *list = q;
    }
    jbk_vec_push(&(*list)->children, child);
    return true;
}

static jbk_query *all(parser *p, scope in) {
    jbk_query *list = NULL;
    do {
        if (list && at_keyword(p, "AND")) p->at += 3;
        if (!add_child(p, &list, JBK_Q_AND, one(p, in))) {
            jbk_query_free(list);
            return NULL;
        }
        skip_blanks(p);
    } while (p->at < p->len && p->text[p->at] != ')' && !at_keyword(p, "OR"));
    return list;
}

static jbk_query *any(parser *p, scope in) {
    jbk_query *list = NULL;
    for (;;) {
        if (!add_child(p, &list, JBK_Q_OR, all(p, in))) {
            jbk_query_free(list);
            return NULL;
        }
        skip_blanks(p);
        if (!at_keyword(p, "OR")) return list;
        p->at += 2;
    }
}

jbk_status jbk_query_parse(const char *text, jbk_query **out, size_t *at, jbk_err *err) {
    parser p = {.text = text, .len = strlen(text), .err = err};
    scope both = {.where = JBK_IN_TITLE | JBK_IN_TEXT, .field = -1};
    *at = 0;
    *out = NULL;
    if (jbk_utf8_count_bad(text, p.len))
        return jbk_fail(err, JBK_USAGE, "query", "the query is not UTF-8");
    skip_blanks(&p);
    if (p.at == p.len)
        return jbk_fail(err, JBK_USAGE, "query", "the query is empty; * finds everything");
    jbk_query *q = any(&p, both);
    if (q && p.at < p.len) {
        jbk_query_free(q);
        q = fail(&p, p.at, "this parenthesis opens nowhere");
    }
    *at = p.wrong_at;
    *out = q;
    return q ? JBK_OK : JBK_USAGE;
}

void jbk_query_strings(const jbk_query *q, jbk_query_list *out) {
    if (q->kind == JBK_Q_STRING) jbk_vec_push(out, q);
    if (q->kind == JBK_Q_NOT) return;
    for (size_t i = 0; i < q->children.n; i++) jbk_query_strings(q->children.at[i], out);
}
