/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Distances between ascending numbers, packed: for every four of them a byte that tells their
 * lengths, of all of them; then their bytes (Stream VByte, Lemire, Kurz and Rupp 2017). */
#ifndef JBK_STORE_GAPS_H
#define JBK_STORE_GAPS_H

#include "base/mem.h"

/* Append the distances of n numbers, the first from `before`. */
void jbk_gaps_put(const uint32_t *numbers, size_t n, uint32_t before, jbk_buf *out);

/* n numbers from the distances that begin at `at`, the first from `before`.  What comes behind
 * them; NULL where they lead past `end` or past 32 bits. */
const char *jbk_gaps_get(const char *at, const char *end, uint32_t n, uint32_t before,
                         uint32_t *out);
/* The same on any processor; for tests. */
const char *jbk_gaps_get_plain(const char *at, const char *end, uint32_t n, uint32_t before,
                               uint32_t *out);

#endif
