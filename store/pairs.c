/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pairs that follow each other make groups of 32: a directory says with which pair each begins, and
 * where; a group is a head for each of its pairs, then their lists.  A head says how far the pair
 * is from the one before, how many documents have it and in how many bytes.  A document is its
 * distance from the one before in Rice's code, and its weight in Elias' gamma code: most lists are
 * short, and most weights 1. */
#include "store/pairs.h"

#include "base/codec.h"
#include "bits.h"
#include "sections.h"

#include <stdlib.h>

enum { GROUP = 32, MORE = 7 };

/* A document, and what it counts. */
typedef struct {
    uint32_t doc;
    uint16_t weight;
} holder;
typedef JBK_VEC(holder) holder_list;

/* --- a batch --- */

void jbk_pairs_add(jbk_pairs *p, const uint32_t *pairs, size_t n) {
    jbk_vec_reserve(&p->seen, n);
    if (n) memcpy(p->seen.at + p->seen.n, pairs, n * sizeof *pairs);
    p->seen.n += n;
    jbk_vec_push(&p->ends, (uint32_t)p->seen.n);
}

size_t jbk_pairs_bytes(const jbk_pairs *p) {
    return p->seen.cap * sizeof *p->seen.at + p->ends.cap * sizeof *p->ends.at;
}

void jbk_pairs_free(jbk_pairs *p) {
    jbk_vec_free(&p->seen);
    jbk_vec_free(&p->ends);
}

/* --- a list --- */

/* How many bits of a distance are written as they are: of n distances that are spread evenly over
 * the documents as many as make the list shortest. */
static unsigned plain_bits(uint32_t docs, size_t n) {
    unsigned k = 0;
    while (n && (UINT64_C(2) << k) * n * 3 <= (uint64_t)docs * 2) k++;
    return k;
}

/* Bytes of a list of n: all distances are short, all weights 1. */
static uint64_t least_bytes(uint32_t docs, uint64_t n) {
    return (n * (plain_bits(docs, n) + 1) + (n > 1) + 1 + 7) / 8;
}

static bool alike(const holder_list *h) {
    for (size_t i = 1; i < h->n; i++)
        if (h->at[i].weight != h->at[0].weight) return false;
    return true;
}

static void put_list(const holder_list *h, uint32_t docs, jbk_buf *out) {
    jbk_bits_writer w = {.out = out};
    unsigned k = plain_bits(docs, h->n);
    for (size_t i = 0; i < h->n; i++) {
        uint32_t gap = i ? h->at[i].doc - h->at[i - 1].doc - 1 : h->at[i].doc;
        jbk_bits_put_unary(&w, gap >> k);
        jbk_bits_put(&w, gap & ((1u << k) - 1), k);
    }
    bool same = alike(h);
    if (h->n > 1) jbk_bits_put(&w, same, 1);
    for (size_t i = 0; i < (same ? 1 : h->n); i++) {
        uint32_t weight = h->at[i].weight;
        unsigned log = 31 - (unsigned)__builtin_clz(weight);
        jbk_bits_put_unary(&w, log);
        jbk_bits_put(&w, weight & ((1u << log) - 1), log);
    }
    jbk_bits_end(&w);
}

/* Each has 31 bits at most. */
static bool get_weights(jbk_bits_reader *r, uint16_t *weights, uint32_t n) {
    enum { LOG_MAX = 15, MOST = 2 * LOG_MAX + 1 };
    uint64_t same = 0;
    if (n > 1 && !jbk_bits_get(r, 1, &same)) return false;
    uint32_t written = same ? 1 : n;
    for (uint32_t i = 0; i < written; i++) {
        if (r->n < MOST) jbk_bits_fill(r);
        unsigned log = r->bits ? (unsigned)__builtin_ctzll(r->bits) : MOST;
        if (log > LOG_MAX || 2 * log + 1 > r->n) return false;
        uint64_t rest = r->bits >> (log + 1) & ((1u << log) - 1);
        weights[i] = (uint16_t)(1u << log | rest);
        jbk_bits_drop(r, 2 * log + 1);
    }
    for (uint32_t i = written; i < n; i++) weights[i] = weights[0];
    return r->at == r->end && r->n < 8 && !r->bits;
}

bool jbk_pair_is_bits(const jbk_volume *v, const jbk_pair_list *l) {
    return l->n && !plain_bits(v->docs, l->n);
}

