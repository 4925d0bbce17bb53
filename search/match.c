/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "match.h"

#include "base/utf8.h"
#include "text/chars.h"

bool jbk_touches(const char *text, size_t len, size_t at) {
    if (!at || at >= len) return false;
    size_t before = at - 1, next = at;
    while (before && !jbk_utf8_is_start(text[before])) before--;
    return jbk_cp_alnum(jbk_utf8_next(text, len, &before)) &&
           jbk_cp_alnum(jbk_utf8_next(text, len, &next));
}

bool jbk_match_at(const char *text, size_t len, size_t at, size_t n) {
    return !jbk_touches(text, len, at) && !jbk_touches(text, len, at + n);
}

size_t jbk_match_find(const char *text, size_t len, size_t from, const char *s, size_t n) {
    while (from < len) {
        const char *p = memmem(text + from, len - from, s, n);
        if (!p) break;
        size_t at = (size_t)(p - text);
        if (jbk_match_at(text, len, at, n)) return at;
        from = at + 1;
    }
    return SIZE_MAX;
}

size_t jbk_match_count(const char *text, size_t len, const char *s, size_t n) {
    size_t count = 0, at = 0;
    while ((at = jbk_match_find(text, len, at, s, n)) != SIZE_MAX) {
        count++;
        jbk_utf8_next(text, len, &at);
    }
    return count;
}
