/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "filter.h"

#include "range.h"

#include <stdlib.h>

/* --- walking --- */

jbk_chunk_walk *jbk_chunk_walk_new(const roaring_bitmap_t *set) {
    uint64_t all = roaring_bitmap_get_cardinality(set);
    uint32_t room = all < JBK_CHUNK ? (uint32_t)all : JBK_CHUNK;
    jbk_chunk_walk *w = jbk_alloc(sizeof *w + room * sizeof *w->docs);
    w->it = roaring_create_iterator(set);
    w->n = w->next = w->nahead = 0;
    w->room = room;
    return w;
}

static bool read_ahead(jbk_chunk_walk *w) {
    if (w->next < w->nahead) return true;
    w->next = 0;
    w->nahead = roaring_read_uint32_iterator(w->it, w->ahead, sizeof w->ahead / sizeof *w->ahead);
    return w->nahead > 0;
}

/* Where those of the chunk end that were read ahead. */
static uint32_t chunk_end(const jbk_chunk_walk *w) {
    uint32_t end = w->next;
    if (w->ahead[w->nahead - 1] / JBK_CHUNK == w->chunk) return w->nahead;
    while (w->ahead[end] / JBK_CHUNK == w->chunk) end++;
    return end;
}

bool jbk_chunk_walk_next(jbk_chunk_walk *w) {
    w->n = 0;
    if (!read_ahead(w)) return false;
    w->chunk = w->ahead[w->next] / JBK_CHUNK;
    while (read_ahead(w) && w->ahead[w->next] / JBK_CHUNK == w->chunk) {
        uint32_t end = chunk_end(w), n = end - w->next;
        memcpy(w->docs + w->n, w->ahead + w->next, n * sizeof *w->docs);
        w->n += n;
        w->next = end;
    }
    return true;
}

jbk_status jbk_chunk_walk_values(jbk_index *x, const jbk_chunk_walk *w, jbk_field_id f,
                                 int64_t *values, jbk_err *err) {
    jbk_chunk c;
    jbk_status status = jbk_index_chunk(x, f, w->chunk, &c, err);
    if (!status) jbk_chunk_draw(&c, w->docs, w->n, values);
    return status;
}

void jbk_chunk_walk_free(jbk_chunk_walk *w) {
    roaring_free_uint32_iterator(w->it);
    free(w);
}

/* --- values --- */

static bool is_set_field(const jbk_query *q) {
    return q->field >= 0 && jbk_fields[q->field].type == JBK_T_KEYWORDS;
}

bool jbk_filter_is_slow(const jbk_query *q) { return q->extra || q->field == JBK_F_ORIGIN; }

/* Codes of the sets that hold the value. */
static jbk_status set_codes(jbk_index *x, const jbk_query *q, roaring_bitmap_t *codes,
                            jbk_err *err) {
    uint32_t n;
    jbk_field_id f = (jbk_field_id)q->field;
    jbk_status status = jbk_view_values(x->view, f, &n, err);
    for (uint32_t code = 0; code < n && !status; code++) {
        const char *s;
        size_t len;
        status = jbk_view_value(x->view, f, code, &s, &len, err);
        for (size_t i = 0; i < len && !status;) {
            const char *sep = memchr(s + i, JBK_SET_SEP, len - i);
            size_t item = sep ? (size_t)(sep - s) - i : len - i;
            if (item == q->len && !memcmp(s + i, q->s, item)) roaring_bitmap_add(codes, code);
            i += item + 1;
        }
    }
    return status;
}

static jbk_status value_codes(jbk_index *x, const jbk_query *q, roaring_bitmap_t *codes,
                              jbk_err *err) {
    if (is_set_field(q)) return set_codes(x, q, codes, err);
    uint32_t code;
    jbk_status status = jbk_view_code(x->view, (jbk_field_id)q->field, q->s, q->len, &code, err);
    if (status == JBK_NOT_FOUND) return JBK_OK;
    if (!status) roaring_bitmap_add(codes, code);
    return status;
}

enum { PIECE = 256 }; /* values that are looked at together */

/* Of the documents of a chunk those with one of the codes stay; how many they are. */
static uint32_t keep_codes(const jbk_chunk *c, const roaring_bitmap_t *codes, uint32_t *docs,
                           uint32_t n) {
    uint32_t kept = 0;
    bool one = roaring_bitmap_get_cardinality(codes) == 1;
    int64_t values[PIECE], only = roaring_bitmap_minimum(codes);
    for (uint32_t from = 0, some; from < n; from += some) {
        some = n - from < PIECE ? n - from : PIECE;
        jbk_chunk_draw(c, docs + from, some, values);
        for (uint32_t i = 0; i < some; i++) {
            docs[kept] = docs[from + i];
            kept += one ? values[i] == only
                        : values[i] >= 0 && roaring_bitmap_contains(codes, (uint32_t)values[i]);
        }
    }
    return kept;
}

static jbk_status filter_codes(jbk_index *x, const jbk_query *q, const roaring_bitmap_t *among,
                               roaring_bitmap_t *out, jbk_err *err) {
    roaring_bitmap_t *codes = roaring_bitmap_create();
    jbk_status status = value_codes(x, q, codes, err);
    jbk_chunk_walk *w = jbk_chunk_walk_new(among);
    bool none = roaring_bitmap_is_empty(codes);
    while (!status && !none && jbk_chunk_walk_next(w)) {
        jbk_chunk c;
        status = jbk_index_chunk(x, (jbk_field_id)q->field, w->chunk, &c, err);
        if (!status) roaring_bitmap_add_many(out, keep_codes(&c, codes, w->docs, w->n), w->docs);
    }
    jbk_chunk_walk_free(w);
    roaring_bitmap_free(codes);
    return status;
}

