/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef JBK_STORE_VERIFY_VOLUME_H
#define JBK_STORE_VERIFY_VOLUME_H

#include "sections.h"
#include "store/verify.h"

typedef struct {
    jbk_volume *volume;
    jbk_damage_ear ear;
} jbk_verifier;

void jbk_verify_tell(const jbk_verifier *v, const char *what, uint32_t first, uint32_t n);
/* NULL where it cannot be read: the page is damaged, which is told of already. */
const void *jbk_verify_read(const jbk_verifier *v, int sec, uint64_t i, uint64_t n, size_t size);

/* verify_words.c */
void jbk_verify_words(const jbk_verifier *v);
/* verify_places.c */
void jbk_verify_places(const jbk_verifier *v);
/* verify_pairs.c */
void jbk_verify_pairs(const jbk_verifier *v);

#endif
