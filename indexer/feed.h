/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The bytes of a file, unpacked: of a plain one, of one packed by gz, zst, xz, bz2, or of each
 * member of a zip or tar, which may be packed again.  libarchive lives here. */
#ifndef JBK_INDEXER_FEED_H
#define JBK_INDEXER_FEED_H

#include "base/mem.h"

#include <stdint.h>

#define JBK_FEED_HEAD ((size_t)64 << 10)
#define JBK_FEED_DEPTH 4 /* archives in archives */

typedef struct jbk_feed jbk_feed;

/* "-" is standard input.  Nothing is opened yet. */
jbk_feed *jbk_feed_new(const char *path);
void jbk_feed_free(jbk_feed *s);

/* Go to the first or next member; false when there is none.  What cannot be opened is a member
 * without bytes and with a problem. */
bool jbk_feed_next(jbk_feed *s);

/* The member's name: the path, or path!member.  Not always UTF-8.  Until the next member. */
const char *jbk_feed_name(const jbk_feed *s);
/* The path where the bytes are those of a plain file on disk, else NULL. */
const char *jbk_feed_plain_path(const jbk_feed *s);
/* Why the bytes ended too early; NULL where they did not.  Until the next member. */
const char *jbk_feed_problem(const jbk_feed *s);

/* The first bytes of the member, at most JBK_FEED_HEAD; they will be read again. */
const char *jbk_feed_head(jbk_feed *s, size_t *len);
/* What can be had without copying, at least one byte; NULL at the end.  Until the next call. */
const char *jbk_feed_peek(jbk_feed *s, size_t *len);
void jbk_feed_take(jbk_feed *s, size_t n);   /* n <= what peek gave */
uint64_t jbk_feed_offset(const jbk_feed *s); /* bytes taken of this member */
uint64_t jbk_feed_bytes(const jbk_feed *s);  /* bytes taken of all members */
/* So many bytes of it are read, but not through this. */
void jbk_feed_read_elsewhere(jbk_feed *s, uint64_t n);

#endif
