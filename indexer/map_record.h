/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One object to one record, by a mapping. */
#ifndef JBK_INDEXER_MAP_RECORD_H
#define JBK_INDEXER_MAP_RECORD_H

#include "base/intern.h"
#include "base/reason.h"
#include "item.h"
#include "maps.h"
#include "store/record.h"

typedef struct {
    int zone_min;         /* of times without a zone, where nothing tells */
    const char *platform; /* of records that name none; NULL: none */
    const jbk_maps *maps;
    const jbk_reasons *reasons; /* what messages mean */
} jbk_parse_options;

#define JBK_MAPS_MAX 40

/* What a mapper has met. */
typedef struct {
    uint64_t records[JBK_MAPS_MAX]; /* by each mapping, in their order */
    uint64_t unread;                /* values that the mapping has no meaning for */
} jbk_mapped;

/* One a worker. */
typedef struct jbk_mapper jbk_mapper;
jbk_mapper *jbk_mapper_new(const jbk_parse_options *options);
void jbk_mapper_free(jbk_mapper *m);
jbk_mapped *jbk_mapper_met(jbk_mapper *m);

/* Strings go to the arena.  JBK_REJ_NONE: *r is set; else *reason is. */
jbk_reject_code jbk_map_record(jbk_mapper *m, const json_t *object, jbk_arena *arena, jbk_record *r,
                               char **reason);
/* What each name of an object became under the mapping that it was recognised by, for people:
 * lines to `out`. */
void jbk_map_explain(jbk_mapper *m, const json_t *object, jbk_buf *out);

/* Has it no identity of its own? */
bool jbk_record_needs_digest(const jbk_record *r);
/* Name a record that has no identity of its own by the bytes it came from. */
void jbk_record_set_digest(jbk_record *r, const char *bytes, size_t len, jbk_arena *arena);

#endif
