/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Nearly all text folds code point by code point through a table.  Where a code point may
 * combine with what stands before it (a combining mark, a Hangul vowel), the stretch from the
 * last boundary to the next goes through ICU's normaliser instead. */
#include "text/fold.h"

#include "base/utf8.h"
#include "fold_entry.h"
#include "text/chars.h"
#include "u16.h"

#include <stdlib.h>
#include <unicode/uchar.h>
#include <unicode/unorm2.h>

typedef struct {
    jbk_folded *out;
    const char *src;
    size_t len;
    /* Where the last boundary stands: source offset and the outputs' lengths before it. */
    size_t src_at, utf8_at, utf16_at;
} folder;

static void put_map(jbk_folded *out, size_t src_at) {
    if (!out->want_map) return;
    while (out->map.n < out->utf8.len) jbk_vec_push(&out->map, (uint32_t)src_at);
}

static void put_cp(jbk_folded *out, uint32_t cp) {
    jbk_utf8_put(&out->utf8, cp);
    if (out->utf8_only) return;
    jbk_vec_reserve(&out->utf16, 2);
    out->utf16.n = (size_t)jbk_u16_put(out->utf16.at, (int32_t)out->utf16.n, cp);
}

static bool ends_in_blank(const jbk_folded *out) {
    return out->utf8.len && out->utf8.data[out->utf8.len - 1] == ' ';
}

/* What `cp` folds to alone, into seq; returns the number of code points. */
static size_t expand(uint32_t cp, uint32_t entry, const uint32_t **seq, uint32_t *one) {
    if (entry & JBK_FOLD_EMPTY) return 0;
    uint32_t value = entry & JBK_FOLD_VALUE;
    if (entry & JBK_FOLD_MULTI) {
        *seq = jbk_fold_multi + value + 1;
        return jbk_fold_multi[value];
    }
    *one = value ? value : cp;
    *seq = one;
    return 1;
}

static const UNormalizer2 *normalizer(void) {
    UErrorCode e = U_ZERO_ERROR;
    return unorm2_getNFKCCasefoldInstance(&e);
}

/* One pass of the table and one of the normaliser; false when nothing changed.  The normaliser
 * fails only without memory. */
static bool slow_pass(jbk_folded *a, jbk_folded *b) {
    b->utf16.n = 0;
    int32_t n = (int32_t)a->utf16.n;
    for (int32_t i = 0; i < n;) {
        uint32_t cp = jbk_u16_next(a->utf16.at, &i, n), one;
        const uint32_t *seq = NULL;
        size_t k = expand(cp, jbk_fold_entry(cp), &seq, &one);
        for (size_t j = 0; j < k; j++) put_cp(b, seq[j]);
    }
    UErrorCode e = U_ZERO_ERROR;
    jbk_folded c = {0};
    jbk_vec_reserve(&c.utf16, b->utf16.n * 4 + 32);
    int32_t len = unorm2_normalize(normalizer(), b->utf16.at, (int32_t)b->utf16.n, c.utf16.at,
                                   (int32_t)c.utf16.cap, &e);
    if (e == U_BUFFER_OVERFLOW_ERROR) {
        e = U_ZERO_ERROR;
        jbk_vec_reserve(&c.utf16, (size_t)len + 1);
        len = unorm2_normalize(normalizer(), b->utf16.at, (int32_t)b->utf16.n, c.utf16.at,
                               (int32_t)c.utf16.cap, &e);
    }
    if (U_FAILURE(e)) jbk_out_of_memory();
    c.utf16.n = (size_t)len;
    bool changed = a->utf16.n != c.utf16.n ||
                   (c.utf16.n && memcmp(a->utf16.at, c.utf16.at, c.utf16.n * sizeof(UChar)) != 0);
    a->utf16.n = 0;
    jbk_vec_reserve(&a->utf16, c.utf16.n);
    if (c.utf16.n) memcpy(a->utf16.at, c.utf16.at, c.utf16.n * sizeof(UChar));
    a->utf16.n = c.utf16.n;
    jbk_folded_free(&c);
    return changed;
}

