/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Answers to many queries as a table: name, query, numbers, and a column for each value. */
#include "grid.h"
#include "out_row.h"
#include "output.h"
#include "queries.h"

#include <stdio.h>
#include <stdlib.h>

/* As many as a sheet of Excel has. */
enum { COLUMNS_MAX = 16384, WRITE_AT_ONCE = 1 << 16 };

/* --- columns --- */

/* A value of a facet, or one of: */
enum { OTHER = UINT32_MAX - 1, MISSING = UINT32_MAX };

typedef struct {
    size_t facet;
    uint32_t value;
    char *name;
} column;

typedef struct {
    const jbk_queries *q;
    JBK_VEC(column) columns;
    bool undecided; /* is anything, in any row? */
} table;

typedef struct {
    uint64_t sum;
    uint32_t value;
    jbk_interned s;
} summed;

static int by_sum(const void *x, const void *y) {
    const summed *a = x, *b = y;
    if (a->sum != b->sum) return a->sum > b->sum ? -1 : 1;
    int order = memcmp(a->s.s, b->s.s, a->s.len < b->s.len ? a->s.len : b->s.len);
    return order ? order : a->s.len < b->s.len ? -1 : a->s.len > b->s.len;
}

/* The values of a facet that occur most over all queries, then what the others and none have. */
static void add_columns(table *t, size_t facet) {
    const jbk_facet *f = &t->q->facets[facet];
    const jbk_intern *values = &t->q->values[facet];
    size_t n = values->keys.n;
    uint64_t missing = 0;
    summed *sums = jbk_calloc(n, sizeof *sums);
    for (uint32_t i = 0; i < n; i++) sums[i] = (summed){0, i, values->keys.at[i]};
    for (size_t i = 0; i < t->q->rows.n; i++) {
        const jbk_answered *a = &t->q->rows.at[i];
        if (a->wrong) continue;
        missing += a->facets[facet].missing;
        for (size_t k = 0; k < a->facets[facet].values.n; k++)
            sums[a->facets[facet].values.at[k].value].sum += a->facets[facet].values.at[k].count;
    }
    if (n) qsort(sums, n, sizeof *sums, by_sum);
    size_t shown = f->limit && f->limit < n ? f->limit : n;
    for (size_t i = 0; i < shown && t->columns.n <= COLUMNS_MAX; i++) {
        char *name = jbk_printf("%s:%.*s", f->name, (int)sums[i].s.len, sums[i].s.s);
        jbk_vec_push(&t->columns, ((column){facet, sums[i].value, name}));
    }
    if (shown < n)
        jbk_vec_push(&t->columns, ((column){facet, OTHER, jbk_printf("%s other", f->name)}));
    if (missing)
        jbk_vec_push(&t->columns, ((column){facet, MISSING, jbk_printf("%s none", f->name)}));
    free(sums);
}

/* --- cells --- */

/* counts[i] := what row `a` has in column i.  Columns of a facet stand together. */
static void count_row(const table *t, const jbk_answered *a, uint64_t *counts) {
    for (size_t i = 0; i < t->columns.n;) {
        size_t facet = t->columns.at[i].facet, first = i;
        const jbk_answer_facet *f = &a->facets[facet];
        uint64_t other = 0;
        for (size_t k = 0; k < f->values.n; k++) other += f->values.at[k].count;
        for (; i < t->columns.n && t->columns.at[i].facet == facet; i++) counts[i] = 0;
        for (size_t k = first; k < i; k++) {
            uint32_t value = t->columns.at[k].value;
            for (size_t v = 0; v < f->values.n && value < OTHER; v++)
                if (f->values.at[v].value == value) counts[k] = f->values.at[v].count;
            other -= counts[k];
        }
        for (size_t k = first; k < i; k++) {
            if (t->columns.at[k].value == OTHER) counts[k] = other;
            if (t->columns.at[k].value == MISSING) counts[k] = f->missing;
        }
    }
}

enum { NUMBER_TEXT = 24 };

static jbk_str number(jbk_arena *arena, uint64_t n) {
    char text[NUMBER_TEXT];
    int len = snprintf(text, sizeof text, "%llu", (unsigned long long)n);
    return (jbk_str){jbk_arena_dup(arena, text, (size_t)len), (size_t)len};
}

typedef JBK_VEC(jbk_row_cell) row_cells;

static void add_cell(row_cells *cells, const char *name, jbk_str value, jbk_cell_kind kind) {
    jbk_vec_push(cells, ((jbk_row_cell){name, value, kind}));
}

