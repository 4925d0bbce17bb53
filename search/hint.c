/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hint.h"

#include "base/safe.h"
#include "base/utf8.h"
#include "filter.h"
#include "proof.h"
#include "suggest.h"
#include "text/segment.h"

#include <stdio.h>
#include <stdlib.h>

/* Bytes of a string that are shown, and words of one that are looked for separately. */
enum { SHOWN_MAX = 200, WORDS_MAX = 100 };

/* "no document holds "…"", and where it was looked for. */
static void put_nobody(jbk_buf *b, const jbk_query *q) {
    jbk_buf_str(b, "no document holds \"");
    size_t shown = q->len > SHOWN_MAX ? jbk_utf8_cut(q->s, q->len, SHOWN_MAX) : q->len;
    jbk_buf_add(b, q->s, shown);
    jbk_buf_str(b, shown < q->len ? "…\"" : "\"");
    if (q->where == JBK_IN_TITLE || q->where == JBK_IN_TEXT)
        jbk_buf_printf(b, " in its %s", jbk_where_name(q->where));
}

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
    if (words.n > WORDS_MAX) words.n = 0;
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
        put_nobody(b, q);
        jbk_buf_printf(b, "; %llu hold its words separately:",
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

/* A word that nobody wrote, though words like it were written. */
static void hint_spelling(jbk_index *x, const jbk_query *q, jbk_buf *b) {
    jbk_suggestion like[JBK_SUGGESTIONS];
    size_t n;
    if (jbk_suggest(x, q->s, q->len, q->where, like, &n, NULL)) return;
    put_nobody(b, q);
    for (size_t i = 0; i < n; i++) {
        jbk_buf_str(b, i ? ", " : "; did you mean ");
        jbk_buf_add(b, like[i].word.s, like[i].word.len);
        jbk_buf_printf(b, " (%llu document%s)", (unsigned long long)like[i].documents,
                       like[i].documents == 1 ? "" : "s");
    }
    if (n) jbk_buf_byte(b, '?');
    say(b);
}

/* Small letters make a word of what may have been meant as an operator. */
static bool hint_operator(const jbk_query *q, jbk_buf *b) {
    static const char *const NAMES[][2] = {
        {"or", "OR"}, {"and", "AND"}, {"not", "NOT"}, {"near", "NEAR"}, {"adj", "ADJ"}};
    for (size_t i = 0; i < sizeof NAMES / sizeof *NAMES; i++) {
        size_t n = strlen(NAMES[i][0]);
        bool number = q->kind == JBK_Q_STRING && q->len > n && q->s[n] == '/' && i >= 3;
        if (strncmp(q->s, NAMES[i][0], n) || (q->s[n] && !number)) continue;
        jbk_buf_printf(b, "\"%s\" was searched for as a word; the operator is %s%s", q->s,
                       NAMES[i][1], q->s + n);
        say(b);
        return true;
    }
    return false;
}

static void hint_string(jbk_index *x, const jbk_query *q, jbk_buf *b) {
    roaring_bitmap_t *found = NULL;
    if (hint_operator(q, b) || jbk_string_find(x, q, x->living, NULL, NULL, &found, NULL)) return;
    bool nothing = roaring_bitmap_is_empty(found);
    roaring_bitmap_free(found);
    if (!nothing) return;
    if (q->kind == JBK_Q_WORD)
        hint_spelling(x, q, b);
    else
        hint_words(x, q, b);
}

/* Words that stand together in documents, though not so near. */
static void hint_near(jbk_index *x, const jbk_query *q, jbk_buf *b) {
    jbk_answers none = {0};
    jbk_match_set together, near;
    jbk_query both = *q;
    both.kind = JBK_Q_AND;
    if (jbk_eval(x, q, &none, &near, NULL)) return;
    bool nothing = roaring_bitmap_is_empty(near.sure);
    jbk_match_set_free(&near);
    if (!nothing || jbk_eval(x, &both, &none, &together, NULL)) return;
    uint64_t n = roaring_bitmap_get_cardinality(together.sure);
    jbk_match_set_free(&together);
    if (!n) return;
    jbk_buf_printf(b, "no document has them so near; %llu hold%s them all", (unsigned long long)n,
                   n == 1 ? "s" : "");
    say(b);
}

static void hint(jbk_index *x, const jbk_query *q, jbk_buf *b) {
    if (q->kind == JBK_Q_NOT) return;
    if (q->kind == JBK_Q_STRING || q->kind == JBK_Q_WORD) hint_string(x, q, b);
    if (q->kind == JBK_Q_VALUE && q->field >= 0) hint_value(x, q, b);
    if (q->kind == JBK_Q_NEAR) hint_near(x, q, b);
    for (size_t i = 0; i < q->children.n && i < 20; i++) hint(x, q->children.at[i], b);
}

void jbk_hint_nothing(jbk_session *s) {
    jbk_buf b = {0};
    hint(s->index, s->query, &b);
    jbk_buf_free(&b);
}
