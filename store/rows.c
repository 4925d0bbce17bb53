/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "internal.h"

#include "base/codec.h"
#include "base/hash.h"

#include <stdlib.h>

row_key jbk_key2(uint32_t a, uint32_t b) {
    row_key k = {.len = 8};
    jbk_store_be32(k.bytes, a);
    jbk_store_be32(k.bytes + 4, b);
    return k;
}

row_key jbk_key_hash(uint32_t field, uint64_t hash) {
    row_key k = {.len = 12};
    jbk_store_be32(k.bytes, field);
    jbk_store_be32(k.bytes + 4, (uint32_t)(hash >> 32));
    jbk_store_be32(k.bytes + 8, (uint32_t)hash);
    return k;
}

jbk_status jbk_mdb_fail(jbk_err *err, int rc, const char *where, const char *what) {
    jbk_status status = rc == MDB_CORRUPTED || rc == MDB_PAGE_NOTFOUND || rc == MDB_INVALID ||
                                rc == MDB_VERSION_MISMATCH || rc == MDB_PANIC
                            ? JBK_DAMAGED
                        : rc == MDB_MAP_FULL ? JBK_FULL
                                             : JBK_IO;
    jbk_fail(err, status, where, "%s: %s", what, mdb_strerror(rc));
    if (err) err->sys = rc;
    return status;
}

static uint64_t row_sum(const void *key, size_t klen, const void *value, size_t len) {
    return jbk_hash_seed(value, len, jbk_hash(key, klen));
}

jbk_status jbk_row_check(const MDB_val *key, const MDB_val *stored, const char **value, size_t *len,
                         jbk_err *err) {
    *value = NULL;
    *len = 0;
    uint64_t sum;
    bool good = stored->mv_size >= sizeof sum;
    size_t n = good ? stored->mv_size - sizeof sum : 0;
    if (good) {
        memcpy(&sum, (const char *)stored->mv_data + n, sizeof sum);
        good = sum == row_sum(key->mv_data, key->mv_size, stored->mv_data, n);
    }
    if (!good)
        return jbk_fail(err, JBK_DAMAGED, "row",
                        "a row of meta.mdb is damaged (checksum); " JBK_REMEDY);
    *value = stored->mv_data;
    *len = n;
    return JBK_OK;
}

/* Where a key is not found, one that a flipped bit has made of it stands beside its place: the walk
 * at opening has seen that keys are in order. */
static jbk_status check_neighbours(MDB_txn *txn, MDB_dbi dbi, MDB_val key, jbk_err *err) {
    MDB_cursor *cur;
    MDB_val k = key, v;
    const char *value;
    size_t len;
    int rc = mdb_cursor_open(txn, dbi, &cur);
    if (rc) return jbk_mdb_fail(err, rc, "mdb_cursor_open", "cannot read meta.mdb");
    jbk_status status = JBK_OK;
    rc = mdb_cursor_get(cur, &k, &v, MDB_SET_RANGE);
    if (!rc) status = jbk_row_check(&k, &v, &value, &len, err);
    if (!status && !mdb_cursor_get(cur, &k, &v, rc ? MDB_LAST : MDB_PREV))
        status = jbk_row_check(&k, &v, &value, &len, err);
    mdb_cursor_close(cur);
    return status;
}

jbk_status jbk_row_get(MDB_txn *txn, MDB_dbi dbi, const void *key, size_t klen, const char **value,
                       size_t *len, jbk_err *err) {
    MDB_val k = {klen, (void *)(uintptr_t)key}, v;
    *value = NULL;
    *len = 0;
    int rc = mdb_get(txn, dbi, &k, &v);
    if (rc == MDB_NOTFOUND) return check_neighbours(txn, dbi, k, err);
    if (rc) return jbk_mdb_fail(err, rc, "mdb_get", "cannot read meta.mdb");
    return jbk_row_check(&k, &v, value, len, err);
}

jbk_status jbk_row_put(MDB_txn *txn, MDB_dbi dbi, const void *key, size_t klen, const void *value,
                       size_t len, jbk_err *err) {
    uint64_t sum = row_sum(key, klen, value, len);
    MDB_val k = {klen, (void *)(uintptr_t)key}, v = {len + sizeof sum, NULL};
    int rc = mdb_put(txn, dbi, &k, &v, MDB_RESERVE);
    if (rc) return jbk_mdb_fail(err, rc, "mdb_put", "cannot write meta.mdb");
    if (len) memcpy(v.mv_data, value, len);
    memcpy((char *)v.mv_data + len, &sum, sizeof sum);
    return JBK_OK;
}
