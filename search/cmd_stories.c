/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "out_stories.h"
#include "search/commands.h"
#include "session.h"

#include <stdio.h>
#include <stdlib.h>

enum { O_INDEX, O_LIMIT, O_LEAST, O_AS_OF, O_FORMAT, O_EXCEL, O_OUTPUT };

static const jbk_option OPTIONS[] = {
    {'i', "index", "INDEX", "the index folder (default $JIBEK_INDEX)"},
    {'n', "limit", "N", "families to show (default 10), the largest first; 0: all"},
    {0, "least", "N", "only families of which so many documents match (default 2)"},
    {0, "as-of", "DATE", "status as it was known at the end of that day"},
    {0, "format", "FORMAT", "text, json or csv"},
    {0, "excel", NULL, "CSV as Excel wants it: BOM, guarded cells"},
    {'o', "output", "FILE", "write there instead of to standard output"},
    {0, NULL, NULL, NULL},
};

static const char MORE[] =
    "Families of documents with one skeleton: texts that are the same but for names, numbers and\n"
    "edits.  Of each: its number for story:N, how many documents match QUERY (all without one),\n"
    "copies among them, first and last date, platforms, how many of those observed are gone, the\n"
    "text published first with {1}, {2} for what is another thing elsewhere, and what fills these.";

typedef struct {
    const char *index, *query, *as_of, *format, *output;
    int64_t until_ms;
    uint64_t limit, least;
    bool excel;
} options;

static jbk_status set_option(void *arg, int option, const char *value, jbk_err *err) {
    options *o = arg;
    switch (option) {
    case O_INDEX:
        o->index = value;
        return JBK_OK;
    case O_LIMIT:
    case O_LEAST:
        if (jbk_parse_number(value, INT64_MAX, option == O_LIMIT ? &o->limit : &o->least))
            return JBK_OK;
        return jbk_fail(err, JBK_USAGE, "args", "--%s cannot be '%s'", OPTIONS[option].name, value);
    case O_AS_OF:
        o->as_of = value;
        return jbk_asof_parse(value, &o->until_ms, err);
    case O_FORMAT:
        o->format = value;
        if (jbk_stories_has_format(value)) return JBK_OK;
        return jbk_fail(err, JBK_USAGE, "args", "--format cannot be '%s'; it is text, json or csv",
                        value);
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
    jbk_status status =
        jbk_args_all(&a, &jbk_command_stories, argc, argv, set_option, o, help, err);
    if (status || *help) return status;
    status = jbk_args_need_index(o->index, err);
    if (!status)
        status = jbk_format_by_name(&o->format, o->output, jbk_stories_has_format, "text", err);
    if (!a.nrest) return status;
    return status ? status : jbk_args_query(&a, &o->query, err);
}

static jbk_status answer(jbk_session *s, options *o, jbk_err *err) {
    jbk_stories found = {0};
    jbk_stories_job job = {.index = s->index,
                           .query = o->query,
                           .total = roaring_bitmap_get_cardinality(s->match.sure),
                           .stories = &found,
                           .limit = o->limit,
                           .excel = o->excel};
    jbk_status status = jbk_stories_find(s->index, s->match.sure, o->least, &found, err);
    if (!status) status = jbk_writer_open(&job.writer, o->output, false, err);
    if (!status) {
        status = jbk_stories_put(&job, o->format, err);
        status = jbk_writer_end(&job.writer, status, NULL, err);
    }
    bool none = !found.at.n;
    size_t more = o->limit && found.at.n > o->limit ? found.at.n - o->limit : 0;
    jbk_buf_free(&job.line);
    jbk_buf_free(&job.cell);
    jbk_stories_free(&found);
    if (status) return status;
    jbk_note_more(more, "families");
    status = jbk_session_conclude(s);
    if (status || !none) return status;
    fputs("jibek: no two of the documents found are of one family\n", stderr);
    return JBK_NOT_FOUND;
}

static int stories_main(int argc, char **argv) {
    jbk_err err = {0};
    bool help;
    options o = {.index = getenv("JIBEK_INDEX"), .query = "*", .limit = 10, .least = 2};
    jbk_session s = {0};
    jbk_status status = parse_options(argc, argv, &o, &help, &err);
    if (!status && help) {
        jbk_print_help(&jbk_command_stories);
    } else if (!status) {
        jbk_search_options asked = {
            .index = o.index, .query = o.query, .as_of = o.as_of, .until_ms = o.until_ms};
        status = jbk_session_open(&s, &asked, &err);
        if (!status) status = answer(&s, &o, &err);
        jbk_session_close(&s);
    }
    return status == JBK_NOT_FOUND ? 1 : jbk_search_exit(status, &err);
}

const jbk_command jbk_command_stories = {
    "stories", "[QUERY]", "families of texts that differ by names", OPTIONS, MORE, stories_main};
