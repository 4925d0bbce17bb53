/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A document as a row of cells, the same for every output format. */
#ifndef JBK_SEARCH_HIT_H
#define JBK_SEARCH_HIT_H

#include "index.h"
#include "out_row.h"

typedef struct {
    int field;         /* -1: an extra, or the number of copies */
    const char *extra; /* its name without "x."; NULL: the number of copies */
    const char *name;  /* heading */
} jbk_column;
typedef JBK_VEC(jbk_column) jbk_columns;

/* "id,title,x.ip"; NULL: the exported fields of the field table.  The spec must outlive the
 * columns, whose names may point into it; it is cut at the commas. */
JBK_MUST_CHECK jbk_status jbk_columns_parse(char *spec, jbk_columns *out, jbk_err *err);

/* How many copies a document stands for; no field, for it depends on the query. */
extern const jbk_column jbk_column_copies;

typedef struct {
    uint32_t doc;
    uint64_t copies;   /* that it stands for */
    jbk_record record; /* strings live in the index's reader: one hit at a time */
} jbk_hit;

JBK_MUST_CHECK jbk_status jbk_hit_load(jbk_index *x, uint32_t doc, jbk_hit *hit, jbk_err *err);
void jbk_hit_free(jbk_hit *hit);

/* Replace *out with the cell as text; empty where absent.  Columns win over the record: they
 * hold what was observed last. */
JBK_MUST_CHECK jbk_status jbk_hit_cell(jbk_index *x, const jbk_hit *hit, const jbk_column *column,
                                       jbk_buf *out, jbk_err *err);
/* True for fields whose cells are numbers (counts that are exact). */
bool jbk_column_is_count(const jbk_column *c);
/* What its cells are in a table. */
jbk_cell_kind jbk_column_kind_of(const jbk_column *c);

#endif
