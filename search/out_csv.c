/* SPDX-License-Identifier: GPL-3.0-or-later */
/* CSV (RFC 4180, values as they are) and bare ids. */
#include "out_csv.h"

#include <csv.h>

void jbk_csv_put(jbk_buf *line, const char *s, size_t len) {
    jbk_buf_reserve(line, len * 2 + 2);
    line->len += csv_write(line->data + line->len, line->cap - line->len, s, len);
}

static jbk_status csv_begin(jbk_report_job *job, jbk_err *err) {
    (void)err;
    for (size_t i = 0; i < job->columns.n; i++) {
        const char *name = job->columns.at[i].name;
        if (i) jbk_buf_byte(&job->line, ',');
        jbk_buf_str(&job->line, name);
    }
    jbk_buf_str(&job->line, "\r\n");
    return JBK_OK;
}

static jbk_status csv_row(jbk_report_job *job, const jbk_hit *hit, jbk_err *err) {
    for (size_t i = 0; i < job->columns.n; i++) {
        jbk_status status = jbk_hit_cell(job->index, hit, &job->columns.at[i], &job->cell, err);
        if (status) return status;
        if (i) jbk_buf_byte(&job->line, ',');
        if (job->cell.len) jbk_csv_put(&job->line, job->cell.data, job->cell.len);
    }
    jbk_buf_str(&job->line, "\r\n");
    return JBK_OK;
}

static jbk_status nothing(jbk_report_job *job, jbk_err *err) {
    (void)job;
    (void)err;
    return JBK_OK;
}

const jbk_format jbk_format_csv = {"csv", csv_begin, csv_row, nothing};

static jbk_status ids_row(jbk_report_job *job, const jbk_hit *hit, jbk_err *err) {
    (void)err;
    jbk_str name = jbk_record_name(&hit->record);
    jbk_buf_add(&job->line, name.s, name.len);
    jbk_buf_byte(&job->line, '\n');
    return JBK_OK;
}

const jbk_format jbk_format_ids = {"ids", nothing, ids_row, nothing};
