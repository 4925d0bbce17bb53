/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rows of tables as RFC 4180 and spreadsheets write them.  Ours, and not libcsv's, because a row
 * must be found in the bytes as they are, and because libcsv either refuses a quote inside a cell
 * or takes two rows for one where a closing quote is missing. */
#ifndef JBK_INDEXER_CSV_ROW_H
#define JBK_INDEXER_CSV_ROW_H

#include "base/mem.h"

#include <stdbool.h>
#include <stdint.h>

typedef enum {
    JBK_CSV_CELL,   /* a cell is about to begin */
    JBK_CSV_BARE,   /* inside one without quotes, where a quote is a character */
    JBK_CSV_QUOTED, /* inside quotes, where line ends are characters */
    JBK_CSV_CLOSED, /* after a quote that closes, or begins "" */
    JBK_CSV_BROKEN  /* something else stood after the closing quote */
} jbk_csv_state;

/* The state after `s`, a part of a row without its line end. */
jbk_csv_state jbk_csv_scan(jbk_csv_state state, const char *s, size_t len, char delimiter);

/* The number of cells of a whole row, without its line end; false where its quotes do not fit. */
bool jbk_csv_count(const char *row, size_t len, char delimiter, size_t *cells);

typedef struct {
    const char *s;
    size_t len;
} jbk_cell;
typedef JBK_VEC(jbk_cell) jbk_cells;

/* The cells of a whole row, without its line end.  Not `quotes`: a quote is a character
 * everywhere.  Cells point into the row or into the arena. */
void jbk_csv_split(const char *row, size_t len, char delimiter, bool quotes, jbk_arena *arena,
                   jbk_cells *out);

#endif
