/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Why a post is gone, in the words of platforms and servers: messages to statuses, by a table
 * (data/reasons.tsv says how it is read) that users can add to. */
#ifndef JBK_BASE_REASON_H
#define JBK_BASE_REASON_H

#include "base/err.h"
#include "base/status.h"

typedef struct jbk_reasons jbk_reasons;

jbk_reasons *jbk_reasons_new(void); /* with the table that comes with the program */
void jbk_reasons_free(jbk_reasons *r);

/* Add the lines of a file; what is added later goes before.  Fails (JBK_USAGE, with the line) where
 * one is not as data/reasons.tsv says; (JBK_IO) where the file cannot be read. */
JBK_MUST_CHECK jbk_status jbk_reasons_add_file(jbk_reasons *r, const char *path, jbk_err *err);

/* The jbk_post_status that a message means, -1 where the table does not tell.  Any bytes. */
int jbk_reasons_find(const jbk_reasons *r, const char *message, size_t len);
/* The same of an HTTP status code. */
int jbk_reasons_find_http(const jbk_reasons *r, unsigned code);

#endif
