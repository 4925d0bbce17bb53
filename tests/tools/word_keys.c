/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The stem keys of folded words, for tests that expand words the slow way: words on standard
 * input, each closed by a NUL, become their keys, each closed by a NUL, and one NUL more. */
#include "text/keys.h"

#include <stdio.h>
#include <stdlib.h>

int main(void) {
    jbk_stemmer *s;
    char *word = NULL;
    size_t cap = 0;
    int failed = jbk_stemmer_new(&s, NULL) != JBK_OK;
    for (ssize_t n; !failed && (n = getdelim(&word, &cap, '\0', stdin)) > 0;) {
        jbk_keys keys;
        jbk_keys_of(s, word, (size_t)n - 1, &keys);
        for (size_t i = 0; i < keys.n; i++) {
            printf("%d ", keys.at[i].kind);
            fwrite(keys.at[i].bytes, 1, keys.at[i].len, stdout);
            putchar('\0');
        }
        putchar('\0');
    }
    if (!failed) failed = fflush(stdout) != 0;
    free(word);
    jbk_stemmer_free(s);
    return failed;
}
