/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef JBK_SEARCH_OUT_JSON_H
#define JBK_SEARCH_OUT_JSON_H

#include "output.h"

#include <jansson.h>

/* Append v, compact, and drop the reference. */
void jbk_json_put(jbk_buf *out, json_t *v);
/* A string; ill-formed bytes become U+FFFD. */
json_t *jbk_json_str(const char *s, size_t len);
json_t *jbk_json_as_of(const char *as_of); /* null where it is */
/* What was searched: its documents and generation. */
json_t *jbk_json_index(jbk_index *x);
/* Set the members of `o` from the hit's cells; absent ones are left out. */
JBK_MUST_CHECK jbk_status jbk_json_hit(jbk_index *x, const jbk_hit *hit, const jbk_columns *columns,
                                       jbk_buf *cell, json_t *o, jbk_err *err);

#endif
