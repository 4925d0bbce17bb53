/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "json_quick.h"

#include "base/mem.h"
#include "base/utf8.h"

#include <stdlib.h>

enum { DEPTH = 64, DIGITS = 18 };

typedef struct {
    const char *p, *end;
    jbk_buf text; /* of a string with escapes */
    unsigned depth;
} reader;

static json_t *read_value(reader *r);

static void skip_blanks(reader *r) {
    while (r->p < r->end && (*r->p == ' ' || *r->p == '\t' || *r->p == '\n' || *r->p == '\r'))
        r->p++;
}

/* Is the next byte behind blanks this one?  Then move over it. */
static bool take(reader *r, char c) {
    skip_blanks(r);
    if (r->p == r->end || *r->p != c) return false;
    r->p++;
    return true;
}

/* --- strings --- */

static bool read_hex(reader *r, uint32_t *unit) {
    *unit = 0;
    if (r->end - r->p < 4) return false;
    for (int i = 0; i < 4; i++) {
        char c = *r->p++;
        int digit = c >= '0' && c <= '9'   ? c - '0'
                    : c >= 'a' && c <= 'f' ? c - 'a' + 10
                    : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                           : -1;
        if (digit < 0) return false;
        *unit = *unit << 4 | (uint32_t)digit;
    }
    return true;
}

/* Behind \u. */
static bool read_code_point(reader *r) {
    uint32_t cp, low;
    if (!read_hex(r, &cp) || !cp || (cp >= 0xDC00 && cp < 0xE000)) return false;
    if (cp >= 0xD800 && cp < 0xDC00) {
        if (r->end - r->p < 2 || r->p[0] != '\\' || r->p[1] != 'u') return false;
        r->p += 2;
        if (!read_hex(r, &low) || low < 0xDC00 || low >= 0xE000) return false;
        cp = 0x10000 + ((cp - 0xD800) << 10) + (low - 0xDC00);
    }
    jbk_utf8_put(&r->text, cp);
    return true;
}

static bool read_escape(reader *r) {
    static const char FROM[] = "\"\\/bfnrt", TO[] = "\"\\/\b\f\n\r\t";
    if (r->p == r->end) return false;
    char c = *r->p++;
    if (c == 'u') return read_code_point(r);
    const char *found = memchr(FROM, c, sizeof FROM - 1);
    if (!found) return false;
    jbk_buf_byte(&r->text, TO[found - FROM]);
    return true;
}

static const char *plain_end(const char *p, const char *end) {
    while (p < end && *p != '"' && *p != '\\' && (unsigned char)*p >= 0x20) p++;
    return p;
}

/* Behind the quotation mark; *s lives until the next string. */
static bool read_string(reader *r, const char **s, size_t *len) {
    const char *from = r->p;
    r->p = plain_end(from, r->end);
    if (r->p < r->end && *r->p == '"') {
        *s = from;
        *len = (size_t)(r->p++ - from);
        return true;
    }
    r->text.len = 0;
    while (r->p < r->end && *r->p != '"') {
        jbk_buf_add(&r->text, from, (size_t)(r->p - from));
        if (*r->p++ != '\\' || !read_escape(r)) return false;
        from = r->p;
        r->p = plain_end(from, r->end);
    }
    if (r->p == r->end) return false;
    jbk_buf_add(&r->text, from, (size_t)(r->p++ - from));
    *s = r->text.data ? r->text.data : "";
    *len = r->text.len;
    return true;
}

/* --- values --- */

static json_t *read_number(reader *r) {
    bool negative = *r->p == '-';
    if (negative) r->p++;
    const char *from = r->p;
    json_int_t n = 0;
    while (r->p < r->end && *r->p >= '0' && *r->p <= '9' && r->p - from <= DIGITS)
        n = n * 10 + (*r->p++ - '0');
    size_t digits = (size_t)(r->p - from);
    if (!digits || digits > DIGITS || (digits > 1 && *from == '0')) return NULL;
    if (r->p < r->end && (*r->p == '.' || *r->p == 'e' || *r->p == 'E')) return NULL;
    return json_integer(negative ? -n : n);
}

static json_t *read_word(reader *r, const char *word, size_t len, json_t *value) {
    if ((size_t)(r->end - r->p) < len || memcmp(r->p, word, len)) return NULL;
    r->p += len;
    return value; /* one of jansson's three, which are not counted */
}

static bool read_members(reader *r, json_t *object) {
    if (take(r, '}')) return true;
    do {
        const char *s;
        size_t len;
        if (!take(r, '"') || !read_string(r, &s, &len)) return false;
        /* The key must outlive the strings of its value. */
        char kept[64], *key = len <= sizeof kept ? memcpy(kept, s, len) : jbk_strndup(s, len);
        json_t *value = take(r, ':') ? read_value(r) : NULL;
        bool good = value && !json_object_setn_new_nocheck(object, key, len, value);
        if (key != kept) free(key);
        if (!good) return false;
    } while (take(r, ','));
    return take(r, '}');
}

static bool read_elements(reader *r, json_t *array) {
    if (take(r, ']')) return true;
    do {
        json_t *value = read_value(r);
        if (!value || json_array_append_new(array, value)) return false;
    } while (take(r, ','));
    return take(r, ']');
}

static json_t *read_nested(reader *r, json_t *made, bool (*read)(reader *, json_t *)) {
    if (++r->depth > DEPTH || !made || !read(r, made)) {
        json_decref(made);
        return NULL;
    }
    r->depth--;
    return made;
}

static json_t *read_value(reader *r) {
    const char *s;
    size_t len;
    skip_blanks(r);
    if (r->p == r->end) return NULL;
    switch (*r->p) {
    case '"':
        r->p++;
        return read_string(r, &s, &len) ? json_stringn_nocheck(s, len) : NULL;
    case '{':
        r->p++;
        return read_nested(r, json_object(), read_members);
    case '[':
        r->p++;
        return read_nested(r, json_array(), read_elements);
    case 't':
        return read_word(r, "true", 4, json_true());
    case 'f':
        return read_word(r, "false", 5, json_false());
    case 'n':
        return read_word(r, "null", 4, json_null());
    default:
        return read_number(r);
    }
}

json_t *jbk_json_quick(const char *s, size_t len) {
    reader r = {.p = s, .end = s + len};
    json_t *root = NULL;
    skip_blanks(&r);
    if (r.p < r.end && *r.p == '{') root = read_value(&r);
    skip_blanks(&r);
    if (root && r.p != r.end) {
        json_decref(root);
        root = NULL;
    }
    jbk_buf_free(&r.text);
    return root;
}
