/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How much of each other's text documents have. */
#ifndef JBK_INDEXER_STORY_COMPARE_H
#define JBK_INDEXER_STORY_COMPARE_H

#include "store/store.h"

/* Texts that were read, for all threads. */
typedef struct jbk_texts jbk_texts;
jbk_texts *jbk_texts_new(jbk_view *view);
void jbk_texts_free(jbk_texts *t); /* after the comparers; NULL is fine */

/* One a thread. */
typedef struct jbk_comparer jbk_comparer;
JBK_MUST_CHECK jbk_status jbk_comparer_new(jbk_texts *texts, jbk_comparer **out, jbk_err *err);
void jbk_comparer_free(jbk_comparer *c); /* NULL is fine */

/* 0 to 1; 0 where it is less than half.  Quickest where `a` is that of the call before. */
JBK_MUST_CHECK jbk_status jbk_compare(jbk_comparer *c, uint32_t a, uint32_t b, double *share,
                                      jbk_err *err);

/* While no thread compares: free the texts whose places others have taken, and of the others as
 * many as are more than `most` bytes. */
void jbk_texts_trim(jbk_texts *t, size_t most);

#endif
