/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Records of WARC (0.17 to 1.1) and ARC files: their heads, and what an HTTP response in one
 * carries.  No file is read here. */
#ifndef JBK_INDEXER_WARC_H
#define JBK_INDEXER_WARC_H

#include "base/mem.h"
#include "store/record.h"

typedef struct {
    jbk_str type; /* "response", ...; of ARC "response", or "warcinfo" for the file's own */
    jbk_str target, date, content_type, block_digest, payload_digest, truncated;
    size_t len; /* of the head, blank line included */
    uint64_t block_len;
} jbk_warc_head;

#define JBK_WARC_HEAD_MAX ((size_t)64 << 10)

/* Whether a record may begin at s: "WARC/" and a version. */
bool jbk_warc_begins(const char *s, size_t len);
/* Length of the head that begins at s, blank line included; 0 where its end is not there. */
size_t jbk_warc_head_len(const char *s, size_t len);
/* NULL, or what is wrong (a static string).  Values point into s. */
const char *jbk_warc_head_read(const char *s, size_t len, jbk_warc_head *out);

/* The line that begins a record of an ARC file; the URL may hold blanks.  `version` is 1 or 2, as
 * the file's own record says.  NULL, or what is wrong. */
const char *jbk_arc_head_read(const char *s, size_t len, int version, jbk_warc_head *out);

/* A digest as WARC writes it (sha1, sha256, sha512 or md5, in base 32, 16 or 64) against bytes:
 * false only where it is of a kind that is known and another. */
bool jbk_warc_digest_fits(jbk_str digest, const char *bytes, size_t len);

/* An HTTP response. */
typedef struct {
    int status;
    jbk_str content_type, charset; /* media type alone; its charset parameter */
    jbk_str encoding;              /* Content-Encoding */
    bool chunked, has_length;
    uint64_t length; /* Content-Length */
    size_t head_len;
} jbk_http_head;

/* False where it is no HTTP response. */
bool jbk_http_head_read(const char *s, size_t len, jbk_http_head *out);
/* Media type and charset of a Content-Type. */
void jbk_media_type(jbk_str value, jbk_str *type, jbk_str *charset);

/* Append the body without transfer encoding.  A body that is said to be chunked and is not is
 * taken as it is.  False where a chunk is broken. */
bool jbk_http_unchunk(const char *s, size_t len, jbk_buf *out);
/* Append the body without content encoding (gzip, deflate, br), at most `max` bytes of it; what
 * is said to be packed and is not, as it is.  NULL, or what is wrong (a static string). */
const char *jbk_http_unpack(jbk_str encoding, const char *s, size_t len, size_t max, jbk_buf *out);
extern const char jbk_http_too_large[]; /* what it says past `max` */

#endif
