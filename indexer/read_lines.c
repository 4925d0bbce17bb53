/* SPDX-License-Identifier: GPL-3.0-or-later */
/* JSON lines: each line that is not blank is an item. */
#include "readers.h"

#include <stdlib.h>

typedef struct {
    uint64_t line;
} lines;

static void *open_lines(jbk_feed *in, jbk_source *source, jbk_arena *arena) {
    (void)in, (void)source, (void)arena;
    return jbk_calloc(1, sizeof(lines));
}

static bool is_blank(const char *s, size_t len) {
    for (size_t i = 0; i < len; i++)
        if (s[i] != ' ' && s[i] != '\t' && s[i] != '\r') return false;
    return true;
}

static bool next_line(void *state, jbk_feed *in, jbk_items *out) {
    lines *l = state;
    size_t len;
    const char *s = jbk_feed_peek(in, &len);
    if (!s) return false;
    jbk_items_begin(out, JBK_ITEM_JSON, ++l->line, jbk_feed_offset(in));
    for (; s; s = jbk_feed_peek(in, &len)) {
        const char *end = memchr(s, '\n', len);
        size_t n = end ? (size_t)(end - s) : len;
        jbk_items_add(out, s, n);
        jbk_feed_take(in, n + (end != NULL));
        if (end) break;
    }
    size_t start = out->growing.start;
    if (!out->digest && is_blank(out->bytes.data + start, out->bytes.len - start))
        jbk_items_drop(out);
    else
        jbk_items_end(out);
    return true;
}

static bool looks_like_lines(const char *head, size_t len, const char *name) {
    if (jbk_name_ends(name, ".jsonl") || jbk_name_ends(name, ".ndjson")) return true;
    size_t i = len >= 3 && !memcmp(head, "\xEF\xBB\xBF", 3) ? 3 : 0;
    while (i < len && (head[i] == ' ' || head[i] == '\t' || head[i] == '\n' || head[i] == '\r'))
        i++;
    return i < len && head[i] == '{' && !jbk_json_spans_lines(head, len);
}

const jbk_input_format jbk_read_jsonl = {"jsonl", open_lines, next_line, free, looks_like_lines};
