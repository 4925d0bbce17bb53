/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "context.h"

#include "base/args.h"
#include "base/utf8.h"
#include "text/chars.h"

#include <stdlib.h>

enum { MOST = 1000000 };

jbk_status jbk_context_parse(const char *spec, jbk_context *out, jbk_err *err) {
    char digits[24];
    uint64_t n;
    size_t len = strlen(spec);
    char unit = len ? spec[len - 1] : 0;
    if (unit == 'c' || unit == 'w') len--;
    if (len < sizeof digits) {
        memcpy(digits, spec, len);
        digits[len] = '\0';
        if (jbk_parse_number(digits, MOST, &n)) {
            out->n = (uint32_t)n;
            out->unit = unit == 'c'   ? JBK_CONTEXT_CHARACTERS
                        : unit == 'w' ? JBK_CONTEXT_WORDS
                                      : JBK_CONTEXT_COLUMNS;
            return JBK_OK;
        }
    }
    return jbk_fail(err, JBK_USAGE, "args",
                    "--context cannot be '%s'; it is columns (40), characters (40c) or words (8w)",
                    spec);
}

void jbk_context_free(jbk_context *c) {
    jbk_segmenter_free(c->segmenter);
    jbk_folded_free(&c->folded);
    jbk_vec_free(&c->words);
}

static size_t step_back(const char *s, size_t i) {
    do i--;
    while (i && !jbk_utf8_is_start(s[i]));
    return i;
}

static uint32_t cp_at(jbk_str s, size_t at) { return jbk_utf8_next(s.s, s.len, &at); }

/* What a code point takes of the context, beside one that is white space or not. */
static uint32_t price(const jbk_context *c, uint32_t cp, bool *white) {
    if (c->unit == JBK_CONTEXT_CHARACTERS) return 1;
    bool was = *white;
    *white = jbk_cp_space(cp);
    return *white ? !was : (uint32_t)jbk_cp_width(cp);
}

static size_t step_left(const jbk_context *c, jbk_str s, size_t start) {
    size_t at = start;
    bool white = false;
    for (uint32_t used = 0; at;) {
        size_t next = step_back(s.s, at);
        used += price(c, cp_at(s, next), &white);
        if (used > c->n) break;
        at = next;
    }
    /* Marks of a character that no longer fits. */
    while (at && at < start && !jbk_cp_width(cp_at(s, at))) jbk_utf8_next(s.s, s.len, &at);
    return at;
}

static size_t step_right(const jbk_context *c, jbk_str s, size_t end) {
    size_t at = end;
    bool white = false;
    for (uint32_t used = 0; at < s.len;) {
        used += price(c, cp_at(s, at), &white);
        if (used > c->n) break;
        jbk_utf8_next(s.s, s.len, &at);
    }
    return at;
}

static jbk_status cut_words(jbk_context *c, uint64_t text, jbk_str s, jbk_err *err) {
    if (c->text == text + 1) return JBK_OK;
    c->text = 0;
    jbk_status status = c->segmenter ? JBK_OK : jbk_segmenter_new(&c->segmenter, err);
    if (status) return status;
    c->folded.want_map = true;
    jbk_fold(&c->folded, s.s, s.len);
    status = jbk_segment(c->segmenter, &c->folded, &c->words, err);
    if (!status) c->text = text + 1;
    return status;
}

/* Where word i begins and ends in the source. */
static void word_at(const jbk_context *c, size_t i, size_t *from, size_t *to) {
    const jbk_slice *w = &c->words.at[i];
    jbk_fold_source(&c->folded, w->start, w->start + w->len, from, to);
}

/* The first word that begins at `at` or behind it, or with `end` one that ends behind it. */
static size_t first_word(const jbk_context *c, size_t at, bool end) {
    size_t low = 0, high = c->words.n, from, to;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        word_at(c, mid, &from, &to);
        if (end ? to <= at : from < at)
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}

static void words_around(const jbk_context *c, jbk_str s, size_t start, size_t end, size_t *left,
                         size_t *right) {
    size_t first = first_word(c, start, false), last = first_word(c, end, true), ignored;
    *left = c->n ? 0 : start;
    *right = c->n ? s.len : end;
    if (!c->n) return;
    if (first > c->n) word_at(c, first - c->n, left, &ignored);
    if (last + c->n < c->words.n) word_at(c, last + c->n - 1, &ignored, right);
}

jbk_status jbk_context_around(jbk_context *c, uint64_t text, jbk_str s, size_t start, size_t end,
                              size_t *left, size_t *right, jbk_err *err) {
    jbk_status status = JBK_OK;
    if (c->unit == JBK_CONTEXT_WORDS) {
        status = cut_words(c, text, s, err);
        if (!status) words_around(c, s, start, end, left, right);
    } else {
        *left = step_left(c, s, start);
        *right = step_right(c, s, end);
    }
    return status;
}
