/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The parse as a tree; explain_text.c has what stands under the leaves of the text. */
#include "base/args.h"
#include "base/safe.h"
#include "base/time.h"
#include "eval.h"
#include "expand.h"
#include "explain.h"
#include "search/commands.h"
#include "session.h"

#include <stdio.h>
#include <stdlib.h>

static const jbk_option OPTIONS[] = {
    {'i', "index", "INDEX", "the index folder (default $JIBEK_INDEX)"},
    {0, NULL, NULL, NULL},
};

/* --- metadata --- */

static void put_end(jbk_explainer *e, const jbk_query *q, int64_t v) {
    if (jbk_fields[q->field].type != JBK_T_TIME) {
        jbk_buf_printf(&e->out, "%lld", (long long)v);
        return;
    }
    char text[JBK_TIME_TEXT_MAX];
    jbk_time t = {.ms = v, .precision = JBK_PREC_MS};
    size_t n = jbk_time_format(&t, text);
    /* The zone is the record's own, or said in words. */
    jbk_buf_add(&e->out, text, n > 6 ? n - 6 : n);
    jbk_buf_str(&e->out, q->universal ? " UTC" : " local");
}

static void put_leaf(jbk_explainer *e, const jbk_query *q) {
    if (q->kind == JBK_Q_ALL) {
        jbk_buf_str(&e->out, "everything");
    } else if (q->kind == JBK_Q_NAMES) {
        jbk_buf_printf(&e->out, "{%s} in %s", q->s, jbk_where_name(q->where));
    } else if (q->kind == JBK_Q_VALUE) {
        jbk_buf_printf(&e->out, "%s%s is \"", q->extra ? JBK_EXTRA_PREFIX : "",
                       q->extra ? q->extra : jbk_fields[q->field].name);
        jbk_safe_add(&e->out, q->s, q->len);
        jbk_buf_byte(&e->out, '"');
    } else {
        jbk_buf_printf(&e->out, "%s from ", jbk_fields[q->field].name);
        if (q->low == INT64_MIN)
            jbk_buf_str(&e->out, "any");
        else
            put_end(e, q, q->low);
        jbk_buf_str(&e->out, " to ");
        if (q->high == INT64_MAX)
            jbk_buf_str(&e->out, "any");
        else
            put_end(e, q, q->high);
    }
}

static jbk_status put_count(jbk_explainer *e, const jbk_query *q) {
    jbk_answers none = {0};
    jbk_match_set m;
    jbk_status status = jbk_eval(e->x, q, &none, &m, e->err);
    if (status) return status;
    uint64_t undecided = jbk_match_set_undecided(&m);
    jbk_buf_printf(&e->out, ": %llu documents",
                   (unsigned long long)roaring_bitmap_get_cardinality(m.sure));
    if (undecided) jbk_buf_printf(&e->out, ", %llu undecided", (unsigned long long)undecided);
    jbk_buf_byte(&e->out, '\n');
    jbk_match_set_free(&m);
    return JBK_OK;
}

static void put_link(jbk_explainer *e, const jbk_near_link *l, int depth) {
    jbk_explain_indent(e, depth);
    jbk_buf_printf(&e->out, "%s, with at most %u words between,\n", l->ordered ? "before" : "near",
                   l->between);
}

static jbk_status put_node(jbk_explainer *e, const jbk_query *q, int depth) {
    static const char *const GROUP[] = {
        [JBK_Q_NEAR] = "NEAR", [JBK_Q_AND] = "AND", [JBK_Q_OR] = "OR", [JBK_Q_NOT] = "NOT"};
    jbk_explain_indent(e, depth);
    if (jbk_query_is_text(q) && q->kind != JBK_Q_NAMES) return jbk_explain_text(e, q, depth);
    if (q->children.n)
        jbk_buf_str(&e->out, GROUP[q->kind]);
    else
        put_leaf(e, q);
    jbk_status status = put_count(e, q);
    for (size_t i = 0; i < q->children.n && !status; i++) {
        if (q->kind == JBK_Q_NEAR && i) put_link(e, &q->links.at[i - 1], depth);
        status = put_node(e, q->children.at[i], depth + 1);
    }
    return status;
}

static jbk_status explain(const char *dir, const char *text, jbk_err *err) {
    jbk_index *x = NULL;
    jbk_query *q = NULL;
    jbk_status status = jbk_query_parse_shown(text, &q, err);
    if (!status) status = jbk_index_open(dir, &x, err);
    if (!status) status = jbk_expand(x, q, err);
    jbk_explainer e = {.x = x, .err = err};
    if (!status) status = put_node(&e, q, 0);
    if (!status && fwrite(e.out.data, 1, e.out.len, stdout) < e.out.len) status = JBK_INTERRUPTED;
    jbk_buf_free(&e.out);
    jbk_query_free(q);
    jbk_index_close(x);
    return status;
}

static int explain_main(int argc, char **argv) {
    jbk_err err = {0};
    const char *dir, *text;
    bool help;
    jbk_status status =
        jbk_args_plain(&jbk_command_explain, argc, argv, "one query is due, in shell quotes", &dir,
                       &text, &help, &err);
    if (!status && help)
        jbk_print_help(&jbk_command_explain);
    else if (!status)
        status = explain(dir, text, &err);
    return jbk_search_exit(status, &err);
}

const jbk_command jbk_command_explain = {
    "explain", "QUERY", "show how a query is understood and answered", OPTIONS, NULL, explain_main};
