/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A library to preload: the Nth of a program's calls to the system fails, or is its last.
 *
 *   JIBEK_FAULT_DIR    only calls that touch a file under this folder count
 *   JIBEK_FAULT_CALLS  names of the calls that count, between commas (",write,fsync,")
 *   JIBEK_FAULT_LOG    a file that gets a line "name path" for each call that counts
 *   JIBEK_FAULT_AT     N, from 1
 *   JIBEK_FAULT_DO     kill   the process dies before the call
 *                      tear   the same, but of a write about half is written: whole sectors of
 *                             512 bytes of the file, so that a write inside one is whole
 *                      power  the machine dies: what no fsync has reached is lost, names of files
 *                             that are new, moved or gone included
 *                      short  a write writes half, a read reads half
 *                      a number: the call fails with this errno
 *   JIBEK_FAULT_STAYS  set: all calls from N on fail so
 *   JIBEK_FAULT_MALLOC N: the Nth allocation fails, and each after it
 *
 * undo.c keeps what a power cut takes back. */
#define _GNU_SOURCE
#include "fault.h"

#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

typedef enum { GO, FAIL, HALF, HALF_AND_DIE } verdict;

static const char *folder, *calls, *what;
static long at;
static bool stays, power;
static int log_fd = -1;
static _Atomic long seen, allocations;
static long allocation_at;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

__attribute__((constructor)) static void begin(void) {
    folder = getenv("JIBEK_FAULT_DIR");
    calls = getenv("JIBEK_FAULT_CALLS");
    what = getenv("JIBEK_FAULT_DO");
    stays = getenv("JIBEK_FAULT_STAYS") != NULL;
    power = what && !strcmp(what, "power");
    const char *n = getenv("JIBEK_FAULT_AT"), *m = getenv("JIBEK_FAULT_MALLOC");
    const char *log = getenv("JIBEK_FAULT_LOG");
    at = n ? atol(n) : 0;
    if (log)
        log_fd = (int)syscall(SYS_openat, AT_FDCWD, log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC,
                              0666);
    allocation_at = m ? atol(m) : 0;
}

static bool under(const char *path) {
    size_t len = folder ? strlen(folder) : 0;
    return folder && path && !strncmp(path, folder, len) && (path[len] == '/' || !path[len]);
}

/* The path of a descriptor; NULL where it does not count. */
static const char *path_of(int fd, char *buf, size_t cap) {
    char link[40];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t n = syscall(SYS_readlinkat, AT_FDCWD, link, buf, cap - 1);
    if (n < 0) return NULL;
    buf[n] = '\0';
    return under(buf) ? buf : NULL;
}

static void die(void) {
    if (power) fault_undo_all();
    syscall(SYS_kill, (long)getpid(), SIGKILL);
    for (;;) pause();
}

/* Counts a call; the first thing that every one of them asks. */
static verdict ask(const char *name, const char *path) {
    char key[32];
    snprintf(key, sizeof key, ",%s,", name);
    if (!path || (calls && !strstr(calls, key))) return GO;
    long n = atomic_fetch_add(&seen, 1) + 1;
    if (log_fd >= 0) {
        char line[4200];
        int len = snprintf(line, sizeof line, "%s %s\n", name, path);
        syscall(SYS_write, log_fd, line, (size_t)len);
    }
    if (!what || !at || n < at || (n > at && !stays)) return GO;
    if (!strcmp(what, "kill") || power) die();
    if (!strcmp(what, "tear")) return HALF_AND_DIE;
    if (!strcmp(what, "short")) return HALF;
    errno = atoi(what);
    return FAIL;
}

static verdict ask_fd(const char *name, int fd) {
    char path[4096];
    return ask(name, path_of(fd, path, sizeof path));
}

#define REAL(name) ((__typeof__(&name))real(#name))
static void *real(const char *name) { return dlsym(RTLD_NEXT, name); }

/* --- reading and writing --- */

enum { SECTOR = 512 };

/* What of a write reaches the disk when the machine dies in it: it writes sectors whole, so the
 * write ends between two of them, near its middle, or is whole. */
static size_t torn(off_t offset, size_t n) {
    size_t first = (size_t)offset % SECTOR, cut = (first + n / 2) / SECTOR * SECTOR;
    if (cut <= first) cut = SECTOR; /* the end of the sector it begins in */
    return cut - first < n ? cut - first : n;
}

