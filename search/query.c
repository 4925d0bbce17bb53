/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The grammar, by recursive descent:
 *
 *   any    = all { "OR" all }
 *   all    = one { ["AND"] one }
 *   one    = ("NOT" | "-") {"NOT" | "-"} part | near
 *   near   = part { ("NEAR" | "ADJ") ["/" number] part }
 *   part   = [field ":"] ( "(" any ")" | '"' string '"' | bare ) | "*"
 *
 * A bare word (query_leaf.c says which it is):
 *
 *   =word  ~word  {CODE}  word*  *word  *word*  a run with Han  a word
 *   behind the field of a count or a time:  value  low..high  low..  ..high  >x  >=x  <x  <=x
 *   behind another field:  the value
 *
 * Operators are in capitals.  NEAR stands between words and strings of the text, and OR of such
 * in parentheses; a chain A NEAR/5 B NEAR/5 C asks it of A and B and, with the same B, of B and
 * C.  NOT and NEAR side by side need parentheses. */
#include "base/utf8.h"
#include "expand.h"
#include "parser.h"
#include "text/chars.h"

#include <stdlib.h>

enum { DEPTH_MAX = 200 };

/* --- the tree --- */

const char *jbk_where_name(unsigned where) {
    return where == JBK_IN_TITLE ? "title" : where == JBK_IN_TEXT ? "text" : "title or text";
}

void jbk_query_free(jbk_query *q) {
    if (!q) return;
    for (size_t i = 0; i < q->children.n; i++) jbk_query_free(q->children.at[i]);
    jbk_vec_free(&q->children);
    jbk_vec_free(&q->links);
    free(q->s);
    free(q->extra);
    jbk_expansion_free(q->expansion);
    free(q);
}

void jbk_query_strings(const jbk_query *q, jbk_query_list *out) {
    if (jbk_query_is_text(q)) jbk_vec_push(out, q);
    if (q->kind == JBK_Q_NOT) return;
    for (size_t i = 0; i < q->children.n; i++) jbk_query_strings(q->children.at[i], out);
}

/* --- parts --- */

static const char NOT_NEAR[] = "NOT has no place beside NEAR; write (A NEAR/5 B) NOT C";

static jbk_query *any(jbk_parser *p, const jbk_scope *in);

/* "...": \" and \\ stand for " and \. */
static jbk_query *quoted(jbk_parser *p, const jbk_scope *in) {
    size_t start = p->at++;
    jbk_buf s = {0};
    while (p->at < p->len && p->text[p->at] != '"') {
        char next = p->at + 1 < p->len ? p->text[p->at + 1] : '\0';
        if (p->text[p->at] == '\\' && (next == '"' || next == '\\')) p->at++;
        jbk_buf_byte(&s, p->text[p->at++]);
    }
    jbk_query *q = NULL;
    if (p->at >= p->len) {
        jbk_parse_fail(p, start, "this quotation mark is not closed");
    } else if (p->at + 1 < p->len && p->text[p->at + 1] == '~') {
        jbk_parse_fail(p, p->at + 1,
                       "words near each other are A NEAR/5 B; ~ stands before a word");
    } else {
        p->at++;
        q = s.len ? jbk_parse_quoted(p, in, s.data, s.len, start)
                  : jbk_parse_fail(p, start, "there is nothing between the quotation marks");
    }
    jbk_buf_free(&s);
    return q;
}

static jbk_query *group(jbk_parser *p, const jbk_scope *in) {
    size_t start = p->at++;
    if (++p->depth > DEPTH_MAX) return jbk_parse_fail(p, start, "parentheses are nested too deep");
    jbk_query *q = any(p, in);
    p->depth--;
    if (!q) return NULL;
    jbk_parse_skip_blanks(p);
    if (p->at < p->len && p->text[p->at] == ')') {
        p->at++;
        return q;
    }
    jbk_query_free(q);
    return jbk_parse_fail(p, start, "this parenthesis is not closed");
}

/* NOT, or -word, -(group), -"string"; a lone minus is no operator. */
static bool at_not(const jbk_parser *p) {
    size_t next = p->at + 1;
    if (jbk_parse_at_keyword(p, "NOT")) return true;
    if (p->at >= p->len || p->text[p->at] != '-' || next >= p->len) return false;
    return strchr("(\"", p->text[next]) || !jbk_parse_ends_word(p, next);
}

