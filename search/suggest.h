/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Words of the index that are written almost like one that no document holds. */
#ifndef JBK_SEARCH_SUGGEST_H
#define JBK_SEARCH_SUGGEST_H

#include "index.h"

enum { JBK_SUGGESTIONS = 3 };

typedef struct {
    jbk_str word;       /* in the index's files, as long as it is open */
    unsigned distance;  /* letters put in, left out, changed, or two neighbours swapped */
    uint64_t documents; /* living ones that hold it */
} jbk_suggestion;

/* The words at distance 1, or 2 for words of five letters and more, that living documents hold:
 * the nearest first, then the most frequent.  `s` is a folded word; *n at most JBK_SUGGESTIONS. */
JBK_MUST_CHECK jbk_status jbk_suggest(jbk_index *x, const char *s, size_t len, unsigned where,
                                      jbk_suggestion out[JBK_SUGGESTIONS], size_t *n, jbk_err *err);

/* Distance of two words of code points (optimal string alignment), or most + 1 where it is
 * more than `most`. */
unsigned jbk_word_distance(const uint32_t *a, size_t alen, const uint32_t *b, size_t blen,
                           unsigned most);

#endif
