/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is said of each cell of a table, the same for every output format. */
#ifndef JBK_SEARCH_FIGURE_H
#define JBK_SEARCH_FIGURE_H

#include "table.h"

typedef enum {
    JBK_FIGURE_DOCUMENTS,
    JBK_FIGURE_SHARE, /* of the documents found, in percent */
    JBK_FIGURE_STAT,
    JBK_FIGURE_ABSENT, /* documents without a value, of which no statistic knows */
    JBK_FIGURE_BOUNDS, /* values that are lower bounds */
    JBK_FIGURE_PER_MILLION_DOCUMENTS,
    JBK_FIGURE_PER_MILLION_WORDS
} jbk_figure_kind;

typedef struct {
    jbk_figure_kind kind;
    size_t measured; /* STAT, ABSENT, BOUNDS: which field of the table's */
    jbk_stat_kind stat;
    char *name;    /* in CSV and JSON: "views_mean" */
    char *heading; /* for people */
} jbk_figure;
typedef JBK_VEC(jbk_figure) jbk_figures;

void jbk_figures_of(const jbk_table *t, jbk_figures *out);
void jbk_figures_free(jbk_figures *f);

/* Replace *out with a number; empty where there is none: a mean of nothing, a millionth of
 * nothing.  NULL is a cell without documents.  Where `rounded`, as many decimals in every cell,
 * else six without zeros at the end. */
void jbk_figure_put(const jbk_table *t, const jbk_cell *cell, const jbk_figure *f, bool rounded,
                    jbk_buf *out);

#endif
