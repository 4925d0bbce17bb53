/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "explain.h"

#include "base/safe.h"
#include "base/utf8.h"
#include "cover.h"
#include "expand.h"
#include "proof.h"
#include "text/chars.h"

#include <stdlib.h>

void jbk_explain_indent(jbk_explainer *e, int depth) {
    for (int i = 0; i < depth; i++) jbk_buf_str(&e->out, "  ");
}

/* --- lists of words --- */

typedef struct {
    jbk_interned word;
    uint64_t docs;
} counted_word;
typedef JBK_VEC(counted_word) counted_words;

static jbk_status add_word(jbk_explainer *e, jbk_interned w, counted_words *out) {
    counted_word c = {.word = w};
    jbk_status status = JBK_OK;
    for (size_t i = 0; i < e->x->nsegments && !status; i++) {
        jbk_postings *p;
        uint32_t docs = 0;
        status = jbk_index_postings(e->x, i, &p, e->err);
        if (!status) status = jbk_postings_frequency(p, w.s, w.len, &docs, e->err);
        c.docs += docs;
    }
    jbk_vec_push(out, c);
    return status;
}

static int by_docs(const void *x, const void *y) {
    const counted_word *a = x, *b = y;
    if (a->docs != b->docs) return a->docs > b->docs ? -1 : 1;
    int order = memcmp(a->word.s, b->word.s, a->word.len < b->word.len ? a->word.len : b->word.len);
    return order ? order : a->word.len < b->word.len ? -1 : 1;
}

enum { WORDS_SHOWN = 12 };

/* "word 12, other 3, and 70 more": the most frequent first, at most `shown`. */
static void put_words(jbk_explainer *e, counted_words *words, size_t shown) {
    jbk_vec_sort(words, by_docs);
    for (size_t i = 0; i < words->n && i < shown; i++) {
        jbk_buf_str(&e->out, i ? ", " : " ");
        jbk_safe_add(&e->out, words->at[i].word.s, words->at[i].word.len);
        jbk_buf_printf(&e->out, " %llu", (unsigned long long)words->at[i].docs);
    }
    if (words->n > shown) jbk_buf_printf(&e->out, ", and %zu more", words->n - shown);
    if (!words->n) jbk_buf_str(&e->out, " none");
    jbk_buf_byte(&e->out, '\n');
}

static jbk_status put_list(jbk_explainer *e, const jbk_cover *c, const jbk_word_list *l) {
    counted_words words = {0};
    jbk_status status = JBK_OK;
    for (size_t i = 0; i < l->n && !status; i++)
        status = add_word(e, c->words.keys.at[l->at[i]], &words);
    if (!status) put_words(e, &words, WORDS_SHOWN);
    jbk_vec_free(&words);
    return status;
}

/* --- what it became --- */

/* Every word that shares keys of just these kinds, where there are any. */
static jbk_status put_kinds(jbk_explainer *e, const jbk_expansion *x, uint8_t kinds, int depth) {
    counted_words words = {0};
    jbk_status status = JBK_OK;
    for (size_t i = 0; i < x->words.keys.n && !status; i++)
        if (x->kinds.at[i] == kinds) status = add_word(e, x->words.keys.at[i], &words);
    if (!status && words.n) {
        jbk_explain_indent(e, depth);
        jbk_buf_str(&e->out, kinds ? "words of the same stem, " : "words that fit");
        jbk_kinds_put(kinds, &e->out);
        jbk_buf_byte(&e->out, ':');
        put_words(e, &words, SIZE_MAX);
    }
    jbk_vec_free(&words);
    return status;
}

/* A character that may stand for a unit, and how many words have it; UINT64_MAX where they are
 * not counted: words of alphabets are found by their beginnings alone. */
typedef struct {
    uint32_t cp;
    uint64_t words;
} counted_char;

static int by_words(const void *x, const void *y) {
    const counted_char *a = x, *b = y;
    if (a->words != b->words) return a->words > b->words ? -1 : 1;
    return a->cp < b->cp ? -1 : a->cp > b->cp;
}

static jbk_status count_words(jbk_explainer *e, counted_char *c) {
    jbk_buf s = {0};
    jbk_status status = JBK_OK;
    if (jbk_cp_script(c->cp) != JBK_SCRIPT_HAN) {
        c->words = UINT64_MAX;
        return JBK_OK;
    }
    jbk_utf8_put(&s, c->cp);
    for (size_t i = 0; i < e->x->nsegments && !status; i++) {
        uint64_t n = 0;
        status = jbk_volume_count_pieces(e->x->segments[i].volume, s.data, s.len, JBK_WITHIN, &n,
                                         e->err);
        c->words += n;
    }
    jbk_buf_free(&s);
    return status;
}

static void put_written(jbk_explainer *e, const jbk_query *q, const jbk_sound_unit *u) {
    jbk_buf_byte(&e->out, '"');
    jbk_safe_add(&e->out, q->s + u->start, u->len);
    jbk_buf_byte(&e->out, '"');
}

/* Syllables, letters, and the Han characters that words of the index have, the most frequent
 * first. */
