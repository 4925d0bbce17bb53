/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How often each value of a field occurs in a match set. */
#ifndef JBK_SEARCH_FACET_H
#define JBK_SEARCH_FACET_H

#include "index.h"

typedef struct {
    jbk_str value; /* owned by the facet */
    uint64_t count;
} jbk_facet_value;

typedef struct {
    char *name;                      /* as asked for */
    uint32_t limit;                  /* 0: all */
    int field;                       /* -1: an extra */
    JBK_VEC(jbk_facet_value) values; /* the first `limit`, by count, most first, then by value */
    uint64_t others;                 /* values that are not shown */
    uint64_t other;                  /* what they hold, value by value */
    uint64_t missing;                /* documents without a value */
    jbk_arena arena;
} jbk_facet;

/* "FIELD" (ten values), "FIELD:N", "FIELD:0" (all). */
JBK_MUST_CHECK jbk_status jbk_facet_parse(const char *spec, jbk_facet *out, jbk_err *err);
JBK_MUST_CHECK jbk_status jbk_facet_count(jbk_index *x, const roaring_bitmap_t *set, jbk_facet *f,
                                          jbk_err *err);
void jbk_facet_free(jbk_facet *f);

#endif
