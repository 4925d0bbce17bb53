/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef JBK_BASE_RADIX_H
#define JBK_BASE_RADIX_H

#include <stddef.h>
#include <stdint.h>

/* Sort items of 16 bytes by the upper `bits` of the uint64_t that each begins with; those that are
 * alike stay in their order. */
void jbk_radix_sort(void *items, size_t n, unsigned bits);

/* A string of which the first eight bytes decide nearly always, and which one it is. */
typedef struct {
    uint64_t head;
    uint64_t number;
} jbk_headed;

/* The first eight bytes as a number, zeros behind the end. */
uint64_t jbk_head_of(const char *s, size_t len);
/* Sort by heads, and where they are alike by `compare` of two numbers (<0, 0, >0). */
void jbk_sort_headed(jbk_headed *strings, size_t n,
                     int (*compare)(uint64_t a, uint64_t b, void *of), void *of);

#endif
