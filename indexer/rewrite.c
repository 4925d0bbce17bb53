/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rewrite.h"

#include <stdio.h>
#include <stdlib.h>

enum { BATCH_DOCS = 10000, BATCH_BYTES = 8 << 20 };

/* The lookup hash of title and text; 0 where both are empty. */
static uint64_t content_hash(const jbk_record *r) {
    jbk_buf scratch = {0};
    unsigned char digest[JBK_CONTENT_DIGEST] = {0};
    uint64_t hash;
    (void)jbk_record_content(r, &scratch, digest);
    memcpy(&hash, digest, sizeof hash);
    jbk_buf_free(&scratch);
    return hash;
}

jbk_status jbk_rewrite_load(jbk_batch *b, jbk_view *view, jbk_reader *reader, uint32_t *doc,
                            uint32_t end, const roaring_bitmap_t *gone, jbk_err *err) {
    while (*doc < end && b->records.n < BATCH_DOCS && b->arena.total < BATCH_BYTES) {
        jbk_record r = {0};
        jbk_settled t = {.stored = true, .doc = *doc};
        jbk_record_clear(&r);
        if (!roaring_bitmap_contains(gone, *doc)) {
            jbk_status status = jbk_record_read(view, reader, *doc, &r, err);
            if (status) {
                jbk_record_free(&r);
                return status;
            }
            jbk_record_keep(&b->arena, &r);
            t.content_hash = content_hash(&r);
        }
        jbk_vec_push(&b->records, r);
        jbk_vec_push(&b->settled, t);
        (*doc)++;
    }
    return JBK_OK;
}

static jbk_status build_all(jbk_rewrite *r, jbk_store *store, jbk_view *view, jbk_reader *reader,
                            jbk_builder *builder, const jbk_dicts *dicts,
                            const roaring_bitmap_t *gone, jbk_err *err) {
    const jbk_segment_info *seg;
    jbk_view_segments(view, &seg);
    const jbk_segment_info *last = &seg[r->first + r->count - 1];
    uint32_t doc = seg[r->first].base, end = last->base + last->docs;
    jbk_status status = JBK_OK;
    while (doc < end && !status) {
        jbk_batch b = {0};
        char name[40];
        snprintf(name, sizeof name, "rewrite-%zu-%u", r->first, doc);
        char *path = jbk_store_scratch_path(store, name);
        status = jbk_rewrite_load(&b, view, reader, &doc, end, gone, err);
        if (!status) status = jbk_batch_build(&b, builder, dicts, path, err);
        if (!status) status = jbk_segment_add(&r->out, store, &b, err);
        free(path);
        jbk_batch_free(&b);
    }
    return status ? status : jbk_segment_merge(&r->out, err);
}

jbk_status jbk_rewrite_build(jbk_rewrite *r, jbk_store *store, jbk_view *view,
                             const jbk_dicts *dicts, const roaring_bitmap_t *gone, jbk_err *err) {
    jbk_reader *reader = NULL;
    jbk_builder *builder = NULL;
    jbk_status status = jbk_reader_new(jbk_view_dicts(view), &reader, err);
    if (!status) status = jbk_builder_new(&builder, err);
    if (!status) status = build_all(r, store, view, reader, builder, dicts, gone, err);
    jbk_builder_free(builder);
    jbk_reader_free(reader);
    return status;
}

static jbk_status is_used(jbk_postings *const *postings, size_t n, jbk_word w, bool *used,
                          jbk_err *err) {
    *used = false;
    jbk_status status = JBK_OK;
    for (size_t i = 0; i < n && !*used && !status; i++) {
        uint32_t docs = 0;
        status = jbk_postings_frequency(postings[i], w.s, w.len, &docs, err);
        *used = docs > 0;
    }
    return status;
}

jbk_status jbk_rewrite_finish(jbk_rewrite *r, jbk_view *view, jbk_postings *const *postings,
                              size_t n, jbk_err *err) {
    const jbk_segment_info *seg;
    jbk_view_segments(view, &seg);
    JBK_VEC(jbk_word) words = {0};
    jbk_status status = JBK_OK;
    for (size_t s = r->first; s < r->first + r->count && !status; s++) {
        for (uint32_t i = 0; i < jbk_volume_words(seg[s].volume) && !status; i++) {
            jbk_word_hit hit;
            bool used = false;
            status = jbk_volume_word(seg[s].volume, i, &hit, err);
            if (!status) status = is_used(postings, n, hit.word, &used, err);
            if (!status && used) jbk_vec_push(&words, hit.word);
        }
    }
    if (!status) status = jbk_segment_lookups(&r->out, err);
    if (!status) status = jbk_segment_words(&r->out, words.at, words.n, err);
    if (!status) status = jbk_segment_finish(&r->out, err);
    jbk_vec_free(&words);
    return status;
}
