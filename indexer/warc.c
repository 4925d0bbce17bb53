/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "warc.h"

#include <nettle/base64.h>
#include <nettle/md5.h>
#include <nettle/sha1.h>
#include <nettle/sha2.h>
#include <stdlib.h>
#include <strings.h>

bool jbk_warc_begins(const char *s, size_t len) {
    return len >= 8 && !memcmp(s, "WARC/", 5) && (s[5] == '0' || s[5] == '1') && s[6] == '.';
}

size_t jbk_warc_head_len(const char *s, size_t len) {
    for (size_t i = 0; i < len;) {
        const char *nl = memchr(s + i, '\n', len - i);
        if (!nl) return 0;
        i = (size_t)(nl - s) + 1;
        if (i < len && s[i] == '\n') return i + 1;
        if (i + 1 < len && s[i] == '\r' && s[i + 1] == '\n') return i + 2;
    }
    return 0;
}

static jbk_str trimmed(const char *s, size_t len) {
    while (len && strchr(" \t\r\n", *s)) s++, len--;
    while (len && strchr(" \t\r\n", s[len - 1])) len--;
    return (jbk_str){s, len};
}

/* The next line of "Name: value", continuation lines left out.  False at the end. */
static bool next_field(const char *s, size_t len, size_t *i, jbk_str *name, jbk_str *value) {
    while (*i < len) {
        const char *line = s + *i, *nl = memchr(line, '\n', len - *i);
        size_t n = nl ? (size_t)(nl - line) : len - *i;
        *i += n + (nl != NULL);
        if (n <= 1 && (!n || *line == '\r')) return false;
        const char *colon = memchr(line, ':', n);
        if (!colon || *line == ' ' || *line == '\t') continue;
        *name = trimmed(line, (size_t)(colon - line));
        *value = trimmed(colon + 1, n - (size_t)(colon + 1 - line));
        return true;
    }
    return false;
}

static bool is(jbk_str s, const char *word) {
    return s.len == strlen(word) && !strncasecmp(s.s, word, s.len);
}

static bool read_number(jbk_str s, uint64_t *out) {
    *out = 0;
    if (!s.len || s.len > 18) return false;
    for (size_t i = 0; i < s.len; i++) {
        if (s.s[i] < '0' || s.s[i] > '9') return false;
        *out = *out * 10 + (uint64_t)(s.s[i] - '0');
    }
    return true;
}

const char *jbk_warc_head_read(const char *s, size_t len, jbk_warc_head *out) {
    jbk_str name, value, length = {0};
    *out = (jbk_warc_head){0};
    const char *nl = memchr(s, '\n', len);
    if (!jbk_warc_begins(s, len) || !nl) return "not the head of a WARC record";
    const struct {
        const char *name;
        jbk_str *to;
    } FIELDS[] = {{"WARC-Type", &out->type},
                  {"WARC-Target-URI", &out->target},
                  {"WARC-Date", &out->date},
                  {"Content-Type", &out->content_type},
                  {"WARC-Block-Digest", &out->block_digest},
                  {"WARC-Payload-Digest", &out->payload_digest},
                  {"WARC-Truncated", &out->truncated},
                  {"Content-Length", &length}};
    for (size_t i = (size_t)(nl - s) + 1; next_field(s, len, &i, &name, &value);)
        for (size_t k = 0; k < sizeof FIELDS / sizeof *FIELDS; k++)
            if (is(name, FIELDS[k].name)) *FIELDS[k].to = value;
    out->len = jbk_warc_head_len(s, len);
    jbk_str *t = &out->target; /* wget writes <http://...> */
    if (t->len > 1 && t->s[0] == '<' && t->s[t->len - 1] == '>') t->s++, t->len -= 2;
    if (!out->type.len) return "a WARC record without a type";
    return read_number(length, &out->block_len) ? NULL : "a WARC record without a length";
}

/* --- ARC --- */

static jbk_str last_word(jbk_str *rest) {
    size_t n = rest->len, from = n;
    while (from && rest->s[from - 1] != ' ') from--;
    jbk_str word = {rest->s + from, n - from};
    rest->len = from ? from - 1 : 0;
    return word;
}

const char *jbk_arc_head_read(const char *s, size_t len, int version, jbk_warc_head *out) {
    *out = (jbk_warc_head){0};
    const char *nl = memchr(s, '\n', len);
    if (!nl) return "not the head of an ARC record";
    jbk_str rest = trimmed(s, (size_t)(nl - s));
    out->len = (size_t)(nl - s) + 1;
    jbk_str length = last_word(&rest);
    bool own = rest.len > 11 && !strncmp(rest.s, "filedesc://", 11);
    if (version == 2 && !own) /* result, checksum, location, offset, file name */
        for (int i = 0; i < 5; i++) (void)last_word(&rest);
    out->content_type = last_word(&rest);
    out->date = last_word(&rest);
    (void)last_word(&rest); /* the address */
    out->target = rest;
    out->type = own ? (jbk_str){"warcinfo", 8} : (jbk_str){"response", 8};
    uint64_t digits;
    if (!rest.len || !memchr(rest.s, ':', rest.len)) return "not the head of an ARC record";
    if (!read_number(out->date, &digits) || (out->date.len != 14 && out->date.len != 12))
        return "an ARC record with a wrong date";
    return read_number(length, &out->block_len) ? NULL : "an ARC record without a length";
}

/* --- digests --- */

