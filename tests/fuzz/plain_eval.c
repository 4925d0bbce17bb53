/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plain_eval.h"

#include "base/utf8.h"
#include "fuzz.h"
#include "text/keys.h"
#include "text/names.h"

#include <stdlib.h>

enum { DOCS_MAX = 64, TEXTS = 2 };

typedef struct {
    jbk_folded folded;
    jbk_slices terms;
    jbk_keys *keys; /* of each term */
    jbk_name_places names;
} plain_text;

typedef struct {
    size_t start, end;
} spot;
typedef JBK_VEC(spot) spots;

static plain_text texts[DOCS_MAX][TEXTS];
static size_t ndocs;
static jbk_stemmer *stemmer;
static jbk_names *names;
static jbk_err err;

static void open_text(jbk_segmenter *segmenter, const char *s, plain_text *t) {
    size_t len = strlen(s);
    t->folded.want_map = true;
    fuzz_ok(jbk_names_in(names, s, len, &t->folded, &t->names, &err), &err);
    jbk_fold(&t->folded, s, len);
    fuzz_ok(jbk_segment(segmenter, &t->folded, &t->terms, &err), &err);
    t->keys = jbk_calloc(t->terms.n + 1, sizeof *t->keys);
    for (size_t i = 0; i < t->terms.n; i++)
        jbk_keys_of(stemmer, t->folded.utf8.data + t->terms.at[i].start, t->terms.at[i].len,
                    &t->keys[i]);
}

void plain_open(const plain_doc *docs, size_t n) {
    jbk_segmenter *segmenter;
    fuzz_ok(jbk_segmenter_new(&segmenter, &err), &err);
    fuzz_ok(jbk_stemmer_new(&stemmer, &err), &err);
    fuzz_ok(jbk_names_new(&names, &err), &err);
    ndocs = n;
    for (size_t d = 0; d < n; d++) {
        open_text(segmenter, docs[d].title, &texts[d][0]);
        open_text(segmenter, docs[d].text, &texts[d][1]);
    }
    jbk_segmenter_free(segmenter);
}

bool plain_knows(const jbk_query *q) {
    if (q->kind == JBK_Q_VALUE || q->kind == JBK_Q_RANGE || q->kind == JBK_Q_SOUND) return false;
    for (size_t i = 0; i < q->children.n; i++)
        if (!plain_knows(q->children.at[i])) return false;
    return true;
}

/* --- leaves --- */

/* Is byte `at` between two letters or digits of scripts that separate their words? */
static bool inside_word(const jbk_buf *s, size_t at) {
    if (!at || at >= s->len) return false;
    size_t before = at, after = at;
    do before--;
    while (((unsigned char)s->data[before] & 0xC0) == 0x80);
    return jbk_cp_alnum(jbk_utf8_next(s->data, s->len, &before)) &&
           jbk_cp_alnum(jbk_utf8_next(s->data, s->len, &after));
}

static void strings(const jbk_query *q, const plain_text *t, spots *out) {
    const jbk_buf *s = &t->folded.utf8;
    for (size_t at = 0; at + q->len <= s->len; at++)
        if (!memcmp(s->data + at, q->s, q->len) && !inside_word(s, at) &&
            !inside_word(s, at + q->len))
            jbk_vec_push(out, ((spot){at, at + q->len}));
}

static bool share_key(const jbk_keys *a, const jbk_keys *b) {
    for (size_t i = 0; i < a->n; i++)
        for (size_t k = 0; k < b->n; k++)
            if (a->at[i].kind == b->at[k].kind && a->at[i].len == b->at[k].len &&
                !memcmp(a->at[i].bytes, b->at[k].bytes, a->at[i].len))
                return true;
    return false;
}

static bool fits(const jbk_query *q, const char *s, size_t len) {
    if (len < q->len) return false;
    if (!q->open_start) return !memcmp(s, q->s, q->len);
    if (!q->open_end) return !memcmp(s + len - q->len, q->s, q->len);
    return memmem(s, len, q->s, q->len) != NULL;
}

