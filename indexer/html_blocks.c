/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "html_blocks.h"

#include "base/utf8.h"
#include "html_words.h"
#include "text/chars.h"

#include <stdlib.h>

typedef struct {
    jbk_html_blocks *out;
    jbk_html_block open; /* the block being gathered */
    const jbk_html_node *owner;
    bool blank;    /* white space is due before the next character */
    bool verbatim; /* inside pre: line ends are kept */
    int links, heading;
} collector;

static bool is_block(jbk_html_tag tag) {
    return tag != JBK_TAG_TEXT && tag != JBK_TAG_OTHER && tag != JBK_TAG_A && tag != JBK_TAG_TIME;
}

static bool is_point(uint32_t cp) {
    return (cp < 0x80 && strchr(",.;:!?", (int)cp) && cp) || (cp >= 0x3001 && cp <= 0x3002) ||
           cp == 0xFF0C || cp == 0xFF01 || cp == 0xFF1F || cp == 0xFF1A || cp == 0xFF1B ||
           cp == 0x60C || cp == 0x61B || cp == 0x61F || cp == 0x6D4 || cp == 0x2026;
}

static bool ends_sentence(uint32_t cp) {
    return (is_point(cp) && cp != ',' && cp != 0xFF0C && cp != 0x60C && cp != ':' &&
            cp != 0xFF1A) ||
           cp == '"' || cp == 0xBB || cp == 0x201D || cp == 0x300D || cp == 0x300F;
}

static bool is_blank(uint32_t cp) {
    return cp <= ' ' || cp == 0xA0 || cp == 0x3000 || cp == 0x200B || cp == 0xFEFF;
}

static void add_cp(collector *c, uint32_t cp) {
    jbk_buf *text = &c->out->text;
    if (is_blank(cp)) {
        /* An ideographic or no-break blank inside a line is the author's. */
        bool line = c->verbatim && cp == '\n';
        if (text->len > c->open.start && (line || cp == 0xA0 || cp == 0x3000))
            jbk_utf8_put(text, line ? '\n' : cp);
        else
            c->blank = true;
        return;
    }
    if (c->blank && text->len > c->open.start) jbk_buf_byte(text, ' ');
    c->blank = false;
    jbk_utf8_put(text, cp);
    jbk_html_block *b = &c->open;
    if (is_point(cp)) b->points++;
    b->closed = ends_sentence(cp) || (b->closed && (cp == ')' || cp == 0xFF09));
    if (!jbk_cp_wordy(cp)) return;
    jbk_script script = jbk_cp_script(cp);
    uint32_t weight = script == JBK_SCRIPT_HAN || script == JBK_SCRIPT_KANA ? 2 : 1;
    b->weight += weight;
    if (c->links) b->linked += weight;
}

/* The open block ends here. */
static void flush(collector *c) {
    jbk_buf *text = &c->out->text;
    static const char *const BLANKS[] = {" ", "\n", "\xC2\xA0", "\xE3\x80\x80"};
    for (size_t i = 0; i < 4; i++) {
        size_t n = strlen(BLANKS[i]);
        if (text->len < c->open.start + n || memcmp(text->data + text->len - n, BLANKS[i], n))
            continue;
        text->len -= n;
        i = (size_t)-1;
    }
    c->open.len = text->len - c->open.start;
    c->open.owner = c->owner;
    c->open.heading = (uint8_t)c->heading;
    if (c->open.weight)
        jbk_vec_push(&c->out->at, c->open);
    else
        text->len = c->open.start;
    c->open = (jbk_html_block){.start = text->len};
    c->blank = false;
}

/* A date before the first letter of a paragraph, in the same line: a line of its own. */
static bool is_dateline(const collector *c, const jbk_html_node *n) {
    if (n->tag != JBK_TAG_TIME && n->tag != JBK_TAG_OTHER) return false;
    if (c->out->text.len > c->open.start) return false;
    return n->tag == JBK_TAG_TIME || (n->text && jbk_html_hints(n->text, n->len) & JBK_HINT_DATE);
}

static void collect(collector *c, jbk_html_node *n) {
    bool block = is_block(n->tag) || is_dateline(c, n);
    collector before = *c;
    if (block) {
        flush(c);
        c->owner = n;
        if (n->tag == JBK_TAG_PRE) c->verbatim = true;
        if (n->tag == JBK_TAG_H1 || n->tag == JBK_TAG_H2) c->heading = n->tag == JBK_TAG_H1 ? 1 : 2;
    }
    n->from = (uint32_t)c->out->at.n;
    if (n->tag == JBK_TAG_A && jbk_html_attr_of(n, "href")) c->links++;
    for (jbk_html_node *child = n->first; child; child = child->next) {
        if (child->tag == JBK_TAG_TEXT) {
            child->from = child->to = (uint32_t)c->out->at.n;
            for (size_t i = 0; i < child->len;)
                add_cp(c, jbk_utf8_next(child->text, child->len, &i));
        } else if (child->tag != JBK_TAG_HEAD && child->tag != JBK_TAG_SCRIPT &&
                   child->tag != JBK_TAG_TITLE) {
            collect(c, child);
        }
    }
    if (block) flush(c);
    n->to = (uint32_t)c->out->at.n;
    c->owner = before.owner;
    c->verbatim = before.verbatim;
    c->heading = before.heading;
    c->links = before.links;
}

void jbk_html_blocks_collect(jbk_html_tree *t, jbk_html_blocks *out) {
    collector c = {.out = out, .owner = t->root};
    collect(&c, t->root);
    flush(&c);
    t->root->to = (uint32_t)out->at.n;
}

void jbk_html_blocks_free(jbk_html_blocks *b) {
    jbk_buf_free(&b->text);
    jbk_vec_free(&b->at);
}

bool jbk_html_is_sentence(const jbk_html_block *b) {
    return b->weight >= 100 || (b->closed && b->weight >= 10) || (b->points && b->weight >= 40);
}
