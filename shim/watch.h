/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Xapian keeps no checksums of its blocks.  It reads each with pread(), and it is ours that it
 * finds: of a descriptor that is watched, no byte passes that does not match its checksum. */
#ifndef JBK_SHIM_WATCH_H
#define JBK_SHIM_WATCH_H

#include "shim/postings.h"

#include <stdbool.h>
#include <stdint.h>

typedef struct jbk_watch jbk_watch;

/* Watch the file open at `fd`; `sums` is copied.  The first block is read and compared at once,
 * and the length of the file.  Where Xapian cannot be watched (another pread came first, or the
 * descriptor is one of very many), the whole file is.  *good says whether all that was compared is
 * as it should be.  NULL where the system refuses to read: see errno. */
jbk_watch *jbk_watch_begin(int fd, const jbk_postings_sums *sums, bool *good);
/* The first block that was asked for and is damaged; false where there is none. */
bool jbk_watch_damage(const jbk_watch *w, uint64_t *block);
/* Before fd is closed.  NULL is fine. */
void jbk_watch_end(jbk_watch *w);

#endif
