/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A gzip file of many members, as archives of the web are: where one is damaged, the others are
 * still read.  Two line ends stand where the bytes of a damaged one break off. */
#ifndef JBK_INDEXER_GUNZIP_H
#define JBK_INDEXER_GUNZIP_H

#include "base/mem.h"

typedef struct jbk_gunzip jbk_gunzip;

/* NULL where the file cannot be opened or is not gzip. */
jbk_gunzip *jbk_gunzip_open(const char *path);
void jbk_gunzip_close(jbk_gunzip *g);

/* The next unpacked bytes; NULL at the end.  Until the next call. */
const char *jbk_gunzip_next(jbk_gunzip *g, size_t *len);

/* Bytes of the file that have been unpacked. */
uint64_t jbk_gunzip_position(const jbk_gunzip *g);

/* Are unpacked bytes from..to of a member that is damaged, as far as has been read?  Members break
 * off, or their checksums tell, at their ends. */
bool jbk_gunzip_damaged(const jbk_gunzip *g, uint64_t from, uint64_t to);

/* What was wrong first, or NULL; to be asked at the end. */
const char *jbk_gunzip_problem(const jbk_gunzip *g);

#endif