static jbk_query *part(jbk_parser *p, const jbk_scope *in) {
    bool wrong = false;
    jbk_scope own;
    jbk_parse_skip_blanks(p);
    size_t start = p->at, end;
    if (start >= p->len) return jbk_parse_fail(p, start, "something to search for is missing here");
    if (jbk_parse_at_keyword(p, "OR") || jbk_parse_at_keyword(p, "AND") ||
        jbk_parse_at_near(p, &end))
        return jbk_parse_fail(p, start,
                              "something to search for is missing before this; put it in quotation "
                              "marks to search for the word itself");
    if (at_not(p)) return jbk_parse_fail(p, start, "%s", NOT_NEAR);
    if (p->text[start] == '-' && jbk_parse_ends_word(p, start + 1))
        return jbk_parse_fail(p, start, "- must stand right before what it excludes");
    if (p->text[start] == ')') return jbk_parse_fail(p, start, "this parenthesis opens nowhere");
    if (jbk_scope_is_text(in) && jbk_parse_field(p, &own, &wrong)) {
        in = &own;
        if (jbk_parse_ends_word(p, p->at) && !(p->at < p->len && strchr("(\"", p->text[p->at])))
            return jbk_parse_fail(p, p->at, "a value is missing after the colon");
    }
    if (wrong) return NULL;
    if (p->text[p->at] == '"') return quoted(p, in);
    if (p->text[p->at] == '(') return group(p, in);
    size_t at = p->at;
    p->at = jbk_parse_word_end(p, at);
    return jbk_parse_bare(p, in, at, p->at - at);
}

/* --- NEAR --- */

static bool has_letters(const jbk_query *q) {
    for (size_t i = 0; i < q->len;)
        if (jbk_cp_wordy(jbk_utf8_next(q->s, q->len, &i))) return true;
    return false;
}

/* Has it places among the words of a text?  Else what is wrong, and with which part. */
static const char *unplaced(const jbk_query *q, const jbk_query **culprit) {
    const char *why = NULL;
    *culprit = q;
    switch (q->kind) {
    case JBK_Q_OR:
        for (size_t i = 0; i < q->children.n && !why; i++)
            why = unplaced(q->children.at[i], culprit);
        return why;
    case JBK_Q_VALUE:
    case JBK_Q_RANGE:
        return "a field's value has no place in the text; write it beside: (A NEAR/5 B) lang:kk";
    case JBK_Q_ALL:
        return "* is everything and has no place in the text";
    case JBK_Q_AND:
        return "only OR may stand in parentheses beside NEAR; use quotation marks for words in a "
               "row";
    case JBK_Q_NOT:
        return NOT_NEAR;
    case JBK_Q_NEAR:
        return "write a chain without parentheses: A NEAR/5 B NEAR/5 C";
    default:
        return has_letters(q) ? NULL : "without a letter or digit it has no place among words";
    }
}

static unsigned where_of(const jbk_query *q) {
    unsigned where = q->where;
    for (size_t i = 0; i < q->children.n; i++) where |= where_of(q->children.at[i]);
    return where;
}

/* A bare number behind blanks, or one in parentheses of its own? */
static bool is_number_at(const jbk_parser *p, size_t at) {
    while (at < p->len && p->text[at] == ' ') at++;
    bool inside = at < p->len && p->text[at] == '(';
    size_t first = at += inside;
    while (at < p->len && p->text[at] >= '0' && p->text[at] <= '9') at++;
    if (inside) return at > first && at < p->len && p->text[at] == ')';
    return at > first && jbk_parse_ends_word(p, at);
}

static bool read_link(jbk_parser *p, size_t end, jbk_near_link *out) {
    size_t digit = p->at + (p->text[p->at] == 'N' ? 4 : 3);
    *out = (jbk_near_link){JBK_NEAR_DEFAULT, p->text[p->at] == 'A'};
    bool good = digit == end || digit + 1 < end;
    if (digit == end && is_number_at(p, end)) {
        jbk_parse_fail(
            p, end,
            "how near is written with a slash: NEAR/5; put the number in quotation marks "
            "to search for it");
        return false;
    }
    if (digit < end) out->between = 0;
    while (good && ++digit < end) {
        char c = p->text[digit];
        good = c >= '0' && c <= '9' && out->between <= JBK_NEAR_MAX;
        if (good) out->between = out->between * 10 + (uint32_t)(c - '0');
    }
    if (!good || out->between > JBK_NEAR_MAX) {
        jbk_parse_fail(p, p->at,
                       "the number of words that may stand between is missing or wrong: NEAR/5, "
                       "ADJ/0; at most %d",
                       JBK_NEAR_MAX);
        return false;
    }
    p->at = end;
    return true;
}

static bool add_near(jbk_parser *p, jbk_query *near, jbk_query *child, unsigned *where) {
    if (!child) return false;
    jbk_vec_push(&near->children, child);
    const jbk_query *culprit;
    const char *why = unplaced(child, &culprit);
    size_t at = culprit->at;
    *where &= where_of(child);
    if (!why && !*where) {
        why = "what stands in the title is never near what stands in the text";
        at = child->at;
    }
    if (why) jbk_parse_fail(p, at, "%s", why);
    return !why;
}

