/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Files of observations, in any format that index reads, to rows. */
#ifndef JBK_INDEXER_OBSERVE_READ_H
#define JBK_INDEXER_OBSERVE_READ_H

#include "input.h"
#include "sighting.h"

typedef struct jbk_observe_reader jbk_observe_reader;

/* `in` stays the caller's. */
jbk_observe_reader *jbk_observe_reader_new(jbk_input *in, const jbk_sighting_options *options);
void jbk_observe_reader_free(jbk_observe_reader *r);

/* The next row, its sightings appended (strings in the arena).  False at the end.  Where the row is
 * rejected *reject has a code, and its item is in *items until the next call. */
bool jbk_observe_next(jbk_observe_reader *r, jbk_arena *arena, jbk_sightings *out,
                      jbk_reject *reject, const jbk_items **items);

#endif