static jbk_status filter_named(jbk_index *x, const jbk_query *q, const roaring_bitmap_t *among,
                               roaring_bitmap_t *out, jbk_err *err) {
    jbk_docs docs = {0};
    jbk_status status = jbk_index_find(x, (jbk_field_id)q->field, q->s, q->len, false, &docs, err);
    for (size_t i = 0; i < docs.n; i++)
        if (roaring_bitmap_contains(among, docs.at[i])) roaring_bitmap_add(out, docs.at[i]);
    jbk_vec_free(&docs);
    return status;
}

/* copy_of:yes, copy_of:no, copy_of:ID */
static jbk_status filter_copies(jbk_index *x, const jbk_query *q, const roaring_bitmap_t *among,
                                roaring_bitmap_t *out, jbk_err *err) {
    bool yes = q->len == 3 && !memcmp(q->s, "yes", 3), no = q->len == 2 && !memcmp(q->s, "no", 2);
    jbk_docs docs = {0};
    jbk_status status = JBK_OK;
    if (!yes && !no) status = jbk_index_find(x, JBK_F_ID, q->s, q->len, true, &docs, err);
    jbk_chunk_walk *w = jbk_chunk_walk_new(among);
    while (!status && jbk_chunk_walk_next(w)) {
        jbk_chunk c;
        status = jbk_index_chunk(x, JBK_F_COPY_OF, w->chunk, &c, err);
        for (uint32_t i = 0; i < w->n && !status; i++) {
            int64_t of = jbk_chunk_get(&c, w->docs[i] % JBK_CHUNK);
            bool in = yes ? of != JBK_ABSENT : no && of == JBK_ABSENT;
            for (size_t k = 0; k < docs.n; k++) in |= of == (int64_t)docs.at[k];
            if (in) roaring_bitmap_add(out, w->docs[i]);
        }
    }
    jbk_chunk_walk_free(w);
    jbk_vec_free(&docs);
    return status;
}

static bool record_has(const jbk_record *r, const jbk_query *q) {
    if (!q->extra) {
        jbk_str s = r->field[q->field];
        return s.len == q->len && !memcmp(s.s, q->s, s.len);
    }
    size_t n = strlen(q->extra);
    for (size_t i = 0; i < r->extras.n; i++) {
        const jbk_extra *e = &r->extras.at[i];
        if (e->name.len == n && !memcmp(e->name.s, q->extra, n) && e->value.len == q->len &&
            !memcmp(e->value.s, q->s, q->len))
            return true;
    }
    return false;
}

static jbk_status filter_records(jbk_index *x, const jbk_query *q, const roaring_bitmap_t *among,
                                 roaring_bitmap_t *out, jbk_err *err) {
    jbk_record r = {0};
    jbk_status status = JBK_OK;
    roaring_uint32_iterator_t *it = roaring_create_iterator(among);
    for (; it->has_value && !status; roaring_advance_uint32_iterator(it)) {
        status = jbk_index_record(x, it->current_value, &r, err);
        if (!status && record_has(&r, q)) roaring_bitmap_add(out, it->current_value);
    }
    roaring_free_uint32_iterator(it);
    jbk_record_free(&r);
    return status;
}

jbk_status jbk_filter_value(jbk_index *x, const jbk_query *q, const roaring_bitmap_t *among,
                            roaring_bitmap_t **out, jbk_err *err) {
    *out = roaring_bitmap_create();
    if (jbk_filter_is_slow(q)) return filter_records(x, q, among, *out, err);
    if (q->field == JBK_F_COPY_OF) return filter_copies(x, q, among, *out, err);
    if (jbk_fields[q->field].column == JBK_COL_CODES) return filter_codes(x, q, among, *out, err);
    return filter_named(x, q, among, *out, err);
}

/* --- ranges --- */

/* Those surely in the range stay, those perhaps in it are added to `undecided`. */
static uint32_t keep_range(const jbk_chunk *c, const jbk_query *q, roaring_bitmap_t *undecided,
                           uint32_t *docs, uint32_t n) {
    uint32_t kept = 0;
    int64_t values[PIECE];
    for (uint32_t from = 0, some; from < n; from += some) {
        some = n - from < PIECE ? n - from : PIECE;
        jbk_chunk_draw(c, docs + from, some, values);
        for (uint32_t i = 0; i < some; i++) {
            jbk_answer in = jbk_range_test(q, values[i]);
            if (in == JBK_UNDECIDED) roaring_bitmap_add(undecided, docs[from + i]);
            docs[kept] = docs[from + i];
            kept += in == JBK_YES;
        }
    }
    return kept;
}

jbk_status jbk_filter_range(jbk_index *x, const jbk_query *q, const roaring_bitmap_t *among,
                            roaring_bitmap_t **sure, roaring_bitmap_t **possible, jbk_err *err) {
    *sure = roaring_bitmap_create();
    roaring_bitmap_t *undecided = roaring_bitmap_create();
    jbk_status status = JBK_OK;
    jbk_chunk_walk *w = jbk_chunk_walk_new(among);
    while (!status && jbk_chunk_walk_next(w)) {
        jbk_chunk c;
        status = jbk_index_chunk(x, (jbk_field_id)q->field, w->chunk, &c, err);
        if (!status)
            roaring_bitmap_add_many(*sure, keep_range(&c, q, undecided, w->docs, w->n), w->docs);
    }
    jbk_chunk_walk_free(w);
    *possible = NULL;
    if (!roaring_bitmap_is_empty(undecided)) *possible = roaring_bitmap_or(*sure, undecided);
    roaring_bitmap_free(undecided);
    return status;
}
