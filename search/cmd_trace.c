/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "called.h"
#include "out_trace.h"
#include "search/commands.h"
#include "session.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

enum { O_INDEX, O_QUOTE, O_FILE, O_AS_OF, O_LIMIT, O_FORMAT, O_FIELDS, O_EXCEL, O_OUTPUT };

static const jbk_option OPTIONS[] = {
    {'i', "index", "INDEX", "the index folder (default $JIBEK_INDEX)"},
    {'q', "quote", "TEXT", "trace this text instead of a record"},
    {0, "file", "FILE", "trace the text in FILE; - is standard input"},
    {0, "as-of", "DATE", "status and counts as known at the end of that day"},
    {'n', "limit", "N", "rows, in the tree of each kind (default: all; 0: all)"},
    {0, "format", "FORMAT", "text, json, jsonl, csv or tsv"},
    {0, "fields", "A,B,...", "fields of the documents, x.NAME included"},
    {0, "excel", NULL, "CSV and TSV as Excel wants them"},
    {'o', "output", "FILE", "write there instead of to standard output"},
    {0, NULL, NULL, NULL},
};

static const char MORE[] =
    "The earliest document that holds the text, whole or nearly, is the origin; the others are\n"
    "copies, near copies, the same with another name (template), excerpts, or posts that pass it\n"
    "on with a comment (reply).  Letters and digits are compared after the fold: punctuation,\n"
    "white space and the Chinese script make no difference, a few wrong characters little.\n"
    "ID may be PLATFORM:ID where several platforms have the same.";

static const char FIELDS[] =
    "platform,id,url,published_at,section,author,title,views,status,parent";
enum { FILE_MOST = 16 << 20 }; /* bytes */

typedef struct {
    const char *index, *id, *quote, *file, *as_of, *format, *output;
    char *fields;
    int64_t until_ms;
    uint64_t limit;
    bool excel;
} options;

static jbk_status set_option(void *arg, int option, const char *value, jbk_err *err) {
    options *o = arg;
    const char **text[] = {[O_INDEX] = &o->index, [O_QUOTE] = &o->quote,   [O_FILE] = &o->file,
                           [O_AS_OF] = &o->as_of, [O_FORMAT] = &o->format, [O_OUTPUT] = &o->output};
    if (option == O_EXCEL) {
        o->excel = true;
    } else if (option == O_FIELDS) {
        free(o->fields);
        o->fields = jbk_strndup(value, strlen(value));
    } else if (option == O_LIMIT) {
        if (!jbk_parse_number(value, INT64_MAX, &o->limit))
            return jbk_fail(err, JBK_USAGE, "args", "--limit cannot be '%s'", value);
    } else {
        *text[option] = value;
    }
    if (option == O_AS_OF) return jbk_asof_parse(value, &o->until_ms, err);
    if (option == O_FORMAT && !jbk_trace_has_format(value))
        return jbk_fail(err, JBK_USAGE, "args",
                        "--format cannot be '%s'; it is text, json, jsonl, csv or tsv", value);
    return JBK_OK;
}

static jbk_status parse_options(int argc, char **argv, options *o, bool *help, jbk_err *err) {
    jbk_args a;
    jbk_status status = jbk_args_all(&a, &jbk_command_trace, argc, argv, set_option, o, help, err);
    if (status || *help) return status;
    status = jbk_args_need_index(o->index, err);
    if (!status)
        status = jbk_format_by_name(&o->format, o->output, jbk_trace_has_format, "text", err);
    if (status) return status;
    if (a.nrest + !!o->quote + !!o->file != 1)
        return jbk_fail(err, JBK_USAGE, "args", "one of ID, --quote and --file is due");
    o->id = a.nrest ? a.rest[0] : NULL;
    return JBK_OK;
}

/* --- what is traced --- */

static jbk_status read_file(const char *path, jbk_buf *out, jbk_err *err) {
    bool standard = !strcmp(path, "-");
    FILE *f = standard ? stdin : fopen(path, "re");
    if (!f) return jbk_fail_sys(err, errno, "fopen", "cannot read %s", path);
    jbk_status status = JBK_OK;
    char bytes[1 << 16];
    for (size_t n; (n = fread(bytes, 1, sizeof bytes, f)) > 0 && out->len <= FILE_MOST;)
        jbk_buf_add(out, bytes, n);
    if (ferror(f))
        status = jbk_fail_sys(err, errno, "fread", "cannot read %s", path);
    else if (out->len > FILE_MOST)
        status = jbk_fail(err, JBK_USAGE, "trace", "%s is longer than 16 MiB", path);
    if (!standard) fclose(f);
    return status;
}

