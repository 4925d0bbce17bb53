/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/utf8.h"
#include "support.h"

#include <stdlib.h>
#include <unicode/ustring.h>

static bool surrogate(uint32_t cp) { return cp >= 0xD800 && cp < 0xE000; }

START_TEST(every_scalar_value_goes_there_and_back) {
    jbk_buf b = {0};
    for (uint32_t cp = 0; cp < 0x110000; cp++) {
        if (surrogate(cp)) continue;
        size_t i = 0;
        b.len = 0;
        jbk_utf8_put(&b, cp);
        ck_must(b.len == jbk_utf8_len((unsigned char)b.data[0]), "U+%04X", cp);
        ck_must(jbk_utf8_next(b.data, b.len, &i) == cp && i == b.len, "U+%04X", cp);
        ck_must(!jbk_utf8_count_bad(b.data, b.len), "U+%04X", cp);
        for (size_t len = 1; len < b.len; len++) { /* cut short: one error */
            i = 0;
            ck_must(jbk_utf8_next(b.data, len, &i) == JBK_REPLACEMENT && i == len, "U+%04X", cp);
        }
    }
    jbk_buf_free(&b);
}
END_TEST

/* ICU replaces ill-formed sequences by the same rule. */
static void assert_as_icu(const char *s, size_t len) {
    UChar u[64];
    char want[256];
    int32_t n, want_len;
    UErrorCode e = U_ZERO_ERROR;
    u_strFromUTF8WithSub(u, 64, &n, s, (int32_t)len, 0xFFFD, NULL, &e);
    u_strToUTF8(want, sizeof want, &want_len, u, n, &e);
    ck_must(U_SUCCESS(e), "ICU: %s", u_errorName(e));
    jbk_buf got = {0};
    jbk_utf8_repair(s, len, &got);
    ck_must(got.len == (size_t)want_len && (!got.len || !memcmp(got.data, want, got.len)), "%s",
            hex_of(s, len));
    bool same = got.len == len && (!len || !memcmp(got.data, s, len));
    ck_must(same == !jbk_utf8_count_bad(s, len), "%s", hex_of(s, len));
    jbk_buf_free(&got);
}

START_TEST(all_short_byte_strings_as_icu) {
    char s[3];
    for (unsigned i = 0; i < 1u << 24; i += 1 + (i & 0x3F) % 3) {
        s[0] = (char)(0x80 | i >> 16);
        s[1] = (char)(i >> 8);
        s[2] = (char)i;
        if (i >> 23) break; /* the first byte is from 0x80 on */
        if (i % 7 == 0) assert_as_icu(s, 3);
        if (!(i & 0xFF)) assert_as_icu(s, 2);
    }
    for (int c = 0; c < 256; c++) {
        s[0] = (char)c;
        assert_as_icu(s, 1);
    }
    assert_as_icu("", 0);
    assert_as_icu("\xEF\xBF\xBD", 3); /* a U+FFFD that stands there is well-formed */
}
END_TEST

START_TEST(random_bytes_as_icu) {
    static const unsigned char leads[] = {0xC2, 0xE0, 0xE4, 0xED, 0xEF,
                                          0xF0, 0xF4, 0xF5, 0x80, 'a'};
    char s[16];
    random_begin(1);
    for (int i = 0; i < 200000; i++) {
        size_t len = random_below(sizeof s);
        for (size_t k = 0; k < len; k++)
            s[k] = (char)(random_below(3) ? 0x80 | random_next() : random_pick(leads));
        assert_as_icu(s, len);
    }
}
END_TEST

START_TEST(cut_never_splits) {
    const char *s = "aж中\xF0\xA0\x80\x80z";
    size_t len = strlen(s);
    static const size_t want[] = {0, 1, 1, 3, 3, 3, 6, 6, 6, 6, 10, 11, 11};
    for (size_t max = 0; max <= 12; max++) ck_assert_uint_eq(jbk_utf8_cut(s, len, max), want[max]);
    ck_assert_uint_eq(jbk_utf8_cut("", 0, 5), 0);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("utf8");
    TCase *tcase = tcase_create("utf8");
    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase, every_scalar_value_goes_there_and_back);
    tcase_add_test(tcase, all_short_byte_strings_as_icu);
    tcase_add_test(tcase, random_bytes_as_icu);
    tcase_add_test(tcase, cut_never_splits);
    suite_add_tcase(suite, tcase);
    return run_suite(suite);
}
