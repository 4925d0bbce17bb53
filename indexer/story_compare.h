/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How much of each other's text documents have. */
#ifndef JBK_INDEXER_STORY_COMPARE_H
#define JBK_INDEXER_STORY_COMPARE_H

#include "store/store.h"

/* One a thread; keeps texts that it read, in about so many bytes. */
typedef struct jbk_comparer jbk_comparer;
JBK_MUST_CHECK jbk_status jbk_comparer_new(jbk_view *view, size_t bytes, jbk_comparer **out,
                                           jbk_err *err);
void jbk_comparer_free(jbk_comparer *c); /* NULL is fine */

/* 0 to 1; 0 where it is less than half.  Quickest where `a` is that of the call before. */
JBK_MUST_CHECK jbk_status jbk_compare(jbk_comparer *c, uint32_t a, uint32_t b, double *share,
                                      jbk_err *err);

#endif
