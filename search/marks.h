/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Documents marked in any order, some many times, then taken as a bitmap.  Adding a document to a
 * bitmap costs ten times as much, and words come in no order of documents. */
#ifndef JBK_SEARCH_MARKS_H
#define JBK_SEARCH_MARKS_H

#include "base/mem.h"

#include <roaring/roaring.h>

enum { JBK_MARKS_MANY = UINT16_MAX };

/* {0} is ready for jbk_marks_begin. */
typedef struct {
    uint64_t *bits;   /* one a document */
    uint8_t *touched; /* one a word of `bits`: are there any in it? */
    uint32_t containers;
    uint32_t first[64]; /* the first ones: as long as there are no more, none is marked in `bits` */
    uint32_t nfirst;    /* JBK_MARKS_MANY: they are marked, too */
    jbk_buf written;    /* scratch */
} jbk_marks;

/* For documents below `docs`, of which none is marked. */
void jbk_marks_begin(jbk_marks *m, uint32_t docs);
/* Documents base + docs[i]. */
void jbk_marks_add(jbk_marks *m, uint32_t base, const uint32_t *docs, size_t n);
/* Documents from `base` on, n words of a bit for each, the lowest first; none for documents that
 * there are not. */
void jbk_marks_add_bits(jbk_marks *m, uint32_t base, const uint64_t *bits, size_t n);
/* The documents marked, of which none is marked then; the bitmap is the caller's. */
roaring_bitmap_t *jbk_marks_take(jbk_marks *m);
/* The same on any processor; for tests. */
roaring_bitmap_t *jbk_marks_take_plain(jbk_marks *m);
void jbk_marks_free(jbk_marks *m);

#endif