/* How much of n bytes at `offset` is done. */
static size_t part(verdict v, off_t offset, size_t n) {
    if (v == HALF_AND_DIE) return torn(offset, n);
    return v == HALF && n > 1 ? n / 2 : n;
}

/* Keep what a write will overwrite, where a power cut may ask for it. */
static void keep(int fd, off_t offset, size_t n) {
    char path[4096];
    if (power && path_of(fd, path, sizeof path)) {
        pthread_mutex_lock(&lock);
        fault_keep_bytes(fd, offset, n);
        pthread_mutex_unlock(&lock);
    }
}

ssize_t write(int fd, const void *bytes, size_t n) {
    verdict v = ask_fd("write", fd);
    if (v == FAIL) return -1;
    off_t offset = lseek(fd, 0, SEEK_CUR);
    n = part(v, offset, n);
    keep(fd, offset, n);
    ssize_t done = syscall(SYS_write, fd, bytes, n);
    if (v == HALF_AND_DIE) die();
    return done;
}

ssize_t pwrite(int fd, const void *bytes, size_t n, off_t offset) {
    verdict v = ask_fd("pwrite", fd);
    if (v == FAIL) return -1;
    n = part(v, offset, n);
    keep(fd, offset, n);
    ssize_t done = syscall(SYS_pwrite64, fd, bytes, n, offset);
    if (v == HALF_AND_DIE) die();
    return done;
}

ssize_t pwrite64(int fd, const void *bytes, size_t n, off_t offset) {
    return pwrite(fd, bytes, n, offset);
}

ssize_t writev(int fd, const struct iovec *v, int n) {
    verdict say = ask_fd("writev", fd);
    if (say == FAIL) return -1;
    off_t offset = lseek(fd, 0, SEEK_CUR);
    size_t all = 0;
    for (int i = 0; i < n; i++) all += v[i].iov_len;
    size_t left = part(say, offset, all);
    keep(fd, offset, left);
    if (left == all) {
        ssize_t done = syscall(SYS_writev, fd, v, n);
        if (say == HALF_AND_DIE) die();
        return done;
    }
    ssize_t done = 0;
    for (int i = 0; i < n && left; i++) {
        size_t some = v[i].iov_len < left ? v[i].iov_len : left;
        ssize_t wrote = syscall(SYS_write, fd, v[i].iov_base, some);
        if (wrote < 0) return -1;
        done += wrote;
        left -= some;
    }
    if (say == HALF_AND_DIE) die();
    return done;
}

ssize_t read(int fd, void *bytes, size_t n) {
    verdict v = ask_fd("read", fd);
    if (v == FAIL) return -1;
    n = part(v, 0, n);
    return syscall(SYS_read, fd, bytes, n);
}

ssize_t pread(int fd, void *bytes, size_t n, off_t offset) {
    verdict v = ask_fd("pread", fd);
    if (v == FAIL) return -1;
    n = part(v, 0, n);
    return syscall(SYS_pread64, fd, bytes, n, offset);
}

ssize_t pread64(int fd, void *bytes, size_t n, off_t offset) { return pread(fd, bytes, n, offset); }

int ftruncate(int fd, off_t length) {
    if (ask_fd("ftruncate", fd) == FAIL) return -1;
    keep(fd, length, 0);
    return (int)syscall(SYS_ftruncate, fd, length);
}

int ftruncate64(int fd, off_t length) { return ftruncate(fd, length); }

static int synced(const char *name, int fd, long number) {
    if (ask_fd(name, fd) == FAIL) return -1;
    int rc = (int)syscall(number, fd);
    pthread_mutex_lock(&lock);
    if (!rc && power) fault_synced(fd);
    pthread_mutex_unlock(&lock);
    return rc;
}

int fsync(int fd) { return synced("fsync", fd, SYS_fsync); }
int fdatasync(int fd) { return synced("fdatasync", fd, SYS_fdatasync); }

int msync(void *p, size_t n, int flags) {
    if (ask("msync", folder) == FAIL) return -1;
    return (int)syscall(SYS_msync, p, n, flags);
}

