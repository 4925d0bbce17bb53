/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table.h"

#include <stdlib.h>

/* --- what was asked for --- */

jbk_status jbk_table_by(jbk_table *t, const char *spec, jbk_err *err) {
    if (t->naxes) return jbk_fail(err, JBK_USAGE, "args", "--by was given twice: write --by A,B");
    for (const char *p = spec;; p++) {
        size_t len = strcspn(p, ",");
        if (t->naxes == 2)
            return jbk_fail(err, JBK_USAGE, "args", "--by %s: at most two fields", spec);
        jbk_status status = jbk_axis_parse("by", p, len, &t->axis[t->naxes], err);
        if (status) return status;
        t->naxes++;
        p += len;
        if (!*p) return JBK_OK;
    }
}

static jbk_measured *measured_of(jbk_table *t, jbk_field_id f) {
    for (size_t i = 0; i < t->measured.n; i++)
        if (t->measured.at[i].field == f) return &t->measured.at[i];
    jbk_measured m = {.field = f};
    jbk_vec_push(&t->measured, m);
    return &t->measured.at[t->measured.n - 1];
}

jbk_status jbk_table_stat(jbk_table *t, const char *spec, jbk_err *err) {
    size_t len = strcspn(spec, ":");
    int kind = 0;
    while (kind < JBK_STATS &&
           (strlen(jbk_stat_names[kind]) != len || memcmp(jbk_stat_names[kind], spec, len) != 0))
        kind++;
    if (kind == JBK_STATS || !spec[len])
        return jbk_fail(err, JBK_USAGE, "args",
                        "--stat %s: sum:FIELD, mean:FIELD, median:FIELD or p90:FIELD is due", spec);
    const char *name = spec + len + 1;
    int f = jbk_field_find(name, strlen(name));
    if (f < 0 || jbk_fields[f].type != JBK_T_COUNT)
        return jbk_fail(err, JBK_USAGE, "args", "--stat %s: %s", spec,
                        f < 0 ? "there is no such field" : "only counts have statistics");
    measured_of(t, (jbk_field_id)f)->wanted[kind] = true;
    return JBK_OK;
}

void jbk_table_free(jbk_table *t) {
    for (size_t i = 0; i < 2; i++) {
        jbk_axis_free(&t->axis[i]);
        jbk_vec_free(&t->margin[i]);
    }
    jbk_vec_free(&t->measured);
    jbk_vec_free(&t->cells);
    jbk_vec_free(&t->measures);
    jbk_intern_free(&t->pairs);
    jbk_vec_free(&t->pair_cells);
    *t = (jbk_table){0};
}

/* --- cells --- */

static uint32_t new_cell(jbk_table *t, uint32_t bin, uint32_t other) {
    jbk_cell cell = {.bin = {bin, other}};
    jbk_vec_push(&t->cells, cell);
    for (size_t i = 0; i < t->measured.n; i++) jbk_vec_push(&t->measures, (jbk_measure){0});
    return (uint32_t)t->cells.n - 1;
}

static uint32_t margin_cell(jbk_table *t, size_t i, uint32_t bin) {
    while (t->margin[i].n <= bin) jbk_vec_push(&t->margin[i], 0);
    uint32_t *cell = &t->margin[i].at[bin];
    if (!*cell) *cell = i ? new_cell(t, JBK_BIN_ANY, bin) : new_cell(t, bin, JBK_BIN_ANY);
    return *cell;
}

static uint32_t pair_cell(jbk_table *t, uint32_t bin, uint32_t other) {
    uint32_t pair[2] = {bin, other};
    uint32_t number = jbk_intern_add(&t->pairs, (const char *)pair, sizeof pair);
    if (number == t->pair_cells.n) jbk_vec_push(&t->pair_cells, new_cell(t, bin, other));
    return t->pair_cells.at[number];
}

const jbk_cell *jbk_table_cell(const jbk_table *t, uint32_t bin, uint32_t other) {
    uint32_t cell = 0, number, pair[2] = {bin, other};
    if (bin == JBK_BIN_ANY && other == JBK_BIN_ANY) return &t->cells.at[0];
    if (other == JBK_BIN_ANY)
        cell = bin < t->margin[0].n ? t->margin[0].at[bin] : 0;
    else if (bin == JBK_BIN_ANY)
        cell = other < t->margin[1].n ? t->margin[1].at[other] : 0;
    else if (jbk_intern_find(&t->pairs, (const char *)pair, sizeof pair, &number))
        cell = t->pair_cells.at[number];
    return cell ? &t->cells.at[cell] : NULL;
}

const jbk_measure *jbk_table_measure(const jbk_table *t, const jbk_cell *cell, size_t m) {
    return &t->measures.at[(size_t)(cell - t->cells.at) * t->measured.n + m];
}

/* --- counting --- */

/* The cells one document counts in, itself once in each. */
typedef JBK_VEC(uint32_t) cell_list;

