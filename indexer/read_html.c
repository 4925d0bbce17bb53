/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Web pages as files: the whole member is one item. */
#include "readers.h"

#include "base/mem.h"

#include <stdlib.h>
#include <strings.h>

static void *open_page(jbk_feed *in, jbk_source *source, jbk_arena *arena) {
    (void)in, (void)source, (void)arena;
    return jbk_calloc(1, 1);
}

static bool next_page(void *state, jbk_feed *in, jbk_items *out) {
    size_t len;
    const char *s = jbk_feed_peek(in, &len);
    (void)state;
    if (!s) return false;
    jbk_items_begin(out, JBK_ITEM_HTML, 0, 0);
    for (; s; s = jbk_feed_peek(in, &len)) {
        jbk_items_add(out, s, len);
        jbk_feed_take(in, len);
    }
    const char *problem = jbk_feed_problem(in);
    if (problem) {
        jbk_items_refuse(out, JBK_REJ_UNREADABLE, problem);
        jbk_feed_told(in);
    } else {
        jbk_items_end(out);
    }
    return true;
}

/* The first letters, whatever the encoding does to them. */
static bool looks_like_page(const char *head, size_t len, const char *name) {
    static const char *const ENDINGS[] = {".html", ".htm", ".xhtml", ".shtml"};
    static const char *const BEGINNINGS[] = {"<!doctype html", "<html", "<head", "<body",
                                             "<!-- saved from url"};
    char s[256];
    size_t n = 0;
    for (size_t i = 0; i < len && n < sizeof s - 1; i++) /* NULs of UTF-16, marks */
        if (head[i] > ' ' || (n && head[i] == ' ')) s[n++] = head[i];
    s[n] = '\0';
    for (size_t i = 0; i < sizeof BEGINNINGS / sizeof *BEGINNINGS; i++)
        if (!strncasecmp(s, BEGINNINGS[i], strlen(BEGINNINGS[i]))) return true;
    bool named = false;
    for (size_t i = 0; i < 4; i++) named |= jbk_name_ends(name, ENDINGS[i]);
    if (*s == '<' && strcasestr(s, "<html")) return true;
    return named && memchr(head, '<', len);
}

const jbk_input_format jbk_read_html = {"html", open_page, next_page, free, looks_like_page, true};
