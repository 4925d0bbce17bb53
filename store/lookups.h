/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How a lookup lies in its section.  Entries are sorted by their *key*, what is kept of a hash, so
 * where one stands says how its key begins.  Those leading bits are not stored: a table says where
 * each *bucket* begins, the entries that share them.  The others are the entry's *tag*, which
 * stands before its document, in no more bits than they need. */
#ifndef JBK_STORE_LOOKUPS_H
#define JBK_STORE_LOOKUPS_H

#include "sections.h"

/* What so many entries of a volume with so many documents make. */
jbk_lookup_shape jbk_lookup_shape_of(jbk_run_kind kind, uint64_t n, uint32_t docs);
/* Fails where the section has not the length that its entries take. */
JBK_MUST_CHECK jbk_status jbk_lookup_shape_get(jbk_volume *v, jbk_run_kind kind,
                                               jbk_lookup_shape *out, jbk_err *err);

/* Entries from..to may have the key, no others; `packed` is where entry 0 begins.  Only what these
 * lie in has been read. */
typedef struct {
    const unsigned char *packed;
    uint64_t from, to;
} jbk_lookup_bucket;
JBK_MUST_CHECK jbk_status jbk_lookup_bucket_get(jbk_volume *v, jbk_run_kind kind,
                                                const jbk_lookup_shape *shape, uint64_t key,
                                                jbk_lookup_bucket *out, jbk_err *err);

/* What is kept of a hash, as a number of so many bits. */
uint64_t jbk_lookup_key(jbk_run_kind kind, uint64_t hash);
unsigned jbk_lookup_key_bits(jbk_run_kind kind);

static inline uint64_t jbk_lookup_tag_of(const jbk_lookup_shape *s, uint64_t key) {
    return key & ((UINT64_C(1) << s->tag_bits) - 1);
}

/* The first entry of from..to, all of the key's bucket, that is not before (key, doc). */
uint64_t jbk_lookup_lower_bound(const jbk_lookup_shape *shape, const unsigned char *packed,
                                uint64_t from, uint64_t to, uint64_t key, uint32_t doc);

/* Fields of entry i: what follows the leading bits of its key, and its document. */
static inline uint64_t jbk_lookup_bits(const unsigned char *packed, uint64_t at, unsigned width) {
    uint64_t eight; /* a field has 48 bits at most, and the starts follow the last entry */
    memcpy(&eight, packed + at / 8, sizeof eight);
    return eight >> at % 8 & ((UINT64_C(1) << width) - 1);
}

static inline uint64_t jbk_lookup_tag(const jbk_lookup_shape *s, const unsigned char *packed,
                                      uint64_t i) {
    return jbk_lookup_bits(packed, i * (s->tag_bits + s->doc_bits), s->tag_bits);
}

static inline uint32_t jbk_lookup_doc(const jbk_lookup_shape *s, const unsigned char *packed,
                                      uint64_t i) {
    uint64_t at = i * (s->tag_bits + s->doc_bits) + s->tag_bits;
    return (uint32_t)jbk_lookup_bits(packed, at, s->doc_bits);
}

#endif
