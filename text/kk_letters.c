/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "kk_letters.h"

#include "base/utf8.h"

#include <string.h>

/* --- the alphabet --- */

/* Each letter's bit is its place here; beside it its part of the key.  U+0451 never comes: the
 * fold makes е of it. */
static const struct {
    uint16_t cp;
    char key[3];
} ALPHABET[] = {
    {u'а', "a"}, {u'ә', "a"}, {u'б', "b"}, {u'в', "u"}, {u'г', "g"},  {u'ғ', "g"},  {u'д', "d"},
    {u'е', "e"}, {u'ж', "j"}, {u'з', "z"}, {u'и', "i"}, {u'й', "i"},  {u'к', "k"},  {u'қ', "k"},
    {u'л', "l"}, {u'м', "m"}, {u'н', "n"}, {u'ң', "n"}, {u'о', "o"},  {u'ө', "o"},  {u'п', "p"},
    {u'р', "r"}, {u'с', "s"}, {u'т', "t"}, {u'у', "u"}, {u'ұ', "u"},  {u'ү', "u"},  {u'ф', "f"},
    {u'х', "h"}, {u'һ', "h"}, {u'ц', "s"}, {u'ч', "C"}, {u'ш', "S"},  {u'щ', "S"},  {u'ъ', ""},
    {u'ы', "i"}, {u'і', "i"}, {u'ь', ""},  {u'э', "e"}, {u'ю', "iu"}, {u'я', "ia"},
};
enum { LETTERS = sizeof ALPHABET / sizeof *ALPHABET };

static kk_set letter(uint32_t cp) {
    for (unsigned i = 0; i < LETTERS; i++)
        if (ALPHABET[i].cp == cp) return (kk_set)1 << i;
    return 0;
}

kk_set kk_letters(const char *cyrillic) {
    kk_set set = 0;
    size_t len = strlen(cyrillic);
    for (size_t i = 0; i < len;) set |= letter(jbk_utf8_next(cyrillic, len, &i));
    return set;
}

/* --- other characters --- */

typedef struct {
    uint32_t cp;
    const char *stands_for; /* Cyrillic letters, any of them */
} reading;

/* Letters of other Cyrillic keyboards. */
static const reading CYRILLIC[] = {
    {U'ə', "ә"}, {U'ӊ', "ң"}, {U'ҥ', "ң"}, {U'ӈ', "ң"}, {U'ќ', "қ"}, {U'ӄ', "қ"}, {U'ҝ', "қ"},
    {U'ҡ', "қ"}, {U'ӷ', "ғ"}, {U'ґ', "г"}, {U'ɵ', "ө"}, {U'ў', "у"}, {U'ӯ', "ұ"}, {U'ӱ', "ү"},
    {U'ї', "і"}, {U'є', "е"}, {U'җ', "ж"}, {U'ҳ', "х"}, {U'ҷ', "ч"}, {U'ӡ', "з"}, {0, NULL},
};

/* What a Russian keyboard has in place of Kazakh's own letters. */
static const reading RUSSIAN_KEYS[] = {
    {U'а', "аә"},  {U'г', "гғ"}, {U'к', "кқ"}, {U'н', "нң"}, {U'о', "оө"},
    {U'у', "уұү"}, {U'х', "хһ"}, {U'и', "иі"}, {0, NULL},
};

static const reading ARABIC[] = {
    {U'ا', "аә"}, {U'آ', "аә"}, {U'أ', "аә"}, {U'إ', "аә"}, {U'ٱ', "аә"}, {U'ب', "б"},
    {U'ۆ', "в"},  {U'گ', "г"},  {U'ع', "ғ"},  {U'غ', "ғ"},  {U'د', "д"},  {U'ە', "еэ"},
    {U'ه', "еэ"}, {U'ة', "еэ"}, {U'ہ', "еэ"}, {U'ې', "еэ"}, {U'ج', "ж"},  {U'ژ', "ж"},
    {U'ز', "з"},  {U'ي', "ий"}, {U'ك', "к"},  {U'ق', "қ"},  {U'ل', "л"},  {U'م', "м"},
    {U'ن', "н"},  {U'ڭ', "ң"},  {U'ݣ', "ң"},  {U'و', "оө"}, {U'پ', "п"},  {U'ر', "р"},
    {U'س', "сц"}, {U'ت', "т"},  {U'ۋ', "у"},  {U'ۇ', "ұү"}, {U'ۈ', "ү"},  {U'ف', "ф"},
    {U'ح', "хһ"}, {U'ھ', "хһ"}, {U'خ', "х"},  {U'چ', "ч"},  {U'ش', "шщ"}, {U'ى', "ыі"},
    {U'ط', "т"},  {U'ص', "с"},  {U'ض', "д"},  {U'ظ', "з"},  {U'ث', "с"},  {U'ذ', "з"},
    {U'ء', ""},   {U'ٴ', ""},   {U'ئ', ""},   {0, NULL},
};

