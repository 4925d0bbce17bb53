/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The documents that have a pair of characters on a border of two words, and how often
 * (text/borders.h says which pairs, and numbers them).  What is in a title counts twice, as strings
 * do when results are ranked. */
#ifndef JBK_STORE_PAIRS_H
#define JBK_STORE_PAIRS_H

#include "store/volume.h"

enum { JBK_PAIRS = 1 << 30 }; /* numbers are below */

/* --- writing --- */

/* The pairs of a batch of documents.  {0} is empty and ready. */
typedef struct {
    JBK_VEC(uint32_t) seen; /* of each document, in any order, as often as they count */
    JBK_VEC(uint32_t) ends; /* in `seen`, of each document */
} jbk_pairs;

/* Of the next document. */
void jbk_pairs_add(jbk_pairs *p, const uint32_t *pairs, size_t n);
size_t jbk_pairs_bytes(const jbk_pairs *p);
void jbk_pairs_free(jbk_pairs *p);

/* As they are written.  {0} is ready. */
typedef struct {
    jbk_buf pairs, groups;
} jbk_packed_pairs;

/* Pack the pairs of batches that follow each other. */
JBK_MUST_CHECK jbk_status jbk_pairs_pack(const jbk_pairs *batches, size_t n, jbk_packed_pairs *out,
                                         jbk_err *err);
void jbk_packed_pairs_free(jbk_packed_pairs *p);

JBK_MUST_CHECK jbk_status jbk_volume_add_pairs(jbk_volume_writer *w, const jbk_packed_pairs *p,
                                               jbk_err *err);
/* Those of volumes that were appended one after the other, from the first on. */
JBK_MUST_CHECK jbk_status jbk_volume_merge_pairs(jbk_volume_writer *w, jbk_volume *const *v,
                                                 size_t n, jbk_err *err);

/* --- reading --- */

/* A pair and its documents, in the file. */
typedef struct {
    uint32_t pair; /* JBK_PAIRS: there are no more */
    uint32_t n;
    const char *at, *end;
} jbk_pair_list;

/* The documents of a pair (local), ascending, to docs[0..n), and unless that is NULL what each
 * counts to weights[0..n): at most UINT16_MAX, which may be more.  False where the bytes are not
 * what they should be. */
JBK_MUST_CHECK bool jbk_pair_documents(const jbk_volume *v, const jbk_pair_list *l, uint32_t *docs,
                                       uint16_t *weights);

/* Where many documents have the pair the list is a bit for each document of the volume. */
bool jbk_pair_is_bits(const jbk_volume *v, const jbk_pair_list *l);
/* These, where it is, the lowest first, to bits[0..], a word for each 64 documents.  What documents
 * count is not looked at.  False as above. */
JBK_MUST_CHECK bool jbk_pair_bits(const jbk_volume *v, const jbk_pair_list *l, uint64_t *bits);

/* All pairs in their order.  {.volume = v} is ready. */
typedef struct {
    jbk_volume *volume;
    uint64_t next;  /* group */
    uint32_t least; /* what the next pair can be */
    bool within;    /* the next pair is not the first of its group */
    const char *head, *heads_end, *list, *end;
} jbk_pair_cursor;
JBK_MUST_CHECK jbk_status jbk_pair_next(jbk_pair_cursor *c, jbk_pair_list *out, jbk_err *err);
/* One of them; n is 0 where no document has it. */
JBK_MUST_CHECK jbk_status jbk_volume_pair(jbk_volume *v, uint32_t pair, jbk_pair_list *out,
                                          jbk_err *err);

#endif
