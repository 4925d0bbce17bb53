/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A piece of a text around its best matches. */
#ifndef JBK_SEARCH_SNIPPET_H
#define JBK_SEARCH_SNIPPET_H

#include "places.h"

typedef struct {
    uint32_t start, end; /* code points of the snippet's text, end exclusive */
} jbk_mark;

typedef struct {
    jbk_buf text;            /* as written in the source, UTF-8 */
    JBK_VEC(jbk_mark) marks; /* ascending, apart */
    bool cut_before, cut_after;
} jbk_snippet;

/* The piece of the text that holds the most different strings of the query, the first of several;
 * the title, where it holds more of them than any piece of the text.  A query without strings gets
 * the beginning of the text. */
void jbk_snippet_make(jbk_index *x, const jbk_query_list *strings, jbk_str title, jbk_str text,
                      jbk_snippet *out);
void jbk_snippet_free(jbk_snippet *s);

#endif
