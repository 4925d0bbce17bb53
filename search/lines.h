/* SPDX-License-Identifier: GPL-3.0-or-later */
/* In which documents do places of a line (store/occurrences.h) lie? */
#ifndef JBK_SEARCH_LINES_H
#define JBK_SEARCH_LINES_H

#include "index.h"
#include "store/occurrences.h"

typedef struct jbk_line_map {
    const uint32_t *starts; /* of its documents, and the end; NULL: no document has anything here */
    uint32_t docs;
    /* Made once it pays, see jbk_line_documents: the document that holds place i << shift. */
    uint32_t *guide;
    unsigned shift;
    uint64_t searched; /* places that documents were searched for without it */
} jbk_line_map;

/* A line of segment i; lives as long as the index. */
JBK_MUST_CHECK jbk_status jbk_index_line(jbk_index *x, size_t i, jbk_line line, jbk_line_map **out,
                                         jbk_err *err);
void jbk_lines_free(jbk_index *x);

/* Of n ascending places each becomes the number of its document in the segment; false where they
 * do not ascend, as far as that is noticed, or one lies behind all of them. */
JBK_MUST_CHECK bool jbk_line_documents(jbk_line_map *l, uint32_t *places, size_t n);

#endif
