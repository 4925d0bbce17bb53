/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "output.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

jbk_status jbk_output_create(jbk_output *o, const char *path, jbk_err *err) {
    int fd = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (fd < 0) return jbk_fail_sys(err, errno, "open", "cannot create %s", path);
    *o = (jbk_output){.path = jbk_strndup(path, strlen(path)), .fd = fd};
    return JBK_OK;
}

jbk_status jbk_output_flush(jbk_output *o, jbk_err *err) {
    const char *p = o->bytes.data, *end = p + o->bytes.len;
    while (p < end) {
        ssize_t n = write(o->fd, p, (size_t)(end - p));
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) return jbk_fail_sys(err, errno, "write", "cannot write %s", o->path);
        p += n;
    }
    o->bytes.len = 0;
    return JBK_OK;
}

void jbk_output_close(jbk_output *o) {
    if (o->fd >= 0) close(o->fd);
    jbk_buf_free(&o->bytes);
    free(o->path);
    *o = (jbk_output){.fd = -1};
}