static void cells_of(jbk_table *t, const uint32_t slot[2], cell_list *out) {
    const uint32_t *rows, *columns = NULL;
    size_t nrows = jbk_axis_bins(&t->axis[0], &slot[0], &rows), ncolumns = 0;
    if (t->naxes == 2) ncolumns = jbk_axis_bins(&t->axis[1], &slot[1], &columns);
    out->n = 0;
    jbk_vec_push(out, 0);
    for (size_t i = 0; i < nrows; i++) jbk_vec_push(out, margin_cell(t, 0, rows[i]));
    for (size_t k = 0; k < ncolumns; k++) jbk_vec_push(out, margin_cell(t, 1, columns[k]));
    for (size_t i = 0; i < nrows; i++)
        for (size_t k = 0; k < ncolumns; k++) jbk_vec_push(out, pair_cell(t, rows[i], columns[k]));
}

/* A pass over a set: of the answer with its measures, or of the whole index with its words. */
typedef struct {
    bool whole_index;
    jbk_samples *samples; /* for each measured field */
    int64_t *values;      /* JBK_CHUNK of each measured field, or of words */
    uint32_t *slots[2];
    cell_list cells;
} pass;

static void add_document(jbk_table *t, pass *p, uint32_t i) {
    size_t nmeasured = p->whole_index ? 0 : t->measured.n;
    for (size_t k = 0; k < p->cells.n; k++) {
        uint32_t at = p->cells.at[k];
        jbk_cell *cell = &t->cells.at[at];
        if (p->whole_index) {
            cell->index_documents++;
            if (p->values[i] != JBK_ABSENT) cell->index_words += (uint64_t)p->values[i] >> 1;
        } else {
            cell->documents++;
        }
        for (size_t m = 0; m < nmeasured; m++)
            jbk_measure_add(&t->measures.at[at * t->measured.n + m], &p->samples[m], at,
                            p->values[m * JBK_CHUNK + i]);
    }
}

/* One axis without sets and nothing to measure: the common case, and a count is all it is. */
static void add_plain(jbk_table *t, const uint32_t *slots, uint32_t n) {
    t->cells.at[0].documents += n;
    for (uint32_t i = 0; i < n; i++) {
        uint32_t bin = slots[i];
        uint32_t cell = bin < t->margin[0].n ? t->margin[0].at[bin] : 0;
        if (!cell) cell = margin_cell(t, 0, bin);
        t->cells.at[cell].documents++;
    }
}

static jbk_status read_chunk(jbk_index *x, jbk_table *t, pass *p, const jbk_chunk_walk *w,
                             jbk_err *err) {
    jbk_status status = JBK_OK;
    for (size_t i = 0; i < t->naxes && !status; i++)
        status = jbk_axis_read(x, &t->axis[i], w, p->slots[i], err);
    if (p->whole_index && !status) return jbk_chunk_walk_values(x, w, JBK_F_WORDS, p->values, err);
    for (size_t m = 0; m < t->measured.n && !status; m++)
        status =
            jbk_chunk_walk_values(x, w, t->measured.at[m].field, p->values + m * JBK_CHUNK, err);
    return status;
}

static jbk_status count_pass(jbk_index *x, const roaring_bitmap_t *set, jbk_table *t, pass *p,
                             jbk_err *err) {
    bool plain =
        t->naxes == 1 && t->axis[0].kind != JBK_AXIS_SETS && !t->measured.n && !p->whole_index;
    size_t ncolumns = t->measured.n ? t->measured.n : 1;
    p->values = jbk_alloc(ncolumns * JBK_CHUNK * sizeof *p->values);
    for (size_t i = 0; i < 2; i++) p->slots[i] = jbk_alloc(JBK_CHUNK * sizeof *p->slots[i]);
    jbk_status status = JBK_OK;
    jbk_chunk_walk *w = jbk_chunk_walk_new(set);
    while (!status && jbk_chunk_walk_next(w)) {
        status = read_chunk(x, t, p, w, err);
        if (!status && plain) add_plain(t, p->slots[0], w->n);
        for (uint32_t i = 0; i < w->n && !plain && !status; i++) {
            cells_of(t, (uint32_t[2]){p->slots[0][i], t->naxes == 2 ? p->slots[1][i] : 0},
                     &p->cells);
            add_document(t, p, i);
        }
    }
    jbk_chunk_walk_free(w);
    free(p->values);
    for (size_t i = 0; i < 2; i++) free(p->slots[i]);
    jbk_vec_free(&p->cells);
    return status;
}

