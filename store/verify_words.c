/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Are the words of a volume sorted and its suffix array the one that belongs to them? */
#include "verify_volume.h"

#include "base/utf8.h"

#include <stdlib.h>

typedef struct {
    const jbk_verifier *v;
    const char *blob;
    const uint32_t *starts;
    const uint8_t *kinds;
    uint64_t blob_len, n;
    uint8_t *due; /* one bit a byte of the blob: a suffix has to begin here */
    uint64_t ndue;
} lexicon;

static void tell(const lexicon *l, const char *what) { jbk_verify_tell(l->v, what, 0, 0); }

/* The sections whole; false where they are not there to be looked at. */
static bool load(lexicon *l) {
    const jbk_section *sec = l->v->volume->sec;
    l->blob_len = sec[JBK_SEC_WORDS].len;
    l->n = sec[JBK_SEC_WORD_KINDS].len;
    if (sec[JBK_SEC_WORD_STARTS].len != (l->n + 1) * 4 || l->blob_len > UINT32_MAX) {
        tell(l, "starts of words: there is not one for each word");
        return false;
    }
    l->blob = jbk_verify_read(l->v, JBK_SEC_WORDS, 0, l->blob_len, 1);
    l->starts = jbk_verify_read(l->v, JBK_SEC_WORD_STARTS, 0, l->n + 1, 4);
    l->kinds = jbk_verify_read(l->v, JBK_SEC_WORD_KINDS, 0, l->n, 1);
    return l->blob && l->starts && l->kinds;
}

/* Every word between two separators, and no other separator. */
static bool check_starts(const lexicon *l) {
    bool good = l->blob_len && l->blob[0] == JBK_WORD_SEP && l->starts[0] == 1 &&
                l->starts[l->n] == l->blob_len;
    for (uint64_t i = 0; i < l->n && good; i++) {
        uint32_t at = l->starts[i], next = l->starts[i + 1];
        good = next > at + 1 && next <= l->blob_len && l->blob[next - 1] == JBK_WORD_SEP &&
               !memchr(l->blob + at, JBK_WORD_SEP, next - 1 - at);
    }
    if (!good) tell(l, "starts of words: they do not divide the words");
    return good;
}

static void check_order(const lexicon *l) {
    for (uint64_t i = 0; i + 1 < l->n; i++) {
        uint32_t a = l->starts[i], b = l->starts[i + 1], end = l->starts[i + 2];
        size_t alen = b - a - 1, blen = end - b - 1;
        int c = memcmp(l->blob + a, l->blob + b, alen < blen ? alen : blen);
        if (c < 0 || (!c && alen < blen)) continue;
        tell(l, "words: they are not sorted and distinct");
        return;
    }
}

static void check_utf8(const lexicon *l) {
    bool good = true;
    for (uint64_t i = 0; i < l->n && good; i++)
        good = !jbk_utf8_count_bad(l->blob + l->starts[i], l->starts[i + 1] - l->starts[i] - 1);
    if (!good) tell(l, "words: one is not valid UTF-8");
}

/* Where suffixes have to begin: at every code point of the words that are not plain, and at the
 * separator before each. */
static void mark_due(lexicon *l) {
    l->due = jbk_calloc(l->blob_len / 8 + 1, 1);
    for (uint64_t i = 0; i < l->n; i++) {
        if (l->kinds[i] & JBK_LEX_PLAIN) continue;
        for (uint32_t at = l->starts[i] - 1; at < l->starts[i + 1] - 1; at++) {
            if (!jbk_utf8_is_start(l->blob[at])) continue;
            l->due[at / 8] |= (uint8_t)(1u << at % 8);
            l->ndue++;
        }
    }
}

/* As looking up compares: past the first byte, what stands behind a separator is of no account. */
static bool is_before(const lexicon *l, uint32_t a, uint32_t b) {
    const char *p = l->blob + a, *q = l->blob + b;
    for (size_t i = 0;; i++) {
        unsigned char c = (unsigned char)p[i], d = (unsigned char)q[i];
        if (c != d) return c < d;
        if (i && c == (unsigned char)JBK_WORD_SEP) return true;
    }
}

static void check_suffixes(lexicon *l) {
    uint64_t n = l->v->volume->sec[JBK_SEC_SUFFIXES].len / 4;
    const uint32_t *at = jbk_verify_read(l->v, JBK_SEC_SUFFIXES, 0, n, 4);
    if (!at) return;
    mark_due(l);
    bool sound = n == l->ndue, sorted = true;
    for (uint64_t i = 0; i < n && sound; i++) {
        /* Each is used up once: as many as are due, none twice, so all. */
        sound = at[i] < l->blob_len && l->due[at[i] / 8] & 1u << at[i] % 8;
        if (!sound) break;
        l->due[at[i] / 8] &= (uint8_t) ~(1u << at[i] % 8);
        sorted = sorted && (!i || is_before(l, at[i - 1], at[i]));
    }
    if (!sound)
        tell(l, "suffixes of words: they are not those of the words");
    else if (!sorted)
        tell(l, "suffixes of words: they are not sorted");
    free(l->due);
}

/* Keys: sorted, each once, of words that are there.  Whether they are the words' keys is seen by
 * whoever makes them. */
static void check_keys(const lexicon *l) {
    if (!l->v->volume->sec[JBK_SEC_KEYS].len) {
        tell(l, "keys of words: there are none");
        return;
    }
    uint64_t n = jbk_key_count(l->v->volume);
    const jbk_key_entry *e = jbk_verify_read(l->v, JBK_SEC_KEYS, 1, n, sizeof *e);
    if (!e) return;
    bool good = true;
    for (uint64_t i = 0; i < n && good; i++) {
        bool after = !i || e[i - 1].hash < e[i].hash ||
                     (e[i - 1].hash == e[i].hash && e[i - 1].word < e[i].word);
        good = e[i].word < l->n && after;
    }
    if (!good) tell(l, "keys of words: they are not sorted or lead to no word");
}

void jbk_verify_words(const jbk_verifier *v) {
    lexicon l = {.v = v};
    if (!load(&l) || !check_starts(&l)) return;
    check_order(&l);
    check_utf8(&l);
    check_suffixes(&l);
    check_keys(&l);
}
