/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "figure.h"

#include <stdlib.h>

static void add(jbk_figures *out, jbk_figure f, char *name, char *heading) {
    f.name = name;
    f.heading = heading;
    jbk_vec_push(out, f);
}

static void add_measured(const jbk_table *t, size_t m, jbk_figures *out) {
    const char *field = jbk_fields[t->measured.at[m].field].name;
    for (int s = 0; s < JBK_STATS; s++) {
        jbk_figure f = {.kind = JBK_FIGURE_STAT, .measured = m, .stat = (jbk_stat_kind)s};
        if (t->measured.at[m].wanted[s])
            add(out, f, jbk_printf("%s_%s", field, jbk_stat_names[s]),
                jbk_printf("%s %s", jbk_stat_names[s], field));
    }
    add(out, (jbk_figure){.kind = JBK_FIGURE_ABSENT, .measured = m}, jbk_printf("%s_absent", field),
        jbk_printf("no %s", field));
    add(out, (jbk_figure){.kind = JBK_FIGURE_BOUNDS, .measured = m},
        jbk_printf("%s_lower_bounds", field), jbk_printf("%s \"+\"", field));
}

void jbk_figures_of(const jbk_table *t, jbk_figures *out) {
    add(out, (jbk_figure){.kind = JBK_FIGURE_DOCUMENTS}, jbk_printf("documents"),
        jbk_printf("documents"));
    add(out, (jbk_figure){.kind = JBK_FIGURE_SHARE}, jbk_printf("share"), jbk_printf("share %%"));
    for (size_t m = 0; m < t->measured.n; m++) add_measured(t, m, out);
    if (!t->per_million) return;
    add(out, (jbk_figure){.kind = JBK_FIGURE_PER_MILLION_DOCUMENTS},
        jbk_printf("per_million_documents"), jbk_printf("per M docs"));
    add(out, (jbk_figure){.kind = JBK_FIGURE_PER_MILLION_WORDS}, jbk_printf("per_million_words"),
        jbk_printf("per M words"));
}

void jbk_figures_free(jbk_figures *f) {
    for (size_t i = 0; i < f->n; i++) {
        free(f->at[i].name);
        free(f->at[i].heading);
    }
    jbk_vec_free(f);
}

enum { EXACT = 6, SHOWN = 2 }; /* decimals */

static void put_stat(const jbk_measure *m, jbk_stat_kind stat, bool rounded, jbk_buf *out) {
    if (!m->known) return;
    switch (stat) {
    case JBK_STAT_SUM:
        jbk_put_ratio(out, m->sum, 1, 0, false);
        break;
    case JBK_STAT_MEAN:
        jbk_put_ratio(out, m->sum, m->known, rounded ? SHOWN : EXACT, !rounded);
        break;
    case JBK_STAT_MEDIAN:
        jbk_put_ratio(out, m->median_twice, 2, 1, !rounded);
        break;
    default:
        jbk_put_ratio(out, m->p90, 1, 0, false);
    }
}

static void put_share(jbk_u128 n, jbk_u128 whole, bool rounded, jbk_buf *out) {
    if (whole) jbk_put_ratio(out, n, whole, rounded ? SHOWN : EXACT, !rounded);
}

void jbk_figure_put(const jbk_table *t, const jbk_cell *cell, const jbk_figure *f, bool rounded,
                    jbk_buf *out) {
    static const jbk_cell NOTHING;
    static const jbk_measure NO_VALUES;
    const jbk_measure *m = &NO_VALUES;
    if (cell && t->measured.n) m = jbk_table_measure(t, cell, f->measured);
    if (!cell) cell = &NOTHING;
    out->len = 0;
    switch (f->kind) {
    case JBK_FIGURE_DOCUMENTS:
        jbk_put_ratio(out, cell->documents, 1, 0, false);
        break;
    case JBK_FIGURE_SHARE:
        put_share((jbk_u128)cell->documents * 100, t->cells.at[0].documents, rounded, out);
        break;
    case JBK_FIGURE_STAT:
        put_stat(m, f->stat, rounded, out);
        break;
    case JBK_FIGURE_ABSENT:
        jbk_put_ratio(out, m->absent, 1, 0, false);
        break;
    case JBK_FIGURE_BOUNDS:
        jbk_put_ratio(out, m->bounds, 1, 0, false);
        break;
    case JBK_FIGURE_PER_MILLION_DOCUMENTS:
        put_share((jbk_u128)cell->documents * 1000000, cell->index_documents, rounded, out);
        break;
    case JBK_FIGURE_PER_MILLION_WORDS:
        put_share((jbk_u128)cell->documents * 1000000, cell->index_words, rounded, out);
        break;
    }
}
