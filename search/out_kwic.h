/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The formats of a concordance. */
#ifndef JBK_SEARCH_OUT_KWIC_H
#define JBK_SEARCH_OUT_KWIC_H

#include "concord.h"
#include "context.h"
#include "out_row.h"
#include "output.h"

typedef struct {
    jbk_index *index;
    const jbk_concordance *found;
    jbk_context context;
    jbk_columns columns; /* of the document, in the formats for programs */
    bool colour, excel;
    jbk_writer writer;
    jbk_buf line;
} jbk_kwic_job;

/* "csv", "tsv", "jsonl", or "text", in which the matches stand below each other. */
JBK_MUST_CHECK jbk_status jbk_kwic_put(jbk_kwic_job *job, const char *format, jbk_err *err);
bool jbk_kwic_has_format(const char *format);

#endif
