/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The program's own malloc and its kin: libc's, but they do not return NULL.  Not every library
 * looks at what malloc returns; an exception that crosses C, or a thread that waits for one that
 * has ended, helps nobody.  Builds with sanitizers keep theirs. */
#include "memory.h"

#include <dlfcn.h>
#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

_Noreturn void jbk_end_without_memory(void) {
    static const char SAID[] = "jibek: out of memory; the index is as it was at its last commit\n";
    if (write(STDERR_FILENO, SAID, sizeof SAID - 1) < 0) _exit(3);
    _exit(3);
}

#if defined __has_feature
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) ||                         \
    __has_feature(memory_sanitizer)
#define SANITIZED
#endif
#endif
#if defined __SANITIZE_ADDRESS__ || defined __SANITIZE_THREAD__
#define SANITIZED
#endif

#ifndef SANITIZED

/* A size that stood in somebody's file: the library that believed it is told no, as ever. */
enum { LARGE = 256 << 20 };

/* libc's, or those of a library before it. */
static struct {
    void *(*malloc)(size_t);
    void *(*calloc)(size_t, size_t);
    void *(*realloc)(void *, size_t);
    void *(*aligned_alloc)(size_t, size_t);
    int (*posix_memalign)(void **, size_t, size_t);
} next;

static void find(void *to, const char *name) {
    void *p = dlsym(RTLD_NEXT, name);
    if (!p) jbk_end_without_memory();
    memcpy(to, &p, sizeof p);
}

/* Before main, and so before there are threads.  Looking asks for no memory; should it, it is
 * told that there is none. */
static bool found(void) {
    static bool looking;
    if (next.posix_memalign) return true;
    if (looking) return false;
    looking = true;
    find(&next.malloc, "malloc");
    find(&next.calloc, "calloc");
    find(&next.realloc, "realloc");
    find(&next.aligned_alloc, "aligned_alloc");
    find(&next.posix_memalign, "posix_memalign");
    return true;
}

static void *checked(void *p, size_t size) {
    if (!p && size && size < LARGE) jbk_end_without_memory();
    return p;
}

void *malloc(size_t size) { return found() ? checked(next.malloc(size), size) : NULL; }

void *calloc(size_t n, size_t size) {
    size_t all;
    if (__builtin_mul_overflow(n, size, &all)) all = SIZE_MAX;
    return found() ? checked(next.calloc(n, size), all) : NULL;
}

void *realloc(void *p, size_t size) {
    return found() ? checked(next.realloc(p, size), size) : NULL;
}

void *aligned_alloc(size_t to, size_t size) {
    return found() ? checked(next.aligned_alloc(to, size), size) : NULL;
}

int posix_memalign(void **out, size_t to, size_t size) {
    int rc = found() ? next.posix_memalign(out, to, size) : ENOMEM;
    if (rc == ENOMEM && size < LARGE) jbk_end_without_memory();
    return rc;
}

#endif
