/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wordlist.h"

#include "text/segment.h"

#include <stdlib.h>

/* --- patterns --- */

static void end_piece(jbk_word_pattern *p, jbk_buf *piece) {
    jbk_folded f = {.utf8_only = true};
    jbk_fold(&f, piece->data, piece->len);
    if (f.utf8.len) {
        jbk_str s = {jbk_arena_dup(&p->arena, f.utf8.data, f.utf8.len), f.utf8.len};
        jbk_vec_push(&p->pieces, s);
    }
    piece->len = 0;
    jbk_folded_free(&f);
}

jbk_status jbk_word_pattern_parse(const char *s, jbk_word_pattern *out, jbk_err *err) {
    jbk_buf piece = {0};
    const char *whole = s;
    *out = (jbk_word_pattern){.open_start = *s == '*'};
    for (; *s; s++) {
        out->open_end = *s == '*';
        if (*s == '*') {
            end_piece(out, &piece);
            continue;
        }
        if (*s == '\\' && (s[1] == '*' || s[1] == '\\')) s++;
        jbk_buf_byte(&piece, *s);
    }
    end_piece(out, &piece);
    jbk_buf_free(&piece);
    if (out->pieces.n || out->open_start) return JBK_OK;
    jbk_word_pattern_free(out);
    return jbk_fail(err, JBK_USAGE, "words", "nothing is left of the pattern \"%s\"", whole);
}

bool jbk_word_pattern_fits(const jbk_word_pattern *p, const char *word, size_t len) {
    size_t at = 0;
    for (size_t i = 0; i < p->pieces.n; i++) {
        jbk_str s = p->pieces.at[i];
        if (i + 1 == p->pieces.n && !p->open_end)
            return len >= s.len && len - s.len >= at && (i || p->open_start || len == s.len) &&
                   !memcmp(word + len - s.len, s.s, s.len);
        const char *found = memmem(word + at, len - at, s.s, s.len);
        if (!found || (!i && !p->open_start && found != word)) return false;
        at = (size_t)(found - word) + s.len;
    }
    return true;
}

void jbk_word_pattern_free(jbk_word_pattern *p) {
    jbk_vec_free(&p->pieces);
    jbk_arena_free(&p->arena);
}

/* --- scripts --- */

static const char *const SCRIPTS[] = {
    [JBK_SCRIPT_NONE] = "Zyyy", [JBK_SCRIPT_HAN] = "Hani",  [JBK_SCRIPT_KANA] = "Kana",
    [JBK_SCRIPT_THAI] = "Thai", [JBK_SCRIPT_CYRL] = "Cyrl", [JBK_SCRIPT_ARAB] = "Arab",
    [JBK_SCRIPT_LATN] = "Latn", [JBK_SCRIPT_OTHER] = "Zzzz"};
enum { NSCRIPTS = sizeof SCRIPTS / sizeof *SCRIPTS };

int jbk_script_find(const char *name) {
    for (int i = 0; i < NSCRIPTS; i++)
        if (!strcasecmp(SCRIPTS[i], name)) return i;
    return -1;
}

const char *jbk_script_name(jbk_script script) { return SCRIPTS[script]; }

/* --- the words that fit --- */

static void add_word(const jbk_word_pattern *p, int script, const jbk_word *w,
                     jbk_counted_words *out) {
    if (!jbk_word_pattern_fits(p, w->s, w->len)) return;
    if (script >= 0 && (int)jbk_term_describe(w->s, w->len).script != script) return;
    jbk_vec_push(out, ((jbk_counted_word){w->s, w->len, 0, 0}));
}

static jbk_status words_of(jbk_volume *v, const jbk_word_pattern *p, int script,
                           jbk_counted_words *out, jbk_err *err) {
    jbk_status status = JBK_OK;
    jbk_word_hit hit;
    if (p->open_start) {
        for (uint32_t i = 0; i < jbk_volume_words(v) && !status; i++) {
            status = jbk_volume_word(v, i, &hit, err);
            if (!status) add_word(p, script, &hit.word, out);
        }
        return status;
    }
    jbk_word_hits hits = {0};
    status = jbk_volume_prefix(v, p->pieces.at[0].s, p->pieces.at[0].len, &hits, err);
    for (size_t i = 0; i < hits.n && !status; i++) add_word(p, script, &hits.at[i].word, out);
    jbk_vec_free(&hits);
    return status;
}

