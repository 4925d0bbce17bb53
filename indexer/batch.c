/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "batch.h"

#include "text/borders.h"
#include "text/document.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

void jbk_batch_free(jbk_batch *b) {
    jbk_items_free(&b->items);
    jbk_arena_free(&b->arena);
    for (size_t i = 0; i < b->records.n; i++) jbk_record_free(&b->records.at[i]);
    for (size_t i = 0; i < b->settled.n; i++) {
        jbk_vec_free(&b->settled.at[i].seen);
        jbk_buf_free(&b->settled.at[i].taken);
    }
    jbk_vec_free(&b->records);
    jbk_vec_free(&b->settled);
    jbk_vec_free(&b->built);
    jbk_vec_free(&b->rejects);
    for (int s = 0; s < JBK_STREAMS; s++) jbk_blocks_free(&b->blocks[s]);
    jbk_intern_free(&b->words);
    jbk_occurrences_free(&b->occurrences);
    jbk_pairs_free(&b->pairs);
    free(b->postings_path);
    *b = (jbk_batch){0};
}

/* --- parsing --- */

static void set_origin(jbk_record *r, const jbk_item *l, const char *file, jbk_arena *arena) {
    char offset[24];
    int n = snprintf(offset, sizeof offset, ":%llu", (unsigned long long)l->offset);
    size_t len = strlen(file);
    char *s = jbk_arena_alloc(arena, len + (size_t)n + 1);
    memcpy(s, file, len);
    memcpy(s + len, offset, (size_t)n + 1);
    r->field[JBK_F_ORIGIN] = (jbk_str){s, len + (size_t)n};
}

/* The bytes of a row do not say what its cells are called. */
static void set_digest(jbk_batch *b, const jbk_item *x, const json_t *object, jbk_record *r) {
    if (x->kind != JBK_ITEM_ROW) {
        jbk_record_set_digest(r, b->items.bytes.data + x->start, x->len, &b->arena);
        return;
    }
    char *s = jbk_record_needs_digest(r) ? json_dumps(object, JSON_COMPACT) : NULL;
    if (s) jbk_record_set_digest(r, s, strlen(s), &b->arena);
    free(s);
}

static jbk_reject_code parse_item(jbk_batch *b, const jbk_item *x, jbk_object_maker *maker,
                                  jbk_mapper *mapper, jbk_record *r, bool *passed, char **reason) {
    json_t *object;
    jbk_reject_code code = jbk_object_make(maker, &b->items, x, &b->arena, &object, reason);
    if (!code && !object) {
        *passed = true;
        return JBK_REJ_NONE;
    }
    if (!code) code = jbk_map_record(mapper, object, &b->arena, r, reason);
    if (!code) set_digest(b, x, object, r);
    json_decref(object);
    return code;
}

void jbk_batch_parse(jbk_batch *b, jbk_object_maker *maker, jbk_mapper *mapper) {
    jbk_vec_reserve(&b->records, b->items.items.n);
    maker->repaired = 0;
    memset(maker->passed, 0, sizeof maker->passed);
    *jbk_mapper_met(mapper) = (jbk_mapped){0};
    for (size_t i = 0; i < b->items.items.n; i++) {
        const jbk_item *x = &b->items.items.at[i];
        jbk_record r = {0};
        jbk_reject reject = {.item = i};
        bool passed = false;
        reject.code = parse_item(b, x, maker, mapper, &r, &passed, &reject.reason);
        if (passed) continue;
        if (reject.code) {
            jbk_record_free(&r);
            jbk_vec_push(&b->rejects, reject);
            continue;
        }
        set_origin(&r, x, b->items.sources.at[x->source]->name, &b->arena);
        jbk_vec_push(&b->records, r);
    }
    b->repaired = maker->repaired;
    memcpy(b->passed, maker->passed, sizeof b->passed);
    b->passed[JBK_PASS_OTHER] += b->items.others;
    b->mapped = *jbk_mapper_met(mapper);
}

/* --- dictionaries --- */

