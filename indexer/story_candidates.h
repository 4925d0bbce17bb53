/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which families a document may belong to: those that share most of the hashes of its sketch. */
#ifndef JBK_INDEXER_STORY_CANDIDATES_H
#define JBK_INDEXER_STORY_CANDIDATES_H

#include "story_lists.h"

#include <roaring/roaring.h>

#define JBK_NO_FAMILY UINT32_MAX
#define JBK_STORY_TRIED 4

/* Who is whose so far. */
typedef struct {
    const uint32_t *first; /* of each document the first of its family, or JBK_NO_FAMILY */
    const roaring_bitmap_t *forgotten; /* documents; NULL: none is */
} jbk_families;

static inline bool jbk_is_forgotten(const jbk_families *f, uint32_t doc) {
    return f->forgotten && roaring_bitmap_contains(f->forgotten, doc);
}

/* A document's family is known by its first document, which may be itself. */
static inline uint32_t jbk_family_of(const jbk_families *f, uint32_t doc) {
    return f->first[doc] == JBK_NO_FAMILY ? doc : f->first[doc];
}

typedef struct {
    uint32_t family; /* its first document */
    uint32_t other;  /* that speaks for it; where the first is forgotten one that shares hashes */
} jbk_candidate;

typedef struct jbk_seeker jbk_seeker; /* scratch; one a thread */
jbk_seeker *jbk_seeker_new(void);
void jbk_seeker_free(jbk_seeker *s); /* NULL is fine */

/* The likeliest first; how many there are. */
size_t jbk_seek(jbk_seeker *s, const jbk_story_lists *l, const jbk_families *f, uint32_t doc,
                jbk_candidate out[JBK_STORY_TRIED]);

#endif
