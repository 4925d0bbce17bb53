/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Documents with one title and text, as the index knows them by copy_of: what is said of one of
 * them is said of all, and need be found out once. */
#ifndef JBK_SEARCH_TWINS_H
#define JBK_SEARCH_TWINS_H

#include "index.h"

/* The document that all twins of `doc` know each other by; it need not live. */
JBK_MUST_CHECK jbk_status jbk_twin_of(jbk_index *x, uint32_t doc, uint32_t *original, jbk_err *err);

/* Appends the living twins of documents of which `originals` has the original: in their order, and
 * beside each its original. */
typedef struct {
    uint32_t original, doc;
} jbk_twin;
typedef JBK_VEC(jbk_twin) jbk_twins;
JBK_MUST_CHECK jbk_status jbk_twins_of(jbk_index *x, const roaring_bitmap_t *originals,
                                       jbk_twins *out, jbk_err *err);

#endif
