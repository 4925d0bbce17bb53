/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reading one generation. */
#include "internal.h"

#include "base/codec.h"
#include "base/hash.h"

#include <stdlib.h>

const char *const jbk_meta_dict[JBK_STREAMS] = {"dict.text", "dict.record"};

static jbk_status volume_of(jbk_store *s, uint32_t number, jbk_volume **out, jbk_err *err) {
    for (size_t i = 0; i < s->volumes.n; i++) {
        if (s->volumes.at[i].number == number) {
            *out = s->volumes.at[i].volume;
            return JBK_OK;
        }
    }
    char *path = jbk_store_records_path(s, number);
    open_volume v = {.number = number};
    jbk_status status = jbk_volume_open(path, &v.volume, err);
    free(path);
    if (status) return status;
    jbk_vec_push(&s->volumes, v);
    *out = v.volume;
    return JBK_OK;
}

static jbk_status add_segment(jbk_view *v, const segment_row *row, jbk_err *err) {
    jbk_segment_info info = {.number = row->number,
                             .base = row->base,
                             .docs = row->docs,
                             .postings_sum = row->postings_sum};
    if (info.base != v->docs)
        return jbk_fail(err, JBK_DAMAGED, "segments", "the list of segments has a gap");
    jbk_status status = volume_of(v->store, row->number, &info.volume, err);
    if (status) return status;
    if (jbk_volume_docs(info.volume) != info.docs)
        return jbk_fail(err, JBK_DAMAGED, "segments", "%06u.records is not the file it should be",
                        row->number);
    info.postings_path = jbk_store_postings_path(v->store, row->number);
    info.records_path = jbk_store_records_path(v->store, row->number);
    jbk_vec_push(&v->segments, info);
    v->docs += info.docs;
    return JBK_OK;
}

static jbk_status read_segments(jbk_view *v, jbk_err *err) {
    MDB_cursor *cur;
    MDB_val key, stored;
    int rc = mdb_cursor_open(v->txn, v->store->table[T_SEGMENTS], &cur);
    if (rc) return jbk_mdb_fail(err, rc, "mdb_cursor_open", "cannot read meta.mdb");
    jbk_status status = JBK_OK;
    while (!status && !(rc = mdb_cursor_get(cur, &key, &stored, MDB_NEXT))) {
        const char *bytes;
        size_t len;
        segment_row row;
        status = jbk_row_check(&key, &stored, &bytes, &len, err);
        if (status) break;
        if (len != sizeof row) {
            status = jbk_fail(err, JBK_DAMAGED, "segments", "a segment row has the wrong length");
            break;
        }
        memcpy(&row, bytes, sizeof row);
        status = add_segment(v, &row, err);
    }
    mdb_cursor_close(cur);
    if (!status && rc != MDB_NOTFOUND)
        status = jbk_mdb_fail(err, rc, "mdb_cursor_get", "cannot read meta.mdb");
    return status;
}

static jbk_status read_meta(jbk_view *v, jbk_err *err) {
    const char *bytes;
    size_t len;
    jbk_status status = jbk_view_meta(v, META_GENERATION, &bytes, &len, err);
    if (!status && bytes && len == 8) v->generation = jbk_load_u64(bytes);
    for (int s = 0; s < JBK_STREAMS && !status; s++) {
        status = jbk_view_meta(v, jbk_meta_dict[s], &bytes, &len, err);
        if (!status && bytes) jbk_buf_add(&v->dicts.bytes[s], bytes, len);
    }
    return status;
}

jbk_status jbk_view_open(jbk_store *s, jbk_view **out, jbk_err *err) {
    *out = NULL;
    jbk_view *v = jbk_calloc(1, sizeof *v);
    v->store = s;
    int rc = mdb_txn_begin(s->env, NULL, MDB_RDONLY, &v->txn);
    jbk_status status =
        rc ? jbk_mdb_fail(err, rc, "mdb_txn_begin", "cannot read meta.mdb") : JBK_OK;
    if (!status) status = read_meta(v, err);
    if (!status) status = read_segments(v, err);
    if (status) {
        jbk_view_close(v);
        return status;
    }
    *out = v;
    return JBK_OK;
}

void jbk_view_close(jbk_view *v) {
    if (!v) return;
    if (v->txn) mdb_txn_abort(v->txn);
    for (size_t i = 0; i < v->segments.n; i++) {
        free(v->segments.at[i].postings_path);
        free(v->segments.at[i].records_path);
    }
    jbk_vec_free(&v->segments);
    for (int s = 0; s < JBK_STREAMS; s++) jbk_buf_free(&v->dicts.bytes[s]);
    free(v);
}

uint64_t jbk_view_generation(const jbk_view *v) { return v->generation; }
uint32_t jbk_view_docs(const jbk_view *v) { return v->docs; }
const jbk_dicts *jbk_view_dicts(const jbk_view *v) { return &v->dicts; }

size_t jbk_view_segments(const jbk_view *v, const jbk_segment_info **out) {
    *out = v->segments.at;
    return v->segments.n;
}

