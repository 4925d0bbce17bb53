/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Posting lists to chunks, and the head of the file; btree.c has the blocks. */
#include "glass.h"

#include "base/codec.h"
#include "btree.h"

#include <stdbool.h>
#include <stdlib.h>

enum {
    KEY_MAX = 252,
    CHUNK_MAX = 2000, /* bytes of a chunk, as Xapian makes them */
    CHUNK_MIN = 200,  /* a place in a block that is smaller stays empty */
    CHUNK_HEAD_MAX = 3 * 5 /* frequencies and first document */ + 1 + 5 /* how far to the last */
};

struct jbk_glass {
    jbk_btree *tree;
    jbk_buf key;  /* of the term's first chunk */
    bool lengths; /* this is the list of lengths */
    jbk_buf list; /* count of the first document; then of each: documents between, count */
    uint32_t n, first, last;
    uint64_t total; /* of the counts */
    jbk_buf chunk, chunk_key;
    /* of the whole file */
    uint32_t docs, shortest, longest, most; /* most: the largest count of a term in a document */
    uint64_t length;
};

jbk_status jbk_glass_create(const char *path, jbk_glass **out, jbk_err *err) {
    *out = NULL;
    jbk_btree *tree;
    jbk_status status = jbk_btree_create(path, &tree, err);
    if (status) return status;
    jbk_glass *g = jbk_calloc(1, sizeof *g);
    g->tree = tree;
    g->lengths = true;
    jbk_buf_add(&g->key, "\0\xE0", 2);
    *out = g;
    return JBK_OK;
}

void jbk_glass_drop(jbk_glass *g) {
    if (!g) return;
    jbk_btree_drop(g->tree);
    jbk_buf_free(&g->key);
    jbk_buf_free(&g->list);
    jbk_buf_free(&g->chunk);
    jbk_buf_free(&g->chunk_key);
    free(g);
}

/* --- chunks --- */

/* A number whose bytes sort as it does. */
static void put_sortable(jbk_buf *b, uint32_t v) {
    unsigned more = 1; /* bytes behind the first, which begins with so many bits less one set */
    for (uint32_t limit = v >> 15; limit; limit >>= 7) more++;
    if (more == 1) {
        jbk_buf_byte(b, (char)(v >> 8));
    } else {
        unsigned head = 0xFF00u >> (more - 1) & 0xFF;
        jbk_buf_byte(b, (char)(more == 4 ? head : head | v >> (8 * more)));
    }
    for (unsigned i = more; i--;) jbk_buf_byte(b, (char)(v >> (8 * i)));
}

/* Where a chunk of the list begins: a document's count is at `at`. */
typedef struct {
    const char *at;
    uint32_t doc;
} chunk_place;

static void make_key(jbk_glass *g, bool is_first, uint32_t doc) {
    jbk_buf *k = &g->chunk_key;
    k->len = 0;
    jbk_buf_add(k, g->key.data, g->key.len);
    if (is_first) return;
    if (!g->lengths) jbk_buf_byte(k, '\0');
    put_sortable(k, doc + 1);
}

/* The chunk from `from` on that is at most `room` bytes long; *next is where another begins.
 * Returns its last document. */
static uint32_t cut_chunk(const char *end, chunk_place from, size_t room, const char **chunk_end,
                          chunk_place *next) {
    const char *p = from.at;
    uint32_t doc = from.doc;
    uint64_t v = 0;
    for (;;) {
        (void)jbk_get_varint(&p, end, &v);
        const char *done = p;
        if (done == end) {
            *chunk_end = next->at = end;
            return doc;
        }
        (void)jbk_get_varint(&p, end, &v);
        uint32_t following = doc + 1 + (uint32_t)v;
        const char *count = p;
        (void)jbk_get_varint(&count, end, &v);
        if ((size_t)(count - from.at) > room) {
            *chunk_end = done;
            *next = (chunk_place){p, following};
            return doc;
        }
        doc = following;
    }
}

static jbk_status put_chunk(jbk_glass *g, bool is_first, chunk_place from, const char *chunk_end,
                            uint32_t last, jbk_err *err) {
    jbk_buf *c = &g->chunk;
    c->len = 0;
    if (is_first) {
        jbk_put_varint(c, g->lengths ? 0 : g->n);
        jbk_put_varint(c, g->lengths ? 0 : g->total > UINT32_MAX ? UINT32_MAX : g->total);
        jbk_put_varint(c, g->first);
    }
    jbk_buf_byte(c, chunk_end == g->list.data + g->list.len ? '1' : '0');
    jbk_put_varint(c, last - from.doc);
    jbk_buf_add(c, from.at, (size_t)(chunk_end - from.at));
    return jbk_btree_add(g->tree, g->chunk_key.data, g->chunk_key.len, c->data, c->len, err);
}

