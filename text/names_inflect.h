/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A word of a name and its forms in a text. */
#ifndef JBK_TEXT_NAMES_INFLECT_H
#define JBK_TEXT_NAMES_INFLECT_H

#include <stdbool.h>
#include <stddef.h>

/* What may stand behind a stem. */
typedef enum {
    JBK_ENDS_NOT,       /* nothing */
    JBK_ENDS_EN,        /* 's and the plural; an apostrophe is left out of words of Latin letters */
    JBK_ENDS_EN_PEOPLE, /* and what makes the people's name of the country's: -n, -ian, -ese */
    JBK_ENDS_EN_CUT,    /* the same behind a vowel left out */
    JBK_ENDS_RU_HARD,   /* Иран- */
    JBK_ENDS_RU_A,      /* Канад- */
    JBK_ENDS_RU_IA,     /* Франци- */
    JBK_ENDS_RU_SOFT,   /* Израил-, Кита- */
    JBK_ENDS_RU_PLURAL, /* Филиппин- */
    JBK_ENDS_RU_ADJECTIVE, /* русск- */
    JBK_ENDS_RU_PEOPLE,    /* америка(н)ск-: -ец, -ка, -анин */
    JBK_ENDS_TURKIC,       /* a chain of suffixes, or nothing */
    JBK_ENDS_TURKIC_SOME,  /* at least one suffix */
    JBK_ENDS_TURKIC_LIK    /* one that makes the people's name: Британ(ия)-дық */
} jbk_name_ends;

/* May `ending`, folded letters, stand behind such a stem?  *people: and it makes a word for the
 * people, which the Turkic languages write small. */
bool jbk_name_may_end(jbk_name_ends ends, const char *ending, size_t len, bool *people);
/* The same for an ending that is part of a script key. */
bool jbk_name_key_may_end(jbk_name_ends ends, const char *ending, size_t len, bool *people);

#endif
