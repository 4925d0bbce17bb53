/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Volumes into one: blocks are copied as they are; lookups_write.c merges the lookups. */
#include "sections.h"

#include <stdlib.h>

/* --- blocks --- */

static jbk_status entries_of(jbk_volume *v, int stream, const jbk_block_entry **e, uint64_t *n,
                             jbk_err *err) {
    int sec = JBK_SEC_BLOCKS + stream;
    const void *p;
    *n = v->sec[sec].len / sizeof **e;
    jbk_status status = jbk_section_get(v, sec, 0, *n, sizeof **e, &p, err);
    *e = p;
    return status;
}

static jbk_status copy_stream(jbk_volume_writer *w, jbk_volume *v, int stream, jbk_err *err) {
    const jbk_block_entry *e;
    uint64_t n;
    jbk_status status = entries_of(v, stream, &e, &n, err);
    for (uint64_t i = 0; i < n && !status; i++) {
        const char *packed;
        jbk_block_entry moved = e[i];
        status = jbk_pages_get(v->pages, e[i].offset, e[i].packed_len, &packed, err);
        moved.first += w->docs;
        moved.offset = jbk_pages_at(w->pages);
        if (!status) status = jbk_pages_add(w->pages, packed, e[i].packed_len, err);
        if (!status) jbk_vec_push(&w->entries[stream], moved);
    }
    return status;
}

jbk_status jbk_volume_copy(jbk_volume_writer *w, jbk_volume *v, jbk_err *err) {
    jbk_status status = JBK_OK;
    for (int s = 0; s < JBK_STREAMS && !status; s++) status = copy_stream(w, v, s, err);
    if (!status) w->docs += v->docs;
    return status;
}

/* --- repacking --- */

enum { REPACK_BYTES = 4 << 20 }; /* held at a time, compressed */

jbk_status jbk_volume_repack(jbk_volume_writer *w, jbk_volume *v, jbk_reader *r, jbk_packer *p,
                             jbk_err *err) {
    jbk_status status = JBK_OK;
    for (uint32_t doc = 0; doc < v->docs && !status;) {
        jbk_blocks b[JBK_STREAMS] = {0};
        while (doc < v->docs && !status && b[0].packed.len + b[1].packed.len < REPACK_BYTES) {
            for (int s = 0; s < JBK_STREAMS && !status; s++) {
                const char *item;
                size_t len;
                status = jbk_volume_item(v, r, (jbk_stream)s, doc, &item, &len, err);
                if (!status) status = jbk_blocks_add(&b[s], p, (jbk_stream)s, item, len, err);
            }
            doc++;
        }
        for (int s = 0; s < JBK_STREAMS && !status; s++)
            status = jbk_blocks_end(&b[s], p, (jbk_stream)s, err);
        if (!status) status = jbk_volume_add(w, b, err);
        for (int s = 0; s < JBK_STREAMS; s++) jbk_blocks_free(&b[s]);
    }
    return status;
}

/* --- is copying good enough? --- */

jbk_status jbk_volumes_crumbled(jbk_volume *const *v, size_t n, bool *crumbled, jbk_err *err) {
    *crumbled = false;
    for (int s = 0; s < JBK_STREAMS; s++) {
        uint64_t bytes = 0, blocks = 0;
        for (size_t i = 0; i < n; i++) {
            uint64_t packed, raw, more;
            const jbk_block_entry *e;
            jbk_status status = jbk_volume_sizes(v[i], (jbk_stream)s, &packed, &raw, err);
            if (!status) status = entries_of(v[i], s, &e, &more, err);
            if (status) return status;
            bytes += raw;
            blocks += more;
        }
        *crumbled |= blocks > 1 && bytes / blocks < jbk_block_bytes[s] / 2;
    }
    return JBK_OK;
}