/* Alphabets of 2017 (with apostrophes, which stand elsewhere), 2018, 2019, 2021, QazAqparat. */
static const reading LATIN[] = {
    {U'a', "а"}, {U'ä', "ә"},  {U'á', "ә"},  {U'ă', "ә"}, {U'ə', "ә"},    {U'b', "б"},
    {U'c', "ц"}, {U'ç', "ч"},  {U'ć', "ч"},  {U'd', "д"}, {U'e', "еэ"},   {U'é', "еэ"},
    {U'f', "ф"}, {U'g', "г"},  {U'ğ', "ғ"},  {U'ǵ', "ғ"}, {U'ĝ', "ғ"},    {U'ġ', "ғ"},
    {U'ḡ', "ғ"}, {U'ǧ', "ғ"},  {U'h', "хһ"}, {U'x', "х"}, {U'ı', "ыіий"}, {U'i', "иіий"},
    {U'í', "і"}, {U'ï', "и"},  {U'ĭ', "й"},  {U'ī', "ы"}, {U'î', "й"},    {U'j', "ж"},
    {U'ž', "ж"}, {U'k', "к"},  {U'l', "л"},  {U'm', "м"}, {U'n', "н"},    {U'ñ', "ң"},
    {U'ń', "ң"}, {U'ŋ', "ң"},  {U'ň', "ң"},  {U'o', "о"}, {U'ö', "ө"},    {U'ó', "ө"},
    {U'ô', "ө"}, {U'ø', "ө"},  {U'p', "п"},  {U'q', "қ"}, {U'r', "р"},    {U's', "с"},
    {U'ş', "ш"}, {U'ś', "ш"},  {U'š', "ш"},  {U'ș', "ш"}, {U't', "т"},    {U'u', "уұ"},
    {U'ū', "ұ"}, {U'ü', "ү"},  {U'ú', "ү"},  {U'ŭ', "ұ"}, {U'ů', "ұ"},    {U'v', "в"},
    {U'w', "у"}, {U'y', "ый"}, {U'ý', "у"},  {U'ÿ', "й"}, {U'z', "з"},    {U'ʹ', ""},
    {U'ʺ', ""},  {0, NULL},
};

/* Latin without marks on its letters: what they may have lost. */
static const reading LATIN_PLAIN[] = {
    {U'a', "аә"},  {U'g', "гғ"},   {U'n', "нң"}, {U'o', "оө"},
    {U'u', "уұү"}, {U'i', "иійы"}, {U'y', "ый"}, {0, NULL},
};

/* Two Latin letters, or a letter and an apostrophe, for one. */
static const struct {
    uint32_t a, b;
    const char *stands_for;
} LATIN_PAIRS[] = {
    {'s', 'h', "ш"},   {'c', 'h', "ч"},  {'z', 'h', "ж"},  {'g', 'h', "ғ"},   {'k', 'h', "х"},
    {U'ş', U'ç', "щ"}, {'a', '\'', "ә"}, {'g', '\'', "ғ"}, {'i', '\'', "ий"}, {'n', '\'', "ң"},
    {'o', '\'', "ө"},  {'s', '\'', "ш"}, {'c', '\'', "ч"}, {'u', '\'', "ү"},  {'y', '\'', "у"},
};

static const char *find(const reading *table, uint32_t cp) {
    for (; table->stands_for; table++)
        if (table->cp == cp) return table->stands_for;
    return NULL;
}

/* --- reading --- */

typedef struct {
    size_t n;
    uint32_t at[KK_WORD_MAX];
} code_points;

static bool split(const char *word, size_t len, code_points *c, jbk_script *script) {
    *script = JBK_SCRIPT_NONE;
    c->n = 0;
    for (size_t i = 0; i < len;) {
        if (c->n == KK_WORD_MAX) return false;
        uint32_t cp = jbk_utf8_next(word, len, &i);
        jbk_script s = jbk_cp_script(cp);
        if (*script == JBK_SCRIPT_NONE) *script = s;
        c->at[c->n++] = cp;
    }
    return *script == JBK_SCRIPT_CYRL || *script == JBK_SCRIPT_ARAB || *script == JBK_SCRIPT_LATN;
}

static bool add(kk_word *w, const char *stands_for) {
    if (!stands_for) return false;
    kk_set set = kk_letters(stands_for);
    if (set) w->at[w->n++] = set;
    return true;
}

static bool read_cyrillic(const code_points *c, bool loose, kk_word *w) {
    const kk_set own = kk_letters("әғқңөұүһі"), vowels = kk_letters("аәеиоөуұүыіэ"),
                 i_letter = kk_letters("и");
    for (size_t i = 0; i < c->n; i++) w->certain |= (letter(c->at[i]) & own) != 0;
    for (size_t i = 0; i < c->n; i++) {
        uint32_t cp = c->at[i];
        kk_set before = w->n ? w->at[w->n - 1] : 0;
        const char *lost = loose && !w->certain ? find(RUSSIAN_KEYS, cp) : NULL;
        if ((cp == U'ю' || cp == U'я') && before & vowels) {
            /* қоя is қой and а: endings begin inside the letter. */
            if (before != i_letter) add(w, "й");
            add(w, cp == U'я' ? "а" : "у");
        } else if (lost) {
            add(w, lost);
        } else if (letter(cp)) {
            w->at[w->n++] = letter(cp);
        } else if (!add(w, find(CYRILLIC, cp))) {
            return false;
        }
    }
    return true;
}

