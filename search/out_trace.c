/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "out_trace.h"

#include "out_json.h"
#include "out_row.h"

#include <math.h>
#include <stdlib.h>

double jbk_trace_covers_query(const jbk_trace *t, const jbk_trace_match *m) {
    return t->letters ? (double)m->shared / t->letters : 0;
}

double jbk_trace_covers_document(const jbk_trace_match *m) {
    return m->letters ? (double)m->shared_document / m->letters : 0;
}

static size_t rows(const jbk_trace_job *job) {
    size_t n = job->trace->matches.n;
    return job->limit && job->limit < n ? (size_t)job->limit : n;
}

/* --- CSV and TSV --- */

enum { RELATION, COVERS_QUERY, COVERS_DOCUMENT, SHARED, LONGEST, SIMILARITY, FIELD, PASSAGE, OWN };

static const char *const NAMES[OWN] = {
    "relation",       "covers_query", "covers_document", "shared",
    "longest_shared", "similarity",   "shared_in",       "passage",
};

static const char *shared_in(const jbk_trace_match *m) { return m->in_title ? "title" : "text"; }

static void own_cells(const jbk_trace_job *job, const jbk_trace_match *m, char numbers[OWN][16],
                      jbk_row_cell out[OWN]) {
    snprintf(numbers[COVERS_QUERY], 16, "%.4f", jbk_trace_covers_query(job->trace, m));
    snprintf(numbers[COVERS_DOCUMENT], 16, "%.4f", jbk_trace_covers_document(m));
    snprintf(numbers[SHARED], 16, "%u", m->shared);
    snprintf(numbers[LONGEST], 16, "%u", m->longest);
    snprintf(numbers[SIMILARITY], 16, "%.4f", m->similarity);
    for (int i = 0; i < OWN; i++) {
        const char *s = i == RELATION ? jbk_relation_names[m->relation]
                        : i == FIELD  ? shared_in(m)
                                      : numbers[i];
        jbk_str value = i == PASSAGE ? m->passage : (jbk_str){s, strlen(s)};
        jbk_cell_kind kind = i == PASSAGE                  ? JBK_CELL_TEXT
                             : i == RELATION || i == FIELD ? JBK_CELL_KEY
                                                           : JBK_CELL_NUMBER;
        out[i] = (jbk_row_cell){NAMES[i], value, kind};
    }
}

static jbk_status put_row(jbk_trace_job *job, const jbk_row_format *format,
                          const jbk_trace_match *m, jbk_hit *hit, jbk_buf *scratch,
                          jbk_row_cell *cells, jbk_err *err) {
    char numbers[OWN][16];
    jbk_status status = jbk_hit_load(job->index, m->doc, hit, err);
    own_cells(job, m, numbers, cells);
    for (size_t i = 0; i < job->columns.n && !status; i++) {
        const jbk_column *c = &job->columns.at[i];
        status = jbk_hit_cell(job->index, hit, c, &scratch[i], err);
        cells[OWN + i] =
            (jbk_row_cell){c->name, {scratch[i].data, scratch[i].len}, jbk_column_kind_of(c)};
    }
    if (!status) format->row(cells, OWN + job->columns.n, job->excel, &job->line);
    return status;
}

static jbk_status put_rows(jbk_trace_job *job, const jbk_row_format *format, jbk_err *err) {
    size_t n = OWN + job->columns.n;
    jbk_row_cell *cells = jbk_calloc(n, sizeof *cells);
    jbk_buf *scratch = jbk_calloc(job->columns.n + 1, sizeof *scratch);
    jbk_hit hit = {0};
    jbk_status status = JBK_OK;
    for (size_t i = 0; i < n; i++)
        cells[i].name = i < OWN ? NAMES[i] : job->columns.at[i - OWN].name;
    format->head(cells, n, job->excel, &job->line);
    for (size_t i = 0; i < rows(job) && !status; i++) {
        status = put_row(job, format, &job->trace->matches.at[i], &hit, scratch, cells, err);
        if (!status) status = jbk_writer_put(&job->writer, &job->line, err);
    }
    for (size_t i = 0; i <= job->columns.n; i++) jbk_buf_free(&scratch[i]);
    jbk_hit_free(&hit);
    free(scratch);
    free(cells);
    return status;
}

/* --- JSON --- */

static json_t *share(double x) { return json_real(round(x * 10000) / 10000); }

static json_t *differences(const jbk_trace_match *m) {
    json_t *list = json_array();
    for (size_t i = 0; i < m->ndifferences; i++) {
        const jbk_difference *d = &m->differences[i];
        json_array_append_new(
            list, json_pack("{s:o, s:o}", "original", jbk_json_str(d->original.s, d->original.len),
                            "document", jbk_json_str(d->document.s, d->document.len)));
    }
    return list;
}

