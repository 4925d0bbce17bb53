/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Open addressing, linear probing, at most half full. */
#include "base/intern.h"

#include "base/hash.h"

#include <stdlib.h>

static void place(jbk_intern *t, uint32_t number) {
    /* The stored half of the hash is enough to place by: tables are below 2^32. */
    size_t i = t->keys.at[number].hash & (t->nslots - 1);
    while (t->slots[i]) i = (i + 1) & (t->nslots - 1);
    t->slots[i] = number + 1;
}

static void grow(jbk_intern *t) {
    free(t->slots);
    t->nslots = t->nslots ? t->nslots * 2 : 64;
    t->slots = jbk_calloc(t->nslots, sizeof *t->slots);
    for (uint32_t k = 0; k < t->keys.n; k++) place(t, k);
}

static bool find(const jbk_intern *t, const char *s, size_t len, uint32_t hash, uint32_t *number) {
    if (!t->nslots) return false;
    for (size_t i = hash & (t->nslots - 1); t->slots[i]; i = (i + 1) & (t->nslots - 1)) {
        const jbk_interned *k = &t->keys.at[t->slots[i] - 1];
        if (k->hash == hash && k->len == len && !memcmp(k->s, s, len)) {
            *number = t->slots[i] - 1;
            return true;
        }
    }
    return false;
}

bool jbk_intern_find(const jbk_intern *t, const char *s, size_t len, uint32_t *number) {
    return find(t, s, len, (uint32_t)(jbk_hash(s, len) >> 32), number);
}

uint32_t jbk_intern_add(jbk_intern *t, const char *s, size_t len) {
    uint32_t hash = (uint32_t)(jbk_hash(s, len) >> 32), number;
    if (find(t, s, len, hash, &number)) return number;
    if (t->keys.n * 2 >= t->nslots) grow(t);
    jbk_interned k = {jbk_arena_dup(&t->arena, s, len), (uint32_t)len, hash};
    number = (uint32_t)t->keys.n;
    jbk_vec_push(&t->keys, k);
    place(t, number);
    return number;
}

void jbk_intern_free(jbk_intern *t) {
    jbk_vec_free(&t->keys);
    free(t->slots);
    jbk_arena_free(&t->arena);
    *t = (jbk_intern){0};
}
