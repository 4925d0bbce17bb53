/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/safe.h"

#include "base/utf8.h"

bool jbk_cp_unsafe(uint32_t cp) {
    if (cp < 0x20 || (cp >= 0x7F && cp < 0xA0)) return true;
    if (cp < 0x061C) return false;
    return cp == 0x061C || (cp >= 0x200E && cp <= 0x200F) || (cp >= 0x2028 && cp <= 0x202E) ||
           (cp >= 0x2066 && cp <= 0x206F) || cp == 0xFEFF || (cp >= 0xFFF9 && cp <= 0xFFFB) ||
           (cp >= 0xE0000 && cp <= 0xE007F);
}

static bool is_line_end(uint32_t cp) {
    return (cp >= 0x09 && cp <= 0x0D) || cp == 0x85 || cp == 0x2028 || cp == 0x2029;
}

void jbk_safe_add(jbk_buf *out, const char *s, size_t len) {
    for (size_t i = 0; i < len;) {
        uint32_t cp = jbk_utf8_next(s, len, &i);
        jbk_utf8_put(out, is_line_end(cp) ? ' ' : jbk_cp_unsafe(cp) ? JBK_REPLACEMENT : cp);
    }
}

/* Blocks of strong right-to-left characters (Unicode 15, DerivedBidiClass.txt, its defaults). */
static bool is_right_to_left(uint32_t cp) {
    return (cp >= 0x590 && cp <= 0x8FF) || (cp >= 0xFB1D && cp <= 0xFDFF) ||
           (cp >= 0xFE70 && cp <= 0xFEFF) || (cp >= 0x10800 && cp <= 0x10FFF) ||
           (cp >= 0x1E800 && cp <= 0x1EFFF);
}

static const uint32_t FIRST_STRONG_ISOLATE = 0x2068, POP_ISOLATE = 0x2069;

void jbk_safe_add_isolated(jbk_buf *out, const char *s, size_t len) {
    bool isolate = false;
    for (size_t i = 0; i < len && !isolate;) isolate = is_right_to_left(jbk_utf8_next(s, len, &i));
    if (isolate) jbk_utf8_put(out, FIRST_STRONG_ISOLATE);
    jbk_safe_add(out, s, len);
    if (isolate) jbk_utf8_put(out, POP_ISOLATE);
}
