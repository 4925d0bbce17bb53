/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every place where a string of the query stands in a matching document. */
#ifndef JBK_SEARCH_CONCORD_H
#define JBK_SEARCH_CONCORD_H

#include "places.h"

typedef enum { JBK_KWIC_DATE, JBK_KWIC_LEFT, JBK_KWIC_RIGHT } jbk_kwic_sort;

typedef struct {
    uint32_t doc;
    uint32_t start, end;       /* bytes of the title or text, as written */
    uint32_t start_cp, end_cp; /* the same in code points */
    bool in_text;              /* else in the title */
    int64_t date;              /* milliseconds since 1970; INT64_MAX where there is none */
    const char *key;           /* NULL where the sort has no need of it */
    size_t key_len;
} jbk_kwic_line;

typedef struct {
    JBK_VEC(jbk_kwic_line) lines; /* in order */
    jbk_arena keys;
    uint64_t matches, documents; /* all, also those beyond the limit */
} jbk_concordance;

/* The lines of the documents of `set`, sorted, the first `limit` of them (0: all).  Two strings
 * that match the same bytes make one line.  LEFT and RIGHT compare the folded words of the context
 * from the match outwards, passing over marks and blanks: words of scripts that separate them
 * whole, all other characters one by one.  Equal ones stand by date, document and place.
 * *out is ready to be freed also on failure. */
JBK_MUST_CHECK jbk_status jbk_concord(jbk_index *x, const jbk_query_list *strings,
                                      const roaring_bitmap_t *set, jbk_kwic_sort sort,
                                      uint64_t limit, jbk_concordance *out, jbk_err *err);
void jbk_concordance_free(jbk_concordance *c);

#endif
