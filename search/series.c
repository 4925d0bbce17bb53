/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "series.h"

#include "base/count.h"
#include "base/status.h"

#include <stdlib.h>

enum { ZONE_MS = 8 * 3600000, COUNTS = 4 };

/* What a bin adds to the one before, or what holds at its end.  Differences may be negative: they
 * wrap around, and come right again when added up. */
typedef struct {
    uint64_t observed, live, gone;
    jbk_u128 sum[COUNTS];
    uint64_t known[COUNTS], bounds[COUNTS];
} figures;

typedef struct {
    jbk_dated bin;
    figures change;
} bin_row;

typedef struct {
    jbk_index *x;
    jbk_unit unit;
    int64_t until;
    jbk_intern bins; /* jbk_dated -> place in rows */
    JBK_VEC(bin_row) rows;
    jbk_recorded_list histories;
    jbk_observations history;
    JBK_VEC(jbk_dated) met; /* bins of this document's observations */
    size_t at;
    int64_t *collected, *own[JBK_SEEN_FIELDS];
} series;

bool jbk_series_named(const char *spec) {
    size_t n = strlen(JBK_SERIES_NAME);
    return !strncmp(spec, JBK_SERIES_NAME, n) && (!spec[n] || spec[n] == ':' || spec[n] == ',');
}

jbk_status jbk_series_parse(const char *spec, jbk_unit *unit, jbk_err *err) {
    size_t n = strlen(JBK_SERIES_NAME);
    int found = spec[n] ? jbk_unit_find(spec + n + 1, strlen(spec + n + 1)) : JBK_UNIT_MONTH;
    if (spec[n] == ',' || found < 0)
        return jbk_fail(err, JBK_USAGE, "args",
                        "--by %s: it stands alone, and the unit is day, week, month or year", spec);
    *unit = (jbk_unit)found;
    return JBK_OK;
}

static jbk_dated bin_of(const series *s, int64_t at) {
    const int64_t day_ms = 86400000;
    int64_t ms = (at >> 16) + ZONE_MS;
    int64_t day = ms / day_ms - (ms % day_ms < 0);
    return jbk_bin_of(day * 4 + (jbk_dated)s->unit);
}

static int64_t end_of(jbk_dated bin) {
    return jbk_dated_day(jbk_bin_next(bin)) * 86400000 - ZONE_MS - 1;
}

/* Of one document. */
static figures figures_of(const jbk_standing *st) {
    figures f = {.observed = 1,
                 .live = st->value[JBK_SEEN_STATUS] == JBK_STATUS_LIVE,
                 .gone = jbk_status_is_gone(st->value[JBK_SEEN_STATUS])};
    for (int c = 0; c < COUNTS; c++) {
        int64_t v = st->value[JBK_SEEN_VIEWS + c];
        if (v == JBK_ABSENT) continue;
        f.known[c] = 1;
        f.bounds[c] = (uint64_t)v & 1;
        f.sum[c] = (uint64_t)v >> 1;
    }
    return f;
}

static void add(figures *to, const figures *f, bool minus) {
    uint64_t sign = minus ? UINT64_MAX : 1;
    to->observed += sign * f->observed;
    to->live += sign * f->live;
    to->gone += sign * f->gone;
    for (int c = 0; c < COUNTS; c++) {
        to->sum[c] = minus ? to->sum[c] - f->sum[c] : to->sum[c] + f->sum[c];
        to->known[c] += sign * f->known[c];
        to->bounds[c] += sign * f->bounds[c];
    }
}

static figures *row_of(series *s, jbk_dated bin) {
    uint32_t i = jbk_intern_add(&s->bins, (const char *)&bin, sizeof bin);
    if (i == s->rows.n) jbk_vec_push(&s->rows, ((bin_row){.bin = bin}));
    return &s->rows.at[i].change;
}

