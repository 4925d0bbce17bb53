/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The words of a volume: one string with separators, and for the words a quotation can begin
 * or end inside, a suffix array over it.  With a separator before or behind what is asked for,
 * one binary search answers "contains", "begins with" and "ends with". */
#include "sections.h"

#include "base/radix.h"
#include "base/utf8.h"
#include "find.h"

#include <stdlib.h>

/* --- building --- */

static int by_suffix(uint64_t a, uint64_t b, void *blob) {
    const char *p = (const char *)blob + a, *q = (const char *)blob + b;
    /* Past the first byte, which may be the separator before a word, compare up to a separator. */
    for (size_t i = 0;; i++) {
        unsigned char c = (unsigned char)p[i], d = (unsigned char)q[i];
        if (c != d) return c < d ? -1 : 1;
        if (i && c == (unsigned char)JBK_WORD_SEP) break;
    }
    return a < b ? -1 : a > b;
}

static jbk_status put_suffixes(jbk_volume_writer *w, const jbk_buf *blob, const uint32_t *starts,
                               const uint8_t *kinds, size_t n, jbk_err *err) {
    JBK_VEC(jbk_headed) all = {0};
    for (size_t i = 0; i < n; i++) {
        if (kinds[i] & JBK_LEX_PLAIN) continue;
        for (uint32_t at = starts[i] - 1; at < starts[i + 1] - 1; at++) {
            if (!jbk_utf8_is_start(blob->data[at])) continue;
            jbk_headed s = {jbk_head_of(blob->data + at, blob->len - at), at};
            jbk_vec_push(&all, s);
        }
    }
    jbk_sort_headed(all.at, all.n, by_suffix, blob->data);
    uint32_t *sorted = jbk_alloc(all.n * sizeof *sorted);
    for (size_t i = 0; i < all.n; i++) sorted[i] = (uint32_t)all.at[i].number;
    jbk_status status = jbk_section_put(w, JBK_SEC_SUFFIXES, sorted, all.n * sizeof *sorted, err);
    free(sorted);
    jbk_vec_free(&all);
    return status;
}

jbk_status jbk_volume_add_words(jbk_volume_writer *w, const jbk_word *words, const uint8_t *kinds,
                                size_t n, jbk_err *err) {
    jbk_buf blob = {0};
    uint32_t *starts = jbk_alloc((n + 1) * sizeof *starts);
    jbk_buf_byte(&blob, JBK_WORD_SEP);
    jbk_status status = JBK_OK;
    for (size_t i = 0; i < n; i++) {
        starts[i] = (uint32_t)blob.len;
        jbk_buf_add(&blob, words[i].s, words[i].len);
        jbk_buf_byte(&blob, JBK_WORD_SEP);
    }
    starts[n] = (uint32_t)blob.len;
    if (blob.len > UINT32_MAX)
        status = jbk_fail(err, JBK_FULL, "words", "too many new words for one segment");
    if (!status) status = jbk_section_put(w, JBK_SEC_WORDS, blob.data, blob.len, err);
    if (!status)
        status = jbk_section_put(w, JBK_SEC_WORD_STARTS, starts, (n + 1) * sizeof *starts, err);
    if (!status) status = jbk_section_put(w, JBK_SEC_WORD_KINDS, kinds, n, err);
    if (!status) status = put_suffixes(w, &blob, starts, kinds, n, err);
    free(starts);
    jbk_buf_free(&blob);
    return status;
}

/* --- looking up --- */

uint32_t jbk_volume_words(const jbk_volume *v) { return (uint32_t)v->sec[JBK_SEC_WORD_KINDS].len; }

jbk_status jbk_volume_word(jbk_volume *v, uint32_t i, jbk_word_hit *out, jbk_err *err) {
    const void *p;
    jbk_status status = jbk_section_get(v, JBK_SEC_WORD_STARTS, i, 2, 4, &p, err);
    if (status) return status;
    uint32_t start = ((const uint32_t *)p)[0], len = ((const uint32_t *)p)[1] - start - 1;
    status = jbk_section_get(v, JBK_SEC_WORDS, start, len, 1, &p, err);
    if (status) return status;
    *out = (jbk_word_hit){.word = {p, len}};
    return status;
}

jbk_status jbk_volume_word_kind(jbk_volume *v, uint32_t i, uint8_t *kind, jbk_err *err) {
    const void *p;
    jbk_status status = jbk_section_get(v, JBK_SEC_WORD_KINDS, i, 1, 1, &p, err);
    if (!status) *kind = *(const uint8_t *)p;
    return status;
}

