/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "order.h"

#include "filter.h"
#include "hit.h"

#include <stdlib.h>

jbk_status jbk_order_parse(const char *spec, jbk_order *out, jbk_err *err) {
    *out = (jbk_order){.kind = JBK_BY_RELEVANCE, .field = -1};
    if (!strcmp(spec, "relevance")) return JBK_OK;
    out->kind = JBK_BY_FIELD;
    out->descending = *spec == '-';
    const char *name = spec + out->descending;
    out->field = jbk_field_find(name, strlen(name));
    if (out->field >= 0 && out->field != JBK_F_TEXT) return JBK_OK;
    return jbk_fail(err, JBK_USAGE, "sort", "--sort: cannot sort by '%s'", name);
}

/* What a document is sorted by: ascending keys, then document numbers.  Strings are ranked
 * first, so that a key is always a number. */
typedef struct {
    double key;
    uint32_t doc;
} sort_row;

static bool before(const sort_row *a, const sort_row *b) {
    return a->key != b->key ? a->key < b->key : a->doc < b->doc;
}

static int by_key(const void *x, const void *y) { return before(x, y) ? -1 : 1; }

static const double LAST = 1e300; /* after every value: no value */

/* --- picking --- */

static void swap(sort_row *a, sort_row *b) {
    sort_row t = *a;
    *a = *b;
    *b = t;
}

/* Rearrange rows [low, high) so that those before `k` are the first k of them all, in any order
 * (Hoare's find).  Pivots come from a fixed random sequence, so no order of rows is a bad one. */
static void split_at(sort_row *rows, size_t low, size_t high, size_t k) {
    uint64_t random = 88172645463325252u;
    while (high - low > 1 && k > low && k < high) {
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        sort_row pivot = rows[low + random % (high - low)];
        size_t i = low, j = high - 1;
        for (;;) { /* rows differ: documents break ties */
            while (before(&rows[i], &pivot)) i++;
            while (before(&pivot, &rows[j])) j--;
            if (i >= j) break;
            swap(&rows[i++], &rows[j--]);
        }
        /* Rows before i are at most the pivot, from i on at least; at the very front it is the
         * pivot itself, the first of all. */
        if (k <= i)
            high = i;
        else
            low = i > low ? i : low + 1;
    }
}

/* Put the rows ranked from .. to into their places. */
static void sort_page(sort_row *rows, size_t n, size_t from, size_t to) {
    split_at(rows, 0, n, from);
    split_at(rows, from, n, to);
    if (to > from) qsort(rows + from, to - from, sizeof *rows, by_key);
}

/* The first `wanted` of all rows are among those kept. */
typedef struct {
    sort_row *rows;
    size_t n, cap, wanted;
    bool descending;
    bool cut;      /* rows were left out: all that do not stand before `last` are */
    sort_row last; /* of those wanted, of the rows so far */
} picker;

static void picker_init(picker *p, size_t all, size_t wanted, bool descending) {
    enum { MORE = 128 }; /* so that cutting costs little a row */
    *p = (picker){.wanted = wanted, .descending = descending};
    p->cap = wanted < all / 2 && 2 * wanted + MORE < all ? 2 * wanted + MORE : all;
    p->rows = jbk_alloc(p->cap * sizeof *p->rows);
}

static void cut(picker *p) {
    split_at(p->rows, 0, p->n, p->wanted);
    p->n = p->wanted;
    p->last = p->rows[0];
    for (size_t i = 1; i < p->n; i++)
        if (before(&p->last, &p->rows[i])) p->last = p->rows[i];
    p->cut = true;
}

static void add_row(picker *p, double key, uint32_t doc) {
    sort_row r = {p->descending && key != LAST ? -key : key, doc};
    if (p->cut && !before(&r, &p->last)) return;
    if (p->n == p->cap) {
        cut(p);
        if (!before(&r, &p->last)) return;
    }
    p->rows[p->n++] = r;
}

/* --- keys --- */

typedef struct {
    jbk_str s;
    size_t row;
} string_row;

static int by_string(const void *x, const void *y) {
    const string_row *a = x, *b = y;
    int order = memcmp(a->s.s, b->s.s, a->s.len < b->s.len ? a->s.len : b->s.len);
    if (order) return order;
    return a->s.len < b->s.len ? -1 : a->s.len > b->s.len;
}

