/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hint.h"

#include "base/safe.h"
#include "base/utf8.h"
#include "filter.h"
#include "proof.h"
#include "suggest.h"
#include "text/chars.h"
#include "text/segment.h"

#include <stdio.h>
#include <stdlib.h>

/* Bytes of a string that are shown, and words of one that are looked for separately. */
enum { SHOWN_MAX = 200, WORDS_MAX = 100 };
/* Parts of a query that are looked at. */
enum { CHILDREN_MAX = 20 };
/* Values of a field that are told of; where there are more, none. */
enum { VALUES_MAX = 12 };

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

static bool has_living(jbk_index *x, jbk_field_id f, const char *s, size_t len) {
    jbk_query q = {.kind = JBK_Q_VALUE, .field = (int)f, .s = (char *)(uintptr_t)s, .len = len};
    roaring_bitmap_t *found = NULL;
    if (jbk_filter_value(x, &q, x->living, &found, NULL)) return false;
    bool any = !roaring_bitmap_is_empty(found);
    roaring_bitmap_free(found);
    return any;
}

/* How much a value is like the one that was asked for, after the fold. */
typedef enum { UNLIKE, IN_PART, ALIKE } likeness;

static bool holds(const jbk_buf *a, const jbk_buf *b) {
    return b->len && memmem(a->data, a->len, b->data, b->len);
}

static likeness like(const char *s, size_t len, const jbk_buf *wanted) {
    jbk_folded f = {0};
    jbk_fold(&f, s, len);
    bool inside = holds(wanted, &f.utf8), outside = holds(&f.utf8, wanted);
    jbk_folded_free(&f);
    return inside && outside ? ALIKE : inside || outside ? IN_PART : UNLIKE;
}

/* Values of the field that documents have, at most `max` and one more. */
static size_t put_values(jbk_index *x, jbk_field_id f, likeness least, const jbk_buf *wanted,
                         size_t max, jbk_buf *out) {
    uint32_t n = 0;
    size_t put = 0;
    if (jbk_view_values(x->view, f, &n, NULL)) return 0;
    for (uint32_t i = 0; i < n && put <= max; i++) {
        jbk_str s;
        if (jbk_index_value(x, f, i, &s, NULL)) break;
        if (least > UNLIKE && like(s.s, s.len, wanted) < least) continue;
        if (!has_living(x, f, s.s, s.len)) continue;
        jbk_buf_str(out, put++ ? ", \"" : "; there is \"");
        jbk_buf_add(out, s.s, s.len);
        jbk_buf_byte(out, '"');
    }
    return put;
}

