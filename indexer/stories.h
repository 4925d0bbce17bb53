/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Families of documents that share a skeleton: the column JBK_F_STORY. */
#ifndef JBK_INDEXER_STORIES_H
#define JBK_INDEXER_STORIES_H

#include "store/store.h"

/* Put the documents that came since the last time into families, old or new, in one commit.  There
 * are at most `jobs` threads, 8 in all; texts are kept in `memory` bytes, beside some 20 MB.  What
 * a crash left out the next call makes up for. */
JBK_MUST_CHECK jbk_status jbk_stories_join(jbk_store *store, unsigned jobs, size_t memory,
                                           jbk_err *err);

#endif
