/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An immutable file whose every page of 4096 bytes carries a checksum, verified when the page
 * is first read.  Layout: data, one 64-bit checksum a page, a trailer of 64 bytes. */
#ifndef JBK_STORE_PAGES_H
#define JBK_STORE_PAGES_H

#include "base/err.h"
#include "base/mem.h"

#include <stdatomic.h>

#define JBK_PAGE 4096u

/* --- reading: any number of threads --- */

/* Its owner's, but for jbk_pages_get, which is called for every few bytes. */
typedef struct {
    char *path;
    char *map;
    size_t map_len;
    uint64_t data_len, sum;
    const uint64_t *sums;     /* unaligned in theory, aligned by construction */
    _Atomic uint8_t *checked; /* one byte a page */
} jbk_pages;

/* Map the file.  Fails with JBK_DAMAGED, naming the file, where the trailer does not fit. */
JBK_MUST_CHECK jbk_status jbk_pages_open(const char *path, jbk_pages **out, jbk_err *err);
void jbk_pages_close(jbk_pages *p);
uint64_t jbk_pages_len(const jbk_pages *p); /* bytes of data */
uint64_t jbk_pages_sum(const jbk_pages *p); /* checksum of the checksums */

/* Fail with JBK_DAMAGED and the name of the file. */
JBK_MUST_CHECK jbk_status jbk_pages_damaged(const jbk_pages *p, const char *what, jbk_err *err);

/* What jbk_pages_get does where not all lies in one page that was verified already. */
JBK_MUST_CHECK jbk_status jbk_pages_verify(jbk_pages *p, uint64_t offset, uint64_t len,
                                           const char **out, jbk_err *err);
/* *out points to `len` verified bytes at `offset`, good until close. */
JBK_MUST_CHECK static inline jbk_status jbk_pages_get(jbk_pages *p, uint64_t offset, uint64_t len,
                                                      const char **out, jbk_err *err) {
    uint64_t page = offset / JBK_PAGE;
    bool one = offset < p->data_len && len <= p->data_len - offset &&
               (len ? (offset + len - 1) / JBK_PAGE : page) == page;
    if (!one || !atomic_load_explicit(&p->checked[page], memory_order_relaxed))
        return jbk_pages_verify(p, offset, len, out, err);
    *out = p->map + offset;
    return JBK_OK;
}

/* --- writing: one thread --- */

typedef struct jbk_pages_writer jbk_pages_writer;

JBK_MUST_CHECK jbk_status jbk_pages_create(const char *path, jbk_pages_writer **out, jbk_err *err);
/* Append; the offset of the next byte is jbk_pages_at(). */
JBK_MUST_CHECK jbk_status jbk_pages_add(jbk_pages_writer *w, const void *bytes, size_t len,
                                        jbk_err *err);
/* Append zeros up to a multiple of `align` (a power of two). */
JBK_MUST_CHECK jbk_status jbk_pages_align(jbk_pages_writer *w, size_t align, jbk_err *err);
uint64_t jbk_pages_at(const jbk_pages_writer *w);
/* Write checksums and trailer, fsync, close.  Frees w, also on failure. */
JBK_MUST_CHECK jbk_status jbk_pages_finish(jbk_pages_writer *w, jbk_err *err);
/* Close and remove the file.  NULL is fine. */
void jbk_pages_abandon(jbk_pages_writer *w);

#endif