bool jbk_pair_bits(const jbk_volume *v, const jbk_pair_list *l, uint64_t *bits) {
    const char *at = l->at;
    uint32_t words = (v->docs + 63) / 64, left = l->n;
    for (uint32_t i = 0; i < words; i++) {
        size_t bytes = (size_t)(l->end - at) < sizeof *bits ? (size_t)(l->end - at) : sizeof *bits;
        uint64_t word = 0;
        if (left) memcpy(&word, at, bytes);
        at += bytes;
        uint32_t n = (uint32_t)__builtin_popcountll(word);
        for (; n > left; n--) word &= ~(UINT64_C(1) << (63 - __builtin_clzll(word))); /* weights */
        left -= n;
        bits[i] = word;
    }
    bool beyond = v->docs % 64 && bits[words - 1] >> v->docs % 64;
    return !left && !beyond;
}

/* A one for each document. */
static bool get_ones(jbk_bits_reader *r, uint32_t most, uint32_t *docs, uint32_t n) {
    uint64_t doc = 0;
    for (uint32_t i = 0; i < n; i++) {
        if (!r->bits) {
            doc += r->n;
            r->n = 0;
            jbk_bits_fill(r);
            if (!r->bits && (!r->n || doc > most)) return false;
            i--;
            continue;
        }
        unsigned zeros = (unsigned)__builtin_ctzll(r->bits);
        docs[i] = (uint32_t)(doc += zeros);
        doc++;
        jbk_bits_drop(r, zeros + 1);
    }
    return doc <= most;
}

static bool get_documents(jbk_bits_reader *r, uint32_t most, unsigned k, uint32_t *docs,
                          uint32_t n) {
    uint64_t doc = 0, high, low;
    if (!k) return get_ones(r, most, docs, n);
    for (uint32_t i = 0; i < n; i++) {
        jbk_bits_fill(r);
        if (!jbk_bits_get_unary(r, &high) || high > most >> k || !jbk_bits_get(r, k, &low))
            return false;
        doc += (high << k) + low;
        docs[i] = (uint32_t)doc++;
    }
    return doc <= most;
}

bool jbk_pair_documents(const jbk_volume *v, const jbk_pair_list *l, uint32_t *docs,
                        uint16_t *weights) {
    jbk_bits_reader r = {(const unsigned char *)l->at, (const unsigned char *)l->end, 0, 0};
    if (!get_documents(&r, v->docs, plain_bits(v->docs, l->n), docs, l->n)) return false;
    return !weights || get_weights(&r, weights, l->n);
}

/* --- writing --- */

typedef struct {
    jbk_volume_writer *w; /* NULL: all stays in `out` */
    uint32_t docs;        /* of the volume */
    uint64_t written;     /* bytes of JBK_SEC_PAIRS */
    jbk_packed_pairs out;
    uint32_t first, last, n; /* pairs of the group that is made */
    jbk_buf heads, lists;
} pair_writer;

static jbk_status flush(pair_writer *p, size_t when, jbk_err *err) {
    jbk_buf *out = &p->out.pairs;
    if (!p->w || out->len < when) return JBK_OK;
    jbk_status status = jbk_section_more(p->w, JBK_SEC_PAIRS, out->data, out->len, err);
    p->written += out->len;
    out->len = 0;
    return status;
}

static jbk_status too_many(jbk_err *err) {
    return jbk_fail(err, JBK_FULL, "pairs", "too many pairs in one segment");
}

static jbk_status end_group(pair_writer *p, jbk_err *err) {
    if (!p->n) return JBK_OK;
    jbk_buf *out = &p->out.pairs;
    uint64_t offset = p->written + out->len;
    if (offset > UINT32_MAX) return too_many(err);
    jbk_pair_group group = {p->first, (uint32_t)offset};
    jbk_buf_add(&p->out.groups, &group, sizeof group);
    jbk_put_varint(out, p->heads.len);
    jbk_buf_add(out, p->heads.data, p->heads.len);
    jbk_buf_add(out, p->lists.data, p->lists.len);
    p->n = 0;
    p->heads.len = p->lists.len = 0;
    return flush(p, 1 << 16, err);
}

/* How many documents, and in how many bytes: mostly one number, of one byte. */
static void put_size(jbk_buf *out, uint32_t docs, uint64_t n, uint64_t bytes) {
    uint64_t more = bytes - least_bytes(docs, n);
    jbk_put_varint(out, n * (MORE + 1) + (more < MORE ? more : MORE));
    if (more >= MORE) jbk_put_varint(out, more - MORE);
}

