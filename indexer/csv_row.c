/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "csv_row.h"

#include <string.h>

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

bool jbk_csv_count(const char *row, size_t len, char delimiter, size_t *cells) {
    jbk_csv_state state = JBK_CSV_CELL;
    size_t from = 0;
    *cells = 1;
    for (const char *p = row; state != JBK_CSV_BROKEN; p++) {
        p = memchr(p, delimiter, len - (size_t)(p - row));
        size_t at = p ? (size_t)(p - row) : len;
        state = jbk_csv_scan(state, row + from, at - from, delimiter);
        if (!p) break;
        from = at; /* still in quotes: the delimiter is a character */
        if (state == JBK_CSV_QUOTED || state == JBK_CSV_BROKEN) continue;
        state = JBK_CSV_CELL;
        from = at + 1;
        ++*cells;
    }
    return state != JBK_CSV_QUOTED && state != JBK_CSV_BROKEN;
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
