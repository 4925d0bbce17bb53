/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "facet.h"

#include "base/args.h"
#include "base/count.h"
#include "base/intern.h"
#include "filter.h"
#include "hit.h"

#include <stdlib.h>

jbk_status jbk_facet_parse(const char *spec, jbk_facet *out, jbk_err *err) {
    *out = (jbk_facet){.limit = 10, .field = -1};
    const char *colon = strrchr(spec, ':');
    size_t len = colon ? (size_t)(colon - spec) : strlen(spec);
    uint64_t limit = 10;
    if (colon && !jbk_parse_number(colon + 1, UINT32_MAX, &limit))
        return jbk_fail(err, JBK_USAGE, "facet", "--facet %s: a number is due after the colon",
                        spec);
    out->limit = (uint32_t)limit;
    out->field = jbk_field_find(spec, len);
    bool extra = len > 2 && !memcmp(spec, JBK_EXTRA_PREFIX, 2);
    if (out->field < 0 && !extra)
        return jbk_fail(err, JBK_USAGE, "facet", "--facet %s: there is no field '%.*s'", spec,
                        (int)(len < 60 ? len : 60), spec);
    if (out->field == JBK_F_TITLE || out->field == JBK_F_TEXT)
        return jbk_fail(err, JBK_USAGE, "facet", "--facet %s: text has no values to count", spec);
    out->name = extra
                    ? jbk_strndup(spec, len)
                    : jbk_strndup(jbk_fields[out->field].name, strlen(jbk_fields[out->field].name));
    return JBK_OK;
}

void jbk_facet_free(jbk_facet *f) {
    free(f->name);
    jbk_vec_free(&f->values);
    jbk_arena_free(&f->arena);
}

static void add_value(jbk_facet *f, const char *s, size_t len, uint64_t count) {
    jbk_facet_value v = {{jbk_arena_dup(&f->arena, s, len), len}, count};
    jbk_vec_push(&f->values, v);
}

/* --- by codes --- */

#define TALLY(T, MAX)                                                                              \
    {                                                                                              \
        const T *d = c->data;                                                                      \
        for (uint32_t i = 0; i < w->n; i++) {                                                      \
            T v = d[w->docs[i] % JBK_CHUNK];                                                       \
            if (c->has_absent && v == (MAX))                                                       \
                (*missing)++;                                                                      \
            else                                                                                   \
                counts[(uint64_t)c->base + c->scale * v]++;                                        \
        }                                                                                          \
    }

static void tally(const jbk_chunk *c, const jbk_chunk_walk *w, uint64_t *counts,
                  uint64_t *missing) {
    /* A chunk's data lies at 8-byte alignment less a header of 24: aligned for codes. */
    if (c->width == 1) {
        TALLY(uint8_t, UINT8_MAX)
    } else if (c->width == 2 && (uintptr_t)c->data % 2 == 0) {
        TALLY(uint16_t, UINT16_MAX)
    } else if (c->width == 4 && (uintptr_t)c->data % 4 == 0) {
        TALLY(uint32_t, UINT32_MAX)
    } else {
        for (uint32_t i = 0; i < w->n; i++) {
            int64_t v = jbk_chunk_get(c, w->docs[i] % JBK_CHUNK);
            if (v == JBK_ABSENT)
                (*missing)++;
            else
                counts[v]++;
        }
    }
}

/* Codes beyond the dictionary would write outside the counters: damage. */
static bool codes_fit(const jbk_chunk *c, uint32_t ncodes) {
    if (!c->width) return c->has_absent || (c->base >= 0 && c->base < (int64_t)ncodes);
    uint64_t top = c->width == 8 ? UINT64_MAX : (UINT64_C(1) << (8 * c->width)) - 1;
    if (c->base < 0) return false;
    if ((uint64_t)c->base + c->scale * top < ncodes) return true;
    for (uint32_t i = 0; i < c->n; i++) {
        int64_t v = jbk_chunk_get(c, i);
        if (v != JBK_ABSENT && (v < 0 || v >= (int64_t)ncodes)) return false;
    }
    return true;
}

typedef struct {
    uint32_t code;
    uint64_t n;
} code_count;
typedef JBK_VEC(code_count) code_counts;

static jbk_status damaged(const jbk_facet *f, jbk_err *err) {
    return jbk_fail(err, JBK_DAMAGED, "facet", "the column of %s is damaged", f->name);
}

