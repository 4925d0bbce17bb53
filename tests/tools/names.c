/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The countries and peoples named in texts, for tests that look at every record: texts on standard
 * input, each closed by a NUL, become lines of "CODE start end", in bytes of the folded text, with
 * tabs between. */
#include "text/names.h"

#include <stdio.h>
#include <stdlib.h>

static int put_names(jbk_names *n, jbk_folded *f, const char *text, size_t len) {
    jbk_name_places found = {0};
    int failed = jbk_names_in(n, text, len, f, &found, NULL) != JBK_OK;
    for (size_t i = 0; i < found.n; i++) {
        jbk_name_place p = found.at[i];
        printf("%s%s %zu %zu", i ? "\t" : "", jbk_name_code(p.code), p.start, p.end);
    }
    putchar('\n');
    jbk_vec_free(&found);
    return failed;
}

int main(void) {
    jbk_names *n;
    jbk_folded f = {0};
    char *text = NULL;
    size_t cap = 0;
    int failed = jbk_names_new(&n, NULL) != JBK_OK;
    for (ssize_t len; !failed && (len = getdelim(&text, &cap, '\0', stdin)) > 0;)
        failed = put_names(n, &f, text, (size_t)len - 1);
    if (!failed) failed = fflush(stdout) != 0;
    free(text);
    jbk_names_free(n);
    jbk_folded_free(&f);
    return failed;
}
