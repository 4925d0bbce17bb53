/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which input was indexed before, so that it is not read again, and how far this run has come, so
 * that the next can go on there.  What is left out changes no answer: it would be unchanged. */
#ifndef JBK_INDEXER_LEDGER_H
#define JBK_INDEXER_LEDGER_H

#include "batch.h"
#include "input.h"
#include "store/inputs.h"

typedef struct jbk_ledger jbk_ledger;

typedef struct {
    uint64_t how;        /* digest of the options that decide what is read from a file */
    bool again;          /* read everything */
    const char *rejects; /* where rejects go */
    bool keeps_rejects;  /* that file keeps those of earlier runs */
} jbk_ledger_options;

/* Tell the input what to leave out. */
JBK_MUST_CHECK jbk_status jbk_ledger_new(jbk_input *in, jbk_view *view, const jbk_ledger_options *o,
                                         jbk_ledger **out, jbk_err *err);
void jbk_ledger_free(jbk_ledger *l);

/* What is left out: it was read in runs before. */
typedef struct {
    uint64_t records, rejects[JBK_REJ_CODES];
} jbk_known;
const jbk_known *jbk_ledger_known(const jbk_ledger *l);

/* A batch has been added to what will be committed. */
void jbk_ledger_add(jbk_ledger *l, const jbk_batch *b);
/* Is there anything to commit?  Then put it into the commit; when that is done, say so. */
bool jbk_ledger_changed(const jbk_ledger *l);
JBK_MUST_CHECK jbk_status jbk_ledger_put(jbk_ledger *l, jbk_commit *c, jbk_err *err);
void jbk_ledger_saved(jbk_ledger *l);

#endif
