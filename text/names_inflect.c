/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Endings as tables: all of a noun's in Russian, suffixes by the order they follow each other in
 * the Turkic languages.  Turkic suffixes are written by their script keys, in which vowels of
 * both harmonies are one, so that one table serves every script. */
#include "names_inflect.h"

#include "text/keys.h"

#include <string.h>

/* Is it one of `words`, which blanks separate? */
static bool one_of(const char *words, const char *s, size_t len) {
    for (const char *p = words; *p;) {
        size_t n = strcspn(p, " ");
        if (n == len && !memcmp(p, s, n)) return true;
        p += n;
        p += *p == ' ';
    }
    return false;
}

/* By slot: people, plural, possession, case, -gi and the like, predicate. */
static const char *const SLOTS[] = {
    "lik dik tik luk duk tuk ndik liG diG tiG Si Ce Ca Ci li lu siz",
    "lar ler dar der tar ter lor dor tor lir",
    "i u si su m im um imiz umuz miz in un iniz niz",
    ("nin din tin nun dun tun ning ni di ti nu du tu n ga ge go ka ke ko na ne gan da de do ta te "
     "to nda nde ndo dan den don tan ten ton nan nen non men ben pen menen benen penen Sa Se Co "
     "dai "
     "dei tai tei giCe kiCe gaCa geCe deki teki daki"),
    "gi ki gu niki diki tiki nigi",
    "dir tir dur tur min bin mu ma me ba pa",
};
enum { NSLOTS = sizeof SLOTS / sizeof *SLOTS, PEOPLE_SLOT = 0, PLURAL_SLOT = 1, GI_SLOT = 4 };

/* *first: the slot of the first suffix. */
static bool chain(const char *s, size_t len, int slot, int *first) {
    int ignored;
    if (!len) return true;
    for (int k = slot; k < NSLOTS; k++) {
        for (const char *p = SLOTS[k]; *p;) {
            size_t n = strcspn(p, " ");
            /* What -gi makes is a noun again: Қазақстандағылардың. */
            int next = k == GI_SLOT ? PLURAL_SLOT : k + 1;
            *first = k;
            if (n <= len && !memcmp(p, s, n) && chain(s + n, len - n, next, &ignored)) return true;
            p += n;
            p += *p == ' ';
        }
    }
    return false;
}

enum { CHAIN_MAX = 24 };

bool jbk_name_key_may_end(jbk_name_ends ends, const char *ending, size_t len, bool *people) {
    int first = NSLOTS;
    if (!len) return ends == JBK_ENDS_TURKIC;
    if (len > CHAIN_MAX || !chain(ending, len, 0, &first)) return false;
    *people = first == PEOPLE_SLOT;
    return ends != JBK_ENDS_TURKIC_LIK || *people;
}

static bool turkic(jbk_name_ends ends, const char *ending, size_t len, bool *people) {
    jbk_key key = {.len = 0};
    if (len > CHAIN_MAX * 2) return false;
    if (len && !jbk_script_key(JBK_KEY_KK, ending, len, &key)) return false;
    return jbk_name_key_may_end(ends, key.bytes, key.len, people);
}

bool jbk_name_may_end(jbk_name_ends ends, const char *ending, size_t len, bool *people) {
    static const char EN[] = "s",
                      EN_PEOPLE[] = "n ns an ans ian ians nian nians ese i is er ers ean eans",
                      EN_CUT[] = "an ans ian ians ean eans ese ish";
    static const char HARD[] = "а у ом е ем и ы ов ам ами ах";
    static const char A[] = "а ы и е у ой ою ов ам ами ах", IA[] = "я и ю ей ею",
                      SOFT[] = "ь й я ю ем е и ью";
    static const char PLURAL[] = "ы и а ов ам ами ах";
    static const char ADJECTIVE[] =
        "ий ый ой ая ое ее ые ие ого его ому ему ым им ом ем ую ей ою ых "
        "их ыми ими о";
    static const char PEOPLE[] =
        "ец ца цу цем цом це цы цев цов цам цами цах ка ки ке ку кой кою кам ками ках "
        "анин анина анину анином анине ане ан анам анами анах о";
    switch (ends) {
    case JBK_ENDS_NOT:
        return !len;
    case JBK_ENDS_EN:
        return !len || one_of(EN, ending, len);
    case JBK_ENDS_EN_PEOPLE:
        return !len || one_of(EN, ending, len) || one_of(EN_PEOPLE, ending, len);
    case JBK_ENDS_EN_CUT:
        return one_of(EN_CUT, ending, len);
    case JBK_ENDS_RU_HARD:
        return !len || one_of(HARD, ending, len);
    case JBK_ENDS_RU_A:
        return one_of(A, ending, len);
    case JBK_ENDS_RU_IA:
        return one_of(IA, ending, len);
    case JBK_ENDS_RU_SOFT:
        return one_of(SOFT, ending, len);
    case JBK_ENDS_RU_PLURAL:
        return !len || one_of(PLURAL, ending, len);
    case JBK_ENDS_RU_ADJECTIVE:
        return one_of(ADJECTIVE, ending, len);
    case JBK_ENDS_RU_PEOPLE:
        return one_of(PEOPLE, ending, len);
    case JBK_ENDS_TURKIC:
    case JBK_ENDS_TURKIC_SOME:
    case JBK_ENDS_TURKIC_LIK:
        return turkic(ends, ending, len, people);
    }
    return false;
}
