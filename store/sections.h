/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How a volume's file is divided. */
#ifndef JBK_STORE_SECTIONS_H
#define JBK_STORE_SECTIONS_H

#include "pages.h"
#include "store/volume.h"

enum {
    JBK_SEC_BLOCKS,                                /* entries of each stream */
    JBK_SEC_HASHES = JBK_SEC_BLOCKS + JBK_STREAMS, /* sorted, of each run */
    JBK_SEC_DOCS = JBK_SEC_HASHES + JBK_RUNS,      /* beside them */
    JBK_SEC_WORDS = JBK_SEC_DOCS + JBK_RUNS,       /* 0xFF word 0xFF word ... 0xFF */
    JBK_SEC_WORD_STARTS,                           /* u32 each, and one for the end */
    JBK_SEC_WORD_KINDS,                            /* a byte each */
    JBK_SEC_SUFFIXES,                              /* u32 offsets into WORDS, sorted */
    JBK_SEC_KEYS, /* their maker, then jbk_key_entry each, sorted */
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
};

struct jbk_volume_writer {
    jbk_pages_writer *pages;
    jbk_section sec[JBK_SECTIONS];
    JBK_VEC(jbk_block_entry) entries[JBK_STREAMS];
    uint32_t docs;
};

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

#endif
