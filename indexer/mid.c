/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mid.h"

#include <stdio.h>

static int digit62(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'z') return c - 'a' + 10;
    return c >= 'A' && c <= 'Z' ? c - 'A' + 36 : -1;
}

static bool all_digits(const char *s, size_t len) {
    for (size_t i = 0; i < len; i++)
        if (s[i] < '0' || s[i] > '9') return false;
    return true;
}

/* From behind, four letters are seven decimal digits. */
bool jbk_weibo_mid(const char *s, size_t len, char out[JBK_MID_MAX]) {
    if (len >= 10 && len <= 20 && all_digits(s, len)) {
        memcpy(out, s, len);
        out[len] = '\0';
        return true;
    }
    if (len < 5 || len > 12) return false;
    char text[JBK_MID_MAX];
    size_t at = 0, n = 0;
    for (size_t take = (len - 1) % 4 + 1; at < len; at += take, take = 4) {
        long value = 0;
        for (size_t i = at; i < at + take; i++) {
            int d = digit62(s[i]);
            if (d < 0) return false;
            value = value * 62 + d;
        }
        if (at && value > 9999999) return false;
        n += (size_t)snprintf(text + n, sizeof text - n, at ? "%07ld" : "%ld", value);
    }
    memcpy(out, text, n + 1);
    return true;
}
