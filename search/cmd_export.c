/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every row of a match set, from one generation, with a note of how it was made. */
#include "expand.h"
#include "out_json.h"
#include "proof.h"
#include "search/commands.h"
#include "session.h"
#include "text/chars.h"

#include <stdio.h>
#include <stdlib.h>

static const char MORE[] =
    "Rows come in the order they were indexed unless --sort is given.  Beside FILE stands\n"
    "FILE.manifest.json: query, options, rows, SHA-256 of the file, versions.";

static json_t *column_names(const jbk_columns *columns) {
    json_t *list = json_array();
    for (size_t i = 0; i < columns->n; i++)
        json_array_append_new(list, json_string(columns->at[i].name));
    return list;
}

static json_t *words_of(const jbk_expansion *e) {
    json_t *list = json_array();
    for (size_t i = 0; i < e->words.keys.n; i++)
        json_array_append_new(list, jbk_json_str(e->words.keys.at[i].s, e->words.keys.at[i].len));
    return list;
}

/* Every leaf of the text as it was looked for, with the words it became and the documents that hold
 * it. */
static jbk_status expansion(const jbk_report_job *job, json_t *list, jbk_err *err) {
    static const char *const KINDS[] = {[JBK_Q_STRING] = "string",
                                        [JBK_Q_WORD] = "word",
                                        [JBK_Q_PATTERN] = "pattern",
                                        [JBK_Q_SOUND] = "sound",
                                        [JBK_Q_NAMES] = "names"};
    jbk_status status = JBK_OK;
    for (size_t i = 0; i < job->strings.n && !status; i++) {
        const jbk_query *q = job->strings.at[i];
        roaring_bitmap_t *found = NULL;
        status = jbk_string_find(job->index, q, job->index->living, NULL, NULL, &found, err);
        if (status) break;
        json_t *one = json_object();
        char *written =
            jbk_printf("%s%s%s", q->open_start ? "*" : "", q->s, q->open_end ? "*" : "");
        json_object_set_new(one, KINDS[q->kind], jbk_json_str(written, strlen(written)));
        free(written);
        json_object_set_new(one, "in", json_string(jbk_where_name(q->where)));
        json_object_set_new(one, "documents",
                            json_integer((json_int_t)roaring_bitmap_get_cardinality(found)));
        if (q->expansion && q->kind != JBK_Q_SOUND)
            json_object_set_new(one, "words", words_of(q->expansion));
        json_array_append_new(list, one);
        roaring_bitmap_free(found);
    }
    return status;
}

static json_t *collapse_name(const jbk_search_options *o) {
    static const char *const NAMES[] = {
        [JBK_COLLAPSE_COPIES] = "copies", [JBK_COLLAPSE_STORY] = "story"};
    return o->pick.collapse ? json_string(NAMES[o->pick.collapse]) : json_null();
}

static jbk_status write_manifest(const jbk_search_options *o, const jbk_report_job *job,
                                 const char *sha256, uint64_t bytes, jbk_err *err) {
    json_t *m = json_object(), *strings = json_array();
    jbk_status status = expansion(job, strings, err);
    json_object_set_new(m, "query", jbk_json_str(o->query, strlen(o->query)));
    json_object_set_new(m, "expansion", strings);
    json_object_set_new(m, "as_of", jbk_json_as_of(o->as_of));
    json_object_set_new(m, "format", json_string(o->format));
    if (o->excel || !strcmp(o->format, "xlsx"))
        json_object_set_new(m, "excel",
                            json_pack("{s:b, s:I}", "guarded", o->excel, "long_cells",
                                      (json_int_t)job->long_cells));
    json_object_set_new(m, "fields", column_names(&job->columns));
    json_object_set_new(
        m, "sort",
        o->ordered
            ? json_sprintf("%s%s", o->order.descending ? "-" : "",
                           o->order.field < 0 ? "relevance" : jbk_fields[o->order.field].name)
            : json_string("indexed"));
    json_object_set_new(m, "offset", json_integer((json_int_t)o->offset));
    json_object_set_new(m, "limit", json_integer((json_int_t)o->limit));
    json_object_set_new(m, "collapse", collapse_name(o));
    json_object_set_new(m, "sample",
                        o->pick.sample ? json_pack("{s:I, s:I}", "size", (json_int_t)o->pick.sample,
                                                   "seed", (json_int_t)o->pick.seed)
                                       : json_null());
    json_object_set_new(m, "matches", json_integer((json_int_t)job->total));
    json_object_set_new(m, "undecided", json_integer((json_int_t)job->undecided));
    json_object_set_new(m, "rows", json_integer((json_int_t)job->rows));
    json_object_set_new(m, "bytes", json_integer((json_int_t)bytes));
    json_object_set_new(m, "sha256", json_string(sha256));
    json_object_set_new(m, "index",
                        json_pack("{s:I, s:I, s:i}", "documents",
                                  (json_int_t)roaring_bitmap_get_cardinality(job->index->living),
                                  "generation", (json_int_t)jbk_view_generation(job->index->view),
                                  "format", JBK_FORMAT_VERSION));
    json_object_set_new(m, "versions",
                        json_pack("{s:s, s:s, s:s}", "jibek", JIBEK_VERSION, "icu",
                                  jbk_text_version(), "xapian", jbk_postings_version()));
    jbk_buf text = {0};
    char *s = json_dumps(m, JSON_INDENT(2));
    jbk_buf_str(&text, s);
    jbk_buf_byte(&text, '\n');
    free(s);
    json_decref(m);
    char *path = jbk_printf("%s.manifest.json", o->output);
    jbk_writer w;
    if (!status) status = jbk_writer_open(&w, path, false, err);
    if (!status) {
        status = jbk_writer_put(&w, &text, err);
        status = jbk_writer_end(&w, status, NULL, err);
    }
    free(path);
    jbk_buf_free(&text);
    return status;
}

