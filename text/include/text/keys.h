/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a word of the lexicon is found under: stem keys, which bring its inflections and the
 * other scripts of its language together.
 *
 * A term does not say which language its document is in, so a word gets a key in every language
 * that its letters allow: Cyrillic with letters that Russian lacks is Kazakh, other Cyrillic Kazakh
 * or Russian, Latin Kazakh, English or Uyghur, Arabic Kazakh or Uyghur.  Where the spelling leaves
 * open which Kazakh word it is (кол, typed on a Russian keyboard, is қол or көл), it has the keys
 * of each.  Two words mean the same to a bare query word when they share a key: the same kind and
 * the same bytes.  Words that cannot be told apart safely from another language's are given fewer
 * keys rather than more. */
#ifndef JBK_TEXT_KEYS_H
#define JBK_TEXT_KEYS_H

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Numbered for good: an index may store them. */
typedef enum { JBK_KEY_KK = 1, JBK_KEY_RU = 2, JBK_KEY_EN = 3, JBK_KEY_UG = 4 } jbk_key_kind;

#define JBK_KEY_BYTES 255 /* a key is at most this long */
#define JBK_KEYS_MAX 6    /* keys of a word: up to four of Kazakh and two more */

typedef struct {
    uint8_t kind; /* jbk_key_kind */
    uint8_t len;
    char bytes[JBK_KEY_BYTES];
} jbk_key;

typedef struct {
    size_t n;
    jbk_key at[JBK_KEYS_MAX];
} jbk_keys;

typedef struct jbk_stemmer jbk_stemmer; /* one for each thread */

JBK_MUST_CHECK jbk_status jbk_stemmer_new(jbk_stemmer **out, jbk_err *err);
void jbk_stemmer_free(jbk_stemmer *s); /* NULL is fine */

/* All keys of a folded word, none twice, several at most of Kazakh.  None for words of other
 * scripts, of digits, of mixed scripts, and for words longer than any language's (64 letters). */
void jbk_keys_of(jbk_stemmer *s, const char *word, size_t len, jbk_keys *out);

/* The stem of a word that is known to be of the language `kind`, which jbk_keys_of may have
 * passed over; of several the likeliest.  False where its letters are not the language's. */
bool jbk_stem(jbk_stemmer *s, jbk_key_kind kind, const char *word, size_t len, jbk_key *out);

/* The script-neutral key of the whole word: the same for a word of Kazakh in Cyrillic, Arabic
 * and each Latin alphabet, and of Uyghur in Arabic and Latin.  Kinds KK and UG. */
bool jbk_script_key(jbk_key_kind kind, const char *word, size_t len, jbk_key *out);

#endif
