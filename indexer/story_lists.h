/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which documents share hashes of their sketches with new ones. */
#ifndef JBK_INDEXER_STORY_LISTS_H
#define JBK_INDEXER_STORY_LISTS_H

#include "store/store.h"

/* Of a hash, the first documents that have it.  What more have it is common and says little. */
#define JBK_STORY_LIST_MAX 32

/* The hashes of documents first .. end that another document has, too. */
typedef struct {
    uint32_t first, end;
    JBK_VEC(uint32_t)
    starts;                  /* of document first + i: its lists are at[starts[i]] .. starts[i+1] */
    JBK_VEC(uint32_t) at;    /* where a list begins in `docs` */
    JBK_VEC(uint32_t) docs;  /* of each list: how many, then the documents, ascending */
    JBK_VEC(uint32_t) order; /* scratch */
} jbk_story_lists;

JBK_MUST_CHECK jbk_status jbk_story_lists_make(jbk_story_lists *l, jbk_view *view, uint32_t first,
                                               uint32_t end, jbk_err *err);
void jbk_story_lists_free(jbk_story_lists *l);

#endif