/* keys[i] := place of strings[i] among the distinct strings; LAST where empty. */
static void rank_strings(string_row *strings, size_t n, double *keys) {
    if (n) qsort(strings, n, sizeof *strings, by_string);
    double place = 0;
    for (size_t i = 0; i < n; i++) {
        if (i && by_string(&strings[i - 1], &strings[i])) place++;
        keys[strings[i].row] = strings[i].s.len ? place : LAST;
    }
}

static jbk_status code_places(jbk_index *x, jbk_field_id f, double **out, uint32_t *n,
                              jbk_err *err) {
    jbk_status status = jbk_view_values(x->view, f, n, err);
    string_row *strings = jbk_calloc(*n, sizeof *strings);
    *out = jbk_calloc(*n, sizeof **out);
    for (uint32_t code = 0; code < *n && !status; code++) {
        strings[code].row = code;
        status = jbk_index_value(x, f, code, &strings[code].s, err);
    }
    if (!status) rank_strings(strings, *n, *out);
    free(strings);
    return status;
}

/* Times by their instant, counts by their number: what the packed form adds does not order.
 * Milliseconds of a time fit a double exactly, and so do counts up to 2^53. */
static double number_key(jbk_field_id f, int64_t v) {
    if (v == JBK_ABSENT) return LAST;
    if (jbk_fields[f].type == JBK_T_TIME) return (double)(v >> 16);
    return jbk_fields[f].type == JBK_T_COUNT ? (double)v / 2 : (double)v;
}

static jbk_status column_keys(jbk_index *x, jbk_field_id f, const roaring_bitmap_t *set, picker *p,
                              jbk_err *err) {
    double *places = NULL;
    uint32_t ncodes = 0;
    bool codes = jbk_fields[f].column == JBK_COL_CODES;
    jbk_status status = codes ? code_places(x, f, &places, &ncodes, err) : JBK_OK;
    jbk_chunk_walk *w = jbk_chunk_walk_new(set);
    int64_t *values = jbk_alloc(w->room * sizeof *values);
    while (!status && jbk_chunk_walk_next(w)) {
        status = jbk_chunk_walk_values(x, w, f, values, err);
        for (uint32_t i = 0; i < w->n && !status; i++) {
            int64_t v = values[i];
            bool known = v >= 0 && v < (int64_t)ncodes;
            add_row(p, !codes ? number_key(f, v) : known ? places[v] : LAST, w->docs[i]);
        }
    }
    jbk_chunk_walk_free(w);
    free(values);
    free(places);
    return status;
}

static jbk_status record_keys(jbk_index *x, jbk_field_id f, const roaring_bitmap_t *set, size_t n,
                              picker *p, jbk_err *err) {
    string_row *strings = jbk_calloc(n, sizeof *strings);
    double *keys = jbk_calloc(n, sizeof *keys);
    jbk_arena arena = {0};
    jbk_record r = {0};
    jbk_status status = JBK_OK;
    roaring_uint32_iterator_t *it = roaring_create_iterator(set);
    for (size_t k = 0; it->has_value && !status; roaring_advance_uint32_iterator(it), k++) {
        status = jbk_index_record(x, it->current_value, &r, err);
        if (status) break;
        jbk_str s = r.field[f];
        strings[k] = (string_row){{jbk_arena_dup(&arena, s.s, s.len), s.len}, k};
    }
    if (!status) rank_strings(strings, n, keys);
    roaring_free_uint32_iterator(it);
    it = roaring_create_iterator(set);
    for (size_t k = 0; k < n && !status; roaring_advance_uint32_iterator(it), k++)
        add_row(p, keys[k], it->current_value);
    roaring_free_uint32_iterator(it);
    jbk_record_free(&r);
    jbk_arena_free(&arena);
    free(keys);
    free(strings);
    return status;
}

/* What a string weighs at most that no longer comes among those wanted, even in a document
 * without other words; -1 where everything may. */
static int hopeless(const picker *p, const jbk_score *s, int known) {
    const int64_t none = 0;
    for (; p->cut && known < UINT16_MAX; known++) {
        jbk_weight weight = (jbk_weight)(known + 1);
        double best;
        jbk_scores_of(s, &weight, &none, 1, &best);
        if (-best < p->last.key) break;
    }
    return known;
}