/* The cells of a row; of a line that is wrong, the numbers are absent. */
static void fill_row(const table *t, const jbk_answered *a, uint64_t *counts, jbk_arena *arena,
                     row_cells *cells) {
    const jbk_str none = {0};
    cells->n = 0;
    add_cell(cells, "name", a->name, JBK_CELL_TEXT);
    add_cell(cells, "query", a->query, JBK_CELL_TEXT);
    add_cell(cells, "total", a->wrong ? none : number(arena, a->total), JBK_CELL_NUMBER);
    add_cell(cells, "undecided", a->wrong ? none : number(arena, a->undecided), JBK_CELL_NUMBER);
    add_cell(cells, "error", a->wrong ? (jbk_str){a->wrong, strlen(a->wrong)} : none,
             JBK_CELL_TEXT);
    if (!a->wrong) count_row(t, a, counts);
    for (size_t i = 0; i < t->columns.n; i++)
        add_cell(cells, t->columns.at[i].name, a->wrong ? none : number(arena, counts[i]),
                 JBK_CELL_NUMBER);
}

/* --- formats --- */

bool jbk_queries_knows(const char *format) {
    return !strcmp(format, "text") || jbk_row_format_find(format);
}

static jbk_status put_rows(const table *t, const jbk_row_format *format, bool excel, jbk_writer *w,
                           jbk_err *err) {
    jbk_buf line = {0};
    row_cells cells = {0};
    uint64_t *counts = jbk_calloc(t->columns.n, sizeof *counts);
    jbk_status status = JBK_OK;
    for (size_t i = 0; i < t->q->rows.n && !status; i++) {
        jbk_arena arena = {0};
        fill_row(t, &t->q->rows.at[i], counts, &arena, &cells);
        if (!i) format->head(cells.at, cells.n, excel, &line);
        format->row(cells.at, cells.n, excel, &line);
        if (line.len >= WRITE_AT_ONCE) status = jbk_writer_put(w, &line, err);
        jbk_arena_free(&arena);
    }
    if (!status) status = jbk_writer_put(w, &line, err);
    free(counts);
    jbk_vec_free(&cells);
    jbk_buf_free(&line);
    return status;
}

/* For people: without the query where it has a name, without columns that say nothing. */
static jbk_status put_grid(const table *t, jbk_writer *w, jbk_err *err) {
    jbk_grid g = {.ncolumns = 2 + t->undecided + t->columns.n};
    jbk_buf text = {0};
    uint64_t *counts = jbk_calloc(t->columns.n, sizeof *counts);
    jbk_grid_str(&g, "query");
    jbk_grid_str(&g, "documents");
    if (t->undecided) jbk_grid_str(&g, "undecided");
    for (size_t i = 0; i < t->columns.n; i++) jbk_grid_str(&g, t->columns.at[i].name);
    for (size_t i = 0; i < t->q->rows.n; i++) {
        const jbk_answered *a = &t->q->rows.at[i];
        jbk_grid_add(&g, a->name.s, a->name.len);
        if (a->wrong) {
            jbk_grid_str(&g, "wrong");
            for (size_t k = 2; k < g.ncolumns; k++) jbk_grid_str(&g, "");
            continue;
        }
        jbk_grid_number(&g, a->total);
        if (t->undecided) jbk_grid_number(&g, a->undecided);
        count_row(t, a, counts);
        for (size_t k = 0; k < t->columns.n; k++) jbk_grid_number(&g, counts[k]);
    }
    jbk_grid_put(&g, jbk_terminal_width(w->file), &text);
    jbk_status status = jbk_writer_put(w, &text, err);
    jbk_grid_free(&g);
    jbk_buf_free(&text);
    free(counts);
    return status;
}

jbk_status jbk_queries_write(const jbk_queries *q, const char *format, bool excel, const char *path,
                             jbk_err *err) {
    table t = {.q = q};
    jbk_writer w;
    for (size_t i = 0; i < q->rows.n; i++) t.undecided |= q->rows.at[i].undecided > 0;
    for (size_t i = 0; i < q->nfacets; i++) add_columns(&t, i);
    jbk_status status = JBK_OK;
    if (t.columns.n > COLUMNS_MAX)
        status = jbk_fail(err, JBK_USAGE, "facet", "these facets make more than %d columns",
                          COLUMNS_MAX);
    if (!status) status = jbk_writer_open(&w, path, false, err);
    if (!status) {
        const jbk_row_format *rows = jbk_row_format_find(format);
        status = rows ? put_rows(&t, rows, excel, &w, err) : put_grid(&t, &w, err);
        status = jbk_writer_end(&w, status, NULL, err);
    }
    for (size_t i = 0; i < t.columns.n; i++) free(t.columns.at[i].name);
    jbk_vec_free(&t.columns);
    return status;
}
