/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "out_survival.h"

#include <stdio.h>
#include <stdlib.h>

static const double DAY_MS = 86400000;

static void put_group(jbk_table_job *job, const jbk_axis *axis, const jbk_survival_group *g,
                      jbk_sheet *out) {
    if (g->bin == JBK_BIN_ANY) {
        jbk_sheet_cell(out, "(all)", 5);
        return;
    }
    jbk_axis_label(axis, g->bin, &job->cell);
    jbk_sheet_cell(out, job->cell.data, job->cell.len);
}

static void put_real(jbk_sheet *out, double v, int decimals) {
    char text[40];
    int n = snprintf(text, sizeof text, "%.*f", decimals, v);
    jbk_sheet_cell(out, text, (size_t)n);
}

typedef JBK_VEC(const jbk_survival_group *) group_list;

/* All, then the most documents first; equal ones as they were met. */
static int by_size(const void *x, const void *y) {
    const jbk_survival_group *const *a = x, *const *b = y;
    if ((*a)->documents != (*b)->documents) return (*a)->documents > (*b)->documents ? -1 : 1;
    return *a < *b ? -1 : *a > *b;
}

static void order_groups(const jbk_lives *lives, group_list *out) {
    for (size_t i = 0; i < lives->groups.n; i++)
        if (lives->groups.at[i].documents) jbk_vec_push(out, &lives->groups.at[i]);
    jbk_vec_sort(out, by_size);
}

/* --- every step --- */

static void put_steps(jbk_table_job *job, const jbk_axis *axis, const group_list *groups,
                      jbk_sheet *out) {
    jbk_sheet_column(out, axis ? axis->field_name : "group", "");
    jbk_sheet_column(out, "days", "");
    jbk_sheet_column(out, "at_risk", "");
    jbk_sheet_column(out, "gone", "");
    jbk_sheet_column(out, "survival_early", "");
    jbk_sheet_column(out, "survival_late", "");
    jbk_sheet_column(out, "low95", "");
    jbk_sheet_column(out, "high95", "");
    for (size_t i = 0; i < groups->n; i++) {
        const jbk_survival *curve = &groups->at[i]->curve;
        for (size_t k = 0; k < curve->n; k++) {
            const jbk_survival_step *p = &curve->at[k];
            put_group(job, axis, groups->at[i], out);
            put_real(out, (double)p->at / DAY_MS, 8);
            jbk_sheet_number(out, p->at_risk);
            jbk_sheet_number(out, p->gone);
            put_real(out, p->early, 6);
            put_real(out, p->late, 6);
            put_real(out, p->low, 6);
            put_real(out, p->high, 6);
        }
    }
}

/* --- a line a group --- */

static void put_days(jbk_sheet *out, int64_t early, int64_t late) {
    char text[64];
    int n = 0;
    if (early >= 0 && late >= 0)
        n = snprintf(text, sizeof text, "%.1f-%.1f", (double)early / DAY_MS, (double)late / DAY_MS);
    else if (early >= 0)
        n = snprintf(text, sizeof text, "%.1f or more", (double)early / DAY_MS);
    jbk_sheet_cell(out, text, (size_t)n);
}

static void put_lines(jbk_table_job *job, const jbk_axis *axis, const group_list *groups,
                      jbk_sheet *out) {
    jbk_sheet_column(out, "", axis ? axis->field_name : "");
    jbk_sheet_column(out, "", "followed");
    jbk_sheet_column(out, "", "gone");
    jbk_sheet_column(out, "", "still there");
    jbk_sheet_column(out, "", "half gone after days");
    jbk_sheet_column(out, "", "95% limits");
    for (size_t i = 0; i < groups->n; i++) {
        const jbk_survival_group *g = groups->at[i];
        jbk_half_life h = jbk_survival_half(&g->curve);
        if (h.early > h.late && h.late >= 0) { /* the curves may cross */
            int64_t t = h.early;
            h.early = h.late;
            h.late = t;
        }
        put_group(job, axis, g, out);
        jbk_sheet_number(out, g->lives.n);
        jbk_sheet_number(out, g->gone);
        jbk_sheet_number(out, g->there);
        put_days(out, h.early, h.late);
        put_days(out, h.low, h.high);
    }
}

static void put_notes(jbk_table_job *job, const jbk_left_out *out) {
    static const char *const WHY[] = {
        "that nobody looked at, or saw alive", "that were seen alive once and not looked at again",
        "without a time of publication, or one after all that was seen"};
    const uint64_t n[] = {out->unseen, out->once, out->undated};
    jbk_buf_str(&job->line, "\nDays are counted from publication. Half were gone between the "
                            "check that last found them and the one that missed them.\n"
                            "Posts that were gone before anyone collected them are not in it.\n");
    for (int i = 0; i < 3; i++)
        if (n[i])
            jbk_buf_printf(&job->line, "Left out: %llu %s.\n", (unsigned long long)n[i], WHY[i]);
}

static jbk_status put_json(jbk_table_job *job, const jbk_sheet *s, const jbk_left_out *out,
                           jbk_err *err) {
    char more[300];
    snprintf(more, sizeof more,
             ",\"left_out\":{\"unseen\":%llu,\"seen_once\":%llu,\"undated\":%llu},"
             "\"note\":\"posts that were gone before anyone collected them "
             "are not in it\"",
             (unsigned long long)out->unseen, (unsigned long long)out->once,
             (unsigned long long)out->undated);
    return jbk_sheet_put_json(job, s, "survival", more, err);
}

jbk_status jbk_survival_put(jbk_table_job *job, const jbk_axis *axis, const jbk_lives *lives,
                            const char *format, jbk_err *err) {
    jbk_sheet s = {0};
    group_list groups = {0};
    jbk_status status = JBK_OK;
    order_groups(lives, &groups);
    if (!strcmp(format, "text")) {
        put_lines(job, axis, &groups, &s);
        jbk_sheet_put_text(job, &s);
        put_notes(job, &lives->left_out);
    } else {
        put_steps(job, axis, &groups, &s);
        status = strcmp(format, "csv") ? put_json(job, &s, &lives->left_out, err)
                                       : jbk_sheet_put_csv(job, &s, err);
        if (!strcmp(format, "csv"))
            fprintf(stderr,
                    "jibek: posts that were gone before anyone collected them are not in "
                    "it; %llu others are left out\n",
                    (unsigned long long)(lives->left_out.unseen + lives->left_out.once +
                                         lives->left_out.undated));
    }
    jbk_vec_free(&groups);
    jbk_sheet_free(&s);
    return status;
}
