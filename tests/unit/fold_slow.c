/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fold_slow.h"

#include "support.h"

#include <stdio.h>
#include <stdlib.h>
#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/ustring.h>
#include <unicode/utf16.h>

enum { CODE_POINTS = 0x110000 };
static UChar32 simplified[CODE_POINTS];

/* A row begins "U+346E<tab>character<tab>its fold". */
void fold_slow_load(const char *han_table) {
    FILE *f = fopen(han_table, "r");
    ck_assert_msg(f != NULL, "cannot read %s", han_table);
    char line[256], fold[64];
    unsigned cp, rows = 0;
    while (fgets(line, sizeof line, f)) {
        if (sscanf(line, "U+%x\t%*s\t%63s", &cp, fold) != 2) continue;
        UChar u[8];
        int32_t n = 0;
        UErrorCode e = U_ZERO_ERROR;
        u_strFromUTF8(u, 8, &n, fold, -1, &e);
        ck_assert(U_SUCCESS(e) && cp < CODE_POINTS && u_countChar32(u, n) == 1);
        simplified[cp] = n == 1 ? u[0] : U16_GET_SUPPLEMENTARY(u[0], u[1]);
        rows++;
    }
    fclose(f);
    ck_assert_msg(rows > 4000, "only %u rows in %s", rows, han_table);
}

typedef JBK_VEC(UChar32) points;

static void replace(UChar32 c, points *out) {
    static const UChar32 after_hamza[] = {0x0627, 0x0648, 0x06C7, 0x0649};
    if (c >= 0x0675 && c <= 0x0678) {
        jbk_vec_push(out, 0x0674);
        c = after_hamza[c - 0x0675];
    }
    bool tatweel = c == 0x0640, haraka = c >= 0x064B && c <= 0x0652;
    if (tatweel || haraka || u_hasBinaryProperty(c, UCHAR_DEFAULT_IGNORABLE_CODE_POINT)) return;
    if (c == 0x06A9) c = 0x0643;
    if (c == 0x06CC) c = 0x064A;
    if (c == 0x0451) c = 0x0435;
    if (simplified[c]) c = simplified[c];
    if (u_isUWhiteSpace(c)) {
        if (out->n && out->at[out->n - 1] == ' ') return;
        c = ' ';
    }
    jbk_vec_push(out, c);
}

typedef struct {
    UChar *u;
    int32_t n, cap;
} text16;

static void normalize(const points *in, text16 *before, text16 *after) {
    UErrorCode e = U_ZERO_ERROR;
    const UNormalizer2 *nfkc_casefold = unorm2_getNFKCCasefoldInstance(&e);
    int32_t need = (int32_t)in->n * 2 + 1;
    if (before->cap < need) {
        before->u = jbk_realloc(before->u, (size_t)need * sizeof(UChar));
        before->cap = need;
    }
    before->n = 0;
    for (size_t i = 0; i < in->n; i++) {
        UChar32 c = in->at[i];
        if (c > 0xFFFF) {
            before->u[before->n++] = (UChar)U16_LEAD(c);
            before->u[before->n++] = (UChar)U16_TRAIL(c);
        } else {
            before->u[before->n++] = (UChar)c;
        }
    }
    for (;;) {
        after->n = unorm2_normalize(nfkc_casefold, before->u, before->n, after->u, after->cap, &e);
        if (e != U_BUFFER_OVERFLOW_ERROR) break;
        after->cap = after->n + 64;
        after->u = jbk_realloc(after->u, (size_t)after->cap * sizeof(UChar));
        e = U_ZERO_ERROR;
    }
    ck_must(U_SUCCESS(e), "ICU: %s", u_errorName(e));
}

static UChar32 next16(const text16 *t, int32_t *i) {
    UChar c = t->u[(*i)++];
    if (!U16_IS_LEAD(c) || *i >= t->n || !U16_IS_TRAIL(t->u[*i])) return c;
    return U16_GET_SUPPLEMENTARY(c, t->u[(*i)++]);
}

/* One round; true if it changed anything. */
static bool round_of(points *s, points *mid, text16 *before, text16 *after) {
    mid->n = 0;
    for (size_t i = 0; i < s->n; i++) replace(s->at[i], mid);
    normalize(mid, before, after);
    mid->n = 0;
    for (int32_t i = 0; i < after->n;) replace(next16(after, &i), mid);
    bool changed = s->n != mid->n || (s->n && memcmp(s->at, mid->at, s->n * sizeof *s->at) != 0);
    points swap = *s;
    *s = *mid;
    *mid = swap;
    return changed;
}

static void put_utf8(jbk_buf *out, UChar32 c) {
    char b[4];
    int32_t n = 0;
    UErrorCode e = U_ZERO_ERROR;
    UChar u[2] = {(UChar)c, 0};
    int32_t len = 1;
    if (c > 0xFFFF) {
        u[0] = (UChar)U16_LEAD(c);
        u[1] = (UChar)U16_TRAIL(c);
        len = 2;
    }
    u_strToUTF8(b, sizeof b, &n, u, len, &e);
    ck_must(U_SUCCESS(e) || e == U_STRING_NOT_TERMINATED_WARNING, "U+%04X: %s", (unsigned)c,
            u_errorName(e));
    jbk_buf_add(out, b, (size_t)n);
}

void fold_slow(const char *bytes, size_t len, jbk_buf *out) {
    static points s, mid;
    static text16 before, after;
    if (after.cap < (int32_t)len + 16) {
        after.cap = (int32_t)len + 16;
        after.u = jbk_realloc(after.u, (size_t)after.cap * sizeof(UChar));
    }
    if (before.cap < (int32_t)len + 16) {
        before.cap = (int32_t)len + 16;
        before.u = jbk_realloc(before.u, (size_t)before.cap * sizeof(UChar));
    }
    UErrorCode e = U_ZERO_ERROR;
    /* ICU, too, takes the longest valid beginning of an ill-formed sequence for one U+FFFD. */
    u_strFromUTF8WithSub(before.u, before.cap, &before.n, bytes, (int32_t)len, 0xFFFD, NULL, &e);
    ck_must(U_SUCCESS(e) || e == U_STRING_NOT_TERMINATED_WARNING, "ICU: %s", u_errorName(e));
    s.n = 0;
    for (int32_t i = 0; i < before.n;) {
        UChar32 c = next16(&before, &i);
        jbk_vec_push(&s, c);
    }
    int rounds = 0;
    while (round_of(&s, &mid, &before, &after)) ck_must(++rounds < 20, "the fold does not settle");
    out->len = 0;
    for (size_t i = 0; i < s.n; i++) put_utf8(out, s.at[i]);
}
