/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "text/keys.h"

#include "base/mem.h"
#include "kk_letters.h"
#include "kk_stem.h"
#include "lookalikes.h"
#include "ru_stem.h"
#include "ug_letters.h"

#include <libstemmer.h>
#include <stdlib.h>

struct jbk_stemmer {
    struct sb_stemmer *russian, *english;
    kk_stemmer *kazakh;
};

jbk_status jbk_stemmer_new(jbk_stemmer **out, jbk_err *err) {
    *out = NULL;
    jbk_stemmer *s = jbk_calloc(1, sizeof *s);
    s->russian = sb_stemmer_new("russian", "UTF_8");
    s->english = sb_stemmer_new("english", "UTF_8");
    s->kazakh = kk_stemmer_new();
    if (!s->russian || !s->english) {
        jbk_stemmer_free(s);
        return jbk_fail(err, JBK_INTERNAL, "sb_stemmer_new",
                        "Snowball has no stemmer for Russian or English");
    }
    *out = s;
    return JBK_OK;
}

void jbk_stemmer_free(jbk_stemmer *s) {
    if (!s) return;
    sb_stemmer_delete(s->russian);
    sb_stemmer_delete(s->english);
    kk_stemmer_free(s->kazakh);
    free(s);
}

static bool give(jbk_key *out, jbk_key_kind kind, const char *bytes, size_t len) {
    out->kind = (uint8_t)kind;
    out->len = (uint8_t)len;
    memcpy(out->bytes, bytes, len);
    return len != 0;
}

/* --- Russian and English --- */

static const char *snowball(struct sb_stemmer *stemmer, const char *word, size_t *len) {
    const sb_symbol *stem = sb_stemmer_stem(stemmer, (const sb_symbol *)word, (int)*len);
    if (!stem) jbk_out_of_memory();
    *len = (size_t)sb_stemmer_length(stemmer);
    return (const char *)stem;
}

static bool stem_russian(jbk_stemmer *s, const char *word, size_t len, jbk_key *out) {
    size_t name = ru_name_stem(word, len);
    if (name) return give(out, JBK_KEY_RU, word, name);
    const char *stem = snowball(s->russian, word, &len);
    return give(out, JBK_KEY_RU, stem, ru_surname_stem(stem, len));
}

/* Snowball knows the apostrophe of typewriters. */
static bool stem_english(jbk_stemmer *s, const char *word, size_t len, jbk_key *out) {
    static const char CURLY[] = "’";
    char plain[JBK_KEY_BYTES];
    size_t n = 0;
    for (size_t i = 0; i < len;) {
        bool curly = len - i >= 3 && !memcmp(word + i, CURLY, 3);
        plain[n++] = curly ? '\'' : word[i];
        i += curly ? 3 : 1;
    }
    const char *stem = snowball(s->english, plain, &n);
    return give(out, JBK_KEY_EN, stem, n);
}

/* --- one language --- */

/* Longer words are no language's. */
enum { WORD_BYTES = 4 * KK_WORD_MAX - 8 };

bool jbk_script_key(jbk_key_kind kind, const char *word, size_t len, jbk_key *out) {
    if (kind == JBK_KEY_UG) {
        ug_key key;
        return ug_read(word, len, &key) && give(out, kind, key.bytes, key.len);
    }
    kk_word w;
    char key[2 * KK_WORD_MAX];
    return kind == JBK_KEY_KK && kk_read(word, len, true, &w) &&
           give(out, kind, key, kk_key(&w, w.n, key));
}

_Static_assert(JBK_KEYS_MAX >= KK_STEMS_MAX + 2, "a Latin word may be English and Uyghur besides");

static void give_stems(const kk_stemmed *stems, jbk_keys *out) {
    for (size_t i = 0; i < stems->n; i++)
        give(&out->at[out->n++], JBK_KEY_KK, stems->at[i].key, stems->at[i].len);
}

static void stem_kazakh(jbk_stemmer *s, const char *word, size_t len, jbk_keys *out) {
    kk_stemmed stems;
    kk_stem(s->kazakh, word, len, &stems);
    give_stems(&stems, out);
}

static bool stem_uyghur(const char *word, size_t len, jbk_key *out) {
    ug_key key;
    return ug_read(word, len, &key) && give(out, JBK_KEY_UG, key.bytes, ug_stem(&key));
}

