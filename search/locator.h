/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the steps of locate.c share: places of a line where a string may begin, fewer with each. */
#ifndef JBK_SEARCH_LOCATOR_H
#define JBK_SEARCH_LOCATOR_H

#include "lines.h"
#include "locate.h"
#include "store/pairs.h"

/* A border inside of the string, in front of one of its code points. */
typedef struct {
    uint32_t pair;      /* of the code points beside it; JBK_NO_PAIR */
    jbk_pair_list list; /* of the segment */
    bool known;         /* the list was looked up */
    jbk_docs docs;      /* of the list, once they are read; none before */
    bool used;          /* on the line */
} jbk_border;

typedef struct {
    jbk_index *x;
    const jbk_query *q;
    jbk_cover *cover;
    const roaring_bitmap_t *among;
    jbk_weight *weights;
    jbk_texts_read *texts; /* NULL: who cares */
    jbk_err *err;
    jbk_docs used;       /* words that have a placement */
    jbk_docs *at_point;  /* of each position of the cover, the placements that cover it */
    jbk_docs covered;    /* of each placement, the positions, a bit each */
    jbk_border *borders; /* of each code point; NULL: they cannot tell */
    uint32_t points;     /* code points of the string */
    uint64_t ends_ns;    /* what finding words of the ends costs; 0: not counted yet */
    jbk_docs both;       /* scratch: documents with the pairs of two borders */
    /* of the segment */
    size_t segment;
    jbk_places (*places)[JBK_LINES]; /* of each word of the cover */
    size_t placed;                   /* of `used`: whose places are known */
    /* of the line */
    jbk_line line;
    jbk_line_map *map;
    uint32_t end;  /* of the line */
    size_t *open;  /* of each position, places found that do not cover it */
    bool bordered; /* a pair that was asked left most of the places found */
    bool settled;  /* the last step did: they may be right */
    jbk_located s; /* the index's, while this goes on */
} jbk_locator;

jbk_status jbk_locate_damaged(const jbk_locator *j);
/* Are all words known that can cover the position? */
bool jbk_locate_complete(const jbk_locator *j, size_t position);

/* --- by the lists of words (locate_lists.c) --- */

/* The position that costs least of those that are open; SIZE_MAX where none is.  *ns: what. */
size_t jbk_locate_cheapest(const jbk_locator *j, uint64_t *ns);
/* The same to begin with, when lists may be read in few documents alone. */
JBK_MUST_CHECK jbk_status jbk_locate_first(jbk_locator *j, size_t *position, uint64_t *ns);
/* Find all places that the words at a position say. */
JBK_MUST_CHECK jbk_status jbk_locate_collect(jbk_locator *j, size_t position);
/* Keep those where a word covers this position, too. */
JBK_MUST_CHECK jbk_status jbk_locate_filter(jbk_locator *j, size_t position);

/* --- by pairs at borders (locate_borders.c) --- */

/* What it costs to read a word in the documents alone that have the pairs at its borders inside of
 * the string, given what one of them costs; UINT64_MAX where nothing tells. */
JBK_MUST_CHECK jbk_status jbk_locate_price_bordered(jbk_locator *j, const jbk_placement *p,
                                                    uint64_t a_document, uint64_t *ns);
/* Where something tells, these documents, local to the segment, ascending; the locator's until the
 * next call. */
JBK_MUST_CHECK jbk_status jbk_locate_bordered(jbk_locator *j, const jbk_placement *p,
                                              uint64_t a_document, const jbk_docs **docs);
/* The border that is cheapest to ask, where that costs less than `most`; 0 where none does. */
JBK_MUST_CHECK jbk_status jbk_locate_border(jbk_locator *j, uint64_t most, size_t *border);
/* Keep the places that have no word's end here, or lie in a document that has the pair. */
JBK_MUST_CHECK jbk_status jbk_locate_keep_bordered(jbk_locator *j, size_t border);

/* --- by texts (locate_texts.c) --- */

/* What reading costs. */
uint64_t jbk_locate_reading(jbk_locator *j);
/* Keep the places where the text says so, of documents that are asked for. */
JBK_MUST_CHECK jbk_status jbk_locate_read(jbk_locator *j);

#endif
