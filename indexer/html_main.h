/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef JBK_INDEXER_HTML_MAIN_H
#define JBK_INDEXER_HTML_MAIN_H

#include "html_tree.h"

/* What the head of the page says of its text; NULL where it does not. */
typedef struct {
    const char *titles[4];
    const char *description;
} jbk_html_clues;

typedef struct {
    jbk_buf text;     /* paragraphs, a line each */
    jbk_buf heading;  /* of the article, as the page shows it */
    jbk_buf dateline; /* the lines between heading and text, a line each */
} jbk_html_main_text;

/* Find the main text: what is left without navigation, adverts, related links and comments. */
void jbk_html_main(jbk_html_tree *t, const jbk_html_clues *clues, jbk_html_main_text *out);
void jbk_html_main_free(jbk_html_main_text *m);

#endif
