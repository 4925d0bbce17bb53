/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Many queries from a file, each answered with numbers: how many documents it finds, how many
 * are undecided, and how often the values of some fields occur among those found. */
#ifndef JBK_SEARCH_QUERIES_H
#define JBK_SEARCH_QUERIES_H

#include "base/intern.h"
#include "facet.h"

/* How often the value with that number in jbk_queries.values occurs. */
typedef struct {
    uint32_t value;
    uint64_t count;
} jbk_value_count;

typedef struct {
    JBK_VEC(jbk_value_count) values;
    uint64_t missing;
} jbk_answer_facet;

/* A line "NAME<tab>QUERY", or "QUERY", which is then its own name.  Empty lines are no queries. */
typedef struct {
    uint64_t line; /* the first is 1 */
    jbk_str name, query;
    char *wrong; /* what is wrong with it; NULL: nothing, and the rest is set */
    uint64_t total, undecided;
    jbk_answer_facet *facets; /* as many as were asked for */
} jbk_answered;

typedef struct {
    JBK_VEC(jbk_answered) rows; /* in the order of the file */
    const jbk_facet *facets;    /* what was asked for, not counted itself */
    size_t nfacets;
    jbk_intern *values; /* of each facet */
    jbk_arena arena;
} jbk_queries;

/* Read the lines of `path` ("-": standard input) and answer them.  A wrong line is told on
 * stderr with its number and a caret under the place, and the others are answered. */
JBK_MUST_CHECK jbk_status jbk_queries_answer(jbk_index *x, const char *path,
                                             const jbk_facet *facets, size_t nfacets,
                                             jbk_queries *out, jbk_err *err);
void jbk_queries_free(jbk_queries *q);

/* --- out_queries.c --- */

/* text, csv, tsv or jsonl? */
bool jbk_queries_knows(const char *format);
/* A row for each line, a column for each of the values that occur most over all queries. */
JBK_MUST_CHECK jbk_status jbk_queries_write(const jbk_queries *q, const char *format, bool excel,
                                            const char *path, jbk_err *err);

#endif
