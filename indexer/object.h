/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An item to an object: names and values, as its source wrote them.  What they mean is the
 * mapping's matter. */
#ifndef JBK_INDEXER_OBJECT_H
#define JBK_INDEXER_OBJECT_H

#include "csv_row.h"
#include "item.h"
#include "page_object.h"
#include "shim/json.h"

#include <jansson.h>

typedef struct {
    jbk_buf scratch;
    jbk_cells cells;
    jbk_json *json;              /* kept between objects */
    uint64_t repaired;           /* items whose ill-formed UTF-8 became U+FFFD */
    uint64_t passed[JBK_PASSES]; /* items that are no record */
    bool sightings; /* of archives: what was seen of each address, in place of its page */
} jbk_object_maker;

void jbk_object_maker_free(jbk_object_maker *m);

/* JBK_REJ_NONE: *out is a JSON object, to be given back with json_decref, or NULL where the item
 * is no record, which is counted.  Else *out is NULL and
 * *reason is in the arena. */
jbk_reject_code jbk_object_make(jbk_object_maker *m, const jbk_items *items, const jbk_item *x,
                                jbk_arena *arena, json_t **out, char **reason);

#endif