/* An id comes before the url of another. */
static jbk_status find_record(jbk_index *x, const char *name, uint32_t *doc, jbk_err *err) {
    jbk_docs docs = {0};
    jbk_status status = jbk_index_find(x, JBK_F_ID, name, strlen(name), false, &docs, err);
    if (!status && !docs.n) status = jbk_called_find(x, name, strlen(name), false, &docs, err);
    if (!status && !docs.n)
        status = jbk_fail(err, JBK_NOT_FOUND, "trace", "no record has the id or url %s", name);
    if (!status && docs.n > 1)
        status = jbk_fail(err, JBK_USAGE, "trace", "%zu records are called %s; say PLATFORM:ID",
                          docs.n, name);
    if (!status) *doc = docs.at[0];
    jbk_vec_free(&docs);
    return status;
}

static jbk_status find_text(jbk_index *x, const options *o, jbk_buf *text, uint32_t *self,
                            jbk_err *err) {
    jbk_str title, body;
    *self = UINT32_MAX;
    if (o->quote) jbk_buf_str(text, o->quote);
    if (o->file) return read_file(o->file, text, err);
    if (!o->id) return JBK_OK;
    jbk_status status = find_record(x, o->id, self, err);
    if (!status) status = jbk_index_text(x, *self, &title, &body, err);
    if (status) return status;
    if (!body.len) body = title;
    jbk_buf_add(text, body.s, body.len);
    return JBK_OK;
}

/* --- the command --- */

static jbk_status answer(jbk_index *x, options *o, jbk_err *err) {
    jbk_buf text = {0};
    uint32_t self;
    jbk_trace trace = {0};
    jbk_trace_job job = {.index = x,
                         .trace = &trace,
                         .kind = o->quote  ? "quote"
                                 : o->file ? "file"
                                           : "id",
                         .asked = o->quote  ? o->quote
                                  : o->file ? o->file
                                            : o->id,
                         .as_of = o->as_of,
                         .limit = o->limit,
                         .colour = jbk_colour_wanted(o->output),
                         .excel = o->excel};
    jbk_status status = jbk_columns_parse(o->fields, &job.columns, err);
    if (!status) status = find_text(x, o, &text, &self, err);
    if (!status) status = jbk_trace_run(x, (jbk_str){text.data, text.len}, self, &trace, err);
    if (!status) status = jbk_writer_open(&job.writer, o->output, false, err);
    if (!status) {
        status = jbk_trace_put(&job, o->format, err);
        status = jbk_writer_end(&job.writer, status, NULL, err);
    }
    if (!status && trace.more)
        fprintf(stderr, "jibek: only the first %zu documents that share it are told\n",
                trace.matches.n);
    bool found = trace.matches.n > 0;
    jbk_trace_free(&trace);
    jbk_vec_free(&job.columns);
    jbk_buf_free(&job.line);
    jbk_buf_free(&text);
    if (!status && !found) return jbk_fail(err, JBK_NOT_FOUND, "trace", "no document shares it");
    return status;
}

static int trace_main(int argc, char **argv) {
    jbk_err err = {0};
    jbk_index *x = NULL;
    bool help;
    options o = {.index = getenv("JIBEK_INDEX"), .fields = jbk_strndup(FIELDS, sizeof FIELDS - 1)};
    jbk_status status = parse_options(argc, argv, &o, &help, &err);
    if (!status && help) {
        jbk_print_help(&jbk_command_trace);
    } else if (!status) {
        status = jbk_index_open(o.index, &x, &err);
        if (!status && o.as_of) status = jbk_index_as_of(x, o.until_ms, &err);
        if (!status) status = answer(x, &o, &err);
        jbk_index_close(x);
    }
    free(o.fields);
    return jbk_search_exit(status, &err);
}

const jbk_command jbk_command_trace = {"trace",
                                       "ID | --quote TEXT | --file FILE",
                                       "where a text came from, and its copies",
                                       OPTIONS,
                                       MORE,
                                       trace_main};
