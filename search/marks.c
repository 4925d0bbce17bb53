/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A bitmap is made by way of its portable form (github.com/RoaringBitmap/RoaringFormatSpec): of
 * each 65,536 documents the marks as they are, or where these are few, their numbers.  CRoaring
 * has nothing else that takes bits. */
#include "marks.h"

#include <stdlib.h>

enum {
    CONTAINER = 1 << 16,    /* documents of a container */
    WORDS = CONTAINER / 64, /* of its bits */
    GROUPS = WORDS / 64,    /* words that are looked at together or not at all */
    FEW = 4096,             /* up to so many documents are numbers */
    COOKIE = 12346          /* containers without runs follow */
};

#define LAST_BIT (UINT64_C(1) << 63)

typedef struct {
    uint16_t key, last; /* of the container; how many documents it has, less one */
} description;

void jbk_marks_begin(jbk_marks *m, uint32_t docs) {
    if (m->bits) return;
    m->containers = docs / CONTAINER + 1;
    m->bits = jbk_calloc((size_t)m->containers * WORDS, sizeof *m->bits);
    m->touched = jbk_calloc((size_t)m->containers * WORDS, sizeof *m->touched);
}

static void mark(jbk_marks *m, uint32_t base, const uint32_t *docs, size_t n) {
    uint64_t *bits = m->bits;
    uint8_t *touched = m->touched;
    for (size_t i = 0; i < n; i++) {
        uint32_t doc = base + docs[i];
        bits[doc / 64] |= UINT64_C(1) << doc % 64;
        touched[doc / 64] = 1;
    }
}

static void mark_first(jbk_marks *m) {
    if (m->nfirst != JBK_MARKS_MANY) mark(m, 0, m->first, m->nfirst);
    m->nfirst = JBK_MARKS_MANY;
}

void jbk_marks_add(jbk_marks *m, uint32_t base, const uint32_t *docs, size_t n) {
    if (m->nfirst != JBK_MARKS_MANY && m->nfirst + n <= sizeof m->first / sizeof *m->first) {
        for (size_t i = 0; i < n; i++) m->first[m->nfirst++] = base + docs[i];
        return;
    }
    mark_first(m);
    mark(m, base, docs, n);
}

void jbk_marks_add_bits(jbk_marks *m, uint32_t base, const uint64_t *bits, size_t n) {
    unsigned shift = base % 64;
    mark_first(m);
    for (size_t i = 0; i < n; i++) {
        uint32_t at = base / 64 + (uint32_t)i;
        uint64_t low = bits[i] << shift, high = shift ? bits[i] >> (64 - shift) : 0;
        if (low) m->bits[at] |= low, m->touched[at] = 1;
        if (high) m->bits[at + 1] |= high, m->touched[at + 1] = 1;
    }
}

/* What follows is made twice: for any processor, and for those that count and find bits in one
 * step, where it takes half the time. */
#define BOTH static inline __attribute__((always_inline))
typedef uint32_t bit_counter(uint64_t v);

BOTH uint32_t count_by_adding(uint64_t v) {
    v -= v >> 1 & UINT64_C(0x5555555555555555);
    v = (v & UINT64_C(0x3333333333333333)) + (v >> 2 & UINT64_C(0x3333333333333333));
    v = (v + (v >> 4)) & UINT64_C(0x0F0F0F0F0F0F0F0F);
    return (uint32_t)(v * UINT64_C(0x0101010101010101) >> 56);
}

/* Which words of a group are touched, a bit each: eight bytes at a time, each 0 or 1, the
 * multiplier moves to the highest byte. */
BOTH uint64_t touched_of(const jbk_marks *m, uint32_t group) {
    uint64_t all = 0, eight;
    for (uint32_t i = 0; i < 64; i += sizeof eight) {
        memcpy(&eight, m->touched + (size_t)group * 64 + i, sizeof eight);
        all |= (eight * UINT64_C(0x0102040810204080) >> 56) << i;
    }
    return all;
}

BOTH uint32_t count(const jbk_marks *m, uint32_t container, bit_counter *count_bits) {
    uint32_t n = 0;
    for (uint32_t g = container * GROUPS; g < (container + 1) * GROUPS; g++) {
        const uint64_t *bits = m->bits + (size_t)g * 64;
        uint64_t left = touched_of(m, g);
        bool many = count_bits(left) > 32;
        for (uint32_t i = 0; many && i < 64; i++) n += count_bits(bits[i]);
        for (; !many && left; left &= left - 1) n += count_bits(bits[__builtin_ctzll(left)]);
    }
    return n;
}

/* The numbers of the marks of one word.  Mostly they are few, and how many cannot be guessed, so
 * they are put four at a time; `to` has room for four more. */
