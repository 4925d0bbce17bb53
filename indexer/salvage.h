/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a damaged index still holds, into a new one. */
#ifndef JBK_INDEXER_SALVAGE_H
#define JBK_INDEXER_SALVAGE_H

#include "store/store.h"

#include <stdint.h>

typedef struct {
    uint64_t read;      /* stored records, old versions included */
    uint64_t lost;      /* of which a block, or the whole file, cannot be read */
    uint64_t forgotten; /* left out, as the old index did */
    uint64_t documents; /* of the new index, old versions included */
    uint64_t observations, pending;
    uint64_t lost_histories; /* rows of histories, and of what is pending, that cannot be read */
    bool no_meta; /* meta.mdb is of no use: nothing is known of what was forgotten or observed */
} jbk_salvage_tally;

/* Read every stored record of the index in `from` whose blocks are as they were written, and every
 * observation, and index them in `to`, which must be empty.  `tell` hears, a line each, what is
 * damaged or lost; it may be cut short by the caller.  Fails only where `to` cannot be written or
 * `from` is no index. */
JBK_MUST_CHECK jbk_status jbk_salvage(const char *from, jbk_store *to,
                                      void (*tell)(void *arg, const char *line), void *arg,
                                      jbk_salvage_tally *tally, jbk_err *err);

#endif
