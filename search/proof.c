/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "proof.h"

#include "cover.h"
#include "expand.h"
#include "locate.h"
#include "match.h"
#include "named.h"
#include "sound.h"
#include "text/segment.h"

#include <stdlib.h>

typedef struct {
    jbk_index *x;
    const jbk_query *q;
    const roaring_bitmap_t *among;
    jbk_weight *weights;
    jbk_cover cover;
    jbk_buf term; /* scratch for title terms */
    jbk_proof proof;
    jbk_err *err;
} job;

static void add_weight(job *j, uint32_t doc, uint64_t weight) {
    if (j->weights) jbk_weight_add(j->weights, doc, weight);
}

/* --- postings of the cover's words --- */

static jbk_interned term_of(job *j, uint32_t word, bool title) {
    jbk_interned t = j->cover.words.keys.at[word];
    if (!title) return t;
    j->term.len = 0;
    jbk_buf_byte(&j->term, JBK_TITLE_PREFIX);
    jbk_buf_add(&j->term, t.s, t.len);
    return (jbk_interned){j->term.data, (uint32_t)j->term.len, 0};
}

enum { FETCH = 4096 };

/* Add a term's documents to `to`; `weigh`: add what each occurrence counts. */
static jbk_status add_postings(job *j, jbk_interned t, roaring_bitmap_t *to, unsigned weigh) {
    uint32_t docs[FETCH], counts[FETCH];
    for (size_t i = 0; i < j->x->nsegments; i++) {
        jbk_postings *p;
        jbk_status status = jbk_index_postings(j->x, i, &p, j->err);
        if (!status) status = jbk_postings_start(p, t.s, t.len, j->err);
        for (size_t n = 1; !status && n;) {
            status =
                jbk_postings_fetch(p, docs, weigh && j->weights ? counts : NULL, FETCH, &n, j->err);
            for (size_t k = 0; k < n; k++) docs[k] += j->x->segments[i].base;
            if (n && to) roaring_bitmap_add_many(to, n, docs);
            for (size_t k = 0; k < n && weigh && j->weights; k++)
                add_weight(j, docs[k], (uint64_t)counts[k] * weigh);
        }
        if (status) return status;
    }
    return JBK_OK;
}

static jbk_status list_postings(job *j, const jbk_word_list *l, bool title, unsigned weigh,
                                roaring_bitmap_t *to) {
    jbk_status status = JBK_OK;
    for (size_t i = 0; i < l->n && !status; i++)
        status = add_postings(j, term_of(j, l->at[i], title), to, weigh);
    return status;
}

static jbk_status frequency(job *j, uint32_t word, bool title, uint64_t *sum) {
    jbk_interned t = term_of(j, word, title);
    for (size_t i = 0; i < j->x->nsegments; i++) {
        jbk_postings *p;
        uint32_t docs = 0;
        jbk_status status = jbk_index_postings(j->x, i, &p, j->err);
        if (!status) status = jbk_postings_frequency(p, t.s, t.len, &docs, j->err);
        if (status) return status;
        *sum += docs;
    }
    return JBK_OK;
}

/* --- candidates --- */

typedef struct {
    uint64_t cost; /* postings to walk */
    size_t position;
} priced;

static int by_cost(const void *x, const void *y) {
    const priced *a = x, *b = y;
    if (a->cost != b->cost) return a->cost < b->cost ? -1 : 1;
    return a->position < b->position ? -1 : a->position > b->position;
}

/* Opening a term costs as much as walking some hundred postings. */
enum { OPENING = 200, TITLE_WEIGHT = 1, ENOUGH = 24 };

