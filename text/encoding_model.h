/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef JBK_TEXT_ENCODING_MODEL_H
#define JBK_TEXT_ENCODING_MODEL_H

#include <stddef.h>
#include <stdint.h>

/* How likely UTF-8 text is as text of our languages: the sum over its non-ASCII characters of
 * the logarithm of their probability (natural, so 0 is the best and for no such characters).
 * Two readings of the same bytes can be compared.  U+FFFD weighs as what no text holds. */
double jbk_text_likelihood(const char *text, size_t len);

#endif