/* A value that no document has: those like it, or all of them if they are few. */
static void hint_value(jbk_index *x, const jbk_query *q, bool alone, jbk_buf *b) {
    jbk_field_id f = (jbk_field_id)q->field;
    bool slow = jbk_filter_is_slow(q);
    if (slow ? !alone : has_living(x, f, q->s, q->len)) return;
    jbk_buf_printf(b, "no document has %s%s \"", q->extra ? JBK_EXTRA_PREFIX : jbk_fields[f].name,
                   q->extra ? q->extra : "");
    jbk_buf_add(b, q->s, q->len);
    jbk_buf_byte(b, '"');
    if (!slow && jbk_fields[f].type == JBK_T_KEYWORD && jbk_fields[f].column == JBK_COL_CODES) {
        jbk_folded wanted = {0};
        jbk_fold(&wanted, q->s, q->len);
        size_t before = b->len, n = put_values(x, f, ALIKE, &wanted.utf8, VALUES_MAX, b);
        if (!n) n = put_values(x, f, IN_PART, &wanted.utf8, VALUES_MAX, b);
        if (!n) n = put_values(x, f, UNLIKE, &wanted.utf8, VALUES_MAX, b);
        if (n > VALUES_MAX) b->len = before;
        jbk_folded_free(&wanted);
    }
    say(b);
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

/* Words that may have been meant as operators: in small letters, or in another language. */
static const char *const OPERATORS[][2] = {
    {"near", "NEAR"}, {"adj", "ADJ"},   {"or", "OR"},    {"and", "AND"},   {"not", "NOT"},
    {"или", "OR"},    {"и", "AND"},     {"не", "NOT"},   {"немесе", "OR"}, {"және", "AND"},
    {"емес", "NOT"},  {"nemese", "OR"}, {"jáne", "AND"}, {"emes", "NOT"},  {"ياكى", "OR"},
    {"ۋە", "AND"},    {"ئەمەس", "NOT"}, {"或", "OR"},    {"或者", "OR"},   {"和", "AND"},
    {"与", "AND"},    {"且", "AND"},    {"非", "NOT"},   {"不", "NOT"}};
enum { NEARS = 2 };

static bool begins_with_han(const jbk_query *q) {
    size_t i = 0;
    return q->len && jbk_cp_script(jbk_utf8_next(q->s, q->len, &i)) == JBK_SCRIPT_HAN;
}

/* `beside`: it stands beside others, where a string of Han may have been meant, too. */
static bool put_operator(const jbk_query *q, bool beside, jbk_buf *b) {
    for (size_t i = 0; i < sizeof OPERATORS / sizeof *OPERATORS; i++) {
        size_t n = strlen(OPERATORS[i][0]);
        bool number = q->kind == JBK_Q_STRING && q->len > n && q->s[n] == '/' && i < NEARS;
        bool han = beside && q->kind == JBK_Q_STRING && begins_with_han(q);
        bool is_word = q->len == n && (q->kind == JBK_Q_WORD || han);
        if (strncmp(q->s, OPERATORS[i][0], n) != 0 || !(is_word || number)) continue;
        jbk_buf_printf(b, "\"%s\" was searched for as a word; the operator is %s%s", q->s,
                       OPERATORS[i][1], q->s + n);
        return true;
    }
    return false;
}

/* platform:weibo OR zhihu, where zhihu is a platform too. */
static void hint_scope(jbk_index *x, const jbk_query *value, const jbk_query *word, jbk_buf *b) {
    bool bare = word->kind == JBK_Q_WORD || word->kind == JBK_Q_STRING;
    if (value->kind != JBK_Q_VALUE || value->field < 0 || !bare) return;
    jbk_field_id f = (jbk_field_id)value->field;
    if (jbk_fields[f].column != JBK_COL_CODES || !has_living(x, f, word->s, word->len)) return;
    jbk_buf_printf(b, "\"%s\" was searched for in %s; for the %s write %s:(%s OR %s)", word->s,
                   jbk_where_name(word->where), jbk_fields[f].name, jbk_fields[f].name, value->s,
                   word->s);
    say(b);
}

static void hint_meaning(jbk_session *s, const jbk_query *q, bool beside, jbk_buf *b) {
    jbk_index *x = s->index;
    bool leaf = q->kind == JBK_Q_WORD || q->kind == JBK_Q_STRING;
    if (leaf && s->written[q->at] != '"' && put_operator(q, beside, b)) say(b);
    for (size_t i = 0; i < q->children.n && i < CHILDREN_MAX; i++) {
        if (i && q->kind == JBK_Q_OR) hint_scope(x, q->children.at[i - 1], q->children.at[i], b);
        hint_meaning(s, q->children.at[i], q->kind != JBK_Q_NOT, b);
    }
}

static void hint_string(jbk_index *x, const jbk_query *q, jbk_buf *b) {
    roaring_bitmap_t *found = NULL;
    if (put_operator(q, false, b)) { /* said already */
        b->len = 0;
        return;
    }
    if (jbk_string_find(x, q, x->living, NULL, NULL, &found, NULL)) return;
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

static void hint(jbk_index *x, const jbk_query *q, bool alone, jbk_buf *b) {
    if (q->kind == JBK_Q_NOT) return;
    if (q->kind == JBK_Q_STRING || q->kind == JBK_Q_WORD) hint_string(x, q, b);
    if (q->kind == JBK_Q_VALUE) hint_value(x, q, alone, b);
    if (q->kind == JBK_Q_NEAR) hint_near(x, q, b);
    for (size_t i = 0; i < q->children.n && i < CHILDREN_MAX; i++)
        hint(x, q->children.at[i], false, b);
}

void jbk_hint_meaning(jbk_session *s) {
    jbk_buf b = {0};
    hint_meaning(s, s->query, false, &b);
    jbk_buf_free(&b);
}

void jbk_hint_nothing(jbk_session *s) {
    jbk_buf b = {0};
    hint(s->index, s->query, true, &b);
    jbk_buf_free(&b);
}
