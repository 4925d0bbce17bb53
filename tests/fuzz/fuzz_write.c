/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rows of any cells, as CSV, TSV and JSON lines: readers that share nothing with the writers get
 * the same cells.  And what is written for people never moves the cursor. */
#include "fuzz.h"

#include "base/safe.h"
#include "base/utf8.h"
#include "csv_row.h"
#include "out_row.h"

#include <jansson.h>
#include <stdlib.h>

enum { CELLS = 8 };

typedef struct {
    size_t n;
    jbk_row_cell at[CELLS];
} row;

static const char *const NAMES[CELLS] = {"a", "b", "c", "d", "e", "f", "g", "h"};

static row read_row(fuzz_bytes *in) {
    row r = {.n = 1 + fuzz_byte(in) % CELLS};
    for (size_t i = 0; i < r.n; i++) {
        r.at[i].name = NAMES[i];
        r.at[i].kind = (jbk_cell_kind)(fuzz_byte(in) % 2);
        r.at[i].value.s = fuzz_string(in, &r.at[i].value.len);
    }
    return r;
}

static void check_cell(const row *r, size_t i, const char *s, size_t len) {
    fuzz_check(i < r->n);
    fuzz_check(len == r->at[i].value.len);
    fuzz_check(!len || !memcmp(s, r->at[i].value.s, len));
}

/* --- a reader of RFC 4180, a character at a time --- */

static void check_csv(const row *r, const jbk_buf *line) {
    jbk_buf cell = {0};
    size_t cells = 0, i = 0;
    fuzz_check(line->len >= 2 && !memcmp(line->data + line->len - 2, "\r\n", 2));
    size_t end = line->len - 2;
    for (bool more = true; more; i++) {
        cell.len = 0;
        if (i < end && line->data[i] == '"') {
            for (i++;; i++) {
                fuzz_check(i < end);
                if (line->data[i] != '"')
                    jbk_buf_byte(&cell, line->data[i]);
                else if (i + 1 < end && line->data[i + 1] == '"')
                    jbk_buf_byte(&cell, line->data[i++]);
                else
                    break;
            }
            i++;
        }
        for (; i < end && line->data[i] != ','; i++) {
            fuzz_check(!strchr("\"\r\n", line->data[i]) || !line->data[i]);
            jbk_buf_byte(&cell, line->data[i]);
        }
        check_cell(r, cells++, cell.data, cell.len);
        more = i < end;
    }
    fuzz_check(cells == r->n);
    jbk_buf_free(&cell);
}

static void check_own_csv(const row *r, const jbk_buf *line) {
    jbk_arena arena = {0};
    jbk_cells cells = {0};
    jbk_csv_split(line->data, line->len - 2, ',', true, &arena, &cells);
    fuzz_check(cells.n == r->n);
    for (size_t i = 0; i < cells.n; i++) check_cell(r, i, cells.at[i].s, cells.at[i].len);
    jbk_vec_free(&cells);
    jbk_arena_free(&arena);
}

static void check_tsv(const row *r, const jbk_buf *line) {
    jbk_buf cell = {0};
    size_t cells = 0;
    for (size_t i = 0; i < line->len; i++) {
        char c = line->data[i];
        fuzz_check(c && c != '\r');
        if (c == '\t' || c == '\n') {
            fuzz_check((c == '\n') == (i + 1 == line->len));
            check_cell(r, cells++, cell.data, cell.len);
            cell.len = 0;
            continue;
        }
        if (c == '\\') {
            fuzz_check(i + 1 < line->len);
            static const char FROM[] = "tnr0\\", TO[] = "\t\n\r\0\\";
            const char *p = strchr(FROM, line->data[++i]);
            fuzz_check(p && *p);
            c = TO[p - FROM];
        }
        jbk_buf_byte(&cell, c);
    }
    fuzz_check(cells == r->n);
    jbk_buf_free(&cell);
}

static void check_json(const row *r, const jbk_buf *line) {
    json_error_t why;
    json_t *object = json_loadb(line->data, line->len, JSON_ALLOW_NUL, &why);
    fuzz_check(object);
    for (size_t i = 0; i < r->n; i++) {
        const json_t *v = json_object_get(object, NAMES[i]);
        if (r->at[i].value.len)
            check_cell(r, i, json_string_value(v), json_string_length(v));
        else
            fuzz_check(!json_string_length(v));
    }
    fuzz_check(memchr(line->data, '\n', line->len) == line->data + line->len - 1);
    json_decref(object);
}

static void check_row(const row *r, const char *format,
                      void (*check)(const row *r, const jbk_buf *line)) {
    jbk_buf line = {0};
    jbk_row_format_find(format)->row(r->at, r->n, false, &line);
    check(r, &line);
    line.len = 0;
    jbk_row_format_find(format)->row(r->at, r->n, true, &line); /* for Excel */
    jbk_buf_free(&line);
}

/* JSON holds UTF-8 alone. */
static void as_utf8(const row *r, jbk_arena *arena, row *out) {
    *out = *r;
    for (size_t i = 0; i < r->n; i++) {
        jbk_buf b = {0};
        jbk_utf8_repair(r->at[i].value.s, r->at[i].value.len, &b);
        out->at[i].value = (jbk_str){jbk_arena_dup(arena, b.data, b.len), b.len};
        jbk_buf_free(&b);
    }
}

/* --- for people --- */

static bool unsafe(uint32_t c) {
    return c < 0x20 || (c >= 0x7F && c < 0xA0) || c == 0x061C || c == 0x200E || c == 0x200F ||
           (c >= 0x2028 && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069) ||
           (c >= 0xFFF9 && c <= 0xFFFB) || (c >= 0xE0000 && c <= 0xE007F);
}

static void check_safe(const char *s, size_t len) {
    jbk_buf plain = {0}, column = {0};
    jbk_safe_add(&plain, s, len);
    jbk_safe_add_isolated(&column, s, len);
    fuzz_check(!jbk_utf8_count_bad(plain.data, plain.len));
    for (size_t i = 0; i < plain.len;)
        fuzz_check(!unsafe(jbk_utf8_next(plain.data, plain.len, &i)));
    size_t opened = 0, closed = 0;
    for (size_t i = 0; i < column.len;) {
        size_t at = i;
        uint32_t c = jbk_utf8_next(column.data, column.len, &i);
        fuzz_check(c != 0x2068 || (at == 0 && !opened++));
        fuzz_check(c != 0x2069 || (i == column.len && !closed++));
        fuzz_check(c == 0x2068 || c == 0x2069 || !unsafe(c));
    }
    fuzz_check(opened == closed);
    fuzz_check(column.len - 3 * (opened + closed) == plain.len);
    jbk_buf_free(&plain);
    jbk_buf_free(&column);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    fuzz_bytes in = {data, data + size};
    jbk_arena arena = {0};
    check_safe((const char *)data, size);
    row utf8, r = read_row(&in);
    check_row(&r, "csv", check_csv);
    check_row(&r, "csv", check_own_csv);
    check_row(&r, "tsv", check_tsv);
    as_utf8(&r, &arena, &utf8);
    check_row(&utf8, "jsonl", check_json);
    jbk_arena_free(&arena);
    return 0;
}
