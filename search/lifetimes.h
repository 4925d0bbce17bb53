/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The lifetimes of a match set, from the histories of its documents. */
#ifndef JBK_SEARCH_LIFETIMES_H
#define JBK_SEARCH_LIFETIMES_H

#include "axis.h"
#include "survival.h"

/* Documents that are in no curve, and why. */
typedef struct {
    uint64_t undated; /* no time of publication, or one after all that was seen */
    uint64_t unseen;  /* nobody looked, or never saw it alive */
    uint64_t once;    /* seen alive once, and not looked for again */
} jbk_left_out;

typedef struct {
    uint32_t bin; /* of the axis; JBK_BIN_ANY: all of them */
    uint64_t documents, gone, there;
    jbk_lifetimes lives;
    jbk_survival curve;
} jbk_survival_group;

typedef struct {
    JBK_VEC(jbk_survival_group) groups; /* the first is of all */
    jbk_left_out left_out;
} jbk_lives;

/* `axis` may be NULL; it has no sets.  As of the index's time. */
JBK_MUST_CHECK jbk_status jbk_lives_find(jbk_index *x, const roaring_bitmap_t *set, jbk_axis *axis,
                                         jbk_lives *out, jbk_err *err);
void jbk_lives_free(jbk_lives *l);

#endif
