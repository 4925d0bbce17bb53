/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The formats of a trace. */
#ifndef JBK_SEARCH_OUT_TRACE_H
#define JBK_SEARCH_OUT_TRACE_H

#include "output.h"
#include "trace.h"

typedef struct {
    jbk_index *index;
    const jbk_trace *trace;
    const char *kind, *asked; /* "quote", "id" or "file", and what was given */
    const char *as_of;        /* as written; NULL: now */
    uint64_t limit;           /* rows; of the tree, of each kind; 0: all */
    jbk_columns columns;      /* of the documents */
    bool colour, excel;
    jbk_writer writer;
    jbk_buf line;
} jbk_trace_job;

/* "text", "json", "jsonl", "csv" or "tsv". */
JBK_MUST_CHECK jbk_status jbk_trace_put(jbk_trace_job *job, const char *format, jbk_err *err);
bool jbk_trace_has_format(const char *format);

/* The tree for people, to job->line. */
JBK_MUST_CHECK jbk_status jbk_trace_put_tree(jbk_trace_job *job, jbk_err *err);
/* Share of the query that the document holds, and of the document that the query is. */
double jbk_trace_covers_query(const jbk_trace *t, const jbk_trace_match *m);
double jbk_trace_covers_document(const jbk_trace_match *m);

#endif
