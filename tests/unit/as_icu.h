/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What terms are by definition: the pieces that ICU's word iterator makes of the whole text, those
 * that touch with letters or digits joined. */
#ifndef JBK_TEST_AS_ICU_H
#define JBK_TEST_AS_ICU_H

#include "text/segment.h"

#include <unicode/ubrk.h>

UBreakIterator *icu_words(void); /* ubrk_close() it */

/* What is not so of the terms, until the next call; NULL where all is. */
const char *differs_from_icu(UBreakIterator *words, const jbk_folded *folded,
                             const jbk_slices *terms);

#endif
