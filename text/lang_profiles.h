/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What tells languages of one script apart: letters, frequent short words, endings of words. */
#ifndef JBK_TEXT_LANG_PROFILES_H
#define JBK_TEXT_LANG_PROFILES_H

#include "text/chars.h"

typedef struct {
    const char *lang;
    jbk_script script;
    int prior;           /* where little tells */
    const char *own;     /* letters that it alone or nearly alone writes */
    const char *shared;  /* ... that some of its neighbours write as well */
    const char *foreign; /* ... that it does not write */
    const char *words;   /* lower case, blanks between */
    const char *endings; /* of words longer than they, 2 to 4 letters each */
} jbk_lang_profile;

enum {
    JBK_LANG_OWN = 4,
    JBK_LANG_SHARED = 1,
    JBK_LANG_FOREIGN = -3,
    JBK_LANG_WORD = 5,
    JBK_LANG_ENDING = 2,
    JBK_LANG_PROFILES = 16
};

/* The first of a script is its language where nothing tells. */
extern const jbk_lang_profile jbk_lang_profiles[JBK_LANG_PROFILES];

#endif
