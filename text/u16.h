/* SPDX-License-Identifier: GPL-3.0-or-later */
/* UTF-16 one code point at a time; ICU's macros mix signs, so they stay in here. */
#ifndef JBK_TEXT_U16_H
#define JBK_TEXT_U16_H

#include <stdint.h>
#include <unicode/utf16.h>

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wsign-conversion"

static inline uint32_t jbk_u16_next(const UChar *s, int32_t *i, int32_t len) {
    uint32_t c;
    U16_NEXT(s, *i, len, c);
    return c;
}

#pragma GCC diagnostic pop

static inline int32_t jbk_u16_put(UChar *s, int32_t i, uint32_t c) {
    if (c < 0x10000) {
        s[i++] = (UChar)c;
    } else {
        s[i++] = (UChar)U16_LEAD(c);
        s[i++] = (UChar)U16_TRAIL(c);
    }
    return i;
}

#endif
