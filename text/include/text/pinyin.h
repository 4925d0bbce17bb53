/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How Chinese words sound: pinyin without tones, one reading a character. */
#ifndef JBK_TEXT_PINYIN_H
#define JBK_TEXT_PINYIN_H

#include "base/mem.h"

#include <stdbool.h>

/* The syllable of a Han character, e.g. "zhuang"; NULL where it has none.  Static. */
const char *jbk_pinyin_of(uint32_t cp);

/* Append the syllables of a folded word, with a blank between two.  False, and nothing is
 * appended, where a character of the word has none.  `loose` takes for one what many speakers
 * do: zh z, ch c, sh s, and ng n at the end. */
bool jbk_pinyin(const char *word, size_t len, bool loose, jbk_buf *out);

#endif
