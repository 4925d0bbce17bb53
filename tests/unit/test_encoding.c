/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "support.h"

#include "text/encoding.h"

#include <iconv.h>
#include <stdlib.h>

static const char RUSSIAN[] =
    "Почему Казахстан стремится вернуться в Китай? Так называлась статья, которую в апреле "
    "перепечатали десятки изданий. МИД Казахстана вручил послу ноту протеста.";
static const char SIMPLIFIED[] =
    "哈萨克斯坦为何渴望回归中国？这篇文章在平台上被转载了很多次，后来被删除。";
static const char TRADITIONAL[] =
    "哈薩克斯坦為何渴望回歸中國？這篇文章在平台上被轉載了很多次，後來被刪除。";
static const char KAZAKH[] =
    "Қазақстан Сыртқы істер министрлігі елшіге наразылық нотасын тапсырды. Мақала көп ұзамай "
    "өшірілді, бірақ оның көшірмелері әлі де бар.";

/* What the C library's iconv makes of UTF-8 text. */
static size_t encode(const char *text, const char *to, char *out, size_t cap) {
    iconv_t c = iconv_open(to, "UTF-8");
    ck_assert_msg(c != (iconv_t)-1, "iconv does not know %s", to);
    char *in = (char *)(uintptr_t)text, *at = out;
    size_t left = strlen(text), room = cap;
    ck_assert_uint_eq(iconv(c, &in, &left, &at, &room), 0);
    iconv_close(c);
    return cap - room;
}

static const struct {
    const char *text, *iconv, *name;
} CASES[] = {
    {RUSSIAN, "CP1251", "windows-1251"}, {RUSSIAN, "KOI8-R", "KOI8-R"},
    {RUSSIAN, "CP866", "IBM866"},        {RUSSIAN, "ISO-8859-5", "ISO-8859-5"},
    {RUSSIAN, "CP855", "IBM855"},        {RUSSIAN, "MAC-CYRILLIC", "x-mac-cyrillic"},
    {RUSSIAN, "UTF-16LE", "UTF-16LE"},   {RUSSIAN, "UTF-16BE", "UTF-16BE"},
    {RUSSIAN, "UTF-16", "UTF-16LE"},     {RUSSIAN, "UTF-32", "UTF-32LE"},
    {KAZAKH, "PT154", "PTCP154"},        {KAZAKH, "UTF-8", "UTF-8"},
    {SIMPLIFIED, "GB18030", "GB18030"},  {SIMPLIFIED, "GBK", "GB18030"},
    {SIMPLIFIED, "GB2312", "GB18030"},   {TRADITIONAL, "BIG5", "Big5"},
    {TRADITIONAL, "EUC-TW", "EUC-TW"},   {TRADITIONAL, "GB18030", "GB18030"},
    {SIMPLIFIED, "UTF-16", "UTF-16LE"},
};

START_TEST(detected_and_converted) {
    char bytes[4096];
    size_t len = encode(CASES[_i].text, CASES[_i].iconv, bytes, sizeof bytes);
    const jbk_encoding *e = jbk_encoding_detect(bytes, len, false, NULL);
    ck_assert_str_eq(jbk_encoding_name(e), CASES[_i].name);
    jbk_buf out = {0};
    ck_assert_uint_eq(jbk_encoding_convert(e, bytes, len, &out), 0);
    ck_assert_str_eq(jbk_buf_cstr(&out), CASES[_i].text);
    jbk_buf_free(&out);
}
END_TEST

/* In pieces of every size the same, wherever characters are cut. */
START_TEST(in_pieces) {
    char bytes[4096];
    size_t len = encode(CASES[_i].text, CASES[_i].iconv, bytes, sizeof bytes);
    const jbk_encoding *e = jbk_encoding_find(CASES[_i].name, strlen(CASES[_i].name));
    for (size_t piece = 1; piece < 9; piece++) {
        jbk_decoder *d;
        jbk_buf out = {0};
        ck_assert_int_eq(jbk_decoder_new(e, &d, NULL), JBK_OK);
        for (size_t i = 0; i < len; i += piece)
            jbk_decoder_add(d, bytes + i, len - i < piece ? len - i : piece, i + piece >= len,
                            &out);
        ck_assert_uint_eq(jbk_decoder_bad(d), 0);
        ck_assert_str_eq(jbk_buf_cstr(&out), CASES[_i].text);
        jbk_decoder_free(d);
        jbk_buf_free(&out);
    }
}
END_TEST

