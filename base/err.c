/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/err.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static void fill(jbk_err *err, jbk_status status, int sys, const char *where, const char *fmt,
                 va_list ap) {
    err->status = status;
    err->sys = sys;
    err->where = where;
    vsnprintf(err->msg, sizeof err->msg, fmt, ap);
}

jbk_status jbk_fail(jbk_err *err, jbk_status status, const char *where, const char *fmt, ...) {
    if (err) {
        va_list ap;
        va_start(ap, fmt);
        fill(err, status, 0, where, fmt, ap);
        va_end(ap);
    }
    return status;
}

jbk_status jbk_fail_sys(jbk_err *err, int sys, const char *where, const char *fmt, ...) {
    if (err) {
        va_list ap;
        va_start(ap, fmt);
        fill(err, JBK_IO, sys, where, fmt, ap);
        va_end(ap);
        size_t used = strlen(err->msg);
        char text[128];
        snprintf(err->msg + used, sizeof err->msg - used, ": %s",
                 strerror_r(sys, text, sizeof text));
    }
    return JBK_IO;
}

int jbk_exit_code(jbk_status status) {
    switch (status) {
    case JBK_OK:
        return 0;
    case JBK_NOT_FOUND:
        return 1;
    case JBK_USAGE:
        return 2;
    default:
        return 3;
    }
}
