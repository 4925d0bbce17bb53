/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Values and ranges over columns; what has no column is looked up by hash or read. */
#ifndef JBK_SEARCH_FILTER_H
#define JBK_SEARCH_FILTER_H

#include "index.h"
#include "query.h"

/* Must every record be read to answer it? */
bool jbk_filter_is_slow(const jbk_query *q);

JBK_MUST_CHECK jbk_status jbk_filter_value(jbk_index *x, const jbk_query *q,
                                           const roaring_bitmap_t *among, roaring_bitmap_t **out,
                                           jbk_err *err);
/* *possible stays NULL where no document is undecided. */
JBK_MUST_CHECK jbk_status jbk_filter_range(jbk_index *x, const jbk_query *q,
                                           const roaring_bitmap_t *among, roaring_bitmap_t **sure,
                                           roaring_bitmap_t **possible, jbk_err *err);

/* Walks the documents of a set by column chunk. */
typedef struct {
    roaring_uint32_iterator_t *it;
    uint32_t n;
    uint32_t chunk;
    uint32_t ahead[1024]; /* what was read of the set: from `next` on, not given yet */
    uint32_t next, nahead;
    uint32_t room;   /* of a chunk there are never more documents */
    uint32_t docs[]; /* of this chunk, ascending */
} jbk_chunk_walk;
jbk_chunk_walk *jbk_chunk_walk_new(const roaring_bitmap_t *set);
bool jbk_chunk_walk_next(jbk_chunk_walk *w); /* false at the end */
/* values[i] := the column's value of document w->docs[i]. */
JBK_MUST_CHECK jbk_status jbk_chunk_walk_values(jbk_index *x, const jbk_chunk_walk *w,
                                                jbk_field_id f, int64_t *values, jbk_err *err);
void jbk_chunk_walk_free(jbk_chunk_walk *w);

#endif
