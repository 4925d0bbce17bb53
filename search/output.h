/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Output formats as one small table, and where they write to. */
#ifndef JBK_SEARCH_OUTPUT_H
#define JBK_SEARCH_OUTPUT_H

#include "base/hash.h"
#include "facet.h"
#include "histogram.h"
#include "hit.h"
#include "pick.h"
#include "snippet.h"

#include <stdio.h>

/* --- a file or standard output --- */

typedef struct {
    FILE *file;
    char *path, *part;  /* NULL: standard output; a file is written beside and then renamed */
    jbk_sha256 *digest; /* of what is written; NULL where nobody asks */
    uint64_t bytes;
} jbk_writer;

JBK_MUST_CHECK jbk_status jbk_writer_open(jbk_writer *w, const char *path, bool digest,
                                          jbk_err *err);
/* Write and empty the buffer. */
JBK_MUST_CHECK jbk_status jbk_writer_put(jbk_writer *w, jbk_buf *b, jbk_err *err);
/* Close; the file takes its name.  `hex` gets the digest, where one was asked for. */
JBK_MUST_CHECK jbk_status jbk_writer_close(jbk_writer *w, char hex[JBK_SHA256_HEX], jbk_err *err);
void jbk_writer_abandon(jbk_writer *w);
/* The file was written by a library under the name `part`: count and digest what stands there. */
JBK_MUST_CHECK jbk_status jbk_writer_read_back(jbk_writer *w, jbk_err *err);
/* Close where all went well, else abandon; returns the first failure. */
JBK_MUST_CHECK jbk_status jbk_writer_end(jbk_writer *w, jbk_status status, char hex[JBK_SHA256_HEX],
                                         jbk_err *err);

/* --- formats --- */

typedef struct {
    jbk_index *index;
    const char *query, *as_of; /* as written; NULL: now */
    jbk_query_list strings;
    jbk_columns columns;
    uint64_t total, undecided, offset;
    const jbk_pick *pick;
    jbk_facet *facets;
    size_t nfacets;
    jbk_histogram *histograms;
    size_t nhistograms;
    double took_ms;
    bool colour, excel;
    uint64_t long_cells; /* with excel: those longer than a cell of it can be */
    jbk_writer writer;
    struct jbk_workbook *workbook; /* of xlsx */
    jbk_buf line, cell;            /* scratch */
    uint64_t rows;                 /* written so far */
} jbk_report_job;

typedef struct {
    const char *name;
    /* Each puts what it writes into job->line. */
    jbk_status (*begin)(jbk_report_job *job, jbk_err *err);
    jbk_status (*row)(jbk_report_job *job, const jbk_hit *hit, jbk_err *err);
    jbk_status (*end)(jbk_report_job *job, jbk_err *err);
    bool in_order; /* rows are due one after the other; else job->rows says which one it is */
} jbk_format;

extern const jbk_format jbk_format_text, jbk_format_json, jbk_format_jsonl, jbk_format_csv,
    jbk_format_tsv, jbk_format_xlsx, jbk_format_ids;
const jbk_format *jbk_format_find(const char *name); /* NULL if there is none */
bool jbk_format_is_known(const char *name);

/* Unless *format is given already: what the name of the file at `path` (NULL: none) says, else
 * `usual`.  Fails where the name says one that `has` does not know, or that nothing here writes. */
JBK_MUST_CHECK jbk_status jbk_format_by_name(const char **format, const char *path,
                                             bool (*has)(const char *), const char *usual,
                                             jbk_err *err);

/* Say on stderr that so many more could be shown; nothing where `more` is 0. */
void jbk_note_more(uint64_t more, const char *what);

void jbk_workbook_free(struct jbk_workbook *w); /* NULL is fine */
/* Say on stderr what Excel does not show of a CSV, or where it stands in a workbook. */
void jbk_note_excel(const jbk_report_job *job, const char *format);

/* Is what goes to `path` (NULL: standard output) read on a terminal that shows colours, by somebody
 * who has not set NO_COLOR? */
bool jbk_colour_wanted(const char *path);

void jbk_report_job_free(jbk_report_job *job); /* what it holds itself */

/* begin, every document, end. */
JBK_MUST_CHECK jbk_status jbk_report_run(jbk_report_job *job, const jbk_format *format,
                                         const jbk_docs *docs, jbk_err *err);

#endif
