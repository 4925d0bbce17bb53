/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where the words of texts are: texts on standard input, each ended by a NUL; for each a line
 * "bytes start,length start,length ..." of its folded form.  For programs that count words
 * between others and have no ICU. */
#include "text/segment.h"

#include <stdio.h>
#include <stdlib.h>

static jbk_status print_terms(jbk_segmenter *segmenter, const char *text, size_t len) {
    static jbk_folded folded;
    static jbk_slices terms;
    jbk_fold(&folded, text, len);
    jbk_status status = jbk_segment(segmenter, &folded, &terms, NULL);
    printf("%zu", folded.utf8.len);
    for (size_t i = 0; i < terms.n && !status; i++)
        printf(" %u,%u", terms.at[i].start, terms.at[i].len);
    putchar('\n');
    return status;
}

int main(void) {
    jbk_segmenter *segmenter;
    jbk_status status = jbk_segmenter_new(&segmenter, NULL);
    char *text = NULL;
    size_t cap = 0;
    for (ssize_t n; !status && (n = getdelim(&text, &cap, '\0', stdin)) > 0;)
        status = print_terms(segmenter, text, (size_t)(text[n - 1] ? n : n - 1));
    free(text);
    return status ? 1 : 0;
}
