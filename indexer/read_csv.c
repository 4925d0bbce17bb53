/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tables with a header: CSV, TSV, and what spreadsheets make of them: a byte order mark, a first
 * line `sep=;`, semicolons, \r\n and \r.
 *
 * A quote that is never closed would swallow the rows after it.  So where a row that spans lines
 * turns out broken, or to be made of lines that are rows, its first line alone is refused, and the
 * others are read again. */
#include "base/intern.h"
#include "base/utf8.h"
#include "csv_row.h"
#include "maps.h"
#include "readers.h"

#include <stdlib.h>

typedef struct {
    jbk_source *source;
    bool tabs;     /* then a row whose quotes do not fit has none */
    uint64_t line; /* lines that have begun */
    bool dead;     /* the header cannot be read, so nothing can */
    jbk_buf again; /* bytes to be read again before the feed's, from `again_at` */
    size_t again_at;
    uint64_t again_offset; /* of again.data[again_at] */
    uint64_t reread;       /* bytes that were read again, all in all */
} table;

/* Rows made to be read again and again must not take for ever. */
static bool may_reread(const table *t, const jbk_feed *in) {
    return t->reread < (uint64_t)16 * JBK_ITEM_MAX + 4 * jbk_feed_offset(in);
}

static const char *peek(table *t, jbk_feed *in, size_t *len) {
    if (t->again_at == t->again.len) return jbk_feed_peek(in, len);
    *len = t->again.len - t->again_at;
    return t->again.data + t->again_at;
}

static void take(table *t, jbk_feed *in, size_t n) {
    if (t->again_at == t->again.len) {
        jbk_feed_take(in, n);
    } else {
        t->again_at += n;
        t->again_offset += n;
    }
}

static uint64_t offset(const table *t, const jbk_feed *in) {
    return t->again_at == t->again.len ? jbk_feed_offset(in) : t->again_offset;
}

static const char *line_end(const char *s, size_t len) {
    const char *lf = memchr(s, '\n', len);
    const char *cr = memchr(s, '\r', lf ? (size_t)(lf - s) : len);
    return cr ? cr : lf;
}

/* Take the line end that comes; "" at the end of the file. */
static const char *take_line_end(table *t, jbk_feed *in) {
    size_t len;
    const char *s = peek(t, in, &len);
    if (!s) return "";
    bool cr = *s == '\r';
    take(t, in, 1);
    s = cr ? peek(t, in, &len) : NULL;
    if (!s || *s != '\n') return cr ? "\r" : "\n";
    take(t, in, 1);
    return "\r\n";
}

/* Add one line to the growing item, moving *state on.  What ends it, which is taken but not
 * added; NULL where nothing is left. */
static const char *add_line(table *t, jbk_feed *in, jbk_items *out, jbk_csv_state *state) {
    size_t len;
    const char *s = peek(t, in, &len);
    if (!s) return NULL;
    t->line++;
    for (; s; s = peek(t, in, &len)) {
        const char *end = line_end(s, len);
        if (end) len = (size_t)(end - s);
        jbk_items_add(out, s, len);
        *state = jbk_csv_scan(*state, s, len, t->source->delimiter);
        take(t, in, len);
        if (end) break;
    }
    return take_line_end(t, in);
}

/* A row as it grows. */
typedef struct {
    uint64_t line, offset;
    size_t first_len, first_end; /* of its first line, without and with the line end */
    const char *end;             /* of its last line */
    size_t last;                 /* where that begins */
    jbk_csv_state state;
} row;

/* --- is it one row? --- */

/* What lies between the first line of a row and its last. */
typedef struct {
    size_t lines, rows; /* rows: lines that are rows by themselves */
} inside;

static inside look_inside(const table *t, const jbk_items *out, const row *r) {
    inside found = {0};
    size_t start = out->growing.start;
    const char *s = out->bytes.data + start + r->first_end,
               *end = out->bytes.data + start + r->last;
    while (s < end) {
        const char *stop = line_end(s, (size_t)(end - s));
        if (!stop) stop = end;
        size_t cells;
        found.lines++;
        found.rows += jbk_csv_count(s, (size_t)(stop - s), t->source->delimiter, &cells) &&
                      cells == t->source->ncolumns;
        s = stop + (stop < end && *stop == '\r' && stop + 1 < end && stop[1] == '\n') + 1;
    }
    return found;
}

/* A text may have lines that look like rows; hardly are nearly all of them rows. */
static bool took_rows_in(const table *t, const jbk_items *out, const row *r) {
    if (t->line == r->line || out->digest || t->source->ncolumns < 2) return false;
    const char *s = out->bytes.data + out->growing.start;
    size_t cells, least = 8;
    inside in = look_inside(t, out, r);
    if (r->state != JBK_CSV_QUOTED &&
        jbk_csv_count(s, out->bytes.len - out->growing.start, t->source->delimiter, &cells) &&
        cells != t->source->ncolumns)
        least = 1;
    return in.lines >= least && in.rows * 8 >= in.lines * 7;
}