static void put_item(const jbk_record *r, jbk_stream stream, jbk_buf *out) {
    if (stream == JBK_STREAM_TEXT)
        jbk_record_put_text(r, out);
    else
        jbk_record_put_rest(r, out);
}

typedef struct {
    const jbk_batch *batch;
    jbk_stream stream;
    jbk_buf *dict;
} training;

static void *train(void *arg) {
    const training *t = arg;
    const jbk_batch *b = t->batch;
    jbk_buf samples = {0};
    JBK_VEC(size_t) lens = {0};
    for (size_t i = 0; i < b->records.n && samples.len < JBK_DICT_SAMPLES; i++) {
        if (!b->settled.at[i].stored) continue;
        size_t before = samples.len;
        put_item(&b->records.at[i], t->stream, &samples);
        jbk_vec_push(&lens, samples.len - before);
    }
    jbk_dict_train(samples.data, lens.at, lens.n, t->dict);
    jbk_buf_free(&samples);
    jbk_vec_free(&lens);
    return NULL;
}

/* Everything waits for this, so where there may be threads one stream is trained beside the other.
 * zstd's quick trainer shares nothing between calls. */
void jbk_batch_train(const jbk_batch *b, unsigned jobs, jbk_dicts *dicts) {
    pthread_t thread;
    training text = {b, JBK_STREAM_TEXT, &dicts->bytes[JBK_STREAM_TEXT]},
             record = {b, JBK_STREAM_RECORD, &dicts->bytes[JBK_STREAM_RECORD]};
    bool beside = jobs > 1 && !pthread_create(&thread, NULL, train, &text);
    if (!beside) train(&text);
    train(&record);
    if (beside) pthread_join(thread, NULL);
}

/* --- building --- */

/* What a title and text come to. */
typedef struct {
    const jbk_record *record; /* whose they are; NULL: not read yet */
    jbk_language language;
    jbk_word_counts counts;
    jbk_words_at at[JBK_LINES];
    jbk_built built; /* without a language */
} reading;

struct jbk_builder {
    jbk_counter *counter;
    jbk_word_counts counts; /* of this document */
    jbk_borders borders;    /* of this document; of words of the batch */
    JBK_VEC(jbk_posting) postings;
    jbk_buf item;
    jbk_intern texts;          /* of the batch, each once (number_texts) */
    JBK_VEC(uint32_t) text_of; /* of each stored record */
    JBK_VEC(uint32_t) left;    /* of each text, records that have it and are not built */
    JBK_VEC(reading) readings; /* of each text that several records have, until all are built */
};

jbk_status jbk_builder_new(jbk_builder **out, jbk_err *err) {
    *out = NULL;
    jbk_builder *b = jbk_calloc(1, sizeof *b);
    jbk_status status = jbk_counter_new(&b->counter, err);
    if (status) {
        free(b);
        return status;
    }
    *out = b;
    return JBK_OK;
}

static void drop_reading(reading *t) {
    jbk_vec_free(&t->counts);
    for (int l = 0; l < JBK_LINES; l++) jbk_vec_free(&t->at[l].words);
    t->record = NULL;
}

static void drop_readings(jbk_builder *b) {
    for (size_t i = 0; i < b->readings.n; i++) drop_reading(&b->readings.at[i]);
    b->readings.n = b->left.n = b->text_of.n = 0;
    jbk_intern_free(&b->texts);
}

void jbk_builder_free(jbk_builder *b) {
    if (!b) return;
    drop_readings(b);
    jbk_vec_free(&b->readings);
    jbk_vec_free(&b->left);
    jbk_vec_free(&b->text_of);
    jbk_counter_free(b->counter);
    jbk_vec_free(&b->counts);
    jbk_borders_free(&b->borders);
    jbk_vec_free(&b->postings);
    jbk_buf_free(&b->item);
    free(b);
}

