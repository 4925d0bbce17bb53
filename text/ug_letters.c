/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ug_letters.h"

#include "base/utf8.h"

#include <string.h>

/* The key is ULY with one letter for each sound, and without what writers leave out: ë is e, ö
 * is o, ü is u.  Upper case: C ch, G gh, N ng, S sh. */
typedef struct {
    uint32_t cp;
    char key; /* 0: nothing */
} reading;

static const reading LETTERS[] = {
    {U'ا', 'a'}, {U'ە', 'e'}, {U'ه', 'e'}, {U'ې', 'e'}, {U'ى', 'i'}, {U'و', 'o'}, {U'ۆ', 'o'},
    {U'ۇ', 'u'}, {U'ۈ', 'u'}, {U'ۋ', 'w'}, {U'ي', 'y'}, {U'ب', 'b'}, {U'پ', 'p'}, {U'ت', 't'},
    {U'ج', 'j'}, {U'چ', 'C'}, {U'خ', 'x'}, {U'د', 'd'}, {U'ر', 'r'}, {U'ز', 'z'}, {U'ژ', 'j'},
    {U'س', 's'}, {U'ش', 'S'}, {U'غ', 'G'}, {U'ف', 'f'}, {U'ق', 'q'}, {U'ك', 'k'}, {U'گ', 'g'},
    {U'ڭ', 'N'}, {U'ل', 'l'}, {U'م', 'm'}, {U'ن', 'n'}, {U'ھ', 'h'}, {U'ئ', 0},   {U'ë', 'e'},
    {U'é', 'e'}, {U'ö', 'o'}, {U'ü', 'u'}, {'\'', 0},   {U'’', 0},
};

static const struct {
    char a, b, key;
} PAIRS[] = {{'c', 'h', 'C'}, {'g', 'h', 'G'}, {'n', 'g', 'N'}, {'s', 'h', 'S'}, {'z', 'h', 'j'}};

static bool put(ug_key *k, char c) {
    if (k->len == UG_KEY_MAX) return false;
    if (c) k->bytes[k->len++] = c;
    return true;
}

static const reading *find(uint32_t cp) {
    for (size_t i = 0; i < sizeof LETTERS / sizeof *LETTERS; i++)
        if (LETTERS[i].cp == cp) return &LETTERS[i];
    return NULL;
}

bool ug_read(const char *word, size_t len, ug_key *out) {
    *out = (ug_key){0};
    for (size_t i = 0; i < len;) {
        char next = i + 1 < len ? word[i + 1] : 0;
        size_t p = 0, pairs = sizeof PAIRS / sizeof *PAIRS;
        while (p < pairs && (PAIRS[p].a != word[i] || PAIRS[p].b != next)) p++;
        uint32_t cp = jbk_utf8_next(word, len, &i);
        const reading *r = find(cp);
        if (p < pairs) i++;
        char key = p < pairs ? PAIRS[p].key : r ? r->key : (char)cp;
        if (p == pairs && !r && (cp < 'a' || cp > 'z')) return false;
        if (!put(out, key)) return false;
        out->certain |= cp == U'ئ' || cp == U'ې' || cp == U'ۈ' || cp == U'غ' || cp == U'خ' ||
                        cp == U'ژ' || cp == U'ë';
    }
    return out->len != 0;
}

/* Endings of nouns from the outermost: case, possessor, plural. */
static const char *const CASES[] = {"niN", "ni", "Ga",  "qa",  "ge",   "ke",   "da",   "de",
                                    "ta",  "te", "din", "tin", "diki", "tiki", "Gice", NULL};
static const char *const OWNERS[] = {"imiz", "iNiz", "iNlar", "si", "im", "iN", "i", NULL};
static const char *const PLURALS[] = {"lar", "ler", "lir", NULL};

enum { STEM_MIN = 3 };

static size_t take(const ug_key *k, size_t n, const char *const *endings) {
    size_t longest = 0;
    for (; *endings; endings++) {
        size_t e = strlen(*endings);
        if (e > longest && n >= e + STEM_MIN && !memcmp(k->bytes + n - e, *endings, e)) longest = e;
    }
    return n - longest;
}

size_t ug_stem(const ug_key *key) {
    size_t n = take(key, key->len, CASES);
    size_t plural = take(key, n, PLURALS), owned = take(key, n, OWNERS);
    if (plural < n) return plural;
    /* A possessor is taken away behind a plural only: -i and -im end many a root. */
    plural = take(key, owned, PLURALS);
    return plural < owned ? plural : n;
}
