/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "purge.h"

#include "base/codec.h"
#include "doclist.h"
#include "rewrite.h"
#include "text/key_hash.h"

#include <stdlib.h>
#include <unistd.h>

typedef struct {
    jbk_store *store;
    jbk_view *view;
    const jbk_segment_info *seg;
    size_t nseg;
    roaring_bitmap_t *gone; /* forgotten documents; empty unless this is a purge */
    bool to_purge;          /* some of them are still in the files */
    jbk_dicts dicts;        /* for the new text */
    bool new_dicts;
    jbk_rewrite rewrite;
} compaction;

static jbk_status load_gone(compaction *c, bool purge, jbk_err *err) {
    const char *bytes;
    size_t len;
    if (!purge) {
        c->gone = roaring_bitmap_create();
        return JBK_OK;
    }
    jbk_status status = jbk_doclist_load(c->view, JBK_META_FORGOTTEN, &c->gone, err);
    if (status) return status;
    status = jbk_view_meta(c->view, JBK_META_PURGED, &bytes, &len, err);
    uint64_t purged = !status && bytes && len == 8 ? jbk_load_u64(bytes) : 0;
    c->to_purge = roaring_bitmap_get_cardinality(c->gone) > purged;
    return status;
}

/* Dictionaries hold pieces of the texts they were trained on: a purge trains new ones, on
 * records that stay. */
static jbk_status choose_dicts(compaction *c, jbk_err *err) {
    c->new_dicts = c->to_purge;
    if (!c->new_dicts) {
        for (int s = 0; s < JBK_STREAMS; s++) {
            jbk_buf d = jbk_view_dicts(c->view)->bytes[s];
            jbk_buf_add(&c->dicts.bytes[s], d.data, d.len);
        }
        return JBK_OK;
    }
    jbk_reader *reader;
    jbk_batch sample = {0};
    jbk_status status = jbk_reader_new(jbk_view_dicts(c->view), &reader, err);
    uint32_t doc = 0;
    if (!status)
        status =
            jbk_rewrite_load(&sample, c->view, reader, &doc, jbk_view_docs(c->view), c->gone, err);
    if (!status) jbk_batch_train(&sample, &c->dicts);
    jbk_batch_free(&sample);
    jbk_reader_free(reader);
    return status;
}

static jbk_status write_segment(compaction *c, jbk_err *err) {
    jbk_postings *merged = NULL;
    c->rewrite = (jbk_rewrite){.first = 0, .count = c->nseg};
    jbk_status status = jbk_rewrite_build(&c->rewrite, c->store, c->view, &c->dicts, c->gone, err);
    if (!status) status = jbk_postings_open(c->rewrite.out.merged_path, &merged, err);
    if (!status) status = jbk_rewrite_finish(&c->rewrite, c->view, &merged, 1, err);
    jbk_postings_close(merged);
    return status ? status : jbk_store_sync_dir(c->store, err);
}

/* --- columns and values --- */

/* Empty the places of forgotten documents in every column. */
static jbk_status empty_columns(compaction *c, jbk_commit *commit, jbk_err *err) {
    size_t n = (size_t)roaring_bitmap_get_cardinality(c->gone);
    uint32_t *docs = jbk_alloc(n * sizeof *docs);
    jbk_patch *patches = jbk_alloc(n * sizeof *patches);
    roaring_bitmap_to_uint32_array(c->gone, docs);
    jbk_status status = JBK_OK;
    for (int f = 0; f < JBK_FIELDS && !status; f++) {
        if (jbk_fields[f].column == JBK_COL_NONE) continue;
        for (size_t i = 0; i < n; i++)
            patches[i] = (jbk_patch){(jbk_field_id)f, docs[i], JBK_ABSENT};
        status = jbk_commit_patches(commit, patches, n, err);
    }
    free(patches);
    free(docs);
    return status;
}

/* Mark the codes that documents other than forgotten ones have. */
static jbk_status mark_used(compaction *c, jbk_field_id f, bool *used, uint32_t n, jbk_err *err) {
    uint32_t docs = jbk_view_docs(c->view);
    jbk_status status = JBK_OK;
    for (uint32_t first = 0; first < docs && !status; first += JBK_CHUNK) {
        jbk_chunk chunk;
        status = jbk_view_chunk(c->view, f, first / JBK_CHUNK, &chunk, err);
        for (uint32_t i = 0; i < chunk.n && !status; i++) {
            int64_t code = jbk_chunk_get(&chunk, i);
            if (code >= 0 && code < (int64_t)n && !roaring_bitmap_contains(c->gone, first + i))
                used[code] = true;
        }
    }
    return status;
}

