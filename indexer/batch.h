/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A batch of lines on its way to a segment: parsed, settled, built. */
#ifndef JBK_INDEXER_BATCH_H
#define JBK_INDEXER_BATCH_H

#include "json_record.h"
#include "settle.h"
#include "shim/postings.h"
#include "text/segment.h"

/* What building finds out about a stored record. */
typedef struct {
    const char *lang, *script; /* static strings, or the record's own */
    const char *mentions; /* a set of codes, "" where nobody is named */
    uint32_t words;
} jbk_built;

typedef struct {
    uint64_t seq;
    jbk_lines lines;
    jbk_arena arena;
    JBK_VEC(jbk_record) records;  /* those that parsed */
    JBK_VEC(jbk_settled) settled; /* beside them */
    JBK_VEC(jbk_built) built;     /* one for each stored record, in order */
    JBK_VEC(jbk_reject) rejects;
    uint64_t repaired; /* lines with ill-formed UTF-8 */
    jbk_blocks blocks[JBK_STREAMS];
    jbk_intern words;    /* distinct terms */
    char *postings_path; /* NULL where nothing is stored */
} jbk_batch;

void jbk_batch_free(jbk_batch *b);

/* Lines to records and rejects. */
void jbk_batch_parse(jbk_batch *b, jbk_json_parser *parser, const jbk_input *in);

/* Train the index's dictionaries on this batch's stored records. */
void jbk_batch_train(const jbk_batch *b, jbk_dicts *dicts);

/* One a worker. */
typedef struct jbk_builder jbk_builder;
JBK_MUST_CHECK jbk_status jbk_builder_new(jbk_builder **out, jbk_err *err);
void jbk_builder_free(jbk_builder *b);

/* Stored records to terms, postings (a scratch database at `postings_path`) and blocks. */
JBK_MUST_CHECK jbk_status jbk_batch_build(jbk_batch *b, jbk_builder *builder,
                                          const jbk_dicts *dicts, const char *postings_path,
                                          jbk_err *err);

#endif
