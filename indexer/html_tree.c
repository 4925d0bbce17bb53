/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "html_tree.h"

#include "base/hash.h"

#include <libxml/HTMLparser.h>
#include <libxml/parserInternals.h>
#include <pthread.h>
#include <stdlib.h>
#include <strings.h>

/* Sorted by name. */
static const struct {
    const char *name;
    jbk_html_tag tag;
} TAGS[] = {{"a", JBK_TAG_A},
            {"address", JBK_TAG_BLOCK},
            {"amp-ad", JBK_TAG_SKIP},
            {"amp-consent", JBK_TAG_SKIP},
            {"amp-embed", JBK_TAG_SKIP},
            {"amp-sidebar", JBK_TAG_SKIP},
            {"amp-user-notification", JBK_TAG_SKIP},
            {"article", JBK_TAG_ARTICLE},
            {"aside", JBK_TAG_ASIDE},
            {"audio", JBK_TAG_SKIP},
            {"blockquote", JBK_TAG_BLOCKQUOTE},
            {"body", JBK_TAG_BODY},
            {"br", JBK_TAG_BR},
            {"button", JBK_TAG_SKIP},
            {"canvas", JBK_TAG_SKIP},
            {"caption", JBK_TAG_BLOCK},
            {"center", JBK_TAG_BLOCK},
            {"dd", JBK_TAG_BLOCK},
            {"details", JBK_TAG_BLOCK},
            {"dialog", JBK_TAG_SKIP},
            {"dir", JBK_TAG_BLOCK},
            {"div", JBK_TAG_DIV},
            {"dl", JBK_TAG_BLOCK},
            {"dt", JBK_TAG_BLOCK},
            {"embed", JBK_TAG_SKIP},
            {"fieldset", JBK_TAG_BLOCK},
            {"figcaption", JBK_TAG_FIGCAPTION},
            {"figure", JBK_TAG_BLOCK},
            {"footer", JBK_TAG_FOOTER},
            {"form", JBK_TAG_BLOCK},
            {"h1", JBK_TAG_H1},
            {"h2", JBK_TAG_H2},
            {"h3", JBK_TAG_H2},
            {"h4", JBK_TAG_H2},
            {"h5", JBK_TAG_H2},
            {"h6", JBK_TAG_H2},
            {"head", JBK_TAG_HEAD},
            {"header", JBK_TAG_HEADER},
            {"hr", JBK_TAG_BR},
            {"html", JBK_TAG_HTML},
            {"iframe", JBK_TAG_SKIP},
            {"input", JBK_TAG_SKIP},
            {"legend", JBK_TAG_BLOCK},
            {"li", JBK_TAG_LI},
            {"link", JBK_TAG_LINK},
            {"main", JBK_TAG_MAIN},
            {"map", JBK_TAG_SKIP},
            {"math", JBK_TAG_SKIP},
            {"menu", JBK_TAG_NAV},
            {"meta", JBK_TAG_META},
            {"nav", JBK_TAG_NAV},
            {"noframes", JBK_TAG_SKIP},
            {"noscript", JBK_TAG_SKIP},
            {"object", JBK_TAG_SKIP},
            {"ol", JBK_TAG_BLOCK},
            {"optgroup", JBK_TAG_SKIP},
            {"option", JBK_TAG_SKIP},
            {"p", JBK_TAG_P},
            {"pre", JBK_TAG_PRE},
            {"rp", JBK_TAG_SKIP},
            {"rt", JBK_TAG_SKIP},
            {"script", JBK_TAG_SCRIPT},
            {"section", JBK_TAG_SECTION},
            {"select", JBK_TAG_SKIP},
            {"style", JBK_TAG_SKIP},
            {"summary", JBK_TAG_BLOCK},
            {"svg", JBK_TAG_SKIP},
            {"table", JBK_TAG_TABLE},
            {"tbody", JBK_TAG_BLOCK},
            {"td", JBK_TAG_TD},
            {"template", JBK_TAG_SKIP},
            {"textarea", JBK_TAG_SKIP},
            {"tfoot", JBK_TAG_BLOCK},
            {"th", JBK_TAG_TD},
            {"thead", JBK_TAG_BLOCK},
            {"time", JBK_TAG_TIME},
            {"title", JBK_TAG_TITLE},
            {"tr", JBK_TAG_BLOCK},
            {"ul", JBK_TAG_BLOCK},
            {"video", JBK_TAG_SKIP}};

static int compare_tag(const void *name, const void *row) {
    const char *const *n = row;
    return strcmp(name, *n);
}