/* All documents that hold a string, some at a time.  Of most what it weighs there is enough to
 * leave them out. */
static jbk_status score_alone(jbk_index *x, const jbk_answer_kept *a, picker *p, jbk_err *err) {
    enum { SOME = 256 };
    uint32_t docs[SOME];
    jbk_weight weights[SOME];
    int64_t words[SOME];
    double scores[SOME];
    jbk_score s;
    const jbk_weight *weight = a->weights;
    int none = -1;
    jbk_status status = jbk_rank_alone(x, a, &s, err);
    jbk_chunk_walk *w = jbk_chunk_walk_new(a->holders);
    while (!status && jbk_chunk_walk_next(w)) {
        jbk_chunk c;
        status = jbk_index_chunk(x, JBK_F_WORDS, w->chunk, &c, err);
        for (uint32_t from = 0; from < w->n && !status; from += SOME) {
            uint32_t end = w->n - from < SOME ? w->n : from + SOME, n = 0;
            for (uint32_t i = from; i < end; i++) {
                docs[n] = w->docs[i];
                weights[n] = *weight++;
                n += weights[n] > none;
            }
            jbk_chunk_draw(&c, docs, n, words);
            jbk_scores_of(&s, weights, words, n, scores);
            for (uint32_t i = 0; i < n; i++) add_row(p, -scores[i], docs[i]);
            none = hopeless(p, &s, none);
        }
    }
    jbk_chunk_walk_free(w);
    return status;
}

/* Has the query one string, which is kept? */
static bool is_alone(const jbk_query *q, const jbk_answers *kept) {
    jbk_query_list strings = {0};
    jbk_query_strings(q, &strings);
    size_t n = strings.n;
    jbk_vec_free(&strings);
    return n == 1 && kept->n == 1;
}

static jbk_status score_keys(jbk_index *x, const jbk_query *q, const jbk_answers *kept,
                             const roaring_bitmap_t *set, size_t n, picker *p, jbk_err *err) {
    if (is_alone(q, kept) && roaring_bitmap_equals(kept->at[0].holders, set))
        return score_alone(x, &kept->at[0], p, err);
    double *scores = jbk_calloc(n, sizeof *scores);
    jbk_status status = jbk_rank(x, q, kept, set, scores, err);
    jbk_chunk_walk *w = jbk_chunk_walk_new(set);
    for (const double *score = scores; !status && jbk_chunk_walk_next(w);)
        for (uint32_t i = 0; i < w->n; i++) add_row(p, -*score++, w->docs[i]);
    jbk_chunk_walk_free(w);
    free(scores);
    return status;
}

jbk_order jbk_order_resolve(const jbk_order *order, const jbk_query *q) {
    if (order->kind != JBK_BY_DEFAULT) return *order;
    jbk_query_list strings = {0};
    jbk_query_strings(q, &strings);
    jbk_order r = {JBK_BY_RELEVANCE, -1, false};
    if (!strings.n) r = (jbk_order){JBK_BY_FIELD, JBK_F_PUBLISHED_AT, true};
    jbk_vec_free(&strings);
    return r;
}

jbk_status jbk_order_pick(jbk_index *x, const jbk_query *q, const jbk_answers *kept,
                          const jbk_order *order, const roaring_bitmap_t *set, uint64_t offset,
                          uint64_t limit, jbk_docs *out, jbk_err *err) {
    size_t n = (size_t)roaring_bitmap_get_cardinality(set);
    if (offset >= n) return JBK_OK;
    uint64_t end = !limit || limit > n - offset ? n : offset + limit;
    picker p;
    picker_init(&p, n, (size_t)end, order->descending);
    jbk_status status;
    if (order->kind == JBK_BY_RELEVANCE)
        status = score_keys(x, q, kept, set, n, &p, err);
    else if (jbk_fields[order->field].column != JBK_COL_NONE)
        status = column_keys(x, (jbk_field_id)order->field, set, &p, err);
    else
        status = record_keys(x, (jbk_field_id)order->field, set, n, &p, err);
    if (!status) {
        sort_page(p.rows, p.n, (size_t)offset, (size_t)end);
        for (uint64_t i = offset; i < end; i++) jbk_vec_push(out, p.rows[i].doc);
    }
    free(p.rows);
    return status;
}
