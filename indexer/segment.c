/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "segment.h"

#include "base/hash.h"
#include "base/radix.h"
#include "text/key_hash.h"
#include "text/segment.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

static char *scratch_file(const jbk_segment_writer *w, const char *ending) {
    char name[32];
    snprintf(name, sizeof name, "%06u.%s", w->number, ending);
    return jbk_store_scratch_path(w->store, name);
}

jbk_status jbk_segment_start(jbk_segment_writer *w, jbk_store *store, jbk_err *err) {
    w->store = store;
    w->number = jbk_store_new_number(store);
    w->volume_path = scratch_file(w, "records");
    return jbk_volume_create(w->volume_path, &w->volume, err);
}

static void add_run(jbk_segment_writer *w, jbk_run_kind kind, uint64_t hash) {
    jbk_run_entry e = {hash, w->docs};
    jbk_vec_push(&w->runs[kind], e);
}

static void add_lookups(jbk_segment_writer *w, const jbk_record *r, const jbk_settled *t) {
    const jbk_str *f = r->field;
    if (f[JBK_F_ID].s) add_run(w, JBK_RUN_ID, jbk_hash(f[JBK_F_ID].s, f[JBK_F_ID].len));
    if (r->digest.s) add_run(w, JBK_RUN_ID, jbk_hash(r->digest.s, r->digest.len));
    if (f[JBK_F_URL].s) add_run(w, JBK_RUN_URL, jbk_hash(f[JBK_F_URL].s, f[JBK_F_URL].len));
    if (t->content_hash) add_run(w, JBK_RUN_CONTENT, t->content_hash);
}

/* Words of the batch get their numbers in the segment. */
static void take_words(jbk_segment_writer *w, jbk_batch *b) {
    jbk_occurrences *o = &b->occurrences;
    o->numbers = jbk_alloc(b->words.keys.n * sizeof *o->numbers);
    for (size_t i = 0; i < b->words.keys.n; i++)
        o->numbers[i] = jbk_intern_add(&w->words, b->words.keys.at[i].s, b->words.keys.at[i].len);
    w->occurrence_bytes += jbk_occurrences_bytes(o) + jbk_pairs_bytes(&b->pairs);
    jbk_vec_push(&w->occurrences, *o);
    *o = (jbk_occurrences){0};
    jbk_vec_push(&w->pairs, b->pairs);
    b->pairs = (jbk_pairs){0};
}

jbk_status jbk_segment_add(jbk_segment_writer *w, jbk_store *store, jbk_batch *b, jbk_err *err) {
    if (!b->postings_path) return JBK_OK;
    jbk_status status = w->volume ? JBK_OK : jbk_segment_start(w, store, err);
    if (!status) status = jbk_volume_add(w->volume, b->blocks, err);
    if (status) return status;
    const jbk_built *built = b->built.at;
    for (size_t i = 0; i < b->settled.n; i++) {
        if (!b->settled.at[i].stored) continue;
        add_lookups(w, &b->records.at[i], &b->settled.at[i]);
        for (uint32_t k = 0; k < built->nsketch; k++) add_run(w, JBK_RUN_SKETCH, built->sketch[k]);
        built++;
        w->docs++;
    }
    jbk_vec_push(&w->postings, jbk_strndup(b->postings_path, strlen(b->postings_path)));
    take_words(w, b);
    return JBK_OK;
}

size_t jbk_segment_bytes(const jbk_segment_writer *w) {
    size_t bytes = jbk_intern_bytes(&w->words) + w->occurrence_bytes;
    for (int k = 0; k < JBK_RUNS; k++) bytes += w->runs[k].cap * sizeof *w->runs[k].at;
    return bytes;
}

jbk_status jbk_segment_merge(jbk_segment_writer *w, jbk_err *err) {
    jbk_status status =
        jbk_segment_merge_from(w, (const char *const *)w->postings.at, w->postings.n, err);
    return status ? status : jbk_pairs_pack(w->pairs.at, w->pairs.n, &w->packed, err);
}

jbk_status jbk_segment_merge_from(jbk_segment_writer *w, const char *const *paths, size_t n,
                                  jbk_err *err) {
    w->merged_path = scratch_file(w, "postings");
    jbk_status status = jbk_postings_merge(paths, n, w->merged_path, err);
    return status ? status : jbk_file_sum_blocks(w->merged_path, &w->postings_sums, err);
}

static int by_bytes(uint64_t a, uint64_t b, void *words) {
    const jbk_word *x = (const jbk_word *)words + a, *y = (const jbk_word *)words + b;
    int order = memcmp(x->s, y->s, x->len < y->len ? x->len : y->len);
    return order ? order : x->len < y->len ? -1 : x->len > y->len;
}

