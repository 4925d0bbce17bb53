/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "twins.h"

#include <stdlib.h>

static jbk_status damaged(jbk_err *err) {
    return jbk_fail(err, JBK_DAMAGED, "twins", "the column of copy_of is damaged");
}

jbk_status jbk_twin_of(jbk_index *x, uint32_t doc, uint32_t *original, jbk_err *err) {
    int64_t of;
    jbk_status status = jbk_index_number(x, JBK_F_COPY_OF, doc, &of, err);
    if (!status && of != JBK_ABSENT && (of < 0 || of >= (int64_t)x->docs)) status = damaged(err);
    *original = status || of == JBK_ABSENT ? doc : (uint32_t)of;
    return status;
}

static void add_chunk(const jbk_index *x, const jbk_chunk *c, uint32_t base,
                      const roaring_bitmap_t *originals, int64_t *of, jbk_twins *out) {
    uint32_t first = roaring_bitmap_minimum(originals), last = roaring_bitmap_maximum(originals);
    if (!c->width && c->has_absent) return; /* no copies here */
    jbk_chunk_decode(c, of);
    for (uint32_t i = 0; i < c->n; i++) {
        if (of[i] < first || of[i] > last) continue;
        jbk_twin t = {(uint32_t)of[i], base + i};
        if (!roaring_bitmap_contains(originals, t.original)) continue;
        if (roaring_bitmap_contains(x->living, t.doc)) jbk_vec_push(out, t);
    }
}

jbk_status jbk_twins_of(jbk_index *x, const roaring_bitmap_t *originals, jbk_twins *out,
                        jbk_err *err) {
    jbk_status status = JBK_OK;
    int64_t *of = jbk_alloc(JBK_CHUNK * sizeof *of);
    roaring_uint32_iterator_t *it = roaring_create_iterator(originals);
    for (; it->has_value; roaring_advance_uint32_iterator(it)) {
        jbk_twin own = {it->current_value, it->current_value};
        if (roaring_bitmap_contains(x->living, own.doc)) jbk_vec_push(out, own);
    }
    roaring_free_uint32_iterator(it);
    for (uint32_t base = 0; base < x->docs && !status; base += JBK_CHUNK) {
        jbk_chunk c;
        status = jbk_index_chunk(x, JBK_F_COPY_OF, base / JBK_CHUNK, &c, err);
        if (!status) add_chunk(x, &c, base, originals, of, out);
    }
    free(of);
    return status;
}
