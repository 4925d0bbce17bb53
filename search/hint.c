/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hint.h"

#include "base/safe.h"
#include "filter.h"
#include "proof.h"
#include "text/segment.h"

#include <stdio.h>
#include <stdlib.h>

static void say(jbk_buf *b) {
    jbk_buf line = {0};
    jbk_safe_add(&line, b->data, b->len);
    fprintf(stderr, "jibek: %s\n", jbk_buf_cstr(&line));
    jbk_buf_free(&line);
    b->len = 0;
}

/* A string whose words stand in documents, though not together. */
static void hint_words(jbk_index *x, const jbk_query *q, jbk_buf *b) {
    jbk_segmenter *seg = NULL;
    jbk_slices words = {0};
    jbk_folded f = {0};
    jbk_fold(&f, q->s, q->len);
    if (jbk_segmenter_new(&seg, NULL) || jbk_segment(seg, &f, &words, NULL)) words.n = 0;
    roaring_bitmap_t *all = roaring_bitmap_copy(x->living);
    for (size_t i = 0; i < words.n && words.n > 1; i++) {
        jbk_query one = {.kind = JBK_Q_STRING,
                         .s = f.utf8.data + words.at[i].start,
                         .len = words.at[i].len,
                         .where = q->where};
        roaring_bitmap_t *found = NULL;
        if (jbk_string_find(x, &one, all, NULL, NULL, &found, NULL)) break;
        roaring_bitmap_and_inplace(all, found);
        roaring_bitmap_free(found);
    }
    if (words.n > 1) {
        jbk_buf_printf(b, "no document holds \"%s\"; %llu hold its words separately:", q->s,
                       (unsigned long long)roaring_bitmap_get_cardinality(all));
        for (size_t i = 0; i < words.n && i < 20; i++) {
            jbk_buf_byte(b, ' ');
            jbk_buf_add(b, f.utf8.data + words.at[i].start, words.at[i].len);
        }
        say(b);
    }
    roaring_bitmap_free(all);
    jbk_segmenter_free(seg);
    jbk_vec_free(&words);
    jbk_folded_free(&f);
}

static bool folds_alike(const char *a, size_t alen, const jbk_folded *b) {
    jbk_folded f = {0};
    jbk_fold(&f, a, alen);
    bool same = f.utf8.len == b->utf8.len && !memcmp(f.utf8.data, b->utf8.data, f.utf8.len);
    jbk_folded_free(&f);
    return same;
}

static bool has_living(jbk_index *x, jbk_field_id f, jbk_str value) {
    jbk_query q = {
        .kind = JBK_Q_VALUE, .field = (int)f, .s = (char *)(uintptr_t)value.s, .len = value.len};
    roaring_bitmap_t *found = NULL;
    if (jbk_filter_value(x, &q, x->living, &found, NULL)) return false;
    bool any = !roaring_bitmap_is_empty(found);
    roaring_bitmap_free(found);
    return any;
}

/* A value that no document has, though one like it exists. */
static void hint_value(jbk_index *x, const jbk_query *q, jbk_buf *b) {
    uint32_t code, n = 0;
    jbk_field_id f = (jbk_field_id)q->field;
    if (jbk_fields[f].type != JBK_T_KEYWORD || jbk_fields[f].column != JBK_COL_CODES) return;
    if (jbk_view_code(x->view, f, q->s, q->len, &code, NULL) != JBK_NOT_FOUND) return;
    if (jbk_view_values(x->view, f, &n, NULL)) return;
    jbk_folded wanted = {0};
    jbk_fold(&wanted, q->s, q->len);
    jbk_buf_printf(b, "no document has %s \"%s\"", jbk_fields[f].name, q->s);
    for (uint32_t i = 0; i < n; i++) {
        jbk_str s;
        if (jbk_index_value(x, f, i, &s, NULL)) break;
        if (!folds_alike(s.s, s.len, &wanted) || !has_living(x, f, s)) continue;
        jbk_buf_str(b, "; there is \"");
        jbk_buf_add(b, s.s, s.len);
        jbk_buf_byte(b, '"');
    }
    say(b);
    jbk_folded_free(&wanted);
}

static void hint(jbk_index *x, const jbk_query *q, jbk_buf *b) {
    if (q->kind == JBK_Q_NOT) return;
    if (q->kind == JBK_Q_STRING || q->kind == JBK_Q_WORD) {
        roaring_bitmap_t *found = NULL;
        if (jbk_string_find(x, q, x->living, NULL, NULL, &found, NULL)) return;
        if (roaring_bitmap_is_empty(found)) hint_words(x, q, b);
        roaring_bitmap_free(found);
    }
    if (q->kind == JBK_Q_VALUE && q->field >= 0) hint_value(x, q, b);
    for (size_t i = 0; i < q->children.n && i < 20; i++) hint(x, q->children.at[i], b);
}

void jbk_hint_nothing(jbk_session *s) {
    jbk_buf b = {0};
    hint(s->index, s->query, &b);
    jbk_buf_free(&b);
}