static int by_number(const void *x, const void *y) {
    int64_t a = *(const int64_t *)x, b = *(const int64_t *)y;
    return a < b ? -1 : a > b;
}

static void add_history(series *s) {
    figures before = {0};
    s->met.n = 0;
    for (size_t i = 0; i < s->history.n; i++)
        if (s->history.at[i].at >> 16 <= s->until)
            jbk_vec_push(&s->met, bin_of(s, s->history.at[i].at));
    jbk_vec_sort(&s->met, by_number);
    for (size_t i = 0; i < s->met.n; i++) {
        if (i && s->met.at[i] == s->met.at[i - 1]) continue;
        int64_t end = end_of(s->met.at[i]);
        jbk_standing st =
            jbk_history_standing(s->history.at, s->history.n, end < s->until ? end : s->until);
        figures now = figures_of(&st), *row = row_of(s, s->met.at[i]);
        add(row, &now, false);
        add(row, &before, true);
        before = now;
    }
}

/* The history of a document, or what its record alone says, by the columns. */
static void add_document(series *s, uint32_t doc, uint32_t i) {
    const jbk_recorded_list *h = &s->histories;
    s->history.n = 0;
    while (s->at < h->n && h->at[s->at].doc < doc) s->at++;
    for (; s->at < h->n && h->at[s->at].doc == doc; s->at++)
        jbk_vec_push(&s->history, h->at[s->at].seen);
    if (!s->history.n) {
        jbk_observation own = jbk_observation_none();
        own.at = s->collected[i];
        if (s->own[JBK_SEEN_STATUS][i] > JBK_STATUS_UNKNOWN)
            own.status = (int32_t)s->own[JBK_SEEN_STATUS][i];
        for (int c = 0; c < COUNTS; c++) own.counts[c] = s->own[JBK_SEEN_VIEWS + c][i];
        if (!jbk_observation_says(&own)) return;
        jbk_vec_push(&s->history, own);
    }
    add_history(s);
}

static jbk_status read_chunk(series *s, const jbk_chunk_walk *w, jbk_err *err) {
    uint32_t first = w->chunk * JBK_CHUNK;
    s->histories.n = s->at = 0;
    jbk_status status =
        jbk_view_histories(s->x->view, first, first + JBK_CHUNK, &s->histories, err);
    if (!status) status = jbk_chunk_walk_values(s->x, w, JBK_F_COLLECTED_AT, s->collected, err);
    for (uint32_t i = 0; i < w->n && !status; i++)
        status = jbk_index_own_time(s->x, w->docs[i], s->collected[i], &s->collected[i], err);
    for (int f = 0; f < JBK_SEEN_FIELDS && !status; f++)
        status = jbk_chunk_walk_values(s->x, w, jbk_seen_fields[f], s->own[f], err);
    for (uint32_t i = 0; i < w->n && !status; i++) add_document(s, w->docs[i], i);
    return status;
}

/* --- the sheet --- */

static int by_bin(const void *x, const void *y) {
    const bin_row *a = x, *b = y;
    return a->bin < b->bin ? -1 : a->bin > b->bin;
}

static int place_of(jbk_field_id f) {
    for (int c = 0; c < COUNTS; c++)
        if (jbk_count_fields[c] == f) return c;
    return -1;
}

static const char *const NAMES[COUNTS][3] = {
    {"views_sum", "views_absent", "views_lower_bounds"},
    {"likes_sum", "likes_absent", "likes_lower_bounds"},
    {"comments_sum", "comments_absent", "comments_lower_bounds"},
    {"reposts_sum", "reposts_absent", "reposts_lower_bounds"}};

