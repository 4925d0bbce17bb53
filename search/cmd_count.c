/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hint.h"
#include "out_survival.h"
#include "out_table.h"
#include "search/commands.h"
#include "series.h"

#include <stdio.h>
#include <stdlib.h>

enum { O_INDEX, O_BY, O_STAT, O_PER_MILLION, O_FORMAT, O_AS_OF, O_SURVIVAL };

static const jbk_option OPTIONS[] = {
    {'i', "index", "INDEX", "the index folder (default $JIBEK_INDEX)"},
    {0, "by", "A[:UNIT][,B[:UNIT]]", "one field, or two for a cross-tab; times by UNIT"},
    {0, "stat", "STAT:FIELD", "sum, mean, median or p90 of a count; repeatable"},
    {0, "per-million", NULL, "also per million documents and words of the index there"},
    {0, "format", "FORMAT", "text, csv or json"},
    {0, "as-of", "DATE", "status and counts as they were known at the end of that day"},
    {0, "survival", NULL, "how long posts live, by --by FIELD where it is given"},
    {0, NULL, NULL, NULL},
};

static const char MORE[] =
    "UNIT is day, week (ISO 8601), month (the default) or year, in the calendar of the record's\n"
    "own clock; a time known less precisely (\"2020\") is a row of its own.  Other fields are\n"
    "counted value by value; a document counts under each of its tags.  share is in percent\n"
    "of the documents found.  Statistics leave absent values out and take lower bounds "
    "(\"1000+\")\n"
    "as their number, and both are counted.  The median of an even number of values is the mean\n"
    "of the middle two, p90 the value of nearest rank.  CSV has one row a cell and no totals.\n"
    "--by observed_at:UNIT, alone, shows what was known at the end of each UNIT: how many were\n"
    "observed, live and gone, and with --stat sum:views what their views came to.";

typedef struct {
    const char *index, *query, *as_of;
    int64_t until_ms;
    bool survival, series;
    jbk_unit series_unit;
    const jbk_table_format *format;
    jbk_table table;
} options;

static const jbk_table_format *find_format(const char *name) {
    static const jbk_table_format *const ALL[] = {&jbk_table_text, &jbk_table_csv, &jbk_table_json};
    for (size_t i = 0; i < sizeof ALL / sizeof *ALL; i++)
        if (!strcmp(ALL[i]->name, name)) return ALL[i];
    return NULL;
}

static jbk_status set_option(void *arg, int option, const char *value, jbk_err *err) {
    options *o = arg;
    switch (option) {
    case O_INDEX:
        o->index = value;
        return JBK_OK;
    case O_BY:
        o->series = jbk_series_named(value);
        return o->series ? jbk_series_parse(value, &o->series_unit, err)
                         : jbk_table_by(&o->table, value, err);
    case O_STAT:
        return jbk_table_stat(&o->table, value, err);
    case O_PER_MILLION:
        o->table.per_million = true;
        return JBK_OK;
    case O_SURVIVAL:
        o->survival = true;
        return JBK_OK;
    case O_AS_OF:
        o->as_of = value;
        return jbk_asof_parse(value, &o->until_ms, err);
    default:
        o->format = find_format(value);
        if (o->format) return JBK_OK;
        return jbk_fail(err, JBK_USAGE, "args", "--format cannot be '%s'; it is text, csv or json",
                        value);
    }
}

static bool has_one_value(const jbk_table *t) {
    return !t->naxes || t->axis[0].kind != JBK_AXIS_SETS;
}

static jbk_status parse_options(int argc, char **argv, options *o, bool *help, jbk_err *err) {
    jbk_args a;
    jbk_status status = jbk_args_all(&a, &jbk_command_count, argc, argv, set_option, o, help, err);
    if (status || *help) return status;
    jbk_status need = jbk_args_need_index(o->index, err);
    if (need) return need;
    if (o->survival && (o->series || o->table.naxes > 1 || !has_one_value(&o->table)))
        return jbk_fail(err, JBK_USAGE, "args",
                        "--survival goes with --by one field that has one value a document");
    if (o->survival && o->table.measured.n && !(o->table.naxes && o->format == &jbk_table_text))
        return jbk_fail(err, JBK_USAGE, "args",
                        "--survival has no statistics; count --by FIELD --stat has");
    if (!o->table.naxes && !o->series && !o->survival)
        return jbk_fail(err, JBK_USAGE, "args",
                        "count by what? Give --by FIELD, such as --by published_at:month");
    return jbk_args_query(&a, &o->query, err);
}

