/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Files and folders to lines, in order, a batch at a time.  gz, zst, xz, bz2 are unpacked. */
#ifndef JBK_INDEXER_INPUT_H
#define JBK_INDEXER_INPUT_H

#include "base/err.h"
#include "base/mem.h"

typedef struct {
    size_t start, len; /* in bytes.data; a cut line is the first JBK_REJECT_BYTES of it */
    uint64_t number;   /* from 1 */
    uint64_t offset;   /* in the (unpacked) file */
    uint32_t file;
    bool cut;            /* longer than JBK_LINE_MAX: only its beginning is here */
    uint64_t whole_len;  /* of a cut line */
    char *sha256;        /* of a cut line, in the arena */
    const char *problem; /* the file could not be read on: why, in the arena; else NULL */
} jbk_line;

typedef struct {
    jbk_buf bytes;
    JBK_VEC(jbk_line) lines;
    jbk_arena arena;
} jbk_lines;

#define JBK_LINE_MAX ((size_t)64 << 20)
#define JBK_REJECT_BYTES ((size_t)64 << 10)
#define JBK_BATCH_BYTES ((size_t)4 << 20)
#define JBK_BATCH_LINES ((size_t)20000)

typedef struct jbk_input jbk_input;

/* "-" is standard input.  A folder stands for the files below it, in the order of their names,
 * whose names say JSON lines.  Fails where a path is not there. */
JBK_MUST_CHECK jbk_status jbk_input_open(char *const *paths, size_t n, jbk_input **out,
                                         jbk_err *err);
void jbk_input_close(jbk_input *in);
size_t jbk_input_files(const jbk_input *in);
const char *jbk_input_name(const jbk_input *in, uint32_t file);
size_t jbk_input_skipped(const jbk_input *in); /* files in folders that were passed over */
uint64_t jbk_input_bytes(const jbk_input *in); /* read so far, unpacked */

/* Replace *out with the next batch.  Blank lines are left out.  False at the end. */
bool jbk_input_next(jbk_input *in, jbk_lines *out);
void jbk_lines_free(jbk_lines *l);

#endif
