/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How much of a text stands beside a match. */
#ifndef JBK_SEARCH_CONTEXT_H
#define JBK_SEARCH_CONTEXT_H

#include "store/record.h"
#include "text/segment.h"

typedef enum {
    JBK_CONTEXT_COLUMNS,    /* of a terminal: Han has two, marks none; white space in a row one */
    JBK_CONTEXT_CHARACTERS, /* code points */
    JBK_CONTEXT_WORDS       /* as the index has them */
} jbk_context_unit;

typedef struct {
    jbk_context_unit unit;
    uint32_t n; /* on either side */
    /* For WORDS: the text cut last. */
    jbk_segmenter *segmenter;
    jbk_folded folded;
    jbk_slices words;
    uint64_t text; /* plus one */
} jbk_context;

/* "40", "40c", "8w". */
JBK_MUST_CHECK jbk_status jbk_context_parse(const char *spec, jbk_context *out, jbk_err *err);
void jbk_context_free(jbk_context *c);

/* `text` tells s from other texts: one that comes again is not cut into words again.
 * The bytes [*left, start) and [end, *right) of s, well-formed UTF-8, are the context of the match
 * [start, end).  Neither begins with a mark whose base is cut off. */
JBK_MUST_CHECK jbk_status jbk_context_around(jbk_context *c, uint64_t text, jbk_str s, size_t start,
                                             size_t end, size_t *left, size_t *right, jbk_err *err);

#endif
