/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a code point is, as far as matching is concerned. */
#ifndef JBK_TEXT_CHARS_H
#define JBK_TEXT_CHARS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef enum {
    JBK_SCRIPT_NONE, /* digits, punctuation, marks of no script */
    JBK_SCRIPT_HAN,
    JBK_SCRIPT_KANA,
    JBK_SCRIPT_THAI, /* and Lao, Khmer, Myanmar: written without blanks */
    JBK_SCRIPT_CYRL,
    JBK_SCRIPT_ARAB,
    JBK_SCRIPT_LATN,
    JBK_SCRIPT_OTHER
} jbk_script;

jbk_script jbk_cp_script(uint32_t cp);
/* Letter, mark or digit (general categories L, M, N): every one is covered by a term. */
bool jbk_cp_wordy(uint32_t cp);
bool jbk_cp_letter(uint32_t cp); /* Letter or digit (L, N), of any script */
/* Letter or digit of a script that separates its words: not Han, Kana, Thai and their like.
 * Where a quotation ends in one, the text may not go on with another. */
bool jbk_cp_alnum(uint32_t cp);
bool jbk_cp_space(uint32_t cp); /* White_Space */

const char *jbk_text_version(void); /* of ICU */

/* Columns a terminal gives to the code point: 0 for marks, 2 for East Asian wide, else 1. */
int jbk_cp_width(uint32_t cp);

#endif
