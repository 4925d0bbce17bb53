/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Writes a Xapian 1.4 (glass) single-file database whose terms come in order, each with its
 * documents in order.  Xapian itself can only be given documents, and inverts them in maps of
 * strings, which costs more than all else that indexing does. */
#ifndef JBK_SHIM_GLASS_H
#define JBK_SHIM_GLASS_H

#include "base/err.h"

#include <stddef.h>
#include <stdint.h>

typedef struct jbk_glass jbk_glass;

/* A fresh file at `path`. */
JBK_MUST_CHECK jbk_status jbk_glass_create(const char *path, jbk_glass **out, jbk_err *err);
/* The lengths of all documents, in order, before the first term. */
void jbk_glass_length(jbk_glass *g, uint32_t length);
/* Begin the next term, in byte order; at most 245 bytes, a NUL counts twice. */
JBK_MUST_CHECK jbk_status jbk_glass_term(jbk_glass *g, const char *term, size_t len, jbk_err *err);
/* The term occurs `count` times in the local document `doc`; ascending. */
void jbk_glass_add(jbk_glass *g, uint32_t doc, uint32_t count);
/* Write what is left, fsync and close.  Frees g, also on failure. */
JBK_MUST_CHECK jbk_status jbk_glass_finish(jbk_glass *g, jbk_err *err);
void jbk_glass_drop(jbk_glass *g); /* NULL is fine */

#endif
