/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "holders.h"

#include "lines.h"
#include "match.h"

#include <stdlib.h>

typedef struct {
    jbk_index *x;
    const jbk_query *string;
    jbk_weight *weights;
    const jbk_segment_info *segment;
    jbk_line line;
    jbk_line_map *map;
    jbk_docs *read; /* scratch */
    jbk_err *err;
} holders_job;

jbk_status jbk_places_damaged(const jbk_index *x, size_t segment, jbk_err *err) {
    return jbk_fail(err, JBK_DAMAGED, "places",
                    "the places of words in segment %u are damaged; " JBK_REMEDY,
                    x->segments[segment].number);
}

/* How often the string stands in the word; one of its stem that does not hold it counts once. */
static uint32_t times(const holders_job *j, const jbk_interned *word) {
    const jbk_query *q = j->string;
    size_t n = q && j->weights ? jbk_match_count(word->s, word->len, q->s, q->len) : 1;
    return n ? (uint32_t)n : 1;
}

static bool add_list(holders_job *j, const jbk_places *list, uint32_t weight) {
    j->read->n = 0;
    jbk_vec_reserve(j->read, list->n < JBK_PLACES_PIECE ? list->n : JBK_PLACES_PIECE);
    uint32_t *docs = j->read->at, base = j->segment->base;
    for (uint32_t from = 0, n; from < list->n; from += n) {
        if (!jbk_places_read_piece(list, from, docs, &n) || !jbk_line_documents(j->map, docs, n))
            return false;
        jbk_marks_add(&j->x->marks, base, docs, n);
        for (uint32_t i = 0; i < n && j->weights; i++)
            jbk_weight_add(j->weights, base + docs[i], weight);
    }
    return true;
}

static jbk_status add_line(holders_job *j, const jbk_intern *words, const jbk_word_list *which,
                           jbk_places (*places)[JBK_LINES]) {
    size_t segment = (size_t)(j->segment - j->x->segments);
    jbk_status status = jbk_index_line(j->x, segment, j->line, &j->map, j->err);
    for (size_t i = 0; i < which->n && !status && j->map->starts; i++) {
        const jbk_places *list = &places[which->at[i]][j->line];
        uint32_t weight = j->line == JBK_LINE_TITLE ? 2 : 1;
        if (list->n && !add_list(j, list, weight * times(j, &words->keys.at[which->at[i]])))
            status = jbk_places_damaged(j->x, segment, j->err);
    }
    return status;
}

jbk_status jbk_holders_mark(jbk_index *x, const jbk_intern *words, const jbk_word_list *which,
                            unsigned where, const jbk_query *string, jbk_weight *weights,
                            jbk_err *err) {
    holders_job j = {
        .x = x, .string = string, .weights = weights, .read = &x->located.read, .err = err};
    jbk_places(*places)[JBK_LINES] = jbk_alloc(words->keys.n * sizeof *places);
    jbk_status status = JBK_OK;
    for (size_t s = 0; s < x->nsegments && !status; s++) {
        j.segment = &x->segments[s];
        status = jbk_volume_places_of(j.segment->volume, words, which->at, which->n, places, err);
        for (j.line = JBK_LINE_TITLE; j.line < JBK_LINES && !status; j.line++)
            if (where & (j.line == JBK_LINE_TITLE ? JBK_IN_TITLE : JBK_IN_TEXT))
                status = add_line(&j, words, which, places);
    }
    free(places);
    return status;
}

jbk_status jbk_holders_find(jbk_index *x, const jbk_intern *words, const jbk_word_list *which,
                            unsigned where, const jbk_query *string, jbk_weight *weights,
                            roaring_bitmap_t **out, jbk_err *err) {
    jbk_marks_begin(&x->marks, x->docs);
    jbk_status status = jbk_holders_mark(x, words, which, where, string, weights, err);
    *out = jbk_marks_take(&x->marks);
    if (!status) return JBK_OK;
    roaring_bitmap_free(*out);
    *out = NULL;
    return status;
}