static bool get_size(const char **p, const char *end, uint32_t docs, uint64_t *n, uint64_t *bytes) {
    uint64_t both, more = 0;
    if (!jbk_get_varint(p, end, &both)) return false;
    *n = both / (MORE + 1);
    if (!*n || *n > docs) return false;
    if (both % (MORE + 1) == MORE && !jbk_get_varint(p, end, &more)) return false;
    if (more > UINT32_MAX) return false;
    *bytes = least_bytes(docs, *n) + both % (MORE + 1) + more;
    return true;
}

/* Pairs come in their order. */
static jbk_status put_pair(pair_writer *p, uint32_t pair, const holder_list *h, jbk_err *err) {
    jbk_status status = p->n == GROUP ? end_group(p, err) : JBK_OK;
    size_t before = p->lists.len;
    if (p->n++)
        jbk_put_varint(&p->heads, pair - p->last - 1);
    else
        p->first = pair;
    p->last = pair;
    put_list(h, p->docs, &p->lists);
    put_size(&p->heads, p->docs, h->n, p->lists.len - before);
    return status;
}

static jbk_status put_groups(jbk_volume_writer *w, const jbk_buf *groups, jbk_err *err) {
    return jbk_section_put(w, JBK_SEC_PAIR_GROUPS, groups->data, groups->len, err);
}

void jbk_packed_pairs_free(jbk_packed_pairs *p) {
    jbk_buf_free(&p->pairs);
    jbk_buf_free(&p->groups);
}

static void free_writer(pair_writer *p) {
    jbk_buf_free(&p->heads);
    jbk_buf_free(&p->lists);
    jbk_packed_pairs_free(&p->out);
}

/* --- of batches --- */

/* A pair is two halves, its characters.  It is sorted by the left one, with documents in order,
 * then those of each left one by the right one: what is written to lies close together. */
enum { HALF = 1 << 15, DIGIT = 1 << 8 };
_Static_assert(HALF *HALF == JBK_PAIRS, "halves make a pair");
_Static_assert(DIGIT *DIGIT >= HALF, "two digits make a half");

/* The right half in the upper half of each, the document in the lower one.  Those of a left half
 * end at ends[left]. */
static uint64_t *sort_by_left(const jbk_pairs *b, size_t n, size_t total, uint32_t *ends) {
    uint64_t *sorted = jbk_alloc(total * sizeof *sorted);
    uint32_t doc = 0;
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < b[i].seen.n; k++) ends[b[i].seen.at[k] / HALF + 1]++;
    for (size_t h = 0; h < HALF; h++) ends[h + 1] += ends[h];
    for (size_t i = 0; i < n; i++)
        for (size_t d = 0, k = 0; d < b[i].ends.n; d++, doc++)
            for (; k < b[i].ends.at[d]; k++) {
                uint32_t pair = b[i].seen.at[k];
                sorted[ends[pair / HALF]++] = (uint64_t)(pair % HALF) << 32 | doc;
            }
    return sorted;
}

static void sort_by_digit(const uint64_t *from, size_t n, unsigned shift, uint64_t *to) {
    uint32_t ends[DIGIT + 1] = {0};
    for (size_t i = 0; i < n; i++) ends[(from[i] >> shift) % DIGIT + 1]++;
    for (size_t d = 0; d < DIGIT; d++) ends[d + 1] += ends[d];
    for (size_t i = 0; i < n; i++) to[ends[(from[i] >> shift) % DIGIT]++] = from[i];
}

static void count(const uint64_t *at, size_t n, holder_list *out) {
    out->n = 0;
    jbk_vec_reserve(out, n);
    for (size_t i = 0, same; i < n; i += same) {
        for (same = 1; i + same < n && at[i + same] == at[i];) same++;
        uint16_t weight = same < UINT16_MAX ? (uint16_t)same : UINT16_MAX;
        out->at[out->n++] = (holder){(uint32_t)at[i], weight};
    }
}

typedef struct {
    JBK_VEC(uint64_t) sorted;
    holder_list holders;
} left_scratch;

