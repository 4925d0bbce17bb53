/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "merge.h"

#include "store/pairs.h"

#include <stdlib.h>

typedef struct {
    jbk_segment_writer *w;
    jbk_volume **volumes;
    size_t n;
    jbk_reader *reader; /* NULL: blocks are copied as they are */
    jbk_packer *packer;
} merge_job;

static jbk_status add_volumes(merge_job *m, jbk_err *err) {
    jbk_status status = JBK_OK;
    for (size_t i = 0; i < m->n && !status; i++) {
        status = m->reader
                     ? jbk_volume_repack(m->w->volume, m->volumes[i], m->reader, m->packer, err)
                     : jbk_volume_copy(m->w->volume, m->volumes[i], err);
        m->w->docs += jbk_volume_docs(m->volumes[i]);
    }
    for (int k = 0; k < JBK_RUNS && !status; k++)
        status = jbk_volume_merge_run(m->w->volume, (jbk_run_kind)k, m->volumes, m->n, err);
    if (!status) status = jbk_volume_merge_occurrences(m->w->volume, m->volumes, m->n, err);
    return status ? status : jbk_volume_merge_pairs(m->w->volume, m->volumes, m->n, err);
}

/* A word is new with one segment only, so together they hold each once. */
static jbk_status finish(merge_job *m, jbk_err *err) {
    JBK_VEC(jbk_word) words = {0};
    jbk_status status = JBK_OK;
    for (size_t v = 0; v < m->n && !status; v++)
        for (uint32_t i = 0; i < jbk_volume_words(m->volumes[v]) && !status; i++) {
            jbk_word_hit hit;
            status = jbk_volume_word(m->volumes[v], i, &hit, err);
            if (!status) jbk_vec_push(&words, hit.word);
        }
    if (!status) status = jbk_segment_words(m->w, words.at, words.n, err);
    if (!status) status = jbk_segment_finish(m->w, err);
    jbk_vec_free(&words);
    return status;
}

static jbk_status run(merge_job *m, jbk_store *store, const char *const *postings, jbk_err *err) {
    jbk_status status = jbk_segment_start(m->w, store, err);
    if (!status) status = jbk_segment_merge_from(m->w, postings, m->n, err);
    if (!status) status = add_volumes(m, err);
    return status ? status : finish(m, err);
}

jbk_status jbk_merge_segments(jbk_segment_writer *w, jbk_store *store, const jbk_segment_info *seg,
                              size_t n, const jbk_dicts *from, const jbk_dicts *to, jbk_err *err) {
    merge_job m = {.w = w, .volumes = jbk_alloc(n * sizeof *m.volumes), .n = n};
    const char **postings = jbk_alloc(n * sizeof *postings);
    for (size_t i = 0; i < n; i++) {
        m.volumes[i] = seg[i].volume;
        postings[i] = seg[i].postings_path;
    }
    bool repack;
    jbk_status status = jbk_volumes_crumbled(m.volumes, n, &repack, err);
    if (!status && (repack || from != to)) {
        status = jbk_reader_new(from, &m.reader, err);
        if (!status) status = jbk_packer_new(to, &m.packer, err);
    }
    if (!status) status = run(&m, store, postings, err);
    jbk_reader_free(m.reader);
    jbk_packer_free(m.packer);
    free(postings);
    free(m.volumes);
    return status;
}

/* --- dictionaries --- */

static jbk_status train(const jbk_segment_info *seg, size_t n, jbk_reader *reader,
                        jbk_stream stream, jbk_buf *dict, jbk_err *err) {
    jbk_buf samples = {0};
    JBK_VEC(size_t) lens = {0};
    jbk_status status = JBK_OK;
    for (size_t i = 0; i < n && !status; i++)
        for (uint32_t doc = 0; doc < seg[i].docs && samples.len < JBK_DICT_SAMPLES && !status;
             doc++) {
            const char *item;
            size_t len;
            status = jbk_volume_item(seg[i].volume, reader, stream, doc, &item, &len, err);
            if (status) break;
            jbk_buf_add(&samples, item, len);
            jbk_vec_push(&lens, len);
        }
    if (!status) jbk_dict_train(samples.data, lens.at, lens.n, dict);
    jbk_buf_free(&samples);
    jbk_vec_free(&lens);
    return status;
}

jbk_status jbk_merge_train(const jbk_segment_info *seg, size_t n, const jbk_dicts *from,
                           jbk_dicts *out, jbk_err *err) {
    jbk_reader *reader;
    jbk_status status = jbk_reader_new(from, &reader, err);
    for (int s = 0; s < JBK_STREAMS && !status; s++)
        status = train(seg, n, reader, (jbk_stream)s, &out->bytes[s], err);
    jbk_reader_free(reader);
    return status;
}
