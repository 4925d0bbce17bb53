/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The terms of texts, for tests that count words the slow way: texts on standard input, each closed
 * by a NUL, become their terms, each closed by a NUL, and one NUL more. */
#include "text/segment.h"

#include <stdio.h>
#include <stdlib.h>

static int put_terms(jbk_segmenter *s, jbk_folded *f, jbk_slices *terms, const char *text,
                     size_t len) {
    jbk_fold(f, text, len);
    if (jbk_segment(s, f, terms, NULL)) return 1;
    for (size_t i = 0; i < terms->n; i++) {
        fwrite(f->utf8.data + terms->at[i].start, 1, terms->at[i].len, stdout);
        putchar('\0');
    }
    putchar('\0');
    return 0;
}

int main(void) {
    jbk_segmenter *s;
    jbk_folded f = {0};
    jbk_slices terms = {0};
    char *text = NULL;
    size_t cap = 0;
    int failed = jbk_segmenter_new(&s, NULL) != JBK_OK;
    for (ssize_t n; !failed && (n = getdelim(&text, &cap, '\0', stdin)) > 0;)
        failed = put_terms(s, &f, &terms, text, (size_t)n - 1);
    if (!failed) failed = fflush(stdout) != 0;
    free(text);
    jbk_segmenter_free(s);
    jbk_folded_free(&f);
    jbk_vec_free(&terms);
    return failed;
}
