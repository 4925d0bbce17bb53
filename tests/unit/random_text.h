/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Random text of the kinds that go wrong. */
#ifndef JBK_TEST_RANDOM_TEXT_H
#define JBK_TEST_RANDOM_TEXT_H

#include "base/mem.h"

/* Any scalar value, those that combine, join or fold oddly far more often than others. */
uint32_t random_code_point(void);

/* Replace *out with `n` of them, as UTF-8; with `dirty`, ill-formed bytes in between. */
void random_text(jbk_buf *out, size_t n, bool dirty);

#endif
