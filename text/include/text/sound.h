/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What sounds or looks like a word: how people write a name so that a censor's list does not
 * find it.
 *
 * A word is a sequence of units.  A Han character with a pinyin is a unit, so is a digit (0 is
 * read ling, 1 yi, 2 er, ... 9 jiu), and so is each syllable of a run of Latin letters that is
 * pinyin from end to end (in the fewest syllables; of several ways, each syllable from the left
 * as long as possible).  Every other letter or digit is a unit of its own.  What is neither
 * letter nor digit is no unit.
 *
 * For a unit may stand: the character itself; one that looks like it (data/shapes.txt);
 * where it has a sound, every Han character and digit of that sound, and the sound's syllables
 * in Latin letters.  Syllables sound the same when they differ in zh z, ch c, sh s, and in ng n at
 * the end. */
#ifndef JBK_TEXT_SOUND_H
#define JBK_TEXT_SOUND_H

#include "base/mem.h"

typedef struct {
    JBK_VEC(uint32_t) chars;       /* code points that may stand for it, ascending */
    JBK_VEC(const char *) spelled; /* syllables that may, the longest first; static strings */
    size_t start, len;             /* bytes of the word that it is */
} jbk_sound_unit;
typedef JBK_VEC(jbk_sound_unit) jbk_sound_units;

/* Append the units of a folded word. */
void jbk_sound_units_of(const char *word, size_t len, jbk_sound_units *out);
void jbk_sound_units_free(jbk_sound_units *units);

#endif
