/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Families of documents that share a skeleton: who is in them, and what stands in the slots. */
#ifndef JBK_SEARCH_STORIES_H
#define JBK_SEARCH_STORIES_H

#include "filter.h"

#include "base/intern.h"

/* The documents of a match set that are of one family, ascending. */
typedef struct {
    uint32_t story;
    uint32_t start, n; /* in the list's `docs` */
} jbk_story;
typedef struct {
    jbk_docs docs;
    JBK_VEC(jbk_story) at; /* the largest first; of equals the earliest document first */
} jbk_stories;

/* Families of which at least `least` documents match. */
JBK_MUST_CHECK jbk_status jbk_stories_find(jbk_index *x, const roaring_bitmap_t *match,
                                           uint64_t least, jbk_stories *out, jbk_err *err);
void jbk_stories_free(jbk_stories *s);

/* --- the template --- */

typedef struct {
    jbk_str code; /* of a name that has one; empty */
    jbk_str text; /* as it is written first */
    uint32_t docs;
} jbk_slot_value;

/* What is another thing in other documents.  The same thing at several places is one slot. */
typedef struct {
    bool number; /* else a name */
    uint32_t missing; /* documents where nothing stands for it */
    JBK_VEC(jbk_slot_value) values; /* the most frequent first */
} jbk_slot;

/* A piece of the first document's title or text. */
typedef struct {
    jbk_str text;
    uint32_t slot; /* 1 + its number; 0: the same everywhere, or at least not a name */
    bool title;
} jbk_template_piece;

typedef struct {
    uint32_t doc; /* whose text it is: the one published first */
    JBK_VEC(jbk_template_piece) pieces;
    JBK_VEC(jbk_slot) slots;
    jbk_arena arena; /* of the strings */
} jbk_template;

typedef struct jbk_templater jbk_templater; /* scratch */
JBK_MUST_CHECK jbk_status jbk_templater_new(jbk_index *x, jbk_templater **out, jbk_err *err);
void jbk_templater_free(jbk_templater *t); /* NULL is fine */

JBK_MUST_CHECK jbk_status jbk_template_make(jbk_templater *t, const uint32_t *docs, size_t n,
                                            jbk_template *out, jbk_err *err);
void jbk_template_free(jbk_template *t);

#endif
