/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How far a run has come, for whoever waits: one line that changes on a terminal, a line now and
 * then elsewhere. */
#ifndef JBK_INDEXER_PROGRESS_H
#define JBK_INDEXER_PROGRESS_H

#include "input.h"
#include "pipeline.h"

typedef struct {
    const jbk_input *input;
    bool terminal;
    double began, shown; /* seconds */
} jbk_progress;

double jbk_clock_seconds(void); /* of a clock that only goes on */

void jbk_progress_begin(jbk_progress *p, const jbk_input *input);
void jbk_progress_show(const jbk_tally *tally, void *progress);
void jbk_progress_end(const jbk_progress *p); /* take the line away */

#endif
