/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "names_words.h"

#include "base/utf8.h"
#include "text/chars.h"
#include "text/keys.h"

#include <stdlib.h>

enum { WORD_MAX = 96, KEY_MARK = 1, BARE_MARK = 2, KEY_MIN = 5, STEM_MIN = 2 };
enum { BARE_MIN = 13 };  /* a byte and six letters */
enum { PEOPLE_MIN = 6 }; /* bytes before -ец: нем-ец */
enum { LIK_MIN = 8 };    /* and before -дық: итал-дық */

/* --- letters --- */

static bool is_apostrophe(uint32_t cp) {
    return cp == '\'' || cp == '`' || cp == 0xB4 || (cp >= 0x2BB && cp <= 0x2BD) ||
           (cp >= 0x2018 && cp <= 0x201B);
}

/* Without apostrophes and dots: Kazakhstan's, Oʻzbekiston, U.S.  Returns the length, 0 where it is
 * too long. */
static size_t plain(const char *s, size_t len, char out[WORD_MAX]) {
    size_t n = 0;
    if (len >= WORD_MAX) return 0;
    for (size_t i = 0, at = 0; i < len; at = i) {
        if (s[i] == '.' || is_apostrophe(jbk_utf8_next(s, len, &i))) {
            i = at + jbk_utf8_len((unsigned char)s[at]);
            continue;
        }
        memcpy(out + n, s + at, i - at);
        n += i - at;
    }
    return n;
}

static size_t without_last(const char *s, size_t len) {
    while (len && !jbk_utf8_is_start(s[--len])) {
    }
    return len;
}

static bool ends_in(const char *s, size_t len, const char *tail) {
    size_t n = strlen(tail);
    return len > n && !memcmp(s + len - n, tail, n);
}

static bool is_script(const char *s, size_t len, jbk_script script) {
    size_t i = 0;
    return jbk_cp_script(jbk_utf8_next(s, len, &i)) == script;
}

/* --- stems --- */

static void add_stem(name_words *w, uint32_t part, const char *s, size_t len, jbk_name_ends ends) {
    if (!len) return;
    uint32_t n = jbk_intern_add(&w->stems, s, len);
    while (n >= w->first.n) jbk_vec_push(&w->first, 0);
    for (uint32_t i = w->first.at[n]; i; i = w->at.at[i - 1].next)
        if (w->at.at[i - 1].part == part && w->at.at[i - 1].ends == ends) return;
    jbk_vec_push(&w->at, ((name_stem){part, (uint8_t)ends, w->first.at[n]}));
    w->first.at[n] = (uint32_t)w->at.n;
}

/* Of an Uyghur word without its ى, which writers put between consonants or leave out: گرېتسىيە,
 * گىرېتسىيە.  Returns the length, 0 where too little is left. */
static size_t bare(const char *s, size_t len, char out[WORD_MAX + 1]) {
    size_t n = 1;
    out[0] = BARE_MARK;
    for (size_t i = 0; i < len; i++) {
        if (len - i >= 2 && !memcmp(s + i, "ى", 2))
            i++;
        else
            out[n++] = s[i];
    }
    return n >= BARE_MIN ? n : 0;
}

static void add_english(name_words *w, uint32_t part, const char *s, size_t len, bool last) {
    bool people = last && len >= 4;
    add_stem(w, part, s, len, people ? JBK_ENDS_EN_PEOPLE : last ? JBK_ENDS_EN : JBK_ENDS_NOT);
    if (people && strchr("aeioy", s[len - 1])) add_stem(w, part, s, len - 1, JBK_ENDS_EN_CUT);
}

static void add_russian(name_words *w, uint32_t part, const char *s, size_t len) {
    static const char *const ADJECTIVE[] = {"ий", "ый", "ая", "ое", "ые", "ие"};
    for (size_t i = 0; i < sizeof ADJECTIVE / sizeof *ADJECTIVE; i++) {
        if (len < 10 || !ends_in(s, len, ADJECTIVE[i])) continue;
        size_t stem = len - strlen(ADJECTIVE[i]);
        add_stem(w, part, s, stem, JBK_ENDS_RU_ADJECTIVE);
        if (!ends_in(s, stem, "ск") && !ends_in(s, stem, "цк")) return;
        stem -= strlen("ск"); /* the people: американец, китаец */
        if (ends_in(s, stem, "е") && ends_in(s, len, "цкий")) stem -= strlen("е");
        if (stem < PEOPLE_MIN) return;
        add_stem(w, part, s, stem, JBK_ENDS_RU_PEOPLE);
        if (ends_in(s, stem, "й") && stem > PEOPLE_MIN)
            add_stem(w, part, s, stem - strlen("й"), JBK_ENDS_RU_PEOPLE);
        return;
    }
    size_t cut = without_last(s, len);
    if (ends_in(s, len, "ия") || ends_in(s, len, "ья") || ends_in(s, len, "ея"))
        add_stem(w, part, s, cut, JBK_ENDS_RU_IA);
    else if (!ends_in(s, len, "оа") && (ends_in(s, len, "а") || ends_in(s, len, "я")))
        add_stem(w, part, s, cut, JBK_ENDS_RU_A);
    else if (ends_in(s, len, "ь") || ends_in(s, len, "й"))
        add_stem(w, part, s, cut, JBK_ENDS_RU_SOFT);
    else if (ends_in(s, len, "ы"))
        add_stem(w, part, s, cut, JBK_ENDS_RU_PLURAL);
    else if (ends_in(s, len, "оа") || ends_in(s, len, "и") || ends_in(s, len, "о") ||
             ends_in(s, len, "у") || ends_in(s, len, "е"))
        add_stem(w, part, s, len, JBK_ENDS_NOT);
    else
        add_stem(w, part, s, len, JBK_ENDS_RU_HARD);
}