static int compare(const char *a, size_t alen, const char *b, size_t blen) {
    int c = memcmp(a, b, alen < blen ? alen : blen);
    return c ? c : alen < blen ? -1 : alen > blen;
}

/* The first word not before s. */
static jbk_status lower_bound(jbk_volume *v, const char *s, size_t len, uint32_t *out,
                              jbk_err *err) {
    uint32_t low = 0, high = jbk_volume_words(v);
    while (low < high) {
        uint32_t mid = low + (high - low) / 2;
        jbk_word_hit hit;
        jbk_status status = jbk_volume_word(v, mid, &hit, err);
        if (status) return status;
        if (compare(hit.word.s, hit.word.len, s, len) < 0)
            low = mid + 1;
        else
            high = mid;
    }
    *out = low;
    return JBK_OK;
}

jbk_status jbk_volume_leads(jbk_volume *v, const char *s, size_t len, bool *starts, bool *is_word,
                            jbk_err *err) {
    uint32_t i;
    jbk_word_hit hit;
    *starts = *is_word = false;
    jbk_status status = lower_bound(v, s, len, &i, err);
    if (status || i == jbk_volume_words(v)) return status;
    status = jbk_volume_word(v, i, &hit, err);
    if (status) return status;
    *starts = hit.word.len >= len && !memcmp(hit.word.s, s, len);
    *is_word = *starts && hit.word.len == len;
    return JBK_OK;
}

jbk_status jbk_volume_has_word(jbk_volume *v, const char *s, size_t len, bool *found,
                               jbk_err *err) {
    bool starts;
    return jbk_volume_leads(v, s, len, &starts, found, err);
}

jbk_status jbk_volume_prefix(jbk_volume *v, const char *s, size_t len, jbk_word_hits *out,
                             jbk_err *err) {
    uint32_t i;
    jbk_status status = lower_bound(v, s, len, &i, err);
    for (; !status && i < jbk_volume_words(v); i++) {
        jbk_word_hit hit;
        status = jbk_volume_word(v, i, &hit, err);
        if (status || hit.word.len < len || memcmp(hit.word.s, s, len)) break;
        jbk_vec_push(out, hit);
    }
    return status;
}

/* Compare the bytes at suffix i with the pattern: <0, 0 (starts with it) or >0. */
static jbk_status compare_suffix(jbk_volume *v, uint64_t i, const char *s, size_t len, int *order,
                                 jbk_err *err) {
    const void *p;
    jbk_status status = jbk_section_get(v, JBK_SEC_SUFFIXES, i, 1, 4, &p, err);
    if (status) return status;
    uint32_t at = *(const uint32_t *)p;
    uint64_t blob = v->sec[JBK_SEC_WORDS].len;
    size_t n = at < blob && blob - at < len ? (size_t)(blob - at) : len;
    status = jbk_section_get(v, JBK_SEC_WORDS, at, n, 1, &p, err);
    if (!status) {
        *order = memcmp(p, s, n);
        if (!*order && n < len) *order = -1;
    }
    return status;
}

/* The whole word around offset `at` of the blob, found by its separators.  The one before a word
 * belongs to it. */
static jbk_status word_around(jbk_volume *v, uint32_t at, jbk_word_hit *hit, jbk_err *err) {
    uint64_t len = v->sec[JBK_SEC_WORDS].len;
    for (uint64_t reach = 256;; reach *= 4) {
        const void *p;
        uint64_t from = at > reach ? at - reach : 0,
                 to = len - from > 2 * reach ? from + 2 * reach : len;
        if (to <= at) to = (uint64_t)at + 1; /* past the end: a damaged offset */
        jbk_status status = jbk_section_get(v, JBK_SEC_WORDS, from, to - from, 1, &p, err);
        if (status) return status;
        const char *piece = p, *here = piece + (at - from), *end = piece + (to - from);
        const char *before = memrchr(piece, JBK_WORD_SEP, (size_t)(here - piece) + 1);
        const char *s = before ? before + 1 : NULL;
        const char *behind = s ? memchr(s, JBK_WORD_SEP, (size_t)(end - s)) : NULL;
        if (behind) {
            *hit = (jbk_word_hit){.word = {s, (uint32_t)(behind - s)}};
            if (here > s) hit->at = (uint32_t)(here - s);
            return JBK_OK;
        }
        if (!from && to >= len)
            return jbk_fail(err, JBK_DAMAGED, "words", "the list of words has no end here");
    }
}

/* The first suffix that does not come before the string, or with `behind` that comes behind all
 * that begin with it. */