static void arrange(jbk_table_job *job) {
    jbk_table *t = job->table;
    bool gaps = t->naxes == 1;
    bool wanted = gaps && t->axis[0].kind == JBK_AXIS_TIMES;
    for (size_t i = 0; i < t->naxes; i++) jbk_table_bins(t, i, &gaps, &job->bins[i]);
    if (wanted && !gaps) jbk_note_gaps(&t->axis[0]);
    if (t->naxes == 2) jbk_table_inner(t, job->bins, &job->inner);
    jbk_figures_of(t, &job->figures);
}

/* A person gets the table, too. */
static jbk_status put_survival(jbk_session *s, options *o, jbk_table_job *job, jbk_err *err) {
    jbk_lives lives = {0};
    jbk_axis *axis = o->table.naxes ? &o->table.axis[0] : NULL;
    jbk_status status = jbk_lives_find(s->index, s->match.sure, axis, &lives, err);
    bool text = o->format == &jbk_table_text;
    if (!status && axis && text) status = o->format->put(job, err);
    if (!status && text && axis) jbk_buf_byte(&job->line, '\n');
    if (!status) status = jbk_survival_put(job, axis, &lives, o->format->name, err);
    jbk_lives_free(&lives);
    return status;
}

static jbk_status put_series(jbk_session *s, options *o, jbk_table_job *job, jbk_err *err) {
    jbk_sheet sheet = {0};
    jbk_status status =
        jbk_series_count(s->index, s->match.sure, o->series_unit, &o->table, &sheet, err);
    if (!status && o->format == &jbk_table_text)
        jbk_sheet_put_text(job, &sheet);
    else if (!status && o->format == &jbk_table_csv)
        status = jbk_sheet_put_csv(job, &sheet, err);
    else if (!status)
        status = jbk_sheet_put_json(job, &sheet, "series", "", err);
    jbk_sheet_free(&sheet);
    return status;
}

static jbk_status answer(jbk_session *s, options *o, jbk_err *err) {
    jbk_table_job job = {.index = s->index,
                         .query = o->query,
                         .as_of = o->as_of,
                         .total = roaring_bitmap_get_cardinality(s->match.sure),
                         .undecided = jbk_match_set_undecided(&s->match),
                         .table = &o->table};
    jbk_status status = JBK_OK;
    if (o->table.naxes) status = jbk_table_count(s->index, s->match.sure, &o->table, err);
    if (!status && o->table.naxes) arrange(&job);
    if (!status) status = jbk_writer_open(&job.writer, NULL, false, err);
    if (!status) {
        status = o->series     ? put_series(s, o, &job, err)
                 : o->survival ? put_survival(s, o, &job, err)
                               : o->format->put(&job, err);
        if (!status) status = jbk_writer_put(&job.writer, &job.line, err);
        status = jbk_writer_end(&job.writer, status, NULL, err);
    }
    for (size_t i = 0; i < 2; i++) jbk_vec_free(&job.bins[i]);
    jbk_vec_free(&job.inner);
    jbk_figures_free(&job.figures);
    jbk_buf_free(&job.line);
    jbk_buf_free(&job.cell);
    return status ? status : jbk_session_conclude(s);
}

static int count_main(int argc, char **argv) {
    jbk_err err = {0};
    bool help;
    options o = {.index = getenv("JIBEK_INDEX"), .format = &jbk_table_text};
    jbk_session s = {0};
    jbk_status status = parse_options(argc, argv, &o, &help, &err);
    if (!status && help) {
        jbk_print_help(&jbk_command_count);
    } else if (!status) {
        jbk_search_options asked = {
            .index = o.index, .query = o.query, .as_of = o.as_of, .until_ms = o.until_ms};
        status = jbk_session_open(&s, &asked, &err);
        if (!status) status = answer(&s, &o, &err);
        jbk_session_close(&s);
    }
    jbk_table_free(&o.table);
    return status == JBK_NOT_FOUND ? 1 : jbk_search_exit(status, &err);
}

const jbk_command jbk_command_count = {"count", "QUERY", "frequency tables and cross-tabs",
                                       OPTIONS, MORE,    count_main};
