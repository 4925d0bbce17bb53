/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Frequency tables: the documents of a match set by the bins of one field or of two, with what
 * is asked of each cell.  Every table also has its margins and its total, which count a
 * document once even where a set puts it into several cells. */
#ifndef JBK_SEARCH_TABLE_H
#define JBK_SEARCH_TABLE_H

#include "axis.h"
#include "measure.h"

/* A count field of which statistics are wanted. */
typedef struct {
    jbk_field_id field;
    bool wanted[JBK_STATS];
} jbk_measured;

typedef struct {
    uint32_t bin[2]; /* JBK_BIN_ANY: all of them; with one axis the second always */
    uint64_t documents;
    /* Of the same cell over all living documents, for --per-million. */
    uint64_t index_documents;
    jbk_u128 index_words;
} jbk_cell;

typedef struct {
    jbk_axis axis[2];
    size_t naxes; /* 1 or 2 */
    JBK_VEC(jbk_measured) measured;
    bool per_million;
    JBK_VEC(jbk_cell) cells;       /* the first is the total */
    JBK_VEC(jbk_measure) measures; /* measured.n for each cell */
    /* Where cells stand: margins by bin, inner cells of two axes by both; 0 is none. */
    JBK_VEC(uint32_t) margin[2];
    jbk_intern pairs;
    JBK_VEC(uint32_t) pair_cells;
} jbk_table;

/* Set axis and naxes, and what is measured, from the options' text. */
JBK_MUST_CHECK jbk_status jbk_table_by(jbk_table *t, const char *spec, jbk_err *err);
JBK_MUST_CHECK jbk_status jbk_table_stat(jbk_table *t, const char *spec, jbk_err *err);
void jbk_table_free(jbk_table *t);

/* Once for each table. */
JBK_MUST_CHECK jbk_status jbk_table_count(jbk_index *x, const roaring_bitmap_t *set, jbk_table *t,
                                          jbk_err *err);

/* The cell, which may have no documents; NULL where none was met. */
const jbk_cell *jbk_table_cell(const jbk_table *t, uint32_t bin, uint32_t other);
/* Its values of measured field m; never NULL for a cell of the table. */
const jbk_measure *jbk_table_measure(const jbk_table *t, const jbk_cell *cell, size_t m);

/* The bins of axis i that hold documents, in the order they are shown: times by time, others by
 * documents (most first), then by value; the missing last.  Where `gaps`, the empty bins between
 * the first and the last of the axis' unit are added, unless that makes more than
 * JBK_BINS_MOST: then *gaps becomes false. */
typedef JBK_VEC(uint32_t) jbk_bins;
#define JBK_BINS_MOST 20000
void jbk_table_bins(jbk_table *t, size_t i, bool *gaps, jbk_bins *out);
/* Of two axes, whose bins stand in this order: the inner cells that hold documents, row by row. */
typedef JBK_VEC(const jbk_cell *) jbk_cell_list;
void jbk_table_inner(const jbk_table *t, const jbk_bins bins[2], jbk_cell_list *out);

#endif
