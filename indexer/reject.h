/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What could not be indexed: why, and its bytes. */
#ifndef JBK_INDEXER_REJECT_H
#define JBK_INDEXER_REJECT_H

#include "base/err.h"
#include "item.h"

extern const char *const jbk_reject_names[JBK_REJ_CODES];

typedef struct {
    jbk_reject_code code;
    char *reason; /* in the batch's arena */
    size_t item;  /* index into the batch's items */
} jbk_reject;

/* The rejects file.  With `append` it is opened when the first reject comes and keeps what it
 * holds; else it is emptied at once. */
typedef struct jbk_rejects jbk_rejects;
JBK_MUST_CHECK jbk_status jbk_rejects_new(const char *path, bool append, jbk_rejects **out,
                                          jbk_err *err);
JBK_MUST_CHECK jbk_status jbk_rejects_write(jbk_rejects *r, const jbk_reject *reject,
                                            const jbk_items *items, jbk_err *err);
JBK_MUST_CHECK jbk_status jbk_rejects_sync(jbk_rejects *r, jbk_err *err);
const char *jbk_rejects_path(const jbk_rejects *r);
void jbk_rejects_close(jbk_rejects *r);

#endif
