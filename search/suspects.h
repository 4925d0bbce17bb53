/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which documents may share a passage with a text: those that hold many of the words of some
 * short piece of it, rare ones above all.  The text decides (alike.h). */
#ifndef JBK_SEARCH_SUSPECTS_H
#define JBK_SEARCH_SUSPECTS_H

#include "index.h"
#include "letters.h"
#include "twins.h"

/* Living documents, one of twins for all of them, in two orders, the most suspicious first: by the
 * piece of the text that they hold most of, and by the whole of it. */
typedef struct {
    jbk_twins by_piece, by_whole;
} jbk_suspects;

/* Leaves the text's fold in x->folded. */
JBK_MUST_CHECK jbk_status jbk_suspects_find(jbk_index *x, jbk_str text, jbk_suspects *out,
                                            jbk_err *err);
void jbk_suspects_free(jbk_suspects *s);

#endif
