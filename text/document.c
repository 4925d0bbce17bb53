/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "text/document.h"

#include "base/field.h"
#include "base/utf8.h"
#include "text/names.h"
#include "text/segment.h"
#include "text/skeleton.h"

#include <stdlib.h>

struct jbk_counter {
    jbk_segmenter *segmenter;
    jbk_folded folded;
    jbk_slices slices;
    JBK_VEC(uint32_t) place; /* by the word's number: 1 + its place among the counts, or 0 */
    jbk_names *names;
    JBK_VEC(uint32_t) named;      /* by the word's number: what the names say of it */
    JBK_VEC(uint32_t) known;      /* and what the segmenter knows it by */
    JBK_VEC(uint32_t) known_word; /* by that: its number, where that one says the same */
    JBK_VEC(uint32_t) here;       /* the same, of each term of a text */
    jbk_name_places places;       /* of names in the document */
    jbk_buf mentions;
    jbk_words_at at[2]; /* in the text, in the title */
    jbk_units units;    /* of the document */
    jbk_sketch sketch;
};

jbk_status jbk_counter_new(jbk_counter **out, jbk_err *err) {
    *out = NULL;
    jbk_counter *c = jbk_calloc(1, sizeof *c);
    jbk_status status = jbk_segmenter_new(&c->segmenter, err);
    if (!status) status = jbk_names_new(&c->names, err);
    if (status) {
        jbk_counter_free(c);
        return status;
    }
    *out = c;
    return JBK_OK;
}

void jbk_counter_free(jbk_counter *c) {
    if (!c) return;
    jbk_segmenter_free(c->segmenter);
    jbk_folded_free(&c->folded);
    jbk_vec_free(&c->slices);
    jbk_vec_free(&c->place);
    jbk_names_free(c->names);
    jbk_vec_free(&c->named);
    jbk_vec_free(&c->known);
    jbk_vec_free(&c->known_word);
    jbk_vec_free(&c->here);
    jbk_vec_free(&c->places);
    jbk_buf_free(&c->mentions);
    for (int i = 0; i < 2; i++) jbk_vec_free(&c->at[i].words);
    jbk_vec_free(&c->units);
    jbk_sketch_free(&c->sketch);
    free(c);
}

/* The number of a term in `words`; a new one is looked up among the names, once. */
static uint32_t word_number(jbk_counter *c, jbk_intern *words, const char *s, size_t len) {
    size_t known = words->keys.n;
    uint32_t n = jbk_intern_add(words, s, len);
    while (n >= c->place.n) jbk_vec_push(&c->place, 0);
    while (n >= c->named.n) jbk_vec_push(&c->named, 0);
    while (n >= c->known.n) jbk_vec_push(&c->known, 0);
    if (n == known) {
        c->named.at[n] = jbk_names_word(c->names, s, len);
        c->known.at[n] = 0;
    }
    return n;
}

/* The same without comparing its bytes with those of others, where the segmenter knows it. */
static uint32_t number_of(jbk_counter *c, jbk_intern *words, jbk_slice w) {
    while (w.known >= c->known_word.n) jbk_vec_push(&c->known_word, 0);
    uint32_t n = c->known_word.at[w.known];
    if (w.known && n < words->keys.n && c->known.at[n] == w.known) return n;
    n = word_number(c, words, c->folded.utf8.data + w.start, w.len);
    if (w.known) {
        c->known.at[n] = w.known;
        c->known_word.at[w.known] = n;
    }
    return n;
}

static uint32_t count_points(const char *s, size_t len) {
    uint32_t n = 0;
    for (size_t i = 0; i < len; i++) n += jbk_utf8_is_start(s[i]) != 0;
    return n;
}

static jbk_status count_words(jbk_counter *c, const char *s, size_t len, bool title,
                              jbk_intern *words, jbk_word_counts *counts, uint32_t *total,
                              jbk_err *err) {
    if (!s) return JBK_OK;
    jbk_fold(&c->folded, s, len);
    jbk_status status = jbk_segment(c->segmenter, &c->folded, &c->slices, err);
    if (status) return status;
    bool names = false;
    const jbk_buf *folded = &c->folded.utf8;
    jbk_words_at *at = &c->at[title];
    uint32_t from = 0;
    c->here.n = 0;
    for (size_t i = 0; i < c->slices.n; i++) {
        jbk_slice w = c->slices.at[i];
        uint32_t n = number_of(c, words, w);
        at->len_cp += count_points(folded->data + from, w.start - from);
        jbk_vec_push(&at->words, ((jbk_word_at){n, at->len_cp}));
        from = w.start;
        jbk_vec_push(&c->here, c->named.at[n]);
        names |= c->named.at[n] != 0;
        if (!c->place.at[n]) {
            jbk_vec_push(counts, ((jbk_word_count){.word = n}));
            c->place.at[n] = (uint32_t)counts->n;
        }
        counts->at[c->place.at[n] - 1].count++;
    }
    at->len_cp += count_points(folded->data + from, folded->len - from);
    *total += (uint32_t)c->slices.n;
    size_t known = c->places.n;
    if (names) jbk_names_find(c->names, s, len, &c->folded, &c->slices, c->here.at, &c->places);
    jbk_units_add(&c->units, c->folded.utf8.data, c->folded.utf8.len, c->places.at + known,
                  c->places.n - known);
    return JBK_OK;
}

jbk_status jbk_count_terms(jbk_counter *c, const char *title, size_t title_len, const char *text,
                           size_t text_len, jbk_intern *words, jbk_word_counts *counts,
                           uint32_t *total, jbk_err *err) {
    counts->n = 0;
    *total = 0;
    c->places.n = c->units.n = 0;
    for (int i = 0; i < 2; i++) c->at[i].words.n = c->at[i].len_cp = 0;
    jbk_status status = count_words(c, title, title_len, true, words, counts, total, err);
    if (!status) status = count_words(c, text, text_len, false, words, counts, total, err);
    for (size_t i = 0; i < counts->n; i++) c->place.at[counts->at[i].word] = 0;
    return status;
}

const jbk_words_at *jbk_counter_places(const jbk_counter *c, bool title) { return &c->at[title]; }

static int by_code(const void *x, const void *y) {
    const jbk_name_place *a = x, *b = y;
    return a->code < b->code ? -1 : a->code > b->code;
}

const char *jbk_counter_mentions(jbk_counter *c) {
    jbk_name_places *p = &c->places;
    c->mentions.len = 0;
    if (p->n) qsort(p->at, p->n, sizeof *p->at, by_code);
    for (size_t i = 0; i < p->n; i++) {
        if (i && p->at[i].code == p->at[i - 1].code) continue;
        if (i) jbk_buf_byte(&c->mentions, JBK_SET_SEP);
        jbk_buf_str(&c->mentions, jbk_name_code(p->at[i].code));
    }
    return jbk_buf_cstr(&c->mentions);
}

const uint64_t *jbk_counter_sketch(jbk_counter *c, size_t *n) {
    jbk_sketch_make(&c->sketch, &c->units);
    *n = c->sketch.n;
    return c->sketch.least;
}

/* The beginning of the text is enough. */
enum { LOOK_AT_BYTES = 8192 };

jbk_language jbk_document_language(const char *title, size_t title_len, const char *text,
                                   size_t text_len, jbk_buf *scratch) {
    scratch->len = 0;
    jbk_buf_add(scratch, title, title_len);
    jbk_buf_byte(scratch, ' ');
    jbk_buf_add(scratch, text, text_len < LOOK_AT_BYTES ? text_len : LOOK_AT_BYTES);
    return jbk_language_detect(scratch->data, scratch->len);
}
