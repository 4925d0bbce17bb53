/* SPDX-License-Identifier: GPL-3.0-or-later */
/* XLSX.  Times are dates in the clock of the record, their offset stands in the cell's format;
 * exact counts are numbers; all else is text, ids too.  What Excel cannot hold is not cut: the rest
 * of a long cell goes to the sheet "long cells", rows beyond a sheet to the next one. */
#include "base/count.h"
#include "base/time.h"
#include "base/utf8.h"
#include "out_row.h"
#include "output.h"

#include <ctype.h>
#include <stdlib.h>
#include <xlsxwriter.h>

typedef struct {
    int16_t offset_min;
    jbk_precision precision;
    lxw_format *format;
} time_format;

struct jbk_workbook {
    lxw_workbook *book;
    lxw_worksheet *rows, *rests; /* the sheet being filled; "long cells" or NULL */
    uint32_t row, rest_row;      /* the next of each */
    unsigned sheets;             /* of rows */
    lxw_format *heading, *goes_on;
    JBK_VEC(time_format) times;
    jbk_buf scratch;
};

static jbk_status check(lxw_error error, jbk_err *err) {
    if (!error) return JBK_OK;
    return jbk_fail(err, JBK_IO, "xlsxwriter", "cannot write the workbook: %s",
                    lxw_strerror(error));
}

/* --- text --- */

static bool is_escape(const char *s, size_t len) { /* _xHHHH_ */
    if (len < 7 || s[0] != '_' || s[1] != 'x' || s[6] != '_') return false;
    for (int i = 2; i < 6; i++)
        if (!isxdigit((unsigned char)s[i])) return false;
    return true;
}

/* Append one character as XLSX writes it: what XML cannot hold as _xHHHH_, and what looks so with
 * its first character so. */
static void put_escaped(const char *s, size_t len, size_t *i, jbk_buf *out) {
    size_t from = *i;
    uint32_t cp = jbk_utf8_next(s, len, i);
    bool odd = (cp < 0x20 && cp != '\t' && cp != '\n') || cp == 0xFFFE || cp == 0xFFFF ||
               is_escape(s + from, len - from);
    if (odd)
        jbk_buf_printf(out, "_x%04X_", cp);
    else
        jbk_buf_add(out, s + from, *i - from);
}

/* Append as much of s from *i on as a cell can hold, and move *i behind it. */
static void put_piece(const char *s, size_t len, size_t *i, jbk_buf *out) {
    size_t units = 0;
    while (*i < len) {
        size_t from = *i, before = out->len;
        put_escaped(s, len, i, out);
        units += jbk_excel_length(out->data + before, out->len - before);
        if (units <= JBK_EXCEL_CHARACTERS) continue;
        out->len = before;
        *i = from;
        break;
    }
    jbk_buf_cstr(out);
}

static jbk_status put_heading(struct jbk_workbook *w, lxw_worksheet *sheet, uint16_t column,
                              const char *name, double width, jbk_err *err) {
    jbk_status status = check(worksheet_set_column(sheet, column, column, width, NULL), err);
    if (!status) status = check(worksheet_write_string(sheet, 0, column, name, w->heading), err);
    return status;
}

/* The rest of a cell, piece by piece. */
static jbk_status put_rest(struct jbk_workbook *w, const char *column, const char *s, size_t len,
                           size_t at, jbk_err *err) {
    static const char *const NAMES[] = {"sheet", "row", "column", "part", "text"};
    jbk_status status = JBK_OK;
    if (!w->rests) {
        w->rests = workbook_add_worksheet(w->book, "long cells");
        if (!w->rests) return check(LXW_ERROR_MEMORY_MALLOC_FAILED, err);
        for (uint16_t i = 0; i < 5 && !status; i++)
            status = put_heading(w, w->rests, i, NAMES[i], i < 4 ? 10 : 80, err);
        w->rest_row = 1;
    }
    for (int part = 2; at < len && !status; part++) {
        uint32_t row = w->rest_row++;
        if (row >= JBK_EXCEL_ROWS) return check(LXW_ERROR_WORKSHEET_INDEX_OUT_OF_RANGE, err);
        w->scratch.len = 0;
        put_piece(s, len, &at, &w->scratch);
        status = check(worksheet_write_string(w->rests, row, 0, w->rows->name, NULL), err);
        if (!status)
            status = check(worksheet_write_number(w->rests, row, 1, w->row + 1, NULL), err);
        if (!status) status = check(worksheet_write_string(w->rests, row, 2, column, NULL), err);
        if (!status) status = check(worksheet_write_number(w->rests, row, 3, part, NULL), err);
        if (!status)
            status = check(worksheet_write_string(w->rests, row, 4, w->scratch.data, NULL), err);
    }
    return status;
}

