/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which documents of a match set are shown: one of each group of copies, a sample. */
#ifndef JBK_SEARCH_PICK_H
#define JBK_SEARCH_PICK_H

#include "index.h"

typedef struct {
    /* Of copies, which name the same first document in copy_of, or of the documents of a story, one:
     * the one that was published first; of several, or where none has a time, the one that was
     * indexed first. */
    enum { JBK_COLLAPSE_NONE, JBK_COLLAPSE_COPIES, JBK_COLLAPSE_STORY } collapse;
    uint64_t sample; /* so many at random; 0: all */
    uint64_t seed;
} jbk_pick_options;

/* A sample is drawn by a rule that anybody can repeat: a document's lot is the first eight bytes,
 * as a big-endian number, of the SHA-256 of "SEED\nKEY", with SEED in decimal, and KEY being
 * "PLATFORM\nID" where the record has both, else its url, else its digest.  The documents with
 * the smallest lots are the sample.  So it does not change with the order of indexing, and as
 * the set grows, members give way one by one. */

typedef struct {
    jbk_pick_options options;
    roaring_bitmap_t *shown;
    uint64_t groups;   /* with collapse: groups, those of one member included */
    uint32_t *members; /* with collapse: by the number of the first document of the group */
} jbk_pick;

JBK_MUST_CHECK jbk_status jbk_pick_make(jbk_index *x, const roaring_bitmap_t *match,
                                        const jbk_pick_options *options, jbk_pick *out,
                                        jbk_err *err);
void jbk_pick_free(jbk_pick *p);

/* Documents of the match set that `doc` stands for, itself not counted. */
JBK_MUST_CHECK jbk_status jbk_pick_copies(jbk_index *x, const jbk_pick *p, uint32_t doc,
                                          uint64_t *copies, jbk_err *err);

#endif