/* Fold the source from the last boundary up to `to` by the definition. */
static void slow_span(folder *f, size_t to) {
    jbk_folded *out = f->out;
    out->utf8.len = f->utf8_at;
    out->utf16.n = f->utf16_at;
    if (out->want_map && out->map.n > f->utf8_at) out->map.n = f->utf8_at;
    jbk_folded a = {0}, b = {0};
    for (size_t i = f->src_at; i < to;) put_cp(&a, jbk_utf8_next(f->src, f->len, &i));
    while (slow_pass(&a, &b)) {
    }
    int32_t n = (int32_t)a.utf16.n;
    for (int32_t i = 0; i < n;) {
        uint32_t cp = jbk_u16_next(a.utf16.at, &i, n);
        if (cp == ' ' && ends_in_blank(out)) continue;
        put_cp(out, cp);
    }
    put_map(out, f->src_at);
    jbk_folded_free(&a);
    jbk_folded_free(&b);
}

/* From the code point before `i`, which may combine backwards: find the next boundary. */
static size_t span_end(const folder *f, size_t i) {
    while (i < f->len) {
        size_t next = i;
        uint32_t e = jbk_fold_entry(jbk_utf8_next(f->src, f->len, &next));
        if ((e & JBK_FOLD_BOUNDARY) && !(e & JBK_FOLD_EMPTY)) break;
        i = next;
    }
    return i;
}

static void put_folded(folder *f, size_t at, uint32_t cp, uint32_t entry) {
    jbk_folded *out = f->out;
    uint32_t one;
    const uint32_t *seq = NULL;
    size_t k = expand(cp, entry, &seq, &one);
    if (!k) return;
    if (seq[0] == ' ' && ends_in_blank(out)) {
        if (k == 1) return; /* the blank before keeps the boundary */
        seq++, k--;
    }
    f->src_at = at;
    f->utf8_at = out->utf8.len;
    f->utf16_at = out->utf16.n;
    for (size_t j = 0; j < k; j++) put_cp(out, seq[j]);
    put_map(out, at);
}

/* The common case, in a tight loop: code points of two and three bytes and ASCII that fold to
 * one code point of the Basic Multilingual Plane and combine with nothing.  Stops before the
 * first other.  The outputs have room for all of it. */
static size_t fold_simple(folder *f, size_t i) {
    jbk_folded *out = f->out;
    const unsigned char *p = (const unsigned char *)f->src;
    unsigned char *to = (unsigned char *)out->utf8.data + out->utf8.len;
    uint16_t *wide = out->utf16.at + out->utf16.n;
    bool blank = ends_in_blank(out), narrow = out->utf8_only;
    while (i < f->len) {
        uint32_t cp = p[i];
        size_t n = 1;
        if (cp >= 0xE1 && cp <= 0xEC && f->len - i >= 3 && (p[i + 1] & 0xC0) == 0x80 &&
            (p[i + 2] & 0xC0) == 0x80) {
            cp = (cp & 15) << 12 | (p[i + 1] & 63u) << 6 | (p[i + 2] & 63u);
            n = 3;
        } else if (cp >= 0xC2 && cp <= 0xDF && f->len - i >= 2 && (p[i + 1] & 0xC0) == 0x80) {
            cp = (cp & 31) << 6 | (p[i + 1] & 63u);
            n = 2;
        } else if (cp >= 0x80) {
            break;
        }
        uint32_t entry = jbk_fold_entry(cp);
        if ((entry & (JBK_FOLD_BOUNDARY | JBK_FOLD_EMPTY | JBK_FOLD_MULTI)) != JBK_FOLD_BOUNDARY)
            break;
        uint32_t value = entry & JBK_FOLD_VALUE;
        if (value) cp = value;
        if (cp >= 0x10000) break;
        size_t at = i;
        i += n;
        if (cp == ' ' && blank) continue;
        blank = cp == ' ';
        f->src_at = at;
        f->utf8_at = (size_t)(to - (unsigned char *)out->utf8.data);
        f->utf16_at = (size_t)(wide - out->utf16.at);
        if (cp < 0x80) {
            *to++ = (unsigned char)cp;
        } else if (cp < 0x800) {
            *to++ = (unsigned char)(0xC0 | cp >> 6);
            *to++ = (unsigned char)(0x80 | (cp & 63));
        } else {
            *to++ = (unsigned char)(0xE0 | cp >> 12);
            *to++ = (unsigned char)(0x80 | (cp >> 6 & 63));
            *to++ = (unsigned char)(0x80 | (cp & 63));
        }
        if (!narrow) *wide++ = (uint16_t)cp;
        out->utf8.len = (size_t)(to - (unsigned char *)out->utf8.data);
        if (out->want_map) put_map(out, at);
    }
    out->utf16.n = (size_t)(wide - out->utf16.at);
    return i;
}