static jbk_status price(job *j, bool title, priced *out) {
    jbk_status status = JBK_OK;
    uint64_t *df = jbk_alloc(j->cover.words.keys.n * sizeof *df);
    for (size_t w = 0; w < j->cover.words.keys.n; w++) df[w] = UINT64_MAX;
    for (size_t i = 0; i < j->cover.positions.n && !status; i++) {
        const jbk_word_list *l = &j->cover.positions.at[i];
        out[i] = (priced){l->n * OPENING, i};
        for (size_t k = 0; k < l->n && !status; k++) {
            uint64_t *known = &df[l->at[k]];
            if (*known == UINT64_MAX) {
                *known = 0;
                status = frequency(j, l->at[k], title, known);
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

/* Is walking `cost` more postings cheaper than proving the candidates it may save?  A proof
 * costs about as much as 300 postings. */
static bool worth_it(uint64_t candidates, uint64_t cost) {
    return candidates > ENOUGH && cost < candidates * 300;
}

/* Documents that may hold the string across words, without those in `accepted`. */
static jbk_status find_candidates(job *j, bool title, const roaring_bitmap_t *accepted,
                                  roaring_bitmap_t **out) {
    size_t n = j->cover.positions.n;
    *out = NULL;
    if (j->cover.scan) {
        *out = roaring_bitmap_copy(j->among);
        if (accepted) roaring_bitmap_andnot_inplace(*out, accepted);
        return JBK_OK;
    }
    priced *order = jbk_alloc(n * sizeof *order);
    jbk_status status = price(j, title, order);
    const jbk_word_list *before = NULL;
    for (size_t i = 0, used = 0; i < n && used < 4 && !status; i++) {
        const jbk_word_list *l = &j->cover.positions.at[order[i].position];
        if (before && same_list(before, l)) continue;
        if (*out && !worth_it(roaring_bitmap_get_cardinality(*out), order[i].cost)) break;
        roaring_bitmap_t *here = roaring_bitmap_create();
        status = list_postings(j, l, title, 0, here);
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
    if (*holds) add_weight(j, doc, in_text + in_title * (1 + TITLE_WEIGHT));
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

/* Documents with a term in one segment, and how often. */
typedef struct {
    JBK_VEC(uint32_t) docs; /* numbers of the index, ascending */
    JBK_VEC(uint32_t) counts;
} posting_list;

static jbk_status read_postings(job *j, size_t segment, jbk_interned t, posting_list *out) {
    jbk_postings *p;
    jbk_status status = jbk_index_postings(j->x, segment, &p, j->err);
    if (!status) status = jbk_postings_start(p, t.s, t.len, j->err);
    out->docs.n = out->counts.n = 0;
    for (size_t n = 1; !status && n;) {
        jbk_vec_reserve(&out->docs, FETCH);
        jbk_vec_reserve(&out->counts, FETCH);
        uint32_t *docs = out->docs.at + out->docs.n;
        status = jbk_postings_fetch(p, docs, out->counts.at + out->counts.n, FETCH, &n, j->err);
        for (size_t k = 0; k < n; k++) docs[k] += j->x->segments[segment].base;
        out->docs.n += n;
        out->counts.n += n;
    }
    return status;
}

/* A word's posting counts title and text together: where it counts more than in the title, the
 * word is in the text. */
static jbk_status add_text_postings(job *j, uint32_t word, roaring_bitmap_t *to) {
    posting_list all = {0}, title = {0};
    jbk_status status = JBK_OK;
    for (size_t i = 0; i < j->x->nsegments && !status; i++) {
        status = read_postings(j, i, term_of(j, word, false), &all);
        if (!status) status = read_postings(j, i, term_of(j, word, true), &title);
        for (size_t k = 0, t = 0; k < all.docs.n && !status; k++) {
            while (t < title.docs.n && title.docs.at[t] < all.docs.at[k]) t++;
            bool titled = t < title.docs.n && title.docs.at[t] == all.docs.at[k];
            uint32_t count = all.counts.at[k] - (titled ? title.counts.at[t] : 0);
            if (!count) continue;
            roaring_bitmap_add(to, all.docs.at[k]);
            add_weight(j, all.docs.at[k], count);
        }
    }
    jbk_vec_free(&all.docs);
    jbk_vec_free(&all.counts);
    jbk_vec_free(&title.docs);
    jbk_vec_free(&title.counts);
    return status;
}

/* Documents that an accepting word proves. */
static jbk_status find_accepted(job *j, roaring_bitmap_t **out) {
    const jbk_word_list *l = &j->cover.accept;
    bool title_only = j->q->where == JBK_IN_TITLE, text_only = j->q->where == JBK_IN_TEXT;
    *out = roaring_bitmap_create();
    jbk_status status = JBK_OK;
    for (size_t i = 0; i < l->n && text_only && !status; i++)
        status = add_text_postings(j, l->at[i], *out);
    if (text_only) {
        roaring_bitmap_and_inplace(*out, j->among);
        return status;
    }
    status = list_postings(j, l, title_only, title_only ? 1 + TITLE_WEIGHT : 1, *out);
    if (!status && !title_only && j->weights)
        status = list_postings(j, l, true, TITLE_WEIGHT, NULL);
    roaring_bitmap_and_inplace(*out, j->among);
    return status;
}

/* Documents that hold the string across words: those that are proven already join `accepted`, the
 * others have to be read. */
static jbk_status find_across(job *j, roaring_bitmap_t *accepted, roaring_bitmap_t **candidates) {
    if (j->q->kind != JBK_Q_STRING || j->cover.scan || j->cover.cut)
        return find_candidates(j, j->q->where == JBK_IN_TITLE, accepted, candidates);
    roaring_bitmap_t *proven = roaring_bitmap_create();
    *candidates = roaring_bitmap_create();
    jbk_status status = jbk_locate(j->x, j->q, &j->cover, j->weights, proven, *candidates, j->err);
    roaring_bitmap_and_inplace(proven, j->among);
    j->proof.located = roaring_bitmap_andnot_cardinality(proven, accepted);
    roaring_bitmap_or_inplace(accepted, proven);
    roaring_bitmap_and_inplace(*candidates, j->among);
    roaring_bitmap_andnot_inplace(*candidates, accepted);
    roaring_bitmap_free(proven);
    return status;
}

jbk_status jbk_string_find(jbk_index *x, const jbk_query *q, const roaring_bitmap_t *among,
                           jbk_weight *weights, jbk_proof *proof, roaring_bitmap_t **out,
                           jbk_err *err) {
    if (q->kind == JBK_Q_NAMES) return jbk_named_find(x, q, among, weights, proof, out, err);
    job j = {.x = x, .q = q, .among = among, .weights = weights, .err = err};
    roaring_bitmap_t *accepted = NULL, *candidates = NULL;
    jbk_status status = jbk_cover_find(x, q, &j.cover, err);
    if (!status) status = find_accepted(&j, &accepted);
    if (!status) {
        j.proof.accepted = roaring_bitmap_get_cardinality(accepted);
        status = find_across(&j, accepted, &candidates);
    }
    if (!status) status = prove_all(&j, candidates, accepted);
    if (candidates) roaring_bitmap_free(candidates);
    if (status && accepted) {
        roaring_bitmap_free(accepted);
        accepted = NULL;
    }
    if (proof) *proof = j.proof;
    jbk_cover_free(&j.cover);
    jbk_buf_free(&j.term);
    *out = accepted;
    return status;
}
