/* SPDX-License-Identifier: GPL-3.0-or-later */
/* JSON and JSON lines.  jansson writes every value; only the frame around the rows is ours, so
 * that a million hits need no memory. */
#include "out_json.h"

#include "base/utf8.h"

#include <jansson.h>
#include <stdlib.h>

static int add_bytes(const char *s, size_t len, void *buf) {
    jbk_buf_add(buf, s, len);
    return 0;
}

void jbk_json_put(jbk_buf *out, json_t *v) {
    /* 15 digits: as many as a decimal keeps on its way through a double. */
    json_dump_callback(v, add_bytes, out, JSON_COMPACT | JSON_ENCODE_ANY | JSON_REAL_PRECISION(15));
    json_decref(v);
}

json_t *jbk_json_str(const char *s, size_t len) {
    json_t *v = json_stringn(s ? s : "", len);
    if (v) return v;
    jbk_buf b = {0};
    jbk_utf8_repair(s, len, &b);
    v = json_stringn(b.data, b.len);
    jbk_buf_free(&b);
    return v;
}

json_t *jbk_json_as_of(const char *as_of) {
    return as_of ? jbk_json_str(as_of, strlen(as_of)) : json_null();
}

json_t *jbk_json_index(jbk_index *x) {
    return json_pack("{s:I, s:I}", "documents",
                     (json_int_t)roaring_bitmap_get_cardinality(x->living), "generation",
                     (json_int_t)jbk_view_generation(x->view));
}

/* Of a KEYWORDS field of a document that has one. */
static json_t *set_value(jbk_index *x, uint32_t doc, jbk_field_id f, jbk_err *err) {
    json_t *list = json_array();
    int64_t code;
    jbk_str s = {0};
    jbk_status status = jbk_index_number(x, f, doc, &code, err);
    if (!status && code != JBK_ABSENT) status = jbk_index_value(x, f, (uint32_t)code, &s, err);
    if (status) {
        json_decref(list);
        return NULL;
    }
    for (size_t i = 0; i < s.len;) {
        const char *sep = memchr(s.s + i, JBK_SET_SEP, s.len - i);
        size_t n = sep ? (size_t)(sep - s.s) - i : s.len - i;
        json_array_append_new(list, jbk_json_str(s.s + i, n));
        i += n + 1;
    }
    return list;
}

/* Exact counts are numbers; "1000000+" stays text. */
static json_t *cell_value(jbk_index *x, const jbk_hit *hit, const jbk_column *c,
                          const jbk_buf *cell, jbk_err *err) {
    if (c->field >= 0 && jbk_fields[c->field].type == JBK_T_KEYWORDS)
        return set_value(x, hit->doc, (jbk_field_id)c->field, err);
    if (jbk_column_is_count(c) && cell->data[cell->len - 1] != '+')
        return json_integer(strtoll(cell->data, NULL, 10));
    return jbk_json_str(cell->data, cell->len);
}

jbk_status jbk_json_hit(jbk_index *x, const jbk_hit *hit, const jbk_columns *columns, jbk_buf *cell,
                        json_t *o, jbk_err *err) {
    for (size_t i = 0; i < columns->n; i++) {
        const jbk_column *c = &columns->at[i];
        jbk_status status = jbk_hit_cell(x, hit, c, cell, err);
        if (status) return status;
        if (!cell->len) continue;
        jbk_buf_cstr(cell); /* for strtoll */
        json_t *value = cell_value(x, hit, c, cell, err);
        if (!value) return err->status;
        json_object_set_new(o, c->name, value);
    }
    return JBK_OK;
}

/* --- jsonl --- */

static jbk_status nothing(jbk_report_job *job, jbk_err *err) {
    (void)job;
    (void)err;
    return JBK_OK;
}

static jbk_status jsonl_row(jbk_report_job *job, const jbk_hit *hit, jbk_err *err) {
    json_t *o = json_object();
    jbk_status status = jbk_json_hit(job->index, hit, &job->columns, &job->cell, o, err);
    jbk_json_put(&job->line, o);
    jbk_buf_byte(&job->line, '\n');
    return status;
}

const jbk_format jbk_format_jsonl = {"jsonl", nothing, jsonl_row, nothing, false};

/* --- json --- */

