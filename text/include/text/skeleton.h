/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What remains of a text when the names and numbers in it may be any: its skeleton.  Texts that
 * were made of one another with another country in it have nearly the same one. */
#ifndef JBK_TEXT_SKELETON_H
#define JBK_TEXT_SKELETON_H

#include "text/names.h"

/* A text as a row of units: a character of Han and its like, a word of any other script, a name,
 * a number.  White space and punctuation are no units. */
#define JBK_UNIT_NAME 1u
#define JBK_UNIT_NUMBER 2u
typedef struct {
    uint32_t symbol;     /* units with the same one are the same; all names are, and all numbers */
    uint32_t start, end; /* bytes of the folded text */
} jbk_unit;
typedef JBK_VEC(jbk_unit) jbk_units;

/* Append the units of a folded text.  `names` are the places in it, left to right; without them
 * names are read like other text. */
void jbk_units_add(jbk_units *out, const char *folded, size_t len, const jbk_name_place *names,
                   size_t nnames);

/* A sketch is the least hashes of the skeleton's shingles, distinct and ascending: texts that share
 * much of their skeletons share some of these.  A text that is too short to share anything but by
 * chance has none. */
#define JBK_SKETCH_MAX 24
typedef struct {
    JBK_VEC(uint32_t) symbols; /* scratch */
    JBK_VEC(uint64_t) hashes;
    uint64_t least[JBK_SKETCH_MAX];
    size_t n;
} jbk_sketch;
void jbk_sketch_make(jbk_sketch *s, const jbk_units *units);
void jbk_sketch_free(jbk_sketch *s);

#endif
