/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The lexicon: each word once in the whole index, of the kind its letters say, and with the keys
 * that are made of it.  That it is sorted and its suffixes are complete the store has seen. */
#include "checker.h"

#include "text/key_hash.h"
#include "text/segment.h"

#include <stdlib.h>

static const char *wrong_with(const jbk_check *c, size_t segment, uint32_t number,
                              const jbk_word_hit *w) {
    uint8_t given;
    if (w->word.len > JBK_TERM_MAX) return "words: one is longer than a word can be";
    jbk_term_kind kind = jbk_term_describe(w->word.s, w->word.len);
    if (jbk_volume_word_kind(c->segments[segment].volume, number, &given, NULL) ||
        given != (uint8_t)(kind.script | (kind.plain ? JBK_LEX_PLAIN : 0)))
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

/* Are the keys of a word there?  *due counts them. */
static bool has_keys(jbk_volume *v, jbk_stemmer *stemmer, uint32_t number, const jbk_word *w,
                     uint64_t *due) {
    jbk_keys keys;
    bool all = true;
    jbk_keys_of(stemmer, w->s, w->len, &keys);
    for (size_t k = 0; k < keys.n; k++) {
        uint32_t hash = jbk_key_sum(&keys.at[k]);
        bool again = false;
        for (size_t j = 0; j < k; j++) again |= jbk_key_sum(&keys.at[j]) == hash;
        *due += !again;
        all = all && jbk_volume_has_key(v, hash, number);
    }
    return all;
}

static void check_segment(jbk_check *c, size_t segment, jbk_stemmer *stemmer) {
    jbk_volume *v = c->segments[segment].volume;
    char *where = jbk_check_file(&c->segments[segment], "records");
    uint64_t maker = 0, due = 0;
    /* Keys that another version made are not used. */
    bool keyed = !jbk_volume_key_maker(v, &maker, NULL) && maker == jbk_keys_maker();
    uint32_t n = jbk_volume_words(v), i = 0;
    for (jbk_word_hit hit; i < n && !jbk_volume_word(v, i, &hit, NULL); i++) {
        const char *what = wrong_with(c, segment, i, &hit);
        if (what) jbk_check_find(c, JBK_NOT_FITTING, where, what, JBK_NO_ONE);
        if (keyed && !has_keys(v, stemmer, i, &hit.word, &due))
            jbk_check_find(c, JBK_NOT_FITTING, where, "keys of words: one lacks a key", JBK_NO_ONE);
    }
    if (keyed && i == n && jbk_volume_keys(v) != due)
        jbk_check_find(c, JBK_NOT_FITTING, where, "keys of words: there are others than the words'",
                       JBK_NO_ONE);
    free(where);
}

void jbk_check_words(jbk_check *c) {
    jbk_stemmer *stemmer;
    jbk_err err = {0};
    if (jbk_stemmer_new(&stemmer, &err)) {
        jbk_check_find_err(c, "words", &err, 0, 0);
        return;
    }
    for (size_t i = 0; i < c->nsegments; i++)
        if (c->state[i].sound) check_segment(c, i, stemmer);
    jbk_stemmer_free(stemmer);
}