static json_t *facet_value(const jbk_facet *f) {
    json_t *o = json_object(), *values = json_array();
    for (size_t i = 0; i < f->values.n; i++) {
        json_t *v = json_object();
        json_object_set_new(v, "value",
                            jbk_json_str(f->values.at[i].value.s, f->values.at[i].value.len));
        json_object_set_new(v, "count", json_integer((json_int_t)f->values.at[i].count));
        json_array_append_new(values, v);
    }
    json_object_set_new(o, "values", values);
    json_object_set_new(o, "missing", json_integer((json_int_t)f->missing));
    json_object_set_new(o, "other", json_integer((json_int_t)f->other));
    return o;
}

static json_t *histogram_value(const jbk_histogram *h, jbk_buf *label) {
    json_t *values = json_array();
    for (size_t i = 0; i < h->bins.n; i++) {
        jbk_axis_label(&h->table.axis[0], h->bins.at[i], label);
        json_t *v = json_object();
        json_object_set_new(v, "value", jbk_json_str(label->data, label->len));
        json_object_set_new(v, "count", json_integer((json_int_t)jbk_histogram_at(h, i)));
        json_array_append_new(values, v);
    }
    return json_pack("{s:o, s:I}", "values", values, "missing", (json_int_t)h->missing);
}

static json_t *snippet_value(jbk_report_job *job, const jbk_hit *hit) {
    jbk_snippet s = {0};
    jbk_snippet_make(job->index, &job->strings, hit->record.field[JBK_F_TITLE],
                     hit->record.field[JBK_F_TEXT], &s);
    json_t *o = json_object(), *marks = json_array();
    for (size_t i = 0; i < s.marks.n; i++) {
        json_t *m = json_array();
        json_array_append_new(m, json_integer(s.marks.at[i].start));
        json_array_append_new(m, json_integer(s.marks.at[i].end));
        json_array_append_new(marks, m);
    }
    json_object_set_new(o, "text", jbk_json_str(s.text.data, s.text.len));
    json_object_set_new(o, "marks", marks);
    jbk_snippet_free(&s);
    return o;
}

static void put_member(jbk_buf *out, const char *name, json_t *v) {
    if (out->len && out->data[out->len - 1] != '{') jbk_buf_byte(out, ',');
    jbk_buf_printf(out, "\"%s\":", name);
    jbk_json_put(out, v);
}

static jbk_status json_begin(jbk_report_job *job, jbk_err *err) {
    (void)err;
    jbk_buf_byte(&job->line, '{');
    put_member(&job->line, "query", jbk_json_str(job->query, strlen(job->query)));
    put_member(&job->line, "total", json_integer((json_int_t)job->total));
    put_member(&job->line, "undecided", json_integer((json_int_t)job->undecided));
    if (job->pick->options.collapse)
        put_member(&job->line, "groups", json_integer((json_int_t)job->pick->groups));
    if (job->pick->options.sample)
        put_member(&job->line, "sample",
                   json_pack("{s:I, s:I}", "size",
                             (json_int_t)roaring_bitmap_get_cardinality(job->pick->shown), "seed",
                             (json_int_t)job->pick->options.seed));
    put_member(&job->line, "offset", json_integer((json_int_t)job->offset));
    jbk_buf_str(&job->line, ",\"hits\":[");
    return JBK_OK;
}

static jbk_status json_row(jbk_report_job *job, const jbk_hit *hit, jbk_err *err) {
    json_t *o = json_object();
    jbk_status status = jbk_json_hit(job->index, hit, &job->columns, &job->cell, o, err);
    if (!status) json_object_set_new(o, "snippet", snippet_value(job, hit));
    jbk_buf_str(&job->line, job->rows ? ",\n" : "\n");
    jbk_json_put(&job->line, o);
    return status;
}

static jbk_status json_end(jbk_report_job *job, jbk_err *err) {
    (void)err;
    json_t *facets = json_object(), *histograms = json_object();
    for (size_t i = 0; i < job->nfacets; i++)
        json_object_set_new(facets, job->facets[i].name, facet_value(&job->facets[i]));
    for (size_t i = 0; i < job->nhistograms; i++)
        json_object_set_new(histograms, job->histograms[i].table.axis[0].name,
                            histogram_value(&job->histograms[i], &job->cell));
    jbk_buf_str(&job->line, "]");
    put_member(&job->line, "facets", facets);
    put_member(&job->line, "histograms", histograms);
    put_member(&job->line, "as_of", jbk_json_as_of(job->as_of));
    put_member(&job->line, "index", jbk_json_index(job->index));
    jbk_buf_printf(&job->line, ",\"took_ms\":%.3f}\n", job->took_ms);
    return JBK_OK;
}

const jbk_format jbk_format_json = {"json", json_begin, json_row, json_end, false};
