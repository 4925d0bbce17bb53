/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef JBK_INDEXER_HTML_META_H
#define JBK_INDEXER_HTML_META_H

#include "html_tree.h"

/* What a page says of itself outside its text, each from the most trusted place that gives it:
 * OpenGraph and other meta elements, JSON-LD, microdata, links.  NULL: nowhere.  In the tree's
 * arena. */
typedef struct {
    const char *og_title, *headline, *title, *description;
    const char *published; /* can be read by jbk_time_parse */
    const char *author, *section, *site, *url, *lang;
    const char *tags; /* joined by JBK_SET_SEP, sorted */
} jbk_html_meta;

void jbk_html_meta_read(jbk_html_tree *t, jbk_html_meta *out);

/* The first date in a line that stands there whole with year, month and day ("来源：新华社
 * 2019年12月9日 10:12"), as jbk_time_parse reads it; or NULL.  In the arena. */
const char *jbk_html_date_in(const char *line, size_t len, jbk_arena *arena);

#endif