bool jbk_stem(jbk_stemmer *s, jbk_key_kind kind, const char *word, size_t len, jbk_key *out) {
    if (!len || len > WORD_BYTES) return false;
    switch (kind) {
    case JBK_KEY_KK: {
        kk_stemmed stems;
        kk_stem(s->kazakh, word, len, &stems);
        return stems.n && give(out, kind, stems.at[0].key, stems.at[0].len);
    }
    case JBK_KEY_RU:
        return stem_russian(s, word, len, out);
    case JBK_KEY_EN:
        return stem_english(s, word, len, out);
    case JBK_KEY_UG:
        return stem_uyghur(word, len, out);
    }
    return false;
}

/* --- a word of unknown language --- */

static bool is_among(const char *const *list, size_t n, const char *word, size_t len) {
    size_t low = 0;
    while (low < n) {
        size_t mid = (low + n) / 2;
        int order = strncmp(list[mid], word, len);
        if (!order) order = list[mid][len] != 0;
        if (!order) return true;
        if (order < 0)
            low = mid + 1;
        else
            n = mid;
    }
    return false;
}

/* Of an English word its possessive, too. */
static bool is_english(const char *word, size_t len) {
    static const char *const OF[] = {"'s", "’s"};
    for (size_t i = 0; i < 2; i++) {
        size_t n = strlen(OF[i]);
        if (len > n && !memcmp(word + len - n, OF[i], n)) len -= n;
    }
    return is_among(jbk_lookalikes_english, jbk_nlookalikes_english, word, len);
}

static void keys_of_cyrillic(jbk_stemmer *s, const char *word, size_t len, bool certain,
                             jbk_keys *out) {
    bool russian = is_among(jbk_lookalikes_russian, jbk_nlookalikes_russian, word, len);
    if (!russian) stem_kazakh(s, word, len, out);
    if (!certain && stem_russian(s, word, len, &out->at[out->n])) out->n++;
}

static void keys_of_arabic(jbk_stemmer *s, const char *word, size_t len, bool certain,
                           jbk_keys *out) {
    ug_key uyghur;
    bool is_uyghur = ug_read(word, len, &uyghur);
    if (!(is_uyghur && uyghur.certain)) stem_kazakh(s, word, len, out);
    if (is_uyghur && !certain && stem_uyghur(word, len, &out->at[out->n])) out->n++;
}

/* What English writes and Kazakh hardly: pairs of letters, each with a space behind it. */
static bool looks_english(const char *word, size_t len) {
    static const char *const PAIRS =
        "bb ca cc ce ci ck cl co cr cs ct cu dd ea ee ff gg gh kn ll mm nn oa oo ou ow ph pp rr sc "
        "ss th tt wa we wh wi wo wr xp ";
    for (size_t i = 0; i + 1 < len; i++)
        for (const char *p = PAIRS; *p; p += 3)
            if (p[0] == word[i] && p[1] == word[i + 1]) return true;
    return false;
}

/* Latin letters that English has too: Kazakh where a root of the list remains, or where the word
 * is long enough not to have its key by chance; a shorter one if it does not look like English. */
enum { WHOLE_MIN = 6, SHORT_MIN = 4 };

static void maybe_kazakh(jbk_stemmer *s, const char *word, size_t len, jbk_keys *out) {
    kk_stemmed stems;
    kk_stem(s->kazakh, word, len, &stems);
    bool likely =
        stems.known || len >= WHOLE_MIN || (len >= SHORT_MIN && !looks_english(word, len));
    if (likely) give_stems(&stems, out);
}

static void keys_of_latin(jbk_stemmer *s, const char *word, size_t len, bool certain,
                          jbk_keys *out) {
    ug_key uyghur;
    bool is_uyghur = ug_read(word, len, &uyghur);
    if (certain) {
        stem_kazakh(s, word, len, out);
        if (is_uyghur && stem_uyghur(word, len, &out->at[out->n])) out->n++;
        return;
    }
    if (stem_english(s, word, len, &out->at[out->n])) out->n++;
    if (is_english(word, len)) return;
    maybe_kazakh(s, word, len, out);
    if (is_uyghur && len >= WHOLE_MIN) {
        give(&out->at[out->n], JBK_KEY_UG, uyghur.bytes, uyghur.len);
        out->n++;
    }
}

void jbk_keys_of(jbk_stemmer *s, const char *word, size_t len, jbk_keys *out) {
    kk_word w;
    out->n = 0;
    if (!len || len > WORD_BYTES) return;
    bool readable = kk_read(word, len, true, &w);
    if (w.script == JBK_SCRIPT_CYRL && readable)
        keys_of_cyrillic(s, word, len, w.certain, out);
    else if (w.script == JBK_SCRIPT_ARAB)
        keys_of_arabic(s, word, len, w.certain, out);
    else if (w.script == JBK_SCRIPT_LATN && readable)
        keys_of_latin(s, word, len, w.certain, out);
}
