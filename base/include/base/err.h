/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What can go wrong, said once: a status that every fallible function returns and an
 * error record that the caller owns.  Nothing below the commands prints. */
#ifndef JBK_BASE_ERR_H
#define JBK_BASE_ERR_H

typedef enum {
    JBK_OK = 0,
    JBK_NOT_FOUND,   /* there is no such thing; often not an error at all */
    JBK_USAGE,       /* the command line or the query is wrong */
    JBK_INPUT,       /* an input file holds what cannot be read */
    JBK_IO,          /* the system refused: see sys */
    JBK_DAMAGED,     /* a file of the index is not what was written */
    JBK_LOCKED,      /* another process writes to the index */
    JBK_VERSION,     /* an index of another format, fold or byte order */
    JBK_INTERRUPTED, /* the person pressed Ctrl-C */
    JBK_FULL,        /* a limit of the format is reached */
    JBK_INTERNAL     /* a bug of ours or of a library */
} jbk_status;

typedef struct {
    jbk_status status;
    int sys;           /* errno, MDB_* or library code; 0 if none */
    const char *where; /* static string: the function or library that failed */
    char msg[512];     /* one line, no newline, never secret, maybe cut */
} jbk_err;

#define JBK_MUST_CHECK __attribute__((warn_unused_result))

/* Fill *err (which may be NULL) and return `status`, so that callers write
 * `return jbk_fail(err, JBK_IO, __func__, "...")`.  `fmt` is as for printf. */
jbk_status jbk_fail(jbk_err *err, jbk_status status, const char *where, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));

/* The same with errno: the message gets ": " and the system's text. */
jbk_status jbk_fail_sys(jbk_err *err, int sys, const char *where, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));

/* What helps where a file of an index is damaged. */
#define JBK_REMEDY                                                                                 \
    "restore it from a copy, index again, or save what can be read with jibek index --salvage"

/* The process exit status of section "Exit status" in jibek(1) for `status`. */
int jbk_exit_code(jbk_status status);

#endif
