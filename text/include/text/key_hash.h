/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Keys of words as an index stores them: hashes, sorted.  A hash finds words, the keys of what
 * it finds are compared byte by byte. */
#ifndef JBK_TEXT_KEY_HASH_H
#define JBK_TEXT_KEY_HASH_H

#include "text/keys.h"

#include <string.h>

uint32_t jbk_key_sum(const jbk_key *key);

/* Digest of how keys are made, never 0: of the sources and tables that make them.  Hashes that
 * were stored under another digest may be wrong. */
uint64_t jbk_keys_maker(void);

static inline bool jbk_key_equal(const jbk_key *a, const jbk_key *b) {
    return a->kind == b->kind && a->len == b->len && !memcmp(a->bytes, b->bytes, a->len);
}

#endif
