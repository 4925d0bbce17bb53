/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Threads that take batches from input to commit.  Each worker carries a batch all the way;
 * reading, settling and adding happen in turn, parsing and building side by side. */
#ifndef JBK_INDEXER_PIPELINE_H
#define JBK_INDEXER_PIPELINE_H

#include "group.h"
#include "input.h"

#include <stdatomic.h>

typedef struct {
    uint64_t outcomes[JBK_OUTCOMES];
    uint64_t reasons[JBK_REJ_CODES];
    uint64_t read, repaired, commits;
    jbk_mapped mapped;
    bool whole; /* the input was read to its end */
} jbk_tally;

typedef struct {
    jbk_store *store;
    jbk_input *input;
    jbk_rejects *rejects;
    jbk_parse_options parse;
    unsigned jobs;
    size_t commit_bytes;     /* commit when the group has grown so large */
    int64_t now;             /* packed time of the run */
    const atomic_bool *stop; /* set: read no more, commit what was read */
    /* Called in turn after each batch; may be NULL. */
    void (*progress)(const jbk_tally *tally, void *arg);
    void *progress_arg;
} jbk_pipeline_options;

/* Index everything.  *tally counts what is committed. */
JBK_MUST_CHECK jbk_status jbk_pipeline_run(const jbk_pipeline_options *o, jbk_tally *tally,
                                           jbk_err *err);

#endif
