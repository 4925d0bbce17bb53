/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What stands beside the engines.
 *
 *     bench_floor json JSONL JOBS       parse every line; prints seconds
 *     bench_floor icu JSONL JOBS        ICU's word iterator over title and text; prints seconds
 *     bench_floor memmem JSONL QUESTIONS
 *         the truth: documents whose title or text holds the strings, after the basic fold, found
 *         by memmem in memory
 *     bench_floor written JSONL QUESTIONS
 *         the same without the fold
 *     bench_floor dump JSONL            what scriptindex reads
 */
#include "ask.h"
#include "base/mem.h"
#include "text/fold.h"

#include <jansson.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unicode/ubrk.h>
#include <unicode/ustring.h>

enum { JOBS_MAX = 64 };

typedef struct {
    const char *s;
    size_t len;
} slice;
typedef JBK_VEC(slice) lines;

static char *read_whole(const char *path, size_t *len) {
    FILE *f = fopen(path, "r");
    if (!f) ask_die("cannot open %s", path);
    jbk_buf b = {0};
    char part[1 << 16];
    for (size_t n; (n = fread(part, 1, sizeof part, f)) > 0;) jbk_buf_add(&b, part, n);
    fclose(f);
    *len = b.len;
    jbk_buf_add(&b, "", 1);
    return b.data;
}

static void read_lines(const char *path, lines *out) {
    size_t len;
    char *s = read_whole(path, &len);
    for (char *end = s + len; s < end;) {
        char *stop = memchr(s, '\n', (size_t)(end - s));
        if (!stop) stop = end;
        jbk_vec_push(out, ((slice){s, (size_t)(stop - s)}));
        s = stop + 1;
    }
}

static json_t *parse(slice line) {
    json_t *r = json_loadb(line.s, line.len, 0, NULL);
    if (!r) ask_die("a line is no JSON");
    return r;
}

static slice string_of(const json_t *r, const char *name) {
    const json_t *v = json_object_get(r, name);
    return v ? (slice){json_string_value(v), json_string_length(v)} : (slice){"", 0};
}

/* --- json, icu: some threads, each its share of the lines --- */

typedef struct {
    slice *at;
    size_t n;
    size_t pieces;
} share;

static void *parse_share(void *context) {
    share *s = context;
    for (size_t i = 0; i < s->n; i++) {
        json_t *r = parse(s->at[i]);
        s->pieces += json_object_size(r);
        json_decref(r);
    }
    return NULL;
}

static void *segment_share(void *context) {
    share *s = context;
    UErrorCode e = U_ZERO_ERROR;
    UBreakIterator *words = ubrk_open(UBRK_WORD, "", NULL, 0, &e);
    if (U_FAILURE(e)) ask_die("no word iterator");
    JBK_VEC(UChar) wide = {0};
    for (size_t i = 0; i < s->n; i++) {
        int32_t len;
        jbk_vec_reserve(&wide, s->at[i].len + 1);
        u_strFromUTF8WithSub(wide.at, (int32_t)s->at[i].len + 1, &len, s->at[i].s,
                             (int32_t)s->at[i].len, 0xFFFD, NULL, &e);
        ubrk_setText(words, wide.at, len, &e);
        if (U_FAILURE(e)) ask_die("ICU cannot segment");
        while (ubrk_next(words) != UBRK_DONE) s->pieces++;
    }
    jbk_vec_free(&wide);
    ubrk_close(words);
    return NULL;
}

