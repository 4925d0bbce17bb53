/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "queries.h"
#include "search/commands.h"
#include "session.h"

#include <stdio.h>

static const char MORE[] =
    "QUERY: words are ANDed; OR, NOT or -, ( ); \"a string\"; a run with Han in it is a string;\n"
    "field:value, title:..., text:..., views:1000..5000, views:>=1000, date:2019-12..2020-04;\n"
    "* finds everything.";

enum { LIMIT = 10 };

/* What the rows do not say themselves. */
static void note(const jbk_session *s, const jbk_search_options *o, const jbk_docs *docs) {
    bool tells = !strcmp(o->format, "text") || !strcmp(o->format, "json");
    uint64_t all = roaring_bitmap_get_cardinality(s->pick.shown), past = o->offset + docs->n;
    if (tells) return;
    if (!o->limited && all > past) jbk_note_more(all - past, "documents");
    if (o->facets.n || o->histograms.n)
        fprintf(stderr, "jibek: counts of values are in text and json, not in %s\n", o->format);
}

static jbk_status answer(jbk_session *s, jbk_search_options *o, jbk_err *err) {
    jbk_report_job job = {.as_of = o->as_of,
                          .facets = o->facets.at,
                          .nfacets = o->facets.n,
                          .histograms = o->histograms.at,
                          .nhistograms = o->histograms.n,
                          .excel = o->excel,
                          .colour = jbk_colour_wanted(o->output)};
    jbk_docs docs = {0};
    jbk_status status = jbk_session_describe(s, o, &job, err);
    for (size_t i = 0; i < o->facets.n && !status; i++)
        status = jbk_facet_count(s->index, s->match.sure, &o->facets.at[i], err);
    for (size_t i = 0; i < o->histograms.n && !status; i++)
        status = jbk_histogram_count(s->index, s->match.sure, &o->histograms.at[i], err);
    if (!status)
        status = jbk_order_pick(s->index, s->query, &s->kept, &s->order, s->pick.shown, o->offset,
                                o->limit, &docs, err);
    job.took_ms = jbk_now_ms() - s->started_ms;
    if (!status) status = jbk_writer_open(&job.writer, o->output, false, err);
    if (!status) {
        status = jbk_report_run(&job, jbk_format_find(o->format), &docs, err);
        status = jbk_writer_end(&job.writer, status, NULL, err);
        if (!status) jbk_note_excel(&job, o->format);
        if (!status) note(s, o, &docs);
    }
    jbk_vec_free(&docs);
    jbk_report_job_free(&job);
    return status ? status : jbk_session_conclude(s);
}

/* Many queries.  JBK_NOT_FOUND where a line was wrong, or none found anything. */
static jbk_status answer_many(const jbk_search_options *o, jbk_err *err) {
    jbk_index *x = NULL;
    jbk_queries q = {0};
    if (o->query)
        return jbk_fail(err, JBK_USAGE, "args", "give one query or --queries FILE, not both");
    if (o->ordered || o->offset || o->histograms.n || o->fields || o->pick.sample ||
        o->pick.collapse || o->limit != LIMIT)
        return jbk_fail(err, JBK_USAGE, "args",
                        "--queries answers with numbers: only --facet, --format and -o go with it");
    if (!jbk_queries_knows(o->format))
        return jbk_fail(err, JBK_USAGE, "args",
                        "with --queries, --format is text, jsonl, csv or tsv");
    jbk_status status = jbk_index_open(o->index, &x, err);
    if (!status) status = jbk_queries_answer(x, o->queries, o->facets.at, o->facets.n, &q, err);
    if (!status) status = jbk_queries_write(&q, o->format, false, o->output, err);
    bool wrong = false, found = false;
    for (size_t i = 0; i < q.rows.n; i++) {
        wrong |= q.rows.at[i].wrong != NULL;
        found |= q.rows.at[i].total > 0;
    }
    jbk_queries_free(&q);
    jbk_index_close(x);
    return status || (found && !wrong) ? status : JBK_NOT_FOUND;
}

static int search_main(int argc, char **argv) {
    jbk_err err = {0};
    bool help;
    jbk_search_options o = {.limit = LIMIT, .usual = "text", .ranked = true};
    jbk_session s = {0};
    jbk_status status = jbk_search_options_parse(&jbk_command_search, argc, argv, &o, &help, &err);
    if (!status && help) {
        jbk_print_help(&jbk_command_search);
    } else if (!status && o.queries) {
        status = answer_many(&o, &err);
    } else if (!status) {
        status = jbk_session_open(&s, &o, &err);
        if (!status) status = answer(&s, &o, &err);
        jbk_session_close(&s);
    }
    jbk_search_options_free(&o);
    return status == JBK_NOT_FOUND ? 1 : jbk_search_exit(status, &err);
}

const jbk_command jbk_command_search = {
    "search", "QUERY", "find documents", jbk_search_option_table, MORE, search_main};