static jbk_status put_match(jbk_trace_job *job, const jbk_trace_match *m, jbk_hit *hit,
                            jbk_buf *cell, jbk_err *err) {
    json_t *o = json_object();
    jbk_status status = jbk_hit_load(job->index, m->doc, hit, err);
    jbk_str name = jbk_record_name(&hit->record);
    if (!status) json_object_set_new(o, "id", jbk_json_str(name.s, name.len));
    json_object_set_new(o, "relation", json_string(jbk_relation_names[m->relation]));
    json_object_set_new(o, "covers_query", share(jbk_trace_covers_query(job->trace, m)));
    json_object_set_new(o, "covers_document", share(jbk_trace_covers_document(m)));
    json_object_set_new(o, "shared", json_integer(m->shared));
    json_object_set_new(o, "longest_shared", json_integer(m->longest));
    json_object_set_new(o, "similarity", share(m->similarity));
    json_object_set_new(o, "shared_in", json_string(shared_in(m)));
    json_object_set_new(o, "passage", jbk_json_str(m->passage.s, m->passage.len));
    if (m->via.len) json_object_set_new(o, "via", jbk_json_str(m->via.s, m->via.len));
    if (m->differences) json_object_set_new(o, "differences", differences(m));
    if (!status) status = jbk_json_hit(job->index, hit, &job->columns, cell, o, err);
    jbk_json_put(&job->line, o);
    return status;
}

static jbk_status put_matches(jbk_trace_job *job, const char *between, jbk_err *err) {
    jbk_hit hit = {0};
    jbk_buf cell = {0};
    jbk_status status = JBK_OK;
    for (size_t i = 0; i < rows(job) && !status; i++) {
        if (i) jbk_buf_str(&job->line, between);
        status = put_match(job, &job->trace->matches.at[i], &hit, &cell, err);
        if (!status) status = jbk_writer_put(&job->writer, &job->line, err);
    }
    jbk_buf_free(&cell);
    jbk_hit_free(&hit);
    return status;
}

static jbk_status origin_name(jbk_trace_job *job, json_t **out, jbk_err *err) {
    const jbk_trace *t = job->trace;
    *out = json_null();
    if (t->origin == SIZE_MAX) return JBK_OK;
    jbk_hit hit = {0};
    jbk_status status = jbk_hit_load(job->index, t->matches.at[t->origin].doc, &hit, err);
    jbk_str name = jbk_record_name(&hit.record);
    if (!status) *out = jbk_json_str(name.s, name.len);
    jbk_hit_free(&hit);
    return status;
}

static void put_member(jbk_buf *out, const char *before, const char *name, json_t *v) {
    jbk_buf_printf(out, "%s\"%s\":", before, name);
    jbk_json_put(out, v);
}

static jbk_status put_json(jbk_trace_job *job, jbk_err *err) {
    json_t *origin;
    jbk_status status = origin_name(job, &origin, err);
    put_member(&job->line, "{", job->kind, jbk_json_str(job->asked, strlen(job->asked)));
    put_member(&job->line, ",", "origin", origin);
    jbk_buf_str(&job->line, ",\"matches\":[\n");
    if (!status) status = put_matches(job, ",\n", err);
    jbk_buf_byte(&job->line, ']');
    put_member(&job->line, ",", "total", json_integer((json_int_t)job->trace->matches.n));
    put_member(&job->line, ",", "formulas", json_integer((json_int_t)job->trace->formulas));
    put_member(&job->line, ",", "more", json_boolean(job->trace->more));
    put_member(&job->line, ",", "letters", json_integer(job->trace->letters));
    put_member(&job->line, ",", "read", json_integer((json_int_t)job->trace->read));
    put_member(&job->line, ",", "as_of", jbk_json_as_of(job->as_of));
    put_member(&job->line, ",", "index", jbk_json_index(job->index));
    jbk_buf_str(&job->line, "}\n");
    return status;
}

/* --- all of them --- */

bool jbk_trace_has_format(const char *format) {
    return !strcmp(format, "text") || !strcmp(format, "json") || jbk_row_format_find(format);
}

jbk_status jbk_trace_put(jbk_trace_job *job, const char *format, jbk_err *err) {
    jbk_status status;
    if (!strcmp(format, "text")) {
        status = jbk_trace_put_tree(job, err);
    } else if (!strcmp(format, "json")) {
        status = put_json(job, err);
    } else if (!strcmp(format, "jsonl")) {
        status = put_matches(job, "\n", err);
        if (job->trace->matches.n) jbk_buf_byte(&job->line, '\n');
    } else {
        status = put_rows(job, jbk_row_format_find(format), err);
    }
    if (!status) status = jbk_writer_put(&job->writer, &job->line, err);
    return status;
}
