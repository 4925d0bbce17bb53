/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Segments made again from the text they store: adjacent ones merged, forgotten documents left
 * as empty places, so that document numbers stay. */
#ifndef JBK_INDEXER_REWRITE_H
#define JBK_INDEXER_REWRITE_H

#include "segment.h"

#include <roaring/roaring.h>

typedef struct {
    size_t first, count; /* adjacent segments of the view that become one */
    jbk_segment_writer out;
} jbk_rewrite;

/* Load documents *doc .. end of the view, as many as a batch holds, and move *doc on. */
JBK_MUST_CHECK jbk_status jbk_rewrite_load(jbk_batch *b, jbk_view *view, jbk_reader *reader,
                                           uint32_t *doc, uint32_t end,
                                           const roaring_bitmap_t *gone, jbk_err *err);

/* Read, build and merge; nothing is in its place yet.  `dicts` are what the new text is
 * compressed with, `gone` the documents to leave empty. */
JBK_MUST_CHECK jbk_status jbk_rewrite_build(jbk_rewrite *r, jbk_store *store, jbk_view *view,
                                            const jbk_dicts *dicts, const roaring_bitmap_t *gone,
                                            jbk_err *err);

/* The lexicon of r: the words of the segments it replaces that some document still has, here
 * or in any segment.  `postings` holds those of all segments to be.  Then both files are
 * finished. */
JBK_MUST_CHECK jbk_status jbk_rewrite_finish(jbk_rewrite *r, jbk_view *view,
                                             jbk_postings *const *postings, size_t n, jbk_err *err);

#endif
