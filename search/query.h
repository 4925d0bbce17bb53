/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A query as a tree. */
#ifndef JBK_SEARCH_QUERY_H
#define JBK_SEARCH_QUERY_H

#include "base/err.h"
#include "base/field.h"
#include "base/mem.h"

#include <stdint.h>

typedef enum {
    JBK_Q_ALL, /* * */
    /* Leaves that are found in title or text.  `s` is folded. */
    JBK_Q_STRING,  /* "…", a run with Han, =word: exactly that string */
    JBK_Q_WORD,    /* a bare word of a word-separating script, at least one letter in it */
    JBK_Q_PATTERN, /* word*, *word, *word*: `s` is what stands between the asterisks */
    JBK_Q_SOUND,   /* ~word: what sounds or looks like it; may hold Han */
    JBK_Q_NAMES,   /* {KZ}: `s` is the code as written, ASCII letters in capitals */
    JBK_Q_NEAR,    /* children that stand near each other, each link between two of them */
    /* Metadata. */
    JBK_Q_VALUE, /* field:value */
    JBK_Q_RANGE, /* field:low..high of counts, times, numbers */
    /* Groups. */
    JBK_Q_AND,
    JBK_Q_OR,
    JBK_Q_NOT
} jbk_query_kind;

enum { JBK_IN_TITLE = 1, JBK_IN_TEXT = 2 };
const char *jbk_where_name(unsigned where); /* "title", "text", "title or text" */

/* What NEAR/n or ADJ/n asks of the two children beside it. */
typedef struct {
    uint32_t between; /* words that may stand between them */
    bool ordered;     /* ADJ: the left one first */
} jbk_near_link;
enum { JBK_NEAR_DEFAULT = 10, JBK_NEAR_MAX = 100000 };

typedef struct jbk_query jbk_query;
struct jbk_query {
    jbk_query_kind kind;
    size_t at; /* where in the query's text, bytes */
    /* STRING, WORD, PATTERN, SOUND, NAMES: what is looked for, and where.  VALUE: the value as
     * written. */
    char *s;
    size_t len;
    unsigned where;
    /* PATTERN: may more letters stand before and behind `s`? */
    bool open_start, open_end;
    /* VALUE, RANGE: the field, or -1 with the name of an extra. */
    int field;
    char *extra;
    /* RANGE, both ends included.  Times are local milliseconds of the record's own clock, or
     * of the universal one where the query gave a zone. */
    int64_t low, high; /* INT64_MIN, INT64_MAX: open */
    bool universal;
    /* AND, OR, NOT, NEAR.  Those of NEAR are leaves, or OR over such. */
    JBK_VEC(jbk_query *) children;
    /* WORD, PATTERN, SOUND: what it became in an index (expand.h); NULL before that. */
    struct jbk_expansion *expansion;
    /* NEAR: links.at[i] stands between children i and i + 1. */
    JBK_VEC(jbk_near_link) links;
};

/* On JBK_USAGE, err->msg is one line and *at the byte of the query it is about. */
JBK_MUST_CHECK jbk_status jbk_query_parse(const char *text, jbk_query **out, size_t *at,
                                          jbk_err *err);
void jbk_query_free(jbk_query *q); /* NULL is fine */

/* Is it one of the leaves that are found in title or text? */
static inline bool jbk_query_is_text(const jbk_query *q) {
    return q->kind >= JBK_Q_STRING && q->kind <= JBK_Q_NAMES;
}

/* Leaves of the text that a match holds (not those under NOT), left to right. */
typedef JBK_VEC(const jbk_query *) jbk_query_list;
void jbk_query_strings(const jbk_query *q, jbk_query_list *out);

#endif