void *mmap(void *p, size_t n, int protection, int flags, int fd, off_t offset) {
    if (fd >= 0 && ask_fd("mmap", fd) == FAIL) return MAP_FAILED;
    return (void *)syscall(SYS_mmap, p, n, protection, flags, fd, offset);
}

void *mmap64(void *p, size_t n, int protection, int flags, int fd, off_t offset) {
    return mmap(p, n, protection, flags, fd, offset);
}

/* --- names --- */

static int opened(int dir, const char *path, int flags, unsigned mode) {
    if (ask(flags & O_CREAT ? "create" : "open", under(path) ? path : NULL) == FAIL) return -1;
    bool fresh = power && flags & O_CREAT && under(path) && syscall(SYS_access, path, F_OK);
    int fd = (int)syscall(SYS_openat, dir, path, flags, mode);
    if (fresh && fd >= 0) {
        pthread_mutex_lock(&lock);
        fault_keep_name(path, NULL);
        pthread_mutex_unlock(&lock);
    }
    return fd;
}

#define MODE_OF(flags)                                                                             \
    unsigned mode = 0;                                                                             \
    if ((flags) & (O_CREAT | O_TMPFILE)) {                                                         \
        va_list ap;                                                                                \
        va_start(ap, flags);                                                                       \
        mode = va_arg(ap, unsigned);                                                               \
        va_end(ap);                                                                                \
    }

int open(const char *path, int flags, ...) {
    MODE_OF(flags)
    return opened(AT_FDCWD, path, flags, mode);
}

int open64(const char *path, int flags, ...) {
    MODE_OF(flags)
    return opened(AT_FDCWD, path, flags, mode);
}

FILE *fopen(const char *path, const char *mode) {
    if (ask(*mode == 'r' ? "open" : "create", under(path) ? path : NULL) == FAIL) return NULL;
    return REAL(fopen)(path, mode);
}

FILE *fopen64(const char *path, const char *mode) { return fopen(path, mode); }

int fflush(FILE *f) {
    if (f && ask_fd("fflush", fileno(f)) == FAIL) return EOF;
    return REAL(fflush)(f);
}

DIR *opendir(const char *path) {
    if (ask("open", under(path) ? path : NULL) == FAIL) return NULL;
    return REAL(opendir)(path);
}

int rename(const char *from, const char *to) {
    if (ask("rename", under(to) ? to : NULL) == FAIL) return -1;
    if (power && under(to)) {
        pthread_mutex_lock(&lock);
        fault_keep_name(from, to);
        pthread_mutex_unlock(&lock);
    }
    return (int)syscall(SYS_rename, from, to);
}

static int gone(const char *name, const char *path, int flags) {
    if (ask(name, under(path) ? path : NULL) == FAIL) return -1;
    if (power && under(path) && !flags) {
        pthread_mutex_lock(&lock);
        fault_keep_gone(path);
        pthread_mutex_unlock(&lock);
    }
    return (int)syscall(SYS_unlinkat, AT_FDCWD, path, flags);
}

int unlink(const char *path) { return gone("unlink", path, 0); }

int remove(const char *path) {
    struct stat st;
    bool dir = !lstat(path, &st) && S_ISDIR(st.st_mode);
    return gone("remove", path, dir ? AT_REMOVEDIR : 0);
}

int mkdir(const char *path, mode_t mode) {
    if (ask("mkdir", under(path) ? path : NULL) == FAIL) return -1;
    return (int)syscall(SYS_mkdir, path, mode);
}

int flock(int fd, int operation) {
    if (ask_fd("flock", fd) == FAIL) return -1;
    return (int)syscall(SYS_flock, fd, operation);
}

/* --- memory --- */

void *__libc_malloc(size_t n);
void *__libc_calloc(size_t n, size_t size);
void *__libc_realloc(void *p, size_t n);

static bool denied(void) {
    if (!allocation_at || atomic_fetch_add(&allocations, 1) + 1 < allocation_at) return false;
    errno = ENOMEM;
    return true;
}

void *malloc(size_t n) { return denied() ? NULL : __libc_malloc(n); }
void *calloc(size_t n, size_t size) { return denied() ? NULL : __libc_calloc(n, size); }
void *realloc(void *p, size_t n) { return denied() ? NULL : __libc_realloc(p, n); }