/* Of many documents: a counter for each code that there is. */
static jbk_status count_many(jbk_index *x, jbk_chunk_walk *w, jbk_facet *f, uint32_t ncodes,
                             code_counts *out, jbk_err *err) {
    uint64_t *counts = jbk_calloc(ncodes, sizeof *counts);
    jbk_status status = JBK_OK;
    while (!status && jbk_chunk_walk_next(w)) {
        jbk_chunk c;
        status = jbk_index_chunk(x, (jbk_field_id)f->field, w->chunk, &c, err);
        if (!status && !codes_fit(&c, ncodes)) status = damaged(f, err);
        if (!status) tally(&c, w, counts, &f->missing);
    }
    for (uint32_t code = 0; code < ncodes && !status; code++)
        if (counts[code]) jbk_vec_push(out, ((code_count){code, counts[code]}));
    free(counts);
    return status;
}

static int by_code(const void *x, const void *y) {
    const code_count *a = x, *b = y;
    return a->code < b->code ? -1 : a->code > b->code;
}

/* Of few: nothing that costs more than they are. */
static jbk_status count_few(jbk_index *x, jbk_chunk_walk *w, jbk_facet *f, uint32_t ncodes,
                            code_counts *out, jbk_err *err) {
    jbk_status status = JBK_OK;
    while (!status && jbk_chunk_walk_next(w)) {
        jbk_chunk c;
        status = jbk_index_chunk(x, (jbk_field_id)f->field, w->chunk, &c, err);
        for (uint32_t i = 0; i < w->n && !status; i++) {
            int64_t v = jbk_chunk_get(&c, w->docs[i] % JBK_CHUNK);
            if (v == JBK_ABSENT)
                f->missing++;
            else if (v < 0 || v >= (int64_t)ncodes)
                status = damaged(f, err);
            else
                jbk_vec_push(out, ((code_count){(uint32_t)v, 1}));
        }
    }
    if (out->n) qsort(out->at, out->n, sizeof *out->at, by_code);
    size_t kept = 0;
    for (size_t i = 0; i < out->n; i++) {
        if (kept && out->at[kept - 1].code == out->at[i].code)
            out->at[kept - 1].n++;
        else
            out->at[kept++] = out->at[i];
    }
    out->n = kept;
    return status;
}

/* A code of a KEYWORDS field is a set: each of its members counts. */
static void spread_set(jbk_intern *members, uint64_t **counts, const char *s, size_t len,
                       uint64_t n) {
    for (size_t i = 0; i < len;) {
        const char *sep = memchr(s + i, JBK_SET_SEP, len - i);
        size_t item = sep ? (size_t)(sep - s) - i : len - i;
        size_t before = members->keys.n;
        uint32_t k = jbk_intern_add(members, s + i, item);
        if (members->keys.n > before) {
            *counts = jbk_realloc(*counts, members->keys.n * sizeof **counts);
            (*counts)[k] = 0;
        }
        (*counts)[k] += n;
        i += item + 1;
    }
}

static jbk_status name_codes(jbk_index *x, jbk_facet *f, const code_counts *counts, jbk_err *err) {
    bool sets = jbk_fields[f->field].type == JBK_T_KEYWORDS;
    jbk_intern members = {0};
    uint64_t *member_counts = NULL;
    jbk_status status = JBK_OK;
    for (size_t i = 0; i < counts->n && !status; i++) {
        jbk_str s;
        code_count c = counts->at[i];
        status = jbk_index_value(x, (jbk_field_id)f->field, c.code, &s, err);
        if (status) break;
        if (sets)
            spread_set(&members, &member_counts, s.s, s.len, c.n);
        else
            add_value(f, s.s, s.len, c.n);
    }
    for (size_t i = 0; i < members.keys.n; i++)
        add_value(f, members.keys.at[i].s, members.keys.at[i].len, member_counts[i]);
    free(member_counts);
    jbk_intern_free(&members);
    return status;
}

static jbk_status facet_codes(jbk_index *x, const roaring_bitmap_t *set, jbk_facet *f,
                              jbk_err *err) {
    uint32_t n;
    jbk_status status = jbk_view_values(x->view, (jbk_field_id)f->field, &n, err);
    if (status) return status;
    code_counts counts = {0};
    enum { FEW = 1000 };
    bool few = roaring_bitmap_get_cardinality(set) < FEW;
    jbk_chunk_walk *w = jbk_chunk_walk_new(set);
    status = (few ? count_few : count_many)(x, w, f, n, &counts, err);
    jbk_chunk_walk_free(w);
    if (!status) status = name_codes(x, f, &counts, err);
    jbk_vec_free(&counts);
    return status;
}

