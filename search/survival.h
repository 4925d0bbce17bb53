/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How long do posts live?  Nobody sees a post vanish: it was there at one check and gone at the
 * next.  So there are two Kaplan-Meier curves, one as if each had gone right after the check that
 * last found it, one as if each had lasted until the check that missed it; the truth lies about
 * between.  Posts that are still there count until they were last seen (censored), and every post
 * counts only from when it was first seen alive (delayed entry): what was gone before anybody
 * looked is in no curve. */
#ifndef JBK_SEARCH_SURVIVAL_H
#define JBK_SEARCH_SURVIVAL_H

#include "base/mem.h"

/* A post; times are milliseconds since its publication, not negative. */
typedef struct {
    int64_t entry; /* first seen alive */
    int64_t left;  /* last seen alive, at least `entry` */
    int64_t right; /* first found gone, more than `left`; JBK_STILL_THERE where it is not */
} jbk_lifetime;
#define JBK_STILL_THERE INT64_MAX
typedef JBK_VEC(jbk_lifetime) jbk_lifetimes;

/* What holds from `at` on, until the next step. */
typedef struct {
    int64_t at;
    uint64_t at_risk, gone; /* posts watched just before, and gone, by the later curve */
    double early, late;     /* the share that lives on, by the two curves */
    double low, high;       /* 95% limits of both, by Wilson's formula for as many posts as would
                               have the variance of Greenwood's */
} jbk_survival_step;
typedef JBK_VEC(jbk_survival_step) jbk_survival;

/* Append a step for each time at which one of the curves falls. */
void jbk_survival_estimate(const jbk_lifetime *lives, size_t n, jbk_survival *out);

/* When has half of them gone?  The times at which the early and the late curve, and the limits,
 * come down to one half; -1 where they do not. */
typedef struct {
    int64_t early, late, low, high;
} jbk_half_life;
jbk_half_life jbk_survival_half(const jbk_survival *s);

#endif
