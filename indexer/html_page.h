/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A web page to what a record wants of it. */
#ifndef JBK_INDEXER_HTML_PAGE_H
#define JBK_INDEXER_HTML_PAGE_H

#include "base/mem.h"
#include "store/record.h"
#include "text/encoding.h"

typedef struct {
    jbk_str title, text, published, author, section, site, url, tags, lang;
    const jbk_encoding *encoding; /* the page was read in */
    uint64_t bad;                 /* places that could not be read in it */
} jbk_html_page;

/* Read a page.  `declared` is the encoding that HTTP says (NULL: none); a page that declares its
 * own is believed after it.  Strings go to the arena; absent ones are NULL.  `published` is as
 * written and can be read by jbk_time_parse.  Text is the main text, a line a paragraph.
 * NULL, or why the page cannot be read (a static string). */
const char *jbk_html_page_read(const char *bytes, size_t len, const jbk_encoding *declared,
                               jbk_arena *arena, jbk_html_page *out);

#endif