static size_t from_base32(jbk_str s, uint8_t *out, size_t cap) {
    uint32_t bits = 0;
    unsigned have = 0;
    size_t n = 0;
    for (size_t i = 0; i < s.len && s.s[i] != '='; i++) {
        char c = (char)(s.s[i] | 32);
        int v = c >= 'a' && c <= 'z'             ? c - 'a'
                : s.s[i] >= '2' && s.s[i] <= '7' ? s.s[i] - '2' + 26
                                                 : -1;
        if (v < 0) return 0;
        bits = bits << 5 | (uint32_t)v;
        have += 5;
        if (have < 8) continue;
        if (n == cap) return 0;
        have -= 8;
        out[n++] = (uint8_t)(bits >> have);
    }
    return n;
}

static size_t from_hex(jbk_str s, uint8_t *out, size_t cap) {
    if (s.len % 2 || s.len / 2 > cap) return 0;
    for (size_t i = 0; i < s.len; i++) {
        char c = (char)(s.s[i] | 32);
        int v = c >= 'a' && c <= 'f'             ? c - 'a' + 10
                : s.s[i] >= '0' && s.s[i] <= '9' ? s.s[i] - '0'
                                                 : -1;
        if (v < 0) return 0;
        out[i / 2] = (uint8_t)(i % 2 ? out[i / 2] | v : v << 4);
    }
    return s.len / 2;
}

static size_t from_base64(jbk_str s, uint8_t *out, size_t cap) {
    struct base64_decode_ctx ctx;
    char text[128];
    size_t n = cap;
    if (s.len >= sizeof text || BASE64_DECODE_LENGTH(s.len) > cap) return 0;
    for (size_t i = 0; i < s.len; i++) /* the alphabet for URLs too */
        text[i] = s.s[i] == '-' ? '+' : s.s[i] == '_' ? '/' : s.s[i];
    base64_decode_init(&ctx);
    return base64_decode_update(&ctx, &n, out, s.len, text) ? n : 0;
}

static size_t digest_of(jbk_str kind, const char *bytes, size_t len, uint8_t *out) {
    const uint8_t *b = (const uint8_t *)bytes;
    if (is(kind, "sha1") || is(kind, "sha-1")) {
        struct sha1_ctx c;
        sha1_init(&c);
        sha1_update(&c, len, b);
        sha1_digest(&c, SHA1_DIGEST_SIZE, out);
        return SHA1_DIGEST_SIZE;
    }
    if (is(kind, "sha256") || is(kind, "sha-256")) {
        struct sha256_ctx c;
        sha256_init(&c);
        sha256_update(&c, len, b);
        sha256_digest(&c, SHA256_DIGEST_SIZE, out);
        return SHA256_DIGEST_SIZE;
    }
    if (is(kind, "sha512") || is(kind, "sha-512")) {
        struct sha512_ctx c;
        sha512_init(&c);
        sha512_update(&c, len, b);
        sha512_digest(&c, SHA512_DIGEST_SIZE, out);
        return SHA512_DIGEST_SIZE;
    }
    if (is(kind, "md5")) {
        struct md5_ctx c;
        md5_init(&c);
        md5_update(&c, len, b);
        md5_digest(&c, MD5_DIGEST_SIZE, out);
        return MD5_DIGEST_SIZE;
    }
    return 0;
}

bool jbk_warc_digest_fits(jbk_str digest, const char *bytes, size_t len) {
    uint8_t is_digest[64], said[128];
    const char *colon = digest.len ? memchr(digest.s, ':', digest.len) : NULL;
    if (!colon) return true;
    jbk_str kind = {digest.s, (size_t)(colon - digest.s)};
    jbk_str value = trimmed(colon + 1, digest.len - kind.len - 1);
    size_t n = digest_of(kind, bytes, len, is_digest);
    if (!n) return true;
    static size_t (*const READ[])(jbk_str, uint8_t *, size_t) = {from_hex, from_base32,
                                                                 from_base64};
    for (size_t i = 0; i < 3; i++) {
        size_t k = READ[i](value, said, sizeof said);
        if (k == n && !memcmp(said, is_digest, n)) return true;
    }
    return false;
}

/* --- HTTP --- */

void jbk_media_type(jbk_str value, jbk_str *type, jbk_str *charset) {
    const char *end = value.len ? memchr(value.s, ';', value.len) : NULL;
    *charset = (jbk_str){0};
    *type = value;
    if (!end) return;
    *type = trimmed(value.s, (size_t)(end - value.s));
    for (size_t i = type->len; i + 8 < value.len; i++) {
        if (strncasecmp(value.s + i, "charset=", 8) != 0) continue;
        const char *s = value.s + i + 8;
        size_t n = 0, left = value.len - i - 8;
        while (n < left && s[n] != ';') n++;
        *charset = trimmed(s, n);
        return;
    }
}

bool jbk_http_head_read(const char *s, size_t len, jbk_http_head *out) {
    jbk_str name, value, type = {0};
    *out = (jbk_http_head){0};
    const char *nl = len > 12 && !memcmp(s, "HTTP/", 5) ? memchr(s, '\n', len) : NULL;
    const char *blank = nl ? memchr(s, ' ', (size_t)(nl - s)) : NULL;
    if (!blank || nl - blank < 4) return false;
    for (int i = 1; i <= 3; i++) {
        if (blank[i] < '0' || blank[i] > '9') return false;
        out->status = out->status * 10 + blank[i] - '0';
    }
    for (size_t i = (size_t)(nl - s) + 1; next_field(s, len, &i, &name, &value);) {
        if (is(name, "Content-Type")) type = value;
        if (is(name, "Content-Encoding")) out->encoding = value;
        if (is(name, "Content-Length")) out->has_length = read_number(value, &out->length);
        if (is(name, "Transfer-Encoding")) out->chunked = is(value, "chunked");
    }
    out->head_len = jbk_warc_head_len(s, len);
    if (!out->head_len) out->head_len = len;
    if (type.s) jbk_media_type(type, &out->content_type, &out->charset);
    return true;
}
