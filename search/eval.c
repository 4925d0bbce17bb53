/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every node is evaluated among the documents that can still matter, so that metadata narrows
 * what has to be proven on the text. */
#include "eval.h"

#include "base/utf8.h"
#include "filter.h"
#include "near.h"
#include "text/chars.h"

#include <stdlib.h>

void jbk_match_set_free(jbk_match_set *m) {
    if (m->sure) roaring_bitmap_free(m->sure);
    if (m->possible) roaring_bitmap_free(m->possible);
    *m = (jbk_match_set){0};
}

uint64_t jbk_match_set_undecided(const jbk_match_set *m) {
    return m->possible ? roaring_bitmap_andnot_cardinality(m->possible, m->sure) : 0;
}

static const roaring_bitmap_t *possible(const jbk_match_set *m) {
    return m->possible ? m->possible : m->sure;
}

typedef struct {
    jbk_index *index;
    const jbk_answers *kept;
} context;

static jbk_status eval(const context *x, const jbk_query *q, const roaring_bitmap_t *among,
                       jbk_match_set *out, jbk_err *err);

/* Does a document that is searched for the string have to be read?  One that has words is found by
 * their places. */
static bool reads_texts(const jbk_query *q) {
    if (q->kind == JBK_Q_SOUND) return true;
    for (size_t i = 0; i < q->len;)
        if (jbk_cp_wordy(jbk_utf8_next(q->s, q->len, &i))) return false;
    return true;
}

/* What to evaluate first: strings that words are kept for, the longer the rarer, since they cost
 * what they find; then columns, which cost what is still there; then what reads texts. */
static uint64_t cost(const jbk_query *q) {
    enum { COLUMN = 1000, TEXTS = 1 << 18, RECORDS = 1 << 20 };
    uint64_t sum = 0;
    switch (q->kind) {
    case JBK_Q_ALL:
        return 0;
    case JBK_Q_VALUE:
        return jbk_filter_is_slow(q) ? RECORDS : COLUMN + 1;
    case JBK_Q_NAMES: /* a column narrows it */
    case JBK_Q_RANGE:
        return COLUMN + 2;
    case JBK_Q_STRING:
    case JBK_Q_WORD:
    case JBK_Q_PATTERN:
    case JBK_Q_SOUND:
        return (reads_texts(q) ? TEXTS : 0) + COLUMN / (q->len < 100 ? q->len + 1 : 100);
    default:
        for (size_t i = 0; i < q->children.n; i++) sum += cost(q->children.at[i]) + 1;
        return sum;
    }
}

static int by_cost(const void *a, const void *b) {
    const jbk_query *const *x = a, *const *y = b;
    uint64_t c = cost(*x), d = cost(*y);
    if (c != d) return c < d ? -1 : 1;
    return (*x)->at < (*y)->at ? -1 : (*x)->at > (*y)->at;
}

/* m := m and n */
static void intersect(jbk_match_set *m, jbk_match_set *n) {
    if (m->possible || n->possible) {
        roaring_bitmap_t *both = roaring_bitmap_and(possible(m), possible(n));
        if (m->possible) roaring_bitmap_free(m->possible);
        m->possible = both;
    }
    roaring_bitmap_and_inplace(m->sure, n->sure);
    jbk_match_set_free(n);
}

/* m := m or n */
static void unite(jbk_match_set *m, jbk_match_set *n) {
    if (m->possible || n->possible) {
        roaring_bitmap_t *either = roaring_bitmap_or(possible(m), possible(n));
        if (m->possible) roaring_bitmap_free(m->possible);
        m->possible = either;
    }
    roaring_bitmap_or_inplace(m->sure, n->sure);
    jbk_match_set_free(n);
}

