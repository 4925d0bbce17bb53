/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A match set over time. */
#ifndef JBK_SEARCH_HISTOGRAM_H
#define JBK_SEARCH_HISTOGRAM_H

#include "table.h"

typedef struct {
    jbk_table table; /* of one axis, which has its name */
    jbk_bins bins;   /* in order of time, empty ones between others included; the missing not */
    uint64_t missing;
} jbk_histogram;

/* "FIELD:unit". */
JBK_MUST_CHECK jbk_status jbk_histogram_parse(const char *spec, jbk_histogram *out, jbk_err *err);
JBK_MUST_CHECK jbk_status jbk_histogram_count(jbk_index *x, const roaring_bitmap_t *set,
                                              jbk_histogram *h, jbk_err *err);
uint64_t jbk_histogram_at(const jbk_histogram *h, size_t i); /* documents in bins.at[i] */
void jbk_histogram_free(jbk_histogram *h);

/* Say on stderr that the empty bins of an axis are too many to show. */
void jbk_note_gaps(const jbk_axis *a);

#endif
