/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An index open for reading: one generation and everything a query needs of it. */
#ifndef JBK_SEARCH_INDEX_H
#define JBK_SEARCH_INDEX_H

#include "asof.h"
#include "marks.h"
#include "shim/postings.h"
#include "sieve.h"
#include "store/record.h"
#include "text/keys.h"
#include "text/segment.h"

#include <roaring/roaring.h>

typedef struct {
    jbk_chunk chunk;
    bool known;
} jbk_kept_chunk;

/* Scratch of locate.c; {0} is empty and ready. */
typedef struct {
    JBK_VEC(uint64_t)
    found;           /* a place where the string may begin, ascending, and in the lower half
                        the positions that words found there cover */
    jbk_docs asked;  /* places that do not cover the position at hand */
    jbk_docs told;   /* of each, what else is covered now */
    jbk_docs read;   /* a list, or what of it may be among those asked */
    jbk_sieve sieve; /* of `asked` */
} jbk_located;
void jbk_located_free(jbk_located *l);

typedef struct {
    jbk_store *store;
    bool own_store; /* closed with the index */
    jbk_view *view;
    jbk_reader *reader;
    jbk_reader *other_reader; /* for a glance at another record while one is in use */
    const jbk_segment_info *segments;
    jbk_postings **postings; /* one for each segment */
    size_t nsegments;
    struct jbk_line_map *lines;  /* lines.h's; NULL until it is asked */
    uint32_t docs;               /* document numbers given out */
    roaring_bitmap_t *living;    /* those that are not dead */
    roaring_bitmap_t *forgotten; /* never shown again, not even as earlier versions */
    jbk_asof *as_of;             /* NULL: now */
    jbk_asof *times;             /* for times of indexing, made when asked for */
    double mean_words;           /* of the living; 0: not counted yet (rank.c) */
    uint16_t *weights;           /* of every document, for one string at a time (answers.c) */
    jbk_located located;         /* scratch of whoever looks for places */
    jbk_marks marks;             /* scratch of who gathers documents; none is marked in between */
    jbk_folded folded;           /* scratch of whoever reads text */
    jbk_segmenter *segmenter;    /* made when first used */
    jbk_slices terms;            /* of `folded`, after jbk_index_segment */
    jbk_stemmer *stemmer;        /* made for the first word: that takes longer than most queries */
    /* What was read of columns and dictionaries: a row is compared with its checksum once. */
    jbk_kept_chunk *columns[JBK_FIELDS]; /* by chunk; NULL: none read */
    jbk_str *values[JBK_FIELDS];         /* by code; s is NULL where not read yet */
    uint32_t nvalues[JBK_FIELDS];
} jbk_index;

JBK_MUST_CHECK jbk_status jbk_index_open(const char *dir, jbk_index **out, jbk_err *err);
/* The same over a store that is open already and stays so. */
JBK_MUST_CHECK jbk_status jbk_index_over(jbk_store *store, jbk_index **out, jbk_err *err);
void jbk_index_close(jbk_index *x);

/* The postings of segment i. */
JBK_MUST_CHECK jbk_status jbk_index_postings(jbk_index *x, size_t i, jbk_postings **out,
                                             jbk_err *err);

/* Title and text of a document, pointing into the reader until its next use. */
JBK_MUST_CHECK jbk_status jbk_index_text(jbk_index *x, uint32_t doc, jbk_str *title, jbk_str *text,
                                         jbk_err *err);
/* The terms of x->folded, which was folded with its UTF-16, to x->terms. */
JBK_MUST_CHECK jbk_status jbk_index_segment(jbk_index *x, jbk_err *err);
/* The record whole; strings live until the next document is read. */
JBK_MUST_CHECK jbk_status jbk_index_record(jbk_index *x, uint32_t doc, jbk_record *r, jbk_err *err);
/* Answer from now on as of that time: columns that observations decide are as they were then. */
JBK_MUST_CHECK jbk_status jbk_index_as_of(jbk_index *x, int64_t until_ms, jbk_err *err);
int64_t jbk_index_until(const jbk_index *x); /* milliseconds; INT64_MAX: now */
/* When a record itself saw what it says, packed, given its time of collection or JBK_ABSENT. */
JBK_MUST_CHECK jbk_status jbk_index_own_time(jbk_index *x, uint32_t doc, int64_t collected_at,
                                             int64_t *at, jbk_err *err);
/* A chunk of a column, as jbk_view_chunk; lives as long as the index answers as of that time. */
JBK_MUST_CHECK jbk_status jbk_index_chunk(jbk_index *x, jbk_field_id f, uint32_t chunk,
                                          jbk_chunk *out, jbk_err *err);
/* A value of a column, JBK_ABSENT where there is none. */
JBK_MUST_CHECK jbk_status jbk_index_number(jbk_index *x, jbk_field_id f, uint32_t doc,
                                           int64_t *value, jbk_err *err);
/* The string of a code; lives until the index closes. */
JBK_MUST_CHECK jbk_status jbk_index_value(jbk_index *x, jbk_field_id f, uint32_t code, jbk_str *out,
                                          jbk_err *err);

/* Documents, living ones only unless `all` (forgotten ones never), whose id, url or digest is
 * `name`. */
JBK_MUST_CHECK jbk_status jbk_index_find(jbk_index *x, jbk_field_id f, const char *name, size_t len,
                                         bool all, jbk_docs *out, jbk_err *err);

#endif