START_TEST(labels) {
    static const char *const PAIRS[][2] = {
        {"gb2312", "GB18030"},          {" GBK ", "GB18030"},
        {"\"utf-8\"", "UTF-8"},         {"CP1251", "windows-1251"},
        {"ISO-8859-1", "windows-1252"}, {"Big5-HKSCS", "Big5-HKSCS"},
        {"kz-1048", "KZ-1048"},         {"cp866;", "IBM866"}};
    for (size_t i = 0; i < sizeof PAIRS / sizeof *PAIRS; i++)
        ck_assert_str_eq(jbk_encoding_name(jbk_encoding_find(PAIRS[i][0], strlen(PAIRS[i][0]))),
                         PAIRS[i][1]);
    ck_assert_ptr_null(jbk_encoding_find("", 0));
    ck_assert_ptr_null(jbk_encoding_find("klingon", 7));
    ck_assert_ptr_null(jbk_encoding_find("gbk gb2312", 10));
    ck_assert_ptr_null(jbk_encoding_find("gb", 2));
}
END_TEST

/* A wrong declaration gives way where the text speaks clearly, and a right one holds. */
START_TEST(declared) {
    char bytes[4096];
    const jbk_encoding *latin = jbk_encoding_find("iso-8859-1", 10);
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        size_t len = encode(CASES[i].text, CASES[i].iconv, bytes, sizeof bytes);
        const jbk_encoding *e = jbk_encoding_detect(bytes, len, false, latin);
        ck_assert_str_eq(jbk_encoding_name(e), CASES[i].name);
    }
    static const char FRENCH[] = "Le pr\xe9sident a \xe9t\xe9 re\xe7u \xe0 Pékin"; /* one bad é */
    ck_assert_ptr_eq(jbk_encoding_detect(FRENCH, sizeof FRENCH - 1, false, latin), latin);
    size_t len = encode("中国", "GBK", bytes, sizeof bytes);
    const jbk_encoding *gb = jbk_encoding_find("gbk", 3);
    ck_assert_ptr_eq(jbk_encoding_detect(bytes, len, false, gb), gb);
    ck_assert_ptr_eq(jbk_encoding_detect("中国", 6, false, gb), jbk_utf8_encoding);
    ck_assert_ptr_eq(jbk_encoding_detect("\xE4\xB8\xAD\xE5", 4, true, NULL), jbk_utf8_encoding);
}
END_TEST

/* A line that can only be UTF-8 speaks for the file, whatever fills the rest: before it or behind,
 * and more of it than the sample. */
START_TEST(line_and_rubbish) {
    static const char *const LINES[] = {"{\"text\": \"哈萨克斯坦渴望回归\"}\n",
                                        "{\"text\": \"历史ещё\"}\n"};
    for (size_t i = 0; i < 4; i++) {
        jbk_buf bytes = {0};
        if (i & 1) jbk_buf_str(&bytes, LINES[i / 2]);
        for (int k = 0; k < 40000; k++) jbk_buf_add(&bytes, "\xE4\xB8", 2); /* rows of 涓 in GBK */
        jbk_buf_byte(&bytes, '\n');
        if (!(i & 1)) jbk_buf_str(&bytes, LINES[i / 2]);
        ck_assert_ptr_eq(jbk_encoding_detect(bytes.data, bytes.len, true, NULL), jbk_utf8_encoding);
        jbk_buf_free(&bytes);
    }
}
END_TEST

START_TEST(bad_bytes_are_counted) {
    jbk_buf out = {0};
    const jbk_encoding *gb = jbk_encoding_find("gbk", 3);
    ck_assert_uint_eq(jbk_encoding_convert(gb,
                                           "a\xFF"
                                           "b\xD6\xD0\xD6",
                                           6, &out),
                      2);
    ck_assert_str_eq(jbk_buf_cstr(&out), "a\uFFFDb中\uFFFD");
    out.len = 0;
    ck_assert_uint_eq(jbk_encoding_convert(jbk_utf8_encoding, "a\xFFz", 3, &out), 1);
    ck_assert_str_eq(jbk_buf_cstr(&out), "a\uFFFDz");
    const jbk_encoding *le = jbk_encoding_find("utf-16le", 8);
    out.len = 0;
    ck_assert_uint_eq(jbk_encoding_convert(le, "a\0\0\xD8z\0", 6, &out), 1);
    ck_assert_str_eq(jbk_buf_cstr(&out), "a\uFFFDz");
    jbk_buf_free(&out);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("encoding");
    TCase *tcase = tcase_create("encoding");
    int n = sizeof CASES / sizeof *CASES;
    tcase_set_timeout(tcase, 60);
    tcase_add_loop_test(tcase, detected_and_converted, 0, n);
    tcase_add_loop_test(tcase, in_pieces, 0, n);
    tcase_add_test(tcase, labels);
    tcase_add_test(tcase, declared);
    tcase_add_test(tcase, line_and_rubbish);
    tcase_add_test(tcase, bad_bytes_are_counted);
    suite_add_tcase(suite, tcase);
    return run_suite(suite);
}
