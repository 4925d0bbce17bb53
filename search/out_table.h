/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The formats of `count`. */
#ifndef JBK_SEARCH_OUT_TABLE_H
#define JBK_SEARCH_OUT_TABLE_H

#include "figure.h"
#include "output.h"

typedef struct {
    jbk_index *index;
    const char *query, *as_of; /* as written; NULL: now */
    uint64_t total, undecided;
    jbk_table *table;
    jbk_bins bins[2];    /* of each axis, in the order they are shown */
    jbk_cell_list inner; /* of two axes: the cells that hold documents */
    jbk_figures figures;
    jbk_writer writer;
    jbk_buf line, cell; /* scratch */
} jbk_table_job;

typedef struct {
    const char *name;
    jbk_status (*put)(jbk_table_job *job, jbk_err *err);
} jbk_table_format;

extern const jbk_table_format jbk_table_text, jbk_table_csv, jbk_table_json;

/* Rows of the long form: one for each bin of one axis, or for each inner cell of two.  *cell is
 * NULL where it holds nothing. */
size_t jbk_table_rows(const jbk_table_job *job);
void jbk_table_row(const jbk_table_job *job, size_t i, uint32_t bin[2], const jbk_cell **cell);
/* Write what is in job->line, if it is much. */
JBK_MUST_CHECK jbk_status jbk_table_flush(jbk_table_job *job, jbk_err *err);

#endif
