/* SPDX-License-Identifier: GPL-3.0-or-later */
/* BM25 (Robertson and Zaragoza, "The Probabilistic Relevance Framework", 2009).  A string of
 * the query is one term: it weighs by its occurrences, those in the title twice, and by the
 * exact number of documents that hold it. */
#include "filter.h"
#include "order.h"

#include <math.h>
#include <stdlib.h>

static const double K1 = 1.2, B = 0.75;

/* Up to so many strings each walks along the set; more find their places in a table. */
enum { WALKS_MAX = 4 };

/* The mean length of the living, in words, of which there are any. */
static jbk_status find_mean(jbk_index *x, jbk_err *err) {
    int64_t *packed = jbk_alloc(JBK_CHUNK * sizeof *packed);
    uint64_t sum = 0, n = 0;
    jbk_status status = JBK_OK;
    for (uint32_t first = 0; first < x->docs && !status; first += JBK_CHUNK) {
        jbk_chunk c;
        status = jbk_index_chunk(x, JBK_F_WORDS, first / JBK_CHUNK, &c, err);
        if (status) break;
        jbk_chunk_decode(&c, packed);
        bool all = roaring_bitmap_range_cardinality(x->living, first, first + c.n) == c.n;
        for (uint32_t i = 0; i < c.n; i++) {
            if (!all && !roaring_bitmap_contains(x->living, first + i)) continue;
            uint64_t words = packed[i] == JBK_ABSENT ? 0 : (uint64_t)packed[i] >> 1;
            sum += words;
            n += words > 0;
        }
    }
    free(packed);
    x->mean_words = n ? (double)sum / (double)n : 1;
    return status;
}

/* Lengths in words of the documents of `set`, in its order, and the mean of the living. */
static jbk_status lengths(jbk_index *x, const roaring_bitmap_t *set, double *out, double *mean,
                          jbk_err *err) {
    jbk_status status = x->mean_words > 0 ? JBK_OK : find_mean(x, err);
    jbk_chunk_walk *w = jbk_chunk_walk_new(set);
    int64_t *packed = jbk_alloc(w->room * sizeof *packed);
    while (!status && jbk_chunk_walk_next(w)) {
        status = jbk_chunk_walk_values(x, w, JBK_F_WORDS, packed, err);
        for (uint32_t i = 0; i < w->n && !status; i++)
            *out++ = packed[i] == JBK_ABSENT ? 0 : (double)(packed[i] >> 1);
    }
    jbk_chunk_walk_free(w);
    free(packed);
    *mean = x->mean_words;
    return status;
}

typedef struct {
    double all, mean; /* living documents, and their mean length */
    const roaring_bitmap_t *set;
    const double *lens;
    const uint32_t *places; /* by document: its place in the set, from 1; 0: it is not in it */
    double *scores;
} ranking;

static double score_of(double idf, double tf, double words, double mean) {
    double norm = K1 * (1 - B + B * words / mean);
    return idf * tf * (K1 + 1) / (tf + norm);
}

static double idf_of(double all, const jbk_answer_kept *a) {
    double df = (double)roaring_bitmap_get_cardinality(a->holders);
    return log(1 + (all - df + 0.5) / (df + 0.5));
}

static void add_score(const ranking *r, uint32_t place, double idf, double tf) {
    r->scores[place] += score_of(idf, tf, r->lens[place], r->mean);
}

/* What one string adds to the scores. */
static void add_scores(const ranking *r, const jbk_answer_kept *a) {
    double idf = idf_of(r->all, a);
    const jbk_weight *weight = a->weights;
    roaring_uint32_iterator_t *it = roaring_create_iterator(a->holders);
    roaring_uint32_iterator_t *in = r->places ? NULL : roaring_create_iterator(r->set);
    for (uint32_t place = 0; it->has_value; roaring_advance_uint32_iterator(it), weight++) {
        if (r->places) {
            place = r->places[it->current_value];
            if (place) add_score(r, place - 1, idf, *weight);
            continue;
        }
        for (; in->has_value && in->current_value < it->current_value; place++)
            roaring_advance_uint32_iterator(in);
        if (!in->has_value) break;
        if (in->current_value == it->current_value) add_score(r, place, idf, *weight);
    }
    roaring_free_uint32_iterator(it);
    if (in) roaring_free_uint32_iterator(in);
}

static uint32_t *places_in(const jbk_index *x, const roaring_bitmap_t *set) {
    uint32_t *places = jbk_calloc(x->docs, sizeof *places), place = 0;
    roaring_uint32_iterator_t *it = roaring_create_iterator(set);
    for (; it->has_value; roaring_advance_uint32_iterator(it)) places[it->current_value] = ++place;
    roaring_free_uint32_iterator(it);
    return places;
}

jbk_status jbk_rank(jbk_index *x, const jbk_query *q, const jbk_answers *kept,
                    const roaring_bitmap_t *set, double *scores, jbk_err *err) {
    size_t n = (size_t)roaring_bitmap_get_cardinality(set);
    jbk_query_list strings = {0};
    jbk_query_strings(q, &strings);
    if (!n) strings.n = 0;
    double *lens = jbk_calloc(n, sizeof *lens);
    uint32_t *places = strings.n > WALKS_MAX ? places_in(x, set) : NULL;
    ranking r = {.all = (double)roaring_bitmap_get_cardinality(x->living),
                 .set = set,
                 .lens = lens,
                 .places = places,
                 .scores = scores};
    jbk_status status = strings.n ? lengths(x, set, lens, &r.mean, err) : JBK_OK;
    for (size_t i = 0; i < strings.n && !status; i++) {
        const jbk_answer_kept *known = jbk_answers_get(kept, strings.at[i]);
        jbk_answer_kept found = {0};
        if (!known) status = jbk_answer_find(x, strings.at[i], &found, err);
        if (!status) add_scores(&r, known ? known : &found);
        jbk_answer_free(&found);
    }
    jbk_vec_free(&strings);
    free(places);
    free(lens);
    return status;
}

jbk_status jbk_rank_alone(jbk_index *x, const jbk_answer_kept *a, jbk_score *out, jbk_err *err) {
    jbk_status status = x->mean_words > 0 ? JBK_OK : find_mean(x, err);
    out->idf = idf_of((double)roaring_bitmap_get_cardinality(x->living), a);
    out->mean = x->mean_words;
    return status;
}

void jbk_scores_of(const jbk_score *s, const jbk_weight *weights, const int64_t *words, size_t n,
                   double *out) {
    for (size_t i = 0; i < n; i++) {
        double len = words[i] == JBK_ABSENT ? 0 : (double)(words[i] >> 1);
        out[i] = score_of(s->idf, weights[i], len, s->mean);
    }
}
