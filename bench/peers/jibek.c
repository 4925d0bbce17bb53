/* SPDX-License-Identifier: GPL-3.0-or-later */
/* jibek, asked many questions in one process: bench_jibek INDEX QUESTIONS */
#include "ask.h"
#include "base/mem.h"
#include "eval.h"
#include "expand.h"
#include "facet.h"
#include "order.h"

typedef struct {
    jbk_index *index;
    jbk_buf query;
} engine;

static void must(jbk_status status, const jbk_err *err) {
    if (status) ask_die("jibek: %s", err->msg);
}

static const char *written(engine *e, const ask_question *q) {
    jbk_buf *b = &e->query;
    b->len = 0;
    if (q->op == ASK_ALL) return "*";
    jbk_buf_str(b, "(\"");
    jbk_buf_str(b, q->a);
    if (q->b) {
        jbk_buf_str(b, q->op == ASK_OR ? "\" OR \"" : "\" \"");
        jbk_buf_str(b, q->b);
    }
    jbk_buf_str(b, "\")");
    if (q->mode == ASK_FILTER) jbk_buf_str(b, " section:" ASK_SECTION " date:" ASK_YEAR);
    return jbk_buf_cstr(b);
}

static uint64_t count_facets(jbk_index *x, const roaring_bitmap_t *set) {
    uint64_t given = 0;
    for (size_t i = 0; i < ASK_FACETED; i++) {
        jbk_err err = {0};
        jbk_facet f = {0};
        must(jbk_facet_parse(ask_facets[i], &f, &err), &err);
        must(jbk_facet_count(x, set, &f, &err), &err);
        for (size_t k = 0; k < f.values.n; k++) given += f.values.at[k].count;
        jbk_facet_free(&f);
    }
    return given;
}

static uint64_t give(jbk_index *x, const jbk_docs *docs) {
    uint64_t given = 0;
    for (size_t i = 0; i < docs->n; i++) {
        jbk_err err = {0};
        jbk_str title, text;
        must(jbk_index_text(x, docs->at[i], &title, &text, &err), &err);
        given += title.len + text.len;
    }
    return given;
}

static void answer(void *context, const ask_question *q, uint64_t *total, uint64_t *given) {
    engine *e = context;
    jbk_err err = {0};
    jbk_query *tree;
    size_t at;
    jbk_answers kept = {0};
    jbk_match_set match = {0};
    jbk_docs docs = {0};
    jbk_order order = {.kind = JBK_BY_RELEVANCE};
    if (q->mode == ASK_SORT) must(jbk_order_parse("-published_at", &order, &err), &err);
    must(jbk_query_parse(written(e, q), &tree, &at, &err), &err);
    must(jbk_expand(e->index, tree, &err), &err);
    if (q->mode == ASK_TEN) must(jbk_answers_find(e->index, tree, &kept, &err), &err);
    must(jbk_eval(e->index, tree, &kept, &match, &err), &err);
    *total = roaring_bitmap_get_cardinality(match.sure);
    if (q->mode == ASK_FACETS) *given = count_facets(e->index, match.sure);
    if (q->mode == ASK_TEN || q->mode == ASK_SORT) {
        must(jbk_order_pick(e->index, tree, &kept, &order, match.sure, 0, ASK_SHOWN, &docs, &err),
             &err);
        *given = give(e->index, &docs);
    }
    jbk_vec_free(&docs);
    jbk_match_set_free(&match);
    jbk_answers_free(&kept);
    jbk_query_free(tree);
}

int main(int argc, char **argv) {
    if (argc != 3) ask_die("usage: bench_jibek INDEX QUESTIONS");
    engine e = {0};
    jbk_err err = {0};
    must(jbk_index_open(argv[1], &e.index, &err), &err);
    ask_all(argv[2], answer, &e);
    jbk_buf_free(&e.query);
    jbk_index_close(e.index);
    return 0;
}