static void words(const jbk_query *q, const plain_text *t, spots *out) {
    jbk_keys keys = {0};
    if (q->kind == JBK_Q_WORD) jbk_keys_of(stemmer, q->s, q->len, &keys);
    for (size_t i = 0; i < t->terms.n; i++) {
        jbk_slice w = t->terms.at[i];
        bool match = q->kind == JBK_Q_WORD ? share_key(&keys, &t->keys[i])
                                           : fits(q, t->folded.utf8.data + w.start, w.len);
        if (match) jbk_vec_push(out, ((spot){w.start, w.start + w.len}));
    }
}

/* Where a leaf, or any of an OR's, stands. */
static void find(const jbk_query *q, int which, const plain_text *t, spots *out) {
    for (size_t i = 0; i < q->children.n; i++) find(q->children.at[i], which, t, out);
    if (!jbk_query_is_text(q) || !(q->where & (which ? JBK_IN_TEXT : JBK_IN_TITLE))) return;
    if (q->kind == JBK_Q_STRING || q->kind == JBK_Q_WORD) strings(q, t, out);
    if (q->kind == JBK_Q_WORD || q->kind == JBK_Q_PATTERN) words(q, t, out);
    for (size_t i = 0; q->kind == JBK_Q_NAMES && i < t->names.n; i++)
        if (!strcmp(jbk_name_code(t->names.at[i].code), q->s))
            jbk_vec_push(out, ((spot){t->names.at[i].start, t->names.at[i].end}));
}

/* --- NEAR --- */

/* Words that touch neither and stand between them. */
static size_t between(const plain_text *t, spot a, spot b) {
    size_t n = 0;
    for (size_t i = 0; i < t->terms.n; i++)
        n += t->terms.at[i].start >= a.end && t->terms.at[i].start + t->terms.at[i].len <= b.start;
    return n;
}

static bool near(const plain_text *t, spot a, spot b, jbk_near_link link) {
    if (a.end <= b.start) return between(t, a, b) <= link.between;
    return b.end <= a.start && !link.ordered && between(t, b, a) <= link.between;
}

/* Does a chain go from `from` over child `next` and those behind it? */
static bool goes_on(const jbk_query *q, size_t next, const plain_text *t, spot from,
                    const spots *found) {
    if (next == q->children.n) return true;
    for (size_t i = 0; i < found[next].n; i++)
        if (near(t, from, found[next].at[i], q->links.at[next - 1]) &&
            goes_on(q, next + 1, t, found[next].at[i], found))
            return true;
    return false;
}

static bool chain(const jbk_query *q, int which, const plain_text *t) {
    spots *found = jbk_calloc(q->children.n, sizeof *found);
    bool match = false;
    for (size_t i = 0; i < q->children.n; i++) find(q->children.at[i], which, t, &found[i]);
    for (size_t i = 0; i < found[0].n && !match; i++)
        match = goes_on(q, 1, t, found[0].at[i], found);
    for (size_t i = 0; i < q->children.n; i++) jbk_vec_free(&found[i]);
    free(found);
    return match;
}

/* --- all --- */

static bool matches(const jbk_query *q, size_t doc) {
    bool match = q->kind == JBK_Q_AND || q->kind == JBK_Q_ALL;
    if (q->kind == JBK_Q_NOT) return !matches(q->children.at[0], doc);
    if (q->kind == JBK_Q_NEAR) {
        for (int which = 0; which < TEXTS && !match; which++)
            match = (q->where & (which ? JBK_IN_TEXT : JBK_IN_TITLE)) &&
                    chain(q, which, &texts[doc][which]);
        return match;
    }
    for (size_t i = 0; i < q->children.n; i++) {
        bool one = matches(q->children.at[i], doc);
        match = q->kind == JBK_Q_AND ? match && one : match || one;
    }
    if (!jbk_query_is_text(q)) return match;
    spots found = {0};
    for (int which = 0; which < TEXTS; which++) find(q, which, &texts[doc][which], &found);
    match = found.n > 0;
    jbk_vec_free(&found);
    return match;
}

uint64_t plain_eval(const jbk_query *q) {
    uint64_t set = 0;
    for (size_t d = 0; d < ndocs; d++) set |= (uint64_t)matches(q, d) << d;
    return set;
}
