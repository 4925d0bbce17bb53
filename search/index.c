/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "index.h"

#include "base/hash.h"
#include "lines.h"

#include <stdlib.h>

static jbk_status load_bitmap(jbk_index *x, const char *key, roaring_bitmap_t **out, jbk_err *err) {
    const char *bytes;
    size_t len;
    jbk_status status = jbk_view_meta(x->view, key, &bytes, &len, err);
    if (status) return status;
    *out = bytes ? roaring_bitmap_portable_deserialize_safe(bytes, len) : roaring_bitmap_create();
    return *out ? JBK_OK
                : jbk_fail(err, JBK_DAMAGED, "bitmap", "the list of %s documents is damaged", key);
}

static jbk_status load_living(jbk_index *x, jbk_err *err) {
    roaring_bitmap_t *dead;
    jbk_status status = load_bitmap(x, JBK_META_DEAD, &dead, err);
    if (!status) status = load_bitmap(x, JBK_META_FORGOTTEN, &x->forgotten, err);
    if (status) return status;
    x->living = roaring_bitmap_from_range(0, x->docs, 1);
    if (!x->living) x->living = roaring_bitmap_create(); /* an empty range gives NULL */
    roaring_bitmap_andnot_inplace(x->living, dead);
    roaring_bitmap_free(dead);
    return JBK_OK;
}

jbk_status jbk_index_over(jbk_store *store, jbk_index **out, jbk_err *err) {
    *out = NULL;
    jbk_index *x = jbk_calloc(1, sizeof *x);
    x->store = store;
    jbk_status status = jbk_view_open(x->store, &x->view, err);
    if (!status) status = jbk_reader_new(jbk_view_dicts(x->view), &x->reader, err);
    if (!status) status = jbk_reader_new(jbk_view_dicts(x->view), &x->other_reader, err);
    if (!status) {
        x->nsegments = jbk_view_segments(x->view, &x->segments);
        x->postings = jbk_calloc(x->nsegments, sizeof *x->postings);
        x->docs = jbk_view_docs(x->view);
        status = load_living(x, err);
    }
    if (status) {
        jbk_index_close(x);
        return status;
    }
    *out = x;
    return JBK_OK;
}

/* Blocks are compared as they are read; where no checksums of them were kept, the whole file
 * is. */
static jbk_status open_one(jbk_index *x, size_t i, jbk_err *err) {
    const jbk_segment_info *seg = &x->segments[i];
    jbk_postings_sums sums = {seg->postings.block.at, seg->postings.block.n};
    uint64_t sum = seg->postings.whole;
    jbk_status status = sums.n ? JBK_OK : jbk_file_sum(seg->postings_path, &sum, err);
    if (!status && sum != seg->postings.whole)
        status = jbk_fail(err, JBK_DAMAGED, "postings", "%s is damaged (checksum); " JBK_REMEDY,
                          seg->postings_path);
    return status
               ? status
               : jbk_postings_open(seg->postings_path, sums.n ? &sums : NULL, &x->postings[i], err);
}

/* All postings at once: a compaction may remove the files of a generation that is open. */
static jbk_status open_postings(jbk_index *x, jbk_err *err) {
    jbk_status status = JBK_OK;
    for (size_t i = 0; i < x->nsegments && !status; i++) status = open_one(x, i, err);
    return status;
}

static jbk_status open_once(const char *dir, jbk_index **out, jbk_err *err) {
    jbk_store *store;
    *out = NULL;
    jbk_status status = jbk_store_open(dir, JBK_OPEN_READ, jbk_fold_digest(), &store, err);
    if (status) return status;
    status = jbk_index_over(store, out, err);
    if (status) {
        jbk_store_close(store);
        return status;
    }
    (*out)->own_store = true;
    status = open_postings(*out, err);
    if (status) {
        jbk_index_close(*out);
        *out = NULL;
    }
    return status;
}

enum { TRIES = 5 };

