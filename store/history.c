/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Histories: observations of neighbouring documents lie together, in parts of a few KiB, so
 * that all of an index can be replayed in one pass and adding touches the last part only. */
#include "internal.h"

#include "base/codec.h"

#include <stdlib.h>

enum { BLOCK = JBK_HISTORY_BLOCK, PART_BYTES = 16384 };

enum { /* flags of an entry */
    F_AT_ASSUMED = 1,
    F_BY_URL = 2,
    F_STATUS = 4,
    F_COUNTS = 8, /* and the three bits above it */
    F_STRINGS = 128
};

/* --- a part as bytes --- */

static void put_string(part_writer *w, jbk_str s) {
    if (!s.len) {
        jbk_put_varint(&w->bytes, 0);
        return;
    }
    for (size_t i = 0; i < w->strings.n; i++) {
        if (w->strings.at[i].len != s.len || memcmp(w->strings.at[i].s, s.s, s.len) != 0) continue;
        jbk_put_varint(&w->bytes, i + 2);
        return;
    }
    jbk_put_varint(&w->bytes, 1);
    jbk_put_bytes(&w->bytes, s.s, s.len);
    jbk_vec_push(&w->strings, s);
}

void jbk_part_put(part_writer *w, uint32_t doc, const jbk_observation *o) {
    unsigned flags = (o->at_assumed ? F_AT_ASSUMED : 0u) | (o->by_url ? F_BY_URL : 0u) |
                     (o->status >= 0 ? F_STATUS : 0u);
    for (unsigned c = 0; c < 4; c++)
        if (o->counts[c] != JBK_ABSENT) flags |= (unsigned)F_COUNTS << c;
    if (o->message.len || o->seen_by.len) flags |= F_STRINGS;
    jbk_buf_byte(&w->bytes, (char)(doc % BLOCK));
    jbk_buf_byte(&w->bytes, (char)flags);
    jbk_put_u64(&w->bytes, (uint64_t)o->at);
    if (o->status >= 0) {
        jbk_buf_byte(&w->bytes, (char)o->status);
        jbk_buf_byte(&w->bytes, (char)o->confirm);
    }
    for (int c = 0; c < 4; c++)
        if (o->counts[c] != JBK_ABSENT) jbk_put_varint(&w->bytes, (uint64_t)o->counts[c]);
    if (!(flags & F_STRINGS)) return;
    put_string(w, o->message);
    put_string(w, o->seen_by);
}

void jbk_part_free(part_writer *w) {
    jbk_buf_free(&w->bytes);
    jbk_vec_free(&w->strings);
}

typedef JBK_VEC(jbk_str) string_list;

static bool get_string(const char **p, const char *end, string_list *known, jbk_str *out) {
    uint64_t ref;
    *out = (jbk_str){0};
    if (!jbk_get_varint(p, end, &ref)) return false;
    if (!ref) return true;
    if (ref > 1) {
        if (ref - 2 >= known->n) return false;
        *out = known->at[ref - 2];
        return true;
    }
    if (!jbk_get_bytes(p, end, &out->s, &out->len)) return false;
    jbk_vec_push(known, *out);
    return true;
}

static bool get_entry(const char **p, const char *end, string_list *known, jbk_recorded *out) {
    jbk_observation *o = &out->seen;
    *o = jbk_observation_none();
    if (end - *p < 10) return false;
    unsigned flags = (unsigned char)(*p)[1];
    out->doc = (unsigned char)(*p)[0];
    o->at = (int64_t)jbk_load_u64(*p + 2);
    *p += 10;
    o->at_assumed = flags & F_AT_ASSUMED;
    o->by_url = flags & F_BY_URL;
    if (flags & F_STATUS) {
        if (end - *p < 2) return false;
        o->status = (unsigned char)(*p)[0];
        o->confirm = (unsigned char)(*p)[1];
        *p += 2;
    }
    for (unsigned c = 0; c < 4; c++) {
        uint64_t v;
        if (!(flags & (unsigned)F_COUNTS << c)) continue;
        if (!jbk_get_varint(p, end, &v) || v > INT64_MAX) return false;
        o->counts[c] = (int64_t)v;
    }
    if (!(flags & F_STRINGS)) return true;
    return get_string(p, end, known, &o->message) && get_string(p, end, known, &o->seen_by);
}

bool jbk_history_read_part(uint32_t block, const char *bytes, size_t len, jbk_recorded_list *out) {
    const char *p = bytes, *end = bytes + len;
    string_list known = {0};
    bool good = true;
    while (p < end && good) {
        jbk_recorded r;
        good = get_entry(&p, end, &known, &r);
        if (!good) break;
        r.doc += block * BLOCK;
        jbk_vec_push(out, r);
    }
    jbk_vec_free(&known);
    return good;
}

