/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The lines of a page: text between two borders of block elements. */
#ifndef JBK_INDEXER_HTML_BLOCKS_H
#define JBK_INDEXER_HTML_BLOCKS_H

#include "html_tree.h"

typedef struct {
    const jbk_html_node *owner; /* the block element it stands in */
    size_t start, len;          /* in the text of all blocks */
    uint32_t weight;            /* letters and digits, a Han character counting twice */
    uint32_t linked;            /* of them, in links */
    uint32_t points;            /* punctuation marks of sentences */
    bool closed;                /* ends as a sentence does */
    uint8_t heading;            /* 1 or 2 for h1, h2 to h6 */
    bool bad;                   /* navigation, advert, comment ... */
    bool minor;                 /* byline, date, tags */
    bool good;                  /* inside something named like an article */
    bool item;                  /* in a list of things alike */
    double score;
} jbk_html_block;

typedef struct {
    jbk_buf text;
    JBK_VEC(jbk_html_block) at;
} jbk_html_blocks;

/* Cut the tree into blocks; sets `from` and `to` of its nodes. */
void jbk_html_blocks_collect(jbk_html_tree *t, jbk_html_blocks *out);
void jbk_html_blocks_free(jbk_html_blocks *b);

/* Whether it reads like a sentence or more. */
bool jbk_html_is_sentence(const jbk_html_block *b);
/* Mostly link. */
static inline bool jbk_html_is_linked(const jbk_html_block *b) { return b->linked * 2 > b->weight; }

#endif
