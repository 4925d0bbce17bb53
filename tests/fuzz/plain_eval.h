/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A query over a handful of texts, the slow and obvious way: no index, no lexicon, no covers.  Of
 * the program it uses what folds, cuts words and makes keys, and nothing that searches. */
#ifndef JBK_FUZZ_PLAIN_EVAL_H
#define JBK_FUZZ_PLAIN_EVAL_H

#include "query.h"

#include <stdint.h>

typedef struct {
    const char *title, *text;
} plain_doc;

void plain_open(const plain_doc *docs, size_t n); /* n <= 64; the docs stay the caller's */
/* Is every leaf one that is understood here?  Values, ranges and sounds are not. */
bool plain_knows(const jbk_query *q);
/* A bit for each document that matches. */
uint64_t plain_eval(const jbk_query *q);

#endif
