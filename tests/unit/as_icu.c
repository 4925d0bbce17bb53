/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "as_icu.h"

#include "base/utf8.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

UBreakIterator *icu_words(void) {
    UErrorCode e = U_ZERO_ERROR;
    UBreakIterator *words = ubrk_open(UBRK_WORD, "", NULL, 0, &e);
    if (U_FAILURE(e)) abort();
    return words;
}

static bool alnum_at(const jbk_buf *s, size_t at) {
    return at < s->len && jbk_cp_alnum(jbk_utf8_next(s->data, s->len, &at));
}

static bool alnum_before(const jbk_buf *s, size_t at) {
    if (!at) return false;
    do at--;
    while (!jbk_utf8_is_start(s->data[at]));
    return alnum_at(s, at);
}

static size_t utf8_length(const uint16_t *units, int32_t n) {
    size_t len = 0;
    for (int32_t i = 0; i < n; i++) {
        bool pair = units[i] >= 0xD800 && units[i] < 0xDC00 && i + 1 < n;
        len += units[i] < 0x80 ? 1 : units[i] < 0x800 ? 2 : pair ? 4 : 3;
        i += pair;
    }
    return len;
}

static bool wordy_within(const jbk_buf *s, size_t from, size_t to) {
    while (from < to)
        if (jbk_cp_wordy(jbk_utf8_next(s->data, to, &from))) return true;
    return false;
}

/* Does the term go on with an apostrophe behind byte `end`, and end there? */
static bool has_apostrophe(const jbk_buf *s, const jbk_slice *t, size_t end) {
    size_t more = t->start + t->len - end;
    return (more == 1 && s->data[end] == '\'') || (more == 3 && !memcmp(s->data + end, "’", 3));
}

const char *differs_from_icu(UBreakIterator *words, const jbk_folded *folded,
                             const jbk_slices *terms) {
    static char wrong[128];
    const jbk_buf *s = &folded->utf8;
    UErrorCode e = U_ZERO_ERROR;
    size_t term = 0, start = 0, end = 0;
    ubrk_setText(words, folded->utf16.at, (int32_t)folded->utf16.n, &e);
    if (U_FAILURE(e)) abort();
    for (int32_t from = ubrk_first(words), to; (to = ubrk_next(words)) != UBRK_DONE; from = to) {
        end += utf8_length(folded->utf16.at + from, to - from);
        if (alnum_before(s, end) && alnum_at(s, end)) continue;
        if (wordy_within(s, start, end)) {
            const jbk_slice *t = &terms->at[term];
            bool same =
                term < terms->n && t->start == start &&
                (t->len == end - start || end - start > JBK_TERM_MAX || has_apostrophe(s, t, end));
            snprintf(wrong, sizeof wrong, "bytes %zu to %zu are not term %zu", start, end, term);
            if (!same) return wrong;
            do term++;
            while (term < terms->n && terms->at[term].start < end);
        }
        start = end;
    }
    snprintf(wrong, sizeof wrong, "%zu terms, not %zu", terms->n, term);
    return term == terms->n ? NULL : wrong;
}
