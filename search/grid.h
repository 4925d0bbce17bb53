/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rows and columns for people, aligned by the columns a terminal gives to each character. */
#ifndef JBK_SEARCH_GRID_H
#define JBK_SEARCH_GRID_H

#include "base/mem.h"

#include <stdio.h>

typedef struct {
    const char *s;
    size_t len;
    unsigned width;
} jbk_grid_cell;

/* Set ncolumns, then add cells row by row; the first row is the heading.  The first column
 * stands to the left, the others to the right. */
typedef struct {
    size_t ncolumns;
    JBK_VEC(jbk_grid_cell) cells;
    JBK_VEC(uint64_t) bars; /* of the rows, heading included; none at all: no bars */
    jbk_arena arena;
} jbk_grid;

/* The next cell; what could harm a terminal is taken out. */
void jbk_grid_add(jbk_grid *g, const char *s, size_t len);
void jbk_grid_str(jbk_grid *g, const char *s);
void jbk_grid_number(jbk_grid *g, uint64_t n);

/* Append the grid.  One that is wider than `width` comes in several parts, each with the first
 * column; bars fill what is left of the width. */
void jbk_grid_put(const jbk_grid *g, unsigned width, jbk_buf *out);
void jbk_grid_free(jbk_grid *g);

/* Columns of the terminal that f is, else 80. */
unsigned jbk_terminal_width(FILE *f);

#endif
