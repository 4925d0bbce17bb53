/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The columns that observations decide, as they were at a time: made a chunk at a time when asked
 * for, from the histories, and read like any chunk. */
#ifndef JBK_SEARCH_ASOF_H
#define JBK_SEARCH_ASOF_H

#include "store/record.h"

/* "2020-04-15", "2020-04", "2020-04-15T12:00+06:00", "2020-04-15+06:00": the last millisecond of
 * what is named, in the zone given or +08:00. */
JBK_MUST_CHECK jbk_status jbk_asof_parse(const char *text, int64_t *until_ms, jbk_err *err);

typedef struct jbk_asof jbk_asof;

/* `view` outlives it. */
JBK_MUST_CHECK jbk_status jbk_asof_new(jbk_view *view, int64_t until_ms, jbk_asof **out,
                                       jbk_err *err);
void jbk_asof_free(jbk_asof *a); /* NULL is fine */
bool jbk_asof_decides(jbk_field_id f);
/* As jbk_view_chunk, of a field that it decides; lives as long as `a`. */
JBK_MUST_CHECK jbk_status jbk_asof_chunk(jbk_asof *a, jbk_field_id f, uint32_t chunk,
                                         jbk_chunk *out, jbk_err *err);

int64_t jbk_asof_until(const jbk_asof *a);

/* When a record itself saw what it says, packed: when it was collected, else (`collected_at`
 * absent) when document `doc` was indexed. */
int64_t jbk_asof_own_time(const jbk_asof *a, uint32_t doc, int64_t collected_at);

#endif
