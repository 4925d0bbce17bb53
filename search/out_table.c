/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tables for programs: the long form, one row a cell. */
#include "out_table.h"

#include "base/count.h"
#include "out_row.h"
#include "out_json.h"

#include <errno.h>
#include <stdlib.h>

size_t jbk_table_rows(const jbk_table_job *job) {
    return job->table->naxes == 1 ? job->bins[0].n : job->inner.n;
}

void jbk_table_row(const jbk_table_job *job, size_t i, uint32_t bin[2], const jbk_cell **cell) {
    bool one = job->table->naxes == 1;
    bin[0] = one ? job->bins[0].at[i] : job->inner.at[i]->bin[0];
    bin[1] = one ? JBK_BIN_ANY : job->inner.at[i]->bin[1];
    *cell = one ? jbk_table_cell(job->table, bin[0], JBK_BIN_ANY) : job->inner.at[i];
}

enum { WRITE_AT_ONCE = 1 << 16 };

jbk_status jbk_table_flush(jbk_table_job *job, jbk_err *err) {
    if (job->line.len < WRITE_AT_ONCE) return JBK_OK;
    return jbk_writer_put(&job->writer, &job->line, err);
}

/* The field of an axis; of two axes over one field, the second says so. */
static char *key_of(const jbk_table *t, size_t axis) {
    const char *name = t->axis[axis].field_name;
    bool again = axis && !strcmp(name, t->axis[0].field_name);
    return jbk_printf("%s%s", name, again ? "_2" : "");
}

/* --- csv --- */

static void csv_header(jbk_table_job *job) {
    for (size_t i = 0; i < job->table->naxes; i++) {
        char *key = key_of(job->table, i);
        if (i) jbk_buf_byte(&job->line, ',');
        jbk_csv_put(&job->line, key, strlen(key));
        free(key);
    }
    for (size_t i = 0; i < job->figures.n; i++)
        jbk_buf_printf(&job->line, ",%s", job->figures.at[i].name);
    jbk_buf_str(&job->line, "\r\n");
}

static jbk_status put_csv(jbk_table_job *job, jbk_err *err) {
    jbk_status status = JBK_OK;
    csv_header(job);
    for (size_t r = 0; r < jbk_table_rows(job) && !status; r++) {
        uint32_t bin[2];
        const jbk_cell *cell;
        jbk_table_row(job, r, bin, &cell);
        for (size_t i = 0; i < job->table->naxes; i++) {
            jbk_axis_label(&job->table->axis[i], bin[i], &job->cell);
            if (i) jbk_buf_byte(&job->line, ',');
            if (job->cell.len) jbk_csv_put(&job->line, job->cell.data, job->cell.len);
        }
        for (size_t i = 0; i < job->figures.n; i++) {
            jbk_figure_put(job->table, cell, &job->figures.at[i], false, &job->cell);
            jbk_buf_byte(&job->line, ',');
            jbk_buf_add(&job->line, job->cell.data, job->cell.len);
        }
        jbk_buf_str(&job->line, "\r\n");
        status = jbk_table_flush(job, err);
    }
    return status;
}

const jbk_table_format jbk_table_csv = {"csv", put_csv};

/* --- json --- */

/* Exact counts are numbers; times, values and "1000000+" are text. */
static json_t *bin_value(const jbk_axis *a, uint32_t bin, jbk_buf *scratch) {
    if (bin == JBK_BIN_MISSING) return json_null();
    if (a->kind == JBK_AXIS_COUNTS) {
        jbk_count c = jbk_count_unpack((uint64_t)jbk_axis_value(a, bin));
        if (!c.lower_bound) return json_integer((json_int_t)c.n);
    }
    jbk_axis_label(a, bin, scratch);
    return jbk_json_str(scratch->data, scratch->len);
}

/* A sum of 2^63 or more, which no reader of JSON numbers would keep exact, stays text. */
static json_t *number(jbk_buf *text, bool whole) {
    if (!text->len) return json_null();
    const char *s = jbk_buf_cstr(text);
    if (!whole) return json_real(strtod(s, NULL));
    errno = 0;
    long long n = strtoll(s, NULL, 10);
    return errno ? json_string(s) : json_integer(n);
}

