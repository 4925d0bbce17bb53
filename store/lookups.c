/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lookups are read: here is a hash, give me the documents. */
#include "lookups.h"

/* What is kept of a hash: so many leading bits.  What an id, a url or a content finds is compared
 * with the record.  Hashes of sketches are only counted, and are the least of many, which takes
 * five bits or so from them: among a million documents a few dozen pairs share one by chance. */
static const unsigned KEPT[JBK_RUNS] = {32, 32, 32, 48};

unsigned jbk_lookup_key_bits(jbk_run_kind kind) { return KEPT[kind]; }

uint64_t jbk_lookup_key(jbk_run_kind kind, uint64_t hash) { return hash >> (64 - KEPT[kind]); }

uint64_t jbk_lookup_kept(jbk_run_kind kind, uint64_t hash) {
    return jbk_lookup_key(kind, hash) << (64 - KEPT[kind]);
}

/* --- shape --- */

static unsigned bits_of(uint64_t v) { return v ? 64 - (unsigned)__builtin_clzll(v) : 0; }

/* Buckets of 32 to 63 entries on average: with fewer, the table would grow by more than the entries
 * shrink. */
jbk_lookup_shape jbk_lookup_shape_of(jbk_run_kind kind, uint64_t n, uint32_t docs) {
    enum { LOG_BUCKET = 5 };
    jbk_lookup_shape s = {.n = n};
    if (!n) return s;
    unsigned log = bits_of(n) - 1;
    s.bucket_bits = log > LOG_BUCKET ? log - LOG_BUCKET : 0;
    s.tag_bits = KEPT[kind] - s.bucket_bits;
    s.doc_bits = docs ? bits_of(docs - 1) : 0;
    uint64_t packed = (n * (s.tag_bits + s.doc_bits) + 7) / 8;
    s.starts = sizeof n + (packed + 3) / 4 * 4;
    s.len = s.starts + sizeof(uint32_t) * ((UINT64_C(1) << s.bucket_bits) + 1);
    return s;
}

jbk_status jbk_lookup_shape_get(jbk_volume *v, jbk_run_kind kind, jbk_lookup_shape *out,
                                jbk_err *err) {
    int sec = JBK_SEC_LOOKUPS + (int)kind;
    *out = (jbk_lookup_shape){0};
    if (!v->sec[sec].len) return JBK_OK;
    const void *p;
    jbk_status status = jbk_section_get(v, sec, 0, 1, sizeof out->n, &p, err);
    if (status) return status;
    uint64_t n = *(const uint64_t *)p;
    jbk_lookup_shape s = {0};
    if (n <= UINT32_MAX) s = jbk_lookup_shape_of(kind, n, v->docs);
    if (s.len != v->sec[sec].len) return jbk_pages_damaged(v->pages, "length of a lookup", err);
    *out = s;
    return JBK_OK;
}

/* --- looking up --- */

jbk_status jbk_lookup_bucket_get(jbk_volume *v, jbk_run_kind kind, const jbk_lookup_shape *s,
                                 uint64_t key, jbk_lookup_bucket *out, jbk_err *err) {
    int sec = JBK_SEC_LOOKUPS + (int)kind;
    uint64_t bucket = key >> s->tag_bits;
    const void *p;
    *out = (jbk_lookup_bucket){0};
    if (!s->n) return JBK_OK;
    jbk_status status = jbk_section_get(v, sec, s->starts / sizeof(uint32_t) + bucket, 2,
                                        sizeof(uint32_t), &p, err);
    if (status) return status;
    const uint32_t *start = p;
    if (start[0] > start[1] || start[1] > s->n)
        return jbk_pages_damaged(v->pages, "starts in a lookup", err);
    /* Fields are read eight bytes at a time, which may go past the last one, into the starts. */
    uint64_t width = s->tag_bits + s->doc_bits;
    uint64_t first = start[0] * width / 8, end = (start[1] * width + 7) / 8 + 8;
    status = jbk_section_get(v, sec, sizeof s->n + first, end - first, 1, &p, err);
    if (status) return status;
    *out = (jbk_lookup_bucket){(const unsigned char *)p - first, start[0], start[1]};
    return JBK_OK;
}

