/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "text/key_hash.h"

#include "base/hash.h"

uint32_t jbk_key_sum(const jbk_key *key) {
    return (uint32_t)jbk_hash_seed(key->bytes, key->len, key->kind);
}

uint64_t jbk_keys_maker(void) { return jbk_hash(JBK_KEY_SOURCES, sizeof JBK_KEY_SOURCES - 1) | 1; }
