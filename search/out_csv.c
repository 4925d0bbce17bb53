/* SPDX-License-Identifier: GPL-3.0-or-later */
/* CSV (RFC 4180, values as they are), TSV and bare ids. */
#include "out_row.h"
#include "output.h"

static jbk_status head(jbk_report_job *job, const char *comma, const char *end) {
    if (job->excel) jbk_buf_str(&job->line, JBK_BOM);
    for (size_t i = 0; i < job->columns.n; i++) {
        if (i) jbk_buf_str(&job->line, comma);
        jbk_buf_str(&job->line, job->columns.at[i].name);
    }
    jbk_buf_str(&job->line, end);
    return JBK_OK;
}

/* Put the cell into job->cell, with an apostrophe where Excel needs one. */
static jbk_status load_cell(jbk_report_job *job, const jbk_hit *hit, const jbk_column *c,
                            jbk_err *err) {
    jbk_status status = jbk_hit_cell(job->index, hit, c, &job->cell, err);
    if (status || !job->excel || !job->cell.len) return status;
    if (jbk_excel_length(job->cell.data, job->cell.len) > JBK_EXCEL_CHARACTERS) job->long_cells++;
    if (!jbk_excel_guards(jbk_column_kind_of(c), job->cell.data, job->cell.len)) return JBK_OK;
    jbk_buf_byte(&job->cell, 0);
    memmove(job->cell.data + 1, job->cell.data, job->cell.len - 1);
    job->cell.data[0] = '\'';
    return JBK_OK;
}

static jbk_status csv_begin(jbk_report_job *job, jbk_err *err) {
    (void)err;
    return head(job, ",", "\r\n");
}

static jbk_status csv_row(jbk_report_job *job, const jbk_hit *hit, jbk_err *err) {
    for (size_t i = 0; i < job->columns.n; i++) {
        jbk_status status = load_cell(job, hit, &job->columns.at[i], err);
        if (status) return status;
        if (i) jbk_buf_byte(&job->line, ',');
        if (job->cell.len) jbk_csv_put(&job->line, job->cell.data, job->cell.len);
    }
    jbk_buf_str(&job->line, "\r\n");
    return JBK_OK;
}

static jbk_status tsv_begin(jbk_report_job *job, jbk_err *err) {
    (void)err;
    return head(job, "\t", "\n");
}

static jbk_status tsv_row(jbk_report_job *job, const jbk_hit *hit, jbk_err *err) {
    for (size_t i = 0; i < job->columns.n; i++) {
        jbk_status status = load_cell(job, hit, &job->columns.at[i], err);
        if (status) return status;
        if (i) jbk_buf_byte(&job->line, '\t');
        jbk_tsv_put(&job->line, job->cell.data, job->cell.len);
    }
    jbk_buf_byte(&job->line, '\n');
    return JBK_OK;
}

static jbk_status nothing(jbk_report_job *job, jbk_err *err) {
    (void)job;
    (void)err;
    return JBK_OK;
}

const jbk_format jbk_format_csv = {"csv", csv_begin, csv_row, nothing, false};
const jbk_format jbk_format_tsv = {"tsv", tsv_begin, tsv_row, nothing, false};

static jbk_status ids_row(jbk_report_job *job, const jbk_hit *hit, jbk_err *err) {
    (void)err;
    jbk_str name = jbk_record_name(&hit->record);
    jbk_buf_add(&job->line, name.s, name.len);
    jbk_buf_byte(&job->line, '\n');
    return JBK_OK;
}

const jbk_format jbk_format_ids = {"ids", nothing, ids_row, nothing, false};
