/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Script first, by counting; then among the languages of the script the one for which letters,
 * words and endings say most. */
#include "text/lang.h"

#include "base/utf8.h"
#include "fold_entry.h"
#include "lang_profiles.h"

#include <pthread.h>

/* --- the profiles, looked up by letter and by word --- */

enum { LETTERS_END = 0x700, SLOTS = 2048, WORD_BYTES = 24, ENDING_MIN = 2, ENDING_MAX = 4 };

typedef struct {
    char bytes[WORD_BYTES]; /* an ending has a '-' before it */
    uint8_t len;            /* 0: empty */
    uint16_t profiles;      /* bits */
} entry;

static int8_t letter_weight[LETTERS_END][JBK_LANG_PROFILES];
static bool letter_tells[LETTERS_END];
static entry table[SLOTS];

static entry *slot_of(const char *s, size_t len) {
    uint32_t h = 2166136261u;
    for (size_t i = 0; i < len; i++) h = (h ^ (unsigned char)s[i]) * 16777619u;
    entry *e = &table[(h ^ h >> 15) % SLOTS];
    while (e->len && (e->len != len || memcmp(e->bytes, s, len)))
        e = e + 1 < table + SLOTS ? e + 1 : table;
    return e;
}

static void add_letters(int profile, const char *letters, int weight) {
    size_t len = strlen(letters);
    for (size_t i = 0; i < len;) {
        uint32_t cp = jbk_utf8_next(letters, len, &i);
        letter_weight[cp][profile] = (int8_t)weight;
        letter_tells[cp] = true;
    }
}

static void add_words(int profile, const char *words, bool endings) {
    for (size_t n; *words; words += n + (words[n] == ' ')) {
        n = strcspn(words, " ");
        char bytes[WORD_BYTES] = "-";
        size_t len = n + endings;
        memcpy(bytes + endings, words, n);
        entry *e = slot_of(bytes, len);
        memcpy(e->bytes, bytes, len);
        e->len = (uint8_t)len;
        e->profiles |= (uint16_t)(1u << profile);
    }
}

static void load(void) {
    for (int p = 0; p < JBK_LANG_PROFILES; p++) {
        const jbk_lang_profile *l = &jbk_lang_profiles[p];
        add_letters(p, l->shared, JBK_LANG_SHARED);
        add_letters(p, l->own, JBK_LANG_OWN);
        add_letters(p, l->foreign, JBK_LANG_FOREIGN);
        add_words(p, l->words, false);
        add_words(p, l->endings, true);
    }
}

/* --- a text --- */

typedef struct {
    unsigned script[JBK_SCRIPT_OTHER + 1];
    unsigned traditional, simplified;
    int score[JBK_LANG_PROFILES];
    /* The word so far, lower case: an apostrophe may be inside it. */
    char word[64];
    size_t len, letters, start[8]; /* start: where the last letters begin, a ring */
    uint32_t before;               /* the letter before */
} tally;

static void vote(tally *t, const char *s, size_t len, int weight) {
    if (len >= WORD_BYTES) return;
    const entry *e = slot_of(s, len);
    for (unsigned p = e->len ? e->profiles : 0; p; p &= p - 1) t->score[__builtin_ctz(p)] += weight;
}

static void end_word(tally *t) {
    while (t->len && t->word[t->len - 1] == '\'') t->len--;
    if (t->len && t->len < sizeof t->word - 8) {
        vote(t, t->word, t->len, JBK_LANG_WORD);
        for (size_t n = ENDING_MIN; n <= ENDING_MAX && n < t->letters; n++) {
            size_t at = t->start[(t->letters - n) % 8];
            char ending[WORD_BYTES] = "-";
            if (at >= t->len || t->len - at >= WORD_BYTES - 1) continue;
            memcpy(ending + 1, t->word + at, t->len - at);
            vote(t, ending, t->len - at + 1, JBK_LANG_ENDING);
        }
    }
    t->len = t->letters = 0;
    t->before = 0;
}

static void profile_votes(tally *t, const char *lang, jbk_script script, int weight) {
    for (int p = 0; p < JBK_LANG_PROFILES; p++)
        if (jbk_lang_profiles[p].script == script && !strcmp(jbk_lang_profiles[p].lang, lang))
            t->score[p] += weight;
}

/* What two letters beside each other tell. */
static void pair(tally *t, uint32_t a, uint32_t b) {
    if (a == 'q' && b != 'u') {
        profile_votes(t, "kk", JBK_SCRIPT_LATN, 2);
        profile_votes(t, "uz", JBK_SCRIPT_LATN, 2);
    }
    /* Before о, a and g of Uzbek and before many of Kazakh in 2017; English has it elsewhere. */
    if (a == '\'' && b != 's' && b != 't') {
        profile_votes(t, "uz", JBK_SCRIPT_LATN, 1);
        profile_votes(t, "kk", JBK_SCRIPT_LATN, 1);
    }
    if (b == '\'' && (a == 'o' || a == 'g')) profile_votes(t, "uz", JBK_SCRIPT_LATN, 2);
    if (b == '\'' && a < 0x80 && strchr("anyuic", (int)a))
        profile_votes(t, "kk", JBK_SCRIPT_LATN, 2);
    bool open = b == U'а' || b == U'о' || b == U'у' || b == U'ү' || b == U'ө' || b == U'э';
    if (a == b && open) {
        profile_votes(t, "ky", JBK_SCRIPT_CYRL, 3);
        profile_votes(t, "mn", JBK_SCRIPT_CYRL, 2);
    }
    /* Uyghur writes a carrier before a vowel that begins a word. */
    if (!a && (b == U'ا' || b == U'ە' || b == U'و' || b == U'ۇ' || b == U'ى')) {
        profile_votes(t, "ug", JBK_SCRIPT_ARAB, -4);
        profile_votes(t, "kk", JBK_SCRIPT_ARAB, 1);
    }
}

