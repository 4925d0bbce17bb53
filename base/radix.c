/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/radix.h"

#include "base/codec.h"
#include "base/mem.h"

#include <stdlib.h>

typedef struct {
    uint64_t key, rest;
} item;

/* The least significant bits first. */
void jbk_radix_sort(void *items, size_t n, unsigned bits) {
    enum { BITS = 12, SIZE = 1 << BITS };
    char *scratch = jbk_alloc(n * sizeof(item)), *from = items, *to = scratch;
    unsigned passes = (bits + BITS - 1) / BITS;
    for (unsigned pass = passes; pass; pass--) {
        size_t first[SIZE + 1] = {0};
        unsigned up = pass * BITS, shift = up < 64 ? 64 - up : 0;
        item x;
        for (size_t i = 0; i < n; i++) {
            memcpy(&x, from + i * sizeof x, sizeof x);
            first[(x.key >> shift) % SIZE + 1]++;
        }
        for (size_t b = 0; b < SIZE; b++) first[b + 1] += first[b];
        for (size_t i = 0; i < n; i++) {
            memcpy(&x, from + i * sizeof x, sizeof x);
            memcpy(to + first[(x.key >> shift) % SIZE]++ * sizeof x, &x, sizeof x);
        }
        char *t = from;
        from = to;
        to = t;
    }
    if (n && from == scratch) memcpy(items, scratch, n * sizeof(item));
    free(scratch);
}

_Static_assert(sizeof(jbk_headed) == sizeof(item), "what jbk_radix_sort takes");

uint64_t jbk_head_of(const char *s, size_t len) {
    unsigned char bytes[8] = {0};
    memcpy(bytes, s, len < sizeof bytes ? len : sizeof bytes);
    return (uint64_t)jbk_load_be32(bytes) << 32 | jbk_load_be32(bytes + 4);
}

typedef struct {
    int (*compare)(uint64_t a, uint64_t b, void *of);
    void *of;
} comparison;

static int by_number(const void *x, const void *y, void *context) {
    const jbk_headed *a = x, *b = y;
    const comparison *c = context;
    return c->compare(a->number, b->number, c->of);
}

void jbk_sort_headed(jbk_headed *strings, size_t n,
                     int (*compare)(uint64_t a, uint64_t b, void *of), void *of) {
    comparison c = {compare, of};
    jbk_radix_sort(strings, n, 64);
    for (size_t from = 0, end; from < n; from = end) {
        for (end = from + 1; end < n && strings[end].head == strings[from].head;) end++;
        if (end - from > 1) qsort_r(strings + from, end - from, sizeof *strings, by_number, &c);
    }
}
