/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What `explain` says, line by line. */
#ifndef JBK_SEARCH_EXPLAIN_H
#define JBK_SEARCH_EXPLAIN_H

#include "index.h"
#include "query.h"

typedef struct {
    jbk_index *x;
    jbk_buf out;
    jbk_err *err;
} jbk_explainer;

void jbk_explain_indent(jbk_explainer *e, int depth);

/* A leaf of the text (not NAMES), expanded: every word it became with its documents, the words
 * that narrowed the search, and how it was proven. */
JBK_MUST_CHECK jbk_status jbk_explain_text(jbk_explainer *e, const jbk_query *q, int depth);

#endif
