/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Byte strings to dense numbers: the first string is 0, the next new one 1, and so on. */
#ifndef JBK_BASE_INTERN_H
#define JBK_BASE_INTERN_H

#include "base/mem.h"

typedef struct {
    const char *s;
    uint32_t len;
    uint32_t hash; /* the upper half of the hash */
} jbk_interned;

/* {0} is empty and ready. */
typedef struct {
    JBK_VEC(jbk_interned) keys;
    uint32_t *slots; /* number + 1, or 0; a power of two of them */
    size_t nslots;
    jbk_arena arena;
} jbk_intern;

/* The number of the string, which is copied if it is new (then the number is the old n). */
uint32_t jbk_intern_add(jbk_intern *t, const char *s, size_t len);
bool jbk_intern_find(const jbk_intern *t, const char *s, size_t len, uint32_t *number);
static inline size_t jbk_intern_bytes(const jbk_intern *t) {
    return t->arena.total + t->nslots * 4 + t->keys.cap * sizeof *t->keys.at;
}
void jbk_intern_free(jbk_intern *t); /* ready to be used again */

#endif
