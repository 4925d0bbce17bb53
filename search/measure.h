/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Statistics of counts, and numbers as decimals. */
#ifndef JBK_SEARCH_MEASURE_H
#define JBK_SEARCH_MEASURE_H

#include "base/mem.h"

__extension__ typedef unsigned __int128 jbk_u128; /* sums of 2^32 counts below 2^60 are exact */

typedef enum {
    JBK_STAT_SUM,
    JBK_STAT_MEAN,
    JBK_STAT_MEDIAN,
    JBK_STAT_P90,
    JBK_STATS
} jbk_stat_kind;
extern const char *const jbk_stat_names[JBK_STATS];

/* What the values of a count field come to in one cell of a table.  Absent ones are in no
 * statistic; a lower bound stands for its number. */
typedef struct {
    uint64_t known, absent, bounds; /* bounds are among the known */
    jbk_u128 sum;
    uint64_t median_twice; /* the middle one twice, or the middle two added */
    uint64_t p90;          /* nearest rank */
} jbk_measure;

/* Values and their cells, kept where a statistic needs them in order. */
typedef struct {
    uint32_t cell;
    uint64_t value;
} jbk_sample;
typedef struct {
    bool kept;
    JBK_VEC(jbk_sample) list;
} jbk_samples;

/* One more packed count, or JBK_ABSENT, of the measure's cell. */
void jbk_measure_add(jbk_measure *m, jbk_samples *samples, uint32_t cell, int64_t packed);
/* Medians and ranks of `ncells` measures that stand `step` apart. */
void jbk_measure_ranks(jbk_measure *measures, size_t step, uint32_t ncells, jbk_samples *samples);

/* Append numerator / denominator (not 0), rounded half up to that many decimals.  Where
 * `trimmed`, zeros at its end are left out.  numerator * 10^decimals must fit. */
void jbk_put_ratio(jbk_buf *out, jbk_u128 numerator, jbk_u128 denominator, int decimals,
                   bool trimmed);

#endif
