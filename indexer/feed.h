/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The bytes of a file, unpacked: of a plain one, of one packed by gz, zst, xz, bz2, or of each
 * member of a zip or tar, which may be packed again.  libarchive lives here. */
#ifndef JBK_INDEXER_FEED_H
#define JBK_INDEXER_FEED_H

#include "base/mem.h"

#include "text/encoding.h"

#include <stdint.h>

#define JBK_FEED_HEAD ((size_t)1 << 20)
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
/* Are bytes from..to of the member from a damaged part of a gzip file, as far as that was read? */
bool jbk_feed_damaged(const jbk_feed *s, uint64_t from, uint64_t to);
/* The reader has told of the problem itself, with the bytes it broke. */
void jbk_feed_told(jbk_feed *s);

/* The first bytes of the member, at most JBK_FEED_HEAD; they will be read again. */
const char *jbk_feed_head(jbk_feed *s, size_t *len);
/* Give the member as UTF-8 from now on, head and offsets too; before any of it is taken. */
void jbk_feed_decode(jbk_feed *s, const jbk_encoding *encoding);
/* Places that could not be converted and became U+FFFD, in all members. */
uint64_t jbk_feed_bad(const jbk_feed *s);

/* What can be had without copying, at least one byte; NULL at the end.  Until the next call. */
const char *jbk_feed_peek(jbk_feed *s, size_t *len);
void jbk_feed_take(jbk_feed *s, size_t n);   /* n <= what peek gave */
uint64_t jbk_feed_offset(const jbk_feed *s); /* bytes taken of this member */
uint64_t jbk_feed_bytes(const jbk_feed *s);  /* bytes taken of all members */
uint64_t jbk_feed_position(jbk_feed *s);     /* bytes read of the file itself */
/* So many bytes of it are read, but not through this. */
void jbk_feed_read_elsewhere(jbk_feed *s, uint64_t n);

#endif
