/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "survival.h"

#include <math.h>
#include <stdlib.h>

static const double Z = 1.959963984540054; /* of 95% */

/* One curve, walked along in time. */
typedef struct {
    int64_t *enter, *leave, *go; /* sorted; `leave` is of all, gone or not */
    size_t n, ngone;
    size_t entered, left, gone; /* how many before the time at hand */
    double share, variance;     /* Greenwood's sum */
    double posts;               /* that would know the share as precisely */
    uint64_t at_risk, falls;    /* at the step before */
} curve;

static int ascending(const void *x, const void *y) {
    int64_t a = *(const int64_t *)x, b = *(const int64_t *)y;
    return a < b ? -1 : a > b;
}

static void sort_times(int64_t *at, size_t n) {
    if (n) qsort(at, n, sizeof *at, ascending);
}

/* Right after the check that last found it, or at the one that missed it. */
static void begin(curve *c, const jbk_lifetime *lives, size_t n, bool late) {
    *c = (curve){.n = n, .share = 1};
    c->enter = jbk_alloc((n + 1) * sizeof *c->enter);
    c->leave = jbk_alloc((n + 1) * sizeof *c->leave);
    c->go = jbk_alloc((n + 1) * sizeof *c->go);
    for (size_t i = 0; i < n; i++) {
        bool gone = lives[i].right != JBK_STILL_THERE;
        int64_t end = !gone ? lives[i].left : late ? lives[i].right : lives[i].left + 1;
        c->enter[i] = lives[i].entry;
        c->leave[i] = end;
        if (gone) c->go[c->ngone++] = end;
    }
    sort_times(c->enter, n);
    sort_times(c->leave, n);
    sort_times(c->go, c->ngone);
}

static void end(curve *c) {
    free(c->enter);
    free(c->leave);
    free(c->go);
}

/* On to `at`: who entered before it and leaves at it or later is at risk. */
static void advance(curve *c, int64_t at) {
    while (c->entered < c->n && c->enter[c->entered] < at) c->entered++;
    while (c->left < c->n && c->leave[c->left] < at) c->left++;
    size_t before = c->gone;
    while (c->gone < c->ngone && c->go[c->gone] <= at) c->gone++;
    c->falls = c->gone - before;
    c->at_risk = c->entered - c->left;
    if (c->share == 1 && c->at_risk) c->posts = (double)c->at_risk;
    if (!c->falls) return;
    double n = (double)c->at_risk, d = (double)c->falls, s = c->share *= 1 - d / n;
    if (s <= 0) return; /* as precisely as before the last went */
    c->variance += d / (n * (n - d));
    c->posts = (1 - s) / (s * c->variance);
}

/* Wilson's. */
static void limits(const curve *c, double *low, double *high) {
    double s = c->share, n = c->posts;
    *low = 0;
    *high = 1;
    if (n <= 0) return; /* nobody was there yet */
    double middle = s + Z * Z / (2 * n);
    double half = Z * sqrt(s * (1 - s) / n + Z * Z / (4 * n * n)), all = 1 + Z * Z / n;
    *low = fmax(0, (middle - half) / all);
    *high = fmin(1, (middle + half) / all);
}

static jbk_survival_step step_at(int64_t at, curve *early, curve *late) {
    double low[2], high[2];
    advance(early, at);
    advance(late, at);
    limits(early, &low[0], &high[0]);
    limits(late, &low[1], &high[1]);
    return (jbk_survival_step){.at = at,
                               .at_risk = late->at_risk,
                               .gone = late->falls,
                               .early = early->share,
                               .late = late->share,
                               .low = fmin(low[0], low[1]),
                               .high = fmax(high[0], high[1])};
}

void jbk_survival_estimate(const jbk_lifetime *lives, size_t n, jbk_survival *out) {
    curve early, late;
    begin(&early, lives, n, false);
    begin(&late, lives, n, true);
    while (early.gone < early.ngone || late.gone < late.ngone) {
        int64_t at = INT64_MAX;
        if (early.gone < early.ngone) at = early.go[early.gone];
        if (late.gone < late.ngone && late.go[late.gone] < at) at = late.go[late.gone];
        jbk_vec_push(out, step_at(at, &early, &late));
    }
    end(&early);
    end(&late);
}

jbk_half_life jbk_survival_half(const jbk_survival *s) {
    jbk_half_life h = {-1, -1, -1, -1};
    for (size_t i = s->n; i--;) {
        const jbk_survival_step *p = &s->at[i];
        if (p->early <= 0.5) h.early = p->at;
        if (p->late <= 0.5) h.late = p->at;
        if (p->low <= 0.5) h.low = p->at;
        if (p->high <= 0.5) h.high = p->at;
    }
    return h;
}