static jbk_status drop_values(compaction *c, jbk_commit *commit, jbk_field_id f, jbk_err *err) {
    uint32_t n;
    jbk_status status = jbk_view_values(c->view, f, &n, err);
    bool *used = jbk_calloc(n, sizeof *used);
    if (!status) status = mark_used(c, f, used, n, err);
    for (uint32_t code = 0; code < n && !status; code++)
        if (!used[code]) status = jbk_commit_drop_value(commit, f, code, err);
    free(used);
    return status;
}

static jbk_status purge_meta(compaction *c, jbk_commit *commit, jbk_err *err) {
    jbk_status status = empty_columns(c, commit, err);
    for (int f = 0; f < JBK_FIELDS && !status; f++)
        if (jbk_fields[f].column == JBK_COL_CODES && f != JBK_F_STATUS)
            status = drop_values(c, commit, (jbk_field_id)f, err);
    return status;
}

/* --- the commit --- */

static jbk_status put_all(compaction *c, jbk_commit *commit, jbk_err *err) {
    const jbk_segment_writer *w = &c->rewrite.out;
    jbk_status status = JBK_OK;
    for (size_t i = 0; i < c->nseg && !status; i++)
        status = jbk_commit_drop_segment(commit, c->seg[i].base, err);
    if (!status) status = jbk_commit_segment(commit, w->number, 0, w->docs, w->postings_sum, err);
    for (int s = 0; s < JBK_STREAMS && !status && c->new_dicts; s++)
        status = jbk_commit_meta(commit, jbk_meta_dict[s], c->dicts.bytes[s].data,
                                 c->dicts.bytes[s].len, err);
    return !status && c->to_purge ? purge_meta(c, commit, err) : status;
}

static void remove_old(const compaction *c) {
    for (size_t i = 0; i < c->nseg; i++) {
        unlink(c->seg[i].postings_path);
        unlink(c->seg[i].records_path);
    }
}

static jbk_status compact(compaction *c, jbk_err *err) {
    jbk_commit *commit = NULL;
    jbk_status status = choose_dicts(c, err);
    if (!status) status = write_segment(c, err);
    if (!status) status = jbk_commit_begin(c->store, &commit, err);
    if (!status) status = put_all(c, commit, err);
    if (status) {
        jbk_commit_abort(commit);
        return status;
    }
    status = jbk_commit_end(commit, err);
    if (!status) remove_old(c);
    return status;
}

/* Has a segment keys that another version made, and that this one cannot use? */
static jbk_status find_stale(const compaction *c, bool *stale, jbk_err *err) {
    jbk_status status = JBK_OK;
    for (size_t i = 0; i < c->nseg && !status; i++) {
        uint64_t maker;
        status = jbk_volume_key_maker(c->seg[i].volume, &maker, err);
        *stale |= maker != jbk_keys_maker();
    }
    return status;
}

jbk_status jbk_compact(jbk_store *store, bool purge, size_t *before, size_t *after, jbk_err *err) {
    compaction c = {.store = store};
    *before = *after = 0;
    jbk_status status = jbk_view_open(store, &c.view, err);
    if (!status) status = load_gone(&c, purge, err);
    if (!status) {
        *before = *after = c.nseg = jbk_view_segments(c.view, &c.seg);
        bool stale = false;
        status = find_stale(&c, &stale, err);
        bool work = !status && (c.nseg > 1 || stale || (c.nseg && c.to_purge));
        if (work) status = compact(&c, err);
        if (work && !status) *after = 1;
    }
    jbk_segment_reset(&c.rewrite.out);
    bool purged = !status && c.to_purge;
    uint64_t forgotten = c.gone ? roaring_bitmap_get_cardinality(c.gone) : 0;
    jbk_view_close(c.view);
    for (int s = 0; s < JBK_STREAMS; s++) jbk_buf_free(&c.dicts.bytes[s]);
    if (c.gone) roaring_bitmap_free(c.gone);
    return purged ? jbk_store_rewrite(store, forgotten, err) : status;
}