static int by_bytes(const void *x, const void *y) {
    const jbk_counted_word *a = x, *b = y;
    int order = memcmp(a->s, b->s, a->len < b->len ? a->len : b->len);
    return order ? order : a->len < b->len ? -1 : a->len > b->len;
}

/* In order of their bytes, each once. */
static void tidy(jbk_counted_words *words) {
    size_t kept = 0;
    jbk_vec_sort(words, by_bytes);
    for (size_t i = 0; i < words->n; i++)
        if (!i || by_bytes(&words->at[kept - 1], &words->at[i])) words->at[kept++] = words->at[i];
    words->n = kept;
}

/* --- counts --- */

typedef struct {
    jbk_index *x;
    uint64_t *members; /* a bit for each document; NULL: all of them */
    jbk_err *err;
} counter;

enum { FETCH = 4096 };

static void add_counts(const counter *c, const uint32_t *docs, const uint32_t *counts, size_t n,
                       uint32_t base, jbk_counted_word *w) {
    for (size_t i = 0; i < n; i++) {
        uint32_t doc = docs[i] + base;
        uint32_t in = c->members ? (uint32_t)(c->members[doc / 64] >> doc % 64 & 1) : 1;
        w->documents += in;
        w->occurrences += in * counts[i];
    }
}

static jbk_status count_word(const counter *c, jbk_counted_word *w) {
    uint32_t docs[FETCH], counts[FETCH];
    jbk_status status = JBK_OK;
    for (size_t i = 0; i < c->x->nsegments && !status; i++) {
        jbk_postings *p;
        status = jbk_index_postings(c->x, i, &p, c->err);
        if (!status) status = jbk_postings_start(p, w->s, w->len, c->err);
        for (size_t n = 1; !status && n;) {
            status = jbk_postings_fetch(p, docs, counts, FETCH, &n, c->err);
            if (!status) add_counts(c, docs, counts, n, c->x->segments[i].base, w);
        }
    }
    return status;
}

static uint64_t *bits_of(const roaring_bitmap_t *set, uint32_t docs) {
    uint64_t *bits = jbk_calloc((size_t)docs / 64 + 1, sizeof *bits);
    roaring_uint32_iterator_t *it = roaring_create_iterator(set);
    for (; it->has_value; roaring_advance_uint32_iterator(it))
        bits[it->current_value / 64] |= UINT64_C(1) << it->current_value % 64;
    roaring_free_uint32_iterator(it);
    return bits;
}

static int by_documents(const void *x, const void *y) {
    const jbk_counted_word *a = x, *b = y;
    if (a->documents != b->documents) return a->documents > b->documents ? -1 : 1;
    return by_bytes(x, y);
}

static int by_occurrences(const void *x, const void *y) {
    const jbk_counted_word *a = x, *b = y;
    if (a->occurrences != b->occurrences) return a->occurrences > b->occurrences ? -1 : 1;
    return by_bytes(x, y);
}

jbk_status jbk_words_count(jbk_index *x, const jbk_word_pattern *p, int script,
                           const roaring_bitmap_t *set, jbk_words_sort sort, jbk_counted_words *out,
                           jbk_err *err) {
    counter c = {.x = x, .err = err};
    jbk_status status = JBK_OK;
    size_t kept = 0;
    for (size_t i = 0; i < x->nsegments && !status; i++)
        status = words_of(x->segments[i].volume, p, script, out, err);
    tidy(out);
    if (roaring_bitmap_get_cardinality(set) < x->docs) c.members = bits_of(set, x->docs);
    for (size_t i = 0; i < out->n && !status; i++) {
        status = count_word(&c, &out->at[i]);
        if (out->at[i].documents) out->at[kept++] = out->at[i];
    }
    free(c.members);
    out->n = kept;
    if (sort != JBK_WORDS_BY_WORD && out->n)
        qsort(out->at, out->n, sizeof *out->at,
              sort == JBK_WORDS_BY_DOCUMENTS ? by_documents : by_occurrences);
    return status;
}
