/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Bodies of HTTP responses without what packs them. */
#include "warc.h"

#include <brotli/decode.h>
#include <stdlib.h>
#include <strings.h>
#include <zlib.h>

const char jbk_http_too_large[] = "a body that unpacks to more than 32 MiB";

/* A chunk's length, and where its bytes begin; false where there is none at s[*i]. */
static bool chunk_len(const char *s, size_t len, size_t *i, size_t *chunk) {
    size_t at = *i, n = 0, digits = 0;
    for (; at < len && digits < 9; at++, digits++) {
        char c = (char)(s[at] | 32);
        if (s[at] >= '0' && s[at] <= '9')
            n = n << 4 | (size_t)(s[at] - '0');
        else if (c >= 'a' && c <= 'f')
            n = n << 4 | (size_t)(c - 'a' + 10);
        else
            break;
    }
    if (!digits || at == len) return false;
    if (!strchr("\r\n; \t", s[at])) return false;
    const char *nl = memchr(s + at, '\n', len - at);
    if (!nl) return false;
    *i = (size_t)(nl - s) + 1;
    *chunk = n;
    return true;
}

bool jbk_http_unchunk(const char *s, size_t len, jbk_buf *out) {
    size_t i = 0, chunk;
    bool any = false;
    while (chunk_len(s, len, &i, &chunk)) {
        any = true;
        if (!chunk) return true;
        if (chunk > len - i) return false;
        jbk_buf_add(out, s + i, chunk);
        i += chunk;
        if (i < len && s[i] == '\r') i++;
        if (i < len && s[i] == '\n') i++;
    }
    if (!any) jbk_buf_add(out, s, len);
    return !any || i >= len;
}

static bool has(jbk_str list, const char *word) {
    size_t n = strlen(word);
    for (size_t i = 0; i + n <= list.len; i++)
        if (!strncasecmp(list.s + i, word, n)) return true;
    return false;
}

/* windowBits: 31 gzip, 15 zlib, -15 raw.  NULL where it went well. */
static const char *inflate_all(const char *s, size_t len, int bits, size_t max, jbk_buf *out) {
    z_stream z = {.next_in = (Bytef *)(uintptr_t)s, .avail_in = (uInt)len};
    if (inflateInit2(&z, bits) != Z_OK) jbk_out_of_memory();
    size_t start = out->len;
    const char *problem = NULL;
    for (int rc = Z_OK; rc != Z_STREAM_END && !problem;) {
        jbk_buf_reserve(out, 64 << 10);
        size_t room = out->cap - out->len;
        z.next_out = (Bytef *)out->data + out->len;
        z.avail_out = (uInt)(room < (1u << 30) ? room : 1u << 30);
        size_t before = z.avail_out;
        rc = inflate(&z, Z_NO_FLUSH);
        out->len += before - z.avail_out;
        if (out->len - start > max)
            problem = jbk_http_too_large;
        else if (rc == Z_STREAM_END && bits == 31 && z.avail_in > 2 && z.next_in[0] == 0x1F)
            rc = inflateReset(&z); /* one more member */
        else if (rc != Z_OK && rc != Z_STREAM_END)
            problem = rc == Z_BUF_ERROR ? "a packed body that ends too early"
                                        : "a packed body that is damaged";
    }
    inflateEnd(&z);
    return problem;
}

static const char *brotli_all(const char *s, size_t len, size_t max, jbk_buf *out) {
    BrotliDecoderState *d = BrotliDecoderCreateInstance(NULL, NULL, NULL);
    if (!d) jbk_out_of_memory();
    const uint8_t *in = (const uint8_t *)s;
    size_t left = len, start = out->len;
    const char *problem = NULL;
    BrotliDecoderResult rc = BROTLI_DECODER_RESULT_NEEDS_MORE_OUTPUT;
    while (rc == BROTLI_DECODER_RESULT_NEEDS_MORE_OUTPUT && !problem) {
        jbk_buf_reserve(out, 64 << 10);
        size_t room = out->cap - out->len, before = room;
        uint8_t *to = (uint8_t *)out->data + out->len;
        rc = BrotliDecoderDecompressStream(d, &left, &in, &room, &to, NULL);
        out->len += before - room;
        if (out->len - start > max) problem = jbk_http_too_large;
    }
    if (!problem && rc == BROTLI_DECODER_RESULT_NEEDS_MORE_INPUT)
        problem = "a packed body that ends too early";
    if (!problem && rc == BROTLI_DECODER_RESULT_ERROR) problem = "a packed body that is damaged";
    BrotliDecoderDestroyInstance(d);
    return problem;
}

static bool is_markup(const char *s, size_t len) {
    while (len && strchr(" \t\r\n\xEF\xBB\xBF", *s)) s++, len--;
    return len && *s == '<';
}

const char *jbk_http_unpack(jbk_str encoding, const char *s, size_t len, size_t max, jbk_buf *out) {
    bool gzip = len > 2 && (unsigned char)s[0] == 0x1F && (unsigned char)s[1] == 0x8B;
    const char *problem = NULL;
    if (has(encoding, "gzip") && gzip) return inflate_all(s, len, 31, max, out);
    if (has(encoding, "deflate") && !is_markup(s, len)) {
        size_t start = out->len;
        problem = inflate_all(s, len, 15, max, out);
        if (!problem || problem == jbk_http_too_large) return problem;
        out->len = start;
        return inflate_all(s, len, -15, max, out);
    }
    if (encoding.len == 2 && has(encoding, "br") && !is_markup(s, len))
        return brotli_all(s, len, max, out);
    if (has(encoding, "zstd") && !is_markup(s, len)) return "a body packed by zstd";
    if (len > max) return jbk_http_too_large;
    jbk_buf_add(out, s, len);
    return NULL;
}
