/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef JBK_INDEXER_PURGE_H
#define JBK_INDEXER_PURGE_H

#include "store/store.h"

/* Merge all segments into one; with `purge` rewrite also where there is only one but something
 * forgotten in it, and take what only forgotten records had out of meta.mdb.  One commit.  The
 * store is to be closed afterwards.  *before, *after: numbers of segments. */
JBK_MUST_CHECK jbk_status jbk_compact(jbk_store *store, bool purge, size_t *before, size_t *after,
                                      jbk_err *err);

#endif
