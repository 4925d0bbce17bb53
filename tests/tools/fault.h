/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a power cut takes back: bytes and names that no fsync has reached.  Not thread-safe. */
#ifndef JBK_TESTS_FAULT_H
#define JBK_TESTS_FAULT_H

#include <stdbool.h>
#include <sys/types.h>

/* Before n bytes at `offset` are written, or the file is cut there (n = 0). */
void fault_keep_bytes(int fd, off_t offset, size_t n);
/* Before `from` is moved to `to`, or after `from` was created (`to` is NULL). */
void fault_keep_name(const char *from, const char *to);
/* Before `path` is unlinked. */
void fault_keep_gone(const char *path);
/* After a file, or a folder, was synced. */
void fault_synced(int fd);
/* Take back everything that was not, the newest first. */
void fault_undo_all(void);

#endif
