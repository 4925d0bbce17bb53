/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "csv_row.h"

jbk_csv_state jbk_csv_scan(jbk_csv_state state, const char *s, size_t len, char delimiter) {
    for (size_t i = 0; i < len && state != JBK_CSV_BROKEN; i++) {
        if (state == JBK_CSV_QUOTED) {
            const char *quote = memchr(s + i, '"', len - i);
            if (!quote) return state;
            i = (size_t)(quote - s);
            state = JBK_CSV_CLOSED;
        } else if (s[i] == delimiter) {
            state = JBK_CSV_CELL;
        } else if (state == JBK_CSV_CLOSED) {
            state = s[i] == '"' ? JBK_CSV_QUOTED : JBK_CSV_BROKEN;
        } else if (state == JBK_CSV_CELL) {
            state = s[i] == '"' ? JBK_CSV_QUOTED : JBK_CSV_BARE;
        }
    }
    return state;
}

/* The cell that begins with the quote at row[*at]; *at moves behind it. */
static jbk_cell quoted_cell(const char *row, size_t len, size_t *at, jbk_arena *arena) {
    size_t i = *at + 1, n = 0;
    char *cell = jbk_arena_alloc(arena, len - i + 1);
    for (; i < len; i++) {
        if (row[i] == '"' && (++i == len || row[i] != '"')) break;
        cell[n++] = row[i];
    }
    *at = i;
    return (jbk_cell){cell, n};
}

void jbk_csv_split(const char *row, size_t len, char delimiter, bool quotes, jbk_arena *arena,
                   jbk_cells *out) {
    out->n = 0;
    for (size_t at = 0;; at++) {
        jbk_cell cell = {row + at, 0};
        if (quotes && at < len && row[at] == '"') {
            cell = quoted_cell(row, len, &at, arena);
        } else {
            const char *end = at < len ? memchr(row + at, delimiter, len - at) : NULL;
            cell.len = end ? (size_t)(end - row) - at : len - at;
            at += cell.len;
        }
        jbk_vec_push(out, cell);
        if (at >= len) return;
    }
}
