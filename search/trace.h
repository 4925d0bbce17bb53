/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where a text came from and where it went: the documents that share passages with it, and what
 * they are to the earliest of those that hold it. */
#ifndef JBK_SEARCH_TRACE_H
#define JBK_SEARCH_TRACE_H

#include "alike.h"
#include "index.h"

typedef enum {
    JBK_ORIGINAL,  /* the earliest that holds the text, whole or nearly */
    JBK_COPY,      /* letter for letter the same as the original */
    JBK_NEAR_COPY, /* half of each is in the other, and half of its shingles in the original */
    JBK_TEMPLATE,  /* the same with one name for another throughout */
    JBK_EXCERPT,   /* shares a passage */
    JBK_REPLY,     /* shares it in what it passes on of others (//@name:) */
    JBK_RELATIONS
} jbk_relation;
extern const char *const jbk_relation_names[JBK_RELATIONS];

/* A place where a near copy differs from the original; either may be empty. */
typedef struct {
    jbk_str original, document;
} jbk_difference;

typedef struct {
    uint32_t doc,
        twin; /* twin: a document with the same title and text, the same for all of them */
    jbk_relation relation;
    bool in_title;               /* it is the title that shares; else the text */
    bool whole;                  /* holds the whole query, letter for letter */
    uint32_t letters;            /* of that title or text */
    uint32_t shared;             /* of the query's letters, those in shared passages */
    uint32_t shared_document;    /* of the document's */
    uint32_t longest;            /* letters of the longest run that both have */
    double similarity;           /* to the original: shared letters of all letters of both */
    int64_t published_ms;        /* INT64_MAX: nobody knows */
    jbk_str passage;             /* the longest run, as the document writes it */
    jbk_str via;                 /* of a REPLY: whose words they are said to be; empty: not said */
    jbk_difference *differences; /* of a NEAR_COPY or TEMPLATE, from the original, in order */
    size_t ndifferences;
    jbk_run_shared *runs; /* scratch */
    size_t nruns;
} jbk_trace_match;

/* {0} is empty; strings live as long as it. */
typedef struct {
    uint32_t letters; /* of the query */
    JBK_VEC(jbk_trace_match)
    matches;           /* whole holders first, then by what they share, then by time */
    size_t origin;     /* in matches; SIZE_MAX: nobody holds it */
    uint64_t read;     /* documents that were compared */
    uint64_t formulas; /* matches left out: they share what many others have, too */
    bool more;         /* there were more matches than are kept */
    jbk_arena arena;
} jbk_trace;

/* Of the text `query`; `self` is the document it is from, which is compared in any case, or
 * UINT32_MAX.  JBK_USAGE: it has too few letters to be told from chance. */
JBK_MUST_CHECK jbk_status jbk_trace_run(jbk_index *x, jbk_str query, uint32_t self, jbk_trace *out,
                                        jbk_err *err);
void jbk_trace_free(jbk_trace *t);

#endif
