/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The lists that gen_lookalikes.c makes of data/lookalikes.txt, sorted by bytes. */
#ifndef JBK_TEXT_LOOKALIKES_H
#define JBK_TEXT_LOOKALIKES_H

#include <stddef.h>

extern const char *const jbk_lookalikes_russian[], *const jbk_lookalikes_english[];
extern const size_t jbk_nlookalikes_russian, jbk_nlookalikes_english;

#endif
