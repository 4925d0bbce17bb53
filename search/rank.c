/* SPDX-License-Identifier: GPL-3.0-or-later */
/* BM25 (Robertson and Zaragoza, "The Probabilistic Relevance Framework", 2009).  A string of
 * the query is one term: it weighs by its occurrences, those in the title twice, and by the
 * exact number of documents that hold it. */
#include "order.h"

#include <math.h>
#include <stdlib.h>

static const double K1 = 1.2, B = 0.75;

/* Lengths in words of the documents of `set`, in its order, and the mean of the living. */
static jbk_status lengths(jbk_index *x, const roaring_bitmap_t *set, double *out, double *mean,
                          jbk_err *err) {
    int64_t *packed = jbk_alloc(JBK_CHUNK * sizeof *packed);
    uint64_t sum = 0, n = 0;
    jbk_status status = JBK_OK;
    roaring_uint32_iterator_t *it = roaring_create_iterator(set);
    for (uint32_t first = 0; first < x->docs && !status; first += JBK_CHUNK) {
        jbk_chunk c;
        status = jbk_view_chunk(x->view, JBK_F_WORDS, first / JBK_CHUNK, &c, err);
        if (status) break;
        jbk_chunk_decode(&c, packed);
        bool all = roaring_bitmap_range_cardinality(x->living, first, first + c.n) == c.n;
        for (uint32_t i = 0; i < c.n; i++) {
            if (!all && !roaring_bitmap_contains(x->living, first + i)) continue;
            uint64_t words = packed[i] == JBK_ABSENT ? 0 : (uint64_t)packed[i] >> 1;
            sum += words;
            n += words > 0;
        }
        for (; it->has_value && it->current_value - first < c.n;
             roaring_advance_uint32_iterator(it))
            *out++ = (double)(packed[it->current_value - first] >> 1);
    }
    roaring_free_uint32_iterator(it);
    free(packed);
    *mean = n ? (double)sum / (double)n : 1;
    return status;
}

/* What one string adds to the scores. */
static void add_scores(jbk_index *x, const roaring_bitmap_t *holders, const jbk_weight *weights,
                       const roaring_bitmap_t *set, const double *lens, double mean,
                       double *scores) {
    double all = (double)roaring_bitmap_get_cardinality(x->living);
    double df = (double)roaring_bitmap_get_cardinality(holders);
    double idf = log(1 + (all - df + 0.5) / (df + 0.5));
    size_t k = 0;
    roaring_uint32_iterator_t *it = roaring_create_iterator(set);
    for (; it->has_value; roaring_advance_uint32_iterator(it), k++) {
        double tf = weights[it->current_value];
        if (tf > 0) scores[k] += idf * tf * (K1 + 1) / (tf + K1 * (1 - B + B * lens[k] / mean));
    }
    roaring_free_uint32_iterator(it);
}

jbk_status jbk_rank(jbk_index *x, const jbk_query *q, const jbk_answers *kept,
                    const roaring_bitmap_t *set, double *scores, jbk_err *err) {
    size_t n = (size_t)roaring_bitmap_get_cardinality(set);
    double *lens = jbk_calloc(n, sizeof *lens), mean;
    jbk_query_list strings = {0};
    jbk_query_strings(q, &strings);
    jbk_status status = n && strings.n ? lengths(x, set, lens, &mean, err) : JBK_OK;
    for (size_t i = 0; i < strings.n && !status && n; i++) {
        const jbk_answer_kept *known = jbk_answers_get(kept, strings.at[i]);
        if (known) {
            add_scores(x, known->holders, known->weights, set, lens, mean, scores);
            continue;
        }
        jbk_weight *weights = jbk_calloc(x->docs, sizeof *weights);
        roaring_bitmap_t *holders = NULL;
        status = jbk_string_find(x, strings.at[i], x->living, weights, NULL, &holders, err);
        if (!status) {
            add_scores(x, holders, weights, set, lens, mean, scores);
            roaring_bitmap_free(holders);
        }
        free(weights);
    }
    jbk_vec_free(&strings);
    free(lens);
    return status;
}
