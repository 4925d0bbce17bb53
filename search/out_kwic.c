/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "out_kwic.h"

#include "base/safe.h"
#include "base/utf8.h"
#include "out_json.h"
#include "text/chars.h"

#include <stdlib.h>

/* A line of the concordance with what stands in it; strings live until the next one. */
typedef struct {
    const jbk_kwic_line *line;
    jbk_hit hit;
    jbk_str left, node, right;
} loaded;

static jbk_status load(jbk_kwic_job *job, const jbk_kwic_line *line, loaded *out, jbk_err *err) {
    jbk_status status = jbk_hit_load(job->index, line->doc, &out->hit, err);
    if (status) return status;
    jbk_str s = out->hit.record.field[line->in_text ? JBK_F_TEXT : JBK_F_TITLE];
    size_t left, right;
    status = jbk_context_around(&job->context, (uint64_t)line->doc << 1 | line->in_text, s,
                                line->start, line->end, &left, &right, err);
    if (status) return status;
    out->line = line;
    out->left = (jbk_str){s.s + left, line->start - left};
    out->node = (jbk_str){s.s + line->start, line->end - line->start};
    out->right = (jbk_str){s.s + line->end, right - line->end};
    return JBK_OK;
}

static const char *field_name(const jbk_kwic_line *line) {
    return jbk_fields[line->in_text ? JBK_F_TEXT : JBK_F_TITLE].name;
}

/* --- for programs --- */

enum { OWN = 8 }; /* cells before those of the document */

static jbk_row_cell number_cell(const char *name, uint32_t n, char text[16]) {
    int len = snprintf(text, 16, "%u", n);
    return (jbk_row_cell){name, {text, (size_t)len}, JBK_CELL_NUMBER};
}

static void own_cells(const loaded *l, char numbers[4][16], jbk_row_cell out[OWN]) {
    const jbk_kwic_line *line = l->line;
    const char *field = field_name(line);
    out[0] = (jbk_row_cell){"left", l->left, JBK_CELL_TEXT};
    out[1] = (jbk_row_cell){"node", l->node, JBK_CELL_TEXT};
    out[2] = (jbk_row_cell){"right", l->right, JBK_CELL_TEXT};
    out[3] = (jbk_row_cell){"field", {field, strlen(field)}, JBK_CELL_KEY};
    out[4] = number_cell("start", line->start_cp, numbers[0]);
    out[5] = number_cell("end", line->end_cp, numbers[1]);
    out[6] = number_cell("start_byte", line->start, numbers[2]);
    out[7] = number_cell("end_byte", line->end, numbers[3]);
}

static jbk_status document_cells(jbk_kwic_job *job, const loaded *l, jbk_buf *scratch,
                                 jbk_row_cell *out, jbk_err *err) {
    for (size_t i = 0; i < job->columns.n; i++) {
        const jbk_column *c = &job->columns.at[i];
        jbk_status status = jbk_hit_cell(job->index, &l->hit, c, &scratch[i], err);
        if (status) return status;
        out[i] = (jbk_row_cell){c->name, {scratch[i].data, scratch[i].len}, jbk_column_kind_of(c)};
    }
    return JBK_OK;
}

static jbk_status put_json(jbk_kwic_job *job, const loaded *l, jbk_buf *scratch, jbk_err *err) {
    const jbk_kwic_line *line = l->line;
    json_t *o = json_pack("{s:o, s:o, s:o, s:s, s:I, s:I, s:I, s:I}", "left",
                          jbk_json_str(l->left.s, l->left.len), "node",
                          jbk_json_str(l->node.s, l->node.len), "right",
                          jbk_json_str(l->right.s, l->right.len), "field", field_name(line),
                          "start", (json_int_t)line->start_cp, "end", (json_int_t)line->end_cp,
                          "start_byte", (json_int_t)line->start, "end_byte", (json_int_t)line->end);
    jbk_status status = jbk_json_hit(job->index, &l->hit, &job->columns, scratch, o, err);
    jbk_json_put(&job->line, o);
    jbk_buf_byte(&job->line, '\n');
    return status;
}

enum { WRITE_AT_ONCE = 1 << 16 };

static jbk_status put_rows(jbk_kwic_job *job, const jbk_row_format *format, jbk_err *err) {
    size_t n = OWN + job->columns.n;
    jbk_row_cell *cells = jbk_calloc(n, sizeof *cells);
    jbk_buf *scratch = jbk_calloc(job->columns.n + 1, sizeof *scratch);
    bool json = !strcmp(format->name, "jsonl");
    char numbers[4][16];
    loaded l = {0};
    jbk_status status = JBK_OK;
    own_cells(&(loaded){.line = &(jbk_kwic_line){0}}, numbers, cells);
    for (size_t i = 0; i < job->columns.n; i++) cells[OWN + i].name = job->columns.at[i].name;
    format->head(cells, n, job->excel, &job->line);
    for (size_t i = 0; i < job->found->lines.n && !status; i++) {
        status = load(job, &job->found->lines.at[i], &l, err);
        if (!status && json) {
            status = put_json(job, &l, scratch, err);
        } else if (!status) {
            own_cells(&l, numbers, cells);
            status = document_cells(job, &l, scratch, cells + OWN, err);
            if (!status) format->row(cells, n, job->excel, &job->line);
        }
        if (!status && job->line.len >= WRITE_AT_ONCE)
            status = jbk_writer_put(&job->writer, &job->line, err);
    }
    for (size_t i = 0; i <= job->columns.n; i++) jbk_buf_free(&scratch[i]);
    jbk_hit_free(&l.hit);
    free(scratch);
    free(cells);
    return status;
}

/* --- for people --- */

