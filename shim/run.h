/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A run: the postings of some documents, inverted, in a scratch file that lives until it is merged.
 * The file has, as they lie in memory: MAGIC (u64), documents, terms (u32 each), the documents'
 * lengths (u32 each); then the terms in byte order, each as jbk_put_bytes, the number of its
 * documents, and of each how far it is from the one before, and the count, as varints. */
#ifndef JBK_SHIM_RUN_H
#define JBK_SHIM_RUN_H

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct jbk_run_reader jbk_run_reader;

/* *out is NULL where the file at `path` is no run. */
JBK_MUST_CHECK jbk_status jbk_run_open(const char *path, jbk_run_reader **out, jbk_err *err);
void jbk_run_close(jbk_run_reader *r); /* NULL is fine */

uint32_t jbk_run_docs(const jbk_run_reader *r);
uint32_t jbk_run_length(const jbk_run_reader *r, uint32_t doc);

/* The next term, in byte order, *term being NULL at the end; it lives until r is closed.  What is
 * left of the one before must have been read. */
JBK_MUST_CHECK jbk_status jbk_run_next(jbk_run_reader *r, const char **term, size_t *len,
                                       uint32_t *docs, jbk_err *err);
/* Its next document.  False: the file is not what was written. */
bool jbk_run_posting(jbk_run_reader *r, uint32_t *doc, uint32_t *count);

#endif
