/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which files were read into the index, and how far: committed with what they brought. */
#ifndef JBK_STORE_INPUTS_H
#define JBK_STORE_INPUTS_H

#include "store/store.h"

#define JBK_INPUT_CODES 32

typedef struct {
    uint64_t size;   /* bytes when it was opened */
    uint64_t digest; /* of so many bytes from its beginning */
    uint64_t inode;
    int64_t changed_ns;  /* change of its inode, nanoseconds since 1970 */
    int64_t looked_ns;   /* when that was asked */
    uint64_t how;        /* digest of the options that decide what is read from it */
    uint64_t rejects_to; /* hash of the path of the file its rejects went to */
    uint64_t items;      /* cut from it and committed */
    uint64_t records;    /* of these; the others were rejected */
    uint8_t whole;       /* read to its end */
    uint8_t appendable;  /* what is appended leaves its items as they are */
    uint8_t zero[6];
    uint32_t rejects[JBK_INPUT_CODES]; /* of the items, by the code of why */
} jbk_input_row;

/* `path` is the canonical one. */
JBK_MUST_CHECK jbk_status jbk_view_input(jbk_view *v, const char *path, jbk_input_row *row,
                                         bool *found, jbk_err *err);
JBK_MUST_CHECK jbk_status jbk_commit_input(jbk_commit *c, const char *path,
                                           const jbk_input_row *row, jbk_err *err);
/* Forget them all: every file will be read again. */
JBK_MUST_CHECK jbk_status jbk_commit_drop_inputs(jbk_commit *c, jbk_err *err);

#endif
