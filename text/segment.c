/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "text/segment.h"

#include "base/utf8.h"
#include "fold_entry.h"
#include "u16.h"

#include <stdlib.h>
#include <unicode/ubrk.h>

struct jbk_segmenter {
    UBreakIterator *words;
};

jbk_status jbk_segmenter_new(jbk_segmenter **out, jbk_err *err) {
    UErrorCode e = U_ZERO_ERROR;
    UBreakIterator *words = ubrk_open(UBRK_WORD, "", NULL, 0, &e);
    *out = NULL;
    if (U_FAILURE(e))
        return jbk_fail(err, JBK_INTERNAL, "ubrk_open", "ICU has no word iterator: %s",
                        u_errorName(e));
    *out = jbk_alloc(sizeof **out);
    (*out)->words = words;
    return JBK_OK;
}

void jbk_segmenter_free(jbk_segmenter *s) {
    if (!s) return;
    ubrk_close(s->words);
    free(s);
}

/* Add a piece, cut where it is too long. */
static void add_piece(jbk_slices *terms, const char *text, size_t start, size_t len) {
    while (len > JBK_TERM_MAX) {
        size_t cut = jbk_utf8_cut(text + start, len, JBK_TERM_MAX);
        jbk_slice s = {(uint32_t)start, (uint32_t)cut};
        jbk_vec_push(terms, s);
        start += cut;
        len -= cut;
    }
    jbk_slice s = {(uint32_t)start, (uint32_t)len};
    jbk_vec_push(terms, s);
}

jbk_status jbk_segment(jbk_segmenter *s, const jbk_folded *text, jbk_slices *terms, jbk_err *err) {
    terms->n = 0;
    int32_t len = (int32_t)text->utf16.n;
    if (!len) return JBK_OK;
    UErrorCode e = U_ZERO_ERROR;
    ubrk_setText(s->words, text->utf16.at, len, &e);
    if (U_FAILURE(e))
        return jbk_fail(err, JBK_INTERNAL, "ubrk_setText", "ICU cannot segment: %s",
                        u_errorName(e));
    int32_t i = ubrk_first(s->words);
    size_t start = 0; /* of the piece, in UTF-8 bytes */
    for (int32_t end; (end = ubrk_next(s->words)) != UBRK_DONE;) {
        size_t bytes = 0;
        bool wordy = false;
        while (i < end) {
            uint32_t cp = jbk_u16_next(text->utf16.at, &i, end);
            bytes += cp < 0x80 ? 1 : cp < 0x800 ? 2 : cp < 0x10000 ? 3 : 4;
            wordy |= (jbk_fold_entry(cp) & JBK_FOLD_WORDY) != 0;
        }
        if (wordy) add_piece(terms, text->utf8.data, start, bytes);
        start += bytes;
    }
    return JBK_OK;
}

jbk_term_kind jbk_term_describe(const char *term, size_t len) {
    jbk_term_kind kind = {JBK_SCRIPT_NONE, len < JBK_TERM_MAX - 4};
    for (size_t i = 0; i < len;) {
        uint32_t e = jbk_fold_entry(jbk_utf8_next(term, len, &i));
        jbk_script script = (jbk_script)(e >> JBK_FOLD_SCRIPT_SHIFT & 15);
        if (kind.script == JBK_SCRIPT_NONE) kind.script = script;
        if (!(e & JBK_FOLD_ALNUM)) kind.plain = false;
    }
    return kind;
}
