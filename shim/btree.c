/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A block: revision (4 bytes), level (1), largest free space (2), all free space (2), end of the
 * directory (2), all big-endian; the directory, two bytes an item in the order of keys; free space;
 * items, the first at the end of the block.  A leaf's item: 0x6000 and the length of what follows
 * the key's length (2), length of the key (1), key, tag.  A branch's item: number of a block (4),
 * length of the key (1), the beginning of that block's first key by which it differs from the key
 * before, 0 and 1.  The first item of a branch, as of the first leaf, has an empty key. */
#include "btree.h"

#include "base/codec.h"
#include "output.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

enum {
    BLOCK = JBK_BTREE_BLOCK,
    HEAD = 11,
    REVISION = 1,
    LEVELS = 10,
    LEAF_HEAD = 3,        /* of an item, before its key */
    BRANCH_HEAD = 5,      /* the same */
    BRANCH_TAIL = 2,      /* behind the key */
    WHOLE = 0x6000,       /* the tag is in one piece */
    WRITE_BYTES = 1 << 18 /* at once */
};

/* The block that is being filled on one level. */
typedef struct {
    unsigned char bytes[BLOCK];
    uint32_t dir_end, low; /* the free space */
    jbk_buf divider;       /* the key that leads here; empty for the first of the level */
} level;

struct jbk_btree {
    jbk_output out;
    uint32_t next_block, root;
    uint64_t items;
    level *levels[LEVELS];
    unsigned nlevels;
    jbk_buf last_key;
};

static void empty_block(level *l, unsigned number) {
    memset(l->bytes, 0, BLOCK);
    l->bytes[3] = REVISION;
    l->bytes[4] = (unsigned char)number;
    l->dir_end = HEAD;
    l->low = BLOCK;
}

static void set16(unsigned char *p, size_t v) {
    p[0] = (unsigned char)(v >> 8);
    p[1] = (unsigned char)v;
}

/* Room for an item of `len` bytes, in the directory too. */
static unsigned char *new_item(level *l, size_t len) {
    l->low -= (uint32_t)len;
    set16(l->bytes + l->dir_end, l->low);
    l->dir_end += 2;
    return l->bytes + l->low;
}

static bool has_room(const level *l, size_t item) { return l->low - l->dir_end >= item + 2; }

static void put_leaf_item(level *l, const char *key, size_t key_len, const char *tag,
                          size_t tag_len) {
    unsigned char *p = new_item(l, LEAF_HEAD + key_len + tag_len);
    set16(p, WHOLE | (key_len + tag_len));
    p[2] = (unsigned char)key_len;
    if (key_len) memcpy(p + LEAF_HEAD, key, key_len);
    if (tag_len) memcpy(p + LEAF_HEAD + key_len, tag, tag_len);
}

static void put_branch_item(level *l, const jbk_buf *key, uint32_t block) {
    unsigned char *p = new_item(l, BRANCH_HEAD + key->len + BRANCH_TAIL);
    jbk_store_be32(p, block);
    p[4] = (unsigned char)key->len;
    if (key->len) memcpy(p + BRANCH_HEAD, key->data, key->len);
    set16(p + BRANCH_HEAD + key->len, key->len ? 1 : 0);
}

static jbk_status write_block(jbk_btree *t, level *l, uint32_t *number, jbk_err *err) {
    if (t->next_block == UINT32_MAX)
        return jbk_fail(err, JBK_FULL, "btree", "%s has too many blocks", t->out.path);
    set16(l->bytes + 5, l->low - l->dir_end);
    set16(l->bytes + 7, l->low - l->dir_end);
    set16(l->bytes + 9, l->dir_end);
    jbk_buf_add(&t->out.bytes, l->bytes, BLOCK);
    *number = t->next_block++;
    return t->out.bytes.len < WRITE_BYTES ? JBK_OK : jbk_output_flush(&t->out, err);
}

static level *new_level(jbk_btree *t) {
    level *l = jbk_calloc(1, sizeof *l);
    empty_block(l, t->nlevels);
    t->levels[t->nlevels++] = l;
    return l;
}

/* Write the block of a level and tell the one above; `next` leads to the block that follows. */
static jbk_status end_block(jbk_btree *t, unsigned n, jbk_err *err) {
    level *l = t->levels[n];
    uint32_t number = 0;
    jbk_status status = write_block(t, l, &number, err);
    if (status) return status;
    if (n + 1 == LEVELS) return jbk_fail(err, JBK_FULL, "btree", "%s is too deep", t->out.path);
    level *above = n + 1 < t->nlevels ? t->levels[n + 1] : new_level(t);
    if (!has_room(above, BRANCH_HEAD + l->divider.len + BRANCH_TAIL)) {
        status = end_block(t, n + 1, err);
        if (status) return status;
        above->divider.len = 0;
        jbk_buf_add(&above->divider, l->divider.data, l->divider.len);
        empty_block(above, n + 1);
        jbk_buf none = {0};
        put_branch_item(above, &none, number);
        return JBK_OK;
    }
    put_branch_item(above, &l->divider, number);
    return JBK_OK;
}

