/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Postings in C: which documents hold a term, how often.  Xapian does the work behind this
 * header; another C program may use it alone (of ours it needs base/err.h and nothing else).
 *
 * Document numbers here are local: the first document added is 0.  Terms are bytes, at most
 * 245 (a NUL counts twice).  Every function returns a status and fills *err; none throws. */
#ifndef JBK_SHIM_POSTINGS_H
#define JBK_SHIM_POSTINGS_H

#include "base/err.h"

#include <stddef.h>
#include <stdint.h>

/* --- writing: a run a worker, then one file --- */

typedef struct jbk_postings_builder jbk_postings_builder;

typedef struct {
    uint32_t term;  /* the caller's number for it; numbers should lie close together */
    uint32_t count; /* occurrences in the document */
} jbk_posting;

typedef struct {
    const char *s;
    uint32_t len;
} jbk_term;

/* A fresh run of documents in the file `path`.  It only lives until it is merged, so it is not
 * synced; memory holds all until the end. */
JBK_MUST_CHECK jbk_status jbk_postings_begin(const char *path, jbk_postings_builder **out,
                                             jbk_err *err);
/* Add the next document; the terms are distinct, in any order. */
void jbk_postings_add(jbk_postings_builder *b, const jbk_posting *postings, size_t n);
/* Write the run and close; names[t] is term number t, all distinct and none empty.  Frees b, also
 * on failure. */
JBK_MUST_CHECK jbk_status jbk_postings_end(jbk_postings_builder *b, const jbk_term *names, size_t n,
                                           jbk_err *err);
void jbk_postings_drop(jbk_postings_builder *b); /* close without writing; NULL is fine */

/* Merge runs and files made by merging, in order, into the single file `dest`, and fsync it.
 * Fails with JBK_FULL where a term is longer than 245 bytes. */
JBK_MUST_CHECK jbk_status jbk_postings_merge(const char *const *paths, size_t n, const char *dest,
                                             jbk_err *err);

/* --- reading: one thread a handle --- */

typedef struct jbk_postings jbk_postings;

/* The lower half of the jbk_hash of each JBK_POSTINGS_BLOCK bytes of the file. */
#define JBK_POSTINGS_BLOCK 8192
typedef struct {
    const uint32_t *block;
    size_t n;
} jbk_postings_sums;

/* With `sums` (copied), every block is compared with its checksum when it is read, each time, and
 * JBK_DAMAGED says which is not what was written; NULL: no block is compared. */
JBK_MUST_CHECK jbk_status jbk_postings_open(const char *path, const jbk_postings_sums *sums,
                                            jbk_postings **out, jbk_err *err);
void jbk_postings_close(jbk_postings *p); /* NULL is fine */

/* Documents that hold the term; 0 if none. */
JBK_MUST_CHECK jbk_status jbk_postings_frequency(jbk_postings *p, const char *term, size_t len,
                                                 uint32_t *docs, jbk_err *err);

/* Walk one term's documents in ascending order: start, then fetch until *n is 0.  Starting
 * another term ends the walk before. */
JBK_MUST_CHECK jbk_status jbk_postings_start(jbk_postings *p, const char *term, size_t len,
                                             jbk_err *err);
/* Up to `cap` documents into docs, and where counts is not NULL how often the term occurs in
 * each. */
JBK_MUST_CHECK jbk_status jbk_postings_fetch(jbk_postings *p, uint32_t *docs, uint32_t *counts,
                                             size_t cap, size_t *n, jbk_err *err);

/* All terms, in byte order: start, then next until *len is 0.  *term lives until the next call
 * with this handle. */
JBK_MUST_CHECK jbk_status jbk_postings_terms_start(jbk_postings *p, jbk_err *err);
JBK_MUST_CHECK jbk_status jbk_postings_terms_next(jbk_postings *p, const char **term, size_t *len,
                                                  jbk_err *err);

/* Documents in the file, those without terms included. */
JBK_MUST_CHECK jbk_status jbk_postings_docs(jbk_postings *p, uint32_t *docs, jbk_err *err);

const char *jbk_postings_version(void); /* of Xapian */

#endif
