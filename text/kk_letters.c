/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "kk_letters.h"

#include "base/utf8.h"

#include <pthread.h>
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
    {U'a', "а"},  {U'ä', "ә"},  {U'á', "ә"},  {U'ă', "ә"},    {U'ə', "ә"},    {U'b', "б"},
    {U'c', "ц"},  {U'ç', "ч"},  {U'ć', "ч"},  {U'd', "д"},    {U'e', "еэ"},   {U'é', "еэ"},
    {U'f', "ф"},  {U'g', "г"},  {U'ğ', "ғ"},  {U'ǵ', "ғ"},    {U'ĝ', "ғ"},    {U'ġ', "ғ"},
    {U'ǧ', "ғ"},  {U'h', "хһ"}, {U'x', "х"},  {U'ı', "ыіий"}, {U'i', "иіий"}, {U'í', "і"},
    {U'ï', "и"},  {U'ĭ', "й"},  {U'ī', "ы"},  {U'î', "й"},    {U'j', "ж"},    {U'ž', "ж"},
    {U'k', "к"},  {U'l', "л"},  {U'm', "м"},  {U'n', "н"},    {U'ñ', "ң"},    {U'ń', "ң"},
    {U'ŋ', "ң"},  {U'ň', "ң"},  {U'o', "о"},  {U'ö', "ө"},    {U'ó', "ө"},    {U'ô', "ө"},
    {U'ø', "ө"},  {U'p', "п"},  {U'q', "қ"},  {U'r', "р"},    {U's', "сц"},   {U'ş', "шщ"},
    {U'ś', "шщ"}, {U'š', "шщ"}, {U'ș', "шщ"}, {U't', "т"},    {U'u', "уұ"},   {U'ū', "ұ"},
    {U'ü', "ү"},  {U'ú', "ү"},  {U'ŭ', "ұ"},  {U'ů', "ұ"},    {U'v', "в"},    {U'w', "у"},
    {U'y', "ый"}, {U'ý', "у"},  {U'ÿ', "й"},  {U'z', "з"},    {U'ʹ', ""},     {U'ʺ', ""},
    {0, NULL},
};

/* Latin without marks on its letters: what they may have lost. */
static const reading LATIN_PLAIN[] = {
    {U'a', "аә"},  {U'g', "гғ"},   {U'k', "кқ"}, {U'n', "нң"}, {U'o', "оө"},
    {U'u', "уұү"}, {U'i', "иійы"}, {U'y', "ый"}, {0, NULL},
};

/* Two Latin letters, or a letter and an apostrophe, for one. */
static const struct {
    uint32_t a, b;
    const char *stands_for;
} LATIN_PAIRS[] = {
    {'s', 'h', "шщ"},  {'c', 'h', "ч"},   {'z', 'h', "ж"},  {'g', 'h', "ғ"},   {'k', 'h', "х"},
    {U'ş', U'ç', "щ"}, {'a', '\'', "ә"},  {'g', '\'', "ғ"}, {'i', '\'', "ий"}, {'n', '\'', "ң"},
    {'o', '\'', "ө"},  {'s', '\'', "шщ"}, {'c', '\'', "ч"}, {'u', '\'', "ү"},  {'y', '\'', "у"},
};

/* --- all of these by code point --- */

typedef enum {
    FROM_CYRILLIC,
    FROM_RUSSIAN_KEYS,
    FROM_ARABIC,
    FROM_LATIN,
    FROM_LATIN_PLAIN,
    ALPHABETS
} alphabet;
enum { TABLE_END = 0x780, PAIRS = sizeof LATIN_PAIRS / sizeof *LATIN_PAIRS };
#define KNOWN ((kk_set)1 << 63) /* in the table; there may be letters that stand for nothing */

static kk_set tables[ALPHABETS][TABLE_END], pair_letters[PAIRS];
static struct {
    kk_set own, vowels, i, j, joined, open, open_a, front, back, t, s, sh, ts, ch, shch, a, u;
} sets;

static void load_table(alphabet from, const reading *readings) {
    for (; readings->stands_for; readings++)
        tables[from][readings->cp] = KNOWN | kk_letters(readings->stands_for);
}

