/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What lies in an index folder. */
#include "internal.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <unistd.h>

static int by_number(const void *x, const void *y) {
    uint32_t a = *(const uint32_t *)x, b = *(const uint32_t *)y;
    return a < b ? -1 : a > b;
}

void jbk_store_files(const char *dir, const char *ending, jbk_file_numbers *out) {
    DIR *d = opendir(dir);
    for (struct dirent *e; d && (e = readdir(d));) {
        uint32_t number;
        int end = 0;
        if (sscanf(e->d_name, "%6u.%n", &number, &end) == 1 && end &&
            !strcmp(e->d_name + end, ending))
            jbk_vec_push(out, number);
    }
    if (d) closedir(d);
    jbk_vec_sort(out, by_number);
}

bool jbk_store_is_written(const char *dir) {
    char *path = jbk_printf("%s/write.lock", dir);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    free(path);
    bool held = fd >= 0 && flock(fd, LOCK_SH | LOCK_NB) && errno == EWOULDBLOCK;
    if (fd >= 0) close(fd);
    return held;
}
