/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Built batches to the two files of a segment. */
#ifndef JBK_INDEXER_SEGMENT_H
#define JBK_INDEXER_SEGMENT_H

#include "batch.h"

typedef struct {
    jbk_store *store;
    uint32_t number;
    uint32_t docs;
    jbk_volume_writer *volume;
    char *volume_path;
    JBK_VEC(char *) postings; /* scratch databases to merge */
    char *merged_path;        /* after jbk_segment_merge */
    uint64_t postings_sum;
    jbk_run runs[JBK_RUNS];
    jbk_intern words;
} jbk_segment_writer;

/* {0} is ready to start; started by the first batch that stores something. */
JBK_MUST_CHECK jbk_status jbk_segment_add(jbk_segment_writer *w, jbk_store *store,
                                          const jbk_batch *b, jbk_err *err);
size_t jbk_segment_bytes(const jbk_segment_writer *w);

/* Merge the postings into the scratch folder. */
JBK_MUST_CHECK jbk_status jbk_segment_merge(jbk_segment_writer *w, jbk_err *err);
/* Write lookups and the lexicon, of `n` words in any order, with their keys; finish both files and move them to
 * their places.  The folder is not synced yet. */
JBK_MUST_CHECK jbk_status jbk_segment_finish(jbk_segment_writer *w, jbk_word *words, size_t n,
                                             jbk_err *err);
/* Remove what is in the scratch folder and be ready to start again. */
void jbk_segment_reset(jbk_segment_writer *w);

#endif