static jbk_status cut_off(jbk_err *err) {
    return jbk_fail(err, JBK_DAMAGED, "observations", "a row of observations is cut off");
}

/* --- reading --- */

/* Documents of one block come together, each in the order recorded. */
static void sort_block(jbk_recorded *at, size_t n, jbk_recorded_list *scratch) {
    uint32_t start[BLOCK + 1] = {0};
    bool sorted = true;
    for (size_t i = 0; i < n; i++) {
        start[at[i].doc % BLOCK + 1]++;
        if (i && at[i].doc < at[i - 1].doc) sorted = false;
    }
    if (sorted) return;
    for (int d = 0; d < BLOCK; d++) start[d + 1] += start[d];
    scratch->n = 0;
    jbk_vec_reserve(scratch, n);
    memcpy(scratch->at, at, n * sizeof *at);
    for (size_t i = 0; i < n; i++) at[start[scratch->at[i].doc % BLOCK]++] = scratch->at[i];
}

/* The rows of blocks first .. end, sorted. */
static jbk_status read_blocks(MDB_txn *txn, MDB_dbi dbi, uint32_t first, uint32_t end,
                              jbk_recorded_list *out, jbk_err *err) {
    MDB_cursor *cur;
    row_key k = jbk_key2(first, 0);
    MDB_val key = {k.len, k.bytes}, stored;
    int rc = mdb_cursor_open(txn, dbi, &cur);
    if (rc) return jbk_mdb_fail(err, rc, "mdb_cursor_open", "cannot read meta.mdb");
    jbk_status status = JBK_OK;
    jbk_recorded_list scratch = {0};
    uint32_t block = first;
    size_t start = out->n;
    rc = mdb_cursor_get(cur, &key, &stored, MDB_SET_RANGE);
    for (; !rc && !status; rc = mdb_cursor_get(cur, &key, &stored, MDB_NEXT)) {
        const char *bytes;
        size_t len;
        status = jbk_row_check(&key, &stored, &bytes, &len, err);
        if (status) break;
        uint32_t now = jbk_load_be32(key.mv_data);
        if (now >= end) break;
        if (now != block) {
            sort_block(out->at + start, out->n - start, &scratch);
            start = out->n;
            block = now;
        }
        if (!jbk_history_read_part(block, bytes, len, out)) status = cut_off(err);
    }
    mdb_cursor_close(cur);
    sort_block(out->at + start, out->n - start, &scratch);
    jbk_vec_free(&scratch);
    if (!status && rc && rc != MDB_NOTFOUND)
        status = jbk_mdb_fail(err, rc, "mdb_cursor_get", "cannot read meta.mdb");
    return status;
}

jbk_status jbk_view_histories(jbk_view *v, uint32_t first, uint32_t end, jbk_recorded_list *out,
                              jbk_err *err) {
    size_t before = out->n;
    if (first >= end) return JBK_OK;
    jbk_status status = read_blocks(v->txn, v->store->table[T_OBSERVATIONS], first / BLOCK,
                                    (end - 1) / BLOCK + 1, out, err);
    if (first % BLOCK || end % BLOCK) {
        size_t kept = before;
        for (size_t i = before; i < out->n; i++)
            if (out->at[i].doc >= first && out->at[i].doc < end) out->at[kept++] = out->at[i];
        out->n = kept;
    }
    return status;
}

jbk_status jbk_view_observations(jbk_view *v, uint32_t doc, jbk_observations *out, jbk_err *err) {
    jbk_recorded_list list = {0};
    jbk_status status = jbk_view_histories(v, doc, doc + 1, &list, err);
    for (size_t i = 0; i < list.n; i++) jbk_vec_push(out, list.at[i].seen);
    jbk_vec_free(&list);
    return status;
}

/* --- writing --- */

static jbk_status put_part(jbk_commit *c, uint32_t block, uint32_t part, part_writer *w,
                           jbk_err *err) {
    row_key k = jbk_key2(block, part);
    jbk_status status = jbk_row_put(c->txn, c->store->table[T_OBSERVATIONS], k.bytes, k.len,
                                    w->bytes.data, w->bytes.len, err);
    w->bytes.len = w->strings.n = 0;
    return status;
}

/* The last part of a block, *part being its number: the next one, and none, where it is full or
 * there is none. */
