/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Cuts rows of Han characters as ICU's word iterator does, by the words that its dictionary has
 * and their costs; the tree of them is made at build time by gen_han_words.c. */
#ifndef JBK_TEXT_HAN_WORDS_H
#define JBK_TEXT_HAN_WORDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { JBK_HAN_FIRST = 0x3400, JBK_HAN_LAST = 0x9FFF };
/* Han characters of a range without gaps or anything else.  Of others ICU is asked. */
static inline bool jbk_is_han_unit(uint32_t unit) {
    return (unit >= 0x4E00 && unit <= JBK_HAN_LAST) || (unit >= JBK_HAN_FIRST && unit < 0x4DC0);
}

enum { JBK_HAN_WORD_MAX = 20 }; /* characters; ICU looks no further */

/* Nodes of the tree, the root first: the character that leads there, and in one number, as one
 * that was reached is asked for both, its first child and what the word costs that ends there (0:
 * none does).  Its children end where the next node's begin, and are in the order of their
 * characters. */
extern const uint16_t jbk_han_unit[];
extern const uint32_t jbk_han_node[];
static inline uint32_t jbk_han_child(uint32_t node) { return jbk_han_node[node] >> 8; }
static inline uint32_t jbk_han_cost(uint32_t node) { return jbk_han_node[node] & 0xFF; }

typedef struct jbk_han_cutter jbk_han_cutter; /* scratch; one a thread */
jbk_han_cutter *jbk_han_cutter_new(void);
void jbk_han_cutter_free(jbk_han_cutter *c); /* NULL is fine */

typedef struct {
    uint32_t end;  /* units of the row before its end */
    uint32_t node; /* of the tree; 0: a character that is no word */
} jbk_han_word;

/* The words of a row of n Han units, which end with it.  The row has nothing before and behind it
 * that ICU would cut it together with.  Good until the next call. */
const jbk_han_word *jbk_han_cut(jbk_han_cutter *c, const uint16_t *units, size_t n, size_t *nwords);

#endif
