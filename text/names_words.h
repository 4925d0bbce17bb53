/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The words that names are made of, and which of them a word of a text is a form of. */
#ifndef JBK_TEXT_NAMES_WORDS_H
#define JBK_TEXT_NAMES_WORDS_H

#include "base/intern.h"
#include "names_inflect.h"
#include "names_row.h"

typedef struct {
    uint32_t part; /* the number of the name's word */
    uint8_t ends;  /* jbk_name_ends */
    uint32_t next; /* another with the same stem, + 1; 0: none */
} name_stem;

typedef struct {
    jbk_intern parts;        /* words of names, as the names have them */
    jbk_intern stems;        /* of letters, and of script keys behind a byte 1 */
    JBK_VEC(uint32_t) first; /* by the stem's number: one of `at`, + 1 */
    JBK_VEC(name_stem) at;
} name_words;

enum { NAME_FORMS_MAX = 8 };
/* A word is a form of these words of names, the longest stem first.  With NAME_PEOPLE: one that
 * makes the people's name of the country's. */
#define NAME_PEOPLE 0x80000000u
typedef struct {
    uint32_t n, part[NAME_FORMS_MAX];
} name_forms;

/* The number of a word of a name.  `last`: it is the last one, which has all forms. */
uint32_t name_words_add(name_words *w, const jbk_name_row *row, const char *s, size_t len,
                        bool last);
void name_words_look(const name_words *w, const char *s, size_t len, name_forms *out);
void name_words_free(name_words *w);

#endif
