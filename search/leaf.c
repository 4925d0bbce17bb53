/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "leaf.h"

#include "base/utf8.h"
#include "expand.h"
#include "match.h"
#include "sound.h"

#include <stdlib.h>

bool jbk_leaf_needs_terms(const jbk_query *q) {
    return q->kind == JBK_Q_WORD || q->kind == JBK_Q_PATTERN;
}

static int by_start(const void *x, const void *y) {
    const jbk_span *a = x, *b = y;
    if (a->start != b->start) return a->start < b->start ? -1 : 1;
    return a->end > b->end ? -1 : a->end < b->end;
}

static void find_strings(const jbk_query *q, const jbk_buf *text, jbk_spans *out) {
    size_t at = 0;
    while ((at = jbk_match_find(text->data, text->len, at, q->s, q->len)) != SIZE_MAX) {
        jbk_vec_push(out, ((jbk_span){at, at + q->len}));
        at++; /* matches may overlap; inside a character none begins */
    }
}

static void find_sounds(const jbk_query *q, const jbk_buf *text, jbk_spans *out) {
    size_t at = 0, end;
    const jbk_sound_units *u = &q->expansion->units;
    while ((at = jbk_sound_find(u, text->data, text->len, at, &end)) != SIZE_MAX) {
        jbk_vec_push(out, ((jbk_span){at, end}));
        at += jbk_utf8_len((unsigned char)text->data[at]);
    }
}

static void find_terms(const jbk_query *q, const jbk_buf *text, const jbk_slices *terms,
                       jbk_spans *out) {
    uint32_t number;
    for (size_t i = 0; i < terms->n; i++) {
        jbk_slice t = terms->at[i];
        bool itself = t.len == q->len && !memcmp(text->data + t.start, q->s, t.len);
        if (q->kind == JBK_Q_WORD && itself) continue; /* found as a string */
        if (jbk_intern_find(&q->expansion->words, text->data + t.start, t.len, &number))
            jbk_vec_push(out, ((jbk_span){t.start, t.start + t.len}));
    }
}

void jbk_leaf_find(const jbk_query *q, const jbk_buf *text, const jbk_slices *terms,
                   jbk_spans *out) {
    size_t before = out->n;
    if (q->kind == JBK_Q_STRING || q->kind == JBK_Q_WORD) find_strings(q, text, out);
    if (q->kind == JBK_Q_SOUND) find_sounds(q, text, out);
    if (jbk_leaf_needs_terms(q)) find_terms(q, text, terms, out);
    if (out->n > before + 1) qsort(out->at + before, out->n - before, sizeof *out->at, by_start);
}
