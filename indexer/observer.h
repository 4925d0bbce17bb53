/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sightings into the histories of the records they name, a batch and one commit at a time. */
#ifndef JBK_INDEXER_OBSERVER_H
#define JBK_INDEXER_OBSERVER_H

#include "sighting.h"
#include "store/store.h"

typedef struct {
    uint64_t observed;  /* new to some record */
    uint64_t unchanged; /* known already */
    uint64_t pending;   /* no record has the name, and that it was seen is new */
} jbk_observer_tally;

/* Commit a batch: readers see all of it or nothing.  `tally` is added to. */
JBK_MUST_CHECK jbk_status jbk_observe(jbk_store *store, const jbk_sightings *batch,
                                      jbk_observer_tally *tally, jbk_err *err);

#endif
