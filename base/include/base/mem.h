/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Memory that is there: these never return NULL.  When the system has no more, the hook is
 * called, which must not return (the command line prints one line and exits with 3).  That is
 * safe at any moment, because an index changes at its one commit point only. */
#ifndef JBK_BASE_MEM_H
#define JBK_BASE_MEM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

typedef void jbk_oom_hook(void);
void jbk_set_oom_hook(jbk_oom_hook *hook);
_Noreturn void jbk_out_of_memory(void); /* for memory that others could not get */

void *jbk_alloc(size_t size);            /* uninitialised; free() it */
void *jbk_calloc(size_t n, size_t size); /* zeroed; the product may not overflow */
void *jbk_realloc(void *p, size_t size);
char *jbk_strndup(const char *s, size_t len); /* NUL added */
char *jbk_printf(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* A growable byte buffer.  {0} is empty and ready. */
typedef struct {
    char *data; /* NULL while empty */
    size_t len, cap;
} jbk_buf;

void jbk_buf_reserve(jbk_buf *b, size_t extra);
void jbk_buf_free(jbk_buf *b);
static inline void jbk_buf_add(jbk_buf *b, const void *bytes, size_t len) {
    if (b->cap - b->len < len) jbk_buf_reserve(b, len);
    if (len) memcpy(b->data + b->len, bytes, len);
    b->len += len;
}
static inline void jbk_buf_byte(jbk_buf *b, char c) {
    if (b->cap == b->len) jbk_buf_reserve(b, 1);
    b->data[b->len++] = c;
}
void jbk_buf_str(jbk_buf *b, const char *s);
void jbk_buf_printf(jbk_buf *b, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
const char *jbk_buf_cstr(jbk_buf *b); /* adds a NUL that does not count */

/* Memory that goes all at once.  {0} is empty and ready. */
typedef struct jbk_arena_block jbk_arena_block;
typedef struct {
    jbk_arena_block *head;
    size_t total; /* bytes held */
} jbk_arena;

void *jbk_arena_alloc(jbk_arena *a, size_t size);             /* 8-byte aligned, uninitialised */
char *jbk_arena_dup(jbk_arena *a, const char *s, size_t len); /* NUL added */
void jbk_arena_free(jbk_arena *a);

/* A growable array of T: `JBK_VEC(uint32_t) v = {0}; jbk_vec_push(&v, 7); v.at[0]`. */
#define JBK_VEC(T)                                                                                 \
    struct {                                                                                       \
        T *at;                                                                                     \
        size_t n, cap;                                                                             \
    }
#define jbk_vec_reserve(v, extra)                                                                  \
    ((v)->cap - (v)->n >= (size_t)(extra)                                                          \
         ? (void)0                                                                                 \
         : (void)((v)->at = jbk_vec_grow((v)->at, &(v)->cap, (v)->n + (size_t)(extra),             \
                                         sizeof *(v)->at)))
#define jbk_vec_push(v, x) (jbk_vec_reserve(v, 1), (v)->at[(v)->n++] = (x), (void)0)
/* qsort, which may not be asked to sort nothing; where it is used, include <stdlib.h>. */
#define jbk_vec_sort(v, compare)                                                                   \
    ((v)->n ? qsort((v)->at, (v)->n, sizeof *(v)->at, compare) : (void)0)
#define jbk_vec_free(v) (free((v)->at), (v)->at = NULL, (v)->n = (v)->cap = 0, (void)0)
void *jbk_vec_grow(void *at, size_t *cap, size_t need, size_t size);

#endif
