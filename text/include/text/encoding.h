/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Bytes in whatever encoding to UTF-8: which encoding it is, and the conversion.
 *
 * Labels mean what browsers take them for: gb2312 and gbk are read as GB18030, which holds them;
 * iso-8859-1 as windows-1252. */
#ifndef JBK_TEXT_ENCODING_H
#define JBK_TEXT_ENCODING_H

#include "base/err.h"
#include "base/mem.h"

typedef struct jbk_encoding jbk_encoding; /* one of a static table; compare the pointers */

const char *jbk_encoding_name(const jbk_encoding *e); /* "UTF-8", "GB18030", "windows-1251" */

/* The encoding that a label in a document, an HTTP header or an option means (case and blanks
 * around it ignored), or NULL. */
const jbk_encoding *jbk_encoding_find(const char *label, size_t len);
extern const jbk_encoding *const jbk_utf8_encoding;

/* The encoding that a byte order mark at the beginning says, and the mark's length; or NULL. */
const jbk_encoding *jbk_encoding_bom(const char *bytes, size_t len, size_t *mark);

/* What the bytes are most likely in.  A byte order mark decides; then bytes that can only be
 * UTF-8, some faults among them or not; then `declared` (NULL: nothing is), unless the text it
 * gives is far less like text than what another encoding gives.  Never NULL; UTF-8 where nothing
 * tells.  Looks at the first JBK_ENCODING_SAMPLE bytes, and where these have faults at all of them
 * for lines that can only be UTF-8.  `more`: the bytes go on after `len`, so that a character cut
 * at the end is no fault. */
#define JBK_ENCODING_SAMPLE ((size_t)64 << 10)
const jbk_encoding *jbk_encoding_detect(const char *bytes, size_t len, bool more,
                                        const jbk_encoding *declared);

/* UTF-16 or UTF-32 without a mark, where all of the bytes, NULs among them, are text in it: signs
 * that are assigned, and no controls; else NULL.  A character cut at the end is no fault. */
const jbk_encoding *jbk_encoding_wide(const char *bytes, size_t len);

/* Append `len` bytes, converted, to *out.  What cannot be converted becomes U+FFFD; the number of
 * such places is returned.  A byte order mark of the encoding is left out. */
uint64_t jbk_encoding_convert(const jbk_encoding *e, const char *bytes, size_t len, jbk_buf *out);

/* The same in pieces. */
typedef struct jbk_decoder jbk_decoder;
JBK_MUST_CHECK jbk_status jbk_decoder_new(const jbk_encoding *e, jbk_decoder **out, jbk_err *err);
void jbk_decoder_free(jbk_decoder *d);
/* `last`: nothing follows.  Then the decoder is as new, but for its count. */
void jbk_decoder_add(jbk_decoder *d, const char *bytes, size_t len, bool last, jbk_buf *out);
uint64_t jbk_decoder_bad(const jbk_decoder *d); /* places that became U+FFFD so far */

#endif