jbk_status jbk_btree_create(const char *path, jbk_btree **out, jbk_err *err) {
    *out = NULL;
    jbk_output file;
    jbk_status status = jbk_output_create(&file, path, err);
    if (status) return status;
    jbk_btree *t = jbk_calloc(1, sizeof *t);
    t->out = file;
    level *leaf = new_level(t);
    jbk_buf_add(&t->out.bytes, leaf->bytes, BLOCK); /* a place for the head */
    t->next_block = 1;
    put_leaf_item(leaf, NULL, 0, NULL, 0);
    *out = t;
    return JBK_OK;
}

void jbk_btree_drop(jbk_btree *t) {
    if (!t) return;
    jbk_output_close(&t->out);
    for (unsigned i = 0; i < t->nlevels; i++) {
        jbk_buf_free(&t->levels[i]->divider);
        free(t->levels[i]);
    }
    jbk_buf_free(&t->last_key);
    free(t);
}

size_t jbk_btree_room(const jbk_btree *t, size_t key_len) {
    size_t free_bytes = t->levels[0]->low - t->levels[0]->dir_end, used = 2 + LEAF_HEAD + key_len;
    return free_bytes > used ? free_bytes - used : 0;
}

jbk_status jbk_btree_next_leaf(jbk_btree *t, const char *key, size_t key_len, jbk_err *err) {
    level *leaf = t->levels[0];
    jbk_status status = end_block(t, 0, err);
    if (status) return status;
    size_t same = 0, most = key_len < t->last_key.len ? key_len : t->last_key.len;
    while (same < most && key[same] == t->last_key.data[same]) same++;
    leaf->divider.len = 0;
    jbk_buf_add(&leaf->divider, key, same < key_len ? same + 1 : key_len);
    empty_block(leaf, 0);
    return JBK_OK;
}

jbk_status jbk_btree_add(jbk_btree *t, const char *key, size_t key_len, const char *tag,
                         size_t tag_len, jbk_err *err) {
    jbk_status status = JBK_OK;
    if (!has_room(t->levels[0], LEAF_HEAD + key_len + tag_len))
        status = jbk_btree_next_leaf(t, key, key_len, err);
    if (status) return status;
    put_leaf_item(t->levels[0], key, key_len, tag, tag_len);
    t->items++;
    t->last_key.len = 0;
    jbk_buf_add(&t->last_key, key, key_len);
    return JBK_OK;
}

jbk_status jbk_btree_end(jbk_btree *t, jbk_err *err) {
    jbk_status status = JBK_OK;
    for (unsigned n = 0; n + 1 < t->nlevels && !status; n++) status = end_block(t, n, err);
    /* The last of the level below may have made another above. */
    if (!status && t->items) status = write_block(t, t->levels[t->nlevels - 1], &t->root, err);
    return status;
}

void jbk_btree_put_root(const jbk_btree *t, jbk_buf *out) {
    bool none = !t->items;
    jbk_put_varint(out, t->root);
    jbk_put_varint(out, none ? 3 : (t->nlevels - 1) << 2);
    jbk_put_varint(out, t->items);
    jbk_put_varint(out, BLOCK / 2048);
    jbk_put_varint(out, 0); /* nothing is compressed */
    if (none) {
        jbk_put_varint(out, 0);
        return;
    }
    jbk_buf blocks = {0}; /* that are free: none before the end of the file */
    jbk_put_varint(&blocks, REVISION);
    jbk_put_varint(&blocks, t->next_block);
    for (int i = 0; i < 4; i++) jbk_put_varint(&blocks, 0);
    jbk_put_bytes(out, blocks.data, blocks.len);
    jbk_buf_free(&blocks);
}

static jbk_status write_head(jbk_btree *t, const char *head, size_t len, jbk_err *err) {
    while (len) {
        ssize_t n = pwrite(t->out.fd, head, len, 0);
        if (n < 0 && errno == EINTR) continue;
        if (n != (ssize_t)len)
            return jbk_fail_sys(err, n < 0 ? errno : ENOSPC, "pwrite", "cannot write %s",
                                t->out.path);
        break;
    }
    return JBK_OK;
}

jbk_status jbk_btree_close(jbk_btree *t, const char *head, size_t len, jbk_err *err) {
    jbk_status status = jbk_output_flush(&t->out, err);
    if (!status) status = write_head(t, head, len, err);
    if (!status && fsync(t->out.fd))
        status = jbk_fail_sys(err, errno, "fsync", "cannot write %s to disk", t->out.path);
    int fd = t->out.fd;
    t->out.fd = -1;
    if (close(fd) && !status)
        status = jbk_fail_sys(err, errno, "close", "cannot close %s", t->out.path);
    jbk_btree_drop(t);
    return status;
}