/* Give all but the first line back. */
static void give_back(table *t, jbk_items *out, const row *r) {
    size_t start = out->growing.start + r->first_end, n = out->bytes.len - start;
    jbk_buf rest = {0};
    jbk_buf_add(&rest, out->bytes.data + start, n);
    jbk_buf_str(&rest, r->end);
    jbk_buf_add(&rest, t->again.data + t->again_at, t->again.len - t->again_at);
    jbk_buf_free(&t->again);
    t->again = rest;
    t->again_at = 0;
    t->again_offset = r->offset + r->first_end;
    t->reread += rest.len;
    t->line = r->line;
    out->bytes.len = out->growing.start + r->first_len;
}

/* Let one row grow at the end of `out`; false at the end of the file. */
static bool grow_row(table *t, jbk_feed *in, jbk_items *out, row *r) {
    *r = (row){.line = t->line + 1, .offset = offset(t, in), .state = JBK_CSV_CELL};
    jbk_items_begin(out, JBK_ITEM_ROW, r->line, r->offset);
    if (!(r->end = add_line(t, in, out, &r->state))) return jbk_items_drop(out), false;
    r->first_len = r->first_end = out->bytes.len - out->growing.start;
    r->first_end += strlen(r->end);
    bool looked = false;
    while (r->state == JBK_CSV_QUOTED && *r->end) {
        size_t len = out->bytes.len - out->growing.start;
        if (!looked && len > jbk_items_max(out) / 2 && may_reread(t, in)) {
            looked = true; /* while all of it is still there */
            if (took_rows_in(t, out, r)) break;
        }
        jbk_items_add(out, r->end, strlen(r->end));
        r->last = out->bytes.len - out->growing.start;
        const char *end = add_line(t, in, out, &r->state);
        r->end = end ? end : "";
    }
    return true;
}

static void end_broken(table *t, jbk_feed *in, jbk_items *out, const row *r) {
    bool took_rows = r->state != JBK_CSV_BROKEN && *r->end;
    if (!out->digest && t->line == r->line) out->bytes.len = out->growing.start + r->first_len;
    if (!out->digest && t->line > r->line && may_reread(t, in)) give_back(t, out, r);
    if (t->tabs && !out->digest && t->line == r->line) {
        out->growing.context = ""; /* a row without quotes */
        jbk_items_end(out);
    } else if (out->digest) {
        jbk_items_end(out);
    } else {
        jbk_items_refuse(out, JBK_REJ_CSV_SYNTAX,
                         took_rows                    ? "a quote is not closed before other rows"
                         : r->state == JBK_CSV_QUOTED ? "a quote is not closed"
                                                      : "something stands after a closing quote");
    }
}

static bool next_row(void *state, jbk_feed *in, jbk_items *out) {
    table *t = state;
    row r;
    if (t->dead) {
        jbk_items_begin(out, JBK_ITEM_ROW, t->line, jbk_feed_offset(in));
        size_t len;
        for (const char *s; (s = jbk_feed_peek(in, &len)); jbk_feed_take(in, len))
            jbk_items_add(out, s, len);
        jbk_items_refuse(out, JBK_REJ_CSV_SYNTAX, "the header of the table cannot be read");
        return false;
    }
    if (!grow_row(t, in, out, &r)) return false;
    bool broken = r.state == JBK_CSV_BROKEN || r.state == JBK_CSV_QUOTED;
    if (broken || (may_reread(t, in) && took_rows_in(t, out, &r)))
        end_broken(t, in, out, &r);
    else if (!out->digest && out->bytes.len == out->growing.start)
        jbk_items_drop(out);
    else
        jbk_items_end(out);
    return true;
}

/* --- the header --- */

/* The one of , ; tab and | that stands most often outside quotes in the first line. */
static char guess_delimiter(const char *s, size_t len) {
    static const char ONES[] = ",;\t|";
    size_t count[sizeof ONES - 1] = {0}, best = 0;
    bool quoted = false;
    for (size_t i = 0; i < len && (quoted || (s[i] != '\n' && s[i] != '\r')); i++) {
        if (s[i] == '"') quoted = !quoted;
        const char *one = quoted || !s[i] ? NULL : strchr(ONES, s[i]);
        if (one) count[one - ONES]++;
    }
    for (size_t i = 1; i < sizeof ONES - 1; i++)
        if (count[i] > count[best]) best = i;
    return ONES[best];
}

static jbk_cell trimmed(jbk_cell c) {
    while (c.len && (*c.s == ' ' || *c.s == '\t')) c.s++, c.len--;
    while (c.len && (c.s[c.len - 1] == ' ' || c.s[c.len - 1] == '\t')) c.len--;
    return c;
}

/* Names of columns so far, and of each the number by which the next of that name is told apart. */
typedef struct {
    jbk_intern taken;
    JBK_VEC(size_t) next;
} column_names;

