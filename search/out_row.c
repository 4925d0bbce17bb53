/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "out_row.h"

#include "base/utf8.h"
#include "out_json.h"

#include <csv.h>
#include <stdlib.h>

void jbk_csv_put(jbk_buf *line, const char *s, size_t len) {
    if (!len || !memchr(s, '"', len)) { /* nearly all cells; csv_write goes byte by byte */
        jbk_buf_byte(line, '"');
        jbk_buf_add(line, s, len);
        jbk_buf_byte(line, '"');
        return;
    }
    jbk_buf_reserve(line, len * 2 + 2);
    line->len += csv_write(line->data + line->len, line->cap - line->len, s, len);
}

void jbk_tsv_put(jbk_buf *line, const char *s, size_t len) {
    static const char NAMES[] = {['\t'] = 't', ['\n'] = 'n', ['\r'] = 'r', ['\0'] = '0'};
    for (size_t i = 0, from = 0; i <= len; i++) {
        bool special = i < len && (s[i] == '\\' || s[i] == '\t' || s[i] == '\n' || s[i] == '\r' ||
                                   s[i] == '\0');
        if (i < len && !special) continue;
        jbk_buf_add(line, s + from, i - from);
        from = i + 1;
        if (i == len) break;
        jbk_buf_byte(line, '\\');
        jbk_buf_byte(line, s[i] == '\\' ? '\\' : NAMES[(unsigned char)s[i]]);
    }
}

/* --- Excel --- */

static size_t digits(const char *s, size_t len) {
    size_t n = 0;
    while (n < len && s[n] >= '0' && s[n] <= '9') n++;
    return n;
}

/* "-5", "+1.5e3": harmless, and wanted as a number. */
static bool is_number(const char *s, size_t len) {
    size_t i = len && (*s == '+' || *s == '-'), whole = digits(s + i, len - i), part = 0;
    i += whole;
    if (i < len && s[i] == '.') {
        part = digits(s + i + 1, len - i - 1);
        i += 1 + part;
    }
    if (!whole && !part) return false;
    if (i < len && (s[i] == 'e' || s[i] == 'E')) {
        i++;
        if (i < len && (s[i] == '+' || s[i] == '-')) i++;
        size_t power = digits(s + i, len - i);
        if (!power) return false;
        i += power;
    }
    return i == len;
}

bool jbk_excel_guards(jbk_cell_kind kind, const char *s, size_t len) {
    if (!len || kind == JBK_CELL_NUMBER) return false;
    if (memchr("=+-@\t\r", *s, 6)) return !is_number(s, len);
    return kind == JBK_CELL_KEY && len > 15 && digits(s, len) == len;
}

size_t jbk_excel_length(const char *s, size_t len) {
    size_t n = 0;
    for (size_t i = 0; i < len; i++)
        n += (size_t)jbk_utf8_is_start(s[i]) + ((unsigned char)s[i] >= 0xF0);
    return n;
}

/* --- rows --- */

static void put_heads(const jbk_row_cell *cells, size_t n, char comma, const char *end,
                      jbk_buf *out) {
    for (size_t i = 0; i < n; i++) {
        if (i) jbk_buf_byte(out, comma);
        jbk_buf_str(out, cells[i].name);
    }
    jbk_buf_str(out, end);
}

static void csv_head(const jbk_row_cell *cells, size_t n, bool excel, jbk_buf *out) {
    if (excel) jbk_buf_str(out, JBK_BOM);
    put_heads(cells, n, ',', "\r\n", out);
}

static void tsv_head(const jbk_row_cell *cells, size_t n, bool excel, jbk_buf *out) {
    if (excel) jbk_buf_str(out, JBK_BOM);
    put_heads(cells, n, '\t', "\n", out);
}

static void csv_cell(const jbk_row_cell *c, bool excel, jbk_buf *out) {
    if (!c->value.len) return;
    if (c->kind == JBK_CELL_NUMBER) {
        jbk_buf_add(out, c->value.s, c->value.len);
    } else if (excel && jbk_excel_guards(c->kind, c->value.s, c->value.len)) {
        jbk_buf guarded = {0};
        jbk_buf_byte(&guarded, '\'');
        jbk_buf_add(&guarded, c->value.s, c->value.len);
        jbk_csv_put(out, guarded.data, guarded.len);
        jbk_buf_free(&guarded);
    } else {
        jbk_csv_put(out, c->value.s, c->value.len);
    }
}

static void csv_row(const jbk_row_cell *cells, size_t n, bool excel, jbk_buf *out) {
    for (size_t i = 0; i < n; i++) {
        if (i) jbk_buf_byte(out, ',');
        csv_cell(&cells[i], excel, out);
    }
    jbk_buf_str(out, "\r\n");
}

static void tsv_row(const jbk_row_cell *cells, size_t n, bool excel, jbk_buf *out) {
    for (size_t i = 0; i < n; i++) {
        jbk_str s = cells[i].value;
        if (i) jbk_buf_byte(out, '\t');
        if (excel && jbk_excel_guards(cells[i].kind, s.s, s.len)) jbk_buf_byte(out, '\'');
        jbk_tsv_put(out, s.s, s.len);
    }
    jbk_buf_byte(out, '\n');
}

static void no_head(const jbk_row_cell *cells, size_t n, bool excel, jbk_buf *out) {
    (void)cells;
    (void)n;
    (void)excel;
    (void)out;
}

static json_t *json_value(const jbk_row_cell *c) {
    if (c->kind != JBK_CELL_NUMBER || c->value.s[c->value.len - 1] == '+')
        return jbk_json_str(c->value.s, c->value.len);
    char text[24] = {0};
    memcpy(text, c->value.s, c->value.len < sizeof text ? c->value.len : sizeof text - 1);
    return json_integer(strtoll(text, NULL, 10));
}

static void json_row(const jbk_row_cell *cells, size_t n, bool excel, jbk_buf *out) {
    (void)excel;
    json_t *o = json_object();
    for (size_t i = 0; i < n; i++)
        if (cells[i].value.s && (cells[i].value.len || cells[i].kind == JBK_CELL_TEXT))
            json_object_set_new(o, cells[i].name, json_value(&cells[i]));
    jbk_json_put(out, o);
    jbk_buf_byte(out, '\n');
}

const jbk_row_format *jbk_row_format_find(const char *name) {
    static const jbk_row_format ALL[] = {
        {"csv", csv_head, csv_row}, {"tsv", tsv_head, tsv_row}, {"jsonl", no_head, json_row}};
    for (size_t i = 0; i < sizeof ALL / sizeof *ALL; i++)
        if (!strcmp(ALL[i].name, name)) return &ALL[i];
    return NULL;
}
