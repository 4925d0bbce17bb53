/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A row of named cells in the formats for programs: CSV, TSV, JSON lines. */
#ifndef JBK_SEARCH_OUT_ROW_H
#define JBK_SEARCH_OUT_ROW_H

#include "base/mem.h"
#include "store/record.h"

typedef enum {
    JBK_CELL_TEXT,
    JBK_CELL_KEY,   /* a name or an id: --excel guards long numbers among them */
    JBK_CELL_NUMBER /* digits, perhaps with a + behind them */
} jbk_cell_kind;

typedef struct {
    const char *name;
    jbk_str value; /* empty: absent */
    jbk_cell_kind kind;
} jbk_row_cell;

typedef struct {
    const char *name;
    void (*head)(const jbk_row_cell *cells, size_t n, bool excel, jbk_buf *out);
    void (*row)(const jbk_row_cell *cells, size_t n, bool excel, jbk_buf *out);
} jbk_row_format;

const jbk_row_format *jbk_row_format_find(const char *name); /* NULL if there is none */

/* --- cells of the formats --- */

void jbk_csv_put(jbk_buf *line, const char *s, size_t len);
/* Tabs, line ends, NULs and backslashes as \t \n \r \0 \\, so that a row is a line. */
void jbk_tsv_put(jbk_buf *line, const char *s, size_t len);

/* Excel takes a cell that begins with = + - @, a tab or a carriage return for a formula, and keeps
 * 15 digits of a number.  True where an apostrophe must stand before such a cell. */
bool jbk_excel_guards(jbk_cell_kind kind, const char *s, size_t len);
#define JBK_BOM "\xEF\xBB\xBF" /* by which Excel knows UTF-8 */
enum { JBK_EXCEL_CHARACTERS = 32767, JBK_EXCEL_ROWS = 1048576 };
/* UTF-16 units of s, which is what Excel counts as characters. */
size_t jbk_excel_length(const char *s, size_t len);

#endif