static uint32_t lower(uint32_t cp, uint32_t e) {
    if (cp == U'ё' || cp == U'Ё') return U'ё';
    if (cp >= U'\u0675' && cp <= U'\u0678') return U'ٴ';
    if (cp == 0x2018 || cp == 0x2019 || cp == 0x02BB || cp == 0x02BC || cp == 0x60) return '\'';
    if (e & (JBK_FOLD_MULTI | JBK_FOLD_EMPTY)) return cp;
    return e & JBK_FOLD_VALUE ? e & JBK_FOLD_VALUE : cp;
}

static void add_letter(tally *t, uint32_t cp) {
    pair(t, t->before, cp);
    t->before = cp;
    t->start[t->letters++ % 8] = t->len;
    if (t->len + 4 < sizeof t->word) {
        if (cp < 0x80) {
            t->word[t->len++] = (char)cp;
        } else if (cp < 0x800) {
            t->word[t->len++] = (char)(0xC0 | cp >> 6);
            t->word[t->len++] = (char)(0x80 | (cp & 63));
        }
    }
    if (cp < LETTERS_END && letter_tells[cp])
        for (int p = 0; p < JBK_LANG_PROFILES; p++) t->score[p] += letter_weight[cp][p];
}

static jbk_script script_of(uint32_t e) { return (jbk_script)(e >> JBK_FOLD_SCRIPT_SHIFT & 7); }

/* The Han characters from *i on, without a branch for each.  *e is the entry of what comes behind
 * them, which *cp is; false where nothing does. */
static bool count_han(tally *t, const char *text, size_t len, size_t *i, uint32_t *cp,
                      uint32_t *e) {
    unsigned all = 0, traditional = 0, simplified = 0;
    bool more = false;
    while (*i < len && !more) {
        *cp = jbk_utf8_next(text, len, i);
        *e = jbk_fold_entry(*cp);
        more = script_of(*e) != JBK_SCRIPT_HAN;
        bool one = !(*e & (JBK_FOLD_MULTI | JBK_FOLD_EMPTY)), folds = one & !!(*e & JBK_FOLD_VALUE);
        all += !more;
        traditional += !more & folds;
        simplified += !more & !folds & !!(*e & JBK_FOLD_TARGET);
    }
    t->script[JBK_SCRIPT_HAN] += all;
    t->traditional += traditional;
    t->simplified += simplified;
    return more;
}

static void read_text(tally *t, const char *text, size_t len) {
    uint32_t cp, e;
    for (size_t i = 0; count_han(t, text, len, &i, &cp, &e);) {
        jbk_script script = script_of(e);
        cp = lower(cp, e);
        bool apostrophe = cp == '\'' && t->letters;
        if (script == JBK_SCRIPT_CYRL || script == JBK_SCRIPT_ARAB || script == JBK_SCRIPT_LATN ||
            apostrophe || cp == U'ٴ') {
            add_letter(t, cp);
            if (!apostrophe) t->script[script]++;
        } else {
            if (e & JBK_FOLD_WORDY) t->script[script]++;
            if (t->letters) end_word(t);
        }
    }
    end_word(t);
}

static const char *best_of(const tally *t, jbk_script script) {
    const char *best = "und";
    int most = INT16_MIN;
    for (int p = 0; p < JBK_LANG_PROFILES; p++) {
        int score = t->score[p] + jbk_lang_profiles[p].prior;
        if (jbk_lang_profiles[p].script != script || score <= most) continue;
        best = jbk_lang_profiles[p].lang;
        most = score;
    }
    return best;
}

static const char *const SCRIPT_NAME[] = {"", "Hans", "Jpan", "", "Cyrl", "Arab", "Latn", ""};

/* The beginning of a long text is enough; a Han character says more than a letter. */
enum { LOOK_AT_BYTES = 3000, HAN_WEIGHT = 3 };

jbk_language jbk_language_detect(const char *text, size_t len) {
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, load);
    tally t = {0};
    read_text(&t, text, jbk_utf8_cut(text, len, LOOK_AT_BYTES));
    unsigned han = t.script[JBK_SCRIPT_HAN], kana = t.script[JBK_SCRIPT_KANA];
    t.script[JBK_SCRIPT_HAN] *= HAN_WEIGHT;
    int best = 0;
    for (int s = 1; s <= JBK_SCRIPT_OTHER; s++)
        if (t.script[s] > (best ? t.script[best] : 0)) best = s;
    if (best == JBK_SCRIPT_HAN || best == JBK_SCRIPT_KANA) {
        if (kana * 10 > han) return (jbk_language){"ja", "Jpan"};
        return (jbk_language){"zh", t.traditional > t.simplified ? "Hant" : "Hans"};
    }
    return (jbk_language){best_of(&t, (jbk_script)best), SCRIPT_NAME[best]};
}
