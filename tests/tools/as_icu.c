/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Are the terms of each line what ICU makes of it?
 *
 *   as_icu < TEXT
 *
 * Prints how many lines and terms there are; the first line that differs ends it, status 1. */
#include "as_icu.h"

#include <stdio.h>
#include <stdlib.h>

int main(void) {
    jbk_err err = {0};
    jbk_segmenter *segmenter;
    jbk_folded folded = {0};
    jbk_slices terms = {0};
    UBreakIterator *words = icu_words();
    char *line = NULL;
    size_t cap = 0, lines = 0, n = 0;
    if (jbk_segmenter_new(&segmenter, &err)) return 2;
    for (ssize_t len; (len = getline(&line, &cap, stdin)) > 0; lines++) {
        jbk_fold(&folded, line, (size_t)len);
        if (jbk_segment(segmenter, &folded, &terms, &err)) return 2;
        const char *wrong = differs_from_icu(words, &folded, &terms);
        if (wrong) {
            printf("line %zu: %s: %s\n", lines + 1, wrong, line);
            return 1;
        }
        n += terms.n;
    }
    printf("%zu lines, %zu terms\n", lines, n);
    free(line);
    jbk_vec_free(&terms);
    jbk_folded_free(&folded);
    ubrk_close(words);
    jbk_segmenter_free(segmenter);
    return 0;
}