/* The match set's documents in the order they were indexed. */
static void in_order(const roaring_bitmap_t *set, uint64_t offset, uint64_t limit, jbk_docs *out) {
    size_t n = (size_t)roaring_bitmap_get_cardinality(set);
    uint32_t *all = jbk_alloc(n * sizeof *all);
    roaring_bitmap_to_uint32_array(set, all);
    for (size_t i = (size_t)offset; i < n && (!limit || out->n < limit); i++)
        jbk_vec_push(out, all[i]);
    free(all);
}

static jbk_status run(jbk_session *s, jbk_search_options *o, jbk_err *err) {
    jbk_report_job job = {.excel = o->excel};
    jbk_docs docs = {0};
    char hex[JBK_SHA256_HEX];
    jbk_status status = jbk_session_describe(s, o, &job, err);
    if (!status && o->ordered)
        status = jbk_order_pick(s->index, s->query, &s->kept, &s->order, s->pick.shown, o->offset,
                                o->limit, &docs, err);
    else if (!status)
        in_order(s->pick.shown, o->offset, o->limit, &docs);
    if (!status) status = jbk_writer_open(&job.writer, o->output, true, err);
    if (!status) {
        status = jbk_report_run(&job, jbk_format_find(o->format), &docs, err);
        uint64_t bytes = job.writer.bytes;
        status = jbk_writer_end(&job.writer, status, hex, err);
        if (!status) status = write_manifest(o, &job, hex, bytes, err);
    }
    if (!status) jbk_note_excel(&job, o->format);
    if (!status) fprintf(stderr, "%llu rows written\n", (unsigned long long)job.rows);
    jbk_vec_free(&docs);
    jbk_report_job_free(&job);
    return status ? status : jbk_session_conclude(s);
}

static int export_main(int argc, char **argv) {
    jbk_err err = {0};
    bool help;
    jbk_search_options o = {.usual = "csv"};
    jbk_session s = {0};
    jbk_status status = jbk_search_options_parse(&jbk_command_export, argc, argv, &o, &help, &err);
    if (!status && help) {
        jbk_print_help(&jbk_command_export);
        jbk_search_options_free(&o);
        return 0;
    }
    if (!status && (!o.output || !strcmp(o.output, "-")))
        status = jbk_fail(&err, JBK_USAGE, "args", "export writes a file: give -o FILE");
    if (!status && o.queries)
        status = jbk_fail(&err, JBK_USAGE, "args", "export has no --queries; search has");
    if (!status && o.facets.n)
        status = jbk_fail(&err, JBK_USAGE, "args", "export has no facets; search has");
    if (!status && o.histograms.n)
        status = jbk_fail(&err, JBK_USAGE, "args", "export has no histograms; search has");
    if (!status) status = jbk_session_open(&s, &o, &err);
    if (!status) status = run(&s, &o, &err);
    jbk_session_close(&s);
    jbk_search_options_free(&o);
    return status == JBK_NOT_FOUND ? 1 : jbk_search_exit(status, &err);
}

const jbk_command jbk_command_export = {
    "export", "QUERY",    "write every row of a query to a file", jbk_search_option_table,
    MORE,     export_main};
