/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A piece is what slides over the text, as wide as PIECE letters of Han weigh.  A word counts the
 * bits that finding it in a document by chance would be worth; not more than BITS, or a document
 * with two rare names would outdo one with the whole sentence.  Every posting is walked twice:
 * where its word enters the piece, and where it leaves it. */
#include "suspects.h"

#include "alike.h"
#include "base/intern.h"
#include "base/utf8.h"
#include "text/chars.h"

#include <stdlib.h>

enum { PIECE = 16, BITS = 10 };
/* Postings that are walked; the commonest words are left out beyond.  Documents that are listed. */
enum { POSTINGS = 2000000, LISTED = 20000 };
/* A text of few letters is also asked for words that its segmentation may hide. */
enum { SHORT = 64, WORD = 8 };

typedef struct {
    uint32_t word;       /* number in job.words */
    uint32_t start, end; /* bytes of the folded text */
} occurrence;

typedef struct {
    uint64_t frequency;
    size_t first, n; /* in job.docs */
    uint16_t bits;   /* 0: left out */
    uint32_t times;  /* it stands in the text */
    uint32_t inside; /* occurrences in the piece now */
    bool met;        /* counted for the whole */
} word;

typedef struct {
    jbk_index *x;
    jbk_intern words;
    JBK_VEC(occurrence) occurrences;
    word *word;
    JBK_VEC(uint32_t) docs;        /* postings, word by word */
    uint16_t *now, *piece, *whole; /* by document: bits, of the best piece, of the whole text */
    jbk_twins met;                 /* documents that hold enough to be listed, ascending */
    jbk_err *err;
} job;

/* --- the words of the text --- */

static void add_word(job *j, uint32_t start, uint32_t len) {
    const char *text = j->x->folded.utf8.data;
    occurrence o = {jbk_intern_add(&j->words, text + start, len), start, start + len};
    jbk_vec_push(&j->occurrences, o);
}

/* Of a short text every word of the index that stands in it, whatever its neighbours are. */
static jbk_status add_hidden(job *j) {
    const char *text = j->x->folded.utf8.data;
    size_t len = j->x->folded.utf8.len;
    for (size_t from = 0; from < len; from += jbk_utf8_len((unsigned char)text[from])) {
        size_t to = from;
        for (int n = 0; n < WORD && to < len; n++) {
            if (!jbk_cp_wordy(jbk_utf8_next(text, len, &to))) break;
            bool found = false;
            for (size_t i = 0; i < j->x->nsegments && !found && n; i++) {
                jbk_status status = jbk_volume_has_word(j->x->segments[i].volume, text + from,
                                                        to - from, &found, j->err);
                if (status) return status;
            }
            if (found) add_word(j, (uint32_t)from, (uint32_t)(to - from));
        }
    }
    return JBK_OK;
}

static int by_place(const void *x, const void *y) {
    const occurrence *a = x, *b = y;
    if (a->start != b->start) return a->start < b->start ? -1 : 1;
    return a->end < b->end ? -1 : a->end > b->end;
}

static jbk_status find_words(job *j, jbk_str text, size_t *letters) {
    jbk_letters l = {0};
    jbk_letters_read(&j->x->folded, text, &l);
    *letters = l.cp.n;
    jbk_letters_free(&l);
    j->x->folded.utf8_only = false;
    jbk_fold(&j->x->folded, text.s, text.len);
    jbk_status status = jbk_index_segment(j->x, j->err);
    for (size_t i = 0; i < j->x->terms.n && !status; i++)
        add_word(j, j->x->terms.at[i].start, j->x->terms.at[i].len);
    if (!status && *letters <= SHORT) status = add_hidden(j);
    jbk_vec_sort(&j->occurrences, by_place);
    return status;
}

/* --- their documents --- */

static jbk_status count_documents(job *j) {
    for (size_t w = 0; w < j->words.keys.n; w++) {
        for (size_t i = 0; i < j->x->nsegments; i++) {
            jbk_postings *p;
            uint32_t docs = 0;
            jbk_interned t = j->words.keys.at[w];
            jbk_status status = jbk_index_postings(j->x, i, &p, j->err);
            if (!status) status = jbk_postings_frequency(p, t.s, t.len, &docs, j->err);
            if (status) return status;
            j->word[w].frequency += docs;
        }
    }
    return JBK_OK;
}

