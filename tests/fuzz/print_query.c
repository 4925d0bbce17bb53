/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "print_query.h"

#include <inttypes.h>

static void quote(const char *s, size_t len, jbk_buf *out) {
    jbk_buf_byte(out, '"');
    for (size_t i = 0; i < len; i++) {
        if (s[i] == '"' || s[i] == '\\') jbk_buf_byte(out, '\\');
        jbk_buf_byte(out, s[i]);
    }
    jbk_buf_byte(out, '"');
}

static bool text_leaf(const jbk_query *q, jbk_buf *out) {
    if (q->where == JBK_IN_TITLE) jbk_buf_str(out, "title:");
    if (q->where == JBK_IN_TEXT) jbk_buf_str(out, "text:");
    if (q->kind == JBK_Q_STRING) {
        quote(q->s, q->len, out);
        return true;
    }
    jbk_buf_str(out, q->kind == JBK_Q_SOUND ? "~" : q->kind == JBK_Q_NAMES ? "{" : "");
    jbk_buf_str(out, q->open_start ? "*" : "");
    jbk_buf_add(out, q->s, q->len);
    jbk_buf_str(out, q->kind == JBK_Q_NAMES ? "}" : q->open_end ? "*" : "");
    /* What folding made of one character, ㈅ say, cannot be written after ~. */
    for (size_t i = 0; q->kind == JBK_Q_SOUND && i < q->len; i++)
        if (strchr("\"\\(){}<>|: ", q->s[i])) return false;
    return true;
}

static bool value_leaf(const jbk_query *q, jbk_buf *out) {
    if (q->extra)
        jbk_buf_printf(out, "x.%s:", q->extra);
    else
        jbk_buf_printf(out, "%s:", jbk_fields[q->field].name);
    if (q->kind == JBK_Q_VALUE) {
        quote(q->s, q->len, out);
        return q->len > 0;
    }
    if (q->low > INT64_MIN) jbk_buf_printf(out, "%" PRId64, q->low);
    jbk_buf_str(out, "..");
    if (q->high < INT64_MAX) jbk_buf_printf(out, "%" PRId64, q->high);
    bool open = q->low == INT64_MIN && q->high == INT64_MAX;
    bool ends = (q->low == INT64_MIN || q->low >= 0) && (q->high == INT64_MAX || q->high >= 0);
    return !open && ends && jbk_fields[q->field].type == JBK_T_COUNT;
}

static bool print(const jbk_query *q, int depth, jbk_buf *out) {
    if (depth > 90) return false;
    if (jbk_query_is_text(q)) return text_leaf(q, out);
    if (q->kind == JBK_Q_VALUE || q->kind == JBK_Q_RANGE) return value_leaf(q, out);
    if (q->kind == JBK_Q_ALL) {
        jbk_buf_str(out, "*");
        return true;
    }
    if (q->kind == JBK_Q_NOT) {
        jbk_buf_str(out, "NOT (");
        bool good = print(q->children.at[0], depth + 1, out);
        jbk_buf_str(out, ")");
        return good;
    }
    bool good = true;
    jbk_buf_str(out, "(");
    for (size_t i = 0; i < q->children.n && good; i++) {
        if (i && q->kind == JBK_Q_NEAR)
            jbk_buf_printf(out, " %s/%u ", q->links.at[i - 1].ordered ? "ADJ" : "NEAR",
                           q->links.at[i - 1].between);
        else if (i)
            jbk_buf_str(out, q->kind == JBK_Q_OR ? " OR " : " ");
        good = print(q->children.at[i], depth + 1, out);
    }
    jbk_buf_str(out, ")");
    return good;
}

bool print_query(const jbk_query *q, jbk_buf *out) { return print(q, 0, out); }

static bool same_bytes(const char *a, size_t n, const char *b, size_t m) {
    return n == m && (!n || !memcmp(a, b, n));
}

/* AND in AND and OR in OR mean the same as one: both sides were printed with parentheses, which
 * the parser may have merged. */
bool same_query(const jbk_query *a, const jbk_query *b) {
    bool same = a->kind == b->kind && same_bytes(a->s, a->len, b->s, b->len) &&
                a->where == b->where && a->open_start == b->open_start &&
                a->open_end == b->open_end && a->field == b->field && a->low == b->low &&
                a->high == b->high && a->children.n == b->children.n && a->links.n == b->links.n &&
                !a->extra == !b->extra && (!a->extra || !strcmp(a->extra, b->extra));
    for (size_t i = 0; i < a->children.n && same; i++)
        same = same_query(a->children.at[i], b->children.at[i]);
    for (size_t i = 0; i < a->links.n && same; i++)
        same = a->links.at[i].between == b->links.at[i].between &&
               a->links.at[i].ordered == b->links.at[i].ordered;
    return same;
}
