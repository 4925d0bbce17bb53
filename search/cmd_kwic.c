/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "out_kwic.h"
#include "search/commands.h"
#include "session.h"

#include <stdlib.h>

enum { O_INDEX, O_LIMIT, O_CONTEXT, O_SORT, O_FORMAT, O_FIELDS, O_EXCEL, O_OUTPUT };

static const jbk_option OPTIONS[] = {
    {'i', "index", "INDEX", "the index folder (default $JIBEK_INDEX)"},
    {'n', "limit", "N", "lines to show (default 50); 0: all"},
    {'c', "context", "N", "on either side: columns (40), characters (40c) or words (8w)"},
    {0, "sort", "ORDER", "date, left or right"},
    {0, "format", "FORMAT", "text, csv, tsv or jsonl"},
    {0, "fields", "A,B,...", "fields of the document in a row, x.NAME included"},
    {0, "excel", NULL, "CSV and TSV as Excel wants them"},
    {'o', "output", "FILE", "write there instead of to standard output"},
    {0, NULL, NULL, NULL},
};

static const char MORE[] =
    "One line for every place where a string of QUERY stands in a matching document, in title or\n"
    "text.  left and right sort by the words beside the match, from it outwards; date, the\n"
    "default, has the oldest first.  start and end are code points of the field, start_byte and\n"
    "end_byte its bytes.";

static const char FIELDS[] = "platform,id,url,published_at";

typedef struct {
    const char *index, *query, *format, *output;
    char *fields;
    uint64_t limit;
    bool limited; /* it was asked for */
    jbk_kwic_sort sort;
    bool excel;
    jbk_context context;
} options;

static jbk_status set_sort(options *o, const char *value, jbk_err *err) {
    static const char *const NAMES[] = {
        [JBK_KWIC_DATE] = "date", [JBK_KWIC_LEFT] = "left", [JBK_KWIC_RIGHT] = "right"};
    for (size_t i = 0; i < sizeof NAMES / sizeof *NAMES; i++) {
        o->sort = (jbk_kwic_sort)i;
        if (!strcmp(NAMES[i], value)) return JBK_OK;
    }
    return jbk_fail(err, JBK_USAGE, "args", "--sort cannot be '%s'; it is date, left or right",
                    value);
}

static jbk_status set_option(void *arg, int option, const char *value, jbk_err *err) {
    options *o = arg;
    switch (option) {
    case O_INDEX:
        o->index = value;
        return JBK_OK;
    case O_LIMIT:
        o->limited = true;
        if (jbk_parse_number(value, INT64_MAX, &o->limit)) return JBK_OK;
        return jbk_fail(err, JBK_USAGE, "args", "--limit cannot be '%s'", value);
    case O_CONTEXT:
        return jbk_context_parse(value, &o->context, err);
    case O_SORT:
        return set_sort(o, value, err);
    case O_FORMAT:
        o->format = value;
        if (jbk_kwic_has_format(value)) return JBK_OK;
        return jbk_fail(err, JBK_USAGE, "args",
                        "--format cannot be '%s'; it is text, csv, tsv or jsonl", value);
    case O_FIELDS:
        free(o->fields);
        o->fields = jbk_strndup(value, strlen(value));
        return JBK_OK;
    case O_EXCEL:
        o->excel = true;
        return JBK_OK;
    default:
        o->output = value;
        return JBK_OK;
    }
}

static jbk_status parse_options(int argc, char **argv, options *o, bool *help, jbk_err *err) {
    jbk_args a;
    jbk_status status = jbk_args_all(&a, &jbk_command_kwic, argc, argv, set_option, o, help, err);
    if (status || *help) return status;
    status = jbk_args_need_index(o->index, err);
    if (!status)
        status = jbk_format_by_name(&o->format, o->output, jbk_kwic_has_format, "text", err);
    return status ? status : jbk_args_query(&a, &o->query, err);
}

static jbk_status answer(jbk_session *s, options *o, jbk_err *err) {
    jbk_query_list strings = {0};
    jbk_concordance found = {0};
    jbk_query_strings(s->query, &strings);
    jbk_kwic_job job = {.index = s->index,
                        .found = &found,
                        .context = o->context,
                        .colour = jbk_colour_wanted(o->output),
                        .excel = o->excel};
    jbk_status status = jbk_columns_parse(o->fields, &job.columns, err);
    if (!status && !strings.n)
        status = jbk_fail(err, JBK_USAGE, "kwic",
                          "the query has no word or string that a line could be about");
    if (!status)
        status = jbk_concord(s->index, &strings, s->match.sure, o->sort, o->limit, &found, err);
    if (!status) status = jbk_writer_open(&job.writer, o->output, false, err);
    if (!status) {
        status = jbk_kwic_put(&job, o->format, err);
        status = jbk_writer_end(&job.writer, status, NULL, err);
    }
    bool tells = !strcmp(o->format, "text");
    if (!status && !o->limited && !tells) jbk_note_more(found.matches - found.lines.n, "matches");
    jbk_concordance_free(&found);
    jbk_context_free(&job.context);
    jbk_vec_free(&job.columns);
    jbk_buf_free(&job.line);
    jbk_vec_free(&strings);
    return status ? status : jbk_session_conclude(s);
}

static int kwic_main(int argc, char **argv) {
    jbk_err err = {0};
    bool help;
    options o = {.index = getenv("JIBEK_INDEX"),
                 .limit = 50,
                 .context = {.unit = JBK_CONTEXT_COLUMNS, .n = 40},
                 .fields = jbk_strndup(FIELDS, sizeof FIELDS - 1)};
    jbk_session s = {0};
    jbk_status status = parse_options(argc, argv, &o, &help, &err);
    if (!status && help) {
        jbk_print_help(&jbk_command_kwic);
    } else if (!status) {
        jbk_search_options asked = {.index = o.index, .query = o.query};
        status = jbk_session_open(&s, &asked, &err);
        if (!status) status = answer(&s, &o, &err);
        jbk_session_close(&s);
    }
    free(o.fields);
    return status == JBK_NOT_FOUND ? 1 : jbk_search_exit(status, &err);
}

const jbk_command jbk_command_kwic = {"kwic",  "QUERY", "every match with what stands beside it",
                                      OPTIONS, MORE,    kwic_main};
