/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The endings of Kazakh and the orders in which they stand, read from the end of a word. */
#ifndef JBK_TEXT_KK_GRAMMAR_H
#define JBK_TEXT_KK_GRAMMAR_H

#include "kk_letters.h"

enum { KK_FORM_MAX = 8, KK_FORMS_MAX = 512 };
typedef enum { KK_NO_HARMONY, KK_BACK, KK_FRONT } kk_harmony;

/* One shape of an ending. */
typedef struct {
    uint8_t n;
    kk_harmony harmony; /* of the stems it follows */
    kk_set after;       /* what the stem may end in */
    char key;           /* of the first letter */
    kk_set at[KK_FORM_MAX];
} kk_form;

typedef enum {
    KK_ANY,     /* nothing taken away yet */
    KK_NOMINAL, /* before personal endings of a predicate: мұғалім|мін */
    KK_CASED,   /* before a case */
    KK_OF_HIS,  /* before a case that follows the possessive of the third person */
    KK_OF_MINE, /* ... of the first and second */
    KK_PLACE,   /* before -ғы, which follows a place */
    KK_POSSESSED,
    KK_PLURAL,
    KK_QUALITY,     /* before -лы */
    KK_NOMINALIZED, /* before -лық, which follows forms of verbs */
    KK_TENSED,      /* before the personal endings of the past and the conditional */
    KK_VERB,
    KK_VERB_1, /* before negation or voice; one more voice each */
    KK_VERB_2,
    KK_VERB_3,
    KK_STATES
} kk_state;

/* In state `from` the ending `slot` may be taken away, which leads to `to`. */
typedef struct {
    uint8_t from, slot, to;
} kk_step;

typedef struct {
    kk_set back, front;          /* vowels */
    kk_set loan_end, loan_vowel; /* before which harmony tells nothing */
    kk_form forms[KK_FORMS_MAX];
    uint16_t first[64]; /* of each slot; one more */
    const kk_step *steps;
    uint8_t first_step[KK_STATES + 1];
} kk_grammar;

void kk_grammar_init(kk_grammar *g);

/* What may stand as a stem in a state. */
bool kk_state_is_noun(kk_state state);
bool kk_state_is_verb(kk_state state);
/* What taking the ending away costs; whether only a root may remain. */
int kk_slot_cost(unsigned slot);
bool kk_slot_is_doubtful(unsigned slot);

/* The harmony of the first n letters of a word: that of the last vowel which has any. */
kk_harmony kk_harmony_of(const kk_grammar *g, const kk_set *word, size_t n);

#endif
