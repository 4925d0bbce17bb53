/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ask.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

const char *const ask_facets[ASK_FACETED] = {"platform", "section", "author", "lang", "label"};

void ask_die(const char *format, ...) {
    va_list args;
    va_start(args, format);
    vfprintf(stderr, format, args);
    va_end(args);
    fputc('\n', stderr);
    exit(1);
}

static int number_of(const char *name, const char *const *names, int n) {
    for (int i = 0; i < n; i++)
        if (!strcmp(name, names[i])) return i;
    ask_die("a question of an unknown kind: %s", name);
}

/* The parts of a line become the question's strings, which live as long as the line. */
static void read_question(char *line, ask_question *q) {
    static const char *const modes[] = {"count", "ten", "facets", "filter", "sort"};
    static const char *const ops[] = {"one", "and", "or", "all"};
    char *part[5] = {0}, *at = line;
    line[strcspn(line, "\n")] = '\0';
    for (size_t i = 0; i < 5 && at; i++) part[i] = strsep(&at, "\t");
    if (!part[3]) ask_die("a line is no question");
    q->mode = (ask_mode)number_of(part[1], modes, 5);
    q->op = (ask_op)number_of(part[2], ops, 4);
    q->a = part[3];
    q->b = part[4];
    if ((q->op == ASK_AND || q->op == ASK_OR) != (q->b != NULL))
        ask_die("a question wants another string");
}

static ask_question *read_questions(const char *path, size_t *n) {
    FILE *f = fopen(path, "r");
    if (!f) ask_die("cannot open %s", path);
    ask_question *all = NULL;
    *n = 0;
    for (;;) {
        char *line = NULL; /* kept by the question */
        size_t cap = 0;
        if (getline(&line, &cap, f) <= 0) {
            free(line);
            break;
        }
        all = realloc(all, (*n + 1) * sizeof *all);
        if (!all) ask_die("no memory");
        read_question(line, &all[(*n)++]);
    }
    fclose(f);
    return all;
}

static uint64_t now_ns(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

void ask_all(const char *path, ask_answer answer, void *engine) {
    size_t n;
    ask_question *questions = read_questions(path, &n);
    int times = getenv("ASK_ONCE") ? 1 : 2;
    for (int again = 1; again <= times; again++)
        for (size_t i = 0; i < n; i++) {
            uint64_t total = 0, given = 0, start = now_ns();
            answer(engine, &questions[i], &total, &given);
            uint64_t ns = now_ns() - start;
            if (again == times)
                printf("%llu\t%llu\t%llu\n", (unsigned long long)ns, (unsigned long long)total,
                       (unsigned long long)given);
        }
}
