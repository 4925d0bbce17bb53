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
    JBK_VEC(char *) postings; /* runs in the scratch folder, to be merged */
    char *merged_path;        /* after jbk_segment_merge */
    jbk_file_sums postings_sums;
    jbk_run runs[JBK_RUNS];
    jbk_intern words;
    JBK_VEC(jbk_occurrences) occurrences; /* of each batch */
    size_t occurrence_bytes;
    JBK_VEC(jbk_pairs) pairs; /* of each batch */
    jbk_packed_pairs packed;  /* after jbk_segment_merge */
} jbk_segment_writer;

/* {0} is ready to start. */
JBK_MUST_CHECK jbk_status jbk_segment_start(jbk_segment_writer *w, jbk_store *store, jbk_err *err);
/* Starts with the first batch that stores something.  Takes the batch's occurrences and
 * pairs. */
JBK_MUST_CHECK jbk_status jbk_segment_add(jbk_segment_writer *w, jbk_store *store, jbk_batch *b,
                                          jbk_err *err);
size_t jbk_segment_bytes(const jbk_segment_writer *w);

/* Merge the postings of the batches into the scratch folder, and pack their pairs; or merge the
 * postings at `paths`.  Another thread may meanwhile write lookups and words. */
JBK_MUST_CHECK jbk_status jbk_segment_merge(jbk_segment_writer *w, jbk_err *err);
JBK_MUST_CHECK jbk_status jbk_segment_merge_from(jbk_segment_writer *w, const char *const *paths,
                                                 size_t n, jbk_err *err);
/* Write the lookups of the batches, and where their words stand. */
JBK_MUST_CHECK jbk_status jbk_segment_lookups(jbk_segment_writer *w, jbk_err *err);
/* Write the lexicon, of `n` words in any order, with their keys. */
JBK_MUST_CHECK jbk_status jbk_segment_words(jbk_segment_writer *w, const jbk_word *words, size_t n,
                                            jbk_err *err);
/* Write what was packed, finish both files and move them to their places.  The folder is not synced
 * yet. */
JBK_MUST_CHECK jbk_status jbk_segment_finish(jbk_segment_writer *w, jbk_err *err);
/* Remove what is in the scratch folder and be ready to start again. */
void jbk_segment_reset(jbk_segment_writer *w);

#endif
