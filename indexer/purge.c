/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What was forgotten leaves every file. */
#include "base/codec.h"
#include "compact.h"
#include "doclist.h"
#include "rewrite.h"

#include <stdlib.h>

typedef struct {
    jbk_store *store;
    jbk_view *view;
    const jbk_segment_info *seg;
    size_t nseg;
    roaring_bitmap_t *gone; /* forgotten documents */
    bool wanted;            /* some of them are still in the files */
    jbk_dicts dicts;        /* for the new text */
    jbk_rewrite rewrite;
} purge;

static jbk_status load_gone(purge *c, jbk_err *err) {
    const char *bytes;
    size_t len;
    jbk_status status = jbk_doclist_load(c->view, JBK_META_FORGOTTEN, &c->gone, err);
    if (status) return status;
    status = jbk_view_meta(c->view, JBK_META_PURGED, &bytes, &len, err);
    uint64_t purged = !status && bytes && len == 8 ? jbk_load_u64(bytes) : 0;
    c->wanted = roaring_bitmap_get_cardinality(c->gone) > purged;
    return status;
}

/* Dictionaries hold pieces of the texts they were trained on: a purge trains new ones, on
 * records that stay. */
static jbk_status train(purge *c, jbk_err *err) {
    jbk_reader *reader;
    jbk_batch sample = {0};
    jbk_status status = jbk_reader_new(jbk_view_dicts(c->view), &reader, err);
    uint32_t doc = 0;
    if (!status)
        status =
            jbk_rewrite_load(&sample, c->view, reader, &doc, jbk_view_docs(c->view), c->gone, err);
    if (!status) jbk_batch_train(&sample, 1, &c->dicts);
    jbk_batch_free(&sample);
    jbk_reader_free(reader);
    return status;
}

static jbk_status write_segment(purge *c, jbk_err *err) {
    jbk_postings *merged = NULL;
    c->rewrite = (jbk_rewrite){.first = 0, .count = c->nseg};
    jbk_status status = jbk_rewrite_build(&c->rewrite, c->store, c->view, &c->dicts, c->gone, err);
    if (!status) status = jbk_postings_open(c->rewrite.out.merged_path, NULL, &merged, err);
    if (!status) status = jbk_rewrite_finish(&c->rewrite, c->view, &merged, 1, err);
    jbk_postings_close(merged);
    return status ? status : jbk_store_sync_dir(c->store, err);
}

/* --- columns and values --- */

/* Empty the places of forgotten documents in every column. */
static jbk_status empty_columns(purge *c, jbk_commit *commit, jbk_err *err) {
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
static jbk_status mark_used(purge *c, jbk_field_id f, bool *used, uint32_t n, jbk_err *err) {
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

static jbk_status drop_values(purge *c, jbk_commit *commit, jbk_field_id f, jbk_err *err) {
    uint32_t n;
    jbk_status status = jbk_view_values(c->view, f, &n, err);
    bool *used = jbk_calloc(n, sizeof *used);
    if (!status) status = mark_used(c, f, used, n, err);
    for (uint32_t code = 0; code < n && !status; code++)
        if (!used[code]) status = jbk_commit_drop_value(commit, f, code, err);
    free(used);
    return status;
}

static jbk_status purge_meta(purge *c, jbk_commit *commit, jbk_err *err) {
    jbk_status status = empty_columns(c, commit, err);
    for (int f = 0; f < JBK_FIELDS && !status; f++)
        if (jbk_fields[f].column == JBK_COL_CODES && f != JBK_F_STATUS)
            status = drop_values(c, commit, (jbk_field_id)f, err);
    return status;
}

/* --- the commit --- */

static jbk_status put_all(purge *c, jbk_commit *commit, jbk_err *err) {
    jbk_status status = jbk_compact_replace(commit, c->seg, c->nseg, &c->rewrite.out, err);
    for (int s = 0; s < JBK_STREAMS && !status; s++)
        status = jbk_commit_meta(commit, jbk_meta_dict[s], c->dicts.bytes[s].data,
                                 c->dicts.bytes[s].len, err);
    return status ? status : purge_meta(c, commit, err);
}

static jbk_status run(purge *c, jbk_err *err) {
    jbk_commit *commit = NULL;
    jbk_status status = train(c, err);
    if (!status) status = write_segment(c, err);
    if (!status) status = jbk_commit_begin(c->store, &commit, err);
    if (!status) status = put_all(c, commit, err);
    if (status) {
        jbk_commit_abort(commit);
        return status;
    }
    status = jbk_commit_end(commit, err);
    if (!status) jbk_compact_remove(c->seg, c->nseg);
    return status;
}

jbk_status jbk_purge(jbk_store *store, size_t *before, size_t *after, jbk_err *err) {
    purge c = {.store = store};
    *before = *after = 0;
    jbk_status status = jbk_view_open(store, &c.view, err);
    if (!status) status = load_gone(&c, err);
    if (!status && c.wanted) {
        *before = c.nseg = jbk_view_segments(c.view, &c.seg);
        *after = 1;
        status = run(&c, err);
    }
    uint64_t forgotten = c.gone ? roaring_bitmap_get_cardinality(c.gone) : 0;
    jbk_segment_reset(&c.rewrite.out);
    jbk_view_close(c.view);
    for (int s = 0; s < JBK_STREAMS; s++) jbk_buf_free(&c.dicts.bytes[s]);
    if (c.gone) roaring_bitmap_free(c.gone);
    if (status) return status;
    return c.wanted ? jbk_store_rewrite(store, forgotten, err)
                    : jbk_compact_all(store, before, after, err);
}