static jbk_status put_unit(jbk_explainer *e, const jbk_query *q, const jbk_sound_unit *u) {
    JBK_VEC(counted_char) all = {0};
    jbk_status status = JBK_OK;
    size_t here = 0, shown;
    for (size_t i = 0; i < u->chars.n && !status; i++) {
        counted_char c = {u->chars.at[i], 0};
        status = count_words(e, &c);
        here += c.words != 0;
        jbk_vec_push(&all, c);
    }
    jbk_vec_sort(&all, by_words);
    shown = here < WORDS_SHOWN ? here : WORDS_SHOWN;
    put_written(e, q, u);
    jbk_buf_str(&e->out, " may be:");
    for (size_t i = 0; i < u->spelled.n; i++) jbk_buf_printf(&e->out, " %s", u->spelled.at[i]);
    for (size_t i = 0; i < shown; i++) {
        jbk_buf_byte(&e->out, ' ');
        jbk_utf8_put(&e->out, all.at[i].cp);
    }
    if (here > shown) jbk_buf_printf(&e->out, ", and %zu more", here - shown);
    if (here < all.n) jbk_buf_printf(&e->out, ", and %zu that no word here has", all.n - here);
    jbk_buf_byte(&e->out, '\n');
    jbk_vec_free(&all);
    return status;
}

static jbk_status put_expansion(jbk_explainer *e, const jbk_query *q, int depth) {
    jbk_status status = JBK_OK;
    for (unsigned kinds = 0; q->expansion && kinds < 2u << JBK_KEY_UG && !status; kinds++)
        status = put_kinds(e, q->expansion, (uint8_t)kinds, depth);
    if (q->kind != JBK_Q_SOUND) return status;
    for (size_t i = 0; i < q->expansion->units.n && !status; i++) {
        jbk_explain_indent(e, depth);
        status = put_unit(e, q, &q->expansion->units.at[i]);
    }
    return status;
}

/* --- how it was found --- */

static void put_position(jbk_explainer *e, const jbk_query *q, size_t at) {
    if (q->kind == JBK_Q_SOUND) {
        jbk_buf_str(&e->out, "words that could stand for ");
        put_written(e, q, &q->expansion->units.at[at]);
        jbk_buf_byte(&e->out, ':');
        return;
    }
    jbk_buf_str(&e->out, "words that could stand at \"");
    jbk_safe_add(&e->out, q->s + at, jbk_utf8_len((unsigned char)q->s[at]));
    jbk_buf_str(&e->out, "\":");
}

static jbk_status put_cover(jbk_explainer *e, const jbk_query *q, const jbk_cover *c, int depth) {
    if (c->scan) {
        jbk_explain_indent(e, depth);
        jbk_buf_str(&e->out, "no letter, mark or digit in it: every text is read\n");
        return JBK_OK;
    }
    jbk_status status = JBK_OK;
    if (q->kind == JBK_Q_STRING || q->kind == JBK_Q_SOUND) {
        jbk_explain_indent(e, depth);
        jbk_buf_str(&e->out, "words that hold it whole, with their documents:");
        status = put_list(e, c, &c->accept);
    }
    bool narrowed = q->kind == JBK_Q_SOUND || (q->kind == JBK_Q_STRING && c->positions.n > 1);
    for (size_t i = 0; i < c->positions.n && narrowed && !status; i++) {
        jbk_explain_indent(e, depth);
        put_position(e, q, c->offsets.at[i]);
        status = put_list(e, c, &c->positions.at[i]);
    }
    return status;
}

static void put_leaf(jbk_explainer *e, const jbk_query *q) {
    static const char *const NAMES[] = {[JBK_Q_STRING] = "string",
                                        [JBK_Q_WORD] = "word",
                                        [JBK_Q_PATTERN] = "pattern",
                                        [JBK_Q_SOUND] = "sound"};
    jbk_buf_printf(&e->out, "%s \"%s", NAMES[q->kind], q->open_start ? "*" : "");
    jbk_safe_add(&e->out, q->s, q->len);
    jbk_buf_printf(&e->out, "%s\" in %s", q->open_end ? "*" : "", jbk_where_name(q->where));
}

jbk_status jbk_explain_text(jbk_explainer *e, const jbk_query *q, int depth) {
    jbk_cover c;
    jbk_proof proof = {0};
    roaring_bitmap_t *found = NULL;
    put_leaf(e, q);
    jbk_status status = jbk_string_find(e->x, q, e->x->living, NULL, &proof, &found, e->err);
    if (status) return status;
    jbk_buf_printf(&e->out, ": %llu documents\n",
                   (unsigned long long)roaring_bitmap_get_cardinality(found));
    roaring_bitmap_free(found);
    status = put_expansion(e, q, depth + 1);
    if (status) return status;
    status = jbk_cover_find(e->x, q, &c, e->err);
    if (!status) {
        jbk_cover_list(&c);
        status = put_cover(e, q, &c, depth + 1);
    }
    jbk_cover_free(&c);
    jbk_explain_indent(e, depth + 1);
    jbk_buf_printf(&e->out,
                   "accepted by a word: %llu; by where words stand: %llu; read to prove: %llu, of "
                   "which match: %llu\n",
                   (unsigned long long)proof.accepted, (unsigned long long)proof.located,
                   (unsigned long long)proof.candidates, (unsigned long long)proof.proven);
    return status;
}
