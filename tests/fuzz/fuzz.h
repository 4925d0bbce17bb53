/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What fuzz targets share.  A target is one function over bytes; libFuzzer calls it in the `fuzz`
 * preset, replay.c everywhere else. */
#ifndef JBK_FUZZ_H
#define JBK_FUZZ_H

#include "base/err.h"
#include "base/mem.h"

#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Abort, saying where and what, unless it holds. */
#define fuzz_check(holds) ((holds) ? (void)0 : fuzz_fail(__FILE__, __LINE__, #holds))
_Noreturn void fuzz_fail(const char *file, int line, const char *what);
/* The same for what must not fail. */
void fuzz_ok(jbk_status status, const jbk_err *err);

/* A folder of this process under $TMPDIR, removed at its end.  The string is static. */
const char *fuzz_folder(void);
/* The path of a file in it with these bytes; free() it. */
char *fuzz_file(const char *name, const void *bytes, size_t len);

/* Input eaten from its beginning: what is missing reads as 0. */
typedef struct {
    const uint8_t *at, *end;
} fuzz_bytes;
uint8_t fuzz_byte(fuzz_bytes *b);
uint64_t fuzz_number(fuzz_bytes *b); /* of eight bytes, little-endian */
/* A byte of length and so many bytes, as many as there are. */
const char *fuzz_string(fuzz_bytes *b, size_t *len);

#endif
