/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef JBK_INDEXER_DOCLIST_H
#define JBK_INDEXER_DOCLIST_H

#include "store/store.h"

#include <roaring/roaring.h>

/* The list of documents that the meta row `key` holds (JBK_META_DEAD, JBK_META_FORGOTTEN); an
 * empty one where there is no row.  Free it with roaring_bitmap_free. */
JBK_MUST_CHECK jbk_status jbk_doclist_load(jbk_view *view, const char *key, roaring_bitmap_t **out,
                                           jbk_err *err);

#endif
