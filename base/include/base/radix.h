/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef JBK_BASE_RADIX_H
#define JBK_BASE_RADIX_H

#include <stddef.h>

/* Sort items of 16 bytes by the upper `bits` of the uint64_t that each begins with; those that are
 * alike stay in their order. */
void jbk_radix_sort(void *items, size_t n, unsigned bits);

#endif