uint64_t jbk_lookup_lower_bound(const jbk_lookup_shape *s, const unsigned char *packed,
                                uint64_t from, uint64_t to, uint64_t key, uint32_t doc) {
    uint64_t tag = jbk_lookup_tag_of(s, key);
    while (from < to) {
        uint64_t mid = from + (to - from) / 2, here = jbk_lookup_tag(s, packed, mid);
        if (here < tag || (here == tag && doc && jbk_lookup_doc(s, packed, mid) < doc))
            from = mid + 1;
        else
            to = mid;
    }
    return from;
}

jbk_status jbk_volume_lookup_some(jbk_volume *v, jbk_run_kind kind, uint64_t hash, uint64_t skip,
                                  uint64_t max, jbk_docs *out, jbk_err *err) {
    uint64_t key = jbk_lookup_key(kind, hash);
    jbk_lookup_shape s;
    jbk_lookup_bucket b;
    jbk_status status = jbk_lookup_shape_get(v, kind, &s, err);
    if (!status) status = jbk_lookup_bucket_get(v, kind, &s, key, &b, err);
    if (status || b.from == b.to) return status;
    /* Entries of one key stand together, so what is skipped need not be looked at. */
    uint64_t i = jbk_lookup_lower_bound(&s, b.packed, b.from, b.to, key, 0);
    uint64_t tag = jbk_lookup_tag_of(&s, key);
    for (i = skip < b.to - i ? i + skip : b.to; i < b.to && max; i++, max--) {
        if (jbk_lookup_tag(&s, b.packed, i) != tag) break;
        uint32_t doc = jbk_lookup_doc(&s, b.packed, i);
        if (doc >= v->docs) return jbk_pages_damaged(v->pages, "documents of a lookup", err);
        jbk_vec_push(out, doc);
    }
    return JBK_OK;
}

jbk_status jbk_volume_lookup(jbk_volume *v, jbk_run_kind kind, uint64_t hash, jbk_docs *out,
                             jbk_err *err) {
    size_t had = out->n, kept = had;
    jbk_status status = jbk_volume_lookup_some(v, kind, hash, 0, UINT64_MAX, out, err);
    for (size_t i = had; i < out->n; i++)
        if (kept == had || out->at[i] != out->at[kept - 1]) out->at[kept++] = out->at[i];
    out->n = kept;
    return status;
}

/* --- from the first entry to the last --- */

static bool are_starts(const jbk_lookup_shape *s, const uint32_t *starts) {
    uint64_t buckets = UINT64_C(1) << s->bucket_bits;
    bool good = starts[0] == 0 && starts[buckets] == s->n;
    for (uint64_t b = 0; b < buckets; b++) good &= starts[b] <= starts[b + 1];
    return good;
}

jbk_status jbk_volume_run(jbk_volume *v, jbk_run_kind kind, jbk_lookup_cursor *out, jbk_err *err) {
    const void *p = NULL;
    *out = (jbk_lookup_cursor){.kind = kind};
    jbk_lookup_shape *s = &out->shape;
    jbk_status status = jbk_lookup_shape_get(v, kind, s, err);
    if (!status && s->n)
        status = jbk_section_get(v, JBK_SEC_LOOKUPS + (int)kind, 0, s->len, 1, &p, err);
    if (status || !s->n) return status;
    out->packed = (const unsigned char *)p + sizeof s->n;
    out->starts = (const uint32_t *)(const void *)((const char *)p + s->starts);
    return are_starts(s, out->starts) ? JBK_OK
                                      : jbk_pages_damaged(v->pages, "starts in a lookup", err);
}

bool jbk_lookup_next(jbk_lookup_cursor *c, jbk_run_entry *out) {
    const jbk_lookup_shape *s = &c->shape;
    if (c->at >= s->n) return false;
    while (c->at >= c->starts[c->bucket + 1]) c->bucket++;
    uint64_t key = c->bucket << s->tag_bits | jbk_lookup_tag(s, c->packed, c->at);
    *out = (jbk_run_entry){key << (64 - KEPT[c->kind]), jbk_lookup_doc(s, c->packed, c->at)};
    c->at++;
    return true;
}

void jbk_lookup_seek(jbk_lookup_cursor *c, uint64_t hash) {
    const jbk_lookup_shape *s = &c->shape;
    uint64_t key = jbk_lookup_key(c->kind, hash), bucket = key >> s->tag_bits;
    if (c->at >= s->n || bucket < c->bucket) return;
    uint64_t from = c->starts[bucket], to = c->starts[bucket + 1];
    if (from < c->at) from = c->at;
    c->at = from < to ? jbk_lookup_lower_bound(s, c->packed, from, to, key, 0) : from;
    c->bucket = bucket;
}
