/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pairs that a lookup takes for one, though they are two: `alike id BEFORE COUNT` writes words that
 * are alike with BEFORE in front of them, `alike content TEXT COUNT` titles that are alike above
 * that text.  A pair stands in a line. */
#include "base/hash.h"
#include "store/record.h"
#include "store/volume.h"

#include <stdio.h>
#include <stdlib.h>

/* Of so many, a hundred or so pairs are alike in 32 bits. */
enum { WORDS = 1 << 20, LENGTH = 14 };

static void name_word(uint32_t n, char word[LENGTH + 1]) {
    snprintf(word, LENGTH + 1, "qz%04x%08x", n * 40503 & 0xFFFF, n * 2654435761u);
}

static uint64_t hash_word(const char *kind, const char *beside, const char *word,
                          jbk_buf *scratch) {
    scratch->len = 0;
    if (!strcmp(kind, "id")) {
        jbk_buf_str(scratch, beside);
        jbk_buf_str(scratch, word);
        return jbk_lookup_kept(JBK_RUN_ID, jbk_hash(scratch->data, scratch->len));
    }
    unsigned char digest[JBK_CONTENT_DIGEST] = {0};
    uint64_t hash;
    jbk_record r = {0};
    jbk_record_clear(&r);
    r.field[JBK_F_TITLE] = (jbk_str){word, LENGTH};
    r.field[JBK_F_TEXT] = (jbk_str){beside, strlen(beside)};
    (void)jbk_record_content(&r, scratch, digest);
    memcpy(&hash, digest, sizeof hash);
    return jbk_lookup_kept(JBK_RUN_CONTENT, hash);
}

static int by_hash(const void *x, const void *y) {
    const jbk_run_entry *a = x, *b = y;
    return a->hash < b->hash ? -1 : a->hash > b->hash;
}

int main(int argc, char **argv) {
    if (argc != 4) return 2;
    jbk_run_entry *all = jbk_alloc(WORDS * sizeof *all);
    jbk_buf scratch = {0};
    char word[LENGTH + 1];
    for (uint32_t i = 0; i < WORDS; i++) {
        name_word(i, word);
        all[i] = (jbk_run_entry){hash_word(argv[1], argv[2], word, &scratch), i};
    }
    qsort(all, WORDS, sizeof *all, by_hash);
    long wanted = strtol(argv[3], NULL, 10);
    for (uint32_t i = 1; i < WORDS && wanted; i++) {
        if (all[i].hash != all[i - 1].hash) continue;
        name_word(all[i - 1].doc, word);
        printf("%s ", word);
        name_word(all[i].doc, word);
        printf("%s\n", word);
        wanted--;
    }
    jbk_buf_free(&scratch);
    free(all);
    return fflush(stdout) != 0 || wanted;
}
