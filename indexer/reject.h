/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What could not be indexed: why, and its bytes. */
#ifndef JBK_INDEXER_REJECT_H
#define JBK_INDEXER_REJECT_H

#include "base/err.h"
#include "item.h"
#include "store/store.h"

extern const char *const jbk_reject_names[JBK_REJ_CODES];

typedef struct {
    jbk_reject_code code;
    char *reason; /* in the batch's arena */
    size_t item;  /* index into the batch's items */
} jbk_reject;

/* The rejects file.  The index's own (`own`) grows from run to run, another is emptied, unless
 * the run before was interrupted: then it goes on too.  What was written after the last commit
 * is cut off: it will be rejected again. */
typedef struct jbk_rejects jbk_rejects;
JBK_MUST_CHECK jbk_status jbk_rejects_new(const char *path, bool own, jbk_view *view,
                                          jbk_rejects **out, jbk_err *err);
bool jbk_rejects_kept(const jbk_rejects *r); /* those of earlier runs are still in it */
JBK_MUST_CHECK jbk_status jbk_rejects_write(jbk_rejects *r, const jbk_reject *reject,
                                            const jbk_items *items, jbk_err *err);
JBK_MUST_CHECK jbk_status jbk_rejects_sync(jbk_rejects *r, jbk_err *err);
/* After syncing: let the commit say how far the file goes, and whether the run is done. */
bool jbk_rejects_changed(const jbk_rejects *r, bool done);
JBK_MUST_CHECK jbk_status jbk_rejects_put(jbk_rejects *r, bool done, jbk_commit *c, jbk_err *err);
/* The same in a commit of its own, if something changed. */
JBK_MUST_CHECK jbk_status jbk_rejects_save(jbk_rejects *r, bool done, jbk_store *store,
                                           jbk_err *err);
const char *jbk_rejects_path(const jbk_rejects *r);
void jbk_rejects_close(jbk_rejects *r);

#endif
