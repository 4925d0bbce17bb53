/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Uyghur in Arabic and Latin letters (ULY): one key, and the stem of it. */
#ifndef JBK_TEXT_UG_LETTERS_H
#define JBK_TEXT_UG_LETTERS_H

#include <stdbool.h>
#include <stddef.h>

enum { UG_KEY_MAX = 128 }; /* bytes */

typedef struct {
    size_t len;
    char bytes[UG_KEY_MAX];
    bool certain; /* holds a letter that of the languages of its script Uyghur alone writes */
} ug_key;

/* Read a folded word of Arabic or Latin letters.  False where it is none, or too long. */
bool ug_read(const char *word, size_t len, ug_key *out);

/* The length of the key's beginning that is its stem. */
size_t ug_stem(const ug_key *key);

#endif
