/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An HTML page as a tree, without what nobody sees: scripts, styles, templates, hidden parts.
 * Parsed by libxml2 without a network and without entities of the page's own; its size, depth
 * and number of nodes are bounded. */
#ifndef JBK_INDEXER_HTML_TREE_H
#define JBK_INDEXER_HTML_TREE_H

#include "base/mem.h"
#include "store/record.h"

/* Tags that mean something to us; all others are OTHER. */
typedef enum {
    JBK_TAG_TEXT, /* a run of characters, not an element */
    JBK_TAG_OTHER,
    JBK_TAG_A,
    JBK_TAG_ARTICLE,
    JBK_TAG_ASIDE,
    JBK_TAG_BLOCKQUOTE,
    JBK_TAG_BODY,
    JBK_TAG_BR,
    JBK_TAG_DIV,
    JBK_TAG_FIGCAPTION,
    JBK_TAG_FOOTER,
    JBK_TAG_H1,
    JBK_TAG_H2, /* and h3 to h6 */
    JBK_TAG_HEAD,
    JBK_TAG_HEADER,
    JBK_TAG_HTML,
    JBK_TAG_LI,
    JBK_TAG_LINK,
    JBK_TAG_MAIN,
    JBK_TAG_META,
    JBK_TAG_NAV,
    JBK_TAG_P,
    JBK_TAG_PRE,
    JBK_TAG_SCRIPT, /* JSON-LD and short inline ones; their text is a child */
    JBK_TAG_SECTION,
    JBK_TAG_TABLE,
    JBK_TAG_TD, /* and th */
    JBK_TAG_TIME,
    JBK_TAG_TITLE,
    JBK_TAG_BLOCK, /* any other that begins a line */
    JBK_TAG_SKIP   /* what is not seen; never in the tree */
} jbk_html_tag;

typedef struct {
    const char *name, *value;
} jbk_html_attr;

typedef struct jbk_html_node {
    struct jbk_html_node *parent, *first, *last, *next;
    jbk_html_tag tag;
    uint32_t shape;   /* hash of the tag's name and class */
    const char *text; /* of TEXT; of elements the class and id, blank-separated */
    uint32_t len;     /* of text */
    uint32_t nattrs;  /* those of interest only */
    const jbk_html_attr *attrs;
    uint32_t from, to; /* the blocks below it, for html_main.c */
} jbk_html_node;

typedef struct {
    jbk_html_node *root; /* html, or whatever came first; has no text of its own */
    jbk_arena arena;
    const char *saved_from; /* url of a "saved from url" comment, or NULL */
} jbk_html_tree;

#define JBK_HTML_BYTES_MAX ((size_t)32 << 20)
#define JBK_HTML_NODES_MAX ((size_t)1 << 20)
#define JBK_HTML_DEPTH_MAX 2000

/* Parse UTF-8.  NULL, or what is wrong with the page (a static string); the tree is to be freed
 * in both cases. */
const char *jbk_html_parse(const char *html, size_t len, jbk_html_tree *out);
void jbk_html_tree_free(jbk_html_tree *t);

/* NULL where there is none. */
const char *jbk_html_attr_of(const jbk_html_node *n, const char *name);

/* The node after `n` in document order, below `top`; NULL at the end.  With `skip` not into n. */
jbk_html_node *jbk_html_next(const jbk_html_node *n, const jbk_html_node *top, bool skip);

/* Append the text below `n`, white space as single blanks. */
void jbk_html_text(const jbk_html_node *n, jbk_buf *out);

#endif