/* All pairs of one left half. */
static jbk_status put_left(pair_writer *p, uint32_t left, uint64_t *at, size_t n, left_scratch *s,
                           jbk_err *err) {
    jbk_status status = JBK_OK;
    jbk_vec_reserve(&s->sorted, n);
    sort_by_digit(at, n, 32, s->sorted.at);
    sort_by_digit(s->sorted.at, n, 40, at);
    for (size_t from = 0, end; from < n && !status; from = end) {
        uint32_t right = (uint32_t)(at[from] >> 32);
        for (end = from; end < n && at[end] >> 32 == right;) end++;
        count(at + from, end - from, &s->holders);
        status = put_pair(p, left * HALF + right, &s->holders, err);
    }
    return status;
}

static jbk_status put_all(pair_writer *p, const jbk_pairs *batches, size_t n, size_t total,
                          jbk_err *err) {
    uint32_t *ends = jbk_calloc(HALF + 1, sizeof *ends);
    uint64_t *sorted = sort_by_left(batches, n, total, ends);
    left_scratch scratch = {0};
    jbk_status status = JBK_OK;
    for (uint32_t left = 0, from = 0; left < HALF && !status; from = ends[left++])
        if (ends[left] > from)
            status = put_left(p, left, sorted + from, ends[left] - from, &scratch, err);
    jbk_vec_free(&scratch.sorted);
    jbk_vec_free(&scratch.holders);
    free(sorted);
    free(ends);
    return status ? status : end_group(p, err);
}

jbk_status jbk_pairs_pack(const jbk_pairs *batches, size_t n, jbk_packed_pairs *out, jbk_err *err) {
    size_t total = 0;
    pair_writer p = {0};
    for (size_t i = 0; i < n; i++) {
        total += batches[i].seen.n;
        p.docs += (uint32_t)batches[i].ends.n;
    }
    jbk_status status = total > UINT32_MAX ? too_many(err) : put_all(&p, batches, n, total, err);
    *out = p.out;
    p.out = (jbk_packed_pairs){0};
    free_writer(&p);
    return status;
}

jbk_status jbk_volume_add_pairs(jbk_volume_writer *w, const jbk_packed_pairs *p, jbk_err *err) {
    jbk_status status = jbk_section_put(w, JBK_SEC_PAIRS, p->pairs.data, p->pairs.len, err);
    return status ? status : put_groups(w, &p->groups, err);
}

/* --- of volumes --- */

typedef struct {
    jbk_pair_cursor cursor;
    jbk_pair_list list;
    uint32_t base;
    jbk_docs docs; /* scratch */
    JBK_VEC(uint16_t) weights;
} source;

static jbk_status take_list(source *s, holder_list *all, jbk_err *err) {
    size_t n = s->list.n;
    jbk_vec_reserve(&s->docs, n);
    jbk_vec_reserve(&s->weights, n);
    if (!jbk_pair_documents(s->cursor.volume, &s->list, s->docs.at, s->weights.at))
        return jbk_pages_damaged(s->cursor.volume->pages, "pairs", err);
    for (size_t i = 0; i < n; i++)
        jbk_vec_push(all, ((holder){s->base + s->docs.at[i], s->weights.at[i]}));
    return jbk_pair_next(&s->cursor, &s->list, err);
}

static jbk_status merge(pair_writer *p, source *s, size_t n, holder_list *holders, jbk_err *err) {
    for (;;) {
        uint32_t pair = JBK_PAIRS;
        jbk_status status = JBK_OK;
        for (size_t i = 0; i < n; i++)
            if (s[i].list.pair < pair) pair = s[i].list.pair;
        if (pair == JBK_PAIRS) return JBK_OK;
        holders->n = 0;
        for (size_t i = 0; i < n && !status; i++)
            if (s[i].list.pair == pair) status = take_list(&s[i], holders, err);
        if (!status) status = put_pair(p, pair, holders, err);
        if (status) return status;
    }
}

jbk_status jbk_volume_merge_pairs(jbk_volume_writer *w, jbk_volume *const *v, size_t n,
                                  jbk_err *err) {
    source *s = jbk_calloc(n, sizeof *s);
    pair_writer p = {.w = w};
    holder_list holders = {0};
    jbk_status status = jbk_section_put(w, JBK_SEC_PAIRS, "", 0, err);
    for (size_t i = 0; i < n && !status; i++) {
        s[i] = (source){.cursor.volume = v[i], .base = p.docs};
        p.docs += v[i]->docs;
        status = jbk_pair_next(&s[i].cursor, &s[i].list, err);
    }
    if (!status) status = merge(&p, s, n, &holders, err);
    for (size_t i = 0; i < n; i++) {
        jbk_vec_free(&s[i].docs);
        jbk_vec_free(&s[i].weights);
    }
    free(s);
    jbk_vec_free(&holders);
    if (!status) status = end_group(&p, err);
    if (!status) status = flush(&p, 0, err);
    if (!status) status = put_groups(w, &p.out.groups, err);
    free_writer(&p);
    return status;
}

