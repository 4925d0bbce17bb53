/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/safe.h"
#include "base/utf8.h"
#include "support.h"

#include <stdlib.h>
#include <unicode/uchar.h>

static bool is_line_end(uint32_t cp) {
    return (cp >= 0x09 && cp <= 0x0D) || cp == 0x85 || cp == 0x2028 || cp == 0x2029;
}

/* Whatever Unicode calls a control, a bidi control or a separator of lines is unsafe. */
START_TEST(controls_are_unsafe) {
    for (uint32_t cp = 0; cp < 0x110000; cp++) {
        int category = u_charType((UChar32)cp);
        bool must = category == U_CONTROL_CHAR || category == U_LINE_SEPARATOR ||
                    category == U_PARAGRAPH_SEPARATOR ||
                    u_hasBinaryProperty((UChar32)cp, UCHAR_BIDI_CONTROL);
        ck_must(!must || jbk_cp_unsafe(cp), "U+%04X is safe", cp);
        bool may_not = u_hasBinaryProperty((UChar32)cp, UCHAR_ALPHABETIC) ||
                       u_isdigit((UChar32)cp) || u_ispunct((UChar32)cp);
        ck_must(!may_not || !jbk_cp_unsafe(cp), "U+%04X is unsafe", cp);
    }
    ck_assert(!jbk_cp_unsafe(0x200D) && !jbk_cp_unsafe(0x200C)); /* Persian and emoji need them */
    ck_assert(!jbk_cp_unsafe(' ') && jbk_cp_unsafe(0xFEFF) && jbk_cp_unsafe(0xE0041));
}
END_TEST

START_TEST(known_cases) {
    static const struct {
        const char *from, *to;
    } cases[] = {
        {"", ""},
        {"哈萨克 қазақ", "哈萨克 қазақ"},
        {"\x1B[31mred\x1B[0m", "\xEF\xBF\xBD[31mred\xEF\xBF\xBD[0m"},
        {"\xC2\x9B[2J", "\xEF\xBF\xBD[2J"}, /* the same in C1 */
        {"a\tb\r\nc\vd\f", "a b  c d "},
        {"a\xE2\x80\xA8"
         "b\xC2\x85",
         "a b "},
        {"\xE2\x80\xAE"
         "cod.exe",
         "\xEF\xBF\xBD"
         "cod.exe"},
        {"\x7F", "\xEF\xBF\xBD"},
        {"\xFF\xC0", "\xEF\xBF\xBD\xEF\xBF\xBD"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        jbk_buf b = {0};
        jbk_safe_add(&b, cases[i].from, strlen(cases[i].from));
        ck_assert_msg(!strcmp(jbk_buf_cstr(&b), cases[i].to), "%s", hex_of(b.data, b.len));
        jbk_buf_free(&b);
    }
}
END_TEST

START_TEST(random_bytes_become_one_line) {
    random_begin(1);
    jbk_buf b = {0};
    for (int i = 0; i < 50000; i++) {
        char s[24];
        size_t len = random_below(sizeof s), points = 0;
        for (size_t k = 0; k < len; k++)
            s[k] = (char)(random_below(3) ? random_next() : 0x80 | random_below(64));
        if (len > 3 && i % 2) memcpy(s, "\xE2\x80", 2); /* often the bidi controls */
        b.len = 0;
        jbk_safe_add(&b, s, len);
        ck_must(!jbk_utf8_count_bad(b.data, b.len), "%s", hex_of(s, len));
        for (size_t k = 0; k < len; points++) jbk_utf8_next(s, len, &k);
        for (size_t k = 0; k < b.len; points--) {
            uint32_t cp = jbk_utf8_next(b.data, b.len, &k);
            ck_must(!jbk_cp_unsafe(cp) && !is_line_end(cp), "%s: U+%04X", hex_of(s, len), cp);
        }
        ck_must(points == 0, "%s", hex_of(s, len)); /* one for one */
    }
    jbk_buf_free(&b);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("safe");
    TCase *tcase = tcase_create("safe");
    tcase_add_test(tcase, controls_are_unsafe);
    tcase_add_test(tcase, known_cases);
    tcase_add_test(tcase, random_bytes_become_one_line);
    suite_add_tcase(suite, tcase);
    return run_suite(suite);
}
