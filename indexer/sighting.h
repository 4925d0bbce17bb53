/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rows of a list of observations, whoever made it, to observations and the name of their post. */
#ifndef JBK_INDEXER_SIGHTING_H
#define JBK_INDEXER_SIGHTING_H

#include "base/reason.h"
#include "reject.h"
#include "store/record.h"

typedef struct {
    jbk_str name; /* as jbk_view_pending wants it */
    jbk_observation seen;
} jbk_sighting;
typedef JBK_VEC(jbk_sighting) jbk_sightings;

typedef struct {
    const char *profile;  /* of JBK_SIGHTING_PROFILES; NULL: the columns tell */
    const char *platform; /* of rows that name none; NULL: none */
    int zone_min;         /* of times without a zone, where the platform does not tell */
    uint8_t confirm;      /* failed checks in a row that make a post gone */
    int64_t now;          /* packed: rows that do not say when */
    const jbk_reasons *reasons;
} jbk_sighting_options;

/* Names of profiles, NULL last. */
extern const char *const jbk_sighting_profiles[];

/* What a column means: a number to be kept beside its cells; JBK_NO_ROLE where it is passed
 * over. */
#define JBK_NO_ROLE (-1)
int jbk_sighting_role(const char *column, size_t len);

typedef struct {
    int role;
    jbk_str value;
} jbk_sighting_cell;

/* Append what the row saw (nothing, where it is of a post that is still there and says no more).
 * Strings go to the arena.  JBK_REJ_NONE, or why not, with *reason in the arena. */
jbk_reject_code jbk_sighting_row(const jbk_sighting_options *o, const jbk_sighting_cell *cells,
                                 size_t n, jbk_arena *arena, jbk_sightings *out, char **reason);

#endif