enum { DATE, LEFT, NODE, RIGHT, SOURCE, COLUMNS };
enum { TOGETHER = 500 }; /* lines that are laid out together; later ones are no narrower */

typedef struct {
    size_t at, len; /* bytes of the cells' text */
    unsigned width;
} cell;

typedef struct {
    jbk_buf text;
    JBK_VEC(cell) cells;
    unsigned widths[COLUMNS];
    jbk_buf scratch;
} layout;

static void put_cell(layout *to, const char *s, size_t len, unsigned most) {
    cell c = {.at = to->text.len};
    unsigned *width = &to->widths[to->cells.n % COLUMNS];
    bool white = false;
    to->scratch.len = 0;
    for (size_t i = 0; i < len;) { /* white space in a row is one blank */
        size_t from = i;
        bool was = white;
        white = jbk_cp_space(jbk_utf8_next(s, len, &i));
        if (white && !was) jbk_buf_byte(&to->scratch, ' ');
        if (!white) jbk_buf_add(&to->scratch, s + from, i - from);
    }
    jbk_safe_add_isolated(&to->text, to->scratch.data, to->scratch.len);
    c.len = to->text.len - c.at;
    for (size_t i = c.at; i < to->text.len;)
        c.width += (unsigned)jbk_cp_width(jbk_utf8_next(to->text.data, to->text.len, &i));
    jbk_vec_push(&to->cells, c);
    if (c.width > *width) *width = c.width < most ? c.width : most;
}

enum { NODE_MOST = 40, SOURCE_MOST = 60 }; /* a wider one pushes its own line only */

static jbk_status put_line(jbk_kwic_job *job, const loaded *l, layout *to, jbk_buf *scratch,
                           jbk_err *err) {
    static const jbk_column date = {.field = JBK_F_PUBLISHED_AT},
                            platform = {.field = JBK_F_PLATFORM};
    jbk_status status = jbk_hit_cell(job->index, &l->hit, &date, scratch, err);
    if (status) return status;
    const char *time = scratch->len ? memchr(scratch->data, 'T', scratch->len) : NULL;
    put_cell(to, scratch->data, time ? (size_t)(time - scratch->data) : scratch->len, UINT32_MAX);
    put_cell(to, l->left.s, l->left.len, UINT32_MAX);
    put_cell(to, l->node.s, l->node.len, NODE_MOST);
    put_cell(to, l->right.s, l->right.len, UINT32_MAX);
    status = jbk_hit_cell(job->index, &l->hit, &platform, scratch, err);
    jbk_str name = jbk_record_name(&l->hit.record);
    if (scratch->len) jbk_buf_byte(scratch, ' ');
    jbk_buf_add(scratch, name.s, name.len);
    if (!l->line->in_text) jbk_buf_str(scratch, " (title)");
    put_cell(to, scratch->data, scratch->len, SOURCE_MOST);
    return status;
}

static void blanks(jbk_buf *out, unsigned wanted, unsigned have) {
    while (have++ < wanted) jbk_buf_byte(out, ' ');
}

static void put_layout(jbk_kwic_job *job, layout *from) {
    jbk_buf *out = &job->line;
    for (size_t i = 0; i < from->cells.n; i++) {
        const cell *c = &from->cells.at[i];
        size_t column = i % COLUMNS;
        unsigned width = from->widths[column];
        bool marked = job->colour && column == NODE;
        if (column && from->widths[DATE] + column > 1) jbk_buf_str(out, "  ");
        if (column == LEFT) blanks(out, width, c->width);
        if (marked) jbk_buf_str(out, "\033[1;33m");
        jbk_buf_add(out, from->text.data + c->at, c->len);
        if (marked) jbk_buf_str(out, "\033[0m");
        if (column == SOURCE)
            jbk_buf_byte(out, '\n');
        else if (column != LEFT)
            blanks(out, width, c->width);
    }
    from->cells.n = from->text.len = 0;
}

static jbk_status put_text(jbk_kwic_job *job, jbk_err *err) {
    const jbk_concordance *c = job->found;
    layout to = {0};
    loaded l = {0};
    jbk_buf scratch = {0};
    jbk_buf_printf(&job->line, "%llu match%s in %llu document%s", (unsigned long long)c->matches,
                   c->matches == 1 ? "" : "es", (unsigned long long)c->documents,
                   c->documents == 1 ? "" : "s");
    if (c->lines.n < c->matches) jbk_buf_printf(&job->line, ", %zu shown", c->lines.n);
    jbk_buf_byte(&job->line, '\n');
    jbk_status status = JBK_OK;
    for (size_t i = 0; i < c->lines.n && !status; i++) {
        status = load(job, &c->lines.at[i], &l, err);
        if (!status) status = put_line(job, &l, &to, &scratch, err);
        if (status || ((i + 1) % TOGETHER && i + 1 < c->lines.n)) continue;
        put_layout(job, &to);
        status = jbk_writer_put(&job->writer, &job->line, err);
    }
    jbk_buf_free(&to.text);
    jbk_buf_free(&to.scratch);
    jbk_vec_free(&to.cells);
    jbk_hit_free(&l.hit);
    jbk_buf_free(&scratch);
    return status;
}

bool jbk_kwic_has_format(const char *format) {
    return !strcmp(format, "text") || jbk_row_format_find(format);
}

jbk_status jbk_kwic_put(jbk_kwic_job *job, const char *format, jbk_err *err) {
    const jbk_row_format *rows = jbk_row_format_find(format);
    jbk_status status = rows ? put_rows(job, rows, err) : put_text(job, err);
    if (!status) status = jbk_writer_put(&job->writer, &job->line, err);
    return status;
}
