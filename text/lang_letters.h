/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef JBK_TEXT_LANG_LETTERS_H
#define JBK_TEXT_LANG_LETTERS_H

#include <stdbool.h>
#include <stdint.h>

/* Sets of letters, each telling for or against a language. */
enum {
    LET_BASHKIR,
    LET_TAJIK,
    LET_UZBEK_CYRL,
    LET_UKRAINIAN,
    LET_I,
    LET_TURKIC,
    LET_TATAR,
    LET_KAZAKH,
    LET_SCHWA,
    LET_ENG,
    LET_OE_UE,
    LET_YERY,
    LET_URDU,
    LET_TURKIC_ARAB,
    LET_PERSIAN,
    LET_UYGHUR,
    LET_TOTE,
    LET_Q,
    LET_KAZAKH_LATN,
    LET_NOT_KAZAKH_LATN,
    LET_UZBEK_APOSTROPHE,
    JBK_LETTER_SETS
};

/* Count `cp` in every set that holds it; `before` is the code point before it. */
void jbk_letters_tally(uint32_t cp, uint32_t before, unsigned tally[JBK_LETTER_SETS]);

/* Folds to another character; is what another character folds to, and stands for itself. */
bool jbk_han_is_traditional(uint32_t cp);
bool jbk_han_is_simplified(uint32_t cp);

#endif
