/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which mapping an object belongs to, by its names alone, so that files may hold posts of
 * several kinds and threads cannot change the answer. */
#ifndef JBK_INDEXER_RECOGNISE_H
#define JBK_INDEXER_RECOGNISE_H

#include "maps.h"

typedef struct jbk_recogniser jbk_recogniser;
jbk_recogniser *jbk_recogniser_new(const jbk_maps *maps);
void jbk_recogniser_free(jbk_recogniser *r);

typedef struct {
    const jbk_map *map;
    size_t number;                    /* its place in the maps */
    const jbk_map_rule *const *rules; /* of each name of the object, in order; NULL: none */
} jbk_recognised;

/* `rules` until the next call. */
jbk_recognised jbk_recognise(jbk_recogniser *r, const json_t *object);

#endif