static jbk_status put_text(jbk_report_job *job, uint16_t column, const char *s, size_t len,
                           jbk_err *err) {
    struct jbk_workbook *w = job->workbook;
    size_t at = 0;
    w->scratch.len = 0;
    put_piece(s, len, &at, &w->scratch);
    lxw_format *format = at < len ? w->goes_on : NULL;
    jbk_status status =
        check(worksheet_write_string(w->rows, w->row, column, w->scratch.data, format), err);
    if (status || at == len) return status;
    job->long_cells++;
    return put_rest(w, job->columns.at[column].name, s, len, at, err);
}

/* --- times --- */

/* "yyyy-mm-dd hh:mm:ss "+08:00"": as precise as it was written, with its offset. */
static lxw_format *format_of(struct jbk_workbook *w, const jbk_time *t) {
    static const char *const FORMS[] = {[JBK_PREC_YEAR] = "yyyy",
                                        [JBK_PREC_MONTH] = "yyyy\\-mm",
                                        [JBK_PREC_DAY] = "yyyy\\-mm\\-dd",
                                        [JBK_PREC_MINUTE] = "yyyy\\-mm\\-dd hh:mm",
                                        [JBK_PREC_SECOND] = "yyyy\\-mm\\-dd hh:mm:ss",
                                        [JBK_PREC_MS] = "yyyy\\-mm\\-dd hh:mm:ss.000"};
    for (size_t i = 0; i < w->times.n; i++)
        if (w->times.at[i].offset_min == t->offset_min && w->times.at[i].precision == t->precision)
            return w->times.at[i].format;
    lxw_format *format = workbook_add_format(w->book);
    char text[80];
    int offset = t->offset_min < 0 ? -t->offset_min : t->offset_min;
    if (t->precision <= JBK_PREC_DAY)
        snprintf(text, sizeof text, "%s", FORMS[t->precision]);
    else
        snprintf(text, sizeof text, "%s\" %c%02d:%02d\"", FORMS[t->precision],
                 t->offset_min < 0 ? '-' : '+', offset / 60, offset % 60);
    format_set_num_format(format, text);
    jbk_vec_push(&w->times, ((time_format){t->offset_min, t->precision, format}));
    return format;
}

/* Excel counts days from a day before 1900 that is only right from March on. */
enum { DAYS_TO_1970 = 25569, FIRST_DAY = 61 };

static jbk_status put_time(jbk_report_job *job, uint16_t column, int64_t packed, jbk_err *err) {
    jbk_time t = jbk_time_unpack(packed);
    double days = (double)jbk_time_local_ms(&t) / 86400000.0 + DAYS_TO_1970;
    if (days < FIRST_DAY) return put_text(job, column, job->cell.data, job->cell.len, err);
    return check(worksheet_write_number(job->workbook->rows, job->workbook->row, column, days,
                                        format_of(job->workbook, &t)),
                 err);
}

/* --- rows --- */

static double width_of(const jbk_column *c) {
    if (c->field < 0) return 14;
    if (c->field == JBK_F_TEXT) return 80;
    return c->field == JBK_F_TITLE || c->field == JBK_F_URL ? 40
           : jbk_fields[c->field].type == JBK_T_TIME        ? 26
                                                            : 14;
}

static void end_sheet(jbk_report_job *job) {
    struct jbk_workbook *w = job->workbook;
    worksheet_autofilter(w->rows, 0, 0, w->row ? w->row - 1 : 0, (lxw_col_t)(job->columns.n - 1));
}