static jbk_html_tag tag_of(const char *name) {
    const void *row = bsearch(name, TAGS, sizeof TAGS / sizeof *TAGS, sizeof *TAGS, compare_tag);
    return row ? TAGS[(size_t)((const char *)row - (const char *)TAGS) / sizeof *TAGS].tag
               : JBK_TAG_OTHER;
}

typedef struct {
    xmlParserCtxtPtr parser;
    jbk_html_tree *tree;
    jbk_html_node *at; /* the open element */
    /* Elements open inside one that is not seen, and how many of at's are open beyond the depth
     * that the tree holds. */
    size_t hidden;
    size_t nodes, depth;
    const char *problem;
} builder;

static void stop(builder *b, const char *problem) {
    if (!b->problem) b->problem = problem;
    xmlStopParser(b->parser);
}

static jbk_html_node *add_node(builder *b, jbk_html_tag tag) {
    if (++b->nodes > JBK_HTML_NODES_MAX) {
        stop(b, "more elements than a page has");
        return NULL;
    }
    jbk_html_node *n = jbk_arena_alloc(&b->tree->arena, sizeof *n);
    *n = (jbk_html_node){.parent = b->at, .tag = tag};
    if (b->at->last)
        b->at->last->next = n;
    else
        b->at->first = n;
    b->at->last = n;
    return n;
}

/* --- attributes --- */

static const char *const KEPT[] = {
    "aria-label", "charset", "content",  "datetime", "href", "http-equiv", "itemprop", "itemtype",
    "lang",       "name",    "property", "pubdate",  "rel",  "role",       "type",     "xml:lang"};
enum { NKEPT = sizeof KEPT / sizeof *KEPT, VALUE_MAX = 8192 };

static const char *raw_attr(const xmlChar **atts, const char *name) {
    for (size_t i = 0; atts && atts[i]; i += 2)
        if (!strcasecmp((const char *)atts[i], name))
            return atts[i + 1] ? (const char *)atts[i + 1] : "";
    return NULL;
}

/* A style that hides.  "visibility" is not among them: pages that draw themselves start so. */
static bool style_hides(const char *style) {
    for (const char *s = style; (s = strcasestr(s, "display")); s += 7) {
        const char *p = s + 7 + strspn(s + 7, " \t\n");
        if (*p++ != ':') continue;
        p += strspn(p, " \t\n");
        if (!strncasecmp(p, "none", 4)) return true;
    }
    return false;
}

static bool is_hidden(const xmlChar **atts) {
    const char *aria = raw_attr(atts, "aria-hidden"), *style = raw_attr(atts, "style");
    return raw_attr(atts, "hidden") || (aria && !strcasecmp(aria, "true")) ||
           (style && style_hides(style));
}

static const char *keep(builder *b, const char *s) {
    size_t len = strnlen(s, VALUE_MAX);
    return jbk_arena_dup(&b->tree->arena, s, len);
}

static void keep_attrs(builder *b, jbk_html_node *n, const xmlChar **atts) {
    jbk_html_attr found[NKEPT];
    uint32_t count = 0;
    for (size_t i = 0; i < NKEPT; i++) {
        const char *value = raw_attr(atts, KEPT[i]);
        if (value) found[count++] = (jbk_html_attr){KEPT[i], keep(b, value)};
    }
    if (!count) return;
    jbk_html_attr *attrs = jbk_arena_alloc(&b->tree->arena, count * sizeof *attrs);
    memcpy(attrs, found, count * sizeof *attrs);
    n->attrs = attrs;
    n->nattrs = count;
}

static void keep_names(builder *b, jbk_html_node *n, const char *tag, const xmlChar **atts) {
    const char *class = raw_attr(atts, "class"), *id = raw_attr(atts, "id");
    n->shape = (uint32_t)jbk_hash_seed(class ? class : "", class ? strlen(class) : 0,
                                       jbk_hash(tag, strlen(tag)));
    if (!class && !id) return;
    size_t nc = class ? strnlen(class, 400) : 0, ni = id ? strnlen(id, 200) : 0;
    char *s = jbk_arena_alloc(&b->tree->arena, nc + ni + 2);
    if (nc) memcpy(s, class, nc);
    s[nc] = ' ';
    if (ni) memcpy(s + nc + 1, id, ni);
    s[nc + 1 + ni] = '\0';
    n->text = s;
    n->len = (uint32_t)(nc + 1 + ni);
}

/* --- libxml2's events --- */