void jbk_fold(jbk_folded *out, const char *src, size_t len) {
    out->utf8.len = out->utf16.n = out->map.n = 0;
    folder f = {.out = out, .src = src, .len = len};
    for (size_t i = 0; i < len;) {
        /* What folds simply grows at most from two bytes to three. */
        jbk_buf_reserve(&out->utf8, (len - i) * 2 + 16);
        jbk_vec_reserve(&out->utf16, len - i + 16);
        i = fold_simple(&f, i);
        if (i == len) break;
        size_t at = i;
        uint32_t cp = jbk_utf8_next(src, len, &i);
        uint32_t entry = jbk_fold_entry(cp);
        if (entry & JBK_FOLD_EMPTY) continue;
        if (entry & JBK_FOLD_BOUNDARY) {
            put_folded(&f, at, cp, entry);
        } else {
            i = span_end(&f, i);
            slow_span(&f, i);
        }
    }
    if (out->want_map) jbk_vec_push(&out->map, (uint32_t)len);
}

void jbk_folded_free(jbk_folded *f) {
    jbk_buf_free(&f->utf8);
    jbk_vec_free(&f->utf16);
    jbk_vec_free(&f->map);
}

void jbk_fold_source(const jbk_folded *f, size_t from, size_t to, size_t *src_from,
                     size_t *src_to) {
    *src_from = f->map.at[from];
    size_t end = to;
    /* Bytes of one normalised stretch share an offset: go to where the next one starts. */
    while (end < f->utf8.len && to > from && f->map.at[end] == f->map.at[to - 1]) end++;
    *src_to = f->map.at[end];
}

size_t jbk_fold_letters(const char *folded, size_t len, uint32_t *cp, uint32_t *at) {
    const unsigned char *p = (const unsigned char *)folded; /* well-formed, for it is a fold's */
    size_t n = 0;
    for (size_t i = 0; i < len;) {
        size_t from = i;
        uint32_t c = p[i];
        if (c < 0x80) {
            i += 1;
        } else if (c < 0xE0) {
            c = (c & 31) << 6 | (p[i + 1] & 63u);
            i += 2;
        } else if (c < 0xF0) {
            c = (c & 15) << 12 | (p[i + 1] & 63u) << 6 | (p[i + 2] & 63u);
            i += 3;
        } else {
            c = (c & 7) << 18 | (p[i + 1] & 63u) << 12 | (p[i + 2] & 63u) << 6 | (p[i + 3] & 63u);
            i += 4;
        }
        if (!(jbk_fold_entry(c) & JBK_FOLD_WORDY)) continue;
        cp[n] = c;
        at[n++] = (uint32_t)from;
    }
    return n;
}

uint64_t jbk_fold_digest(void) { return jbk_fold_table_digest; }

jbk_script jbk_cp_script(uint32_t cp) {
    return (jbk_script)(jbk_fold_entry(cp) >> JBK_FOLD_SCRIPT_SHIFT & 7);
}

bool jbk_cp_wordy(uint32_t cp) { return (jbk_fold_entry(cp) & JBK_FOLD_WORDY) != 0; }
bool jbk_cp_letter(uint32_t cp) {
    return (U_GET_GC_MASK((UChar32)cp) & (U_GC_L_MASK | U_GC_N_MASK)) != 0;
}
bool jbk_cp_alnum(uint32_t cp) { return (jbk_fold_entry(cp) & JBK_FOLD_ALNUM) != 0; }
bool jbk_cp_space(uint32_t cp) { return (jbk_fold_entry(cp) & JBK_FOLD_SPACE) != 0; }
