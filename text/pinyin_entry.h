/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The table that gen_pinyin.c makes, sorted by code point. */
#ifndef JBK_TEXT_PINYIN_ENTRY_H
#define JBK_TEXT_PINYIN_ENTRY_H

#include <stddef.h>
#include <stdint.h>

enum { JBK_SYLLABLE_BYTES = 8 };

typedef struct {
    uint32_t cp, syllable; /* a Han character; its place among the syllables */
} jbk_pinyin_entry;

extern const char jbk_pinyin_syllables[][JBK_SYLLABLE_BYTES]; /* an empty one ends them */
extern const size_t jbk_pinyin_characters;
extern const jbk_pinyin_entry jbk_pinyin_table[];

#endif
