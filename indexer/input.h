/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Files, folders and archives to items, in order, a batch at a time. */
#ifndef JBK_INDEXER_INPUT_H
#define JBK_INDEXER_INPUT_H

#include "format.h"

typedef struct jbk_input jbk_input;

/* "-" is standard input.  A folder stands for the files below it, in the order of their names.
 * `format` is that of all; NULL: each is recognised by its beginning.  Fails where a path is not
 * there. */
JBK_MUST_CHECK jbk_status jbk_input_open(char *const *paths, size_t n,
                                         const jbk_input_format *format, jbk_input **out,
                                         jbk_err *err);
/* Tables none of whose columns is known as a title or text are to be passed over: as records they
 * would be new versions without text of what is there.  Not where `format` was given. */
void jbk_input_want_text(jbk_input *in);
void jbk_input_close(jbk_input *in);
size_t jbk_input_files(const jbk_input *in);
size_t jbk_input_skipped(const jbk_input *in); /* files in folders that were passed over */
/* What the readers had to tell, a line each; "" where there is nothing.  Until the next batch. */
const char *jbk_input_notes(jbk_input *in);
uint64_t jbk_input_bytes(const jbk_input *in); /* read so far, unpacked */

/* Replace *out with the next batch.  False at the end. */
bool jbk_input_next(jbk_input *in, jbk_items *out);

#endif