/* A reader that loses the race with a compaction opens again. */
jbk_status jbk_index_open(const char *dir, jbk_index **out, jbk_err *err) {
    jbk_status status = JBK_OK;
    for (int i = 0; i < TRIES; i++) {
        status = open_once(dir, out, err);
        if (status != JBK_IO) break;
    }
    return status;
}

void jbk_located_free(jbk_located *l) {
    jbk_vec_free(&l->found);
    jbk_vec_free(&l->asked);
    jbk_vec_free(&l->told);
    jbk_vec_free(&l->read);
    jbk_sieve_free(&l->sieve);
}

static void forget_columns(jbk_index *x) {
    for (int f = 0; f < JBK_FIELDS; f++) {
        free(x->columns[f]);
        x->columns[f] = NULL;
    }
}

void jbk_index_close(jbk_index *x) {
    if (!x) return;
    for (size_t i = 0; x->postings && i < x->nsegments; i++) jbk_postings_close(x->postings[i]);
    free(x->postings);
    jbk_lines_free(x);
    jbk_stemmer_free(x->stemmer);
    if (x->living) roaring_bitmap_free(x->living);
    if (x->forgotten) roaring_bitmap_free(x->forgotten);
    for (int f = 0; f < JBK_FIELDS; f++) free(x->values[f]);
    forget_columns(x);
    jbk_asof_free(x->as_of);
    jbk_asof_free(x->times);
    free(x->weights);
    jbk_located_free(&x->located);
    jbk_marks_free(&x->marks);
    jbk_folded_free(&x->folded);
    jbk_segmenter_free(x->segmenter);
    jbk_vec_free(&x->terms);
    jbk_reader_free(x->reader);
    jbk_reader_free(x->other_reader);
    jbk_view_close(x->view);
    if (x->own_store) jbk_store_close(x->store);
    free(x);
}

jbk_status jbk_index_postings(jbk_index *x, size_t i, jbk_postings **out, jbk_err *err) {
    jbk_status status = JBK_OK;
    if (!x->postings[i]) status = open_one(x, i, err);
    *out = x->postings[i];
    return status;
}

jbk_status jbk_index_text(jbk_index *x, uint32_t doc, jbk_str *title, jbk_str *text, jbk_err *err) {
    const jbk_segment_info *seg = jbk_view_segment_of(x->view, doc);
    if (!seg) return jbk_fail(err, JBK_INTERNAL, "text", "there is no document %u", doc);
    const char *item;
    size_t len;
    jbk_record r;
    jbk_status status =
        jbk_volume_item(seg->volume, x->reader, JBK_STREAM_TEXT, doc - seg->base, &item, &len, err);
    if (!status) status = jbk_record_get_text(item, len, &r, err);
    if (status) return status;
    *title = r.field[JBK_F_TITLE];
    *text = r.field[JBK_F_TEXT];
    return JBK_OK;
}

jbk_status jbk_index_segment(jbk_index *x, jbk_err *err) {
    jbk_status status = x->segmenter ? JBK_OK : jbk_segmenter_new(&x->segmenter, err);
    return status ? status : jbk_segment(x->segmenter, &x->folded, &x->terms, err);
}

jbk_status jbk_index_record(jbk_index *x, uint32_t doc, jbk_record *r, jbk_err *err) {
    return jbk_record_read(x->view, x->reader, doc, r, err);
}

jbk_status jbk_index_as_of(jbk_index *x, int64_t until_ms, jbk_err *err) {
    jbk_asof_free(x->as_of);
    forget_columns(x);
    return jbk_asof_new(x->view, until_ms, &x->as_of, err);
}

int64_t jbk_index_until(const jbk_index *x) {
    return x->as_of ? jbk_asof_until(x->as_of) : INT64_MAX;
}

jbk_status jbk_index_own_time(jbk_index *x, uint32_t doc, int64_t collected_at, int64_t *at,
                              jbk_err *err) {
    jbk_status status = JBK_OK;
    if (!x->times) status = jbk_asof_new(x->view, INT64_MAX, &x->times, err);
    if (!status) *at = jbk_asof_own_time(x->times, doc, collected_at);
    return status;
}

