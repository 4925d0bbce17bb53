/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How a volume's file is divided. */
#ifndef JBK_STORE_SECTIONS_H
#define JBK_STORE_SECTIONS_H

#include "pages.h"
#include "store/occurrences.h"

enum {
    JBK_SEC_BLOCKS,                                 /* entries of each stream */
    JBK_SEC_LOOKUPS = JBK_SEC_BLOCKS + JBK_STREAMS, /* of each run: lookups.c */
    JBK_SEC_WORDS = JBK_SEC_LOOKUPS + JBK_RUNS,     /* 0xFF word 0xFF word ... 0xFF */
    JBK_SEC_WORD_STARTS,                            /* u32 each, and one for the end */
    JBK_SEC_WORD_KINDS,                             /* a byte each */
    JBK_SEC_SUFFIXES,                               /* u32 offsets into WORDS, sorted */
    JBK_SEC_KEYS,   /* their maker, then jbk_key_entry each, sorted */
    JBK_SEC_PLACES, /* of each term: itself, how many, where, on both lines */
    JBK_SEC_PLACED, /* jbk_occurrence_entry each, sorted */
    JBK_SEC_LINES,  /* of titles, of texts: how long each document's is, varints */
    JBK_SEC_PAIRS = JBK_SEC_LINES + JBK_LINES, /* of each group: pairs.c */
    JBK_SEC_PAIR_GROUPS,                       /* jbk_pair_group each, sorted */
    JBK_SECTIONS
};

#define JBK_WORD_SEP '\xFF' /* no UTF-8 holds it */

typedef struct {
    uint64_t offset, len; /* bytes */
} jbk_section;

struct jbk_volume {
    jbk_pages *pages;
    jbk_section sec[JBK_SECTIONS];
    uint32_t docs;
    uint32_t *starts[JBK_LINES]; /* of lines, once they were asked for */
};

struct jbk_volume_writer {
    jbk_pages_writer *pages;
    jbk_section sec[JBK_SECTIONS];
    JBK_VEC(jbk_block_entry) entries[JBK_STREAMS];
    uint32_t docs;
};

/* A term of JBK_SEC_PLACES: its hash, and where in it. */
typedef struct {
    uint32_t hash, offset;
} jbk_occurrence_entry;
typedef JBK_VEC(jbk_occurrence_entry) jbk_occurrence_index;

/* A group of JBK_SEC_PAIRS: its first pair, and where in it. */
typedef struct {
    uint32_t first, offset;
} jbk_pair_group;

uint32_t jbk_placed_hash(const char *term, size_t len);
/* The order of terms: by hash, then by bytes. */
int jbk_placed_order(uint32_t a, const char *s, size_t slen, uint32_t b, const char *t,
                     size_t tlen);

/* Longer lists of places are divided: first a table of where each block begins, then the blocks,
 * without that place. */
#define JBK_PLACES_BLOCK 128u
typedef struct {
    uint32_t place, offset; /* the first one; bytes behind the table */
} jbk_places_block;
static inline uint32_t jbk_places_blocks(uint32_t places) {
    return places > JBK_PLACES_BLOCK ? (places - 1) / JBK_PLACES_BLOCK + 1 : 0;
}

/* `n` items of `size` bytes at index i of a section. */
static inline jbk_status jbk_section_get(jbk_volume *v, int sec, uint64_t i, uint64_t n,
                                         size_t size, const void **out, jbk_err *err) {
    const char *p = NULL;
    uint64_t have = v->sec[sec].len / size;
    /* One past the section is a reference past the file: pages_get names the file. */
    uint64_t offset = i > have || n > have - i ? UINT64_MAX : v->sec[sec].offset + i * size;
    jbk_status status = jbk_pages_get(v->pages, offset, n * size, &p, err);
    *out = p;
    return status;
}

/* keys.c: the first entry of JBK_SEC_KEYS is the maker, the others are keys. */
static inline uint64_t jbk_key_count(const jbk_volume *v) {
    uint64_t n = v->sec[JBK_SEC_KEYS].len / sizeof(jbk_key_entry);
    return n ? n - 1 : 0;
}
JBK_MUST_CHECK jbk_status jbk_key_at(jbk_volume *v, uint64_t i, jbk_key_entry *out, jbk_err *err);

JBK_MUST_CHECK jbk_status jbk_section_put(jbk_volume_writer *w, int sec, const void *bytes,
                                          size_t len, jbk_err *err);
/* Go on with the section that was put last. */
JBK_MUST_CHECK jbk_status jbk_section_more(jbk_volume_writer *w, int sec, const void *bytes,
                                           size_t len, jbk_err *err);

/* Bytes of a block before compression: a proof reads one block a candidate, so the searched
 * stream has the smaller ones. */
extern const size_t jbk_block_bytes[JBK_STREAMS];

#endif
