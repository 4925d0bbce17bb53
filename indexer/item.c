/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "item.h"

#include <stdlib.h>

void jbk_items_clear(jbk_items *x) {
    x->bytes.len = 0;
    x->items.n = x->sources.n = 0;
    jbk_arena_free(&x->arena);
}

void jbk_items_free(jbk_items *x) {
    jbk_buf_free(&x->bytes);
    jbk_vec_free(&x->items);
    jbk_vec_free(&x->sources);
    jbk_arena_free(&x->arena);
}

void jbk_items_source(jbk_items *x, const jbk_source *source) {
    jbk_source *own = jbk_arena_alloc(&x->arena, sizeof *own);
    *own = *source;
    own->notes = NULL;
    own->name = jbk_arena_dup(&x->arena, source->name, strlen(source->name));
    if (source->columns) {
        own->columns = jbk_arena_alloc(&x->arena, source->ncolumns * sizeof *own->columns);
        for (size_t i = 0; i < source->ncolumns; i++)
            own->columns[i] =
                jbk_arena_dup(&x->arena, source->columns[i], strlen(source->columns[i]));
    }
    jbk_vec_push(&x->sources, own);
}

void jbk_items_begin(jbk_items *x, jbk_item_kind kind, uint64_t line, uint64_t offset) {
    x->growing = (jbk_item){.kind = kind,
                            .source = (uint32_t)x->sources.n - 1,
                            .start = x->bytes.len,
                            .line = line,
                            .offset = offset};
}

void jbk_items_add(jbk_items *x, const char *s, size_t len) {
    jbk_item *g = &x->growing;
    size_t had = x->bytes.len - g->start;
    if (!x->digest && had + len > JBK_ITEM_MAX) {
        x->digest = jbk_sha256_new();
        g->whole_len = had;
        jbk_sha256_add(x->digest, x->bytes.data + g->start, had);
        if (had < JBK_REJECT_BYTES) { /* the beginning of what comes now is kept too */
            size_t more = JBK_REJECT_BYTES - had;
            jbk_buf_add(&x->bytes, s, more < len ? more : len);
        } else {
            x->bytes.len = g->start + JBK_REJECT_BYTES;
        }
    }
    if (x->digest) {
        jbk_sha256_add(x->digest, s, len);
        g->whole_len += len;
    } else {
        jbk_buf_add(&x->bytes, s, len);
    }
}

void jbk_items_end(jbk_items *x) {
    jbk_item *g = &x->growing;
    g->len = x->bytes.len - g->start;
    if (x->digest) {
        char hex[JBK_SHA256_HEX];
        jbk_sha256_end(x->digest, hex);
        x->digest = NULL;
        g->cut = true;
        g->sha256 = jbk_arena_dup(&x->arena, hex, sizeof hex - 1);
    }
    jbk_vec_push(&x->items, *g);
}

void jbk_items_drop(jbk_items *x) {
    char hex[JBK_SHA256_HEX];
    if (x->digest) jbk_sha256_end(x->digest, hex);
    x->digest = NULL;
    x->bytes.len = x->growing.start;
}

void jbk_items_refuse(jbk_items *x, jbk_reject_code code, const char *reason) {
    x->growing.kind = JBK_ITEM_BAD;
    x->growing.code = code;
    x->growing.problem = jbk_arena_dup(&x->arena, reason, strlen(reason));
    jbk_items_end(x);
}
