/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "proof.h"

#include "base/utf8.h"
#include "cover.h"
#include "expand.h"
#include "holders.h"
#include "locate.h"
#include "match.h"
#include "named.h"
#include "sound.h"
#include "store/occurrences.h"
#include "store/pairs.h"
#include "text/borders.h"
#include "text/segment.h"

#include <stdlib.h>

typedef struct {
    jbk_index *x;
    const jbk_query *q;
    const roaring_bitmap_t *among;
    jbk_weight *weights;
    uint32_t pair; /* JBK_NO_PAIR: places tell where the string stands */
    jbk_cover cover;
    bool counts; /* the proof is asked for */
    jbk_proof proof;
    jbk_err *err;
} job;

/* --- candidates --- */

/* Places of a word in the parts that are searched. */
static jbk_status frequency(job *j, uint32_t word, uint64_t *sum) {
    jbk_interned t = j->cover.words.keys.at[word];
    jbk_places places[JBK_LINES];
    for (size_t i = 0; i < j->x->nsegments; i++) {
        jbk_status status = jbk_volume_places(j->x->segments[i].volume, t.s, t.len, places, j->err);
        if (status) return status;
        if (j->q->where & JBK_IN_TITLE) *sum += places[JBK_LINE_TITLE].n;
        if (j->q->where & JBK_IN_TEXT) *sum += places[JBK_LINE_TEXT].n;
    }
    return JBK_OK;
}

typedef struct {
    uint64_t cost; /* places to read */
    size_t position;
} priced;

static int by_cost(const void *x, const void *y) {
    const priced *a = x, *b = y;
    if (a->cost != b->cost) return a->cost < b->cost ? -1 : 1;
    return a->position < b->position ? -1 : a->position > b->position;
}

/* Finding a word costs as much as reading some ten places, a proof as much as some hundred. */
enum { FINDING = 50, PROVING = 700, ENOUGH = 24 };

static jbk_status price(job *j, priced *out) {
    jbk_status status = JBK_OK;
    uint64_t *df = jbk_alloc(j->cover.words.keys.n * sizeof *df);
    for (size_t w = 0; w < j->cover.words.keys.n; w++) df[w] = UINT64_MAX;
    for (size_t i = 0; i < j->cover.positions.n && !status; i++) {
        const jbk_word_list *l = &j->cover.positions.at[i];
        out[i] = (priced){l->n * FINDING, i};
        for (size_t k = 0; k < l->n && !status; k++) {
            uint64_t *known = &df[l->at[k]];
            if (*known == UINT64_MAX) {
                *known = 0;
                status = frequency(j, l->at[k], known);
            }
            out[i].cost += *known;
        }
    }
    free(df);
    qsort(out, j->cover.positions.n, sizeof *out, by_cost);
    return status;
}

static bool same_list(const jbk_word_list *a, const jbk_word_list *b) {
    return a->n == b->n && (!a->n || !memcmp(a->at, b->at, a->n * sizeof *a->at));
}

/* Is reading `cost` more places cheaper than proving the candidates it may save? */
static bool worth_it(uint64_t candidates, uint64_t cost) {
    return candidates > ENOUGH && cost < candidates * PROVING;
}

