/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the words of a query become in an index.
 *
 * A WORD becomes all words of the lexicon that share a stem key with it (text/keys.h): its
 * inflections, in all scripts of its language.  It still means the quoted string, too.  A PATTERN
 * becomes all words of the lexicon that fit it.  A SOUND becomes units (text/sound.h). */
#ifndef JBK_SEARCH_EXPAND_H
#define JBK_SEARCH_EXPAND_H

#include "base/intern.h"
#include "index.h"
#include "query.h"
#include "text/keys.h"
#include "text/sound.h"

typedef struct jbk_expansion jbk_expansion;
struct jbk_expansion {
    jbk_intern words;      /* sorted bytewise */
    JBK_VEC(uint8_t) kind; /* of each: jbk_key_kind of the first key it shares; 0: fits a pattern */
    jbk_sound_units units;
};

/* Expand all leaves of a query, once; the query owns the expansions, which hold for this index. */
JBK_MUST_CHECK jbk_status jbk_expand(jbk_index *x, jbk_query *q, jbk_err *err);
void jbk_expansion_free(jbk_expansion *e); /* NULL is fine */

const char *jbk_key_kind_name(uint8_t kind); /* "Kazakh", ...; static */

#endif
