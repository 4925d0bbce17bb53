/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The formats of input: how each is recognised and cut into items.  One row in the table of
 * format.c is a format. */
#ifndef JBK_INDEXER_FORMAT_H
#define JBK_INDEXER_FORMAT_H

#include "base/err.h"
#include "feed.h"
#include "item.h"

typedef struct {
    const char *name; /* as in --format */
    /* Begin to read a member: the state of this format's reader.  `source` is to be completed
     * with what the head of the member tells, its memory taken from `arena`. */
    void *(*open)(jbk_feed *in, jbk_source *source, jbk_arena *arena);
    /* Cut the next item, or none where there was nothing to keep, into `out`, whose last source
     * is this member's.  False at the end; problems of the stream are told by the caller. */
    bool (*next)(void *state, jbk_feed *in, jbk_items *out);
    void (*close)(void *state);
    /* Whether the head of a member looks like it.  NULL: only asked for by name. */
    bool (*looks)(const char *head, size_t len, const char *name);
} jbk_input_format;

/* The format named so, or NULL. */
const jbk_input_format *jbk_input_format_find(const char *name);
/* The format that the head of a member looks like, or NULL. */
const jbk_input_format *jbk_input_format_detect(const char *head, size_t len, const char *name);

/* Does the name, without what tells of packing (.gz), end so?  ASCII case is ignored. */
bool jbk_name_ends(const char *name, const char *ending);

#endif