static int by_frequency(const void *x, const void *y, void *of) {
    const word *all = of, *a = &all[*(const uint32_t *)x], *b = &all[*(const uint32_t *)y];
    return a->frequency < b->frequency ? -1 : a->frequency > b->frequency;
}

/* The rarest words, as many as there are postings to spend on: they are walked each time. */
static void choose_words(job *j) {
    size_t n = j->words.keys.n;
    uint32_t *order = jbk_alloc(n * sizeof *order + 1);
    uint64_t spent = 0;
    for (size_t w = 0; w < n; w++) order[w] = (uint32_t)w;
    for (size_t i = 0; i < j->occurrences.n; i++) j->word[j->occurrences.at[i].word].times++;
    qsort_r(order, n, sizeof *order, by_frequency, j->word);
    for (size_t i = 0; i < n; i++) {
        word *w = &j->word[order[i]];
        spent += w->frequency * w->times;
        if (spent > POSTINGS) break;
        if (!w->frequency) continue;
        w->bits = 1;
        while (w->bits < BITS && w->frequency << w->bits < j->x->docs) w->bits++;
    }
    free(order);
}

enum { FETCH = 4096 };

static jbk_status fetch_word(job *j, uint32_t number) {
    jbk_interned t = j->words.keys.at[number];
    word *w = &j->word[number];
    jbk_status status = JBK_OK;
    w->first = j->docs.n;
    for (size_t i = 0; i < j->x->nsegments && !status; i++) {
        jbk_postings *p;
        status = jbk_index_postings(j->x, i, &p, j->err);
        if (!status) status = jbk_postings_start(p, t.s, t.len, j->err);
        for (size_t n = 1; !status && n;) {
            jbk_vec_reserve(&j->docs, FETCH);
            uint32_t *docs = j->docs.at + j->docs.n;
            status = jbk_postings_fetch(p, docs, NULL, FETCH, &n, j->err);
            for (size_t k = 0; k < n; k++) docs[k] += j->x->segments[i].base;
            j->docs.n += n;
        }
    }
    w->n = j->docs.n - w->first;
    return status;
}

/* --- the piece --- */

static uint16_t sum(uint16_t a, uint16_t b) {
    return (uint16_t)(a + b > UINT16_MAX ? UINT16_MAX : a + b);
}

static void enter(job *j, word *w) {
    const uint32_t *docs = j->docs.at + w->first;
    if (w->inside++) return;
    for (size_t i = 0; i < w->n; i++) {
        uint16_t *now = &j->now[docs[i]];
        *now = sum(*now, w->bits);
        if (*now > j->piece[docs[i]]) j->piece[docs[i]] = *now;
    }
    for (size_t i = 0; i < w->n && !w->met; i++)
        j->whole[docs[i]] = sum(j->whole[docs[i]], w->bits);
    w->met = true;
}

static void leave(job *j, word *w) {
    if (--w->inside) return;
    for (size_t i = 0; i < w->n; i++) j->now[j->docs.at[w->first + i]] -= w->bits;
}

/* What the text weighs before each of its bytes. */
static uint32_t *weigh(const job *j) {
    const jbk_buf *text = &j->x->folded.utf8;
    uint32_t *before = jbk_alloc((text->len + 1) * sizeof *before), sum = 0;
    for (size_t i = 0; i < text->len;) {
        size_t from = i;
        uint32_t cp = jbk_utf8_next(text->data, text->len, &i);
        while (from < i) before[from++] = sum;
        if (jbk_cp_wordy(cp)) sum += jbk_letter_weight(cp);
    }
    before[text->len] = sum;
    return before;
}

static void slide(job *j) {
    size_t left = 0;
    uint32_t *before = weigh(j);
    for (size_t right = 0; right < j->occurrences.n; right++) {
        const occurrence *o = &j->occurrences.at[right];
        while (left < right &&
               before[o->end] - before[j->occurrences.at[left].start] > PIECE * JBK_WEIGHS_HAN)
            leave(j, &j->word[j->occurrences.at[left++].word]);
        enter(j, &j->word[o->word]);
    }
    free(before);
}