/* The rest of a chain that begins with `first`. */
static jbk_query *near_chain(jbk_parser *p, const jbk_scope *in, jbk_query *first) {
    size_t end;
    unsigned where = JBK_IN_TITLE | JBK_IN_TEXT;
    jbk_query *q = jbk_parse_node(p, JBK_Q_NEAR, first->at);
    if (!q) {
        jbk_query_free(first);
        return NULL;
    }
    bool good = add_near(p, q, first, &where);
    while (good && jbk_parse_at_near(p, &end)) {
        jbk_near_link link;
        good = read_link(p, end, &link);
        if (good) jbk_vec_push(&q->links, link);
        good = good && add_near(p, q, part(p, in), &where);
        jbk_parse_skip_blanks(p);
    }
    q->where = where;
    if (good) return q;
    jbk_query_free(q);
    return NULL;
}

static jbk_query *near(jbk_parser *p, const jbk_scope *in) {
    size_t end;
    jbk_query *first = part(p, in);
    if (!first) return NULL;
    jbk_parse_skip_blanks(p);
    return jbk_parse_at_near(p, &end) ? near_chain(p, in, first) : first;
}

/* --- NOT, AND, OR --- */

/* What NOT excludes.  "NOT A NEAR B" could be read in two ways, so it is not. */
static jbk_query *excluded(jbk_parser *p, const jbk_scope *in, size_t start) {
    size_t end;
    jbk_query *q = part(p, in);
    if (!q) return NULL;
    jbk_parse_skip_blanks(p);
    if (!jbk_parse_at_near(p, &end)) return q;
    jbk_query_free(q);
    return jbk_parse_fail(p, start, "write NOT (A NEAR/5 B), or (B NEAR/5 C) NOT A");
}

static jbk_query *one(jbk_parser *p, const jbk_scope *in) {
    jbk_parse_skip_blanks(p);
    size_t start = p->at;
    if (!at_not(p)) return near(p, in);
    if (++p->depth > DEPTH_MAX) return jbk_parse_fail(p, start, "NOT is nested too deep");
    p->at += p->text[start] == '-' ? 1 : 3;
    jbk_parse_skip_blanks(p);
    jbk_query *child = at_not(p) ? one(p, in) : excluded(p, in, start);
    p->depth--;
    jbk_query *q = child ? jbk_parse_node(p, JBK_Q_NOT, start) : NULL;
    if (q)
        jbk_vec_push(&q->children, child);
    else
        jbk_query_free(child);
    return q;
}

/* Add `child` to *list, which becomes a node of `kind` when it gets a second one. */
static bool add_child(jbk_parser *p, jbk_query **list, jbk_query_kind kind, jbk_query *child) {
    if (!child) return false;
    if (!*list) {
        *list = child;
        return true;
    }
    if ((*list)->kind != kind) {
        jbk_query *q = jbk_parse_node(p, kind, (*list)->at);
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

static jbk_query *all(jbk_parser *p, const jbk_scope *in) {
    jbk_query *list = NULL;
    do {
        if (list && jbk_parse_at_keyword(p, "AND")) p->at += 3;
        if (!add_child(p, &list, JBK_Q_AND, one(p, in))) {
            jbk_query_free(list);
            return NULL;
        }
        jbk_parse_skip_blanks(p);
    } while (p->at < p->len && p->text[p->at] != ')' && !jbk_parse_at_keyword(p, "OR"));
    return list;
}

static jbk_query *any(jbk_parser *p, const jbk_scope *in) {
    jbk_query *list = NULL;
    for (;;) {
        if (!add_child(p, &list, JBK_Q_OR, all(p, in))) {
            jbk_query_free(list);
            return NULL;
        }
        jbk_parse_skip_blanks(p);
        if (!jbk_parse_at_keyword(p, "OR")) return list;
        p->at += 2;
    }
}

jbk_status jbk_query_parse(const char *text, jbk_query **out, size_t *at, jbk_err *err) {
    jbk_parser p = {.text = text, .len = strlen(text), .err = err};
    const jbk_scope both = {.where = JBK_IN_TITLE | JBK_IN_TEXT, .field = -1};
    *at = 0;
    *out = NULL;
    if (jbk_utf8_count_bad(text, p.len))
        return jbk_fail(err, JBK_USAGE, "query", "the query is not UTF-8");
    jbk_parse_skip_blanks(&p);
    if (p.at == p.len)
        return jbk_fail(err, JBK_USAGE, "query", "the query is empty; * finds everything");
    jbk_query *q = any(&p, &both);
    if (q && p.at < p.len) {
        jbk_query_free(q);
        q = jbk_parse_fail(&p, p.at, "this parenthesis opens nowhere");
    }
    if (!q) *at = p.wrong_at;
    *out = q;
    return q ? JBK_OK : JBK_USAGE;
}
