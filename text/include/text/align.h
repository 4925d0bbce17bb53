/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How much two rows of units have in common, in order, and what stands for what. */
#ifndef JBK_TEXT_ALIGN_H
#define JBK_TEXT_ALIGN_H

#include "text/skeleton.h"

/* Units beyond this many are not looked at. */
#define JBK_ALIGN_MAX 4096

typedef JBK_VEC(uint32_t) jbk_symbols; /* those of a row of units */

typedef struct jbk_aligner jbk_aligner; /* a row that others are held against; one a thread */
jbk_aligner *jbk_aligner_new(void);
void jbk_aligner_free(jbk_aligner *a); /* NULL is fine */

/* From now on it is x that others are held against. */
void jbk_align_against(jbk_aligner *a, const uint32_t *x, size_t n);

/* Twice the units of a longest common subsequence over the units of both, 0 to 1; 0 where it cannot
 * reach `least`. */
double jbk_align_share(jbk_aligner *a, const uint32_t *y, size_t n, double least);

/* to[i] := the unit of y that x's unit i is in such a subsequence, or JBK_ALIGN_NONE; x->n
 * places.  Afterwards others are held against x. */
#define JBK_ALIGN_NONE UINT32_MAX
void jbk_align_units(jbk_aligner *a, const jbk_units *x, const jbk_units *y, uint32_t *to);

#endif