/* --- the lists --- */

typedef struct {
    uint32_t score;
    jbk_twin twin;
} suspect;

static int by_score(const void *x, const void *y) {
    const suspect *a = x, *b = y;
    if (a->score != b->score) return a->score > b->score ? -1 : 1;
    return a->twin.doc < b->twin.doc ? -1 : a->twin.doc > b->twin.doc;
}

/* The living documents that LISTED at most do better than by piece or by the whole, to j->met. */
static jbk_status sift(job *j) {
    uint32_t *by_piece = jbk_calloc(2 * (UINT16_MAX + 1), sizeof *by_piece);
    uint32_t *by_whole = by_piece + UINT16_MAX + 1, piece = UINT16_MAX, whole = UINT16_MAX;
    for (uint32_t d = 0; d < j->x->docs; d++) {
        if (!j->whole[d]) continue;
        by_piece[j->piece[d]]++;
        by_whole[j->whole[d]]++;
    }
    for (uint64_t n = 0; piece > 1; piece--)
        if ((n += by_piece[piece]) > LISTED) break;
    for (uint64_t n = 0; whole > 1; whole--)
        if ((n += by_whole[whole]) > LISTED) break;
    free(by_piece);
    jbk_status status = JBK_OK;
    for (uint32_t d = 0; d < j->x->docs && !status; d++) {
        if (j->piece[d] < piece && j->whole[d] < whole) continue;
        jbk_twin t = {.doc = d};
        if (!roaring_bitmap_contains(j->x->living, d)) continue;
        status = jbk_twin_of(j->x, d, &t.original, j->err);
        jbk_vec_push(&j->met, t);
    }
    return status;
}

/* The documents with the highest scores of the first kind, of those alike the highest of the
 * second, of those the first in the index; of documents with one title and text one. */
static void list(const job *j, const uint16_t *first, const uint16_t *second, jbk_twins *out) {
    suspect *all = jbk_alloc((j->met.n + 1) * sizeof *all);
    for (size_t i = 0; i < j->met.n; i++) {
        uint32_t d = j->met.at[i].doc;
        all[i] = (suspect){(uint32_t)first[d] << 16 | second[d], j->met.at[i]};
    }
    qsort(all, j->met.n, sizeof *all, by_score);
    roaring_bitmap_t *texts = roaring_bitmap_create();
    for (size_t i = 0; i < j->met.n && out->n < LISTED; i++)
        if (roaring_bitmap_add_checked(texts, all[i].twin.original)) jbk_vec_push(out, all[i].twin);
    roaring_bitmap_free(texts);
    free(all);
}

jbk_status jbk_suspects_find(jbk_index *x, jbk_str text, jbk_suspects *out, jbk_err *err) {
    job j = {.x = x, .err = err};
    size_t letters;
    *out = (jbk_suspects){0};
    jbk_status status = find_words(&j, text, &letters);
    j.word = jbk_calloc(j.words.keys.n + 1, sizeof *j.word);
    j.now = jbk_calloc((size_t)x->docs * 3 + 1, sizeof *j.now);
    j.piece = j.now + x->docs;
    j.whole = j.piece + x->docs;
    if (!status) status = count_documents(&j);
    if (!status) choose_words(&j);
    for (uint32_t w = 0; w < j.words.keys.n && !status; w++)
        if (j.word[w].bits) status = fetch_word(&j, w);
    if (!status) slide(&j);
    if (!status) status = sift(&j);
    if (!status) {
        list(&j, j.piece, j.whole, &out->by_piece);
        list(&j, j.whole, j.piece, &out->by_whole);
    }
    jbk_intern_free(&j.words);
    jbk_vec_free(&j.occurrences);
    jbk_vec_free(&j.docs);
    jbk_vec_free(&j.met);
    free(j.word);
    free(j.now);
    return status;
}

void jbk_suspects_free(jbk_suspects *s) {
    jbk_vec_free(&s->by_piece);
    jbk_vec_free(&s->by_whole);
}