static jbk_status suffix_bound(jbk_volume *v, const jbk_buf *s, bool behind, uint64_t low,
                               uint64_t high, uint64_t *out, jbk_err *err) {
    while (low < high) {
        uint64_t mid = low + (high - low) / 2;
        int order;
        jbk_status status = compare_suffix(v, mid, s->data, s->len, &order, err);
        if (status) return status;
        if (order < 0 || (behind && !order))
            low = mid + 1;
        else
            high = mid;
    }
    *out = low;
    return JBK_OK;
}

/* The end of those that begin at `from`: most are few, so it is looked for from there, by steps
 * that double. */
static jbk_status suffix_end(jbk_volume *v, const jbk_buf *s, uint64_t from, uint64_t *out,
                             jbk_err *err) {
    uint64_t n = v->sec[JBK_SEC_SUFFIXES].len / 4, low = from, step = 4;
    for (; n - low > step; low += step, step *= 2) {
        int order;
        jbk_status status = compare_suffix(v, low + step, s->data, s->len, &order, err);
        if (status) return status;
        if (order) break;
    }
    return suffix_bound(v, s, true, low, n - low > step ? low + step : n, out, err);
}

static jbk_status suffixes_of(jbk_volume *v, const char *s, size_t len, jbk_where where,
                              uint64_t *from, uint64_t *to, jbk_err *err) {
    jbk_buf pattern = {0};
    if (where == JBK_BEGINS) jbk_buf_byte(&pattern, JBK_WORD_SEP);
    jbk_buf_add(&pattern, s, len);
    if (where == JBK_ENDS) jbk_buf_byte(&pattern, JBK_WORD_SEP);
    uint64_t n = v->sec[JBK_SEC_SUFFIXES].len / 4;
    jbk_status status = suffix_bound(v, &pattern, false, 0, n, from, err);
    if (!status) status = suffix_end(v, &pattern, *from, to, err);
    jbk_buf_free(&pattern);
    return status;
}

jbk_status jbk_volume_count_pieces(jbk_volume *v, const char *s, size_t len, jbk_where where,
                                   uint64_t *n, jbk_err *err) {
    uint64_t from = 0, to = 0;
    jbk_status status = suffixes_of(v, s, len, where, &from, &to, err);
    *n = to > from ? to - from : 0;
    return status;
}

enum { AHEAD = 8 }; /* places that memory is asked for before they are read */

jbk_status jbk_volume_pieces(jbk_volume *v, const char *s, size_t len, jbk_where where,
                             jbk_word_hits *out, jbk_err *err) {
    uint64_t from = 0, to = 0;
    const void *p = NULL, *words = NULL;
    jbk_status status = suffixes_of(v, s, len, where, &from, &to, err);
    if (!status) status = jbk_section_get(v, JBK_SEC_SUFFIXES, from, to - from, 4, &p, err);
    if (!status) status = jbk_section_get(v, JBK_SEC_WORDS, 0, 0, 1, &words, err);
    const uint32_t *at = p;
    for (uint64_t i = 0; i < to - from && !status; i++) {
        jbk_word_hit hit;
        /* The words lie anywhere; a damaged place is not read. */
        if (i + AHEAD < to - from) __builtin_prefetch((const char *)words + at[i + AHEAD]);
        status = word_around(v, at[i], &hit, err);
        if (!status) jbk_vec_push(out, hit);
    }
    return status;
}

jbk_status jbk_volume_infix(jbk_volume *v, const char *s, size_t len, jbk_where where,
                            jbk_word_hits *out, jbk_err *err) {
    const void *p;
    size_t size = (size_t)v->sec[JBK_SEC_WORDS].len;
    jbk_sought sought;
    jbk_status status = jbk_section_get(v, JBK_SEC_WORDS, 0, size, 1, &p, err);
    jbk_buf pattern = {0};
    jbk_buf_add(&pattern, s, len);
    if (where == JBK_ENDS) jbk_buf_byte(&pattern, JBK_WORD_SEP);
    const char *blob = p;
    if (!status) jbk_find_begin(&sought, pattern.data, pattern.len, blob, size);
    for (size_t from = 0; !status && from < size;) {
        const char *found = jbk_find_next(&sought, blob + from, size - from);
        if (!found) break;
        jbk_word_hit hit = {0};
        status = word_around(v, (uint32_t)(found - blob), &hit, err);
        if (status) break;
        jbk_vec_push(out, hit);
        from = (size_t)(hit.word.s - blob) + hit.word.len;
    }
    jbk_buf_free(&pattern);
    return status;
}