static void load(void) {
    load_table(FROM_CYRILLIC, CYRILLIC);
    load_table(FROM_RUSSIAN_KEYS, RUSSIAN_KEYS);
    load_table(FROM_ARABIC, ARABIC);
    load_table(FROM_LATIN, LATIN);
    load_table(FROM_LATIN_PLAIN, LATIN_PLAIN);
    for (unsigned i = 0; i < LETTERS; i++)
        tables[FROM_CYRILLIC][ALPHABET[i].cp] = KNOWN | (kk_set)1 << i;
    for (unsigned i = 0; i < PAIRS; i++)
        pair_letters[i] = KNOWN | kk_letters(LATIN_PAIRS[i].stands_for);
    sets.own = kk_letters("әғқңөұүһі");
    sets.vowels = kk_letters("аәеиоөуұүыіэ");
    sets.i = kk_letters("и");
    sets.j = kk_letters("й");
    sets.joined = kk_letters("аәу");
    sets.open = kk_letters("аәоөұүыі");
    sets.open_a = kk_letters("аә");
    sets.front = kk_letters("әөүі");
    sets.back = kk_letters("аоұы");
    sets.t = kk_letters("т");
    sets.s = kk_letters("с");
    sets.sh = kk_letters("ш");
    sets.ts = kk_letters("ц");
    sets.ch = kk_letters("ч");
    sets.shch = kk_letters("щ");
    sets.a = kk_letters("а");
    sets.u = kk_letters("у");
}

static kk_set look_up(alphabet from, uint32_t cp) { return cp < TABLE_END ? tables[from][cp] : 0; }

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

/* Add what was looked up; false where nothing was found. */
static bool add(kk_word *w, kk_set set) {
    if (set & ~KNOWN) w->at[w->n++] = set & ~KNOWN;
    return set != 0;
}

static bool read_cyrillic(const code_points *c, bool loose, kk_word *w) {
    for (size_t i = 0; i < c->n; i++)
        w->certain |= (look_up(FROM_CYRILLIC, c->at[i]) & sets.own) != 0;
    bool lossy = loose && !w->certain;
    for (size_t i = 0; i < c->n; i++) {
        uint32_t cp = c->at[i];
        kk_set before = w->n ? w->at[w->n - 1] : 0;
        kk_set lost = lossy ? look_up(FROM_RUSSIAN_KEYS, cp) : 0;
        if ((cp == U'ю' || cp == U'я') && before & sets.vowels) {
            /* қоя is қой and а: endings begin inside the letter. */
            if (before != sets.i) add(w, sets.j);
            add(w, look_up(FROM_CYRILLIC, cp == U'я' ? U'а' : U'у'));
        } else if (!add(w, lost ? lost : look_up(FROM_CYRILLIC, cp))) {
            return false;
        }
    }
    return true;
}

/* The hamza makes all vowels front.  Without it ە, ك or گ says so, but not of ا, and beside ا
 * (كىتاپ, кітап) ك and گ tell nothing; nor does -мен, which follows words of either kind. */
static bool read_arabic(const code_points *c, bool loose, kk_word *w) {
    bool hamza = false, e = false, k = false, a_letter = false;
    size_t n = c->n;
    bool with = n > 3 && c->at[n - 1] == U'ن' && c->at[n - 2] == U'ە' &&
                (c->at[n - 3] == U'م' || c->at[n - 3] == U'ب' || c->at[n - 3] == U'پ');
    for (size_t i = 0; i < n; i++) {
        uint32_t cp = c->at[i];
        if (!add(w, look_up(FROM_ARABIC, cp))) return false;
        hamza |= cp == U'ٴ' || cp == U'ء';
        e |= cp == U'ە' && !(with && i + 3 >= n);
        k |= cp == U'ك' || cp == U'گ';
        a_letter |= cp == U'ا';
        w->certain |= cp == U'ٴ' || cp == U'ع' || cp == U'ح';
    }
    bool front = hamza || e || (k && !a_letter);
    if (loose || (!front && (with || k))) return true;
    kk_set keep = front ? sets.front : sets.back;
    for (size_t i = 0; i < w->n; i++) {
        kk_set set = w->at[i];
        bool settled = set != sets.open_a || hamza || !front;
        if (!(set & ~sets.open) && (set & keep) && settled) w->at[i] = set & keep;
    }
    return true;
}