/* Documents that may hold the string across words, without those in `accepted`. */
static jbk_status find_candidates(job *j, const roaring_bitmap_t *accepted,
                                  roaring_bitmap_t **out) {
    size_t n = j->cover.positions.n;
    *out = NULL;
    if (j->cover.scan) {
        *out = roaring_bitmap_copy(j->among);
        if (accepted) roaring_bitmap_andnot_inplace(*out, accepted);
        return JBK_OK;
    }
    jbk_cover_list(&j->cover);
    priced *order = jbk_alloc(n * sizeof *order);
    jbk_status status = price(j, order);
    const jbk_word_list *before = NULL;
    for (size_t i = 0, used = 0; i < n && used < 4 && !status; i++) {
        const jbk_word_list *l = &j->cover.positions.at[order[i].position];
        if (before && same_list(before, l)) continue;
        if (*out && !worth_it(roaring_bitmap_get_cardinality(*out), order[i].cost)) break;
        roaring_bitmap_t *here;
        status = jbk_holders_find(j->x, &j->cover.words, l, j->q->where, NULL, NULL, &here, j->err);
        if (status) break;
        if (*out) {
            roaring_bitmap_and_inplace(*out, here);
            roaring_bitmap_free(here);
        } else {
            roaring_bitmap_and_inplace(here, j->among);
            if (accepted) roaring_bitmap_andnot_inplace(here, accepted);
            *out = here;
        }
        before = l;
        used++;
    }
    free(order);
    /* What has no positions and is not for a scan, words alone can prove. */
    if (!*out) *out = roaring_bitmap_create();
    return status;
}

/* --- proof --- */

static uint64_t count_sounds(const job *j, const jbk_folded *f) {
    uint64_t count = 0;
    for (size_t at = 0, end; at < f->utf8.len; at = end, count++) {
        if (count && !j->weights) break;
        at = jbk_sound_find(&j->q->expansion->units, f->utf8.data, f->utf8.len, at, &end);
        if (at == SIZE_MAX) break;
    }
    return count;
}

static uint64_t count_in(job *j, jbk_str s) {
    if (!s.s) return 0;
    jbk_folded *f = &j->x->folded;
    f->utf8_only = true;
    jbk_fold(f, s.s, s.len);
    if (j->q->kind == JBK_Q_SOUND) return count_sounds(j, f);
    if (!j->weights)
        return jbk_match_find(f->utf8.data, f->utf8.len, 0, j->q->s, j->q->len) != SIZE_MAX;
    return jbk_match_count(f->utf8.data, f->utf8.len, j->q->s, j->q->len);
}

static jbk_status prove(job *j, uint32_t doc, bool *holds) {
    jbk_str title, text;
    jbk_status status = jbk_index_text(j->x, doc, &title, &text, j->err);
    if (status) return status;
    uint64_t in_title = j->q->where & JBK_IN_TITLE ? count_in(j, title) : 0;
    bool more = (j->q->where & JBK_IN_TEXT) && (!in_title || j->weights);
    uint64_t in_text = more ? count_in(j, text) : 0;
    *holds = in_title || in_text;
    /* All that the string weighs: what words that hold it said before is in it. */
    if (*holds && j->weights) {
        j->weights[doc] = 0;
        jbk_weight_add(j->weights, doc, in_text + 2 * in_title);
    }
    return JBK_OK;
}

static jbk_status prove_all(job *j, const roaring_bitmap_t *candidates, roaring_bitmap_t *found) {
    jbk_status status = JBK_OK;
    roaring_uint32_iterator_t *it = roaring_create_iterator(candidates);
    for (; it->has_value && !status; roaring_advance_uint32_iterator(it)) {
        bool holds = false;
        status = prove(j, it->current_value, &holds);
        j->proof.candidates++;
        if (!holds) continue;
        j->proof.proven++;
        roaring_bitmap_add(found, it->current_value);
    }
    roaring_free_uint32_iterator(it);
    return status;
}

/* --- the answer --- */

/* What accepting words hold in full, as often as it counts; NULL where they are the answer. */
static const jbk_query *accepted_string(const job *j) {
    return j->q->kind == JBK_Q_STRING || j->q->kind == JBK_Q_WORD ? j->q : NULL;
}

/* Documents that an accepting word proves. */
static jbk_status find_accepted(job *j, roaring_bitmap_t **out) {
    jbk_status status = jbk_holders_find(j->x, &j->cover.words, &j->cover.accept, j->q->where,
                                         accepted_string(j), j->weights, out, j->err);
    if (!status) roaring_bitmap_and_inplace(*out, j->among);
    return status;
}

/* The pair that the string is, where pairs can tell in which documents it stands across words: they
 * do not know the line. */
