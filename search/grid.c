/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "grid.h"

#include "base/safe.h"
#include "base/utf8.h"
#include "text/chars.h"

#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum {
    GAP = 2,         /* between columns */
    LABEL_MOST = 48, /* a longer label pushes its own line only */
    BAR_LEAST = 8
};

unsigned jbk_terminal_width(FILE *f) {
    struct winsize size;
    bool known = isatty(fileno(f)) && !ioctl(fileno(f), TIOCGWINSZ, &size) && size.ws_col > 0;
    return known ? size.ws_col : 80;
}

void jbk_grid_add(jbk_grid *g, const char *s, size_t len) {
    jbk_buf safe = {0};
    jbk_grid_cell cell = {0};
    jbk_safe_add(&safe, s, len);
    for (size_t i = 0; i < safe.len;)
        cell.width += (unsigned)jbk_cp_width(jbk_utf8_next(safe.data, safe.len, &i));
    cell.s = jbk_arena_dup(&g->arena, safe.data, safe.len);
    cell.len = safe.len;
    jbk_vec_push(&g->cells, cell);
    jbk_buf_free(&safe);
}

void jbk_grid_str(jbk_grid *g, const char *s) { jbk_grid_add(g, s, strlen(s)); }

void jbk_grid_number(jbk_grid *g, uint64_t n) {
    char text[24];
    jbk_grid_add(g, text, (size_t)snprintf(text, sizeof text, "%llu", (unsigned long long)n));
}

void jbk_grid_free(jbk_grid *g) {
    jbk_vec_free(&g->cells);
    jbk_vec_free(&g->bars);
    jbk_arena_free(&g->arena);
}

static unsigned *widths_of(const jbk_grid *g) {
    unsigned *widths = jbk_calloc(g->ncolumns, sizeof *widths);
    for (size_t i = 0; i < g->cells.n; i++) {
        unsigned w = g->cells.at[i].width, *most = &widths[i % g->ncolumns];
        if (i % g->ncolumns == 0 && w > LABEL_MOST) w = LABEL_MOST;
        if (w > *most) *most = w;
    }
    return widths;
}

static void blanks(jbk_buf *out, unsigned n) {
    while (n--) jbk_buf_byte(out, ' ');
}

/* Eighths of a block, the smallest for anything that is there at all. */
static void put_bar(jbk_buf *out, uint64_t n, uint64_t most, unsigned width) {
    uint64_t eighths = (uint64_t)((double)n / (double)most * width * 8 + 0.5);
    if (n && !eighths) eighths = 1;
    if (eighths) blanks(out, GAP);
    for (; eighths >= 8; eighths -= 8) jbk_utf8_put(out, 0x2588);
    if (eighths) jbk_utf8_put(out, 0x2590 - (uint32_t)eighths);
}

static uint64_t longest(const jbk_grid *g) {
    uint64_t most = 0;
    for (size_t i = 0; i < g->bars.n; i++)
        if (g->bars.at[i] > most) most = g->bars.at[i];
    return most;
}

/* Columns 0 and from..to; bars of that width, 0: none. */
static void put_part(const jbk_grid *g, const unsigned *widths, size_t from, size_t to,
                     unsigned bar, jbk_buf *out) {
    uint64_t most = longest(g);
    for (size_t row = 0; row * g->ncolumns < g->cells.n; row++) {
        const jbk_grid_cell *cells = &g->cells.at[row * g->ncolumns];
        jbk_buf_add(out, cells->s, cells->len);
        if (cells->width < widths[0]) blanks(out, widths[0] - cells->width);
        for (size_t i = from; i < to; i++) {
            blanks(out, GAP + widths[i] - cells[i].width);
            jbk_buf_add(out, cells[i].s, cells[i].len);
        }
        if (bar && most && row < g->bars.n) put_bar(out, g->bars.at[row], most, bar);
        jbk_buf_byte(out, '\n');
    }
}

void jbk_grid_put(const jbk_grid *g, unsigned width, jbk_buf *out) {
    unsigned *widths = widths_of(g);
    for (size_t from = 1; from < g->ncolumns;) {
        size_t to = from + 1;
        unsigned used = widths[0] + GAP + widths[from];
        for (; to < g->ncolumns && used + GAP + widths[to] <= width; to++) used += GAP + widths[to];
        unsigned bar = to == g->ncolumns && from == 1 && used + GAP + BAR_LEAST <= width
                           ? width - used - GAP
                           : 0;
        if (from > 1) jbk_buf_byte(out, '\n');
        put_part(g, widths, from, to, bar, out);
        from = to;
    }
    free(widths);
}
