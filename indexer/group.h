/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Built batches, in order, until they are one segment and one commit. */
#ifndef JBK_INDEXER_GROUP_H
#define JBK_INDEXER_GROUP_H

#include "batch.h"
#include "ledger.h"

typedef struct jbk_group jbk_group;

/* `now`: packed time of this run. */
JBK_MUST_CHECK jbk_status jbk_group_new(jbk_store *store, jbk_view *view, int64_t now,
                                        jbk_group **out, jbk_err *err);
void jbk_group_free(jbk_group *g);

/* Take what the batch brings. */
JBK_MUST_CHECK jbk_status jbk_group_add(jbk_group *g, jbk_batch *b, jbk_err *err);

/* Dictionaries trained in this run, to be kept with the next commit. */
void jbk_group_set_dicts(jbk_group *g, const jbk_dicts *dicts);

/* Estimate of the bytes a commit would dirty and of what is held until then. */
size_t jbk_group_bytes(const jbk_group *g);

/* What else the commit tells: how far the input was read, and the rejects written. */
typedef struct {
    jbk_ledger *ledger;
    jbk_rejects *rejects;
    bool done; /* all of the input is read */
} jbk_checkpoint;

/* Write the segment, then commit.  `view` is the generation before.  Nothing to commit is fine, and
 * so is no checkpoint (NULL), where nothing was read from files. */
JBK_MUST_CHECK jbk_status jbk_group_commit(jbk_group *g, jbk_view *view, const jbk_checkpoint *p,
                                           jbk_err *err);

#endif
