/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "url.h"

enum { TITLE = 1, TITLE_MIN = 3 };

/* 16 and what a digit of an escape stands for; other characters 0. */
static const unsigned char DIGIT[256] = {
    ['0'] = 16, ['1'] = 17, ['2'] = 18, ['3'] = 19, ['4'] = 20, ['5'] = 21, ['6'] = 22, ['7'] = 23,
    ['8'] = 24, ['9'] = 25, ['A'] = 26, ['B'] = 27, ['C'] = 28, ['D'] = 29, ['E'] = 30, ['F'] = 31};

/* The byte above 0x7F that is written at s, or 0. */
static unsigned char escaped_byte(const char *s, size_t len) {
    if (len < 3 || *s != '%') return 0;
    unsigned high = DIGIT[(unsigned char)s[1]], low = DIGIT[(unsigned char)s[2]];
    return high < 24 || !low ? 0 : (unsigned char)(high << 4 | (low & 15));
}

/* Bytes above 0x7F are written unescaped; false where some are already, or TITLE is. */
static bool unescape(jbk_str url, jbk_buf *out) {
    jbk_buf_reserve(out, url.len);
    char *to = out->data + out->len;
    for (size_t i = 0; i < url.len; to++) {
        unsigned char byte = escaped_byte(url.s + i, url.len - i);
        *to = byte ? (char)byte : url.s[i];
        if (!byte && ((unsigned char)*to >= 0x80 || *to == TITLE)) return false;
        i += byte ? 3 : 1;
    }
    out->len = (size_t)(to - out->data);
    return true;
}

bool jbk_url_shorten(jbk_str url, jbk_str title, jbk_buf *out) {
    size_t from = out->len;
    if (!url.len || !unescape(url, out)) return false;
    size_t len = out->len - from;
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
