/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lookups are written: sorted and put, or merged from those of other volumes. */
#include "base/radix.h"
#include "bits.h"
#include "lookups.h"

#include <stdlib.h>

/* --- entries, one after the other --- */

typedef struct {
    jbk_volume_writer *w;
    jbk_run_kind kind;
    jbk_lookup_shape shape;
    uint32_t *starts;        /* of the buckets that have begun */
    uint64_t begun, entries; /* how many */
    jbk_buf out;
    jbk_bits_writer bits;
} entry_writer;

static jbk_status begin(entry_writer *e, jbk_volume_writer *w, jbk_run_kind kind, uint64_t n,
                        jbk_err *err) {
    *e = (entry_writer){.w = w, .kind = kind};
    e->bits.out = &e->out;
    if (n > UINT32_MAX)
        return jbk_fail(err, JBK_FULL, "lookups", "too many records for one segment");
    e->shape = jbk_lookup_shape_of(kind, n, w->docs);
    e->starts = jbk_alloc(((size_t)1 << e->shape.bucket_bits) * sizeof *e->starts);
    return jbk_section_put(w, JBK_SEC_LOOKUPS + (int)kind, &n, n ? sizeof n : 0, err);
}

static jbk_status flush(entry_writer *e, jbk_err *err) {
    jbk_status status =
        jbk_section_more(e->w, JBK_SEC_LOOKUPS + (int)e->kind, e->out.data, e->out.len, err);
    e->out.len = 0;
    return status;
}

static jbk_status put(entry_writer *e, uint64_t hash, uint32_t doc, jbk_err *err) {
    uint64_t key = jbk_lookup_key(e->kind, hash), bucket = key >> e->shape.tag_bits;
    while (e->begun <= bucket) e->starts[e->begun++] = (uint32_t)e->entries;
    jbk_bits_put(&e->bits, jbk_lookup_tag_of(&e->shape, key), e->shape.tag_bits);
    jbk_bits_put(&e->bits, doc, e->shape.doc_bits);
    e->entries++;
    return e->out.len < 1u << 16 ? JBK_OK : flush(e, err);
}

static jbk_status finish(entry_writer *e, jbk_err *err) {
    uint32_t n = (uint32_t)e->entries;
    jbk_bits_end(&e->bits);
    jbk_status status = flush(e, err);
    while (e->begun < UINT64_C(1) << e->shape.bucket_bits) e->starts[e->begun++] = n;
    jbk_buf_add(&e->out, e->starts, e->begun * sizeof *e->starts);
    jbk_buf_add(&e->out, &n, sizeof n);
    /* The starts begin where a number may. */
    if (!status) status = jbk_pages_align(e->w->pages, sizeof n, err);
    if (!status && n) status = flush(e, err);
    e->w->sec[JBK_SEC_LOOKUPS + (int)e->kind].len = e->shape.len;
    return status;
}

static void free_entries(entry_writer *e) {
    free(e->starts);
    jbk_buf_free(&e->out);
}

/* --- sorted --- */

static int by_hash(const void *x, const void *y) {
    const jbk_run_entry *a = x, *b = y;
    if (a->hash != b->hash) return a->hash < b->hash ? -1 : 1;
    return a->doc < b->doc ? -1 : a->doc > b->doc;
}

_Static_assert(sizeof(jbk_run_entry) == 16, "what jbk_radix_sort takes");

/* By what is kept of the hash; entries of one hash that were not in the order of documents are put
 * in order one by one. */
static void sort_run(jbk_run_kind kind, jbk_run *run) {
    enum { FEW = 1000 };
    size_t n = run->n;
    if (n < FEW) {
        if (n) qsort(run->at, n, sizeof *run->at, by_hash);
        return;
    }
    jbk_radix_sort(run->at, n, jbk_lookup_key_bits(kind));
    for (size_t i = 1; i < n; i++) {
        jbk_run_entry e = run->at[i];
        size_t k = i;
        for (; k && by_hash(&run->at[k - 1], &e) > 0; k--) run->at[k] = run->at[k - 1];
        run->at[k] = e;
    }
}

jbk_status jbk_volume_add_run(jbk_volume_writer *w, jbk_run_kind kind, jbk_run *run, jbk_err *err) {
    for (size_t i = 0; i < run->n; i++) run->at[i].hash = jbk_lookup_kept(kind, run->at[i].hash);
    sort_run(kind, run);
    entry_writer e;
    jbk_status status = begin(&e, w, kind, run->n, err);
    for (size_t i = 0; i < run->n && !status; i++)
        status = put(&e, run->at[i].hash, run->at[i].doc, err);
    if (!status) status = finish(&e, err);
    free_entries(&e);
    return status;
}

/* --- merged --- */

typedef struct {
    jbk_volume *volume;
    jbk_lookup_cursor cursor;
    jbk_run_entry next;
    bool more;
    uint32_t base;
} run_source;

/* What is not in order, or of no document, must not come into another file. */
static jbk_status advance(run_source *s, jbk_err *err) {
    jbk_run_entry last = s->next;
    bool first = !s->cursor.at;
    s->more = jbk_lookup_next(&s->cursor, &s->next);
    if (!s->more) return JBK_OK;
    if (s->next.doc >= s->volume->docs || (!first && by_hash(&s->next, &last) < 0))
        return jbk_pages_damaged(s->volume->pages, "a lookup", err);
    return JBK_OK;
}

/* The source whose next entry comes first; of equals the earlier, so documents ascend. */
static run_source *least(run_source *sources, size_t n) {
    run_source *best = NULL;
    for (size_t i = 0; i < n; i++) {
        run_source *s = &sources[i];
        if (s->more && (!best || s->next.hash < best->next.hash)) best = s;
    }
    return best;
}

static jbk_status put_merged(entry_writer *e, run_source *sources, size_t n, jbk_err *err) {
    jbk_status status = JBK_OK;
    for (size_t i = 0; i < n && !status; i++) status = advance(&sources[i], err);
    for (run_source *s; !status && (s = least(sources, n));) {
        status = put(e, s->next.hash, s->next.doc + s->base, err);
        if (!status) status = advance(s, err);
    }
    return status ? status : finish(e, err);
}

jbk_status jbk_volume_merge_run(jbk_volume_writer *w, jbk_run_kind kind, jbk_volume *const *v,
                                size_t n, jbk_err *err) {
    run_source *sources = jbk_calloc(n, sizeof *sources);
    entry_writer e = {0};
    jbk_status status = JBK_OK;
    uint64_t entries = 0;
    uint32_t base = 0;
    for (size_t i = 0; i < n && !status; i++) {
        sources[i].volume = v[i];
        status = jbk_volume_run(v[i], kind, &sources[i].cursor, err);
        entries += sources[i].cursor.shape.n;
        sources[i].base = base;
        base += v[i]->docs;
    }
    if (!status) status = begin(&e, w, kind, entries, err);
    if (!status) status = put_merged(&e, sources, n, err);
    free_entries(&e);
    free(sources);
    return status;
}
