/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One name of a country, region or people; the table is made at build time by gen_names.c. */
#ifndef JBK_TEXT_NAMES_ROW_H
#define JBK_TEXT_NAMES_ROW_H

#include <stddef.h>
#include <stdint.h>

/* How a name is inflected. */
typedef enum {
    JBK_NAME_HAN,    /* not at all */
    JBK_NAME_EN,     /* 's, and the endings that make the people's name */
    JBK_NAME_RU,     /* noun or adjective, told by its ending */
    JBK_NAME_TURKIC, /* Kazakh, Kyrgyz, Uzbek, Uyghur: chains of suffixes */
} jbk_name_lang;

enum {
    JBK_NAME_CAPITAL = 1, /* in writing begins with a capital */
    JBK_NAME_CAPS = 2,    /* is of capitals alone: US, США */
    JBK_NAME_WEAK = 4,    /* is a word or a person's name as well */
    JBK_NAME_KEY = 8      /* Kazakh: also by its script key, in Latin and Arabic letters */
};

typedef struct {
    const char *code; /* "-": the phrase names nothing, though it holds a name */
    const char *name; /* folded */
    uint8_t lang, flags;
} jbk_name_row;

extern const jbk_name_row jbk_name_rows[];
extern const size_t jbk_name_row_count;
extern const uint64_t jbk_name_rows_digest;

#endif