static jbk_status eval_and(const context *x, const jbk_query *q, const roaring_bitmap_t *among,
                           jbk_match_set *out, jbk_err *err) {
    size_t n = q->children.n;
    const jbk_query **order = jbk_alloc(n * sizeof *order);
    for (size_t i = 0; i < n; i++) order[i] = q->children.at[i];
    qsort(order, n, sizeof *order, by_cost);
    out->sure = roaring_bitmap_copy(among);
    jbk_status status = JBK_OK;
    for (size_t i = 0; i < n && !status; i++) {
        if (roaring_bitmap_is_empty(possible(out))) break;
        jbk_match_set one = {0};
        status = eval(x, order[i], possible(out), &one, err);
        if (!status) intersect(out, &one);
    }
    free(order);
    return status;
}

static jbk_status eval_or(const context *x, const jbk_query *q, const roaring_bitmap_t *among,
                          jbk_match_set *out, jbk_err *err) {
    /* What is found need not be found again: of very many words most texts hold several. */
    roaring_bitmap_t *rest = roaring_bitmap_copy(among);
    out->sure = roaring_bitmap_create();
    jbk_status status = JBK_OK;
    for (size_t i = 0; i < q->children.n && !status; i++) {
        jbk_match_set one = {0};
        status = eval(x, q->children.at[i], rest, &one, err);
        if (status) break;
        roaring_bitmap_andnot_inplace(rest, one.sure);
        unite(out, &one);
    }
    roaring_bitmap_free(rest);
    return status;
}

static jbk_status eval_not(const context *x, const jbk_query *q, const roaring_bitmap_t *among,
                           jbk_match_set *out, jbk_err *err) {
    jbk_match_set child = {0};
    jbk_status status = eval(x, q->children.at[0], among, &child, err);
    if (status) return status;
    out->sure = roaring_bitmap_andnot(among, possible(&child));
    if (child.possible) out->possible = roaring_bitmap_andnot(among, child.sure);
    jbk_match_set_free(&child);
    return JBK_OK;
}

static jbk_status eval_string(const context *x, const jbk_query *q, const roaring_bitmap_t *among,
                              jbk_match_set *out, jbk_err *err) {
    const jbk_answer_kept *known = jbk_answers_get(x->kept, q);
    if (!known) return jbk_string_find(x->index, q, among, NULL, NULL, &out->sure, err);
    out->sure = roaring_bitmap_and(known->holders, among);
    return JBK_OK;
}

/* Documents that hold all parts, proven on their text.  Strings are never undecided. */
static jbk_status eval_near(const context *x, const jbk_query *q, const roaring_bitmap_t *among,
                            jbk_match_set *out, jbk_err *err) {
    jbk_match_set all = {0};
    jbk_status status = eval_and(x, q, among, &all, err);
    if (!status) status = jbk_near_prove(x->index, q, all.sure, &out->sure, err);
    jbk_match_set_free(&all);
    return status;
}

static jbk_status eval(const context *x, const jbk_query *q, const roaring_bitmap_t *among,
                       jbk_match_set *out, jbk_err *err) {
    jbk_status status = JBK_OK;
    switch (q->kind) {
    case JBK_Q_ALL:
        out->sure = roaring_bitmap_copy(among);
        break;
    case JBK_Q_STRING:
    case JBK_Q_WORD:
    case JBK_Q_PATTERN:
    case JBK_Q_SOUND:
    case JBK_Q_NAMES:
        status = eval_string(x, q, among, out, err);
        break;
    case JBK_Q_NEAR:
        status = eval_near(x, q, among, out, err);
        break;
    case JBK_Q_VALUE:
        status = jbk_filter_value(x->index, q, among, &out->sure, err);
        break;
    case JBK_Q_RANGE:
        status = jbk_filter_range(x->index, q, among, &out->sure, &out->possible, err);
        break;
    case JBK_Q_AND:
        status = eval_and(x, q, among, out, err);
        break;
    case JBK_Q_OR:
        status = eval_or(x, q, among, out, err);
        break;
    case JBK_Q_NOT:
        status = eval_not(x, q, among, out, err);
        break;
    }
    if (status) jbk_match_set_free(out);
    return status;
}

jbk_status jbk_eval(jbk_index *x, const jbk_query *q, const jbk_answers *kept, jbk_match_set *out,
                    jbk_err *err) {
    context c = {x, kept};
    *out = (jbk_match_set){0};
    return eval(&c, q, x->living, out, err);
}
