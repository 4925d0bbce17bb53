/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sheet.h"

#include "grid.h"
#include "out_json.h"
#include "out_row.h"

#include <stdlib.h>

void jbk_sheet_column(jbk_sheet *s, const char *name, const char *head) {
    s->names[s->ncolumns] = name;
    s->heads[s->ncolumns++] = head;
}

void jbk_sheet_cell(jbk_sheet *s, const char *text, size_t len) {
    jbk_str cell = {len ? jbk_arena_dup(&s->arena, text, len) : NULL, len};
    jbk_vec_push(&s->cells, cell);
}

void jbk_sheet_number(jbk_sheet *s, uint64_t n) {
    jbk_buf b = {0};
    jbk_put_ratio(&b, n, 1, 0, false);
    jbk_sheet_cell(s, b.data, b.len);
    jbk_buf_free(&b);
}

void jbk_sheet_free(jbk_sheet *s) {
    jbk_vec_free(&s->cells);
    jbk_arena_free(&s->arena);
}

static size_t next_column(const jbk_sheet *s, size_t column) {
    return column + 1 < s->ncolumns ? column + 1 : 0;
}

void jbk_sheet_put_text(jbk_table_job *job, const jbk_sheet *s) {
    jbk_grid g = {.ncolumns = s->ncolumns};
    for (size_t i = 0; i < s->ncolumns; i++) jbk_grid_str(&g, s->heads[i]);
    for (size_t i = 0, column = 0; i < s->cells.n; i++, column = next_column(s, column)) {
        if (s->cells.at[i].len)
            jbk_grid_add(&g, s->cells.at[i].s, s->cells.at[i].len);
        else
            jbk_grid_str(&g, column ? "-" : "(none)");
    }
    jbk_grid_put(&g, jbk_terminal_width(job->writer.file), &job->line);
    jbk_grid_free(&g);
}

jbk_status jbk_sheet_put_csv(jbk_table_job *job, const jbk_sheet *s, jbk_err *err) {
    jbk_status status = JBK_OK;
    for (size_t i = 0; i < s->ncolumns; i++) {
        if (i) jbk_buf_byte(&job->line, ',');
        jbk_csv_put(&job->line, s->names[i], strlen(s->names[i]));
    }
    jbk_buf_str(&job->line, "\r\n");
    for (size_t i = 0, column = 0; i < s->cells.n && !status;
         i++, column = next_column(s, column)) {
        jbk_str cell = s->cells.at[i];
        if (column)
            jbk_buf_add(&job->line, cell.s, cell.len);
        else if (cell.len)
            jbk_csv_put(&job->line, cell.s, cell.len);
        jbk_buf_str(&job->line, next_column(s, column) ? "," : "\r\n");
        status = jbk_table_flush(job, err);
    }
    return status;
}

static json_t *cell_value(jbk_str cell, bool number) {
    if (!cell.len) return json_null();
    if (!number) return jbk_json_str(cell.s, cell.len);
    json_t *v = json_loadb(cell.s, cell.len, JSON_DECODE_ANY, NULL);
    return v ? v : jbk_json_str(cell.s, cell.len);
}

jbk_status jbk_sheet_put_json(jbk_table_job *job, const jbk_sheet *s, const char *name,
                              const char *more, jbk_err *err) {
    jbk_status status = JBK_OK;
    jbk_buf_str(&job->line, "{\"query\":");
    jbk_json_put(&job->line, jbk_json_str(job->query, strlen(job->query)));
    jbk_buf_printf(&job->line, ",\"total\":%llu,\"undecided\":%llu,\"%s\":[",
                   (unsigned long long)job->total, (unsigned long long)job->undecided, name);
    for (size_t i = 0; i < s->cells.n && !status; i += s->ncolumns) {
        json_t *o = json_object();
        for (size_t k = 0; k < s->ncolumns; k++)
            json_object_set_new(o, s->names[k], cell_value(s->cells.at[i + k], k > 0));
        jbk_buf_str(&job->line, i ? ",\n" : "\n");
        jbk_json_put(&job->line, o);
        status = jbk_table_flush(job, err);
    }
    jbk_buf_printf(&job->line, "]%s,\"as_of\":", more);
    jbk_json_put(&job->line, jbk_json_as_of(job->as_of));
    jbk_buf_str(&job->line, ",\"index\":");
    jbk_json_put(&job->line, jbk_json_index(job->index));
    jbk_buf_str(&job->line, "}\n");
    return status;
}
