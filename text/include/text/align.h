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

/* The units of a row counted by kind, of which there are so few that many units share one. */
enum { JBK_KINDS = 1024 };
typedef struct {
    uint8_t of[JBK_KINDS]; /* at most 255 of each, */
    uint32_t beyond;       /* and of all kinds together so many more */
} jbk_kinds;
void jbk_kinds_count(const uint32_t *x, size_t n, jbk_kinds *out);
/* As many units as two rows have in common in whatever order, or more. */
size_t jbk_kinds_common(const jbk_kinds *a, const jbk_kinds *b);

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
