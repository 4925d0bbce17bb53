/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The one commit point: an LMDB transaction. */
#include "internal.h"

#include "base/codec.h"
#include "base/hash.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

jbk_status jbk_commit_begin(jbk_store *s, jbk_commit **out, jbk_err *err) {
    *out = NULL;
    MDB_txn *txn;
    int rc = mdb_txn_begin(s->env, NULL, 0, &txn);
    if (rc) return jbk_mdb_fail(err, rc, "mdb_txn_begin", "cannot write meta.mdb");
    *out = jbk_alloc(sizeof **out);
    **out = (jbk_commit){.store = s, .txn = txn};
    return JBK_OK;
}

void jbk_commit_quiet(jbk_commit *c) { c->quiet = true; }

jbk_status jbk_commit_segment(jbk_commit *c, uint32_t number, uint32_t base, uint32_t docs,
                              const jbk_file_sums *postings, jbk_err *err) {
    segment_row row = {
        .number = number, .base = base, .docs = docs, .postings_sum = postings->whole};
    unsigned char key[4];
    jbk_volume *volume;
    char *path = jbk_store_records_path(c->store, number);
    jbk_status status = jbk_volume_open(path, &volume, err);
    free(path);
    if (status) return status;
    row.records_sum = jbk_volume_sum(volume);
    jbk_volume_close(volume);
    jbk_store_be32(key, base);
    jbk_buf bytes = {0};
    jbk_buf_add(&bytes, &row, sizeof row);
    jbk_buf_add(&bytes, postings->block.at, postings->block.n * sizeof *postings->block.at);
    status = jbk_row_put(c->txn, c->store->table[T_SEGMENTS], key, sizeof key, bytes.data,
                         bytes.len, err);
    jbk_buf_free(&bytes);
    return status;
}

jbk_status jbk_commit_chunk(jbk_commit *c, jbk_field_id field, uint32_t chunk, const jbk_buf *bytes,
                            jbk_err *err) {
    row_key k = jbk_key2(field, chunk);
    return jbk_row_put(c->txn, c->store->table[T_COLUMNS], k.bytes, k.len, bytes->data, bytes->len,
                       err);
}

/* The patches of one chunk: read it, change it, write it. */
static jbk_status patch_chunk(jbk_commit *c, const jbk_patch *p, size_t n, jbk_err *err) {
    uint32_t chunk = p->doc / JBK_CHUNK;
    row_key k = jbk_key2(p->field, chunk);
    const char *bytes;
    size_t len;
    jbk_chunk now = {0};
    jbk_status status =
        jbk_row_get(c->txn, c->store->table[T_COLUMNS], k.bytes, k.len, &bytes, &len, err);
    if (!status && bytes) status = jbk_chunk_view(bytes, len, &now, err);
    if (status) return status;
    int64_t *values = jbk_alloc(JBK_CHUNK * sizeof *values);
    jbk_chunk_decode(&now, values);
    for (size_t i = 0; i < n && !status; i++) {
        if (p[i].doc % JBK_CHUNK >= now.n)
            status = jbk_fail(err, JBK_INTERNAL, "patch", "no document %u in the column of %s",
                              p[i].doc, jbk_fields[p->field].name);
        values[p[i].doc % JBK_CHUNK] = p[i].value;
    }
    jbk_buf changed = {0};
    jbk_chunk_encode(values, now.n, &changed);
    if (!status) status = jbk_commit_chunk(c, p->field, chunk, &changed, err);
    jbk_buf_free(&changed);
    free(values);
    return status;
}

jbk_status jbk_commit_patches(jbk_commit *c, const jbk_patch *patches, size_t n, jbk_err *err) {
    jbk_status status = JBK_OK;
    for (size_t i = 0, end; i < n && !status; i = end) {
        for (end = i + 1; end < n && patches[end].field == patches[i].field &&
                          patches[end].doc / JBK_CHUNK == patches[i].doc / JBK_CHUNK;)
            end++;
        status = patch_chunk(c, patches + i, end - i, err);
    }
    return status;
}

jbk_status jbk_commit_value(jbk_commit *c, jbk_field_id field, uint32_t code, const char *s,
                            size_t len, jbk_err *err) {
    row_key k = jbk_key2(field, code);
    jbk_status status = jbk_row_put(c->txn, c->store->table[T_VALUES], k.bytes, k.len, s, len, err);
    if (status) return status;
    k = jbk_key_hash(field, jbk_hash(s, len));
    const char *now;
    size_t now_len;
    status = jbk_row_get(c->txn, c->store->table[T_CODES], k.bytes, k.len, &now, &now_len, err);
    jbk_buf codes = {0};
    jbk_buf_add(&codes, now, now_len);
    jbk_buf_add(&codes, &code, sizeof code);
    if (!status)
        status = jbk_row_put(c->txn, c->store->table[T_CODES], k.bytes, k.len, codes.data,
                             codes.len, err);
    jbk_buf_free(&codes);
    return status;
}