/* Chunks are cut so that they fill the blocks. */
static jbk_status end_list(jbk_glass *g, jbk_err *err) {
    const char *end = g->list.data + g->list.len;
    chunk_place at = {g->list.data, g->first};
    bool is_first = true;
    jbk_status status = JBK_OK;
    while (g->n && at.at < end && !status) {
        make_key(g, is_first, at.doc);
        size_t room = jbk_btree_room(g->tree, g->chunk_key.len), left = (size_t)(end - at.at);
        size_t bytes = room > CHUNK_HEAD_MAX ? room - CHUNK_HEAD_MAX : 0;
        if (left > bytes && bytes < CHUNK_MIN) {
            status = jbk_btree_next_leaf(g->tree, g->chunk_key.data, g->chunk_key.len, err);
            continue;
        }
        const char *chunk_end = end;
        chunk_place next = {end, g->last};
        uint32_t last = g->last;
        if (left > CHUNK_MAX || left > bytes)
            last = cut_chunk(end, at, bytes < CHUNK_MAX ? bytes : CHUNK_MAX, &chunk_end, &next);
        status = put_chunk(g, is_first, at, chunk_end, last, err);
        at = next;
        is_first = false;
    }
    g->n = 0;
    g->total = 0;
    g->list.len = 0;
    return status;
}

/* --- what is given --- */

void jbk_glass_add(jbk_glass *g, uint32_t doc, uint32_t count) {
    if (g->n++)
        jbk_put_varint(&g->list, doc - g->last - 1);
    else
        g->first = doc;
    jbk_put_varint(&g->list, count);
    g->last = doc;
    g->total += count;
    if (!g->lengths && count > g->most) g->most = count;
}

void jbk_glass_length(jbk_glass *g, uint32_t length) {
    jbk_glass_add(g, g->docs++, length);
    g->length += length;
    if (length && (!g->shortest || length < g->shortest)) g->shortest = length;
    if (length > g->longest) g->longest = length;
}

jbk_status jbk_glass_term(jbk_glass *g, const char *term, size_t len, jbk_err *err) {
    jbk_status status = end_list(g, err);
    if (status) return status;
    g->lengths = false;
    g->key.len = 0;
    for (size_t i = 0; i < len; i++) {
        jbk_buf_byte(&g->key, term[i]);
        if (!term[i]) jbk_buf_byte(&g->key, '\xFF');
    }
    if (!len || g->key.len > 245)
        return jbk_fail(err, JBK_FULL, "glass", "a term of %zu bytes is not possible", len);
    return JBK_OK;
}

/* --- the head of the file --- */

/* Tables that are not there. */
static void put_void(jbk_buf *b, int compress_min) {
    const char table[] = {0, 3, 0, JBK_BTREE_BLOCK / 2048, (char)compress_min, 0};
    jbk_buf_add(b, table, sizeof table);
}

static void put_head(jbk_glass *g, jbk_buf *b) {
    static const char MAGIC[] = "\x0F\x0DXapian Glass\x04\x6E";
    enum { COMPRESS_MIN = 18, REVISION = 1 };
    static const char NO_UUID[16] = {0}; /* nobody asks for it, and equal input makes equal files */
    jbk_buf_add(b, MAGIC, sizeof MAGIC - 1);
    jbk_buf_add(b, NO_UUID, sizeof NO_UUID);
    jbk_put_varint(b, REVISION);
    jbk_btree_put_root(g->tree, b);
    put_void(b, COMPRESS_MIN); /* document data */
    put_void(b, COMPRESS_MIN); /* term lists */
    put_void(b, 0);            /* positions */
    put_void(b, COMPRESS_MIN); /* spelling */
    put_void(b, COMPRESS_MIN); /* synonyms */
    jbk_put_varint(b, g->docs);
    jbk_put_varint(b, 0); /* numbers without document */
    jbk_put_varint(b, g->shortest);
    jbk_put_varint(b, g->most);
    jbk_put_varint(b, g->longest - g->most);
    jbk_put_varint(b, 0); /* changesets */
    jbk_put_varint(b, g->length);
    jbk_put_varint(b, 0); /* spelling */
}

jbk_status jbk_glass_finish(jbk_glass *g, jbk_err *err) {
    jbk_buf head = {0};
    jbk_status status = end_list(g, err);
    if (!status) status = jbk_btree_end(g->tree, err);
    if (!status) {
        put_head(g, &head);
        status = jbk_btree_close(g->tree, head.data, head.len, err);
        g->tree = NULL;
    }
    jbk_buf_free(&head);
    jbk_glass_drop(g);
    return status;
}
