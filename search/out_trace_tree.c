/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The tree of a trace: the original, and below it what came of it, each kind by time. */
#include "base/safe.h"
#include "base/utf8.h"
#include "out_trace.h"
#include "text/chars.h"

#include <stdlib.h>

static const char *const HEADINGS[JBK_RELATIONS] = {
    [JBK_ORIGINAL] = "origin",         [JBK_COPY] = "word for word",
    [JBK_NEAR_COPY] = "near copies",   [JBK_TEMPLATE] = "the same with another name",
    [JBK_EXCERPT] = "share a passage", [JBK_REPLY] = "pass it on with a comment",
};

static int by_time(const void *x, const void *y, void *of) {
    const jbk_trace_match *all = of, *a = &all[*(const size_t *)x], *b = &all[*(const size_t *)y];
    if (a->published_ms != b->published_ms) return a->published_ms < b->published_ms ? -1 : 1;
    return *(const size_t *)x < *(const size_t *)y ? -1 : 1;
}

/* At most `width` columns of s on one line, white space in a row as one blank. */
static void put_short(jbk_buf *out, jbk_str s, int width) {
    jbk_buf some = {0};
    bool white = false, cut = false;
    for (size_t i = 0; i < s.len && !cut;) {
        size_t from = i;
        bool was = white;
        uint32_t cp = jbk_utf8_next(s.s, s.len, &i);
        white = jbk_cp_space(cp);
        width -= white ? !was : jbk_cp_width(cp);
        cut = width < 0;
        if (white && !was && !cut) jbk_buf_byte(&some, ' ');
        if (!white && !cut) jbk_buf_add(&some, s.s + from, i - from);
    }
    jbk_safe_add_isolated(out, some.data, some.len);
    if (cut) jbk_buf_str(out, "…");
    jbk_buf_free(&some);
}

static jbk_status put_cell(jbk_trace_job *job, const jbk_hit *hit, jbk_field_id f,
                           const char *before, jbk_buf *cell, jbk_err *err) {
    const jbk_column c = {.field = f};
    jbk_status status = jbk_hit_cell(job->index, hit, &c, cell, err);
    if (status || !cell->len) return status;
    jbk_buf_str(&job->line, before);
    jbk_safe_add_isolated(&job->line, cell->data, cell->len);
    return status;
}

/* Date, platform and id, section, account, views, status. */
static jbk_status put_document(jbk_trace_job *job, const jbk_hit *hit, jbk_buf *cell,
                               jbk_err *err) {
    const jbk_column date = {.field = JBK_F_PUBLISHED_AT};
    jbk_status status = jbk_hit_cell(job->index, hit, &date, cell, err);
    if (status) return status;
    jbk_safe_add(&job->line, cell->len ? cell->data : "(no date)", cell->len ? cell->len : 9);
    status = put_cell(job, hit, JBK_F_PLATFORM, "  ", cell, err);
    jbk_str name = jbk_record_name(&hit->record);
    jbk_buf_byte(&job->line, ' ');
    if (job->colour) jbk_buf_str(&job->line, "\033[1m");
    jbk_safe_add(&job->line, name.s, name.len);
    if (job->colour) jbk_buf_str(&job->line, "\033[0m");
    if (!status) status = put_cell(job, hit, JBK_F_SECTION, "  ", cell, err);
    if (!status) status = put_cell(job, hit, JBK_F_AUTHOR, "  @", cell, err);
    if (!status) status = put_cell(job, hit, JBK_F_VIEWS, "  views ", cell, err);
    if (!status) status = put_cell(job, hit, JBK_F_STATUS, "  ", cell, err);
    return status;
}

enum { PASSAGE = 60, DIFFERENCES = 3, DIFFERENCE = 24 };

static void put_differences(jbk_trace_job *job, const jbk_trace_match *m, const char *before) {
    jbk_buf *out = &job->line;
    for (size_t i = 0; i < m->ndifferences && i < DIFFERENCES; i++) {
        const jbk_difference *d = &m->differences[i];
        jbk_buf_printf(out, "%s        ", before);
        put_short(out, d->original.len ? d->original : (jbk_str){"(nothing)", 9}, DIFFERENCE);
        jbk_buf_str(out, " → ");
        put_short(out, d->document.len ? d->document : (jbk_str){"(nothing)", 9}, DIFFERENCE);
        jbk_buf_byte(out, '\n');
    }
    if (m->ndifferences > DIFFERENCES)
        jbk_buf_printf(out, "%s        and %zu more differences\n", before,
                       m->ndifferences - DIFFERENCES);
}

