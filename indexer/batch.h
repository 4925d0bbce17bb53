/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A batch of items on its way to a segment: parsed, settled, built. */
#ifndef JBK_INDEXER_BATCH_H
#define JBK_INDEXER_BATCH_H

#include "map_record.h"
#include "object.h"
#include "reject.h"
#include "settle.h"
#include "shim/postings.h"
#include "store/occurrences.h"
#include "store/pairs.h"
#include "text/segment.h"

/* What building finds out about a stored record. */
typedef struct {
    const char *lang, *script; /* static strings, or the record's own */
    const char *mentions;      /* a set of codes, "" where nobody is named */
    uint32_t words;
    uint32_t nsketch;
    const uint64_t *sketch; /* of its skeleton */
} jbk_built;

typedef struct {
    uint64_t seq;
    jbk_items items;
    jbk_arena arena;
    JBK_VEC(jbk_record) records;  /* those that parsed */
    JBK_VEC(jbk_settled) settled; /* beside them */
    JBK_VEC(jbk_built) built;     /* one for each stored record, in order */
    JBK_VEC(jbk_reject) rejects;
    jbk_mapped mapped;
    uint64_t repaired;           /* items with ill-formed UTF-8 */
    uint64_t passed[JBK_PASSES]; /* items that are no record */
    jbk_blocks blocks[JBK_STREAMS];
    jbk_intern words;            /* distinct terms */
    jbk_occurrences occurrences; /* of the stored records' terms, by numbers of `words` */
    jbk_pairs pairs;             /* of the stored records */
    char *postings_path;         /* NULL where nothing is stored */
} jbk_batch;

void jbk_batch_free(jbk_batch *b);

/* Items to records and rejects.  Maker and mapper are the worker's. */
void jbk_batch_parse(jbk_batch *b, jbk_object_maker *maker, jbk_mapper *mapper);

/* Train the index's dictionaries on this batch's stored records; with another thread where there
 * may be several. */
void jbk_batch_train(const jbk_batch *b, unsigned jobs, jbk_dicts *dicts);

/* One a worker. */
typedef struct jbk_builder jbk_builder;
JBK_MUST_CHECK jbk_status jbk_builder_new(jbk_builder **out, jbk_err *err);
void jbk_builder_free(jbk_builder *b);

/* Stored records to terms, postings (a run in the scratch file `postings_path`) and blocks. */
JBK_MUST_CHECK jbk_status jbk_batch_build(jbk_batch *b, jbk_builder *builder,
                                          const jbk_dicts *dicts, const char *postings_path,
                                          jbk_err *err);

#endif