/* A name for column `i`, unlike those before it, to which it is added. */
static const char *column_name(column_names *names, jbk_cell cell, size_t i, jbk_arena *arena) {
    jbk_buf b = {0};
    uint32_t number, first;
    cell = trimmed(cell);
    const char *nul = cell.len ? memchr(cell.s, '\0', cell.len) : NULL;
    if (nul) cell.len = (size_t)(nul - cell.s);
    jbk_utf8_repair(cell.s, cell.len, &b);
    if (!b.len) jbk_buf_printf(&b, "column %zu", i + 1);
    size_t plain = b.len;
    if (jbk_intern_find(&names->taken, b.data, b.len, &first)) {
        do {
            b.len = plain;
            jbk_buf_printf(&b, ".%zu", names->next.at[first]++);
        } while (jbk_intern_find(&names->taken, b.data, b.len, &number));
    }
    jbk_intern_add(&names->taken, b.data, b.len);
    jbk_vec_push(&names->next, 2);
    const char *name = jbk_arena_dup(arena, b.data, b.len);
    jbk_buf_free(&b);
    return name;
}

/* More than anybody has written, fewer than would take for ever. */
enum { COLUMNS_MAX = 10000 };

static bool set_columns(jbk_source *source, const char *s, size_t len, jbk_arena *arena) {
    jbk_cells cells = {0};
    column_names names = {0};
    jbk_csv_split(s, len, source->delimiter, true, arena, &cells);
    bool good = cells.n <= COLUMNS_MAX;
    if (good) {
        source->columns = jbk_arena_alloc(arena, cells.n * sizeof *source->columns);
        for (size_t i = 0; i < cells.n; i++)
            source->columns[i] = column_name(&names, cells.at[i], i, arena);
        source->ncolumns = cells.n;
    }
    jbk_intern_free(&names.taken);
    jbk_vec_free(&names.next);
    jbk_vec_free(&cells);
    return good;
}

static void read_header(table *t, jbk_feed *in, jbk_arena *arena) {
    jbk_items x = {0};
    row r;
    while (grow_row(t, in, &x, &r) && !x.digest && x.bytes.len == 0) jbk_items_drop(&x);
    t->dead = x.digest || r.state == JBK_CSV_BROKEN || r.state == JBK_CSV_QUOTED;
    if (!t->dead) t->dead = !set_columns(t->source, x.bytes.data, x.bytes.len, arena);
    jbk_items_drop(&x);
    jbk_items_free(&x);
}

static table *open_table(jbk_feed *in, jbk_source *source, jbk_arena *arena, char delimiter) {
    table *t = jbk_calloc(1, sizeof *t);
    size_t len;
    const char *head = jbk_feed_head(in, &len);
    if (len >= 3 && !memcmp(head, "\xEF\xBB\xBF", 3)) {
        jbk_feed_take(in, 3);
        head += 3, len -= 3;
    }
    if (len > 5 && !memcmp(head, "sep=", 4) && (head[5] == '\r' || head[5] == '\n')) {
        delimiter = head[4];
        jbk_feed_take(in, 5);
        take_line_end(t, in);
        t->line = 1;
    }
    t->source = source;
    source->delimiter = delimiter ? delimiter : guess_delimiter(head, len);
    t->tabs = source->delimiter == '\t';
    read_header(t, in, arena);
    return t;
}

static void *open_csv(jbk_feed *in, jbk_source *source, jbk_arena *arena) {
    return open_table(in, source, arena, 0);
}

static void *open_tsv(jbk_feed *in, jbk_source *source, jbk_arena *arena) {
    return open_table(in, source, arena, '\t');
}

static void close_table(void *state) {
    table *t = state;
    jbk_buf_free(&t->again);
    free(t);
}

/* --- recognising --- */

/* The first line's cells, and at least two of them, are columns that some mapping knows. */
static bool has_known_columns(const char *head, size_t len) {
    if (len >= 3 && !memcmp(head, "\xEF\xBB\xBF", 3)) head += 3, len -= 3;
    const char *end = line_end(head, len);
    if (!end) return false;
    jbk_arena arena = {0};
    jbk_cells cells = {0};
    jbk_csv_split(head, (size_t)(end - head), guess_delimiter(head, len), true, &arena, &cells);
    size_t known = 0;
    for (size_t i = 0; i < cells.n; i++) {
        jbk_cell c = trimmed(cells.at[i]);
        known += jbk_maps_know(c.s, c.len);
    }
    jbk_vec_free(&cells);
    jbk_arena_free(&arena);
    return known >= 2;
}

/* NULs in cells are kept; where names of columns are not known, they are a mark of other files. */
static bool looks_like_csv(const char *head, size_t len, const char *name) {
    if (has_known_columns(head, len)) return true;
    return jbk_name_ends(name, ".csv") && !memchr(head, '\0', len);
}

static bool looks_like_tsv(const char *head, size_t len, const char *name) {
    if (memchr(head, '\0', len)) return false;
    return jbk_name_ends(name, ".tsv") || jbk_name_ends(name, ".tab");
}

const jbk_input_format jbk_read_csv = {"csv",       open_csv,       next_row,
                                       close_table, looks_like_csv, false};
const jbk_input_format jbk_read_tsv = {"tsv",       open_tsv,       next_row,
                                       close_table, looks_like_tsv, false};
