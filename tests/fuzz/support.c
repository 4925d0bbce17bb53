/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fuzz.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

void fuzz_fail(const char *file, int line, const char *what) {
    fprintf(stderr, "%s:%d: does not hold: %s\n", file, line, what);
    abort();
}

void fuzz_ok(jbk_status status, const jbk_err *err) {
    if (!status) return;
    fprintf(stderr, "status %d: %s\n", (int)status, err->msg);
    abort();
}

static char folder[512];
static pid_t owner;

static int remove_one(const char *path, const struct stat *st, int kind, struct FTW *ftw) {
    (void)st, (void)kind, (void)ftw;
    remove(path);
    return 0;
}

static void remove_folder(void) {
    if (getpid() == owner) nftw(folder, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

const char *fuzz_folder(void) {
    if (*folder) return folder;
    const char *temp = getenv("TMPDIR");
    snprintf(folder, sizeof folder, "%s/jibek-fuzz-XXXXXX", temp && *temp ? temp : "/tmp");
    if (!mkdtemp(folder)) {
        perror(folder);
        exit(1);
    }
    owner = getpid();
    atexit(remove_folder);
    return folder;
}

char *fuzz_file(const char *name, const void *bytes, size_t len) {
    char *path = jbk_printf("%s/%s", fuzz_folder(), name);
    FILE *f = fopen(path, "wb");
    if (!f || (len && fwrite(bytes, 1, len, f) != len) || fclose(f)) {
        perror(path);
        exit(1);
    }
    return path;
}

uint8_t fuzz_byte(fuzz_bytes *b) { return b->at < b->end ? *b->at++ : 0; }

uint64_t fuzz_number(fuzz_bytes *b) {
    uint64_t n = 0;
    for (unsigned i = 0; i < 64; i += 8) n |= (uint64_t)fuzz_byte(b) << i;
    return n;
}

const char *fuzz_string(fuzz_bytes *b, size_t *len) {
    size_t n = fuzz_byte(b), there = (size_t)(b->end - b->at);
    const char *s = (const char *)b->at;
    *len = n < there ? n : there;
    b->at += *len;
    return s;
}