static bool fronts(uint32_t cp) { return cp == U'ە' || cp == U'ك' || cp == U'گ'; }

/* The hamza makes all vowels front; ә stands beside ە, ك or گ as rarely as other front vowels
 * stand there without the hamza.  -мен, which follows words of either kind, tells nothing. */
static bool read_arabic(const code_points *c, kk_word *w) {
    bool hamza = false, front = false;
    size_t n = c->n;
    bool with = n > 3 && c->at[n - 1] == U'ن' && c->at[n - 2] == U'ە' &&
                (c->at[n - 3] == U'م' || c->at[n - 3] == U'ب' || c->at[n - 3] == U'پ');
    for (size_t i = 0; i < n; i++) {
        uint32_t cp = c->at[i];
        if (!add(w, find(ARABIC, cp))) return false;
        hamza |= cp == U'ٴ' || cp == U'ء';
        front |= fronts(cp) && !(with && i + 3 >= n);
        w->certain |= cp == U'ٴ' || cp == U'ع' || cp == U'ح';
    }
    if (with && !hamza && !front) return true;
    const kk_set open = kk_letters("аәоөұүыі"), a = kk_letters("аә"),
                 keep = kk_letters(hamza || front ? "әөүі" : "аоұы");
    for (size_t i = 0; i < w->n; i++)
        if (!(w->at[i] & ~open) && (w->at[i] != a || hamza || !front)) w->at[i] &= keep;
    return true;
}

static uint32_t plain_apostrophe(uint32_t cp) {
    static const uint32_t OTHERS[] = U"’‘ʼʻ`´′＇‛";
    for (const uint32_t *o = OTHERS; *o; o++)
        if (*o == cp) return '\'';
    return cp;
}

static bool read_latin(const code_points *c, bool loose, kk_word *w) {
    bool plain = loose;
    unsigned apostrophes = 0;
    for (size_t i = 0; i < c->n; i++) plain &= c->at[i] < 0x80 && c->at[i] != '\'';
    for (size_t i = 0; i < c->n; i++) {
        uint32_t a = plain_apostrophe(c->at[i]);
        uint32_t b = i + 1 < c->n ? plain_apostrophe(c->at[i + 1]) : 0;
        if (a == '\'') apostrophes++;
        if (a >= 0x80 || (a == 'q' && b != 'u')) w->certain = true;
        size_t p = 0, pairs = sizeof LATIN_PAIRS / sizeof *LATIN_PAIRS;
        while (p < pairs && (LATIN_PAIRS[p].a != a || LATIN_PAIRS[p].b != b)) p++;
        if (p < pairs) {
            add(w, LATIN_PAIRS[p].stands_for);
            apostrophes += b == '\'';
            i++;
            continue;
        }
        if (a == '\'') continue;
        const char *s = plain ? find(LATIN_PLAIN, a) : NULL;
        if (!add(w, s ? s : find(LATIN, a))) return false;
    }
    w->certain |= apostrophes > 1; /* the alphabet of 2017; one may be English */
    return true;
}

/* ия is written iıa, ïya and ييا as well: leave out the й. */
static void join_ia(kk_word *w) {
    const kk_set i_letter = kk_letters("и"), j = kk_letters("й"), open = kk_letters("аәу");
    size_t n = 0;
    for (size_t k = 0; k < w->n; k++) {
        bool between = n && k + 1 < w->n && (w->at[n - 1] & i_letter) && (w->at[k + 1] & open);
        if (between && w->at[k] & j)
            w->at[n - 1] = i_letter;
        else
            w->at[n++] = w->at[k];
    }
    w->n = n;
}

bool kk_read(const char *word, size_t len, bool loose, kk_word *out) {
    code_points c;
    *out = (kk_word){0};
    if (!split(word, len, &c, &out->script)) return false;
    bool ok = out->script == JBK_SCRIPT_CYRL   ? read_cyrillic(&c, loose, out)
              : out->script == JBK_SCRIPT_ARAB ? read_arabic(&c, out)
                                               : read_latin(&c, loose, out);
    join_ia(out);
    return ok && out->n;
}

/* --- the key --- */

/* Append one letter of a key.  й, и, ы and і beside each other are written in many ways, double
 * consonants of loanwords as one; ц is ts or s, ч is tş, дж is j. */
static size_t put(char *out, size_t len, char k) {
    char before = len ? out[len - 1] : 0;
    if (k == before && !strchr("aeou", k)) return len;
    if ((before == 't' && (k == 's' || k == 'S')) || (before == 'd' && k == 'j')) {
        out[len - 1] = k == 'S' ? 'C' : k;
        return len;
    }
    out[len] = k;
    return len + 1;
}

size_t kk_key(const kk_word *w, size_t n, char *out) {
    size_t len = 0;
    for (size_t i = 0; i < n; i++)
        for (const char *k = ALPHABET[__builtin_ctzll(w->at[i])].key; *k; k++)
            len = put(out, len, *k);
    return len;
}
