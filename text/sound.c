/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "text/sound.h"

#include "base/utf8.h"
#include "pinyin_entry.h"
#include "shapes.h"
#include "text/chars.h"
#include "text/pinyin.h"

#include <stdlib.h>

/* --- syllables --- */

static const char *const DIGITS[10] = {"ling", "yi",  "er", "san", "si",
                                       "wu",   "liu", "qi", "ba",  "jiu"};

static const char *syllable_of(uint32_t cp) {
    if (cp >= '0' && cp <= '9') return DIGITS[cp - '0'];
    return cp == 0x3007 ? DIGITS[0] : jbk_pinyin_of(cp); /* 〇 */
}

/* The letter of a syllable at *i, past what many speakers do not hear. */
static char heard(const char *s, size_t *i) {
    char c = s[(*i)++];
    if (*i == 1 && strchr("zcs", c) && s[1] == 'h') (*i)++;
    if (c == 'n' && s[*i] == 'g' && !s[*i + 1]) (*i)++;
    return c;
}

static bool sounds_alike(const char *a, const char *b) {
    size_t i = 0, j = 0;
    while (a[i] && b[j])
        if (heard(a, &i) != heard(b, &j)) return false;
    return !a[i] && !b[j];
}

static bool is_syllable(const char *s, size_t len) {
    for (const char(*p)[JBK_SYLLABLE_BYTES] = jbk_pinyin_syllables; (*p)[0]; p++)
        if (strlen(*p) == len && !memcmp(*p, s, len)) return true;
    return false;
}

/* Lengths of the syllables of a run of Latin letters, from the left; false where it has letters
 * left over. */
typedef JBK_VEC(size_t) lengths;
static bool split_pinyin(const char *run, size_t n, lengths *out) {
    size_t *fewest = jbk_alloc((n + 1) * sizeof *fewest), *take = jbk_calloc(n + 1, sizeof *take);
    fewest[n] = 0;
    for (size_t i = n; i-- > 0;) {
        fewest[i] = SIZE_MAX;
        for (size_t k = 1; k < JBK_SYLLABLE_BYTES && i + k <= n; k++) {
            bool leads_on = fewest[i + k] != SIZE_MAX && is_syllable(run + i, k);
            if (!leads_on || fewest[i + k] + 1 > fewest[i]) continue;
            fewest[i] = fewest[i + k] + 1;
            take[i] = k; /* of several the longest, which is last */
        }
    }
    bool whole = n && fewest[0] != SIZE_MAX;
    for (size_t i = 0; whole && i < n; i += take[i]) jbk_vec_push(out, take[i]);
    free(fewest);
    free(take);
    return whole;
}

/* --- units --- */

static int by_number(const void *x, const void *y) {
    uint32_t a = *(const uint32_t *)x, b = *(const uint32_t *)y;
    return a < b ? -1 : a > b;
}

static int longest_first(const void *x, const void *y) {
    size_t a = strlen(*(const char *const *)x), b = strlen(*(const char *const *)y);
    return a > b ? -1 : a < b;
}

/* Syllables are few and characters many: each syllable is compared once. */
static void add_sound(jbk_sound_unit *u, const char *syllable) {
    JBK_VEC(bool) alike = {0};
    for (const char(*p)[JBK_SYLLABLE_BYTES] = jbk_pinyin_syllables; (*p)[0]; p++) {
        jbk_vec_push(&alike, sounds_alike(*p, syllable));
        if (alike.at[alike.n - 1]) jbk_vec_push(&u->spelled, (const char *)*p);
    }
    for (size_t i = 0; i < jbk_pinyin_characters; i++)
        if (alike.at[jbk_pinyin_table[i].syllable]) jbk_vec_push(&u->chars, jbk_pinyin_table[i].cp);
    jbk_vec_free(&alike);
    for (uint32_t d = 0; d < 10; d++)
        if (sounds_alike(DIGITS[d], syllable)) jbk_vec_push(&u->chars, '0' + d);
    if (sounds_alike(DIGITS[0], syllable)) jbk_vec_push(&u->chars, 0x3007);
    qsort(u->spelled.at, u->spelled.n, sizeof *u->spelled.at, longest_first);
}

static void add_looks(jbk_sound_unit *u, uint32_t cp) {
    for (const char *const *group = jbk_shapes; *group; group++) {
        size_t len = strlen(*group);
        bool in = false;
        for (size_t i = 0; i < len && !in;) in = jbk_utf8_next(*group, len, &i) == cp;
        for (size_t i = 0; i < len && in;) jbk_vec_push(&u->chars, jbk_utf8_next(*group, len, &i));
    }
}

/* The unit at word[start .. end): a character (0: none) and a syllable (NULL: none). */
static void add_unit(jbk_sound_units *out, size_t start, size_t end, uint32_t cp,
                     const char *syllable) {
    jbk_sound_unit u = {.start = start, .len = end - start};
    if (cp) {
        jbk_vec_push(&u.chars, cp);
        add_looks(&u, cp);
    }
    if (syllable) add_sound(&u, syllable);
    if (u.chars.n) qsort(u.chars.at, u.chars.n, sizeof *u.chars.at, by_number);
    size_t kept = 0;
    for (size_t i = 0; i < u.chars.n; i++)
        if (!kept || u.chars.at[kept - 1] != u.chars.at[i]) u.chars.at[kept++] = u.chars.at[i];
    u.chars.n = kept;
    jbk_vec_push(out, u);
}

static bool is_latin(char c) { return c >= 'a' && c <= 'z'; }

/* The run of Latin letters at byte i as syllables; its length, or 0 where it is not pinyin. */
static size_t add_run(const char *word, size_t len, size_t i, jbk_sound_units *out) {
    size_t n = 0;
    lengths syllables = {0};
    while (i + n < len && is_latin(word[i + n])) n++;
    if (!split_pinyin(word + i, n, &syllables)) n = 0;
    for (size_t k = 0; k < syllables.n; i += syllables.at[k++]) {
        char syllable[JBK_SYLLABLE_BYTES] = {0};
        memcpy(syllable, word + i, syllables.at[k]);
        add_unit(out, i, i + syllables.at[k], 0, syllable);
    }
    jbk_vec_free(&syllables);
    return n;
}

void jbk_sound_units_of(const char *word, size_t len, jbk_sound_units *out) {
    bool in_run = false; /* of Latin letters that are not pinyin */
    for (size_t i = 0; i < len;) {
        size_t run = is_latin(word[i]) && !in_run ? add_run(word, len, i, out) : 0;
        i += run;
        if (run) continue;
        in_run = is_latin(word[i]);
        size_t start = i;
        uint32_t cp = jbk_utf8_next(word, len, &i);
        if (jbk_cp_letter(cp)) add_unit(out, start, i, cp, syllable_of(cp));
    }
}

void jbk_sound_units_free(jbk_sound_units *units) {
    for (size_t i = 0; i < units->n; i++) {
        jbk_vec_free(&units->at[i].chars);
        jbk_vec_free(&units->at[i].spelled);
    }
    jbk_vec_free(units);
}
