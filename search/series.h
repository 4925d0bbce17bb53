/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A match set as it was known at the end of each day, week, month or year, China's time: how many
 * had been observed, were live and gone, and what their counts came to. */
#ifndef JBK_SEARCH_SERIES_H
#define JBK_SEARCH_SERIES_H

#include "bins.h"
#include "sheet.h"

#define JBK_SERIES_NAME "observed_at"

/* Is the spec of --by a series?  Then *unit is its (JBK_USAGE where there is no such unit). */
bool jbk_series_named(const char *spec);
JBK_MUST_CHECK jbk_status jbk_series_parse(const char *spec, jbk_unit *unit, jbk_err *err);

/* Fill the sheet, a row for each unit from the first observation to the last.  Of t only what is
 * measured is used: sums of counts that are observed. */
JBK_MUST_CHECK jbk_status jbk_series_count(jbk_index *x, const roaring_bitmap_t *set, jbk_unit unit,
                                           const jbk_table *t, jbk_sheet *out, jbk_err *err);

#endif
