/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Small zstd blocks: reaching one document costs microseconds. */
#include "sections.h"

#include "base/codec.h"

#include <stdlib.h>
#define ZDICT_STATIC_LINKING_ONLY /* the trainer with its settings given, not sought */
#include <zdict.h>
#include <zstd.h>

const size_t jbk_block_bytes[JBK_STREAMS] = {1024, 16384};
enum { LEVEL = 3, DICT_BYTES = 32768, SAMPLES_MIN = 1 << 18 };

/* ZDICT_trainFromBuffer tries five lengths of segments and keeps the one that packs its samples
 * best, which takes six times as long as one length and makes no smaller index. */
static const ZDICT_fastCover_params_t training = {.k = 200, .d = 6, .f = 18, .accel = 1};

static jbk_status zstd_failed(size_t code, const char *where, jbk_err *err) {
    return jbk_fail(err, JBK_INTERNAL, where, "zstd: %s", ZSTD_getErrorName(code));
}

struct jbk_packer {
    ZSTD_CCtx *ctx;
    ZSTD_CDict *dict[JBK_STREAMS];
};

jbk_status jbk_packer_new(const jbk_dicts *dicts, jbk_packer **out, jbk_err *err) {
    *out = NULL;
    jbk_packer *p = jbk_calloc(1, sizeof *p);
    p->ctx = ZSTD_createCCtx();
    bool good = p->ctx != NULL;
    for (int s = 0; s < JBK_STREAMS; s++) {
        if (!dicts->bytes[s].len) continue;
        p->dict[s] = ZSTD_createCDict(dicts->bytes[s].data, dicts->bytes[s].len, LEVEL);
        good = good && p->dict[s];
    }
    if (!good) {
        jbk_packer_free(p);
        return jbk_fail(err, JBK_INTERNAL, "zstd", "cannot set up compression");
    }
    *out = p;
    return JBK_OK;
}

void jbk_packer_free(jbk_packer *p) {
    if (!p) return;
    ZSTD_freeCCtx(p->ctx);
    for (int s = 0; s < JBK_STREAMS; s++) ZSTD_freeCDict(p->dict[s]);
    free(p);
}

jbk_status jbk_blocks_end(jbk_blocks *b, jbk_packer *p, jbk_stream stream, jbk_err *err) {
    if (!b->raw_items) return JBK_OK;
    size_t bound = ZSTD_compressBound(b->raw.len);
    jbk_buf_reserve(&b->packed, bound);
    char *dst = b->packed.data + b->packed.len;
    size_t n =
        p->dict[stream]
            ? ZSTD_compress_usingCDict(p->ctx, dst, bound, b->raw.data, b->raw.len, p->dict[stream])
            : ZSTD_compressCCtx(p->ctx, dst, bound, b->raw.data, b->raw.len, LEVEL);
    if (ZSTD_isError(n)) return zstd_failed(n, "ZSTD_compress", err);
    jbk_block_entry e = {.first = b->items - b->raw_items,
                         .raw_len = (uint32_t)b->raw.len,
                         .offset = b->packed.len,
                         .packed_len = (uint32_t)n,
                         .items = b->raw_items};
    jbk_vec_push(&b->entries, e);
    b->packed.len += n;
    b->raw.len = 0;
    b->raw_items = 0;
    return JBK_OK;
}

jbk_status jbk_blocks_add(jbk_blocks *b, jbk_packer *p, jbk_stream stream, const void *item,
                          size_t len, jbk_err *err) {
    jbk_put_bytes(&b->raw, item, len);
    b->items++;
    b->raw_items++;
    return b->raw.len >= jbk_block_bytes[stream] ? jbk_blocks_end(b, p, stream, err) : JBK_OK;
}

void jbk_blocks_free(jbk_blocks *b) {
    jbk_buf_free(&b->packed);
    jbk_buf_free(&b->raw);
    jbk_vec_free(&b->entries);
    *b = (jbk_blocks){0};
}

void jbk_dict_train(const char *samples, const size_t *lens, size_t n, jbk_buf *dict) {
    size_t total = 0, used = 0;
    while (used < n && total < JBK_DICT_SAMPLES) total += lens[used++];
    dict->len = 0;
    if (total < SAMPLES_MIN || used > UINT32_MAX) return;
    jbk_buf_reserve(dict, DICT_BYTES);
    size_t len = ZDICT_trainFromBuffer_fastCover(dict->data, DICT_BYTES, samples, lens,
                                                 (unsigned)used, training);
    if (!ZDICT_isError(len)) dict->len = len;
}

/* --- reading --- */

typedef struct {
    const jbk_volume *volume; /* whose block this is */
    jbk_block_entry entry;
    jbk_buf raw;
    JBK_VEC(jbk_section) items; /* offset and length in raw */
    uint64_t asked;             /* when, by the reader's clock */
} held_block;

/* Who proves a few documents by their texts shows them next, a page of them.  Of large blocks one
 * is held, the first. */
enum { HELD = 32, LARGE = 1 << 16 };

struct jbk_reader {
    ZSTD_DCtx *ctx;
    ZSTD_DDict *dict[JBK_STREAMS];
    held_block held[JBK_STREAMS][HELD], *last[JBK_STREAMS];
    uint64_t clock;
};

jbk_status jbk_reader_new(const jbk_dicts *dicts, jbk_reader **out, jbk_err *err) {
    *out = NULL;
    jbk_reader *r = jbk_calloc(1, sizeof *r);
    r->ctx = ZSTD_createDCtx();
    bool good = r->ctx != NULL;
    for (int s = 0; s < JBK_STREAMS; s++) {
        if (!dicts->bytes[s].len) continue;
        r->dict[s] = ZSTD_createDDict(dicts->bytes[s].data, dicts->bytes[s].len);
        good = good && r->dict[s];
    }
    if (!good) {
        jbk_reader_free(r);
        return jbk_fail(err, JBK_INTERNAL, "zstd", "cannot set up decompression");
    }
    *out = r;
    return JBK_OK;
}

