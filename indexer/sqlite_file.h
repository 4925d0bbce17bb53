/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A SQLite file opened so that neither it nor its reader comes to harm. */
#ifndef JBK_INDEXER_SQLITE_FILE_H
#define JBK_INDEXER_SQLITE_FILE_H

#include "base/err.h"
#include "feed.h"

typedef struct sqlite3 sqlite3;
typedef struct jbk_sqlite_file jbk_sqlite_file;

/* A plain file is read where it lies.  One that is packed, or has changes beside it that are not
 * in it yet (-wal, -journal), is copied to $TMPDIR first, for SQLite would write beside it. */
JBK_MUST_CHECK jbk_status jbk_sqlite_file_open(jbk_feed *in, jbk_sqlite_file **out, jbk_err *err);
/* Are there such changes beside the file? */
bool jbk_sqlite_file_beside(const char *path);
void jbk_sqlite_file_close(jbk_sqlite_file *f);
sqlite3 *jbk_sqlite_file_db(const jbk_sqlite_file *f);

#endif
