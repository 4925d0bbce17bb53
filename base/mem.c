/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/mem.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

static jbk_oom_hook *oom_hook = abort;

void jbk_set_oom_hook(jbk_oom_hook *hook) { oom_hook = hook; }

void jbk_out_of_memory(void) {
    oom_hook();
    abort();
}

static void *checked(void *p) {
    if (!p) jbk_out_of_memory();
    return p;
}

void *jbk_alloc(size_t size) { return checked(malloc(size ? size : 1)); }

void *jbk_calloc(size_t n, size_t size) { return checked(calloc(n ? n : 1, size ? size : 1)); }

void *jbk_realloc(void *p, size_t size) { return checked(realloc(p, size ? size : 1)); }

char *jbk_strndup(const char *s, size_t len) {
    char *copy = jbk_alloc(len + 1);
    if (len) memcpy(copy, s, len);
    copy[len] = '\0';
    return copy;
}

char *jbk_printf(const char *fmt, ...) {
    va_list ap;
    va_start(ap, fmt);
    char *s = NULL;
    int n = vasprintf(&s, fmt, ap);
    va_end(ap);
    return n < 0 ? checked(NULL) : s;
}

void jbk_buf_reserve(jbk_buf *b, size_t extra) {
    if (b->cap - b->len >= extra) return;
    size_t need = b->len + extra;
    size_t cap = b->cap ? b->cap : 64;
    while (cap < need) cap += cap / 2;
    b->data = jbk_realloc(b->data, cap);
    b->cap = cap;
}

void jbk_buf_free(jbk_buf *b) {
    free(b->data);
    *b = (jbk_buf){0};
}

void jbk_buf_str(jbk_buf *b, const char *s) { jbk_buf_add(b, s, strlen(s)); }

void jbk_buf_printf(jbk_buf *b, const char *fmt, ...) {
    va_list ap;
    char *s = NULL;
    va_start(ap, fmt);
    int n = vasprintf(&s, fmt, ap);
    va_end(ap);
    if (n < 0) checked(NULL);
    jbk_buf_add(b, s, (size_t)n);
    free(s);
}

const char *jbk_buf_cstr(jbk_buf *b) {
    jbk_buf_reserve(b, 1);
    b->data[b->len] = '\0';
    return b->data;
}

struct jbk_arena_block {
    jbk_arena_block *next;
    size_t used, cap;
    _Alignas(16) char bytes[];
};

/* Blocks grow with what is held: to give back a large one, libc gives memory back to the system,
 * and small arenas come by the thousand. */
void *jbk_arena_alloc(jbk_arena *a, size_t size) {
    enum { LEAST = 1 << 10, MOST = 1 << 16 };
    size = (size + 7) & ~(size_t)7;
    jbk_arena_block *b = a->head;
    if (!b || b->cap - b->used < size) {
        size_t cap = a->total < LEAST ? LEAST : a->total < MOST ? a->total : MOST;
        if (cap < size) cap = size;
        b = jbk_alloc(sizeof *b + cap);
        *b = (jbk_arena_block){a->head, 0, cap};
        a->head = b;
        a->total += cap;
    }
    void *p = b->bytes + b->used;
    b->used += size;
    return p;
}

char *jbk_arena_dup(jbk_arena *a, const char *s, size_t len) {
    char *copy = jbk_arena_alloc(a, len + 1);
    if (len) memcpy(copy, s, len);
    copy[len] = '\0';
    return copy;
}

void jbk_arena_free(jbk_arena *a) {
    while (a->head) {
        jbk_arena_block *next = a->head->next;
        free(a->head);
        a->head = next;
    }
    a->total = 0;
}

void *jbk_vec_grow(void *at, size_t *cap, size_t need, size_t size) {
    size_t c = *cap ? *cap : 8;
    while (c < need) c += c / 2;
    *cap = c;
    return jbk_realloc(at, c * size);
}
