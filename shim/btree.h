/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A B-tree of Xapian's glass tables whose items come in the order of their keys: blocks are filled
 * one after the other and never changed.  Block 0 is the head of the file. */
#ifndef JBK_SHIM_BTREE_H
#define JBK_SHIM_BTREE_H

#include "base/err.h"
#include "base/mem.h"

enum { JBK_BTREE_BLOCK = 8192 };

typedef struct jbk_btree jbk_btree;

JBK_MUST_CHECK jbk_status jbk_btree_create(const char *path, jbk_btree **out, jbk_err *err);
void jbk_btree_drop(jbk_btree *t); /* NULL is fine */

/* How long may a tag be for an item with a key so long to fit into the present leaf? */
size_t jbk_btree_room(const jbk_btree *t, size_t key_len);
/* Begin another leaf, which will begin with this key. */
JBK_MUST_CHECK jbk_status jbk_btree_next_leaf(jbk_btree *t, const char *key, size_t key_len,
                                              jbk_err *err);
/* The key is above all before it and at most 252 bytes; the item fits. */
JBK_MUST_CHECK jbk_status jbk_btree_add(jbk_btree *t, const char *key, size_t key_len,
                                        const char *tag, size_t tag_len, jbk_err *err);

/* No more items. */
JBK_MUST_CHECK jbk_status jbk_btree_end(jbk_btree *t, jbk_err *err);
/* What the head of the file says of an ended tree. */
void jbk_btree_put_root(const jbk_btree *t, jbk_buf *out);
/* Write the head, fsync and close.  Frees t, also on failure. */
JBK_MUST_CHECK jbk_status jbk_btree_close(jbk_btree *t, const char *head, size_t len, jbk_err *err);

#endif
