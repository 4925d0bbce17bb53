/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A file that is written from its beginning to its end. */
#ifndef JBK_SHIM_OUTPUT_H
#define JBK_SHIM_OUTPUT_H

#include "base/err.h"
#include "base/mem.h"

typedef struct {
    char *path;
    int fd;
    jbk_buf bytes; /* to be written with the next flush */
} jbk_output;

JBK_MUST_CHECK jbk_status jbk_output_create(jbk_output *o, const char *path, jbk_err *err);
JBK_MUST_CHECK jbk_status jbk_output_flush(jbk_output *o, jbk_err *err);
void jbk_output_close(jbk_output *o); /* without a flush; also one that is closed */

#endif
