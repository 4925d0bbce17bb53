/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a document is to the original, and how that shows. */
#ifndef JBK_SEARCH_RELATE_H
#define JBK_SEARCH_RELATE_H

#include "trace.h"

typedef struct jbk_relater jbk_relater;

/* The original's title and its text that matters (which may be the title, or the query itself where
 * there is no original); `query` as in jbk_trace_run.  Nothing is kept of the strings. */
jbk_relater *jbk_relater_new(jbk_str query, jbk_str title, jbk_str original);
void jbk_relater_free(jbk_relater *r);

/* Fill in relation, similarity, passage, via and differences of a match that is not the original.
 * `text` is what shares: its title or its text. */
void jbk_relate(jbk_relater *r, jbk_str title, jbk_str text, jbk_trace_match *m, jbk_arena *arena);

#endif