static uint32_t plain_apostrophe(uint32_t cp) {
    static const uint32_t OTHERS[] = U"’‘ʼʻ`´′＇‛";
    if (cp < 0x80 && cp != '`') return cp;
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
        size_t p = 0;
        while (p < PAIRS && (LATIN_PAIRS[p].a != a || LATIN_PAIRS[p].b != b)) p++;
        if (p < PAIRS) {
            add(w, pair_letters[p]);
            apostrophes += b == '\'';
            i++;
            continue;
        }
        if (a == '\'') continue;
        kk_set lost = plain ? look_up(FROM_LATIN_PLAIN, a) : 0;
        if (!add(w, lost ? lost : look_up(FROM_LATIN, a))) return false;
    }
    w->certain |= apostrophes > 1; /* the alphabet of 2017; one may be English */
    return true;
}

/* ия is written iıa, ïya and ييا as well: leave out the й. */
static void join_ia(kk_word *w) {
    size_t n = 0;
    for (size_t k = 0; k < w->n; k++) {
        bool between = n && k + 1 < w->n && (w->at[n - 1] & sets.i) && (w->at[k + 1] & sets.joined);
        if (between && w->at[k] & sets.j)
            w->at[n - 1] = sets.i;
        else
            w->at[n++] = w->at[k];
    }
    w->n = n;
}

bool kk_read(const char *word, size_t len, bool loose, kk_word *out) {
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    code_points c;
    pthread_once(&once, load);
    out->n = 0;
    out->certain = false;
    if (!split(word, len, &c, &out->script)) return false;
    bool ok = out->script == JBK_SCRIPT_CYRL   ? read_cyrillic(&c, loose, out)
              : out->script == JBK_SCRIPT_ARAB ? read_arabic(&c, loose, out)
                                               : read_latin(&c, loose, out);
    join_ia(out);
    return ok && out->n;
}

/* --- the key --- */

/* Append one letter of a key.  й, и, ы and і beside each other are written in many ways, щ as two
 * letters; ц is ts or s, ч is tş, дж is j; loanwords have one consonant for two: `doubled` is
 * what to do of these. */
static size_t put(char *out, size_t len, char k, bool doubled) {
    char before = len ? out[len - 1] : 0;
    if (k == before && (k == 'i' || k == 'S' || (!doubled && !strchr("aeou", k)))) return len;
    if (before == 'S' && k == 'C') return len; /* щ */
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
            len = put(out, len, *k, false);
    return len;
}

/* What two letters can stand for that the spelling joins. */
static kk_set joined(kk_set a, kk_set b) {
    if (a & sets.t && b & sets.s) return sets.ts | KK_JOINED;
    if (a & sets.t && b & sets.sh) return sets.ch | KK_JOINED;
    if (a & sets.sh && b & (sets.sh | sets.ch)) return sets.shch | KK_JOINED;
    return KK_JOINED;
}

size_t kk_spell(const kk_word *w, char *out, kk_set *letters) {
    size_t len = 0;
    for (size_t i = 0; i < w->n; i++) {
        const char *key = ALPHABET[__builtin_ctzll(w->at[i])].key;
        if (!*key) continue;
        size_t before = len;
        len = put(out, len, *key, true);
        letters[len - 1] = len == before ? joined(letters[len - 1], w->at[i])
                           : key[1]      ? sets.i | sets.j
                                         : w->at[i];
        /* я and ю are two */
        if (!key[1]) continue;
        len = put(out, len, key[1], true);
        letters[len - 1] = key[1] == 'a' ? sets.a : sets.u;
    }
    return len;
}

size_t kk_key_of_spelling(const char *s, size_t n, char *out) {
    size_t len = 0;
    for (size_t i = 0; i < n; i++)
        if (!len || out[len - 1] != s[i] || strchr("aeou", s[i])) out[len++] = s[i];
    return len;
}

kk_set kk_letters_of_key(char k) {
    kk_set all = 0;
    for (unsigned i = 0; i < LETTERS; i++)
        if (ALPHABET[i].key[0] == k && !ALPHABET[i].key[1]) all |= (kk_set)1 << i;
    return all;
}
