/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "histogram.h"

#include <stdio.h>
#include <stdlib.h>

jbk_status jbk_histogram_parse(const char *spec, jbk_histogram *out, jbk_err *err) {
    *out = (jbk_histogram){0};
    jbk_axis *axis = &out->table.axis[0];
    jbk_status status = jbk_axis_parse("histogram", spec, strlen(spec), axis, err);
    if (!status && axis->kind != JBK_AXIS_TIMES)
        status = jbk_fail(err, JBK_USAGE, "args", "--histogram %s: %s is not a time", spec,
                          axis->field_name);
    if (status)
        jbk_histogram_free(out);
    else
        out->table.naxes = 1;
    return status;
}

void jbk_histogram_free(jbk_histogram *h) {
    jbk_table_free(&h->table);
    jbk_vec_free(&h->bins);
}

uint64_t jbk_histogram_at(const jbk_histogram *h, size_t i) {
    const jbk_cell *cell = jbk_table_cell(&h->table, h->bins.at[i], JBK_BIN_ANY);
    return cell ? cell->documents : 0;
}

void jbk_note_gaps(const jbk_axis *a) {
    fprintf(stderr, "jibek: %s spans more than %d bins: empty ones are left out\n", a->name,
            JBK_BINS_MOST);
}

jbk_status jbk_histogram_count(jbk_index *x, const roaring_bitmap_t *set, jbk_histogram *h,
                               jbk_err *err) {
    bool gaps = true;
    jbk_status status = jbk_table_count(x, set, &h->table, err);
    if (status) return status;
    jbk_table_bins(&h->table, 0, &gaps, &h->bins);
    if (!gaps) jbk_note_gaps(&h->table.axis[0]);
    const jbk_cell *without = jbk_table_cell(&h->table, JBK_BIN_MISSING, JBK_BIN_ANY);
    h->missing = without ? without->documents : 0;
    if (h->missing) h->bins.n--; /* they stand last */
    return JBK_OK;
}
