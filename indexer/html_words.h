/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Words that pages give away what their parts are by: names of classes, and the short lines
 * over comments, related links and bylines.  Weak evidence, weighed in html_main.c. */
#ifndef JBK_INDEXER_HTML_WORDS_H
#define JBK_INDEXER_HTML_WORDS_H

#include <stdbool.h>
#include <stddef.h>

enum {
    JBK_HINT_GOOD = 1,  /* like an article */
    JBK_HINT_BODY = 2,  /* the body of an article */
    JBK_HINT_BAD = 4,   /* navigation, adverts, comments, related links */
    JBK_HINT_MINOR = 8, /* bylines, dates, tags: bad where short */
    JBK_HINT_CRUMBS = 16,
    JBK_HINT_AUTHOR = 32,
    JBK_HINT_DATE = 64
};
/* `names`: class and id, blank-separated.  A set of JBK_HINT_*. */
unsigned jbk_html_hints(const char *names, size_t len);

/* A whole line such as "Комментарии (12)" or "相关阅读：" after which no article goes on. */
bool jbk_html_ends_article(const char *line, size_t len);
/* A line that begins as a byline, a source, tags or buttons do: "来源：", "Теги:". */
bool jbk_html_is_credit(const char *line, size_t len);
/* A line that asks readers to subscribe, scan or follow, or says that it is an advert. */
bool jbk_html_is_call(const char *line, size_t len);
/* A line of the publisher's rights. */
bool jbk_html_is_rights(const char *line, size_t len);

#endif
