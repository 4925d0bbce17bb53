/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A small table of text and numbers in any of the formats of `count`. */
#ifndef JBK_SEARCH_SHEET_H
#define JBK_SEARCH_SHEET_H

#include "out_table.h"

typedef struct {
    const char *names[16]; /* of the columns, for programs */
    const char *heads[16]; /* for people */
    size_t ncolumns;
    JBK_VEC(jbk_str) cells; /* row by row; numbers from column 1 on, absent where empty */
    jbk_arena arena;
} jbk_sheet;

void jbk_sheet_column(jbk_sheet *s, const char *name, const char *head); /* static strings */
void jbk_sheet_cell(jbk_sheet *s, const char *text, size_t len);
void jbk_sheet_number(jbk_sheet *s, uint64_t n);
void jbk_sheet_free(jbk_sheet *s);

void jbk_sheet_put_text(jbk_table_job *job, const jbk_sheet *s);
JBK_MUST_CHECK jbk_status jbk_sheet_put_csv(jbk_table_job *job, const jbk_sheet *s, jbk_err *err);
/* {"query", "total", "undecided", NAME: [rows], MORE, "as_of", "index"}; `more` is "" or members
 * that begin with a comma. */
JBK_MUST_CHECK jbk_status jbk_sheet_put_json(jbk_table_job *job, const jbk_sheet *s,
                                             const char *name, const char *more, jbk_err *err);

#endif
