/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/radix.h"

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
