/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where the strings of a query stand in a title or text.  Highlights and concordances are made
 * of these, so that they cannot disagree with each other. */
#ifndef JBK_SEARCH_PLACES_H
#define JBK_SEARCH_PLACES_H

#include "index.h"
#include "query.h"

typedef struct {
    uint32_t start, end;               /* bytes of the source */
    uint32_t folded_start, folded_end; /* bytes of the fold */
    uint32_t string;                   /* which of the strings */
} jbk_place;
typedef JBK_VEC(jbk_place) jbk_places;

/* Replace *out with the matches of every string that is looked for in `where` (one of
 * JBK_IN_TITLE, JBK_IN_TEXT), in order of their beginnings.  Of one string the matches do not
 * overlap, those of different strings may.  x->folded then holds the fold of s with its map. */
void jbk_places_find(jbk_index *x, const jbk_query_list *strings, unsigned where, jbk_str s,
                     jbk_places *out);

#endif
