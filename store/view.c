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

/* Without an ear the first thing that is wrong ends the opening. */
static jbk_status wrong_rows(const jbk_view_ear *ear, const char *what, jbk_err *err) {
    if (!ear) return jbk_fail(err, JBK_DAMAGED, "segments", "%s", what);
    ear->rows.tell(ear->rows.arg, what, 0, 0);
    return JBK_OK;
}

static jbk_status add_segment(jbk_view *v, const segment_row *row, const jbk_view_ear *ear,
                              jbk_err *err) {
    jbk_segment_info info = {.number = row->number,
                             .base = row->base,
                             .docs = row->docs,
                             .postings = {.whole = row->postings_sum}};
    jbk_status status = JBK_OK;
    if (info.base < v->docs || info.docs > UINT32_MAX - info.base)
        return wrong_rows(ear, "the list of segments has two for one document", err);
    if (info.base != v->docs) status = wrong_rows(ear, "the list of segments has a gap", err);
    for (size_t i = 0; i < v->segments.n && !status; i++)
        if (v->segments.at[i].number == row->number)
            status = wrong_rows(ear, "the list of segments names a file twice", err);
    if (status) return status;
    jbk_err why;
    status = volume_of(v->store, row->number, &info.volume, &why);
    bool other = !status && (jbk_volume_docs(info.volume) != info.docs ||
                             (row->records_sum && row->records_sum != jbk_volume_sum(info.volume)));
    if (other) {
        status = jbk_fail(&why, JBK_DAMAGED, "segments",
                          "%06u.records is not the file it should be", row->number);
        info.volume = NULL; /* the store keeps it */
    }
    if (status && ear)
        ear->trouble(ear->arg, &info, &why);
    else if (status && err)
        *err = why;
    if (status && !ear) return status;
    info.postings_path = jbk_store_postings_path(v->store, row->number);
    info.records_path = jbk_store_records_path(v->store, row->number);
    jbk_vec_push(&v->segments, info);
    v->docs = info.base + info.docs;
    return JBK_OK;
}

static jbk_status add_segment_row(jbk_view *v, const MDB_val *key, const MDB_val *stored,
                                  const jbk_view_ear *ear, jbk_err *err) {
    const char *bytes;
    size_t len;
    segment_row row;
    jbk_status status = jbk_row_check(key, stored, &bytes, &len, err);
    if (status && ear) return JBK_OK; /* the walk over all rows tells of it */
    if (status) return status;
    if (len < sizeof row || (len - sizeof row) % sizeof(uint32_t))
        return wrong_rows(ear, "a segment row has the wrong length", err);
    memcpy(&row, bytes, sizeof row);
    size_t before = v->segments.n;
    status = add_segment(v, &row, ear, err);
    if (v->segments.n == before) return status;
    jbk_file_sums *sums = &v->segments.at[before].postings;
    for (size_t at = sizeof row; at < len; at += sizeof(uint32_t)) {
        uint32_t sum;
        memcpy(&sum, bytes + at, sizeof sum);
        jbk_vec_push(&sums->block, sum);
    }
    return status;
}

static jbk_status read_segments(jbk_view *v, const jbk_view_ear *ear, jbk_err *err) {
    MDB_cursor *cur;
    MDB_val key, stored;
    int rc = mdb_cursor_open(v->txn, v->store->table[T_SEGMENTS], &cur);
    if (rc) return jbk_mdb_fail(err, rc, "mdb_cursor_open", "cannot read meta.mdb");
    jbk_status status = JBK_OK;
    while (!status && !(rc = mdb_cursor_get(cur, &key, &stored, MDB_NEXT)))
        status = add_segment_row(v, &key, &stored, ear, err);
    mdb_cursor_close(cur);
    if (!status && rc != MDB_NOTFOUND)
        status = jbk_mdb_fail(err, rc, "mdb_cursor_get", "cannot read meta.mdb");
    return status;
}

