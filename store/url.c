/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "url.h"

enum { TITLE = 1, TITLE_MIN = 3 };

static int hex_digit(char c) {
    return c >= '0' && c <= '9' ? c - '0' : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* The byte above 0x7F that is written at s, or -1. */
static int escaped_byte(const char *s, size_t len) {
    if (len < 3 || *s != '%') return -1;
    int high = hex_digit(s[1]), low = hex_digit(s[2]);
    return high < 8 || low < 0 ? -1 : high << 4 | low;
}

bool jbk_url_shorten(jbk_str url, jbk_str title, jbk_buf *out) {
    if (!url.len) return false;
    size_t from = out->len;
    jbk_buf_reserve(out, url.len);
    char *to = out->data + from;
    for (size_t i = 0; i < url.len;) {
        if ((unsigned char)url.s[i] >= 0x80 || url.s[i] == TITLE) return false;
        int byte = escaped_byte(url.s + i, url.len - i);
        *to++ = byte < 0 ? url.s[i] : (char)byte;
        i += byte < 0 ? 1 : 3;
    }
    size_t len = (size_t)(to - out->data) - from;
    out->len += len;
    char *at =
        title.len >= TITLE_MIN && len ? memmem(out->data + from, len, title.s, title.len) : NULL;
    if (at) {
        char *behind = at + title.len, *end = out->data + out->len;
        *at = TITLE;
        memmove(at + 1, behind, (size_t)(end - behind));
        out->len -= title.len - 1;
    }
    if (out->len - from < url.len) return true;
    out->len = from;
    return false;
}

static void put_escaped(jbk_buf *out, char c) {
    static const char HEX[] = "0123456789ABCDEF";
    unsigned char byte = (unsigned char)c;
    if (byte < 0x80) {
        jbk_buf_byte(out, c);
        return;
    }
    jbk_buf_byte(out, '%');
    jbk_buf_byte(out, HEX[byte >> 4]);
    jbk_buf_byte(out, HEX[byte & 15]);
}

bool jbk_url_lengthen(jbk_str short_url, jbk_str title, jbk_buf *out) {
    for (size_t i = 0; i < short_url.len; i++) {
        if (short_url.s[i] != TITLE) {
            put_escaped(out, short_url.s[i]);
            continue;
        }
        if (!title.s) return false;
        for (size_t k = 0; k < title.len; k++) put_escaped(out, title.s[k]);
    }
    return true;
}

bool jbk_url_has_title(jbk_str short_url) {
    return short_url.len && memchr(short_url.s, TITLE, short_url.len);
}
