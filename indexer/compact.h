/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Fewer segments: adjacent ones become one.  Each step is one commit; document numbers stay. */
#ifndef JBK_INDEXER_COMPACT_H
#define JBK_INDEXER_COMPACT_H

#include "segment.h"

/* Merge where additions have left too many segments of about a size: what is merged grows in
 * steps, so that a record is copied a few times in the life of an index, and an index of n
 * documents has about log n segments. */
JBK_MUST_CHECK jbk_status jbk_compact_tiers(jbk_store *store, jbk_err *err);

/* Merge all segments into one.  *before, *after: numbers of segments. */
JBK_MUST_CHECK jbk_status jbk_compact_all(jbk_store *store, size_t *before, size_t *after,
                                          jbk_err *err);

/* The same; and where something is forgotten, make the segment again from what stays, and take
 * what only forgotten records had out of meta.mdb.  The store is to be closed afterwards. */
JBK_MUST_CHECK jbk_status jbk_purge(jbk_store *store, size_t *before, size_t *after, jbk_err *err);

/* In a commit: `w`, finished, takes the place of segments seg[0..n).  */
JBK_MUST_CHECK jbk_status jbk_compact_replace(jbk_commit *commit, const jbk_segment_info *seg,
                                              size_t n, const jbk_segment_writer *w, jbk_err *err);
/* After it: remove their files.  Who reads them has them open. */
void jbk_compact_remove(const jbk_segment_info *seg, size_t n);

#endif
