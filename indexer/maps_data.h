/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The files of data/maps, compiled in. */
#ifndef JBK_INDEXER_MAPS_DATA_H
#define JBK_INDEXER_MAPS_DATA_H

#include <stddef.h>

typedef struct {
    const char *name;
    const char *text;
    size_t len;
} jbk_map_data;

extern const jbk_map_data jbk_maps_data[];
extern const size_t jbk_maps_count;

#endif
