/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "named.h"

#include "expand.h"
#include "filter.h"

#include <stdlib.h>

void jbk_named_places(const jbk_query *q, jbk_str src, const jbk_folded *text,
                      const jbk_slices *terms, jbk_spans *out) {
    jbk_names *names = q->expansion->names;
    JBK_VEC(uint32_t) words = {0};
    jbk_name_places found = {0};
    for (size_t i = 0; i < terms->n; i++) {
        jbk_slice t = terms->at[i];
        jbk_vec_push(&words, jbk_names_word(names, text->utf8.data + t.start, t.len));
    }
    jbk_names_find(names, src.s, src.len, text, terms, words.at, &found);
    for (size_t i = 0; i < found.n; i++) {
        jbk_name_place p = found.at[i];
        if (!strcmp(jbk_name_code(p.code), q->s)) jbk_vec_push(out, ((jbk_span){p.start, p.end}));
    }
    jbk_vec_free(&words);
    jbk_vec_free(&found);
}

/* The occurrences in one text. */
static jbk_status count_in(jbk_index *x, const jbk_query *q, jbk_str s, size_t *count,
                           jbk_err *err) {
    jbk_spans places = {0};
    *count = 0;
    if (!s.s) return JBK_OK;
    x->folded.utf8_only = false;
    jbk_fold(&x->folded, s.s, s.len);
    jbk_status status = jbk_index_segment(x, err);
    if (!status) jbk_named_places(q, s, &x->folded, &x->terms, &places);
    *count = places.n;
    jbk_vec_free(&places);
    return status;
}

/* Occurrences where they are asked for; those in the title weigh twice. */
static jbk_status weigh(jbk_index *x, const jbk_query *q, uint32_t doc, size_t *weight,
                        jbk_err *err) {
    jbk_str title, text;
    size_t in_title = 0, in_text = 0;
    jbk_status status = jbk_index_text(x, doc, &title, &text, err);
    if (!status && q->where & JBK_IN_TITLE) status = count_in(x, q, title, &in_title, err);
    if (!status && q->where & JBK_IN_TEXT) status = count_in(x, q, text, &in_text, err);
    *weight = in_title * 2 + in_text;
    return status;
}

jbk_status jbk_named_find(jbk_index *x, const jbk_query *q, const roaring_bitmap_t *among,
                          jbk_weight *weights, jbk_proof *proof, roaring_bitmap_t **out,
                          jbk_err *err) {
    jbk_query mentions = {.kind = JBK_Q_VALUE, .s = q->s, .len = q->len, .field = JBK_F_MENTIONS};
    jbk_proof how = {0};
    bool both = q->where == (JBK_IN_TITLE | JBK_IN_TEXT);
    roaring_bitmap_t *named = NULL;
    jbk_status status = jbk_filter_value(x, &mentions, among, &named, err);
    *out = NULL;
    if (!status && both) {
        how.accepted = roaring_bitmap_get_cardinality(named);
        *out = roaring_bitmap_copy(named);
    } else if (!status) {
        *out = roaring_bitmap_create();
    }
    roaring_uint32_iterator_t *it =
        !status && (!both || weights) ? roaring_create_iterator(named) : NULL;
    for (; it && it->has_value && !status; roaring_advance_uint32_iterator(it)) {
        size_t weight;
        status = weigh(x, q, it->current_value, &weight, err);
        if (status || !weight) continue;
        if (weights)
            weights[it->current_value] = weight > UINT16_MAX ? UINT16_MAX : (jbk_weight)weight;
        if (!both) roaring_bitmap_add(*out, it->current_value);
    }
    if (it) roaring_free_uint32_iterator(it);
    if (!status && !both) {
        how.candidates = roaring_bitmap_get_cardinality(named);
        how.proven = roaring_bitmap_get_cardinality(*out);
    }
    if (named) roaring_bitmap_free(named);
    if (status && *out) {
        roaring_bitmap_free(*out);
        *out = NULL;
    }
    if (proof) *proof = how;
    return status;
}