/* How it shows: shares, and what is shared or differs. */
static void put_evidence(jbk_trace_job *job, const jbk_trace_match *m, const char *before) {
    jbk_buf *out = &job->line;
    if (m->relation == JBK_ORIGINAL || m->relation == JBK_COPY) return;
    jbk_buf_printf(out, "%s     %u letters, %.0f %% of the query, %.0f %% of its %s", before,
                   m->shared, 100 * jbk_trace_covers_query(job->trace, m),
                   100 * jbk_trace_covers_document(m), m->in_title ? "title" : "text");
    if (m->relation == JBK_NEAR_COPY || m->relation == JBK_TEMPLATE) {
        jbk_buf_printf(out, "; %.0f %% like the original\n", 100 * m->similarity);
        put_differences(job, m, before);
        return;
    }
    if (m->via.len) {
        jbk_buf_str(out, ", by way of @");
        put_short(out, m->via, PASSAGE);
    }
    jbk_buf_printf(out, "\n%s     “", before);
    put_short(out, m->passage, PASSAGE);
    jbk_buf_str(out, "”\n");
}

static jbk_status put_kind(jbk_trace_job *job, jbk_relation kind, const size_t *order, bool last,
                           jbk_err *err) {
    const jbk_trace *t = job->trace;
    const char *bar = last ? "   " : "│  ";
    jbk_hit hit = {0};
    jbk_buf cell = {0};
    jbk_status status = JBK_OK;
    uint64_t n = 0, shown = 0;
    for (size_t i = 0; i < t->matches.n; i++) n += t->matches.at[i].relation == kind;
    jbk_buf_printf(&job->line, "%s %s: %llu\n", last ? "└─" : "├─", HEADINGS[kind],
                   (unsigned long long)n);
    for (size_t i = 0; i < t->matches.n && !status; i++) {
        const jbk_trace_match *m = &t->matches.at[order[i]];
        if (m->relation != kind) continue;
        if (job->limit && shown == job->limit) {
            jbk_buf_printf(&job->line, "%s   … and %llu more\n", bar,
                           (unsigned long long)(n - shown));
            break;
        }
        shown++;
        jbk_buf_printf(&job->line, "%s%s ", bar, shown == n ? "└─" : "├─");
        status = jbk_hit_load(job->index, m->doc, &hit, err);
        if (!status) status = put_document(job, &hit, &cell, err);
        jbk_buf_byte(&job->line, '\n');
        char *before = jbk_printf("%s%s", bar, shown == n ? "" : "│");
        put_evidence(job, m, shown == n ? bar : before);
        free(before);
    }
    jbk_buf_free(&cell);
    jbk_hit_free(&hit);
    return status;
}

static jbk_status put_origin(jbk_trace_job *job, jbk_err *err) {
    const jbk_trace *t = job->trace;
    jbk_hit hit = {0};
    jbk_buf cell = {0};
    jbk_status status = JBK_OK;
    if (!t->matches.n) return JBK_OK;
    if (t->origin == SIZE_MAX) {
        jbk_buf_str(&job->line, "no document holds it whole or nearly\n");
    } else {
        jbk_buf_str(&job->line, "origin  ");
        status = jbk_hit_load(job->index, t->matches.at[t->origin].doc, &hit, err);
        if (!status) status = put_document(job, &hit, &cell, err);
        jbk_str title = hit.record.field[JBK_F_TITLE];
        jbk_buf_str(&job->line, "\n        ");
        put_short(&job->line, title.len ? title : hit.record.field[JBK_F_TEXT], PASSAGE);
        jbk_buf_byte(&job->line, '\n');
    }
    jbk_buf_free(&cell);
    jbk_hit_free(&hit);
    return status;
}

jbk_status jbk_trace_put_tree(jbk_trace_job *job, jbk_err *err) {
    const jbk_trace *t = job->trace;
    bool there[JBK_RELATIONS] = {0};
    int last = JBK_ORIGINAL;
    size_t *order = jbk_alloc((t->matches.n + 1) * sizeof *order);
    for (size_t i = 0; i < t->matches.n; i++) {
        int kind = t->matches.at[i].relation;
        order[i] = i;
        there[kind] = true;
        if (kind > last) last = kind;
    }
    qsort_r(order, t->matches.n, sizeof *order, by_time, t->matches.at);
    jbk_status status = put_origin(job, err);
    for (int k = JBK_ORIGINAL + 1; k < JBK_RELATIONS && !status; k++)
        if (there[k]) status = put_kind(job, (jbk_relation)k, order, k == last, err);
    free(order);
    if (t->formulas)
        jbk_buf_printf(&job->line, "(%llu others share only phrases that many have)\n",
                       (unsigned long long)t->formulas);
    return status;
}
