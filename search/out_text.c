/* SPDX-License-Identifier: GPL-3.0-or-later */
/* For people.  Everything that comes from the index passes jbk_safe_add. */
#include "output.h"

#include "base/safe.h"
#include "base/utf8.h"
#include "grid.h"

static void safe(jbk_buf *out, jbk_str s) { jbk_safe_add(out, s.s, s.len); }

static jbk_status text_begin(jbk_report_job *job, jbk_err *err) {
    (void)err;
    jbk_buf_printf(&job->line, "%llu document%s", (unsigned long long)job->total,
                   job->total == 1 ? "" : "s");
    const jbk_pick *p = job->pick;
    if (p->options.collapse)
        jbk_buf_printf(&job->line, " in %llu group%s of %s", (unsigned long long)p->groups,
                       p->groups == 1 ? "" : "s",
                       p->options.collapse == JBK_COLLAPSE_STORY ? "one story" : "copies");
    if (p->options.sample)
        jbk_buf_printf(&job->line, "; a random sample of %llu, seed %llu",
                       (unsigned long long)roaring_bitmap_get_cardinality(p->shown),
                       (unsigned long long)p->options.seed);
    jbk_buf_byte(&job->line, '\n');
    return JBK_OK;
}

static void put_snippet(jbk_report_job *job, const jbk_hit *hit) {
    jbk_snippet s = {0};
    jbk_snippet_make(job->index, &job->strings, hit->record.field[JBK_F_TITLE],
                     hit->record.field[JBK_F_TEXT], &s);
    const char *on = job->colour ? "\033[1;33m" : "[", *off = job->colour ? "\033[0m" : "]";
    size_t mark = 0, i = 0;
    jbk_buf_str(&job->line, s.cut_before ? "   …" : "   ");
    for (uint32_t cp = 0; i < s.text.len; cp++) {
        size_t from = i;
        jbk_utf8_next(s.text.data, s.text.len, &i);
        bool known = mark < s.marks.n;
        if (known && s.marks.at[mark].start == cp) jbk_buf_str(&job->line, on);
        jbk_safe_add(&job->line, s.text.data + from, i - from);
        if (known && s.marks.at[mark].end == cp + 1) {
            jbk_buf_str(&job->line, off);
            mark++;
        }
    }
    jbk_buf_str(&job->line, s.cut_after ? "…\n" : "\n");
    jbk_snippet_free(&s);
}

static jbk_status text_row(jbk_report_job *job, const jbk_hit *hit, jbk_err *err) {
    static const jbk_field_id SHOWN[] = {JBK_F_PLATFORM, JBK_F_SECTION, JBK_F_PUBLISHED_AT,
                                         JBK_F_VIEWS, JBK_F_STATUS};
    jbk_str title = hit->record.field[JBK_F_TITLE];
    jbk_buf_printf(&job->line, "\n%llu. ", (unsigned long long)(job->offset + job->rows + 1));
    if (job->colour) jbk_buf_str(&job->line, "\033[1m");
    if (title.s)
        safe(&job->line, title);
    else
        jbk_buf_str(&job->line, "(no title)");
    if (job->colour) jbk_buf_str(&job->line, "\033[0m");
    jbk_buf_str(&job->line, "\n   ");
    for (size_t i = 0; i < sizeof SHOWN / sizeof *SHOWN; i++) {
        jbk_column c = {.field = SHOWN[i]};
        jbk_status status = jbk_hit_cell(job->index, hit, &c, &job->cell, err);
        if (status) return status;
        if (!job->cell.len) continue;
        jbk_safe_add(&job->line, job->cell.data, job->cell.len);
        jbk_buf_str(&job->line, SHOWN[i] == JBK_F_VIEWS ? " views · " : " · ");
    }
    safe(&job->line, jbk_record_name(&hit->record));
    if (hit->copies)
        jbk_buf_printf(&job->line, " · and %llu cop%s", (unsigned long long)hit->copies,
                       hit->copies == 1 ? "y" : "ies");
    jbk_buf_byte(&job->line, '\n');
    put_snippet(job, hit);
    return JBK_OK;
}

static void put_histogram(jbk_report_job *job, const jbk_histogram *h) {
    jbk_grid g = {.ncolumns = 2};
    jbk_grid_str(&g, h->table.axis[0].name);
    jbk_grid_str(&g, "documents");
    jbk_vec_push(&g.bars, 0);
    for (size_t i = 0; i < h->bins.n; i++) {
        jbk_axis_label(&h->table.axis[0], h->bins.at[i], &job->cell);
        jbk_grid_add(&g, job->cell.data, job->cell.len);
        jbk_grid_number(&g, jbk_histogram_at(h, i));
        jbk_vec_push(&g.bars, jbk_histogram_at(h, i));
    }
    if (h->missing) {
        jbk_grid_str(&g, "(none)");
        jbk_grid_number(&g, h->missing);
        jbk_vec_push(&g.bars, h->missing);
    }
    jbk_buf_byte(&job->line, '\n');
    jbk_grid_put(&g, jbk_terminal_width(job->writer.file), &job->line);
    jbk_grid_free(&g);
}

static jbk_status text_end(jbk_report_job *job, jbk_err *err) {
    (void)err;
    for (size_t i = 0; i < job->nfacets; i++) {
        const jbk_facet *f = &job->facets[i];
        jbk_buf_byte(&job->line, '\n');
        jbk_safe_add(&job->line, f->name, strlen(f->name));
        jbk_buf_byte(&job->line, '\n');
        for (size_t k = 0; k < f->values.n; k++) {
            jbk_buf_printf(&job->line, "%10llu  ", (unsigned long long)f->values.at[k].count);
            safe(&job->line, f->values.at[k].value);
            jbk_buf_byte(&job->line, '\n');
        }
        if (f->others)
            jbk_buf_printf(&job->line, "%10llu  in %llu other values\n",
                           (unsigned long long)f->other, (unsigned long long)f->others);
        if (f->missing)
            jbk_buf_printf(&job->line, "%10llu  without\n", (unsigned long long)f->missing);
    }
    for (size_t i = 0; i < job->nhistograms; i++) put_histogram(job, &job->histograms[i]);
    return JBK_OK;
}

const jbk_format jbk_format_text = {"text", text_begin, text_row, text_end, false};