BOTH char *put_word(uint64_t left, uint32_t first, char *to, bit_counter *count_bits) {
    uint32_t n = count_bits(left), put = 0;
    do {
        for (int k = 0; k < 4; k++, put++) {
            uint16_t number = (uint16_t)(first + (uint32_t)__builtin_ctzll(left | LAST_BIT));
            memcpy(to + put * sizeof number, &number, sizeof number);
            left &= left - 1;
        }
    } while (put < n);
    return to + n * sizeof(uint16_t);
}

BOTH void put_numbers(jbk_marks *m, uint32_t container, uint32_t n, bit_counter *count_bits) {
    jbk_buf *b = &m->written;
    jbk_buf_reserve(b, (n + 4) * sizeof(uint16_t));
    char *to = b->data + b->len;
    for (uint32_t g = container * GROUPS; g < (container + 1) * GROUPS; g++)
        for (uint64_t left = touched_of(m, g); left; left &= left - 1) {
            uint32_t i = g * 64 + (uint32_t)__builtin_ctzll(left);
            to = put_word(m->bits[i], i * 64, to, count_bits);
        }
    b->len += n * sizeof(uint16_t);
}

BOTH void put_container(jbk_marks *m, uint32_t container, uint32_t n, bit_counter *count_bits) {
    if (n > FEW)
        jbk_buf_add(&m->written, m->bits + (size_t)container * WORDS, WORDS * sizeof *m->bits);
    else
        put_numbers(m, container, n, count_bits);
}

static void unmark(jbk_marks *m) {
    for (uint32_t g = 0; g < m->containers * GROUPS; g++) {
        if (!touched_of(m, g)) continue;
        memset(m->bits + (size_t)g * 64, 0, 64 * sizeof *m->bits);
        memset(m->touched + (size_t)g * 64, 0, 64);
    }
}

/* As bitmaps are written, little-endian: cookie, number of containers, descriptions, where each
 * container begins, containers. */
BOTH roaring_bitmap_t *take_marked(jbk_marks *m, bit_counter *count_bits) {
    jbk_buf *b = &m->written;
    uint32_t head[2] = {COOKIE, 0};
    JBK_VEC(description) used = {0};
    for (uint32_t c = 0; c < m->containers; c++) {
        uint32_t n = count(m, c, count_bits);
        if (n) jbk_vec_push(&used, ((description){(uint16_t)c, (uint16_t)(n - 1)}));
    }
    head[1] = (uint32_t)used.n;
    b->len = 0;
    jbk_buf_add(b, head, sizeof head);
    jbk_buf_add(b, used.at, used.n * sizeof *used.at);
    uint32_t at = (uint32_t)(b->len + used.n * sizeof at);
    for (size_t i = 0; i < used.n; i++) {
        uint32_t n = used.at[i].last + 1u;
        jbk_buf_add(b, &at, sizeof at);
        at += n > FEW ? CONTAINER / 8 : n * (uint32_t)sizeof(uint16_t);
    }
    for (size_t i = 0; i < used.n; i++)
        put_container(m, used.at[i].key, used.at[i].last + 1u, count_bits);
    unmark(m);
    m->nfirst = 0;
    jbk_vec_free(&used);
    roaring_bitmap_t *out = roaring_bitmap_portable_deserialize_safe(b->data, b->len);
    if (!out) jbk_out_of_memory();
    return out;
}

static roaring_bitmap_t *take_first(jbk_marks *m) {
    roaring_bitmap_t *out = roaring_bitmap_create();
    roaring_bitmap_add_many(out, m->nfirst, m->first);
    m->nfirst = 0;
    return out;
}

roaring_bitmap_t *jbk_marks_take_plain(jbk_marks *m) {
    if (m->nfirst != JBK_MARKS_MANY) return take_first(m);
    return take_marked(m, count_by_adding);
}

#if defined(__x86_64__)
__attribute__((target("popcnt"))) static uint32_t count_at_once(uint64_t v) {
    return (uint32_t)__builtin_popcountll(v);
}

__attribute__((target("popcnt,bmi"))) static roaring_bitmap_t *take_quickly(jbk_marks *m) {
    return take_marked(m, count_at_once);
}

roaring_bitmap_t *jbk_marks_take(jbk_marks *m) {
    bool quick = __builtin_cpu_supports("popcnt") && __builtin_cpu_supports("bmi");
    return quick && m->nfirst == JBK_MARKS_MANY ? take_quickly(m) : jbk_marks_take_plain(m);
}
#else
roaring_bitmap_t *jbk_marks_take(jbk_marks *m) { return jbk_marks_take_plain(m); }
#endif

void jbk_marks_free(jbk_marks *m) {
    free(m->bits);
    free(m->touched);
    jbk_buf_free(&m->written);
    *m = (jbk_marks){0};
}