/* Copies name the first document with their text, so those of one text name the same. */
static void number_texts(jbk_builder *b, const jbk_batch *batch) {
    for (size_t i = 0; i < batch->settled.n; i++) {
        const jbk_settled *t = &batch->settled.at[i];
        if (!t->stored) continue;
        uint32_t first = t->copy_of == JBK_NO_DOC ? t->doc : t->copy_of;
        uint32_t n = jbk_intern_add(&b->texts, (const char *)&first, sizeof first);
        if (n == b->left.n) {
            jbk_vec_push(&b->left, 0);
            jbk_vec_push(&b->readings, ((reading){0}));
        }
        jbk_vec_push(&b->text_of, n);
        b->left.at[n]++;
    }
}

/* The terms of a batch have the numbers of its words. */
static void add_postings(jbk_builder *b, const jbk_word_counts *counts,
                         jbk_postings_builder *postings) {
    b->postings.n = 0;
    for (size_t i = 0; i < counts->n; i++)
        jbk_vec_push(&b->postings, ((jbk_posting){counts->at[i].word, counts->at[i].count}));
    jbk_postings_add(postings, b->postings.at, b->postings.n);
}

static jbk_status end_postings(const jbk_intern *words, jbk_postings_builder *postings,
                               jbk_err *err) {
    size_t n = words->keys.n;
    jbk_term *terms = jbk_alloc(n * sizeof *terms);
    for (size_t i = 0; i < n; i++)
        terms[i] = (jbk_term){words->keys.at[i].s, words->keys.at[i].len};
    jbk_status status = jbk_postings_end(postings, terms, n, err);
    free(terms);
    return status;
}

static const char *own_or(jbk_str own, const char *detected, jbk_arena *arena) {
    return own.s ? jbk_arena_dup(arena, own.s, own.len) : detected;
}

static void keep_sketch(jbk_builder *b, jbk_batch *batch, jbk_built *out) {
    size_t n;
    const uint64_t *least = jbk_counter_sketch(b->counter, &n);
    uint64_t *kept = n ? jbk_arena_alloc(&batch->arena, n * sizeof *kept) : NULL;
    if (n) memcpy(kept, least, n * sizeof *kept);
    out->sketch = kept;
    out->nsketch = (uint32_t)n;
}

/* *out points into the builder, until the next text is read. */
static jbk_status read_text(jbk_builder *b, jbk_batch *batch, const jbk_record *r, reading *out,
                            jbk_err *err) {
    jbk_str title = r->field[JBK_F_TITLE], text = r->field[JBK_F_TEXT];
    *out = (reading){.record = r};
    out->language = jbk_document_language(title.s, title.len, text.s, text.len, &b->item);
    jbk_status status = jbk_count_terms(b->counter, title.s, title.len, text.s, text.len,
                                        &batch->words, &b->counts, &out->built.words, err);
    if (status) return status;
    const char *mentions = jbk_counter_mentions(b->counter);
    out->built.mentions = jbk_arena_dup(&batch->arena, mentions, strlen(mentions));
    keep_sketch(b, batch, &out->built);
    out->counts = b->counts;
    for (int l = 0; l < JBK_LINES; l++)
        out->at[l] = *jbk_counter_places(b->counter, l == JBK_LINE_TITLE);
    return JBK_OK;
}

static void *copy_of(const void *bytes, size_t len) {
    void *copy = jbk_alloc(len);
    if (len) memcpy(copy, bytes, len);
    return copy;
}

static void keep_reading(reading *to, const reading *t) {
    *to = *t;
    to->counts.at = copy_of(t->counts.at, t->counts.n * sizeof *t->counts.at);
    to->counts.cap = t->counts.n;
    for (int l = 0; l < JBK_LINES; l++) {
        to->at[l].words.at =
            copy_of(t->at[l].words.at, t->at[l].words.n * sizeof *t->at[l].words.at);
        to->at[l].words.cap = t->at[l].words.n;
    }
}

static bool same_text(const jbk_record *a, const jbk_record *b) {
    for (int f = JBK_F_TITLE; f <= JBK_F_TEXT; f++) {
        jbk_str s = a->field[f], t = b->field[f];
        if (s.len != t.len || !s.s != !t.s || (s.len && memcmp(s.s, t.s, s.len))) return false;
    }
    return true;
}

