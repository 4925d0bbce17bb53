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
const char *jbk_input_path(const jbk_input *in, size_t file);
/* Leave out the first `items` of a file, or JBK_ALL_ITEMS: do not open it. */
#define JBK_ALL_ITEMS UINT64_MAX
void jbk_input_leave_out(jbk_input *in, size_t file, uint64_t items);
/* How many files in folders were passed over, the names of the first, and how many links lead to
 * nothing or to folders, which are not followed. */
const char *jbk_input_skipped(jbk_input *in, size_t *n, size_t *links);
/* What the readers had to tell, a line each; "" where there is nothing.  Until the next batch. */
const char *jbk_input_notes(jbk_input *in);
uint64_t jbk_input_bytes(const jbk_input *in); /* read so far, unpacked */
/* The same in the files as they are, packed; and of how many, 0 where that is not known. */
uint64_t jbk_input_position(const jbk_input *in);
uint64_t jbk_input_size(const jbk_input *in);

/* Batches of about so many bytes, or of so many items where they are short, and items of so many
 * bytes at most: what the workers hold grows with it.  Where it is known how much is left, batches
 * get smaller towards the end, so that none of the workers has much to do when the others have
 * nothing. */
typedef struct {
    size_t bytes, items, item_max;
    unsigned workers; /* 0: batches are all of one size */
} jbk_batch_size;
void jbk_input_set_batch(jbk_input *in, jbk_batch_size size);

/* What members that are not UTF-8 were read as: names and how many, the names static. */
typedef struct {
    const char *name;
    uint64_t members;
} jbk_input_encoding;
const jbk_input_encoding *jbk_input_encodings(const jbk_input *in, size_t *n);
uint64_t jbk_input_bad(const jbk_input *in); /* places that could not be converted */

/* Replace *out with the next batch.  False at the end. */
bool jbk_input_next(jbk_input *in, jbk_items *out);

#endif
