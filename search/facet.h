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
    JBK_VEC(jbk_facet_value) values; /* by count, most first, then by value; all of them */
    uint64_t missing;                /* documents without a value */
    jbk_arena arena;
} jbk_facet;

/* "FIELD" (ten values), "FIELD:N", "FIELD:0" (all). */
JBK_MUST_CHECK jbk_status jbk_facet_parse(const char *spec, jbk_facet *out, jbk_err *err);
JBK_MUST_CHECK jbk_status jbk_facet_count(jbk_index *x, const roaring_bitmap_t *set, jbk_facet *f,
                                          jbk_err *err);
/* Values to show, and the documents (value by value) that the rest holds. */
size_t jbk_facet_shown(const jbk_facet *f, uint64_t *other);
void jbk_facet_free(jbk_facet *f);

#endif
