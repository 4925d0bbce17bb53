/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One 32-bit entry for each code point, made at build time by gen_fold.c. */
#ifndef JBK_TEXT_FOLD_ENTRY_H
#define JBK_TEXT_FOLD_ENTRY_H

#include <stdint.h>

/* Bits 0..20: the code point it folds to, 0 for itself, or with MULTI the index of a sequence
 * in jbk_fold_multi (length first). */
#define JBK_FOLD_VALUE 0x001FFFFFu
#define JBK_FOLD_MULTI 0x00200000u
#define JBK_FOLD_EMPTY 0x00400000u    /* folds to nothing */
#define JBK_FOLD_BOUNDARY 0x00800000u /* never combines with what stands before it */
/* The rest describes the code point itself. */
#define JBK_FOLD_SPACE 0x01000000u
#define JBK_FOLD_WORDY 0x02000000u  /* letter, mark or digit: a term must cover it */
#define JBK_FOLD_ALNUM 0x04000000u  /* letter or digit of a script that writes words apart */
#define JBK_FOLD_SCRIPT_SHIFT 27    /* jbk_script, 3 bits */
#define JBK_FOLD_LONE 0x40000000u   /* punctuation with a word boundary on either side */
#define JBK_FOLD_TARGET 0x80000000u /* another Han character folds to it */

extern const uint16_t jbk_fold_stage1[0x110000 >> 7];
extern const uint32_t jbk_fold_stage2[];
extern const uint32_t jbk_fold_multi[];
extern const uint64_t jbk_fold_table_digest;

static inline uint32_t jbk_fold_entry(uint32_t cp) {
    return jbk_fold_stage2[(uint32_t)jbk_fold_stage1[cp >> 7] << 7 | (cp & 127)];
}

#endif