static jbk_status read_meta(jbk_view *v, const jbk_view_ear *ear, jbk_err *err) {
    const char *bytes;
    size_t len;
    jbk_status status = jbk_view_meta(v, META_GENERATION, &bytes, &len, err);
    if (!status && bytes && len == 8) v->generation = jbk_load_u64(bytes);
    if (ear && status == JBK_DAMAGED) status = JBK_OK; /* the walk over all rows tells of it */
    for (int s = 0; s < JBK_STREAMS && !status; s++) {
        status = jbk_view_meta(v, jbk_meta_dict[s], &bytes, &len, err);
        if (!status && bytes) jbk_buf_add(&v->dicts.bytes[s], bytes, len);
        if (ear && status == JBK_DAMAGED) status = JBK_OK;
    }
    return status;
}

static jbk_status open_view(jbk_store *s, const jbk_view_ear *ear, jbk_view **out, jbk_err *err) {
    *out = NULL;
    jbk_view *v = jbk_calloc(1, sizeof *v);
    v->store = s;
    int rc = mdb_txn_begin(s->env, NULL, MDB_RDONLY, &v->txn);
    jbk_status status =
        rc ? jbk_mdb_fail(err, rc, "mdb_txn_begin", "cannot read meta.mdb") : JBK_OK;
    if (!status) status = read_meta(v, ear, err);
    if (!status) status = read_segments(v, ear, err);
    if (status) {
        jbk_view_close(v);
        return status;
    }
    *out = v;
    return JBK_OK;
}

jbk_status jbk_view_open(jbk_store *s, jbk_view **out, jbk_err *err) {
    return open_view(s, NULL, out, err);
}

jbk_status jbk_view_open_torn(jbk_store *s, const jbk_view_ear *ear, jbk_view **out, jbk_err *err) {
    return open_view(s, ear, out, err);
}

void jbk_view_close(jbk_view *v) {
    if (!v) return;
    if (v->txn) mdb_txn_abort(v->txn);
    for (size_t i = 0; i < v->segments.n; i++) {
        free(v->segments.at[i].postings_path);
        free(v->segments.at[i].records_path);
        jbk_vec_free(&v->segments.at[i].postings.block);
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
    return status || !bytes ? status : jbk_chunk_view(bytes, len, out, err);
}

jbk_status jbk_view_value(jbk_view *v, jbk_field_id field, uint32_t code, const char **s,
                          size_t *len, jbk_err *err) {
    row_key k = jbk_key2(field, code);
    jbk_status status = jbk_row_get(v->txn, v->store->table[T_VALUES], k.bytes, k.len, s, len, err);
    if (!status && !*s)
        status = jbk_fail(err, JBK_DAMAGED, "values", "a value of %s is missing",
                          jbk_fields[field].name);
    return status;
}

jbk_status jbk_view_code(jbk_view *v, jbk_field_id field, const char *s, size_t len, uint32_t *code,
                         jbk_err *err) {
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

jbk_status jbk_view_each_row(jbk_view *v, jbk_table_id table,
                             bool (*each)(void *arg, const jbk_row *row), void *arg, jbk_err *err) {
    MDB_cursor *cur;
    MDB_val key, stored;
    int rc = mdb_cursor_open(v->txn, v->store->table[table], &cur);
    if (rc) return jbk_mdb_fail(err, rc, "mdb_cursor_open", "cannot read meta.mdb");
    bool more = true;
    while (more && !(rc = mdb_cursor_get(cur, &key, &stored, MDB_NEXT))) {
        jbk_row row = {.key = key.mv_data, .key_len = key.mv_size};
        row.good = !jbk_row_check(&key, &stored, &row.value, &row.len, NULL);
        more = each(arg, &row);
    }
    mdb_cursor_close(cur);
    return rc && rc != MDB_NOTFOUND
               ? jbk_mdb_fail(err, rc, "mdb_cursor_get", "cannot read meta.mdb")
               : JBK_OK;
}
