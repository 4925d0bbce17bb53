/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Columns and dictionaries of documents that are not committed yet. */
#ifndef JBK_INDEXER_STAGE_H
#define JBK_INDEXER_STAGE_H

#include "batch.h"

typedef struct {
    jbk_field_id field;
    uint32_t chunk;
    jbk_buf bytes;
} jbk_staged_chunk;

typedef struct {
    uint32_t next_doc;                /* the document number the next row gets */
    int64_t *open[JBK_FIELDS];        /* values of the chunk that next_doc is in */
    JBK_VEC(jbk_staged_chunk) chunks; /* full ones, encoded */
    jbk_intern dict[JBK_FIELDS];      /* value -> code */
    uint32_t dict_saved[JBK_FIELDS];  /* codes that are committed */
    size_t bytes;                     /* of chunks */
} jbk_stage;

/* Load the dictionaries and the chunk that is partly full. */
JBK_MUST_CHECK jbk_status jbk_stage_load(jbk_stage *s, jbk_view *view, jbk_err *err);
void jbk_stage_free(jbk_stage *s);

/* One row; values[f] is used for every field that has a column. */
void jbk_stage_row(jbk_stage *s, const int64_t values[JBK_FIELDS]);
/* Values of a document that will be `number` among those stored. */
void jbk_stage_values(jbk_stage *s, const jbk_record *r, const jbk_settled *t,
                      const jbk_built *built, int64_t values[JBK_FIELDS]);

/* Put chunks and new dictionary values into the commit. */
JBK_MUST_CHECK jbk_status jbk_stage_commit(jbk_stage *s, jbk_commit *c, jbk_err *err);
/* The commit is done. */
void jbk_stage_saved(jbk_stage *s);

#endif
