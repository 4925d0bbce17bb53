/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "watch.h"

#include "base/hash.h"
#include "base/mem.h"

#include <dlfcn.h>
#include <errno.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { BLOCK = JBK_POSTINGS_BLOCK, DESCRIPTORS = 4096 };

struct jbk_watch {
    int fd;
    bool damaged;
    uint64_t at; /* the damaged block */
    uint64_t size;
    size_t n;
    uint32_t sums[];
};

/* By descriptor: a lookup must cost nothing beside reading. */
static _Atomic(jbk_watch *) watches[DESCRIPTORS];

typedef ssize_t read_at(int fd, void *bytes, size_t n, off_t offset);

/* The name is given by hand, for with 64-bit offsets the headers say pread64 for pread. */
ssize_t jbk_watched_pread(int fd, void *bytes, size_t n, off_t offset) __asm__("pread");

static read_at *real(void) {
    static _Atomic(read_at *) found;
    read_at *f = atomic_load_explicit(&found, memory_order_relaxed);
    if (!f) {
        void *p = dlsym(RTLD_NEXT, "pread");
        memcpy(&f, &p, sizeof f);
        atomic_store_explicit(&found, f, memory_order_relaxed);
    }
    return f;
}

/* All n bytes, or those up to the end of the file; -1 on error. */
static ssize_t read_all(int fd, char *bytes, size_t n, off_t offset) {
    size_t have = 0;
    while (have < n) {
        ssize_t got = real()(fd, bytes + have, n - have, offset + (off_t)have);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return -1;
        if (!got) break;
        have += (size_t)got;
    }
    return (ssize_t)have;
}

static bool matches(jbk_watch *w, uint64_t block, const char *bytes, size_t len) {
    if (block < w->n && (uint32_t)jbk_hash(bytes, len) == w->sums[block]) return true;
    if (!w->damaged) w->at = block;
    w->damaged = true;
    return false;
}

/* Compare the blocks that offset .. +n touches; -1 where the system refuses to read. */
static int compare(jbk_watch *w, uint64_t offset, uint64_t n, bool *good) {
    char bytes[BLOCK];
    for (uint64_t block = offset / BLOCK; *good && block * BLOCK < offset + n; block++) {
        ssize_t len = read_all(w->fd, bytes, BLOCK, (off_t)(block * BLOCK));
        if (len < 0) return -1;
        *good = matches(w, block, bytes, (size_t)len);
    }
    return 0;
}

ssize_t jbk_watched_pread(int fd, void *bytes, size_t n, off_t offset) {
    jbk_watch *w = fd >= 0 && fd < DESCRIPTORS
                       ? atomic_load_explicit(&watches[fd], memory_order_acquire)
                       : NULL;
    ssize_t got = real()(fd, bytes, n, offset);
    if (!w || got <= 0) return got;
    bool good = true;
    if (offset % BLOCK == 0 && got == BLOCK)
        good = matches(w, (uint64_t)offset / BLOCK, bytes, BLOCK);
    else if (compare(w, (uint64_t)offset, (uint64_t)got, &good))
        return -1;
    if (good) return got;
    errno = EIO;
    return -1;
}

/* Is ours the one that libraries find? */
static bool is_found(void) {
    void *p = dlsym(RTLD_DEFAULT, "pread");
    read_at *ours = jbk_watched_pread;
    return !memcmp(&p, &ours, sizeof p);
}

jbk_watch *jbk_watch_begin(int fd, const jbk_postings_sums *sums, bool *good) {
    struct stat st;
    *good = true;
    if (fstat(fd, &st)) return NULL;
    jbk_watch *w = jbk_calloc(1, sizeof *w + sums->n * sizeof *sums->block);
    w->fd = fd;
    w->n = sums->n;
    w->size = (uint64_t)st.st_size;
    memcpy(w->sums, sums->block, sums->n * sizeof *sums->block);
    if ((w->size + BLOCK - 1) / BLOCK != w->n) *good = matches(w, w->n, "", 0);
    bool all = fd >= DESCRIPTORS || !is_found();
    if (compare(w, 0, all ? w->size : 1, good)) {
        int e = errno;
        free(w);
        errno = e;
        return NULL;
    }
    if (!all) atomic_store_explicit(&watches[fd], w, memory_order_release);
    return w;
}

bool jbk_watch_damage(const jbk_watch *w, uint64_t *block) {
    *block = w->at;
    return w->damaged;
}

void jbk_watch_end(jbk_watch *w) {
    if (!w) return;
    if (w->fd < DESCRIPTORS) atomic_store_explicit(&watches[w->fd], NULL, memory_order_release);
    free(w);
}
