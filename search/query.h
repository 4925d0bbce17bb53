/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A query as a tree. */
#ifndef JBK_SEARCH_QUERY_H
#define JBK_SEARCH_QUERY_H

#include "base/err.h"
#include "base/field.h"
#include "base/mem.h"

#include <stdint.h>

typedef enum {
    JBK_Q_ALL,    /* * */
    JBK_Q_STRING, /* a string in title or text */
    JBK_Q_VALUE,  /* field:value */
    JBK_Q_RANGE,  /* field:low..high of counts, times, numbers */
    JBK_Q_AND,
    JBK_Q_OR,
    JBK_Q_NOT
} jbk_query_kind;

enum { JBK_IN_TITLE = 1, JBK_IN_TEXT = 2 };
const char *jbk_where_name(unsigned where); /* "title", "text", "title or text" */

typedef struct jbk_query jbk_query;
struct jbk_query {
    jbk_query_kind kind;
    size_t at; /* where in the query's text, bytes */
    /* STRING: the folded string, and where it is looked for.  VALUE: the value as written. */
    char *s;
    size_t len;
    unsigned where;
    /* VALUE, RANGE: the field, or -1 with the name of an extra. */
    int field;
    char *extra;
    /* RANGE, both ends included.  Times are local milliseconds of the record's own clock, or
     * of the universal one where the query gave a zone. */
    int64_t low, high; /* INT64_MIN, INT64_MAX: open */
    bool universal;
    /* AND, OR, NOT */
    JBK_VEC(jbk_query *) children;
};

/* On JBK_USAGE, err->msg is one line and *at the byte of the query it is about. */
JBK_MUST_CHECK jbk_status jbk_query_parse(const char *text, jbk_query **out, size_t *at,
                                          jbk_err *err);
void jbk_query_free(jbk_query *q);

/* Strings that a match holds (not those under NOT), left to right. */
typedef JBK_VEC(const jbk_query *) jbk_query_list;
void jbk_query_strings(const jbk_query *q, jbk_query_list *out);

#endif
