/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One writer: flock, which the system drops when the holder dies, and a line that says who. */
#include "internal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <time.h>
#include <unistd.h>

static jbk_status say_holder(int fd, const char *dir, jbk_err *err) {
    char who[128] = "";
    ssize_t n = pread(fd, who, sizeof who - 1, 0);
    if (n > 0) {
        who[n] = '\0';
        who[strcspn(who, "\n")] = '\0';
    }
    return jbk_fail(err, JBK_LOCKED, "flock",
                    "%s is being written to by %s; try again when it is done", dir,
                    *who ? who : "another process");
}

jbk_status jbk_lock_take(const char *dir, int *fd, jbk_err *err) {
    char *path = jbk_printf("%s/write.lock", dir);
    *fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    if (*fd < 0) {
        jbk_status status = jbk_fail_sys(err, errno, "open", "cannot create %s", path);
        free(path);
        return status;
    }
    free(path);
    if (flock(*fd, LOCK_EX | LOCK_NB)) {
        jbk_status status = errno == EWOULDBLOCK
                                ? say_holder(*fd, dir, err)
                                : jbk_fail_sys(err, errno, "flock", "cannot lock %s", dir);
        close(*fd);
        *fd = -1;
        return status;
    }
    char when[32], line[128];
    time_t now = time(NULL);
    struct tm tm;
    strftime(when, sizeof when, "%Y-%m-%dT%H:%M:%SZ", gmtime_r(&now, &tm));
    int n = snprintf(line, sizeof line, "process %ld since %s\n", (long)getpid(), when);
    /* Only for people: failing to write it does not matter. */
    if (ftruncate(*fd, 0) || pwrite(*fd, line, (size_t)n, 0) < 0) errno = 0;
    return JBK_OK;
}

void jbk_lock_release(int fd) {
    if (fd >= 0) close(fd);
}