/* What the text of a record comes to: what it came to before, where it is a copy of another of the
 * batch. */
static jbk_status read_once(jbk_builder *b, jbk_batch *batch, const jbk_record *r, reading *out,
                            jbk_err *err) {
    uint32_t n = b->text_of.at[batch->built.n];
    reading *kept = &b->readings.at[n];
    b->left.at[n]--;
    if (kept->record && same_text(kept->record, r)) {
        *out = *kept;
        return JBK_OK;
    }
    jbk_status status = read_text(b, batch, r, out, err);
    if (!status && !kept->record && b->left.at[n]) keep_reading(kept, out);
    return status;
}

static void keep_places(const reading *t, jbk_occurrences *to) {
    uint32_t len_cp[JBK_LINES];
    for (int l = 0; l < JBK_LINES; l++) len_cp[l] = t->at[l].len_cp;
    jbk_occurrences_begin(to, len_cp);
    for (int l = 0; l < JBK_LINES; l++)
        for (size_t i = 0; i < t->at[l].words.n; i++)
            jbk_occurrences_see(to, (jbk_line)l, t->at[l].words.at[i].word,
                                t->at[l].words.at[i].at);
}

static void keep_pairs(jbk_builder *b, const reading *t, jbk_batch *batch) {
    jbk_borders_find(&b->borders, &batch->words, &t->at[JBK_LINE_TITLE], &t->at[JBK_LINE_TEXT]);
    jbk_pairs_add(&batch->pairs, b->borders.found.at, b->borders.found.n);
}

static jbk_status build_one(jbk_batch *batch, jbk_builder *b, const jbk_record *r,
                            jbk_packer *packer, jbk_postings_builder *postings, jbk_err *err) {
    reading t;
    jbk_status status = read_once(b, batch, r, &t, err);
    if (status) return status;
    t.built.lang = own_or(r->field[JBK_F_LANG], t.language.lang, &batch->arena);
    t.built.script = own_or(r->field[JBK_F_SCRIPT], t.language.script, &batch->arena);
    keep_places(&t, &batch->occurrences);
    keep_pairs(b, &t, batch);
    add_postings(b, &t.counts, postings);
    jbk_vec_push(&batch->built, t.built);
    for (int s = 0; s < JBK_STREAMS && !status; s++) {
        b->item.len = 0;
        put_item(r, (jbk_stream)s, &b->item);
        status = jbk_blocks_add(&batch->blocks[s], packer, (jbk_stream)s, b->item.data, b->item.len,
                                err);
    }
    return status;
}

static size_t count_stored(const jbk_batch *b) {
    size_t n = 0;
    for (size_t i = 0; i < b->settled.n; i++) n += b->settled.at[i].stored;
    return n;
}

jbk_status jbk_batch_build(jbk_batch *b, jbk_builder *builder, const jbk_dicts *dicts,
                           const char *postings_path, jbk_err *err) {
    if (!count_stored(b)) return JBK_OK;
    b->postings_path = jbk_strndup(postings_path, strlen(postings_path));
    jbk_packer *packer = NULL;
    jbk_postings_builder *postings = NULL;
    jbk_status status = jbk_packer_new(dicts, &packer, err);
    if (!status) status = jbk_postings_begin(postings_path, &postings, err);
    number_texts(builder, b);
    builder->borders.ends.n = 0; /* the words are others */
    for (size_t i = 0; i < b->records.n && !status; i++)
        if (b->settled.at[i].stored)
            status = build_one(b, builder, &b->records.at[i], packer, postings, err);
    drop_readings(builder);
    jbk_occurrences_pack(&b->occurrences, b->words.keys.n);
    for (int s = 0; s < JBK_STREAMS && !status; s++)
        status = jbk_blocks_end(&b->blocks[s], packer, (jbk_stream)s, err);
    if (status)
        jbk_postings_drop(postings);
    else
        status = end_postings(&b->words, postings, err);
    jbk_packer_free(packer);
    return status;
}
