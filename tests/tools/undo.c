/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A list of steps, each of which knows how to be taken back.  System calls are made directly, for
 * the functions of the same names are watched. */
#define _GNU_SOURCE
#include "fault.h"

#include <fcntl.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

typedef struct step step;
struct step {
    step *before;
    enum { BYTES, MOVED, CREATED, GONE } kind;
    dev_t dev; /* of the file, or of the folder that has the name */
    ino_t ino;
    int fd; /* BYTES, GONE: the file, open however it is called now */
    off_t offset, size;
    size_t len;
    char *bytes;
    char *from, *to;
};
static step *last;

static step *add(int kind, const struct stat *st) {
    step *s = calloc(1, sizeof *s);
    if (!s) abort();
    s->kind = (__typeof__(s->kind))kind;
    s->before = last;
    s->dev = st->st_dev;
    s->ino = st->st_ino;
    s->fd = -1;
    last = s;
    return s;
}

/* The same file, to be read and written. */
static int reopen(int fd) {
    char link[40];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    return (int)syscall(SYS_openat, AT_FDCWD, link, O_RDWR | O_CLOEXEC);
}

/* One descriptor a file is enough. */
static int shared(const struct stat *st, int fd) {
    for (step *s = last; s; s = s->before)
        if (s->kind == BYTES && s->ino == st->st_ino && s->dev == st->st_dev) return s->fd;
    return reopen(fd);
}

void fault_keep_bytes(int fd, off_t offset, size_t n) {
    struct stat st;
    if (fcntl(fd, F_GETFL) & O_DSYNC || fstat(fd, &st) || !S_ISREG(st.st_mode)) return;
    int own = shared(&st, fd);
    step *s = add(BYTES, &st);
    s->fd = own;
    s->size = st.st_size;
    s->offset = offset;
    off_t end = n ? offset + (off_t)n : st.st_size;
    if (end > st.st_size) end = st.st_size;
    if (end <= offset) return;
    s->bytes = malloc((size_t)(end - offset));
    ssize_t got = syscall(SYS_pread64, own, s->bytes, (size_t)(end - offset), offset);
    s->len = got > 0 ? (size_t)got : 0;
}

static bool folder_of(const char *path, struct stat *st) {
    char *copy = strdup(path);
    bool good = copy && !stat(dirname(copy), st);
    free(copy);
    return good;
}

void fault_keep_name(const char *from, const char *to) {
    struct stat st;
    if (!folder_of(to ? to : from, &st)) return;
    step *s = add(to ? MOVED : CREATED, &st);
    s->from = strdup(from);
    s->to = to ? strdup(to) : NULL;
}

void fault_keep_gone(const char *path) {
    struct stat st;
    if (!folder_of(path, &st)) return;
    int fd = (int)syscall(SYS_openat, AT_FDCWD, path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) return;
    step *s = add(GONE, &st);
    s->from = strdup(path);
    s->fd = fd;
}

void fault_synced(int fd) {
    struct stat st;
    if (fstat(fd, &st)) return;
    for (step **p = &last; *p;) {
        step *s = *p;
        if (s->dev != st.st_dev || s->ino != st.st_ino) {
            p = &s->before;
            continue;
        }
        *p = s->before;
        free(s->bytes);
        free(s->from);
        free(s->to);
        free(s); /* the descriptor may be another step's, too */
    }
}

static void bring_back(const step *s) {
    char bytes[65536];
    off_t at = 0;
    ssize_t n;
    int fd = (int)syscall(SYS_openat, AT_FDCWD, s->from, O_WRONLY | O_CREAT | O_EXCL, 0666);
    while (fd >= 0 && (n = syscall(SYS_pread64, s->fd, bytes, sizeof bytes, at)) > 0) {
        if (syscall(SYS_pwrite64, fd, bytes, (size_t)n, at) != n) abort();
        at += n;
    }
}

void fault_undo_all(void) {
    for (const step *s = last; s; s = s->before) {
        if (s->kind == BYTES && s->fd >= 0) {
            if (s->len) syscall(SYS_pwrite64, s->fd, s->bytes, s->len, s->offset);
            syscall(SYS_ftruncate, s->fd, s->size);
        } else if (s->kind == MOVED) {
            syscall(SYS_rename, s->to, s->from);
        } else if (s->kind == CREATED) {
            syscall(SYS_unlink, s->from);
        } else if (s->kind == GONE) {
            bring_back(s);
        }
    }
}
