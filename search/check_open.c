/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Opening an index that may be damaged: as much of it as there is. */
#include "checker.h"

#include "base/codec.h"
#include "text/fold.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

static void hear_meta(void *arg, const char *what, uint32_t first, uint32_t n) {
    jbk_check_find_range(arg, JBK_NOT_AS_WRITTEN, "meta.mdb", what, first, n);
}

static void hear_segments(void *arg, const char *what, uint32_t first, uint32_t n) {
    jbk_check *c = arg;
    c->sound = false;
    jbk_check_find_range(c, JBK_NOT_FITTING, jbk_check_table(JBK_TABLE_SEGMENTS), what, first, n);
}

static void hear_trouble(void *arg, const jbk_segment_info *segment, const jbk_err *why) {
    jbk_check *c = arg;
    char *where = jbk_check_file(segment, "records");
    c->sound = false;
    jbk_check_find_err(c, where, why, segment->base, segment->docs);
    free(where);
}

/* --- rows --- */

typedef struct {
    jbk_check *c;
    jbk_table_id table;
} row_ear;

/* What the key of a damaged row says, if the key is whole. */
static void find_row(jbk_check *c, jbk_table_id table, const jbk_row *row) {
    const char *where = jbk_check_table(table);
    uint32_t a = row->key_len >= 4 ? jbk_load_be32(row->key) : UINT32_MAX;
    uint32_t b = row->key_len >= 8 ? jbk_load_be32(row->key + 4) : UINT32_MAX;
    bool fielded =
        table == JBK_TABLE_COLUMNS || table == JBK_TABLE_VALUES || table == JBK_TABLE_CODES;
    const char *field = fielded && a < JBK_FIELDS ? jbk_fields[a].name : NULL;
    char *what = field ? jbk_printf("a row of %s does not match its checksum", field)
                 : table == JBK_TABLE_META
                     ? jbk_printf("the row '%.*s' does not match its checksum",
                                  (int)(row->key_len < 32 ? row->key_len : 32), row->key)
                     : jbk_printf("a row does not match its checksum");
    uint32_t first = JBK_NO_ONE, n = 0;
    if (table == JBK_TABLE_COLUMNS && field && b < UINT32_MAX / JBK_CHUNK) {
        first = b * JBK_CHUNK;
        n = JBK_CHUNK;
    } else if (table == JBK_TABLE_OBSERVATIONS && a != UINT32_MAX) {
        first = a;
        n = 1;
    }
    if (c->docs && n) n = first >= c->docs ? 0 : n < c->docs - first ? n : c->docs - first;
    jbk_check_find_range(c, JBK_NOT_AS_WRITTEN, where, what, first, n);
    free(what);
}

static bool hear_row(void *arg, const jbk_row *row) {
    row_ear *e = arg;
    if (!row->good) find_row(e->c, e->table, row);
    return true;
}

static void check_rows(jbk_check *c) {
    for (int t = 0; t < JBK_TABLES; t++) {
        row_ear e = {c, (jbk_table_id)t};
        jbk_err err;
        if (c->meta.table[t] && jbk_view_each_row(c->view, e.table, hear_row, &e, &err))
            jbk_check_find_err(c, jbk_check_table(e.table), &err, 0, 0);
    }
}

/* --- opening --- */

/* Is this an index at all, or what is left of one? */
static jbk_status look_at_dir(const jbk_check *c, bool *meta, jbk_err *err) {
    struct stat st;
    if (stat(c->dir, &st))
        return jbk_fail_sys(err, errno, "stat", "cannot open the index %s", c->dir);
    if (!S_ISDIR(st.st_mode))
        return jbk_fail(err, JBK_IO, "stat", "%s is not a folder, so not a jibek index", c->dir);
    *meta = jbk_store_is_index(c->dir);
    jbk_file_numbers numbers = {0};
    jbk_store_files(c->dir, "records", &numbers);
    jbk_store_files(c->dir, "postings", &numbers);
    bool any = numbers.n;
    jbk_vec_free(&numbers);
    return *meta || any ? JBK_OK
                        : jbk_fail(err, JBK_IO, "check", "%s is not a jibek index", c->dir);
}

static bool is_damage(jbk_status status, const jbk_err *err) {
    /* LMDB's own codes are negative: the file is not what it takes it for. */
    return status == JBK_DAMAGED || status == JBK_VERSION || err->sys < 0;
}

static jbk_status open_store(jbk_check *c, jbk_err *err) {
    jbk_damage_ear ear = {hear_meta, c};
    jbk_status status = jbk_meta_verify(c->dir, ear, &c->meta, err);
    if (status && is_damage(status, err)) {
        jbk_check_find_err(c, "meta.mdb", err, 0, 0);
        return JBK_OK;
    }
    /* Without these two there is no view; LMDB must not follow what leads nowhere. */
    bool enough =
        c->meta.usable && c->meta.table[JBK_TABLE_META] && c->meta.table[JBK_TABLE_SEGMENTS];
    if (status || !enough) return status;
    status = jbk_store_open(c->dir, JBK_OPEN_TORN, jbk_fold_digest(), &c->store, err);
    if (status && is_damage(status, err)) {
        jbk_check_find_err(c, "meta.mdb", err, 0, 0);
        return JBK_OK;
    }
    return status;
}

static jbk_status open_view(jbk_check *c, jbk_err *err) {
    jbk_view_ear ear = {{hear_segments, c}, hear_trouble, c};
    jbk_status status = jbk_view_open_torn(c->store, &ear, &c->view, err);
    if (status && is_damage(status, err)) {
        jbk_check_find_err(c, "meta.mdb", err, 0, 0);
        return JBK_OK;
    }
    if (status) return status;
    c->nsegments = jbk_view_segments(c->view, &c->segments);
    c->state = jbk_calloc(c->nsegments, sizeof *c->state);
    c->docs = jbk_view_docs(c->view);
    check_rows(c);
    status = jbk_reader_new(jbk_view_dicts(c->view), &c->reader, err);
    return status ? status : jbk_reader_new(jbk_view_dicts(c->view), &c->other_reader, err);
}

jbk_status jbk_check_open(jbk_check *c, jbk_err *err) {
    bool meta = false;
    c->sound = true;
    jbk_status status = look_at_dir(c, &meta, err);
    if (status) return status;
    if (!meta) {
        jbk_check_find(c, JBK_NOT_AS_WRITTEN, "meta.mdb", "is missing", JBK_NO_ONE);
        return JBK_OK;
    }
    status = open_store(c, err);
    return status || !c->store ? status : open_view(c, err);
}

void jbk_check_close(jbk_check *c) {
    for (size_t i = 0; i < c->nsegments; i++) jbk_vec_free(&c->state[i].bad);
    free(c->state);
    if (c->dead) roaring_bitmap_free(c->dead);
    if (c->forgotten) roaring_bitmap_free(c->forgotten);
    jbk_reader_free(c->reader);
    jbk_reader_free(c->other_reader);
    jbk_view_close(c->view);
    jbk_store_close(c->store);
    jbk_findings_free(&c->findings);
}
