/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Adjacent segments into one, without making anything again: blocks, lookups, words and postings
 * are copied in order.  Document numbers stay. */
#ifndef JBK_INDEXER_MERGE_H
#define JBK_INDEXER_MERGE_H

#include "segment.h"

/* Both files are finished and in their places; the folder is not synced yet.  Blocks that are
 * hardly filled are packed anew, with `to`, which is `from` or takes the place of a `from`
 * without dictionaries. */
JBK_MUST_CHECK jbk_status jbk_merge_segments(jbk_segment_writer *w, jbk_store *store,
                                             const jbk_segment_info *seg, size_t n,
                                             const jbk_dicts *from, const jbk_dicts *to,
                                             jbk_err *err);

/* Dictionaries for an index that has none yet, trained on stored items; empty where they are too
 * few. */
JBK_MUST_CHECK jbk_status jbk_merge_train(const jbk_segment_info *seg, size_t n,
                                          const jbk_dicts *from, jbk_dicts *out, jbk_err *err);

#endif
