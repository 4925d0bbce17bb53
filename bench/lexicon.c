/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How long does the lexicon take to say what a query word becomes?
 *
 *     bench_lexicon [WORDS] [FOLDER]
 *
 * Makes a records file with WORDS made-up words (a million): stems with Kazakh endings, and Han
 * words of one to four characters.  Prints processor time of each question, the mean and the
 * slowest of many. */
#include "base/utf8.h"
#include "cover.h"
#include "expand.h"
#include "text/key_hash.h"
#include "text/segment.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

static uint64_t state = 88172645463325252u;
static size_t below(size_t n) { /* xorshift64 */
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return (size_t)(state % n);
}

static double cpu_ms(void) {
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec * 1e-6;
}

/* --- words --- */

static const char *const ONSETS[] = {"б", "қ", "к", "т", "с", "м", "ж", "д", "р", "л", "н", "ш"};
static const char *const VOWELS[] = {"а", "е", "ы", "і", "о", "ө", "ұ", "ү"};
static const char *const ENDINGS[] = {"",    "лар",   "лер",   "дың",  "нің",     "да",  "ге",
                                      "дан", "ларға", "лерді", "ымыз", "ларының", "мен", "сыз"};

static void add_alphabetic(jbk_buf *b) {
    for (size_t n = 2 + below(2); n; n--) {
        jbk_buf_str(b, ONSETS[below(12)]);
        jbk_buf_str(b, VOWELS[below(8)]);
    }
    jbk_buf_str(b, ONSETS[below(12)]);
    jbk_buf_str(b, ENDINGS[below(14)]);
}

/* Some characters are far more frequent than others. */
static void add_han(jbk_buf *b, size_t n) {
    for (; n; n--) jbk_utf8_put(b, 0x4E00 + (uint32_t)(below(70) * below(70)));
}

static void make_word(jbk_buf *b) {
    b->len = 0;
    if (below(10) < 6)
        add_alphabetic(b);
    else
        add_han(b, 1 + below(4));
}

static int by_bytes(const void *x, const void *y) {
    const jbk_word *a = x, *b = y;
    int order = memcmp(a->s, b->s, a->len < b->len ? a->len : b->len);
    return order ? order : a->len < b->len ? -1 : a->len > b->len;
}

/* --- the file --- */

static jbk_status add_keys(jbk_volume_writer *w, const jbk_word *words, size_t n, jbk_err *err) {
    jbk_stemmer *stemmer;
    jbk_key_entries entries = {0};
    jbk_status status = jbk_stemmer_new(&stemmer, err);
    double start = cpu_ms();
    for (size_t i = 0; i < n && !status; i++) {
        jbk_keys keys;
        jbk_keys_of(stemmer, words[i].s, words[i].len, &keys);
        for (size_t k = 0; k < keys.n; k++)
            jbk_vec_push(&entries, ((jbk_key_entry){jbk_key_sum(&keys.at[k]), (uint32_t)i}));
    }
    printf("%zu words, %zu keys made in %.0f ms\n", n, entries.n, cpu_ms() - start);
    if (!status) status = jbk_volume_add_keys(w, jbk_keys_maker(), &entries, err);
    jbk_vec_free(&entries);
    jbk_stemmer_free(stemmer);
    return status;
}

static jbk_status write_file(const char *path, const jbk_intern *all, jbk_err *err) {
    size_t n = all->keys.n;
    jbk_word *words = jbk_alloc(n * sizeof *words);
    uint8_t *kinds = jbk_alloc(n);
    for (size_t i = 0; i < n; i++) words[i] = (jbk_word){all->keys.at[i].s, all->keys.at[i].len};
    qsort(words, n, sizeof *words, by_bytes);
    for (size_t i = 0; i < n; i++) {
        jbk_term_kind k = jbk_term_describe(words[i].s, words[i].len);
        kinds[i] = (uint8_t)(k.script | (k.plain ? JBK_LEX_PLAIN : 0));
    }
    jbk_volume_writer *w = NULL;
    jbk_status status = jbk_volume_create(path, &w, err);
    if (!status) status = jbk_volume_add_words(w, words, kinds, n, err);
    if (!status) status = add_keys(w, words, n, err);
    if (!status) status = jbk_volume_finish(w, err);
    free(words);
    free(kinds);
    return status;
}

/* --- questions --- */

typedef struct {
    const char *name;
    jbk_query_kind kind;
    bool open_start, open_end, han;
} question;

static const question QUESTIONS[] = {
    {"bare word", JBK_Q_WORD, false, false, false},   {"word*", JBK_Q_PATTERN, false, true, false},
    {"*word", JBK_Q_PATTERN, true, false, false},     {"*word*", JBK_Q_PATTERN, true, true, false},
    {"Han string", JBK_Q_STRING, false, false, true}, {"~Han", JBK_Q_SOUND, false, false, true},
};

static jbk_status ask(jbk_index *x, const question *a, size_t rounds, jbk_err *err) {
    double sum = 0, slowest = 0;
    size_t words = 0;
    jbk_status status = JBK_OK;
    for (size_t i = 0; i < rounds && !status; i++) {
        jbk_buf b = {0};
        if (a->han)
            add_han(&b, 2 + below(4));
        else
            add_alphabetic(&b);
        jbk_query q = {.kind = a->kind,
                       .open_start = a->open_start,
                       .open_end = a->open_end,
                       .s = b.data,
                       .len = b.len,
                       .where = JBK_IN_TITLE | JBK_IN_TEXT};
        jbk_cover c = {0};
        double start = cpu_ms();
        status = jbk_expand(x, &q, err);
        if (!status) status = jbk_cover_find(x, &q, &c, err);
        double took = cpu_ms() - start;
        sum += i ? took : 0; /* the first one reads the file */
        if (i && took > slowest) slowest = took;
        words += c.words.keys.n;
        jbk_cover_free(&c);
        jbk_expansion_free(q.expansion);
        jbk_buf_free(&b);
    }
    printf("%-12s mean %8.3f ms, slowest %8.3f ms, %.1f words\n", a->name,
           sum / (double)(rounds - 1), slowest, (double)words / (double)rounds);
    return status;
}

int main(int argc, char **argv) {
    size_t n = argc > 1 ? strtoul(argv[1], NULL, 10) : 1000000;
    char *path = jbk_printf("%s/bench-lexicon.records", argc > 2 ? argv[2] : "/tmp");
    jbk_err err = {0};
    jbk_intern all = {0};
    jbk_buf b = {0};
    while (all.keys.n < n) {
        make_word(&b);
        jbk_intern_add(&all, b.data, b.len);
    }
    jbk_segment_info segment = {0};
    jbk_status status = write_file(path, &all, &err);
    if (!status) status = jbk_volume_open(path, &segment.volume, &err);
    jbk_index x = {.segments = &segment, .nsegments = 1};
    for (size_t i = 0; i < sizeof QUESTIONS / sizeof *QUESTIONS && !status; i++)
        status = ask(&x, &QUESTIONS[i], 200, &err);
    if (status) fprintf(stderr, "bench_lexicon: %s\n", err.msg);
    jbk_volume_close(segment.volume);
    unlink(path);
    free(path);
    jbk_intern_free(&all);
    jbk_buf_free(&b);
    return status != JBK_OK;
}
