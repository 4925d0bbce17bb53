/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a record is to the index: new, a new version, an observation, a copy.  Decided in input
 * order, before any text is looked at, so that threads cannot change the answer. */
#ifndef JBK_INDEXER_SETTLE_H
#define JBK_INDEXER_SETTLE_H

#include "store/record.h"

typedef enum {
    JBK_ADDED,
    JBK_UPDATED,
    JBK_OBSERVED,
    JBK_UNCHANGED,
    JBK_COPY,
    JBK_REJECTED,
    JBK_OUTCOMES
} jbk_outcome;

#define JBK_NO_DOC UINT32_MAX

typedef struct {
    jbk_outcome outcome;
    bool stored;      /* the record becomes document `doc` */
    uint32_t doc;     /* its own, or the one it is an observation of */
    uint32_t copy_of; /* first other record with this content, or JBK_NO_DOC */
    uint32_t dies;    /* the version that is not the newest any more, or never was: or NO_DOC */
    uint32_t newest;  /* the version whose history `seen` belongs to */
    uint64_t content_hash; /* of a stored record; 0 where title and text are empty */
    /* To be recorded for `newest`: observations of a known record, or what earlier versions had
     * seen.  The vector is owned here; strings live as long as the record or until the settler
     * is told of the next commit. */
    jbk_observations seen;
    jbk_standing standing; /* of `newest` from now on */
    /* Names under which observations of it were pending, each as jbk_put_bytes: they are now in
     * `seen` and pending no more.  Owned here. */
    jbk_buf taken;
} jbk_settled;

typedef struct jbk_settler jbk_settler;

/* `now`: packed time of this run, for records that do not say when they were collected. */
JBK_MUST_CHECK jbk_status jbk_settler_new(jbk_store *store, int64_t now, jbk_settler **out,
                                          jbk_err *err);
void jbk_settler_free(jbk_settler *s);

/* Settle the next record of batch `seq`.  Sets r->indexed_at. */
JBK_MUST_CHECK jbk_status jbk_settle(jbk_settler *s, uint64_t seq, jbk_record *r, jbk_settled *out,
                                     jbk_err *err);

/* Everything up to batch `seq` is committed: read from the store from now on. */
JBK_MUST_CHECK jbk_status jbk_settler_committed(jbk_settler *s, uint64_t seq, jbk_err *err);

jbk_view *jbk_settler_view(jbk_settler *s);
uint32_t jbk_settler_next_doc(const jbk_settler *s);

#endif
