/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The stem of a Kazakh word: what remains when its endings are taken away.  Among the ways to
 * take them the one that leaves a root of the list wins (data/kk_roots.txt).  All of this looks at
 * the script-neutral spelling alone, so that a word has the same stem however it is written;
 * roots of the same spelling (қол and көл) are told apart by the letters of the word at last,
 * as far as these tell. */
#ifndef JBK_TEXT_KK_STEM_H
#define JBK_TEXT_KK_STEM_H

#include "kk_letters.h"

typedef struct kk_stemmer kk_stemmer;

kk_stemmer *kk_stemmer_new(void);
void kk_stemmer_free(kk_stemmer *s); /* NULL is fine */

enum { KK_STEMS_MAX = 4 };
typedef struct {
    size_t n;   /* 0: the word has no letters of Kazakh */
    bool known; /* the stems are roots of the list; else one, the key of what remains */
    struct {
        size_t len;
        char key[2 * KK_WORD_MAX + 1];
    } at[KK_STEMS_MAX];
} kk_stemmed;

void kk_stem(const kk_stemmer *s, const char *word, size_t len, kk_stemmed *out);

/* What gen_roots.c makes of data/kk_roots.txt. */
typedef enum {
    KK_NOUN = 1,
    KK_VERB_ROOT = 2,
    KK_VERB_CUT = 4, /* a verb without its last ы or і: оқ|у, оқ|иды */
    KK_WHOLE = 8,    /* is not inflected */
    KK_SELDOM = 16   /* no better than a root that lacking letters may have meant */
} kk_root_kind;
typedef struct {
    const char *form; /* Cyrillic */
    const char *root; /* what it stands for; the same where NULL */
    uint8_t kind;     /* kk_root_kind */
} kk_root_entry;
extern const kk_root_entry kk_root_entries[];
extern const size_t kk_nroot_entries;

#endif
