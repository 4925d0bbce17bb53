/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lang_letters.h"

#include "fold_entry.h"

#include <stddef.h>
#include <uchar.h>

/* Lower and upper case, one string a set. */
static const char32_t *const SETS[JBK_LETTER_SETS] = {
    [LET_BASHKIR] = U"ҡҙҫҠҘҪ",
    [LET_TAJIK] = U"ҷӣӯҶӢӮ",
    [LET_UZBEK_CYRL] = U"ўҳЎҲ",
    [LET_UKRAINIAN] = U"їєЇЄ",
    [LET_I] = U"іІ",
    [LET_TURKIC] = U"ыәғқңөұүһЫӘҒҚҢӨҰҮҺ",
    [LET_TATAR] = U"җҖ",
    [LET_KAZAKH] = U"ұіқғҰІҚҒ",
    [LET_SCHWA] = U"әӘ",
    [LET_ENG] = U"ңҢ",
    [LET_OE_UE] = U"өүӨҮ",
    [LET_YERY] = U"ыЫ",
    [LET_URDU] = U"ٹڈڑےں",
    [LET_TURKIC_ARAB] = U"ەۇڭۋۆۈېڭ",
    [LET_PERSIAN] = U"پچگیک",
    [LET_UYGHUR] = U"ئېۈغخژ",
    [LET_TOTE] = U"عءٴحٸٵٶٷ",
    [LET_Q] = U"qQ",
    [LET_KAZAKH_LATN] = U"äáöóūúüýşñğǵńıÄÁÖÓŪÚÜÝŞÑĞǴŃ",
    [LET_NOT_KAZAKH_LATN] = U"əxƏX",
    [LET_UZBEK_APOSTROPHE] = U"",
};

static bool in_set(const char32_t *set, uint32_t cp) {
    while (*set && *set != cp) set++;
    return *set != 0;
}

void jbk_letters_tally(uint32_t cp, uint32_t before, unsigned tally[JBK_LETTER_SETS]) {
    if (cp >= 0x4E00 && cp < 0xA000) return; /* Han, the common case */
    bool apostrophe = cp == '\'' || cp == 0x2018 || cp == 0x2019 || cp == 0x02BB || cp == 0x02BC;
    if (apostrophe && (before == 'o' || before == 'g' || before == 'O' || before == 'G'))
        tally[LET_UZBEK_APOSTROPHE]++;
    if (cp < 0x80 && cp != 'q' && cp != 'Q' && cp != 'x' && cp != 'X') return;
    for (int s = 0; s < JBK_LETTER_SETS; s++)
        if (in_set(SETS[s], cp)) tally[s]++;
}

bool jbk_han_is_traditional(uint32_t cp) {
    uint32_t e = jbk_fold_entry(cp);
    return !(e & (JBK_FOLD_MULTI | JBK_FOLD_EMPTY)) && (e & JBK_FOLD_VALUE) != 0;
}

bool jbk_han_is_simplified(uint32_t cp) {
    return (jbk_fold_entry(cp) & JBK_FOLD_TARGET) && !jbk_han_is_traditional(cp);
}