/* --- numbers --- */

static int ascending(const void *x, const void *y) {
    const int64_t *a = x, *b = y;
    return *a < *b ? -1 : *a > *b;
}

static jbk_status facet_counts(jbk_index *x, const roaring_bitmap_t *set, jbk_facet *f,
                               jbk_err *err) {
    uint64_t n = roaring_bitmap_get_cardinality(set), kept = 0;
    int64_t *values = jbk_alloc((n + JBK_CHUNK) * sizeof *values);
    jbk_chunk_walk *w = jbk_chunk_walk_new(set);
    jbk_status status = JBK_OK;
    while (!status && jbk_chunk_walk_next(w)) {
        status = jbk_chunk_walk_values(x, w, (jbk_field_id)f->field, values + kept, err);
        uint64_t end = kept + w->n;
        for (uint64_t i = kept; i < end && !status; i++) {
            if (values[i] == JBK_ABSENT)
                f->missing++;
            else
                values[kept++] = values[i];
        }
    }
    jbk_chunk_walk_free(w);
    qsort(values, kept, sizeof *values, ascending);
    for (uint64_t i = 0, end; i < kept && !status; i = end) {
        char text[JBK_COUNT_TEXT_MAX];
        for (end = i; end < kept && values[end] == values[i]; end++) {
        }
        size_t len = jbk_count_format(jbk_count_unpack((uint64_t)values[i]), text);
        add_value(f, text, len, end - i);
    }
    free(values);
    return status;
}

/* --- by reading every record --- */

static jbk_status facet_texts(jbk_index *x, const roaring_bitmap_t *set, jbk_facet *f,
                              jbk_err *err) {
    jbk_intern values = {0};
    JBK_VEC(uint64_t) counts = {0};
    jbk_hit hit = {0};
    jbk_buf cell = {0};
    jbk_column column = {.field = f->field, .extra = f->field < 0 ? f->name + 2 : NULL};
    jbk_status status = JBK_OK;
    roaring_uint32_iterator_t *it = roaring_create_iterator(set);
    for (; it->has_value && !status; roaring_advance_uint32_iterator(it)) {
        status = jbk_hit_load(x, it->current_value, &hit, err);
        if (!status) status = jbk_hit_cell(x, &hit, &column, &cell, err);
        if (status) break;
        if (!cell.len) {
            f->missing++;
            continue;
        }
        uint32_t k = jbk_intern_add(&values, cell.data, cell.len);
        if (k == counts.n) jbk_vec_push(&counts, 0);
        counts.at[k]++;
    }
    roaring_free_uint32_iterator(it);
    for (size_t i = 0; i < values.keys.n; i++)
        add_value(f, values.keys.at[i].s, values.keys.at[i].len, counts.at[i]);
    jbk_hit_free(&hit);
    jbk_buf_free(&cell);
    jbk_vec_free(&counts);
    jbk_intern_free(&values);
    return status;
}

static int by_count(const void *x, const void *y) {
    const jbk_facet_value *a = x, *b = y;
    if (a->count != b->count) return a->count > b->count ? -1 : 1;
    size_t n = a->value.len < b->value.len ? a->value.len : b->value.len;
    int order = memcmp(a->value.s, b->value.s, n);
    return order ? order : a->value.len < b->value.len ? -1 : a->value.len > b->value.len;
}

jbk_status jbk_facet_count(jbk_index *x, const roaring_bitmap_t *set, jbk_facet *f, jbk_err *err) {
    bool codes = f->field >= 0 && jbk_fields[f->field].column == JBK_COL_CODES;
    bool counts = f->field >= 0 && jbk_fields[f->field].column == JBK_COL_NUMBERS &&
                  jbk_fields[f->field].type == JBK_T_COUNT;
    jbk_status status = codes    ? facet_codes(x, set, f, err)
                        : counts ? facet_counts(x, set, f, err)
                                 : facet_texts(x, set, f, err);
    if (!status && f->values.n) qsort(f->values.at, f->values.n, sizeof *f->values.at, by_count);
    return status;
}

size_t jbk_facet_shown(const jbk_facet *f, uint64_t *other) {
    size_t n = f->limit && f->limit < f->values.n ? f->limit : f->values.n;
    *other = 0;
    for (size_t i = n; i < f->values.n; i++) *other += f->values.at[i].count;
    return n;
}