static uint32_t pair_of(const job *j) {
    const jbk_query *q = j->q;
    if (q->kind != JBK_Q_STRING || q->where != (JBK_IN_TITLE | JBK_IN_TEXT) || !q->len)
        return JBK_NO_PAIR;
    size_t i = 0;
    uint32_t left = jbk_utf8_next(q->s, q->len, &i);
    if (i == q->len) return JBK_NO_PAIR;
    uint32_t right = jbk_utf8_next(q->s, q->len, &i);
    return i == q->len ? jbk_pair_of(left, right) : JBK_NO_PAIR;
}

/* Of a segment, after those of the ones before. */
static jbk_status add_pair(job *j, size_t segment, jbk_weight **weights) {
    const jbk_segment_info *seg = &j->x->segments[segment];
    jbk_located *s = &j->x->located;
    jbk_pair_list l;
    jbk_status status = jbk_volume_pair(seg->volume, j->pair, &l, j->err);
    if (status) return status;
    if (!j->weights && jbk_pair_is_bits(seg->volume, &l)) {
        uint32_t words = (seg->docs + 63) / 64;
        s->found.n = 0;
        jbk_vec_reserve(&s->found, words);
        if (!jbk_pair_bits(seg->volume, &l, s->found.at))
            return jbk_places_damaged(j->x, segment, j->err);
        jbk_marks_add_bits(&j->x->marks, seg->base, s->found.at, words);
        return JBK_OK;
    }
    s->read.n = 0;
    jbk_vec_reserve(&s->read, l.n);
    uint32_t *docs = s->read.at;
    if (j->weights) *weights = jbk_realloc(*weights, l.n * sizeof **weights);
    if (!jbk_pair_documents(seg->volume, &l, docs, *weights))
        return jbk_places_damaged(j->x, segment, j->err);
    for (uint32_t i = 0; i < l.n && j->weights; i++)
        jbk_weight_add(j->weights, seg->base + docs[i], (*weights)[i]);
    jbk_marks_add(&j->x->marks, seg->base, docs, l.n);
    return JBK_OK;
}

/* All documents: inside words or across two. */
static jbk_status find_pair(job *j, roaring_bitmap_t **out) {
    jbk_index *x = j->x;
    const jbk_word_list *accept = &j->cover.accept;
    jbk_weight *weights = NULL;
    jbk_marks_begin(&x->marks, x->docs);
    jbk_status status =
        jbk_holders_mark(x, &j->cover.words, accept, j->q->where, j->q, j->weights, j->err);
    for (size_t i = 0; i < x->nsegments && !status; i++) status = add_pair(j, i, &weights);
    free(weights);
    *out = jbk_marks_take(&x->marks);
    roaring_bitmap_and_inplace(*out, j->among);
    return status;
}

/* Of documents that a word accepts, the text need not be read, unless it weighs. */
static jbk_status locate(job *j, const roaring_bitmap_t *accepted, jbk_texts_read *texts,
                         roaring_bitmap_t **proven) {
    roaring_bitmap_t *rest = NULL;
    if (!j->weights && !roaring_bitmap_is_empty(accepted))
        rest = roaring_bitmap_andnot(j->among, accepted);
    jbk_status status = jbk_locate(j->x, j->q, &j->cover, rest ? rest : j->among, j->weights, texts,
                                   proven, j->err);
    roaring_bitmap_and_inplace(*proven, j->among);
    if (rest) roaring_bitmap_free(rest);
    return status;
}

/* How the documents of `proven` that no word accepts came to be. */
static void count_located(job *j, const roaring_bitmap_t *accepted, const roaring_bitmap_t *proven,
                          jbk_texts_read *texts) {
    j->proof.candidates = roaring_bitmap_andnot_cardinality(texts->read, accepted);
    j->proof.proven = roaring_bitmap_andnot_cardinality(texts->showed, accepted);
    j->proof.located = roaring_bitmap_andnot_cardinality(proven, accepted) - j->proof.proven;
}