static jbk_status read_chunk(jbk_index *x, jbk_field_id f, uint32_t chunk, jbk_chunk *out,
                             jbk_err *err) {
    return x->as_of && jbk_asof_decides(f) ? jbk_asof_chunk(x->as_of, f, chunk, out, err)
                                           : jbk_view_chunk(x->view, f, chunk, out, err);
}

jbk_status jbk_index_chunk(jbk_index *x, jbk_field_id f, uint32_t chunk, jbk_chunk *out,
                           jbk_err *err) {
    uint32_t n = (uint32_t)(((uint64_t)x->docs + JBK_CHUNK - 1) / JBK_CHUNK);
    if (chunk >= n) return read_chunk(x, f, chunk, out, err);
    if (!x->columns[f]) x->columns[f] = jbk_calloc(n, sizeof *x->columns[f]);
    jbk_kept_chunk *kept = &x->columns[f][chunk];
    jbk_status status = kept->known ? JBK_OK : read_chunk(x, f, chunk, &kept->chunk, err);
    kept->known = !status;
    *out = kept->chunk;
    return status;
}

jbk_status jbk_index_number(jbk_index *x, jbk_field_id f, uint32_t doc, int64_t *value,
                            jbk_err *err) {
    jbk_chunk c;
    jbk_status status = jbk_index_chunk(x, f, doc / JBK_CHUNK, &c, err);
    *value = status ? JBK_ABSENT : jbk_chunk_get(&c, doc % JBK_CHUNK);
    return status;
}

jbk_status jbk_index_value(jbk_index *x, jbk_field_id f, uint32_t code, jbk_str *out,
                           jbk_err *err) {
    jbk_status status = JBK_OK;
    if (!x->values[f]) {
        status = jbk_view_values(x->view, f, &x->nvalues[f], err);
        if (status) return status;
        x->values[f] = jbk_calloc(x->nvalues[f], sizeof *x->values[f]);
    }
    if (code >= x->nvalues[f])
        return jbk_fail(err, JBK_DAMAGED, "values", "the column of %s is damaged",
                        jbk_fields[f].name);
    jbk_str *known = &x->values[f][code];
    if (!known->s) status = jbk_view_value(x->view, f, code, &known->s, &known->len, err);
    *out = *known;
    return status;
}

/* Is `doc` really called so?  A hash alone is not trusted. */
static jbk_status is_named(jbk_index *x, jbk_field_id f, uint32_t doc, const char *name, size_t len,
                           bool *yes, jbk_err *err) {
    jbk_record r = {0};
    jbk_status status = jbk_index_record(x, doc, &r, err);
    jbk_str s = r.field[f], digest = f == JBK_F_ID ? r.digest : (jbk_str){0};
    *yes = !status && ((s.len == len && !memcmp(s.s, name, len)) ||
                       (digest.len == len && !memcmp(digest.s, name, len)));
    jbk_record_free(&r);
    return status;
}

jbk_status jbk_index_find(jbk_index *x, jbk_field_id f, const char *name, size_t len, bool all,
                          jbk_docs *out, jbk_err *err) {
    jbk_run_kind kind = f == JBK_F_URL ? JBK_RUN_URL : JBK_RUN_ID;
    jbk_docs found = {0};
    jbk_status status = JBK_OK;
    for (size_t i = 0; i < x->nsegments && !status; i++) {
        found.n = 0;
        status = jbk_volume_lookup(x->segments[i].volume, kind, jbk_hash(name, len), &found, err);
        for (size_t j = 0; j < found.n && !status; j++) {
            uint32_t doc = found.at[j] + x->segments[i].base;
            bool yes;
            if (roaring_bitmap_contains(x->forgotten, doc)) continue;
            if (!all && !roaring_bitmap_contains(x->living, doc)) continue;
            status = is_named(x, f, doc, name, len, &yes, err);
            if (!status && yes) jbk_vec_push(out, doc);
        }
    }
    jbk_vec_free(&found);
    return status;
}
