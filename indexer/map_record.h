/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One object to one record, by the field table's names and aliases. */
#ifndef JBK_INDEXER_MAP_RECORD_H
#define JBK_INDEXER_MAP_RECORD_H

#include "base/intern.h"
#include "item.h"
#include "store/record.h"

#include <jansson.h>

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
} jbk_mapper;

void jbk_mapper_free(jbk_mapper *m);

/* Strings go to the arena.  JBK_REJ_NONE: *r is set; else *reason is. */
jbk_reject_code jbk_map_record(jbk_mapper *m, const json_t *object, jbk_arena *arena, jbk_record *r,
                               char **reason);

/* Name a record that has no identity of its own by the bytes it came from. */
void jbk_record_set_digest(jbk_record *r, const char *bytes, size_t len, jbk_arena *arena);

#endif
