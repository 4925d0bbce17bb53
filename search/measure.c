/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "measure.h"

#include "base/count.h"
#include "store/store.h"

#include <stdlib.h>

const char *const jbk_stat_names[JBK_STATS] = {"sum", "mean", "median", "p90"};

void jbk_measure_add(jbk_measure *m, jbk_samples *samples, uint32_t cell, int64_t packed) {
    if (packed == JBK_ABSENT) {
        m->absent++;
        return;
    }
    jbk_count c = jbk_count_unpack((uint64_t)packed);
    m->known++;
    m->bounds += c.lower_bound;
    m->sum += c.n;
    if (samples->kept) {
        jbk_sample s = {cell, c.n};
        jbk_vec_push(&samples->list, s);
    }
}

static int by_number(const void *x, const void *y) {
    uint64_t a = *(const uint64_t *)x, b = *(const uint64_t *)y;
    return a < b ? -1 : a > b;
}

void jbk_measure_ranks(jbk_measure *measures, size_t step, uint32_t ncells, jbk_samples *samples) {
    if (!samples->list.n) return;
    uint64_t *sorted = jbk_alloc(samples->list.n * sizeof *sorted);
    size_t *end = jbk_calloc(ncells, sizeof *end), from = 0;
    for (uint32_t c = 0; c < ncells; c++) { /* each cell's values together ... */
        end[c] = from;
        from += measures[c * step].known;
    }
    for (size_t i = 0; i < samples->list.n; i++)
        sorted[end[samples->list.at[i].cell]++] = samples->list.at[i].value;
    for (uint32_t c = 0; c < ncells; c++) { /* ... and in order */
        jbk_measure *m = &measures[c * step];
        size_t n = (size_t)m->known;
        if (!n) continue;
        uint64_t *v = sorted + end[c] - n;
        qsort(v, n, sizeof *v, by_number);
        m->median_twice = v[(n - 1) / 2] + v[n / 2];
        m->p90 = v[(9 * n + 9) / 10 - 1];
    }
    free(end);
    free(sorted);
}

void jbk_put_ratio(jbk_buf *out, jbk_u128 numerator, jbk_u128 denominator, int decimals,
                   bool trimmed) {
    char digits[48];
    int n = 0, skip = 0;
    for (int i = 0; i < decimals; i++) numerator *= 10;
    jbk_u128 v = numerator / denominator, rest = numerator % denominator;
    if (rest >= denominator - rest) v++;
    for (; v || n <= decimals; v /= 10) digits[n++] = (char)('0' + (int)(v % 10));
    while (trimmed && skip < decimals && digits[skip] == '0') skip++;
    while (n > skip) {
        if (n == decimals) jbk_buf_byte(out, '.');
        jbk_buf_byte(out, digits[--n]);
    }
}
