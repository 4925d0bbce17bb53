/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The basic fold once more, slow and obvious, from its description. */
#ifndef JBK_TEST_FOLD_SLOW_H
#define JBK_TEST_FOLD_SLOW_H

#include "base/mem.h"

void fold_slow_load(const char *han_table); /* data/han_t2s_fold.tsv */
/* Replace *out with the fold of s; ill-formed bytes are U+FFFD. */
void fold_slow(const char *s, size_t len, jbk_buf *out);

#endif
