/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/inputs.h"

#include "base/hash.h"
#include "internal.h"

#include <stdlib.h>

/* A row is the fixed part, then the path: of two paths with one hash the later takes the row, and
 * the other file is read again. */

static row_key key_of(const char *path) {
    uint64_t h = jbk_hash(path, strlen(path));
    return jbk_key2((uint32_t)(h >> 32), (uint32_t)h);
}

jbk_status jbk_view_input(jbk_view *v, const char *path, jbk_input_row *row, bool *found,
                          jbk_err *err) {
    row_key k = key_of(path);
    const char *bytes;
    size_t len, n = strlen(path);
    jbk_status status =
        jbk_row_get(v->txn, v->store->table[T_INPUTS], k.bytes, k.len, &bytes, &len, err);
    *found = !status && bytes && len == sizeof *row + n && !memcmp(bytes + sizeof *row, path, n);
    if (*found) memcpy(row, bytes, sizeof *row);
    return status;
}

jbk_status jbk_commit_input(jbk_commit *c, const char *path, const jbk_input_row *row,
                            jbk_err *err) {
    row_key k = key_of(path);
    jbk_buf b = {0};
    jbk_buf_add(&b, row, sizeof *row);
    jbk_buf_str(&b, path);
    jbk_status status =
        jbk_row_put(c->txn, c->store->table[T_INPUTS], k.bytes, k.len, b.data, b.len, err);
    jbk_buf_free(&b);
    return status;
}

jbk_status jbk_commit_drop_inputs(jbk_commit *c, jbk_err *err) {
    int rc = mdb_drop(c->txn, c->store->table[T_INPUTS], 0);
    return rc ? jbk_mdb_fail(err, rc, "mdb_drop", "cannot write meta.mdb") : JBK_OK;
}