static jbk_status begin_sheet(jbk_report_job *job, jbk_err *err) {
    struct jbk_workbook *w = job->workbook;
    char name[24] = "rows";
    if (++w->sheets > 1) snprintf(name, sizeof name, "rows %u", w->sheets);
    w->rows = workbook_add_worksheet(w->book, name);
    if (!w->rows) return check(LXW_ERROR_MEMORY_MALLOC_FAILED, err);
    worksheet_freeze_panes(w->rows, 1, 0);
    jbk_status status = JBK_OK;
    for (size_t i = 0; i < job->columns.n && !status; i++)
        status = put_heading(w, w->rows, (uint16_t)i, job->columns.at[i].name,
                             width_of(&job->columns.at[i]), err);
    w->row = 1;
    return status;
}

static jbk_status xlsx_begin(jbk_report_job *job, jbk_err *err) {
    enum { COLUMNS_MOST = 16384 };
    if (!job->writer.part)
        return jbk_fail(err, JBK_USAGE, "xlsx", "xlsx is written to a file: give -o FILE");
    if (job->columns.n > COLUMNS_MOST)
        return jbk_fail(err, JBK_USAGE, "xlsx", "a sheet has no more than %d columns",
                        COLUMNS_MOST);
    struct jbk_workbook *w = job->workbook = jbk_calloc(1, sizeof *w);
    /* Rows go through a temporary file beside the output, where there should be room. */
    const char *slash = strrchr(job->writer.part, '/');
    char *folder = slash ? jbk_strndup(job->writer.part, (size_t)(slash - job->writer.part) + 1)
                         : jbk_strndup(".", 1);
    lxw_workbook_options options = {.constant_memory = LXW_TRUE, .tmpdir = folder};
    w->book = workbook_new_opt(job->writer.part, &options);
    free(folder);
    if (!w->book) return check(LXW_ERROR_MEMORY_MALLOC_FAILED, err);
    /* The same rows give the same file. */
    lxw_doc_properties properties = {.created = 315532800};
    workbook_set_properties(w->book, &properties);
    w->heading = workbook_add_format(w->book);
    format_set_bold(w->heading);
    w->goes_on = workbook_add_format(w->book);
    format_set_bg_color(w->goes_on, 0xFFE699);
    return begin_sheet(job, err);
}

static jbk_status put_cell(jbk_report_job *job, const jbk_hit *hit, uint16_t column, jbk_err *err) {
    const jbk_column *c = &job->columns.at[column];
    struct jbk_workbook *w = job->workbook;
    jbk_status status = jbk_hit_cell(job->index, hit, c, &job->cell, err);
    if (status || !job->cell.len) return status;
    jbk_field_type type = c->field < 0 ? JBK_T_KEYWORD : jbk_fields[c->field].type;
    int64_t v = 0;
    if (type == JBK_T_TIME || type == JBK_T_COUNT)
        status = jbk_index_number(job->index, (jbk_field_id)c->field, hit->doc, &v, err);
    if (status) return status;
    if (type == JBK_T_TIME) return put_time(job, column, v, err);
    jbk_count count = jbk_count_unpack((uint64_t)v);
    bool exact = type == JBK_T_COUNT && !count.lower_bound && count.n < 1000000000000000;
    if (exact)
        return check(worksheet_write_number(w->rows, w->row, column, (double)count.n, NULL), err);
    return put_text(job, column, job->cell.data, job->cell.len, err);
}

static jbk_status xlsx_row(jbk_report_job *job, const jbk_hit *hit, jbk_err *err) {
    jbk_status status = JBK_OK;
    if (job->workbook->row == JBK_EXCEL_ROWS) {
        end_sheet(job);
        status = begin_sheet(job, err);
    }
    for (size_t i = 0; i < job->columns.n && !status; i++)
        status = put_cell(job, hit, (uint16_t)i, err);
    job->workbook->row++;
    return status;
}

static jbk_status xlsx_end(jbk_report_job *job, jbk_err *err) {
    end_sheet(job);
    lxw_workbook *book = job->workbook->book;
    job->workbook->book = NULL; /* closing frees it */
    jbk_status status = check(workbook_close(book), err);
    if (!status) status = jbk_writer_read_back(&job->writer, err);
    return status;
}

void jbk_workbook_free(struct jbk_workbook *w) {
    if (!w) return;
    if (w->book) lxw_workbook_free(w->book);
    jbk_vec_free(&w->times);
    jbk_buf_free(&w->scratch);
    free(w);
}

const jbk_format jbk_format_xlsx = {"xlsx", xlsx_begin, xlsx_row, xlsx_end, true};
