/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Strings in very long ones. */
#ifndef JBK_STORE_FIND_H
#define JBK_STORE_FIND_H

#include <stddef.h>

/* What is sought, made ready for a text of a kind. */
typedef struct {
    const char *s;
    size_t len;
    size_t first, second; /* where in s its rarest bytes are */
} jbk_sought;

/* `s`, of at least one byte, stays the caller's.  The rarest bytes are told by looking at some of
 * `text`. */
void jbk_find_begin(jbk_sought *f, const char *s, size_t len, const char *text, size_t text_len);
/* The first place in `text`, or NULL. */
const char *jbk_find_next(const jbk_sought *f, const char *text, size_t len);

#endif