static json_t *figure_value(jbk_table_job *job, const jbk_cell *cell, const jbk_figure *f) {
    bool whole =
        f->kind == JBK_FIGURE_DOCUMENTS || f->kind == JBK_FIGURE_ABSENT ||
        f->kind == JBK_FIGURE_BOUNDS ||
        (f->kind == JBK_FIGURE_STAT && (f->stat == JBK_STAT_SUM || f->stat == JBK_STAT_P90));
    jbk_figure_put(job->table, cell, f, false, &job->cell);
    return number(&job->cell, whole);
}

/* {"views": {"mean": ..., "absent": ..., "lower_bounds": ...}} */
static void set_stat(jbk_table_job *job, json_t *stats, const jbk_cell *cell, const jbk_figure *f) {
    const char *field = jbk_fields[job->table->measured.at[f->measured].field].name;
    const char *name = f->kind == JBK_FIGURE_STAT     ? jbk_stat_names[f->stat]
                       : f->kind == JBK_FIGURE_ABSENT ? "absent"
                                                      : "lower_bounds";
    json_t *of_field = json_object_get(stats, field);
    if (!of_field) {
        of_field = json_object();
        json_object_set_new(stats, field, of_field);
    }
    json_object_set_new(of_field, name, figure_value(job, cell, f));
}

static void set_figures(jbk_table_job *job, json_t *o, const jbk_cell *cell) {
    json_t *stats = json_object();
    for (size_t i = 0; i < job->figures.n; i++) {
        const jbk_figure *f = &job->figures.at[i];
        if (f->kind == JBK_FIGURE_STAT || f->kind == JBK_FIGURE_ABSENT ||
            f->kind == JBK_FIGURE_BOUNDS)
            set_stat(job, stats, cell, f);
        else
            json_object_set_new(o, f->name, figure_value(job, cell, f));
    }
    if (job->table->per_million) { /* what it was divided by */
        json_object_set_new(o, "index_documents",
                            json_integer(cell ? (json_int_t)cell->index_documents : 0));
        json_object_set_new(o, "index_words",
                            json_integer(cell ? (json_int_t)cell->index_words : 0));
    }
    json_object_set_new(o, "stats", stats);
}

static json_t *row_value(jbk_table_job *job, size_t r, char *const keys[2]) {
    json_t *o = json_object();
    uint32_t bin[2];
    const jbk_cell *cell;
    jbk_table_row(job, r, bin, &cell);
    for (size_t i = 0; i < job->table->naxes; i++)
        json_object_set_new(o, keys[i], bin_value(&job->table->axis[i], bin[i], &job->cell));
    set_figures(job, o, cell);
    return o;
}

static void put_member(jbk_buf *out, const char *name, json_t *v) {
    jbk_buf_printf(out, ",\"%s\":", name);
    jbk_json_put(out, v);
}

static jbk_status put_json(jbk_table_job *job, jbk_err *err) {
    jbk_status status = JBK_OK;
    json_t *by = json_array(), *totals = json_object();
    char *keys[2] = {NULL, NULL};
    for (size_t i = 0; i < job->table->naxes; i++) {
        keys[i] = key_of(job->table, i);
        json_array_append_new(
            by, jbk_json_str(job->table->axis[i].name, strlen(job->table->axis[i].name)));
    }
    jbk_buf_str(&job->line, "{\"query\":");
    jbk_json_put(&job->line, jbk_json_str(job->query, strlen(job->query)));
    put_member(&job->line, "total", json_integer((json_int_t)job->total));
    put_member(&job->line, "undecided", json_integer((json_int_t)job->undecided));
    put_member(&job->line, "by", by);
    jbk_buf_str(&job->line, ",\"cells\":[");
    for (size_t r = 0; r < jbk_table_rows(job) && !status; r++) {
        jbk_buf_str(&job->line, r ? ",\n" : "\n");
        jbk_json_put(&job->line, row_value(job, r, keys));
        status = jbk_table_flush(job, err);
    }
    set_figures(job, totals, &job->table->cells.at[0]);
    jbk_buf_byte(&job->line, ']');
    put_member(&job->line, "totals", totals);
    put_member(&job->line, "as_of", json_null());
    put_member(&job->line, "index", jbk_json_index(job->index));
    jbk_buf_str(&job->line, "}\n");
    for (size_t i = 0; i < job->table->naxes; i++) free(keys[i]);
    return status;
}

const jbk_table_format jbk_table_json = {"json", put_json};
