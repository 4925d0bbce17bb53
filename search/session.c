/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "expand.h"
#include "hint.h"

#include "base/safe.h"
#include "base/utf8.h"
#include "text/chars.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum {
    O_INDEX,
    O_LIMIT,
    O_OFFSET,
    O_SORT,
    O_FACET,
    O_HISTOGRAM,
    O_FORMAT,
    O_FIELDS,
    O_OUTPUT,
    O_SAMPLE,
    O_SEED,
    O_COLLAPSE,
    O_AS_OF,
    O_QUERIES,
    O_EXCEL
};

const jbk_option jbk_search_option_table[] = {
    {'i', "index", "INDEX", "the index folder (default $JIBEK_INDEX)"},
    {'n', "limit", "N", "documents to show (search: 10, export: all); 0: all"},
    {0, "offset", "N", "documents to pass over first"},
    {0, "sort", "KEY", "relevance, FIELD or -FIELD (descending)"},
    {0, "facet", "FIELD[:N]", "count the values of a field: its top 10, or N, or all (0)"},
    {0, "histogram", "FIELD:UNIT", "count a time by day, week, month or year"},
    {0, "format", "FORMAT", "text, json, jsonl, csv, tsv, xlsx or ids"},
    {0, "fields", "A,B,...", "fields of a row, x.NAME included"},
    {'o', "output", "FILE", "write there; without --format, .csv, .xlsx and so on say the format"},
    {0, "sample", "N", "of the documents found, N at random"},
    {0, "seed", "S", "which sample: a number (default 0); the same gives the same"},
    {0, "collapse", "WHAT", "copies or story: of each group show the one published first"},
    {0, "as-of", "DATE", "status and counts as they were known at the end of that day"},
    {0, "queries", "FILE", "many queries, a line each: NAME<tab>QUERY or QUERY; numbers only"},
    {0, "excel", NULL, "CSV and TSV as Excel wants them: BOM, guarded cells"},
    {0, NULL, NULL, NULL},
};

double jbk_now_ms(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec * 1e-6;
}

static jbk_status set_option(void *arg, int option, const char *value, jbk_err *err) {
    jbk_search_options *o = arg;
    jbk_facet facet;
    jbk_histogram histogram;
    jbk_status status = JBK_OK;
    switch (option) {
    case O_INDEX:
        o->index = value;
        break;
    case O_LIMIT:
    case O_OFFSET:
        o->limited |= option == O_LIMIT;
        if (!jbk_parse_number(value, INT64_MAX, option == O_LIMIT ? &o->limit : &o->offset))
            status = jbk_fail(err, JBK_USAGE, "args", "--%s cannot be '%s'",
                              jbk_search_option_table[option].name, value);
        break;
    case O_SORT:
        o->ordered = true;
        status = jbk_order_parse(value, &o->order, err);
        break;
    case O_FACET:
        status = jbk_facet_parse(value, &facet, err);
        if (!status) jbk_vec_push(&o->facets, facet);
        break;
    case O_HISTOGRAM:
        status = jbk_histogram_parse(value, &histogram, err);
        if (!status) jbk_vec_push(&o->histograms, histogram);
        break;
    case O_FORMAT:
        o->format = value;
        if (!jbk_format_find(value))
            status = jbk_fail(err, JBK_USAGE, "args", "--format cannot be '%s'; it is %s", value,
                              jbk_search_option_table[O_FORMAT].help);
        break;
    case O_FIELDS:
        free(o->fields);
        o->fields = jbk_strndup(value, strlen(value));
        break;
    case O_SAMPLE:
    case O_SEED:
        o->seeded |= option == O_SEED;
        if (!jbk_parse_number(value, INT64_MAX,
                              option == O_SEED ? &o->pick.seed : &o->pick.sample) ||
            (option == O_SAMPLE && !o->pick.sample))
            status = jbk_fail(err, JBK_USAGE, "args", "--%s cannot be '%s'",
                              jbk_search_option_table[option].name, value);
        break;
    case O_COLLAPSE:
        o->pick.collapse = !strcmp(value, "copies")  ? JBK_COLLAPSE_COPIES
                           : !strcmp(value, "story") ? JBK_COLLAPSE_STORY
                                                     : JBK_COLLAPSE_NONE;
        if (!o->pick.collapse)
            status = jbk_fail(err, JBK_USAGE, "args",
                              "--collapse cannot be '%s'; it is copies or story", value);
        break;
    case O_AS_OF:
        o->as_of = value;
        status = jbk_asof_parse(value, &o->until_ms, err);
        break;
    case O_QUERIES:
        o->queries = value;
        break;
    case O_EXCEL:
        o->excel = true;
        break;
    default:
        o->output = value;
    }
    return status;
}

static jbk_status check_format(const jbk_search_options *o, jbk_err *err) {
    if (o->excel && strcmp(o->format, "csv") != 0 && strcmp(o->format, "tsv") != 0)
        return jbk_fail(err, JBK_USAGE, "args", "--excel goes with --format csv or tsv");
    if (!strcmp(o->format, "xlsx") && (!o->output || !strcmp(o->output, "-")))
        return jbk_fail(err, JBK_USAGE, "args", "xlsx is written to a file: give -o FILE");
    return JBK_OK;
}

