/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which of many places may be among those that are asked for?  A bit for every few places, most of
 * them unset, tells without looking.  The inner loop of locate_lists.c, so it goes eight places at
 * a time where the processor can. */
#ifndef JBK_SEARCH_SIEVE_H
#define JBK_SEARCH_SIEVE_H

#include "base/mem.h"

/* {0} is ready, and may be made again and again. */
typedef struct {
    JBK_VEC(uint64_t) bits;
    unsigned shift; /* a bit is for 1 << shift places */
    uint32_t end;   /* of the places */
} jbk_sieve;

/* For n > 0 places below `end`. */
void jbk_sieve_make(jbk_sieve *s, const uint32_t *asked, size_t n, uint32_t end);
void jbk_sieve_free(jbk_sieve *s);

/* Each of n places moves ahead and back; those that the sieve lets pass go to `out`, in order: all
 * that are asked for, and few others, none past the end.  `out` has room for JBK_SIEVE_SLACK more.
 * How many they are. */
#define JBK_SIEVE_SLACK 8
size_t jbk_sieve_pass(const jbk_sieve *s, const uint32_t *places, size_t n, uint32_t ahead,
                      uint32_t back, uint32_t *out);
/* The same on any processor; for tests. */
size_t jbk_sieve_pass_plain(const jbk_sieve *s, const uint32_t *places, size_t n, uint32_t ahead,
                            uint32_t back, uint32_t *out);

#endif