static jbk_status last_part(jbk_commit *c, uint32_t block, uint32_t *part, jbk_buf *copy,
                            jbk_err *err) {
    MDB_cursor *cur;
    row_key k = jbk_key2(block + 1, 0);
    MDB_val key = {k.len, k.bytes}, stored;
    const char *bytes;
    size_t len;
    *part = 0;
    copy->len = 0;
    int rc = mdb_cursor_open(c->txn, c->store->table[T_OBSERVATIONS], &cur);
    if (rc) return jbk_mdb_fail(err, rc, "mdb_cursor_open", "cannot write meta.mdb");
    jbk_status status = JBK_OK;
    rc = mdb_cursor_get(cur, &key, &stored, MDB_SET_RANGE);
    rc = mdb_cursor_get(cur, &key, &stored, rc == MDB_NOTFOUND ? MDB_LAST : MDB_PREV);
    if (!rc && jbk_load_be32(key.mv_data) == block) {
        *part = jbk_load_be32((const char *)key.mv_data + 4);
        status = jbk_row_check(&key, &stored, &bytes, &len, err);
        if (!status && len >= PART_BYTES)
            ++*part;
        else if (!status) /* LMDB may move what is in the map while we write */
            jbk_buf_add(copy, bytes, len);
    }
    mdb_cursor_close(cur);
    return status;
}

/* `list` is of one block. */
static jbk_status append(jbk_commit *c, uint32_t block, const jbk_recorded *list, size_t n,
                         jbk_err *err) {
    uint32_t part;
    jbk_buf last = {0};
    jbk_recorded_list before = {0};
    part_writer w = {0};
    jbk_status status = last_part(c, block, &part, &last, err);
    if (!status && !jbk_history_read_part(block, last.data, last.len, &before))
        status = cut_off(err);
    for (size_t i = 0; i < before.n && !status; i++)
        jbk_part_put(&w, before.at[i].doc, &before.at[i].seen);
    for (size_t i = 0; i < n && !status; i++) {
        if (w.bytes.len >= PART_BYTES) status = put_part(c, block, part++, &w, err);
        jbk_part_put(&w, list[i].doc, &list[i].seen);
    }
    if (!status && w.bytes.len) status = put_part(c, block, part, &w, err);
    jbk_buf_free(&last);
    jbk_vec_free(&before);
    jbk_part_free(&w);
    return status;
}

jbk_status jbk_commit_observations(jbk_commit *c, const jbk_recorded *list, size_t n,
                                   jbk_err *err) {
    jbk_status status = JBK_OK;
    for (size_t i = 0, end; i < n && !status; i = end) {
        uint32_t block = list[i].doc / BLOCK;
        for (end = i + 1; end < n && list[end].doc / BLOCK == block;) end++;
        status = append(c, block, list + i, end - i, err);
    }
    return status;
}

static jbk_status drop_block(jbk_commit *c, uint32_t block, jbk_err *err) {
    for (uint32_t part = 0;; part++) {
        row_key k = jbk_key2(block, part);
        MDB_val key = {k.len, k.bytes};
        int rc = mdb_del(c->txn, c->store->table[T_OBSERVATIONS], &key, NULL);
        if (rc == MDB_NOTFOUND) return JBK_OK;
        if (rc) return jbk_mdb_fail(err, rc, "mdb_del", "cannot write meta.mdb");
    }
}

jbk_status jbk_commit_drop_observations(jbk_commit *c, uint32_t doc, jbk_err *err) {
    uint32_t block = doc / BLOCK;
    jbk_recorded_list all = {0};
    jbk_arena strings = {0}; /* LMDB may move what is in the map while we write */
    jbk_status status =
        read_blocks(c->txn, c->store->table[T_OBSERVATIONS], block, block + 1, &all, err);
    size_t kept = 0;
    for (size_t i = 0; i < all.n; i++) {
        if (all.at[i].doc == doc) continue;
        all.at[kept] = all.at[i];
        jbk_observation_keep(&all.at[kept++].seen, &strings);
    }
    bool any = kept < all.n;
    if (!status && any) status = drop_block(c, block, err);
    if (!status && any && kept) status = append(c, block, all.at, kept, err);
    jbk_arena_free(&strings);
    jbk_vec_free(&all);
    return status;
}

void jbk_observation_keep(jbk_observation *o, jbk_arena *arena) {
    if (o->message.len) o->message.s = jbk_arena_dup(arena, o->message.s, o->message.len);
    if (o->seen_by.len) o->seen_by.s = jbk_arena_dup(arena, o->seen_by.s, o->seen_by.len);
}
