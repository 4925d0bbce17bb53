/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The parse as a tree; under each string the words it became and how it was proven. */
#include "base/args.h"
#include "base/safe.h"
#include "base/time.h"
#include "base/utf8.h"
#include "cover.h"
#include "eval.h"
#include "search/commands.h"
#include "session.h"

#include <stdio.h>
#include <stdlib.h>

static const jbk_option OPTIONS[] = {
    {'i', "index", "INDEX", "the index folder (default $JIBEK_INDEX)"},
    {0, NULL, NULL, NULL},
};

typedef struct {
    jbk_index *x;
    jbk_buf out;
    jbk_err *err;
} explainer;

static void indent(explainer *e, int depth) {
    for (int i = 0; i < depth; i++) jbk_buf_str(&e->out, "  ");
}

static void put_safe(explainer *e, const char *s, size_t len) { jbk_safe_add(&e->out, s, len); }

/* --- strings --- */

static jbk_status frequency(jbk_index *x, jbk_interned w, uint64_t *sum, jbk_err *err) {
    jbk_status status = JBK_OK;
    *sum = 0;
    for (size_t i = 0; i < x->nsegments && !status; i++) {
        jbk_postings *p;
        uint32_t docs = 0;
        status = jbk_index_postings(x, i, &p, err);
        if (!status) status = jbk_postings_frequency(p, w.s, w.len, &docs, err);
        *sum += docs;
    }
    return status;
}

typedef struct {
    jbk_interned word;
    uint64_t docs;
} counted_word;

static int by_docs(const void *x, const void *y) {
    const counted_word *a = x, *b = y;
    if (a->docs != b->docs) return a->docs > b->docs ? -1 : 1;
    int order = memcmp(a->word.s, b->word.s, a->word.len < b->word.len ? a->word.len : b->word.len);
    return order ? order : a->word.len < b->word.len ? -1 : 1;
}

enum { WORDS_SHOWN = 12 };

/* "word 12, other 3, and 70 more": the most frequent first. */
static jbk_status put_words(explainer *e, const jbk_cover *c, const jbk_word_list *l) {
    counted_word *words = jbk_calloc(l->n, sizeof *words);
    jbk_status status = JBK_OK;
    for (size_t i = 0; i < l->n && !status; i++) {
        words[i].word = c->words.keys.at[l->at[i]];
        status = frequency(e->x, words[i].word, &words[i].docs, e->err);
    }
    if (l->n) qsort(words, l->n, sizeof *words, by_docs);
    for (size_t i = 0; i < l->n && i < WORDS_SHOWN && !status; i++) {
        jbk_buf_str(&e->out, i ? ", " : " ");
        put_safe(e, words[i].word.s, words[i].word.len);
        jbk_buf_printf(&e->out, " %llu", (unsigned long long)words[i].docs);
    }
    if (l->n > WORDS_SHOWN) jbk_buf_printf(&e->out, ", and %zu more", l->n - WORDS_SHOWN);
    if (!l->n) jbk_buf_str(&e->out, " none");
    jbk_buf_byte(&e->out, '\n');
    free(words);
    return status;
}

static jbk_status put_cover(explainer *e, const jbk_query *q, const jbk_cover *c, int depth) {
    indent(e, depth);
    if (c->scan) {
        jbk_buf_str(&e->out, "no letter, mark or digit in it: every text is read\n");
        return JBK_OK;
    }
    jbk_buf_str(&e->out, "words that hold it whole, with their documents:");
    jbk_status status = put_words(e, c, &c->accept);
    for (size_t i = 0; i < c->positions.n && c->positions.n > 1 && !status; i++) {
        size_t at = c->offsets.at[i];
        indent(e, depth);
        jbk_buf_str(&e->out, "words that could stand at \"");
        put_safe(e, q->s + at, jbk_utf8_len((unsigned char)q->s[at]));
        jbk_buf_str(&e->out, "\":");
        status = put_words(e, c, &c->positions.at[i]);
    }
    return status;
}

static jbk_status put_string(explainer *e, const jbk_query *q, int depth) {
    jbk_cover c;
    jbk_proof proof = {0};
    roaring_bitmap_t *found = NULL;
    jbk_buf_str(&e->out, "string \"");
    put_safe(e, q->s, q->len);
    jbk_buf_printf(&e->out, "\" in %s", jbk_where_name(q->where));
    jbk_status status = jbk_string_find(e->x, q, e->x->living, NULL, &proof, &found, e->err);
    if (status) return status;
    jbk_buf_printf(&e->out, ": %llu documents\n",
                   (unsigned long long)roaring_bitmap_get_cardinality(found));
    roaring_bitmap_free(found);
    status = jbk_cover_find(e->x, q->s, q->len, &c, e->err);
    if (!status) status = put_cover(e, q, &c, depth + 1);
    jbk_cover_free(&c);
    indent(e, depth + 1);
    jbk_buf_printf(&e->out, "accepted by a word: %llu; read to prove: %llu, of which match: %llu\n",
                   (unsigned long long)proof.accepted, (unsigned long long)proof.candidates,
                   (unsigned long long)proof.proven);
    return status;
}

/* --- metadata --- */

static void put_end(explainer *e, const jbk_query *q, int64_t v) {
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

static void put_leaf(explainer *e, const jbk_query *q) {
    if (q->kind == JBK_Q_ALL) {
        jbk_buf_str(&e->out, "everything");
    } else if (jbk_query_is_text(q)) {
        jbk_buf_printf(&e->out, "%s%s", q->kind == JBK_Q_SOUND ? "sounds like " : "",
                       q->open_start ? "*" : "");
        put_safe(e, q->s, q->len);
        jbk_buf_printf(&e->out, "%s in %s", q->open_end ? "*" : "", jbk_where_name(q->where));
    } else if (q->kind == JBK_Q_VALUE) {
        jbk_buf_printf(&e->out, "%s%s is \"", q->extra ? JBK_EXTRA_PREFIX : "",
                       q->extra ? q->extra : jbk_fields[q->field].name);
        put_safe(e, q->s, q->len);
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

static jbk_status put_count(explainer *e, const jbk_query *q) {
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

static jbk_status put_node(explainer *e, const jbk_query *q, int depth) {
    static const char *const GROUP[] = {
        [JBK_Q_NEAR] = "NEAR", [JBK_Q_AND] = "AND", [JBK_Q_OR] = "OR", [JBK_Q_NOT] = "NOT"};
    indent(e, depth);
    if (q->kind == JBK_Q_STRING || q->kind == JBK_Q_WORD) return put_string(e, q, depth);
    if (q->children.n)
        jbk_buf_str(&e->out, GROUP[q->kind]);
    else
        put_leaf(e, q);
    jbk_status status = put_count(e, q);
    for (size_t i = 0; i < q->children.n && !status; i++)
        status = put_node(e, q->children.at[i], depth + 1);
    return status;
}

static jbk_status explain(const char *dir, const char *text, jbk_err *err) {
    jbk_index *x = NULL;
    jbk_query *q = NULL;
    jbk_status status = jbk_query_parse_shown(text, &q, err);
    if (!status) status = jbk_index_open(dir, &x, err);
    explainer e = {.x = x, .err = err};
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