jbk_status jbk_table_count(jbk_index *x, const roaring_bitmap_t *set, jbk_table *t, jbk_err *err) {
    jbk_samples *samples = jbk_calloc(t->measured.n + 1, sizeof *samples);
    for (size_t m = 0; m < t->measured.n; m++) {
        const bool *wanted = t->measured.at[m].wanted;
        samples[m].kept = wanted[JBK_STAT_MEDIAN] || wanted[JBK_STAT_P90];
    }
    new_cell(t, JBK_BIN_ANY, JBK_BIN_ANY);
    jbk_status status = count_pass(x, set, t, &(pass){.samples = samples}, err);
    for (size_t m = 0; m < t->measured.n; m++) {
        if (!status)
            jbk_measure_ranks(t->measures.at + m, t->measured.n, (uint32_t)t->cells.n, &samples[m]);
        jbk_vec_free(&samples[m].list);
    }
    if (!status && t->per_million)
        status = count_pass(x, x->living, t, &(pass){.whole_index = true}, err);
    free(samples);
    return status;
}

/* --- order --- */

typedef struct {
    const jbk_table *table;
    size_t axis;
} sort_context;

static uint64_t documents_of(const sort_context *c, uint32_t bin) {
    const jbk_cell *cell = c->axis ? jbk_table_cell(c->table, JBK_BIN_ANY, bin)
                                   : jbk_table_cell(c->table, bin, JBK_BIN_ANY);
    return cell ? cell->documents : 0;
}

static int by_place(const void *x, const void *y, void *context) {
    const sort_context *c = context;
    uint32_t a = *(const uint32_t *)x, b = *(const uint32_t *)y;
    const jbk_axis *axis = &c->table->axis[c->axis];
    if (a == JBK_BIN_MISSING || b == JBK_BIN_MISSING)
        return (a == JBK_BIN_MISSING) - (b == JBK_BIN_MISSING);
    if (axis->kind != JBK_AXIS_TIMES) {
        uint64_t m = documents_of(c, a), n = documents_of(c, b);
        if (m != n) return m > n ? -1 : 1;
    }
    return jbk_axis_compare(axis, a, b);
}

/* Append the bins between first and last that are not among the first n, which are in order. */
static bool add_gaps(jbk_axis *a, jbk_bins *bins) {
    jbk_dated first = INT64_MAX, last = INT64_MIN;
    size_t n = bins->n, steps = 0;
    for (size_t i = 0; i < n; i++) {
        if (bins->at[i] == JBK_BIN_MISSING) continue;
        jbk_dated d = jbk_axis_value(a, bins->at[i]);
        if (jbk_dated_unit(d) != a->unit) continue;
        if (first == INT64_MAX) first = d;
        last = d;
    }
    for (jbk_dated d = first; d < last; d = jbk_bin_next(d))
        if (++steps >= JBK_BINS_MOST) return false;
    size_t i = 0;
    for (jbk_dated d = first; d < last; d = jbk_bin_next(d)) {
        while (i < n && bins->at[i] != JBK_BIN_MISSING && jbk_axis_value(a, bins->at[i]) < d) i++;
        bool there = i < n && bins->at[i] != JBK_BIN_MISSING && jbk_axis_value(a, bins->at[i]) == d;
        if (!there) jbk_vec_push(bins, jbk_axis_time_bin(a, d));
    }
    return true;
}

void jbk_table_bins(jbk_table *t, size_t i, bool *gaps, jbk_bins *out) {
    sort_context c = {t, i};
    jbk_axis *a = &t->axis[i];
    for (uint32_t bin = 0; bin < jbk_axis_size(a); bin++)
        if (documents_of(&c, bin)) jbk_vec_push(out, bin);
    if (out->n) qsort_r(out->at, out->n, sizeof *out->at, by_place, &c);
    if (!*gaps || a->kind != JBK_AXIS_TIMES) return;
    size_t before = out->n;
    *gaps = add_gaps(a, out);
    if (out->n > before) qsort_r(out->at, out->n, sizeof *out->at, by_place, &c);
}

/* places[bin] := where the bin stands. */
static uint32_t *places_of(const jbk_axis *a, const jbk_bins *bins) {
    uint32_t *places = jbk_calloc(jbk_axis_size(a), sizeof *places);
    for (size_t i = 0; i < bins->n; i++) places[bins->at[i]] = (uint32_t)i;
    return places;
}

static int by_places(const void *x, const void *y, void *context) {
    const jbk_cell *a = *(const jbk_cell *const *)x, *b = *(const jbk_cell *const *)y;
    uint32_t *const *places = context;
    for (size_t i = 0; i < 2; i++) {
        uint32_t m = places[i][a->bin[i]], n = places[i][b->bin[i]];
        if (m != n) return m < n ? -1 : 1;
    }
    return 0;
}

void jbk_table_inner(const jbk_table *t, const jbk_bins bins[2], jbk_cell_list *out) {
    uint32_t *places[2];
    for (size_t i = 0; i < 2; i++) places[i] = places_of(&t->axis[i], &bins[i]);
    for (size_t i = 0; i < t->pair_cells.n; i++) {
        const jbk_cell *cell = &t->cells.at[t->pair_cells.at[i]];
        if (cell->documents) jbk_vec_push(out, cell);
    }
    if (out->n) qsort_r(out->at, out->n, sizeof *out->at, by_places, places);
    for (size_t i = 0; i < 2; i++) free(places[i]);
}
