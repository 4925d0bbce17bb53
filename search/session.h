/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What `search` and `export` share: options, one query from text to match set. */
#ifndef JBK_SEARCH_SESSION_H
#define JBK_SEARCH_SESSION_H

#include "base/args.h"
#include "eval.h"
#include "order.h"
#include "output.h"
#include "pick.h"

typedef struct {
    const char *index, *format, *output;
    const char *usual; /* the format, where neither an option nor the output's name says one */
    const char *as_of; /* as written; NULL: now */
    int64_t until_ms;
    char *fields;
    uint64_t limit, offset; /* limit 0: all */
    bool limited;           /* the limit was asked for */
    bool ordered;           /* --sort was given */
    bool ranked;            /* the default order is wanted, too */
    jbk_order order;
    jbk_pick_options pick;
    bool seeded; /* --seed was given */
    JBK_VEC(jbk_facet) facets;
    JBK_VEC(jbk_histogram) histograms;
    bool excel;
    const char *query, *queries; /* one of them */
} jbk_search_options;

extern const jbk_option jbk_search_option_table[];

/* Parse argv.  *help: the help was asked for and nothing else matters. */
JBK_MUST_CHECK jbk_status jbk_search_options_parse(const jbk_command *command, int argc,
                                                   char **argv, jbk_search_options *o, bool *help,
                                                   jbk_err *err);
void jbk_search_options_free(jbk_search_options *o);

/* An open index, the parsed query and its match set. */
typedef struct {
    jbk_index *index;
    const char *written; /* the query */
    jbk_query *query;
    jbk_order order; /* resolved */
    jbk_answers kept;
    jbk_match_set match;
    jbk_pick pick; /* what is shown of it */
    double started_ms;
} jbk_session;

/* A wrong query on stderr, with a caret under byte `at`.  `file` (NULL: none) and `line` say where
 * it stands. */
void jbk_query_show_wrong(const char *file, uint64_t line, const char *text, size_t at,
                          const jbk_err *err);
/* A wrong query is shown on stderr with a caret under the place. */
JBK_MUST_CHECK jbk_status jbk_query_parse_shown(const char *text, jbk_query **out, jbk_err *err);
JBK_MUST_CHECK jbk_status jbk_session_open(jbk_session *s, const jbk_search_options *o,
                                           jbk_err *err);
/* Match set and pick to the job: its numbers, columns and strings. */
JBK_MUST_CHECK jbk_status jbk_session_describe(const jbk_session *s, jbk_search_options *o,
                                               jbk_report_job *job, jbk_err *err);
void jbk_session_close(jbk_session *s);

/* After the answer: what is undecided, and what is near where nothing was found.  JBK_NOT_FOUND
 * in that case. */
JBK_MUST_CHECK jbk_status jbk_session_conclude(jbk_session *s);

/* One query among the arguments, or a failure that says so. */
JBK_MUST_CHECK jbk_status jbk_args_query(const jbk_args *a, const char **query, jbk_err *err);

double jbk_now_ms(void);
/* Quiet about a broken pipe. */
int jbk_search_exit(jbk_status status, const jbk_err *err);

#endif
