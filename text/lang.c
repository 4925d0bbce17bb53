/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Letters that only one of the languages writes decide.  The letter sets are orthographic
 * facts; the order of the questions was tuned on parallel sentences (FLORES-200). */
#include "text/lang.h"

#include "base/utf8.h"
#include "lang_letters.h"
#include "text/chars.h"

#include <unicode/uchar.h>

typedef struct {
    unsigned script[JBK_SCRIPT_OTHER + 1];
    unsigned letter[JBK_LETTER_SETS];
    unsigned traditional, simplified;
} tally;

static unsigned of(const tally *t, int set) { return t->letter[set]; }

static const char *cyrillic(const tally *t) {
    if (of(t, LET_BASHKIR)) return "ba";
    if (of(t, LET_TAJIK)) return "tg";
    /* Uzbek writes қ and ғ as well; і it never does, and Kazakh everywhere. */
    if (of(t, LET_UZBEK_CYRL) && !of(t, LET_I)) return "uz";
    if (of(t, LET_UKRAINIAN) || (of(t, LET_I) && !of(t, LET_TURKIC))) return "uk";
    if (of(t, LET_TATAR) && !of(t, LET_KAZAKH)) return "tt";
    if (of(t, LET_KAZAKH)) return "kk";
    if (of(t, LET_SCHWA)) return "tt";
    if (of(t, LET_ENG)) return "ky";
    /* ы is common in Kyrgyz and rare in Mongolian. */
    if (of(t, LET_OE_UE)) return of(t, LET_YERY) * 4 >= of(t, LET_OE_UE) ? "ky" : "mn";
    return "ru";
}

static const char *arabic(const tally *t) {
    if (of(t, LET_URDU)) return "ur";
    if (!of(t, LET_TURKIC_ARAB)) return of(t, LET_PERSIAN) ? "fa" : "ar";
    return of(t, LET_UYGHUR) > of(t, LET_TOTE) ? "ug" : "kk";
}

static const char *latin(const tally *t) {
    if (of(t, LET_Q) && of(t, LET_KAZAKH_LATN) && !of(t, LET_NOT_KAZAKH_LATN)) return "kk";
    if (of(t, LET_UZBEK_APOSTROPHE) >= 1 && of(t, LET_Q)) return "uz";
    return "en";
}

static const char *const SCRIPT_NAME[] = {"", "Hans", "Jpan", "Thai", "Cyrl", "Arab", "Latn", ""};

/* The beginning of a long text is enough. */
enum { LOOK_AT_BYTES = 6000 };

jbk_language jbk_language_detect(const char *text, size_t len) {
    tally t = {0};
    len = jbk_utf8_cut(text, len, LOOK_AT_BYTES);
    uint32_t before = 0;
    for (size_t i = 0; i < len;) {
        uint32_t cp = jbk_utf8_next(text, len, &i);
        if (cp < 0x80 && cp != '\'' && !u_isalpha((UChar32)cp)) {
            before = cp;
            continue;
        }
        t.script[jbk_cp_script(cp)]++;
        jbk_letters_tally(cp, before, t.letter);
        if (jbk_cp_script(cp) == JBK_SCRIPT_HAN) {
            if (jbk_han_is_traditional(cp)) t.traditional++;
            if (jbk_han_is_simplified(cp)) t.simplified++;
        }
        before = cp;
    }
    /* A Han character says more than a letter. */
    t.script[JBK_SCRIPT_HAN] *= 2;
    int best = 0;
    for (int s = 1; s <= JBK_SCRIPT_OTHER; s++)
        if (t.script[s] > (best ? t.script[best] : 0)) best = s;
    jbk_language r = {"und", SCRIPT_NAME[best]};
    switch (best) {
    case JBK_SCRIPT_HAN:
    case JBK_SCRIPT_KANA:
        if (t.script[JBK_SCRIPT_KANA] * 20 > t.script[JBK_SCRIPT_HAN]) {
            r.lang = "ja";
            r.script = "Jpan";
        } else {
            r.lang = "zh";
            r.script = t.traditional > t.simplified ? "Hant" : "Hans";
        }
        break;
    case JBK_SCRIPT_CYRL:
        r.lang = cyrillic(&t);
        break;
    case JBK_SCRIPT_ARAB:
        r.lang = arabic(&t);
        break;
    case JBK_SCRIPT_LATN:
        r.lang = latin(&t);
        break;
    case JBK_SCRIPT_THAI:
        r.lang = "und";
        r.script = "";
        break;
    default:
        break;
    }
    return r;
}
