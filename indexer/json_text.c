/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "json_text.h"

void jbk_json_put_string(jbk_buf *out, const char *s, size_t len) {
    jbk_buf_byte(out, '"');
    for (size_t i = 0; i < len; i++) {
        if (s[i] == '"' || s[i] == '\\') jbk_buf_byte(out, '\\');
        if ((unsigned char)s[i] < 0x20)
            jbk_buf_printf(out, "\\u%04x", (unsigned)s[i]);
        else
            jbk_buf_byte(out, s[i]);
    }
    jbk_buf_byte(out, '"');
}