static jbk_status put_heading(const jbk_table *t, jbk_sheet *out, jbk_err *err) {
    jbk_sheet_column(out, JBK_SERIES_NAME, "at the end of");
    jbk_sheet_column(out, "observed", "observed");
    jbk_sheet_column(out, "live", "live");
    jbk_sheet_column(out, "gone", "gone");
    for (size_t m = 0; m < t->measured.n; m++) {
        int c = place_of(t->measured.at[m].field);
        bool others = t->measured.at[m].wanted[JBK_STAT_MEAN] ||
                      t->measured.at[m].wanted[JBK_STAT_MEDIAN] ||
                      t->measured.at[m].wanted[JBK_STAT_P90];
        if (c < 0 || others)
            return jbk_fail(err, JBK_USAGE, "args",
                            "--by " JBK_SERIES_NAME
                            " has the statistics sum:views, sum:likes, sum:comments, sum:reposts");
        for (int k = 0; k < 3; k++) jbk_sheet_column(out, NAMES[c][k], NAMES[c][k]);
    }
    return JBK_OK;
}

static void put_row(const figures *f, jbk_dated bin, const jbk_table *t, jbk_sheet *out) {
    char label[JBK_TIME_TEXT_MAX];
    jbk_buf sum = {0};
    jbk_sheet_cell(out, label, jbk_bin_label(bin, label));
    jbk_sheet_number(out, f->observed);
    jbk_sheet_number(out, f->live);
    jbk_sheet_number(out, f->gone);
    for (size_t m = 0; m < t->measured.n; m++) {
        int c = place_of(t->measured.at[m].field);
        sum.len = 0;
        jbk_put_ratio(&sum, f->sum[c], 1, 0, false);
        jbk_sheet_cell(out, sum.data, sum.len);
        jbk_sheet_number(out, f->observed - f->known[c]);
        jbk_sheet_number(out, f->bounds[c]);
    }
    jbk_buf_free(&sum);
}

static jbk_status put_rows(series *s, const jbk_table *t, jbk_sheet *out, jbk_err *err) {
    figures now = {0};
    size_t n = s->rows.n;
    jbk_status status = put_heading(t, out, err);
    if (status || !n) return status;
    qsort(s->rows.at, n, sizeof *s->rows.at, by_bin);
    size_t gaps = 0;
    for (jbk_dated d = s->rows.at[0].bin; d < s->rows.at[n - 1].bin; d = jbk_bin_next(d))
        if (++gaps > JBK_BINS_MOST)
            return jbk_fail(err, JBK_USAGE, "series",
                            "that makes more than %d rows: take a longer "
                            "unit",
                            JBK_BINS_MOST);
    jbk_dated d = s->rows.at[0].bin;
    for (size_t i = 0; i < n; i++) {
        for (; d < s->rows.at[i].bin; d = jbk_bin_next(d)) put_row(&now, d, t, out);
        add(&now, &s->rows.at[i].change, false);
        put_row(&now, d, t, out);
        d = jbk_bin_next(d);
    }
    return JBK_OK;
}

jbk_status jbk_series_count(jbk_index *x, const roaring_bitmap_t *set, jbk_unit unit,
                            const jbk_table *t, jbk_sheet *out, jbk_err *err) {
    series s = {.x = x, .unit = unit, .until = jbk_index_until(x)};
    s.collected = jbk_alloc(JBK_CHUNK * sizeof *s.collected);
    for (int f = 0; f < JBK_SEEN_FIELDS; f++) s.own[f] = jbk_alloc(JBK_CHUNK * sizeof *s.own[f]);
    jbk_status status = JBK_OK;
    jbk_chunk_walk *w = jbk_chunk_walk_new(set);
    while (!status && jbk_chunk_walk_next(w)) status = read_chunk(&s, w, err);
    jbk_chunk_walk_free(w);
    if (!status) status = put_rows(&s, t, out, err);
    jbk_intern_free(&s.bins);
    jbk_vec_free(&s.rows);
    jbk_vec_free(&s.histories);
    jbk_vec_free(&s.history);
    jbk_vec_free(&s.met);
    free(s.collected);
    for (int f = 0; f < JBK_SEEN_FIELDS; f++) free(s.own[f]);
    return status;
}
