/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Observations that wait for their record. */
#include "internal.h"

#include "base/codec.h"
#include "base/hash.h"

#include <stdlib.h>

static row_key key_of(uint64_t hash, uint32_t count) {
    row_key k = {.len = 12};
    jbk_store_be32(k.bytes, (uint32_t)(hash >> 32));
    jbk_store_be32(k.bytes + 4, (uint32_t)hash);
    jbk_store_be32(k.bytes + 8, count);
    return k;
}

bool jbk_pending_read_row(const char *bytes, size_t len, jbk_str *name, jbk_recorded_list *out) {
    const char *p = bytes, *end = bytes + len;
    return jbk_get_bytes(&p, end, &name->s, &name->len) &&
           jbk_history_read_part(0, p, (size_t)(end - p), out);
}

/* The rows of names that hash like this one: those of the name itself are heard, with their
 * keys' counts.  *next: the count that no row has. */
typedef JBK_VEC(uint32_t) counts;

static jbk_status walk(MDB_txn *txn, MDB_dbi dbi, const char *name, size_t len,
                       jbk_recorded_list *out, counts *own, uint32_t *next, jbk_err *err) {
    MDB_cursor *cur;
    row_key k = key_of(jbk_hash(name, len), 0);
    MDB_val key = {k.len, k.bytes}, stored;
    int rc = mdb_cursor_open(txn, dbi, &cur);
    if (rc) return jbk_mdb_fail(err, rc, "mdb_cursor_open", "cannot read meta.mdb");
    jbk_status status = JBK_OK;
    *next = 0;
    rc = mdb_cursor_get(cur, &key, &stored, MDB_SET_RANGE);
    for (; !rc && !status && !memcmp(key.mv_data, k.bytes, 8);
         rc = mdb_cursor_get(cur, &key, &stored, MDB_NEXT)) {
        const char *bytes;
        size_t row_len, before = out->n;
        jbk_str found = {0};
        status = jbk_row_check(&key, &stored, &bytes, &row_len, err);
        if (status) break;
        if (!jbk_pending_read_row(bytes, row_len, &found, out))
            status = jbk_fail(err, JBK_DAMAGED, "pending", "a row of observations is cut off");
        *next = jbk_load_be32((const char *)key.mv_data + 8) + 1;
        if (status || found.len != len || memcmp(found.s, name, len) != 0)
            out->n = before;
        else if (own)
            jbk_vec_push(own, *next - 1);
    }
    mdb_cursor_close(cur);
    if (!status && rc && rc != MDB_NOTFOUND)
        status = jbk_mdb_fail(err, rc, "mdb_cursor_get", "cannot read meta.mdb");
    return status;
}

jbk_status jbk_view_pending(jbk_view *v, const char *name, size_t len, jbk_observations *out,
                            jbk_err *err) {
    jbk_recorded_list list = {0};
    uint32_t next;
    jbk_status status =
        walk(v->txn, v->store->table[T_PENDING], name, len, &list, NULL, &next, err);
    for (size_t i = 0; i < list.n && !status; i++) jbk_vec_push(out, list.at[i].seen);
    jbk_vec_free(&list);
    return status;
}

jbk_status jbk_view_pending_rows(jbk_view *v, size_t *rows, jbk_err *err) {
    MDB_stat stat;
    int rc = mdb_stat(v->txn, v->store->table[T_PENDING], &stat);
    *rows = rc ? 0 : stat.ms_entries;
    return rc ? jbk_mdb_fail(err, rc, "mdb_stat", "cannot read meta.mdb") : JBK_OK;
}

jbk_status jbk_view_pending_count(jbk_view *v, uint64_t *observations, jbk_err *err) {
    MDB_cursor *cur;
    MDB_val key, stored;
    jbk_recorded_list list = {0};
    *observations = 0;
    int rc = mdb_cursor_open(v->txn, v->store->table[T_PENDING], &cur);
    if (rc) return jbk_mdb_fail(err, rc, "mdb_cursor_open", "cannot read meta.mdb");
    jbk_status status = JBK_OK;
    while (!status && !(rc = mdb_cursor_get(cur, &key, &stored, MDB_NEXT))) {
        const char *bytes;
        size_t len;
        jbk_str name;
        list.n = 0;
        status = jbk_row_check(&key, &stored, &bytes, &len, err);
        if (!status && !jbk_pending_read_row(bytes, len, &name, &list))
            status = jbk_fail(err, JBK_DAMAGED, "pending", "a row of observations is cut off");
        *observations += list.n;
    }
    mdb_cursor_close(cur);
    jbk_vec_free(&list);
    if (!status && rc != MDB_NOTFOUND)
        status = jbk_mdb_fail(err, rc, "mdb_cursor_get", "cannot read meta.mdb");
    return status;
}

jbk_status jbk_commit_pending(jbk_commit *c, const char *name, size_t len,
                              const jbk_observation *list, size_t n, jbk_err *err) {
    jbk_recorded_list before = {0};
    uint32_t next;
    part_writer w = {0};
    jbk_status status =
        walk(c->txn, c->store->table[T_PENDING], name, len, &before, NULL, &next, err);
    jbk_put_bytes(&w.bytes, name, len);
    for (size_t i = 0; i < n; i++) jbk_part_put(&w, 0, &list[i]);
    row_key k = key_of(jbk_hash(name, len), next);
    if (!status)
        status = jbk_row_put(c->txn, c->store->table[T_PENDING], k.bytes, k.len, w.bytes.data,
                             w.bytes.len, err);
    jbk_part_free(&w);
    jbk_vec_free(&before);
    return status;
}

jbk_status jbk_commit_drop_pending(jbk_commit *c, const char *name, size_t len, jbk_err *err) {
    jbk_recorded_list list = {0};
    counts own = {0};
    uint32_t next;
    MDB_dbi dbi = c->store->table[T_PENDING];
    jbk_status status = walk(c->txn, dbi, name, len, &list, &own, &next, err);
    for (size_t i = 0; i < own.n && !status; i++) {
        row_key k = key_of(jbk_hash(name, len), own.at[i]);
        MDB_val key = {k.len, k.bytes};
        int rc = mdb_del(c->txn, dbi, &key, NULL);
        if (rc) status = jbk_mdb_fail(err, rc, "mdb_del", "cannot write meta.mdb");
    }
    jbk_vec_free(&own);
    jbk_vec_free(&list);
    return status;
}
