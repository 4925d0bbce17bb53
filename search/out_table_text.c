/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tables for people. */
#include "grid.h"
#include "out_table.h"

static void put_bin(jbk_table_job *job, jbk_grid *g, size_t axis, uint32_t bin) {
    jbk_axis_label(&job->table->axis[axis], bin, &job->cell);
    if (bin == JBK_BIN_MISSING)
        jbk_grid_str(g, "(none)");
    else
        jbk_grid_add(g, job->cell.data, job->cell.len);
}

static void put_figure(jbk_table_job *job, jbk_grid *g, const jbk_cell *cell, const jbk_figure *f) {
    jbk_figure_put(job->table, cell, f, true, &job->cell);
    if (job->cell.len)
        jbk_grid_add(g, job->cell.data, job->cell.len);
    else
        jbk_grid_str(g, "-");
}

/* Nothing was absent and no value a lower bound: a column of zeros would only be in the way. */
static bool is_idle(const jbk_table_job *job, const jbk_figure *f) {
    if (f->kind != JBK_FIGURE_ABSENT && f->kind != JBK_FIGURE_BOUNDS) return false;
    const jbk_measure *m = jbk_table_measure(job->table, &job->table->cells.at[0], f->measured);
    return f->kind == JBK_FIGURE_ABSENT ? !m->absent : !m->bounds;
}

/* --- one field: a row a bin, a column a figure, a bar --- */

static void put_figures(jbk_table_job *job, jbk_grid *g, const jbk_cell *cell) {
    for (size_t i = 0; i < job->figures.n; i++)
        if (!is_idle(job, &job->figures.at[i])) put_figure(job, g, cell, &job->figures.at[i]);
}

static void put_list(jbk_table_job *job, jbk_grid *g) {
    g->ncolumns = 1;
    jbk_grid_str(g, job->table->axis[0].name);
    for (size_t i = 0; i < job->figures.n; i++) {
        if (is_idle(job, &job->figures.at[i])) continue;
        jbk_grid_str(g, job->figures.at[i].heading);
        g->ncolumns++;
    }
    jbk_vec_push(&g->bars, 0);
    for (size_t r = 0; r < job->bins[0].n; r++) {
        const jbk_cell *cell = jbk_table_cell(job->table, job->bins[0].at[r], JBK_BIN_ANY);
        put_bin(job, g, 0, job->bins[0].at[r]);
        put_figures(job, g, cell);
        jbk_vec_push(&g->bars, cell ? cell->documents : 0);
    }
    jbk_grid_str(g, "total");
    put_figures(job, g, &job->table->cells.at[0]);
}

/* --- two fields: a grid for each figure, with margins --- */

static void put_grid_row(jbk_table_job *job, jbk_grid *g, uint32_t bin, const jbk_figure *f) {
    for (size_t k = 0; k < job->bins[1].n; k++)
        put_figure(job, g, jbk_table_cell(job->table, bin, job->bins[1].at[k]), f);
    put_figure(job, g, jbk_table_cell(job->table, bin, JBK_BIN_ANY), f);
}

static void put_crossed(jbk_table_job *job, jbk_grid *g, const jbk_figure *f) {
    g->ncolumns = job->bins[1].n + 2;
    jbk_grid_str(g, f->heading);
    for (size_t k = 0; k < job->bins[1].n; k++) put_bin(job, g, 1, job->bins[1].at[k]);
    jbk_grid_str(g, "total");
    for (size_t r = 0; r < job->bins[0].n; r++) {
        put_bin(job, g, 0, job->bins[0].at[r]);
        put_grid_row(job, g, job->bins[0].at[r], f);
    }
    jbk_grid_str(g, "total");
    put_grid_row(job, g, JBK_BIN_ANY, f);
}

/* --- */

static void put_notes(jbk_table_job *job) {
    const jbk_table *t = job->table;
    for (size_t i = 0; i < t->naxes; i++)
        if (t->axis[i].kind == JBK_AXIS_SETS)
            jbk_buf_printf(&job->line,
                           "\nA document counts under each of its %s, once in totals.\n",
                           t->axis[i].field_name);
    for (size_t m = 0; m < t->measured.n; m++) {
        const jbk_measure *all = jbk_table_measure(t, &t->cells.at[0], m);
        const char *field = jbk_fields[t->measured.at[m].field].name;
        if (all->absent)
            jbk_buf_printf(&job->line,
                           "\nDocuments without %s, left out of its statistics: %llu.\n", field,
                           (unsigned long long)all->absent);
        if (all->bounds)
            jbk_buf_printf(&job->line,
                           "\nLower bounds of %s (\"1000+\"), taken as their number: %llu.\n",
                           field, (unsigned long long)all->bounds);
    }
}

static jbk_status put_one(jbk_table_job *job, const jbk_figure *f, jbk_err *err) {
    jbk_grid g = {0};
    if (f)
        put_crossed(job, &g, f);
    else
        put_list(job, &g);
    jbk_buf_byte(&job->line, '\n');
    jbk_grid_put(&g, jbk_terminal_width(job->writer.file), &job->line);
    jbk_grid_free(&g);
    return jbk_table_flush(job, err);
}

enum { CELLS_MOST = 1000000 };

static jbk_status put_text(jbk_table_job *job, jbk_err *err) {
    jbk_buf_printf(&job->line, "%llu document%s\n", (unsigned long long)job->total,
                   job->total == 1 ? "" : "s");
    if (!job->total) return JBK_OK;
    if (job->table->naxes == 2) {
        if ((uint64_t)job->bins[0].n * job->bins[1].n > CELLS_MOST)
            return jbk_fail(err, JBK_USAGE, "count",
                            "a grid of %zu rows and %zu columns; --format csv lists the cells "
                            "that hold documents",
                            job->bins[0].n, job->bins[1].n);
        jbk_buf_printf(&job->line, "\n%s by %s\n", job->table->axis[0].name,
                       job->table->axis[1].name);
    }
    jbk_status status = job->table->naxes == 1 ? put_one(job, NULL, err) : JBK_OK;
    for (size_t i = 0; i < job->figures.n && job->table->naxes == 2 && !status; i++)
        if (!is_idle(job, &job->figures.at[i])) status = put_one(job, &job->figures.at[i], err);
    put_notes(job);
    return status;
}

const jbk_table_format jbk_table_text = {"text", put_text};