jbk_status jbk_commit_meta(jbk_commit *c, const char *key, const void *bytes, size_t len,
                           jbk_err *err) {
    return jbk_row_put(c->txn, c->store->table[T_META], key, strlen(key), bytes, len, err);
}

static jbk_status drop_row(jbk_commit *c, int t, const void *key, size_t klen, jbk_err *err) {
    MDB_val k = {klen, (void *)(uintptr_t)key};
    int rc = mdb_del(c->txn, c->store->table[t], &k, NULL);
    return rc && rc != MDB_NOTFOUND ? jbk_mdb_fail(err, rc, "mdb_del", "cannot write meta.mdb")
                                    : JBK_OK;
}

jbk_status jbk_commit_drop_segment(jbk_commit *c, uint32_t base, jbk_err *err) {
    unsigned char key[4];
    jbk_store_be32(key, base);
    return drop_row(c, T_SEGMENTS, key, sizeof key, err);
}

jbk_status jbk_commit_drop_value(jbk_commit *c, jbk_field_id field, uint32_t code, jbk_err *err) {
    row_key k = jbk_key2(field, code);
    const char *s, *codes;
    size_t len, codes_len;
    jbk_status status =
        jbk_row_get(c->txn, c->store->table[T_VALUES], k.bytes, k.len, &s, &len, err);
    if (status || !len) return status;
    row_key h = jbk_key_hash(field, jbk_hash(s, len));
    status = jbk_row_put(c->txn, c->store->table[T_VALUES], k.bytes, k.len, "", 0, err);
    if (!status)
        status =
            jbk_row_get(c->txn, c->store->table[T_CODES], h.bytes, h.len, &codes, &codes_len, err);
    if (status || !codes) return status;
    jbk_buf left = {0}; /* other values with the same hash */
    for (size_t i = 0; i + 4 <= codes_len; i += 4)
        if (memcmp(codes + i, &code, 4) != 0) jbk_buf_add(&left, codes + i, 4);
    status = left.len ? jbk_row_put(c->txn, c->store->table[T_CODES], h.bytes, h.len, left.data,
                                    left.len, err)
                      : drop_row(c, T_CODES, h.bytes, h.len, err);
    jbk_buf_free(&left);
    return status;
}

static jbk_status next_generation(jbk_commit *c, jbk_err *err) {
    const char *bytes;
    size_t len;
    jbk_status status = jbk_row_get(c->txn, c->store->table[T_META], META_GENERATION,
                                    sizeof META_GENERATION - 1, &bytes, &len, err);
    if (status) return status;
    jbk_buf b = {0};
    jbk_put_u64(&b, (bytes && len == 8 ? jbk_load_u64(bytes) : 0) + 1);
    status = jbk_commit_meta(c, META_GENERATION, b.data, b.len, err);
    jbk_buf_free(&b);
    return status;
}

/* LMDB takes a first page back that it could not write, but for its number, and that alone looks
 * like a flipped bit: tree.c is told which commit it was, until the next one that succeeds. */
static void note_failure(const jbk_store *s, size_t txn) {
    char *path = jbk_printf("%s/" JBK_FAILED_COMMIT, s->dir);
    int fd = txn ? open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666) : -1;
    if (fd >= 0) {
        if (dprintf(fd, "%zu\n", txn) > 0) (void)fsync(fd);
        close(fd);
    } else if (!txn) {
        (void)unlink(path);
    }
    free(path);
}

jbk_status jbk_commit_end(jbk_commit *c, jbk_err *err) {
    jbk_status status = c->quiet ? JBK_OK : next_generation(c, err);
    if (status) {
        mdb_txn_abort(c->txn);
    } else {
        size_t txn = mdb_txn_id(c->txn);
        int rc = mdb_txn_commit(c->txn);
        note_failure(c->store, rc ? txn : 0);
        if (rc) {
            char *path = jbk_store_meta_path(c->store);
            char *what = jbk_printf("cannot commit to %s", path);
            status = jbk_mdb_fail(err, rc, "mdb_txn_commit", what);
            free(what);
            free(path);
        }
    }
    free(c);
    return status;
}

void jbk_commit_abort(jbk_commit *c) {
    if (!c) return;
    mdb_txn_abort(c->txn);
    free(c);
}