static double seconds(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void in_parallel(void *(*work)(void *), slice *at, size_t n, size_t jobs) {
    pthread_t threads[JOBS_MAX];
    share shares[JOBS_MAX];
    double start = seconds();
    size_t pieces = 0;
    for (size_t j = 0; j < jobs; j++) {
        size_t from = n * j / jobs, to = n * (j + 1) / jobs;
        shares[j] = (share){.at = at + from, .n = to - from};
        if (pthread_create(&threads[j], NULL, work, &shares[j])) ask_die("no thread");
    }
    for (size_t j = 0; j < jobs; j++) {
        pthread_join(threads[j], NULL);
        pieces += shares[j].pieces;
    }
    printf("%.4f\t%zu\n", seconds() - start, pieces);
}

static slice keep(slice s) { return (slice){jbk_strndup(s.s, s.len), s.len}; }

static void read_texts(const lines *l, lines *texts) {
    for (size_t i = 0; i < l->n; i++) {
        json_t *r = parse(l->at[i]);
        jbk_vec_push(texts, keep(string_of(r, "title")));
        jbk_vec_push(texts, keep(string_of(r, "text")));
        json_decref(r);
    }
}

/* --- memmem --- */

typedef struct {
    lines folded, written; /* title and text of document i at 2i and 2i + 1 */
    lines sections, dates;
} corpus;

static void read_corpus(const lines *l, corpus *c) {
    jbk_folded f = {.utf8_only = true};
    read_texts(l, &c->written);
    for (size_t i = 0; i < c->written.n; i++) {
        jbk_fold(&f, c->written.at[i].s, c->written.at[i].len);
        jbk_vec_push(&c->folded, keep((slice){f.utf8.data, f.utf8.len}));
    }
    jbk_folded_free(&f);
    for (size_t i = 0; i < l->n; i++) {
        json_t *r = parse(l->at[i]);
        jbk_vec_push(&c->sections, keep(string_of(r, "section")));
        jbk_vec_push(&c->dates, keep(string_of(r, "published_at")));
        json_decref(r);
    }
}

static bool holds(const lines *texts, size_t doc, const char *s, size_t len) {
    const slice *t = &texts->at[2 * doc];
    return memmem(t[0].s, t[0].len, s, len) || memmem(t[1].s, t[1].len, s, len);
}

static uint64_t count(const corpus *c, const lines *texts, const ask_question *q) {
    uint64_t total = 0;
    size_t a = strlen(q->a), b = q->b ? strlen(q->b) : 0;
    for (size_t i = 0; i < c->sections.n; i++) {
        bool found = q->op == ASK_ALL || holds(texts, i, q->a, a);
        if (q->op == ASK_AND) found = found && holds(texts, i, q->b, b);
        if (q->op == ASK_OR) found = found || holds(texts, i, q->b, b);
        if (found && q->mode == ASK_FILTER)
            found = !strcmp(c->sections.at[i].s, ASK_SECTION) &&
                    !strncmp(c->dates.at[i].s, ASK_YEAR "-", strlen(ASK_YEAR "-"));
        total += found;
    }
    return total;
}

typedef struct {
    corpus corpus;
    bool as_written;
} scan;

static void answer(void *context, const ask_question *q, uint64_t *total, uint64_t *given) {
    scan *s = context;
    *total = count(&s->corpus, s->as_written ? &s->corpus.written : &s->corpus.folded, q);
    *given = 0;
}

/* --- dump --- */

static void dump_field(const char *name, slice s) {
    printf("%s=", name);
    for (size_t i = 0; i < s.len; i++) {
        putchar(s.s[i]);
        if (s.s[i] == '\n') putchar('=');
    }
    putchar('\n');
}

static void dump(const char *path) {
    static const char *const names[] = {"id",      "title",  "text", "platform",
                                        "section", "author", "lang", "label"};
    FILE *f = fopen(path, "r");
    if (!f) ask_die("cannot open %s", path);
    char *line = NULL;
    size_t cap = 0;
    for (ssize_t len; (len = getline(&line, &cap, f)) > 0;) {
        json_t *r = parse((slice){line, (size_t)len});
        for (size_t i = 0; i < sizeof names / sizeof *names; i++)
            dump_field(names[i], string_of(r, names[i]));
        const char *date = string_of(r, "published_at").s;
        if (strlen(date) >= 10) printf("date=%.4s%.2s%.2s\n", date, date + 5, date + 8);
        putchar('\n');
        json_decref(r);
    }
    free(line);
    fclose(f);
}

int main(int argc, char **argv) {
    if (argc == 3 && !strcmp(argv[1], "dump")) {
        dump(argv[2]);
        return 0;
    }
    if (argc != 4)
        ask_die("usage: bench_floor json|icu|memmem|written|dump JSONL [JOBS|QUESTIONS]");
    lines l = {0}, texts = {0};
    read_lines(argv[2], &l);
    size_t jobs = strtoul(argv[3], NULL, 10);
    if (jobs > JOBS_MAX) jobs = JOBS_MAX;
    if (!strcmp(argv[1], "json")) {
        in_parallel(parse_share, l.at, l.n, jobs ? jobs : 1);
    } else if (!strcmp(argv[1], "icu")) {
        read_texts(&l, &texts);
        in_parallel(segment_share, texts.at, texts.n, jobs ? jobs : 1);
    } else {
        scan s = {.as_written = !strcmp(argv[1], "written")};
        read_corpus(&l, &s.corpus);
        ask_all(argv[3], answer, &s);
    }
    return 0;
}
