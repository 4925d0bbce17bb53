/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sections and blocks of a volume; lookups.c and words.c have the rest, blocks.c compresses. */
#include "store/volume.h"

#include "sections.h"

#include <stdlib.h>

static const uint64_t END_MAGIC = UINT64_C(0x37564B424A); /* "JBKV7" */

/* The last bytes of the data. */
typedef struct {
    jbk_section sec[JBK_SECTIONS];
    uint64_t docs;
    uint64_t magic;
} volume_end;

/* --- writing --- */

jbk_status jbk_volume_create(const char *path, jbk_volume_writer **out, jbk_err *err) {
    *out = NULL;
    jbk_pages_writer *pages;
    jbk_status status = jbk_pages_create(path, &pages, err);
    if (status) return status;
    *out = jbk_calloc(1, sizeof **out);
    (*out)->pages = pages;
    return JBK_OK;
}

jbk_status jbk_section_put(jbk_volume_writer *w, int sec, const void *bytes, size_t len,
                           jbk_err *err) {
    jbk_status status = jbk_pages_align(w->pages, 8, err);
    if (status) return status;
    w->sec[sec] = (jbk_section){jbk_pages_at(w->pages), len};
    return jbk_pages_add(w->pages, bytes, len, err);
}

jbk_status jbk_section_more(jbk_volume_writer *w, int sec, const void *bytes, size_t len,
                            jbk_err *err) {
    w->sec[sec].len += len;
    return jbk_pages_add(w->pages, bytes, len, err);
}

jbk_status jbk_volume_add(jbk_volume_writer *w, const jbk_blocks b[JBK_STREAMS], jbk_err *err) {
    uint32_t base = w->docs;
    for (int s = 0; s < JBK_STREAMS; s++) {
        uint64_t at = jbk_pages_at(w->pages);
        for (size_t i = 0; i < b[s].entries.n; i++) {
            jbk_block_entry e = b[s].entries.at[i];
            e.first += base;
            e.offset += at;
            jbk_vec_push(&w->entries[s], e);
        }
        jbk_status status = jbk_pages_add(w->pages, b[s].packed.data, b[s].packed.len, err);
        if (status) return status;
    }
    w->docs = base + b[JBK_STREAM_TEXT].items;
    return JBK_OK;
}

static void free_writer(jbk_volume_writer *w) {
    for (int s = 0; s < JBK_STREAMS; s++) jbk_vec_free(&w->entries[s]);
    free(w);
}

jbk_status jbk_volume_finish(jbk_volume_writer *w, jbk_err *err) {
    jbk_status status = JBK_OK;
    for (int s = 0; s < JBK_STREAMS && !status; s++)
        status = jbk_section_put(w, JBK_SEC_BLOCKS + s, w->entries[s].at,
                                 w->entries[s].n * sizeof *w->entries[s].at, err);
    volume_end end = {.docs = w->docs, .magic = END_MAGIC};
    memcpy(end.sec, w->sec, sizeof end.sec);
    if (!status) status = jbk_pages_align(w->pages, 8, err);
    if (!status) status = jbk_pages_add(w->pages, &end, sizeof end, err);
    if (status)
        jbk_pages_abandon(w->pages);
    else
        status = jbk_pages_finish(w->pages, err);
    free_writer(w);
    return status;
}

void jbk_volume_abandon(jbk_volume_writer *w) {
    if (!w) return;
    jbk_pages_abandon(w->pages);
    free_writer(w);
}

/* --- reading --- */

/* Do all sections lie in the data, where what is in them is aligned? */
static bool sections_fit(const volume_end *end, uint64_t data_len) {
    for (int s = 0; s < JBK_SECTIONS; s++) {
        jbk_section one = end->sec[s];
        if (one.offset % 8 || one.offset > data_len || one.len > data_len - one.offset)
            return false;
    }
    return end->docs <= UINT32_MAX;
}

jbk_status jbk_volume_open(const char *path, jbk_volume **out, jbk_err *err) {
    *out = NULL;
    jbk_volume *v = jbk_calloc(1, sizeof *v);
    jbk_status status = jbk_pages_open(path, &v->pages, err);
    const char *bytes = NULL;
    volume_end end;
    if (!status) {
        uint64_t len = jbk_pages_len(v->pages);
        uint64_t at = len < sizeof end ? UINT64_MAX : len - sizeof end;
        status = jbk_pages_get(v->pages, at, sizeof end, &bytes, err);
    }
    if (!status) {
        memcpy(&end, bytes, sizeof end);
        if (end.magic != END_MAGIC || !sections_fit(&end, jbk_pages_len(v->pages)))
            status =
                jbk_fail(err, JBK_DAMAGED, "volume", "%s is not a volume of this format", path);
    }
    if (status) {
        jbk_volume_close(v);
        return status;
    }
    memcpy(v->sec, end.sec, sizeof v->sec);
    v->docs = (uint32_t)end.docs;
    *out = v;
    return JBK_OK;
}

void jbk_volume_close(jbk_volume *v) {
    if (!v) return;
    jbk_pages_close(v->pages);
    for (int l = 0; l < JBK_LINES; l++) free(v->starts[l]);
    free(v);
}

uint32_t jbk_volume_docs(const jbk_volume *v) { return v->docs; }

uint64_t jbk_volume_bytes(const jbk_volume *v) { return jbk_pages_len(v->pages); }

uint32_t jbk_volume_sum(const jbk_volume *v) {
    uint32_t sum = (uint32_t)jbk_pages_sum(v->pages);
    return sum ? sum : 1;
}

jbk_status jbk_volume_sizes(jbk_volume *v, jbk_stream stream, uint64_t *packed, uint64_t *raw,
                            jbk_err *err) {
    *packed = *raw = 0;
    int sec = JBK_SEC_BLOCKS + (int)stream;
    uint64_t n = v->sec[sec].len / sizeof(jbk_block_entry);
    const void *p;
    jbk_status status = jbk_section_get(v, sec, 0, n, sizeof(jbk_block_entry), &p, err);
    if (status) return status;
    const jbk_block_entry *e = p;
    for (uint64_t i = 0; i < n; i++) {
        *packed += e[i].packed_len;
        *raw += e[i].raw_len;
    }
    return JBK_OK;
}