static jbk_word *sorted(const jbk_word *words, size_t n) {
    jbk_headed *order = jbk_alloc(n * sizeof *order);
    jbk_word *out = jbk_alloc(n * sizeof *out);
    for (size_t i = 0; i < n; i++)
        order[i] = (jbk_headed){jbk_head_of(words[i].s, words[i].len), i};
    jbk_sort_headed(order, n, by_bytes, (void *)words);
    for (size_t i = 0; i < n; i++) out[i] = words[order[i].number];
    free(order);
    return out;
}

/* The keys of the words, by their numbers. */
static jbk_status write_keys(jbk_segment_writer *w, const jbk_word *words, size_t n, jbk_err *err) {
    jbk_stemmer *stemmer;
    jbk_key_entries entries = {0};
    jbk_status status = jbk_stemmer_new(&stemmer, err);
    if (status) return status;
    for (size_t i = 0; i < n; i++) {
        jbk_keys keys;
        jbk_keys_of(stemmer, words[i].s, words[i].len, &keys);
        for (size_t k = 0; k < keys.n; k++)
            jbk_vec_push(&entries, ((jbk_key_entry){jbk_key_sum(&keys.at[k]), (uint32_t)i}));
    }
    status = jbk_volume_add_keys(w->volume, jbk_keys_maker(), &entries, err);
    jbk_vec_free(&entries);
    jbk_stemmer_free(stemmer);
    return status;
}

jbk_status jbk_segment_words(jbk_segment_writer *w, const jbk_word *words, size_t n, jbk_err *err) {
    jbk_word *in_order = sorted(words, n);
    uint8_t *kinds = jbk_alloc(n);
    for (size_t i = 0; i < n; i++) {
        jbk_term_kind k = jbk_term_describe(in_order[i].s, in_order[i].len);
        kinds[i] = (uint8_t)(k.script | (k.plain ? JBK_LEX_PLAIN : 0));
    }
    jbk_status status = jbk_volume_add_words(w->volume, in_order, kinds, n, err);
    free(kinds);
    if (!status) status = write_keys(w, in_order, n, err);
    free(in_order);
    return status;
}

static jbk_status move(const char *from, char *to, jbk_err *err) {
    jbk_status status = rename(from, to)
                            ? jbk_fail_sys(err, errno, "rename", "cannot move %s to %s", from, to)
                            : JBK_OK;
    free(to);
    return status;
}

jbk_status jbk_segment_lookups(jbk_segment_writer *w, jbk_err *err) {
    jbk_status status = JBK_OK;
    for (int k = 0; k < JBK_RUNS && !status; k++)
        status = jbk_volume_add_run(w->volume, (jbk_run_kind)k, &w->runs[k], err);
    if (!status)
        status = jbk_volume_add_occurrences(w->volume, w->words.keys.at, w->words.keys.n,
                                            w->occurrences.at, w->occurrences.n, err);
    return status;
}

jbk_status jbk_segment_finish(jbk_segment_writer *w, jbk_err *err) {
    jbk_status status = w->pairs.n ? jbk_volume_add_pairs(w->volume, &w->packed, err) : JBK_OK;
    if (status) return status;
    status = jbk_volume_finish(w->volume, err);
    w->volume = NULL;
    if (!status) status = move(w->merged_path, jbk_store_postings_path(w->store, w->number), err);
    if (!status) status = move(w->volume_path, jbk_store_records_path(w->store, w->number), err);
    return status;
}

void jbk_segment_reset(jbk_segment_writer *w) {
    jbk_volume_abandon(w->volume);
    for (size_t i = 0; i < w->postings.n; i++) {
        jbk_store_drop_scratch(w->postings.at[i]);
        free(w->postings.at[i]);
    }
    jbk_vec_free(&w->postings);
    for (int k = 0; k < JBK_RUNS; k++) jbk_vec_free(&w->runs[k]);
    jbk_intern_free(&w->words);
    for (size_t i = 0; i < w->occurrences.n; i++) jbk_occurrences_free(&w->occurrences.at[i]);
    jbk_vec_free(&w->occurrences);
    for (size_t i = 0; i < w->pairs.n; i++) jbk_pairs_free(&w->pairs.at[i]);
    jbk_vec_free(&w->pairs);
    jbk_packed_pairs_free(&w->packed);
    free(w->volume_path);
    free(w->merged_path);
    jbk_vec_free(&w->postings_sums.block);
    *w = (jbk_segment_writer){0};
}