jbk_status jbk_search_options_parse(const jbk_command *command, int argc, char **argv,
                                    jbk_search_options *o, bool *help, jbk_err *err) {
    jbk_args a;
    o->index = getenv("JIBEK_INDEX");
    jbk_status status = jbk_args_all(&a, command, argc, argv, set_option, o, help, err);
    if (status || *help) return status;
    status = jbk_format_by_name(&o->format, o->output, jbk_format_is_known, o->usual, err);
    if (status) return status;
    if (o->pick.sample && !o->limited) o->limit = 0;
    if (o->seeded && !o->pick.sample)
        return jbk_fail(err, JBK_USAGE, "args", "--seed is for --sample N");
    status = jbk_args_need_index(o->index, err);
    if (!status) status = check_format(o, err);
    if (status || (o->queries && !a.nrest)) return status;
    return jbk_args_query(&a, &o->query, err);
}

jbk_status jbk_args_query(const jbk_args *a, const char **query, jbk_err *err) {
    if (a->nrest != 1)
        return jbk_fail(err, JBK_USAGE, "args",
                        a->nrest ? "one query is due, in shell quotes (there are %d)"
                                 : "a query is missing; * finds everything",
                        a->nrest);
    *query = a->rest[0];
    return JBK_OK;
}

void jbk_search_options_free(jbk_search_options *o) {
    for (size_t i = 0; i < o->facets.n; i++) jbk_facet_free(&o->facets.at[i]);
    jbk_vec_free(&o->facets);
    for (size_t i = 0; i < o->histograms.n; i++) jbk_histogram_free(&o->histograms.at[i]);
    jbk_vec_free(&o->histograms);
    free(o->fields);
}

/* The query on one line and a caret under byte `at`. */
static void point_at(const char *query, size_t at) {
    jbk_buf b = {0};
    size_t len = strlen(query);
    jbk_buf_str(&b, "  ");
    jbk_safe_add(&b, query, len);
    jbk_buf_str(&b, "\n  ");
    for (size_t i = 0; i < at && i < len;)
        for (int w = jbk_cp_width(jbk_utf8_next(query, len, &i)); w > 0; w--) jbk_buf_byte(&b, ' ');
    jbk_buf_byte(&b, '^');
    fprintf(stderr, "%s\n", jbk_buf_cstr(&b));
    jbk_buf_free(&b);
}

void jbk_query_show_wrong(const char *file, uint64_t line, const char *text, size_t at,
                          const jbk_err *err) {
    jbk_err told = *err;
    if (file)
        snprintf(told.msg, sizeof told.msg, "%.200s:%llu: %.250s", file, (unsigned long long)line,
                 err->msg);
    jbk_report(&told);
    if (strlen(text) < 2000) point_at(text, at);
}

jbk_status jbk_query_parse_shown(const char *text, jbk_query **out, jbk_err *err) {
    size_t at;
    jbk_status status = jbk_query_parse(text, out, &at, err);
    if (!status) return JBK_OK;
    jbk_query_show_wrong(NULL, 0, text, at, err);
    err->where = NULL; /* said already */
    return status;
}

jbk_status jbk_session_open(jbk_session *s, const jbk_search_options *o, jbk_err *err) {
    *s = (jbk_session){.started_ms = jbk_now_ms(), .written = o->query};
    jbk_status status = jbk_query_parse_shown(o->query, &s->query, err);
    if (status) return status;
    status = jbk_index_open(o->index, &s->index, err);
    if (!status && o->as_of) status = jbk_index_as_of(s->index, o->until_ms, err);
    s->order = jbk_order_resolve(&o->order, s->query);
    if (!status) status = jbk_expand(s->index, s->query, err);
    bool ranked = s->order.kind == JBK_BY_RELEVANCE && (o->ordered || o->ranked);
    if (!status && ranked) status = jbk_answers_find(s->index, s->query, &s->kept, err);
    if (!status) status = jbk_eval(s->index, s->query, &s->kept, &s->match, err);
    if (!status) status = jbk_pick_make(s->index, s->match.sure, &o->pick, &s->pick, err);
    if (status) jbk_session_close(s);
    return status;
}

jbk_status jbk_session_describe(const jbk_session *s, jbk_search_options *o, jbk_report_job *job,
                                jbk_err *err) {
    job->index = s->index;
    job->query = o->query;
    job->total = roaring_bitmap_get_cardinality(s->match.sure);
    job->undecided = jbk_match_set_undecided(&s->match);
    job->offset = o->offset;
    job->pick = &s->pick;
    jbk_query_strings(s->query, &job->strings);
    jbk_status status = jbk_columns_parse(o->fields, &job->columns, err);
    if (!status && o->pick.collapse) jbk_vec_push(&job->columns, jbk_column_copies);
    return status;
}

void jbk_session_close(jbk_session *s) {
    jbk_pick_free(&s->pick);
    jbk_match_set_free(&s->match);
    jbk_answers_free(&s->kept);
    jbk_query_free(s->query);
    jbk_index_close(s->index);
    *s = (jbk_session){0};
}

jbk_status jbk_session_conclude(jbk_session *s) {
    uint64_t undecided = jbk_match_set_undecided(&s->match);
    if (undecided)
        fprintf(stderr, "jibek: %llu more are undecided: their count is only a lower bound\n",
                (unsigned long long)undecided);
    jbk_hint_meaning(s);
    if (!roaring_bitmap_is_empty(s->match.sure)) return JBK_OK;
    jbk_hint_nothing(s);
    return JBK_NOT_FOUND;
}

int jbk_search_exit(jbk_status status, const jbk_err *err) {
    if (status == JBK_INTERRUPTED) return 0; /* the reader of our pipe has seen enough */
    return status && err->where ? jbk_report(err) : jbk_exit_code(status);
}
