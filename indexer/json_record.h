/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One JSON object to one record, by the field table's names and aliases. */
#ifndef JBK_INDEXER_JSON_RECORD_H
#define JBK_INDEXER_JSON_RECORD_H

#include "base/intern.h"
#include "reject.h"
#include "store/record.h"

typedef struct {
    int zone_min;         /* of times without a zone, where the platform does not tell */
    const char *platform; /* of records that name none; NULL: none */
} jbk_parse_options;

/* What each key met so far means; one a worker. */
typedef struct {
    int8_t field; /* -1: an extra */
    uint8_t rank; /* 0 the field's name, then its aliases in order */
} jbk_key_meaning;

typedef struct {
    const jbk_parse_options *options;
    jbk_intern keys;
    JBK_VEC(jbk_key_meaning) meanings;
    jbk_buf scratch;
    uint64_t repaired; /* lines whose ill-formed UTF-8 became U+FFFD */
} jbk_json_parser;

void jbk_json_parser_free(jbk_json_parser *p);

/* Parse one line.  Strings go to the arena.  JBK_REJ_NONE: *r is set; else *reason is. */
jbk_reject_code jbk_json_record(jbk_json_parser *p, const char *line, size_t len, jbk_arena *arena,
                                jbk_record *r, char **reason);

#endif
