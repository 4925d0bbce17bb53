/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "expand.h"

#include "text/key_hash.h"

#include <stdlib.h>

typedef struct {
    jbk_index *x;
    const jbk_query *q;
    jbk_keys keys; /* of the word */
    jbk_word_hits hits;
    jbk_err *err;
} expander;

void jbk_kinds_put(uint8_t kinds, jbk_buf *out) {
    static const char *const NAMES[] = {[JBK_KEY_KK] = "Kazakh",
                                        [JBK_KEY_RU] = "Russian",
                                        [JBK_KEY_EN] = "English",
                                        [JBK_KEY_UG] = "Uyghur"};
    size_t before = out->len;
    for (size_t kind = JBK_KEY_KK; kind <= JBK_KEY_UG; kind++) {
        if (!(kinds & 1u << kind)) continue;
        if (out->len > before) jbk_buf_str(out, " or ");
        jbk_buf_str(out, NAMES[kind]);
    }
}

/* --- words --- */

/* Bits of the kinds of the keys that the two words share. */
static uint8_t shared_kinds(expander *e, jbk_word word) {
    uint8_t shared = 0;
    jbk_keys keys;
    jbk_keys_of(e->x->stemmer, word.s, word.len, &keys);
    for (size_t i = 0; i < e->keys.n; i++)
        for (size_t k = 0; k < keys.n; k++)
            if (jbk_key_equal(&e->keys.at[i], &keys.at[k]))
                shared = (uint8_t)(shared | 1u << keys.at[k].kind);
    return shared;
}

/* All words, where the keys of a volume were made by another version. */
static jbk_status add_all(expander *e, jbk_volume *v) {
    jbk_status status = JBK_OK;
    for (uint32_t i = 0; i < jbk_volume_words(v) && !status; i++) {
        jbk_word_hit hit;
        status = jbk_volume_word(v, i, &hit, e->err);
        if (!status && shared_kinds(e, hit.word)) jbk_vec_push(&e->hits, hit);
    }
    return status;
}

static jbk_status add_keyed(expander *e, jbk_volume *v) {
    uint64_t maker;
    jbk_status status = jbk_volume_key_maker(v, &maker, e->err);
    if (!status && maker != jbk_keys_maker()) return add_all(e, v);
    for (size_t i = 0; i < e->keys.n && !status; i++)
        status = jbk_volume_keyed(v, jbk_key_sum(&e->keys.at[i]), &e->hits, e->err);
    return status;
}

static jbk_status find_word(expander *e) {
    jbk_status status = e->x->stemmer ? JBK_OK : jbk_stemmer_new(&e->x->stemmer, e->err);
    if (status) return status;
    jbk_keys_of(e->x->stemmer, e->q->s, e->q->len, &e->keys);
    for (size_t i = 0; i < e->x->nsegments && !status && e->keys.n; i++)
        status = add_keyed(e, e->x->segments[i].volume);
    return status;
}

/* --- patterns --- */

static jbk_status find_pattern(expander *e) {
    const jbk_query *q = e->q;
    jbk_status status = JBK_OK;
    for (size_t i = 0; i < e->x->nsegments && !status; i++) {
        jbk_volume *v = e->x->segments[i].volume;
        status = q->open_start
                     ? jbk_volume_infix(v, q->s, q->len, q->open_end ? JBK_WITHIN : JBK_ENDS,
                                        &e->hits, e->err)
                     : jbk_volume_prefix(v, q->s, q->len, &e->hits, e->err);
    }
    return status;
}

/* --- all leaves --- */

static int by_bytes(const void *x, const void *y) {
    const jbk_word *a = &((const jbk_word_hit *)x)->word, *b = &((const jbk_word_hit *)y)->word;
    int order = memcmp(a->s, b->s, a->len < b->len ? a->len : b->len);
    return order ? order : a->len < b->len ? -1 : a->len > b->len;
}

/* What was found, sorted and each once: a word may share several keys.  A hash may have found
 * words that share none. */
static void keep_words(expander *e, jbk_expansion *out) {
    jbk_vec_sort(&e->hits, by_bytes);
    for (size_t i = 0; i < e->hits.n; i++) {
        jbk_word w = e->hits.at[i].word;
        uint8_t kinds = 0;
        if (i && !by_bytes(&e->hits.at[i - 1], &e->hits.at[i])) continue;
        if (e->q->kind == JBK_Q_WORD && !(kinds = shared_kinds(e, w))) continue;
        jbk_intern_add(&out->words, w.s, w.len);
        jbk_vec_push(&out->kinds, kinds);
    }
}

static jbk_status expand(expander *e, jbk_query *q) {
    jbk_status status = JBK_OK;
    for (size_t i = 0; i < q->children.n && !status; i++) status = expand(e, q->children.at[i]);
    bool due = jbk_query_is_text(q) && q->kind != JBK_Q_STRING;
    if (status || !due || q->expansion) return status;
    q->expansion = jbk_calloc(1, sizeof *q->expansion);
    e->q = q;
    e->hits.n = 0;
    if (q->kind == JBK_Q_NAMES)
        status = jbk_names_new(&q->expansion->names, e->err);
    else if (q->kind == JBK_Q_SOUND)
        jbk_sound_units_of(q->s, q->len, &q->expansion->units);
    else
        status = q->kind == JBK_Q_WORD ? find_word(e) : find_pattern(e);
    if (!status) keep_words(e, q->expansion);
    return status;
}

jbk_status jbk_expand(jbk_index *x, jbk_query *q, jbk_err *err) {
    expander e = {.x = x, .err = err};
    jbk_status status = expand(&e, q);
    jbk_vec_free(&e.hits);
    return status;
}

void jbk_expansion_free(jbk_expansion *e) {
    if (!e) return;
    jbk_intern_free(&e->words);
    jbk_vec_free(&e->kinds);
    jbk_names_free(e->names);
    jbk_sound_units_free(&e->units);
    free(e);
}
