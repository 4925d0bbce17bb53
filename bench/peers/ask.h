/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The questions that every engine is asked, from one file, and the clock they are asked by.
 *
 * A line is ROW, MODE, OP, STRING and, where OP joins two, STRING, between tabs. */
#ifndef JBK_BENCH_ASK_H
#define JBK_BENCH_ASK_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef enum {
    ASK_COUNT,  /* how many documents */
    ASK_TEN,    /* and the title and text of the ten best */
    ASK_FACETS, /* and the ten most frequent values of five fields */
    ASK_FILTER, /* how many of one section and one year */
    ASK_SORT    /* and the title and text of the ten newest */
} ask_mode;

typedef enum { ASK_ONE, ASK_AND, ASK_OR, ASK_ALL } ask_op;

typedef struct {
    ask_mode mode;
    ask_op op;
    char *a, *b; /* UTF-8, Han alone; b with ASK_AND and ASK_OR only; a is "*" with ASK_ALL */
} ask_question;

#define ASK_SECTION "s03"
#define ASK_YEAR "2020"
enum { ASK_YEAR_FIRST = 20200101, ASK_YEAR_LAST = 20201231, ASK_SHOWN = 10, ASK_FACETED = 5 };
extern const char *const ask_facets[ASK_FACETED]; /* names of the five fields */

/* Answers one question: the number of documents, and the bytes (or facet counts) given back. */
typedef void (*ask_answer)(void *engine, const ask_question *q, uint64_t *total, uint64_t *given);

/* Asks all questions of a file twice and prints, of the second time, a line for each:
 * nanoseconds, total, given.  Once only where ASK_ONCE is set in the environment. */
void ask_all(const char *path, ask_answer answer, void *engine);

/* Ends the program with a message. */
#ifdef __cplusplus
[[noreturn]]
#else
_Noreturn
#endif
void ask_die(const char *format, ...) __attribute__((format(printf, 1, 2)));

#ifdef __cplusplus
}
#endif
#endif
