/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Plain text: a file is a record.  It has no title, for nothing says that its first line is one. */
#include "readers.h"

#include <stdlib.h>

static void *open_text(jbk_feed *in, jbk_source *source, jbk_arena *arena) {
    (void)in, (void)source, (void)arena;
    return NULL;
}

static bool next_text(void *state, jbk_feed *in, jbk_items *out) {
    (void)state;
    jbk_items_begin(out, JBK_ITEM_TEXT, 1, 0);
    size_t len;
    for (const char *s; (s = jbk_feed_peek(in, &len)); jbk_feed_take(in, len))
        jbk_items_add(out, s, len);
    jbk_items_end(out);
    return false;
}

static void close_text(void *state) { (void)state; }

static bool looks_like_text(const char *head, size_t len, const char *name) {
    return jbk_name_ends(name, ".txt") && !memchr(head, '\0', len);
}

const jbk_input_format jbk_read_text = {"text", open_text, next_text, close_text, looks_like_text};
