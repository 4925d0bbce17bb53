/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "suggest.h"

#include "base/utf8.h"
#include "proof.h"
#include "text/segment.h"

#include <stdlib.h>

enum { LETTERS_MAX = JBK_TERM_MAX, CANDIDATES_MAX = 16 };

static unsigned least(unsigned a, unsigned b) { return a < b ? a : b; }

unsigned jbk_word_distance(const uint32_t *a, size_t alen, const uint32_t *b, size_t blen,
                           unsigned most) {
    unsigned rows[3][LETTERS_MAX + 1];
    unsigned *before = rows[0], *above = rows[1], *row = rows[2];
    size_t longer = alen > blen ? alen - blen : blen - alen;
    if (longer > most || alen > LETTERS_MAX || blen > LETTERS_MAX) return most + 1;
    for (size_t j = 0; j <= blen; j++) above[j] = (unsigned)j;
    for (size_t i = 1; i <= alen; i++) {
        unsigned smallest = row[0] = (unsigned)i;
        for (size_t j = 1; j <= blen; j++) {
            row[j] = least(above[j - 1] + (a[i - 1] != b[j - 1]), least(above[j], row[j - 1]) + 1);
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                row[j] = least(row[j], before[j - 2] + 1);
            smallest = least(smallest, row[j]);
        }
        if (smallest > most) return most + 1;
        unsigned *free_row = before;
        before = above;
        above = row;
        row = free_row;
    }
    return least(above[blen], most + 1);
}

typedef struct {
    uint32_t letters[LETTERS_MAX];
    size_t n;
    uint64_t kinds; /* a bit for each letter, modulo 64 */
} word;

static void read_word(const char *s, size_t len, word *out) {
    out->n = 0;
    out->kinds = 0;
    for (size_t i = 0; i < len && out->n < LETTERS_MAX;) {
        uint32_t cp = jbk_utf8_next(s, len, &i);
        out->letters[out->n++] = cp;
        out->kinds |= UINT64_C(1) << (cp & 63);
    }
}

static int by_nearness(const void *x, const void *y) {
    const jbk_suggestion *a = x, *b = y;
    if (a->distance != b->distance) return a->distance < b->distance ? -1 : 1;
    if (a->documents != b->documents) return a->documents > b->documents ? -1 : 1;
    size_t n = a->word.len < b->word.len ? a->word.len : b->word.len;
    int order = memcmp(a->word.s, b->word.s, n);
    return order ? order : a->word.len < b->word.len ? -1 : a->word.len > b->word.len;
}

typedef JBK_VEC(jbk_suggestion) suggestions;

/* Words of one segment that are near enough.  Each word stands in one segment only. */
static jbk_status near_words(jbk_volume *v, const word *wanted, unsigned most, suggestions *out,
                             jbk_err *err) {
    word w;
    jbk_status status = JBK_OK;
    for (uint32_t i = 0, n = jbk_volume_words(v); i < n && !status; i++) {
        jbk_word_hit hit;
        status = jbk_volume_word(v, i, &hit, err);
        if (status) break;
        /* Cheap looks first: each letter is one to four bytes, each edit touches two letters. */
        if (hit.word.len > 4 * (wanted->n + most) || hit.word.len + most < wanted->n) continue;
        read_word(hit.word.s, hit.word.len, &w);
        if ((unsigned)__builtin_popcountll(w.kinds ^ wanted->kinds) > 2 * most) continue;
        unsigned d = jbk_word_distance(wanted->letters, wanted->n, w.letters, w.n, most);
        if (!d || d > most) continue;
        jbk_vec_push(out, ((jbk_suggestion){{hit.word.s, hit.word.len}, d, 0}));
    }
    return status;
}

/* Documents of the files, the dead included: only to choose which to count. */
static jbk_status frequency(jbk_index *x, jbk_suggestion *s, jbk_err *err) {
    jbk_status status = JBK_OK;
    for (size_t i = 0; i < x->nsegments && !status; i++) {
        jbk_postings *p;
        uint32_t docs = 0;
        status = jbk_index_postings(x, i, &p, err);
        if (!status) status = jbk_postings_frequency(p, s->word.s, s->word.len, &docs, err);
        s->documents += docs;
    }
    return status;
}

static jbk_status count_living(jbk_index *x, unsigned where, jbk_suggestion *s, jbk_err *err) {
    jbk_query q = {.kind = JBK_Q_STRING,
                   .s = (char *)(uintptr_t)s->word.s,
                   .len = s->word.len,
                   .where = where};
    roaring_bitmap_t *found = NULL;
    jbk_status status = jbk_string_find(x, &q, x->living, NULL, NULL, &found, err);
    if (status) return status;
    s->documents = roaring_bitmap_get_cardinality(found);
    roaring_bitmap_free(found);
    return JBK_OK;
}

jbk_status jbk_suggest(jbk_index *x, const char *s, size_t len, unsigned where,
                       jbk_suggestion out[JBK_SUGGESTIONS], size_t *n, jbk_err *err) {
    word wanted;
    suggestions all = {0};
    jbk_status status = JBK_OK;
    read_word(s, len, &wanted);
    unsigned most = wanted.n >= 5 ? 2 : wanted.n >= 3;
    for (size_t i = 0; i < x->nsegments && !status; i++)
        status = near_words(x->segments[i].volume, &wanted, most, &all, err);
    for (size_t i = 0; i < all.n && !status; i++) status = frequency(x, &all.at[i], err);
    jbk_vec_sort(&all, by_nearness);
    if (all.n > CANDIDATES_MAX) all.n = CANDIDATES_MAX;
    for (size_t i = 0; i < all.n && !status; i++) status = count_living(x, where, &all.at[i], err);
    jbk_vec_sort(&all, by_nearness);
    *n = 0;
    for (size_t i = 0; i < all.n && *n < JBK_SUGGESTIONS && !status; i++)
        if (all.at[i].documents) out[(*n)++] = all.at[i];
    jbk_vec_free(&all);
    return status;
}