static void on_start(void *arg, const xmlChar *name, const xmlChar **atts) {
    builder *b = arg;
    if (b->problem) return;
    if (b->parser->nameNr > JBK_HTML_DEPTH_MAX) {
        stop(b, "elements nested deeper than in any page");
        return;
    }
    if (b->hidden) {
        b->hidden++;
        return;
    }
    jbk_html_tag tag = tag_of((const char *)name);
    bool structural = tag == JBK_TAG_HTML || tag == JBK_TAG_BODY || tag == JBK_TAG_HEAD;
    if (tag == JBK_TAG_SKIP || (!structural && is_hidden(atts))) {
        b->hidden = 1;
        return;
    }
    jbk_html_node *n = add_node(b, tag);
    if (!n) return;
    keep_attrs(b, n, atts);
    keep_names(b, n, (const char *)name, atts);
    b->at = n;
}

static void on_end(void *arg, const xmlChar *name) {
    builder *b = arg;
    (void)name;
    if (b->problem) return;
    if (b->hidden)
        b->hidden--;
    else if (b->at->parent)
        b->at = b->at->parent;
}

static void on_text(void *arg, const xmlChar *s, int len) {
    builder *b = arg;
    if (b->problem || b->hidden || len <= 0) return;
    jbk_html_node *n = add_node(b, JBK_TAG_TEXT);
    if (!n) return;
    n->text = jbk_arena_dup(&b->tree->arena, (const char *)s, (size_t)len);
    n->len = (uint32_t)len;
}

static void on_comment(void *arg, const xmlChar *value) {
    static const char MARK[] = " saved from url=(";
    builder *b = arg;
    const char *s = (const char *)value;
    if (b->tree->saved_from || !s || strncmp(s, MARK, sizeof MARK - 1)) return;
    s = strchr(s, ')');
    if (!s) return;
    size_t len = strcspn(++s, " \t\r\n");
    b->tree->saved_from = jbk_arena_dup(&b->tree->arena, s, len);
}

static pthread_once_t once = PTHREAD_ONCE_INIT;

const char *jbk_html_parse(const char *html, size_t len, jbk_html_tree *out) {
    *out = (jbk_html_tree){0};
    out->root = jbk_arena_alloc(&out->arena, sizeof *out->root);
    *out->root = (jbk_html_node){.tag = JBK_TAG_OTHER};
    if (len > JBK_HTML_BYTES_MAX) return "larger than 32 MiB";
    if (!len) return NULL;
    pthread_once(&once, xmlInitParser);
    xmlParserCtxtPtr p = htmlCreateMemoryParserCtxt(html, (int)len);
    if (!p) jbk_out_of_memory();
    builder b = {.parser = p, .tree = out, .at = out->root};
    *p->sax = (xmlSAXHandler){.startElement = on_start,
                              .endElement = on_end,
                              .characters = on_text,
                              .ignorableWhitespace = on_text,
                              .cdataBlock = on_text,
                              .comment = on_comment};
    p->userData = &b;
    htmlCtxtUseOptions(p, HTML_PARSE_RECOVER | HTML_PARSE_NONET | HTML_PARSE_NOERROR |
                              HTML_PARSE_NOWARNING | HTML_PARSE_IGNORE_ENC | HTML_PARSE_NODEFDTD);
    xmlSwitchEncoding(p, XML_CHAR_ENCODING_UTF8);
    htmlParseDocument(p);
    if (p->myDoc) xmlFreeDoc(p->myDoc);
    p->myDoc = NULL;
    htmlFreeParserCtxt(p);
    return b.problem;
}

void jbk_html_tree_free(jbk_html_tree *t) { jbk_arena_free(&t->arena); }

/* --- reading it --- */

const char *jbk_html_attr_of(const jbk_html_node *n, const char *name) {
    for (uint32_t i = 0; i < n->nattrs; i++)
        if (!strcmp(n->attrs[i].name, name)) return n->attrs[i].value;
    return NULL;
}

jbk_html_node *jbk_html_next(const jbk_html_node *n, const jbk_html_node *top, bool skip) {
    if (n->first && !skip) return n->first;
    while (n != top && !n->next) n = n->parent;
    return n == top ? NULL : n->next;
}

void jbk_html_text(const jbk_html_node *top, jbk_buf *out) {
    size_t start = out->len;
    bool blank = false;
    for (const jbk_html_node *n = top; n; n = jbk_html_next(n, top, n->tag == JBK_TAG_SCRIPT)) {
        if (n->tag != JBK_TAG_TEXT) {
            blank |= n->tag != JBK_TAG_OTHER && n->tag != JBK_TAG_A;
            continue;
        }
        for (uint32_t i = 0; i < n->len; i++) {
            if (strchr(" \t\r\n\f", n->text[i])) {
                blank = true;
                continue;
            }
            if (blank && out->len > start) jbk_buf_byte(out, ' ');
            blank = false;
            jbk_buf_byte(out, n->text[i]);
        }
    }
}