static void add_turkic_stem(name_words *w, uint32_t part, const char *s, size_t len,
                            jbk_name_ends ends) {
    char other[WORD_MAX + 1];
    size_t n = is_script(s, len, JBK_SCRIPT_ARAB) ? bare(s, len, other) : 0;
    add_stem(w, part, s, len, ends);
    if (n) add_stem(w, part, other, n, ends);
}

/* Sounds that change before a suffix: қазақ-ы қазағы, ئامېرىكا-نىڭ ئامېرىكىنىڭ. */
static void add_turkic(name_words *w, uint32_t part, const char *s, size_t len, bool key) {
    static const char *const SOFTENED[][2] = {{"қ", "ғ"}, {"к", "г"}, {"п", "б"}, {"ق", "غ"},
                                              {"ك", "گ"}, {"پ", "ب"}, {"ا", "ى"}, {"ە", "ى"}};
    add_turkic_stem(w, part, s, len, JBK_ENDS_TURKIC);
    for (size_t i = 0; i < sizeof SOFTENED / sizeof *SOFTENED; i++) {
        if (!ends_in(s, len, SOFTENED[i][0])) continue;
        char other[WORD_MAX];
        size_t cut = without_last(s, len), n = strlen(SOFTENED[i][1]);
        memcpy(other, s, cut);
        memcpy(other + cut, SOFTENED[i][1], n);
        add_turkic_stem(w, part, other, cut + n, JBK_ENDS_TURKIC_SOME);
    }
    if (ends_in(s, len, "ь")) /* Тайвандын */
        add_stem(w, part, s, len - strlen("ь"), JBK_ENDS_TURKIC_SOME);
    size_t stem = len - strlen("ия");
    if (ends_in(s, len, "ия") && stem >= LIK_MIN) add_stem(w, part, s, stem, JBK_ENDS_TURKIC_LIK);
    jbk_key k;
    if (!key || !jbk_script_key(JBK_KEY_KK, s, len, &k)) return;
    char marked[JBK_KEY_BYTES + 1] = {KEY_MARK};
    memcpy(marked + 1, k.bytes, k.len);
    add_stem(w, part, marked, (size_t)k.len + 1, JBK_ENDS_TURKIC);
}

uint32_t name_words_add(name_words *w, const jbk_name_row *row, const char *s, size_t len,
                        bool last) {
    char word[WORD_MAX];
    uint32_t part = jbk_intern_add(&w->parts, s, len);
    size_t n = plain(s, len, word);
    if (!n) return part;
    if (row->flags & JBK_NAME_CAPS && row->lang != JBK_NAME_TURKIC)
        add_stem(w, part, word, n, row->lang == JBK_NAME_EN ? JBK_ENDS_EN : JBK_ENDS_NOT);
    else if (row->lang == JBK_NAME_EN)
        add_english(w, part, word, n, last);
    else if (row->lang == JBK_NAME_RU)
        add_russian(w, part, word, n);
    else
        add_turkic(w, part, word, n, row->flags & JBK_NAME_KEY);
    return part;
}

/* --- looking up --- */

/* How a word is looked at: as it is written, without ى, or by its script key. */
typedef enum { AS_WRITTEN, AS_BARE, AS_KEY } look_as;

/* The stems that `s` is a form of, the longest first. */
static void look(const name_words *w, const char *s, size_t len, size_t min, look_as as,
                 name_forms *out) {
    char other[WORD_MAX + 1];
    for (size_t end = len; end >= min; end = without_last(s, end)) {
        uint32_t stem;
        size_t n = as == AS_BARE ? bare(s, end, other) : end;
        if (!n || !jbk_intern_find(&w->stems, as == AS_BARE ? other : s, n, &stem)) continue;
        for (uint32_t i = w->first.at[stem]; i && out->n < NAME_FORMS_MAX;
             i = w->at.at[i - 1].next) {
            const name_stem *x = &w->at.at[i - 1];
            jbk_name_ends ends = (jbk_name_ends)x->ends;
            bool people = false, known = false;
            if (!(as == AS_KEY ? jbk_name_key_may_end : jbk_name_may_end)(ends, s + end, len - end,
                                                                          &people))
                continue;
            uint32_t part = x->part | (people ? NAME_PEOPLE : 0);
            for (uint32_t k = 0; k < out->n; k++) known |= out->part[k] == part;
            if (!known) out->part[out->n++] = part;
        }
    }
}

void name_words_look(const name_words *w, const char *s, size_t len, name_forms *out) {
    char word[WORD_MAX];
    size_t n = plain(s, len, word);
    out->n = 0;
    if (!n) return;
    look(w, word, n, STEM_MIN, AS_WRITTEN, out);
    if (out->n || is_script(word, n, JBK_SCRIPT_CYRL)) return;
    if (is_script(word, n, JBK_SCRIPT_ARAB)) look(w, word, n, STEM_MIN, AS_BARE, out);
    jbk_key k;
    char marked[JBK_KEY_BYTES + 1] = {KEY_MARK};
    if (out->n || !jbk_script_key(JBK_KEY_KK, s, len, &k) || k.len < KEY_MIN) return;
    memcpy(marked + 1, k.bytes, k.len);
    look(w, marked, (size_t)k.len + 1, KEY_MIN + 1, AS_KEY, out);
}

void name_words_free(name_words *w) {
    jbk_intern_free(&w->parts);
    jbk_intern_free(&w->stems);
    jbk_vec_free(&w->first);
    jbk_vec_free(&w->at);
}