/* Documents that hold the string across words join `accepted`; *candidates, which may stay NULL,
 * have to be read. */
static jbk_status find_across(job *j, roaring_bitmap_t *accepted, roaring_bitmap_t **candidates) {
    bool string = j->q->kind == JBK_Q_STRING;
    if (!string || j->cover.scan || j->cover.cut) {
        jbk_status status = string ? jbk_cover_ends(j->x, j->q, &j->cover, j->err) : JBK_OK;
        /* Ranked, a document where a word holds the string is read as well: it may hold more. */
        bool all = string && j->weights;
        return status ? status : find_candidates(j, all ? NULL : accepted, candidates);
    }
    jbk_texts_read texts = {0};
    if (j->counts) texts = (jbk_texts_read){roaring_bitmap_create(), roaring_bitmap_create()};
    roaring_bitmap_t *proven;
    jbk_status status = locate(j, accepted, j->counts ? &texts : NULL, &proven);
    if (j->counts) {
        count_located(j, accepted, proven, &texts);
        roaring_bitmap_free(texts.read);
        roaring_bitmap_free(texts.showed);
    }
    roaring_bitmap_or_inplace(accepted, proven);
    roaring_bitmap_free(proven);
    return status;
}

/* A string that pairs can tell of. */
static jbk_status find_two(job *j, roaring_bitmap_t **out) {
    jbk_status status = find_pair(j, out);
    if (status || !j->counts) return status;
    job words = *j;
    roaring_bitmap_t *accepted;
    words.weights = NULL;
    status = find_accepted(&words, &accepted);
    if (status) return status;
    j->proof.accepted = roaring_bitmap_get_cardinality(accepted);
    j->proof.located = roaring_bitmap_get_cardinality(*out) - j->proof.accepted;
    roaring_bitmap_free(accepted);
    return JBK_OK;
}

/* Of a string the words that cover but one end are found where they are needed. */
static jbk_status cover(job *j) {
    enum { MIDDLE = 3 };
    jbk_cover *c = &j->cover;
    if (j->q->kind != JBK_Q_STRING) return jbk_cover_find(j->x, j->q, c, j->err);
    jbk_status status = jbk_cover_inner(j->x, j->q, c, j->err);
    return status || c->points.n >= MIDDLE ? status : jbk_cover_ends(j->x, j->q, c, j->err);
}

static jbk_status find_any(job *j, roaring_bitmap_t **out) {
    roaring_bitmap_t *candidates = NULL;
    jbk_status status = cover(j);
    if (!status) status = find_accepted(j, out);
    if (!status) {
        j->proof.accepted = roaring_bitmap_get_cardinality(*out);
        status = find_across(j, *out, &candidates);
    }
    if (!status && candidates) status = prove_all(j, candidates, *out);
    if (candidates) roaring_bitmap_free(candidates);
    return status;
}

jbk_status jbk_string_find(jbk_index *x, const jbk_query *q, const roaring_bitmap_t *among,
                           jbk_weight *weights, jbk_proof *proof, roaring_bitmap_t **out,
                           jbk_err *err) {
    if (q->kind == JBK_Q_NAMES) return jbk_named_find(x, q, among, weights, proof, out, err);
    job j = {
        .x = x, .q = q, .among = among, .weights = weights, .counts = proof != NULL, .err = err};
    jbk_status status = JBK_OK;
    *out = NULL;
    j.pair = pair_of(&j);
    if (j.pair != JBK_NO_PAIR) status = jbk_cover_accepting(x, q, &j.cover, err);
    /* What a piece of a word that was cut holds, its text must prove. */
    bool two = !status && j.pair != JBK_NO_PAIR && !j.cover.cut;
    if (!status && !two) jbk_cover_free(&j.cover);
    if (!status) status = two ? find_two(&j, out) : find_any(&j, out);
    if (status && *out) {
        roaring_bitmap_free(*out);
        *out = NULL;
    }
    if (proof) *proof = j.proof;
    jbk_cover_free(&j.cover);
    return status;
}