void jbk_reader_free(jbk_reader *r) {
    if (!r) return;
    ZSTD_freeDCtx(r->ctx);
    for (int s = 0; s < JBK_STREAMS; s++) {
        ZSTD_freeDDict(r->dict[s]);
        for (int h = 0; h < HELD; h++) {
            jbk_buf_free(&r->held[s][h].raw);
            jbk_vec_free(&r->held[s][h].items);
        }
    }
    free(r);
}

static jbk_status bad_block(jbk_err *err) {
    return jbk_fail(err, JBK_DAMAGED, "blocks",
                    "a block of stored text is damaged; restore the index from a copy or index "
                    "again");
}

/* The block that holds document `doc`: the last whose first is not after it. */
static jbk_status find_block(jbk_volume *v, int sec, uint32_t doc, jbk_block_entry *entry,
                             jbk_err *err) {
    uint64_t low = 0, high = v->sec[sec].len / sizeof *entry;
    const void *p;
    while (high - low > 1) {
        uint64_t mid = low + (high - low) / 2;
        jbk_status status = jbk_section_get(v, sec, mid, 1, sizeof *entry, &p, err);
        if (status) return status;
        if (((const jbk_block_entry *)p)->first <= doc)
            low = mid;
        else
            high = mid;
    }
    jbk_status status = jbk_section_get(v, sec, low, 1, sizeof *entry, &p, err);
    if (status) return status;
    memcpy(entry, p, sizeof *entry);
    return JBK_OK;
}

/* A block of zstd has at least 4 bytes and becomes at most 128 KiB: what is said to become more is
 * damaged, and no memory is asked for. */
enum { ZSTD_EXPANDS_MAX = (128 << 10) / 4 };

static jbk_status unpack(jbk_volume *v, jbk_reader *r, jbk_stream stream, held_block *h,
                         jbk_err *err) {
    const char *packed;
    jbk_status status = jbk_pages_get(v->pages, h->entry.offset, h->entry.packed_len, &packed, err);
    if (status) return status;
    if (h->entry.raw_len / ZSTD_EXPANDS_MAX > h->entry.packed_len) return bad_block(err);
    h->raw.len = 0;
    jbk_buf_reserve(&h->raw, h->entry.raw_len);
    /* The first blocks of an index may be older than its dictionary. */
    bool with_dict = r->dict[stream] && ZSTD_getDictID_fromFrame(packed, h->entry.packed_len);
    size_t n = with_dict ? ZSTD_decompress_usingDDict(r->ctx, h->raw.data, h->entry.raw_len, packed,
                                                      h->entry.packed_len, r->dict[stream])
                         : ZSTD_decompressDCtx(r->ctx, h->raw.data, h->entry.raw_len, packed,
                                               h->entry.packed_len);
    if (ZSTD_isError(n) || n != h->entry.raw_len) return bad_block(err);
    h->raw.len = n;
    h->items.n = 0;
    const char *p = h->raw.data, *end = p + n;
    for (uint32_t i = 0; i < h->entry.items; i++) {
        const char *s;
        size_t len;
        if (!jbk_get_bytes(&p, end, &s, &len)) return bad_block(err);
        jbk_section item = {(uint64_t)(s - h->raw.data), len};
        jbk_vec_push(&h->items, item);
    }
    return JBK_OK;
}

static bool holds(const held_block *h, const jbk_volume *v, uint32_t doc) {
    return h->volume == v && doc >= h->entry.first && doc - h->entry.first < h->items.n;
}

static held_block *find_held(jbk_reader *r, jbk_stream stream, const jbk_volume *v, uint32_t doc) {
    held_block *h = r->held[stream], *end = h + HELD;
    if (r->last[stream] && holds(r->last[stream], v, doc)) return r->last[stream];
    while (h < end && !holds(h, v, doc)) h++;
    return h < end ? h : NULL;
}

/* Where the block goes: in place of the small one that was not asked for the longest. */
static held_block *place_for(jbk_reader *r, jbk_stream stream, const jbk_block_entry *e) {
    held_block *h = r->held[stream], *oldest = h + 1;
    if (e->raw_len > LARGE) return h;
    for (int i = 2; i < HELD; i++)
        if (h[i].asked < oldest->asked) oldest = &h[i];
    return oldest;
}

static jbk_status hold(jbk_volume *v, jbk_reader *r, jbk_stream stream, uint32_t doc,
                       held_block **out, jbk_err *err) {
    jbk_block_entry e;
    jbk_status status = find_block(v, JBK_SEC_BLOCKS + (int)stream, doc, &e, err);
    if (status) return status;
    held_block *h = *out = place_for(r, stream, &e);
    h->volume = NULL;
    h->entry = e;
    status = unpack(v, r, stream, h, err);
    if (status) return status;
    if (doc < e.first || doc - e.first >= h->items.n) return bad_block(err);
    h->volume = v;
    return JBK_OK;
}

jbk_status jbk_volume_item(jbk_volume *v, jbk_reader *r, jbk_stream stream, uint32_t doc,
                           const char **item, size_t *len, jbk_err *err) {
    held_block *h = find_held(r, stream, v, doc);
    jbk_status status = h ? JBK_OK : hold(v, r, stream, doc, &h, err);
    if (status) return status;
    r->last[stream] = h;
    h->asked = ++r->clock;
    jbk_section at = h->items.at[doc - h->entry.first];
    *item = h->raw.data + at.offset;
    *len = at.len;
    return JBK_OK;
}