/* --- reading --- */

static uint64_t count_groups(const jbk_volume *v) {
    return v->sec[JBK_SEC_PAIR_GROUPS].len / sizeof(jbk_pair_group);
}

static jbk_status damaged(const jbk_volume *v, jbk_err *err) {
    return jbk_pages_damaged(v->pages, "pairs", err);
}

static jbk_status open_group(jbk_pair_cursor *c, jbk_err *err) {
    jbk_volume *v = c->volume;
    uint64_t more = count_groups(v) - c->next, end = v->sec[JBK_SEC_PAIRS].len, heads;
    const void *p;
    jbk_status status = jbk_section_get(v, JBK_SEC_PAIR_GROUPS, c->next++, more > 1 ? 2 : 1,
                                        sizeof(jbk_pair_group), &p, err);
    if (status) return status;
    jbk_pair_group g = *(const jbk_pair_group *)p;
    if (more > 1) end = ((const jbk_pair_group *)p)[1].offset;
    if (g.first < c->least || g.first >= JBK_PAIRS || end < g.offset) return damaged(v, err);
    status = jbk_section_get(v, JBK_SEC_PAIRS, g.offset, end - g.offset, 1, &p, err);
    if (status) return status;
    c->least = g.first;
    c->within = false;
    c->head = p;
    c->end = c->head + (end - g.offset);
    if (!jbk_get_varint(&c->head, c->end, &heads) || !heads || heads > (size_t)(c->end - c->head))
        return damaged(v, err);
    c->list = c->heads_end = c->head + heads;
    return JBK_OK;
}

jbk_status jbk_pair_next(jbk_pair_cursor *c, jbk_pair_list *out, jbk_err *err) {
    *out = (jbk_pair_list){.pair = JBK_PAIRS};
    if (c->head == c->heads_end) {
        if (c->next == count_groups(c->volume)) return JBK_OK;
        jbk_status status = open_group(c, err);
        if (status) return status;
    }
    uint64_t gap = 0, n = 0, len = 0;
    bool good = !c->within || jbk_get_varint(&c->head, c->heads_end, &gap);
    if (!good || gap >= JBK_PAIRS - c->least ||
        !get_size(&c->head, c->heads_end, c->volume->docs, &n, &len) ||
        len > (size_t)(c->end - c->list))
        return damaged(c->volume, err);
    uint32_t pair = c->least + (uint32_t)gap;
    *out = (jbk_pair_list){pair, (uint32_t)n, c->list, c->list + len};
    c->least = pair + 1;
    c->within = true;
    c->list += len;
    return c->head < c->heads_end || c->list == c->end ? JBK_OK : damaged(c->volume, err);
}

/* The last group that does not begin behind `pair`, or the first one. */
static jbk_status find_group(jbk_volume *v, uint32_t pair, uint64_t *out, jbk_err *err) {
    uint64_t low = 0, high = count_groups(v);
    while (low + 1 < high) {
        uint64_t mid = low + (high - low) / 2;
        const void *p;
        jbk_status status =
            jbk_section_get(v, JBK_SEC_PAIR_GROUPS, mid, 1, sizeof(jbk_pair_group), &p, err);
        if (status) return status;
        if (((const jbk_pair_group *)p)->first <= pair)
            low = mid;
        else
            high = mid;
    }
    *out = low;
    return JBK_OK;
}

jbk_status jbk_volume_pair(jbk_volume *v, uint32_t pair, jbk_pair_list *out, jbk_err *err) {
    jbk_pair_cursor c = {.volume = v};
    *out = (jbk_pair_list){.pair = pair};
    jbk_status status = find_group(v, pair, &c.next, err);
    do {
        if (!status) status = jbk_pair_next(&c, out, err);
    } while (!status && out->pair < pair && c.head < c.heads_end);
    if (out->pair != pair) *out = (jbk_pair_list){.pair = pair};
    return status;
}
