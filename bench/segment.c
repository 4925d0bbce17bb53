/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What words cost: fold, segment and the emitting of terms against ICU's word iterator alone on
 * the same text, by processor time.
 *
 *   bench_segment FILE [MEGABYTES [ROUNDS]]
 *
 * FILE has a document a line: JSON with a text, or the text itself.  Rounds alternate; the
 * fastest of each kind counts. */
#include "text/segment.h"
#include "base/mem.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unicode/ubrk.h>
#include <unicode/ustring.h>

typedef struct {
    char *text;
    size_t len;
    UChar *wide;
    int32_t wide_len;
} document;

typedef JBK_VEC(document) documents;

static void die(const char *what) {
    fprintf(stderr, "bench_segment: %s\n", what);
    exit(1);
}

static double cpu_seconds(void) {
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void add(documents *d, const char *text, size_t len) {
    document doc = {.text = jbk_strndup(text, len), .len = len};
    doc.wide = jbk_alloc((len + 1) * sizeof *doc.wide);
    UErrorCode e = U_ZERO_ERROR;
    u_strFromUTF8WithSub(doc.wide, (int32_t)len + 1, &doc.wide_len, text, (int32_t)len, 0xFFFD,
                         NULL, &e);
    if (U_FAILURE(e)) die("ICU cannot read the text");
    jbk_vec_push(d, doc);
}

static size_t read_documents(const char *path, size_t limit, documents *d) {
    FILE *f = fopen(path, "r");
    if (!f) die("cannot open the file");
    char *line = NULL;
    size_t cap = 0, bytes = 0;
    for (ssize_t len; bytes < limit && (len = getline(&line, &cap, f)) > 0;) {
        json_t *record = *line == '{' ? json_loadb(line, (size_t)len, 0, NULL) : NULL;
        const char *text = json_string_value(json_object_get(record, "text"));
        if (!text) text = json_string_value(json_object_get(record, "title"));
        size_t n = text ? strlen(text) : (size_t)len - 1;
        add(d, text ? text : line, n);
        bytes += n;
        json_decref(record);
    }
    free(line);
    fclose(f);
    return bytes;
}

static double icu_round(const documents *d, UBreakIterator *words, size_t *pieces) {
    double start = cpu_seconds();
    *pieces = 0;
    for (size_t i = 0; i < d->n; i++) {
        UErrorCode e = U_ZERO_ERROR;
        ubrk_setText(words, d->at[i].wide, d->at[i].wide_len, &e);
        if (U_FAILURE(e)) die("ICU cannot segment");
        while (ubrk_next(words) != UBRK_DONE) ++*pieces;
    }
    return cpu_seconds() - start;
}

static double our_round(const documents *d, jbk_segmenter *s, jbk_folded *folded, jbk_slices *terms,
                        size_t *emitted) {
    double start = cpu_seconds();
    *emitted = 0;
    for (size_t i = 0; i < d->n; i++) {
        jbk_fold(folded, d->at[i].text, d->at[i].len);
        if (jbk_segment(s, folded, terms, NULL)) die("cannot segment");
        *emitted += terms->n;
    }
    return cpu_seconds() - start;
}

int main(int argc, char **argv) {
    if (argc < 2) die("usage: bench_segment FILE [MEGABYTES [ROUNDS]]");
    size_t limit = (argc > 2 ? strtoul(argv[2], NULL, 10) : 10) << 20;
    unsigned long rounds = argc > 3 ? strtoul(argv[3], NULL, 10) : 5;
    documents d = {0};
    size_t bytes = read_documents(argv[1], limit, &d), pieces = 0, terms = 0;
    UErrorCode e = U_ZERO_ERROR;
    UBreakIterator *words = ubrk_open(UBRK_WORD, "", NULL, 0, &e);
    jbk_segmenter *segmenter;
    jbk_folded folded = {0};
    jbk_slices slices = {0};
    if (U_FAILURE(e) || jbk_segmenter_new(&segmenter, NULL)) die("no word iterator");
    double icu = 1e9, ours = 1e9;
    for (unsigned long r = 0; r < rounds; r++) {
        double a = icu_round(&d, words, &pieces);
        double b = our_round(&d, segmenter, &folded, &slices, &terms);
        if (a < icu) icu = a;
        if (b < ours) ours = b;
    }
    double mb = (double)bytes / 1e6;
    printf("%zu documents, %.1f MB; ICU alone %.3f s (%zu pieces), fold and terms %.3f s (%zu "
           "terms): %.2f times; %.1f MB/s\n",
           d.n, mb, icu, pieces, ours, terms, ours / icu, mb / ours);
    return 0;
}
