/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A Kazakh word whatever its script: a row of sets, each the letters of the Cyrillic alphabet
 * that one place can stand for.  Cyrillic says one letter a place; Arabic ى is ы or і; к typed on
 * a Russian keyboard is к or қ.  All letters of one set have the same letter in the
 * script-neutral key, so the key does not depend on what a script leaves open. */
#ifndef JBK_TEXT_KK_LETTERS_H
#define JBK_TEXT_KK_LETTERS_H

#include "text/chars.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef uint64_t kk_set;
enum { KK_WORD_MAX = 64 }; /* characters of a word; it may be twice as many letters: я is йа */

typedef struct {
    size_t n;
    kk_set at[2 * KK_WORD_MAX];
    jbk_script script;
    /* Holds a letter that of the languages of its script Kazakh alone writes. */
    bool certain;
} kk_word;

/* The letters of the Cyrillic alphabet as bits; the set of those in a string of Cyrillic. */
kk_set kk_letters(const char *cyrillic);

/* Read a folded word.  False where it is not letters of one script, Kazakh's or its neighbours'
 * that Kazakh readers would type for its own.  `loose`: where nothing in the word shows that
 * the keyboard had all letters, one may stand for those that it lacked. */
bool kk_read(const char *word, size_t len, bool loose, kk_word *out);

/* Write the key of the first n letters; at most 2 bytes a letter.  Returns its length. */
size_t kk_key(const kk_word *w, size_t n, char *out);

/* The same with the double consonants that all scripts write alike.  letters[i] is what out[i] can
 * stand for; with KK_JOINED, also for two letters. */
#define KK_JOINED ((kk_set)1 << 62)
size_t kk_spell(const kk_word *w, char *out, kk_set *letters);
/* The key of n bytes of that. */
size_t kk_key_of_spelling(const char *s, size_t n, char *out);
/* The letters that are k in the key. */
kk_set kk_letters_of_key(char k);

#endif