const jbk_segment_info *jbk_view_segment_of(const jbk_view *v, uint32_t doc) {
    size_t low = 0, high = v->segments.n;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        const jbk_segment_info *seg = &v->segments.at[mid];
        if (doc < seg->base)
            high = mid;
        else if (doc - seg->base >= seg->docs)
            low = mid + 1;
        else
            return seg;
    }
    return NULL;
}

jbk_status jbk_view_meta(jbk_view *v, const char *key, const char **bytes, size_t *len,
                         jbk_err *err) {
    return jbk_row_get(v->txn, v->store->table[T_META], key, strlen(key), bytes, len, err);
}

jbk_status jbk_view_chunk(jbk_view *v, jbk_field_id field, uint32_t chunk, jbk_chunk *out,
                          jbk_err *err) {
    const char *bytes;
    size_t len;
    row_key k = jbk_key2(field, chunk);
    *out = (jbk_chunk){.has_absent = true};
    jbk_status status =
        jbk_row_get(v->txn, v->store->table[T_COLUMNS], k.bytes, k.len, &bytes, &len, err);
    return status || !bytes ? status : jbk_chunk_read(bytes, len, out, err);
}

jbk_status jbk_view_value(jbk_view *v, jbk_field_id field, uint32_t code, const char **s,
                          size_t *len, jbk_err *err) {
    row_key k = jbk_key2(field, code);
    jbk_status status =
        jbk_row_get(v->txn, v->store->table[T_VALUES], k.bytes, k.len, s, len, err);
    if (!status && !*s)
        status = jbk_fail(err, JBK_DAMAGED, "values", "a value of %s is missing",
                          jbk_fields[field].name);
    return status;
}

jbk_status jbk_view_code(jbk_view *v, jbk_field_id field, const char *s, size_t len,
                         uint32_t *code, jbk_err *err) {
    const char *codes, *value;
    size_t codes_len, value_len;
    row_key k = jbk_key_hash(field, jbk_hash(s, len));
    jbk_status status =
        jbk_row_get(v->txn, v->store->table[T_CODES], k.bytes, k.len, &codes, &codes_len, err);
    if (status) return status;
    for (size_t i = 0; codes && i + 4 <= codes_len; i += 4) {
        memcpy(code, codes + i, 4);
        status = jbk_view_value(v, field, *code, &value, &value_len, err);
        if (status) return status;
        if (value_len == len && !memcmp(value, s, len)) return JBK_OK;
    }
    return JBK_NOT_FOUND;
}

jbk_status jbk_view_values(jbk_view *v, jbk_field_id field, uint32_t *n, jbk_err *err) {
    /* Codes count from 0 without gaps: the last key of the field tells. */
    MDB_cursor *cur;
    row_key k = jbk_key2((uint32_t)field + 1, 0);
    MDB_val key = {k.len, k.bytes}, value;
    *n = 0;
    int rc = mdb_cursor_open(v->txn, v->store->table[T_VALUES], &cur);
    if (rc) return jbk_mdb_fail(err, rc, "mdb_cursor_open", "cannot read meta.mdb");
    rc = mdb_cursor_get(cur, &key, &value, MDB_SET_RANGE);
    rc = mdb_cursor_get(cur, &key, &value, rc == MDB_NOTFOUND ? MDB_LAST : MDB_PREV);
    if (!rc && jbk_load_be32(key.mv_data) == (uint32_t)field)
        *n = jbk_load_be32((const char *)key.mv_data + 4) + 1;
    mdb_cursor_close(cur);
    return rc && rc != MDB_NOTFOUND
               ? jbk_mdb_fail(err, rc, "mdb_cursor_get", "cannot read meta.mdb")
               : JBK_OK;
}

jbk_status jbk_view_observations(jbk_view *v, uint32_t doc, jbk_observations *out, jbk_err *err) {
    MDB_cursor *cur;
    row_key k = jbk_key2(doc, 0);
    MDB_val key = {k.len, k.bytes}, stored;
    int rc = mdb_cursor_open(v->txn, v->store->table[T_OBSERVATIONS], &cur);
    if (rc) return jbk_mdb_fail(err, rc, "mdb_cursor_open", "cannot read meta.mdb");
    jbk_status status = JBK_OK;
    rc = mdb_cursor_get(cur, &key, &stored, MDB_SET_RANGE);
    for (; !rc && jbk_load_be32(key.mv_data) == doc;
         rc = mdb_cursor_get(cur, &key, &stored, MDB_NEXT)) {
        const char *bytes;
        size_t len;
        jbk_observation o;
        status = jbk_row_check(&key, &stored, &bytes, &len, err);
        if (!status && len != sizeof o)
            status = jbk_fail(err, JBK_DAMAGED, "observations", "an observation is cut off");
        if (status) break;
        memcpy(&o, bytes, sizeof o);
        jbk_vec_push(out, o);
    }
    mdb_cursor_close(cur);
    if (!status && rc && rc != MDB_NOTFOUND)
        status = jbk_mdb_fail(err, rc, "mdb_cursor_get", "cannot read meta.mdb");
    return status;
}
