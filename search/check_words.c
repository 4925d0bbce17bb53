/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The lexicon: each word once in the whole index, and of the kind its letters say.  That it is
 * sorted and its suffixes are complete the store has seen. */
#include "checker.h"

#include "text/segment.h"

#include <stdlib.h>

static const char *wrong_with(const jbk_check *c, size_t segment, const jbk_word_hit *w) {
    if (w->word.len > JBK_TERM_MAX) return "words: one is longer than a word can be";
    jbk_term_kind kind = jbk_term_describe(w->word.s, w->word.len);
    if (w->kind != (uint8_t)(kind.script | (kind.plain ? JBK_LEX_PLAIN : 0)))
        return "kinds of words: one is of another kind";
    for (size_t i = 0; i < segment; i++) {
        bool found = false;
        if (c->state[i].sound && c->segments[i].volume &&
            !jbk_volume_has_word(c->segments[i].volume, w->word.s, w->word.len, &found, NULL) &&
            found)
            return "words: one is in an earlier segment, too";
    }
    return NULL;
}

void jbk_check_words(jbk_check *c) {
    for (size_t i = 0; i < c->nsegments; i++) {
        if (!c->state[i].sound) continue;
        char *where = jbk_check_file(&c->segments[i], "records");
        uint32_t n = jbk_volume_words(c->segments[i].volume);
        for (uint32_t w = 0; w < n; w++) {
            jbk_word_hit hit;
            if (jbk_volume_word(c->segments[i].volume, w, &hit, NULL)) break;
            const char *what = wrong_with(c, i, &hit);
            if (what) jbk_check_find(c, JBK_NOT_FITTING, where, what, JBK_NO_ONE);
        }
        free(where);
    }
}
