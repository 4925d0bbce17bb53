/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Terms tile the folded text; languages are told apart. */
#include "as_icu.h"
#include "base/utf8.h"
#include "random_text.h"
#include "support.h"
#include "text/chars.h"
#include "text/lang.h"
#include "text/segment.h"

#include <stdlib.h>
#include <unicode/ubrk.h>
#include <unicode/uchar.h>

static jbk_segmenter *segmenter;
static jbk_folded folded;
static jbk_slices terms;

static void setup(void) { ck_ok(jbk_segmenter_new(&segmenter, &test_err)); }

static void teardown(void) {
    jbk_segmenter_free(segmenter);
    jbk_folded_free(&folded);
    jbk_vec_free(&terms);
}

static void segment(const char *s, size_t len) {
    jbk_fold(&folded, s, len);
    ck_must(jbk_segment(segmenter, &folded, &terms, &test_err) == JBK_OK, "%s", test_err.msg);
}

/* May a term be cut at the end of this one?  Pieces of a cut term are long. */
static bool is_full(const jbk_slice *t) { return t->len >= JBK_TERM_CUT; }

/* Is every letter, mark and digit of text[from..to) outside of all terms?  It may not be. */
static void assert_nothing_wordy(const char *text, size_t len, size_t from, size_t to) {
    for (size_t i = from; i < to;) {
        size_t at = i;
        uint32_t cp = jbk_utf8_next(text, len, &i);
        ck_must(!jbk_cp_wordy(cp), "U+%04X at %zu of %s is in no term", cp, at, hex_of(text, len));
    }
}

static void assert_border(const char *text, size_t len, size_t at, const jbk_slice *before) {
    size_t left = at, right = at;
    if (!at || at >= len) return;
    do left--;
    while (!jbk_utf8_is_start(text[left]));
    uint32_t a = jbk_utf8_next(text, len, &left), b = jbk_utf8_next(text, len, &right);
    ck_must(!jbk_cp_alnum(a) || !jbk_cp_alnum(b) || (before && is_full(before)),
            "a border between U+%04X and U+%04X at %zu of %s", a, b, at, hex_of(text, len));
}

static void assert_tiles(void) {
    const char *text = folded.utf8.data;
    size_t len = folded.utf8.len, at = 0;
    for (size_t i = 0; i < terms.n; i++) {
        jbk_slice *t = &terms.at[i];
        ck_must(t->len && t->len <= JBK_TERM_MAX, "a term of %u bytes", t->len);
        ck_must(t->start >= at && t->start + t->len <= len, "term %zu overlaps or leaves", i);
        ck_must(jbk_utf8_is_start(text[t->start]), "term %zu begins inside a character", i);
        ck_must(t->start + t->len == len || jbk_utf8_is_start(text[t->start + t->len]),
                "term %zu ends inside a character", i);
        assert_nothing_wordy(text, len, at, t->start);
        bool adjacent = i && t->start == at;
        assert_border(text, len, t->start, adjacent ? t - 1 : NULL);
        at = t->start + t->len;
        if (i + 1 == terms.n || terms.at[i + 1].start != at) assert_border(text, len, at, t);
    }
    assert_nothing_wordy(text, len, at, len);
}

static void assert_as_icu(UBreakIterator *words) {
    const char *wrong = differs_from_icu(words, &folded, &terms);
    ck_must(!wrong, "%s in %s", wrong, hex_of(folded.utf8.data, folded.utf8.len));
}

/* --- tiling --- */

START_TEST(random_text_is_tiled) {
    jbk_buf s = {0};
    UBreakIterator *words = icu_words();
    random_begin(1);
    for (int i = 0; i < 20000; i++) {
        random_text(&s, random_below(60), i % 16 == 0);
        segment(s.data, s.len);
        assert_tiles();
        assert_as_icu(words);
    }
    ubrk_close(words);
    jbk_buf_free(&s);
}
END_TEST

START_TEST(random_words_are_tiled) {
    static const char *const pieces[] = {"哈萨克斯坦", "习近平",
                                         "中々́国",     "G20",
                                         "峰会",       "Қазақстан",
                                         "don't",      "x'y",
                                         "o‘zbek",     "e-mail",
                                         "قازاقستان",  "ۇلتتىق",
                                         "3.14",       "1,000",
                                         "год",        "10%",
                                         " ",          "，",
                                         "ไทย",        "かな",
                                         "カナ",       "\xE2\x80\x8B",
                                         "_",          "a.b",
                                         ".",          ",",
                                         "'",          "(",
                                         "»",          ": ",
                                         "ж",          " a",
                                         "\"",         "👍",
                                         "🇰🇿",         "☃",
                                         "한국어",     "u.s.",
                                         "\xCC\x81",   "№5",
                                         "²",          "½",
                                         "中",         "的",
                                         "在",         "《",
                                         "、",         "16.01万",
                                         "亿元",       ";",
                                         "’",          ":",
                                         "-",          "/",
                                         "5",          "５",
                                         "？",         "〇",
                                         "々",         "𠮷",
                                         "·",          "k"};
    jbk_buf s = {0};
    UBreakIterator *words = icu_words();
    random_begin(2);
    for (int i = 0; i < 20000; i++) {
        s.len = 0;
        jbk_buf_reserve(&s, 1);
        for (size_t n = random_below(20); n; n--) jbk_buf_str(&s, random_pick(pieces));
        segment(s.data, s.len);
        assert_tiles();
        assert_as_icu(words);
    }
    ubrk_close(words);
    jbk_buf_free(&s);
}
END_TEST

/* Han characters, now of the commonest, now any: words of the dictionary overlap everywhere. */
START_TEST(rows_of_han_are_cut_as_icu_does) {
    static const char COMMON[] = "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分"
                                 "对成会可主发年动同工也能下过子说产种面"
                                 "而方后多定行学法所民得经十三之进着等部度家电力里如水化高自二理起"
                                 "小物现实加量都两体制机当使点从业本去把"
                                 "性好应开它合还因由其些然前外天政四日那社义事平形相全表间样与关各"
                                 "重新线内数正心反你明看原又么利比或但质"
                                 "哈萨克斯坦渴望回归习近平西安";
    jbk_buf s = {0};
    UBreakIterator *words = icu_words();
    random_begin(5);
    for (int i = 0; i < 20000; i++) {
        size_t rare = random_below(8);
        s.len = 0;
        jbk_buf_reserve(&s, 1);
        for (size_t n = random_below(i % 64 ? 40 : 3000); n; n--) {
            if (random_below(8) < rare)
                jbk_utf8_put(&s, (uint32_t)(0x3400 + random_below(0x6C00)));
            else
                jbk_buf_add(&s, COMMON + 3 * random_below(sizeof COMMON / 3), 3);
        }
        segment(s.data, s.len);
        assert_as_icu(words);
    }
    ubrk_close(words);
    jbk_buf_free(&s);
}
END_TEST

START_TEST(long_runs_are_cut_at_characters) {
    static const char *const unit[] = {
        "a", "ж", "0", "\xF0\x90\x90\xA8" /* U+10428 */, "ك", "aж", "x\xCC\x81", "ב", "カ", "ไ"};
    jbk_buf s = {0};
    random_begin(3);
    for (int i = 0; i < 400; i++) {
        const char *u = random_pick(unit);
        s.len = 0;
        for (size_t n = 100 + random_below(400); n; n--) jbk_buf_str(&s, u);
        segment(s.data, s.len);
        assert_tiles();
    }
    s.len = 0;
    for (int i = 0; i < 241; i++) jbk_buf_byte(&s, 'a');
    segment(s.data, s.len);
    ck_assert_uint_eq(terms.n, 2);
    ck_assert_uint_eq(terms.at[0].len, 121); /* even pieces: none is short */
    ck_assert_uint_eq(terms.at[1].len, 120);
    segment(s.data, s.len - 1);
    ck_assert_uint_eq(terms.n, 1);
    s.len = 0;
    for (int i = 0; i < 60; i++) jbk_buf_str(&s, "жжxж"); /* 7 bytes each, cut at odd places */
    segment(s.data, s.len);
    ck_assert_uint_eq(terms.n, 2);
    for (size_t i = 0; i < terms.n; i++) ck_assert_uint_ge(terms.at[i].len, JBK_TERM_CUT);
    jbk_buf_free(&s);
}
END_TEST

/* --- the apostrophe that is a letter --- */

static const struct {
    const char *text, *terms; /* the terms, a bar behind each */
} apostrophes[] = {
    {"aly'", "aly'|"},
    {"Qazaqstannyn’ astanasy", "qazaqstannyn’|astanasy|"},
    {"g'a', tan'", "g'a'|tan'|"},
    {"(s'o'p')", "s'o'p|"}, /* no letter of its own behind p */
    {"ог'", "ог|"},
    {"aly''", "aly|"},
    {"aly'中国", "aly'|中国|"},
    {"aly'1", "aly|1|"},
    {"aly'-bery'", "aly'|bery'|"},
    {"'aly'", "aly|"}, /* quotation marks */
    {"‘aly’ ‘jan’a aly’", "aly|jan’a|aly|"},
    {"say 'all the dogs', aly'", "say|all|the|dogs|aly'|"},
    {"‘aly' bery’", "aly'|bery|"}, /* of different kinds */
    {"don't 'a", "don't|a|"},
    {"tan' 'aly' tan'", "tan'|aly|tan'|"},
};

START_TEST(apostrophes_are_letters) {
    jbk_buf got = {0};
    segment(apostrophes[_i].text, strlen(apostrophes[_i].text));
    assert_tiles();
    for (size_t i = 0; i < terms.n; i++) {
        jbk_buf_add(&got, folded.utf8.data + terms.at[i].start, terms.at[i].len);
        jbk_buf_byte(&got, '|');
    }
    ck_assert_str_eq(jbk_buf_cstr(&got), apostrophes[_i].terms);
    jbk_buf_free(&got);
}
END_TEST

/* --- no border between letters or digits of scripts that write words apart --- */

typedef JBK_VEC(uint32_t) points;

/* Every alnum that no fold changes; of long runs of a script only each `step`th. */
static points stable_alnums(uint32_t step) {
    points list = {0};
    jbk_buf s = {0};
    for (uint32_t cp = 0; cp < 0x110000; cp++) {
        if ((cp >= 0xD800 && cp < 0xE000) || !jbk_cp_alnum(cp)) continue;
        if (cp >= 0x3000 && cp % step) continue;
        s.len = 0;
        jbk_utf8_put(&s, cp);
        jbk_fold(&folded, s.data, s.len);
        if (folded.utf8.len == s.len && !memcmp(folded.utf8.data, s.data, s.len))
            jbk_vec_push(&list, cp);
    }
    jbk_buf_free(&s);
    return list;
}

START_TEST(no_border_beside_common_letters) {
    static const uint32_t common[] = {'a', '1', 0x0436, 0x05D0, 0x0643, 0x0967, 0xAC00, 0x10428};
    points all = stable_alnums(1);
    jbk_buf s = {0};
    ck_assert_uint_gt(all.n, 10000);
    for (size_t i = 0; i < all.n; i++) {
        for (size_t k = 0; k < sizeof common / sizeof *common; k++) {
            jbk_utf8_put(&s, common[k]);
            jbk_utf8_put(&s, all.at[i]);
            jbk_buf_byte(&s, '\n');
            jbk_utf8_put(&s, all.at[i]);
            jbk_utf8_put(&s, common[k]);
            jbk_buf_byte(&s, '\n');
        }
        if (i % 64 && i + 1 < all.n) continue;
        segment(s.data, s.len);
        assert_tiles();
        s.len = 0;
    }
    jbk_buf_free(&s);
    jbk_vec_free(&all);
}
END_TEST

START_TEST(no_border_in_any_pair) {
    points all = stable_alnums(97), some = {0};
    jbk_buf s = {0};
    random_begin(4);
    /* A sample of 900, another on every run. */
    for (int i = 0; i < 900; i++) jbk_vec_push(&some, all.at[random_below(all.n)]);
    for (size_t i = 0; i < some.n; i++) {
        s.len = 0;
        for (size_t k = 0; k < some.n; k++) {
            jbk_utf8_put(&s, some.at[i]);
            jbk_utf8_put(&s, some.at[k]);
            jbk_buf_byte(&s, ' ');
        }
        segment(s.data, s.len);
        assert_tiles();
    }
    jbk_buf_free(&s);
    jbk_vec_free(&all);
    jbk_vec_free(&some);
}
END_TEST

/* --- what a code point is, against ICU --- */

START_TEST(wordy_is_letter_mark_or_number) {
    for (uint32_t cp = 0; cp < 0x110000; cp++) {
        uint32_t mask = U_GET_GC_MASK((UChar32)cp);
        bool wordy = (mask & (U_GC_L_MASK | U_GC_M_MASK | U_GC_N_MASK)) != 0;
        ck_must(jbk_cp_wordy(cp) == wordy, "U+%04X", cp);
        ck_must(jbk_cp_space(cp) == (u_isUWhiteSpace((UChar32)cp) != 0), "U+%04X", cp);
        if (!jbk_cp_alnum(cp)) continue;
        jbk_script script = jbk_cp_script(cp);
        ck_must(wordy && !(mask & U_GC_M_MASK), "U+%04X", cp);
        ck_must(script != JBK_SCRIPT_HAN && script != JBK_SCRIPT_KANA && script != JBK_SCRIPT_THAI,
                "U+%04X", cp);
    }
}
END_TEST

START_TEST(scripts) {
    static const struct {
        uint32_t cp;
        jbk_script script;
        bool alnum;
    } cases[] = {
        {0x54C8, JBK_SCRIPT_HAN, false},  {0x3005, JBK_SCRIPT_HAN, false},
        {0x20000, JBK_SCRIPT_HAN, false}, {0x304B, JBK_SCRIPT_KANA, false},
        {0x30AB, JBK_SCRIPT_KANA, false}, {0x0E01, JBK_SCRIPT_THAI, false},
        {0x1780, JBK_SCRIPT_THAI, false}, {0x049B, JBK_SCRIPT_CYRL, true},
        {0x06C7, JBK_SCRIPT_ARAB, true},  {'q', JBK_SCRIPT_LATN, true},
        {0x05D0, JBK_SCRIPT_OTHER, true}, {0xAC00, JBK_SCRIPT_OTHER, true},
        {'7', JBK_SCRIPT_NONE, true},     {'.', JBK_SCRIPT_NONE, false},
        {0x0301, JBK_SCRIPT_NONE, false}, {0x0660, JBK_SCRIPT_ARAB, true},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        ck_assert_msg(jbk_cp_script(cases[i].cp) == cases[i].script, "U+%04X: script %d",
                      cases[i].cp, (int)jbk_cp_script(cases[i].cp));
        ck_assert_msg(jbk_cp_alnum(cases[i].cp) == cases[i].alnum, "U+%04X", cases[i].cp);
    }
}
END_TEST

/* A quotation may not begin or end inside a plain word. */
START_TEST(plain_words_have_no_border_inside) {
    jbk_buf s = {0};
    random_begin(5);
    for (int i = 0; i < 20000; i++) {
        random_text(&s, 1 + random_below(6), false);
        segment(s.data, s.len);
        for (size_t k = 0; k < terms.n; k++) {
            const char *term = folded.utf8.data + terms.at[k].start;
            size_t len = terms.at[k].len;
            bool plain = true;
            for (size_t j = 0; j < len;) plain &= jbk_cp_alnum(jbk_utf8_next(term, len, &j));
            ck_must(jbk_term_describe(term, len).plain == plain, "%s", hex_of(term, len));
        }
    }
    jbk_buf_free(&s);
    ck_assert(jbk_term_describe("қазақ", strlen("қазақ")).plain);
    ck_assert_int_eq(jbk_term_describe("5қазақ", strlen("5қазақ")).script, JBK_SCRIPT_CYRL);
    ck_assert(!jbk_term_describe("don't", 5).plain);
    ck_assert(!jbk_term_describe("中国", 6).plain);
    char full[JBK_TERM_MAX];
    memset(full, 'a', sizeof full); /* it may be a piece of a longer run */
    ck_assert(!jbk_term_describe(full, sizeof full).plain);
}
END_TEST

/* --- languages --- */

static const struct {
    const char *lang, *script, *text;
} sentences[] = {
    {"zh", "Hans", "哈萨克斯坦外交部就一篇自媒体文章召见了中国驻哈大使。"},
    {"zh", "Hant", "哈薩克斯坦外交部就一篇自媒體文章召見了中國駐哈大使。"},
    {"kk", "Cyrl", "Қазақстан Сыртқы істер министрлігі Қытай елшісін шақырып, наразылық білдірді."},
    {"kk", "Latn",
     "Qazaqstan Syrtqy ister ministrligi Qytaı elshisin shaqyryp, narazylyq "
     "bildirdi, ol óz sózin aıtty."},
    {"kk", "Arab", "قازاقستان سىرتقى ىستەر مينيسترلىگى قىتاي ەلشىسىن شاقىرىپ، نارازىلىق ءبىلدىردى"},
    {"ru", "Cyrl",
     "Министерство иностранных дел Казахстана вызвало посла Китая и выразило протест."},
    {"ug", "Arab",
     "قازاقىستان تاشقى ئىشلار مىنىستىرلىقى جۇڭگو ئەلچىسىنى چاقىرتىپ نارازىلىق بىلدۈردى"},
    {"en", "Latn", "The Foreign Ministry of Kazakhstan summoned the ambassador over an article."},
    {"ky", "Cyrl", "Кыргызстандын Тышкы иштер министрлиги бүгүн өзүнүн жаңы билдирүүсүн таратты."},
    {"uz", "Latn",
     "Oʻzbekiston Tashqi ishlar vazirligi bugun oʻz bayonotida bu haqda maʼlum qildi."},
    {"uz", "Cyrl", "Ўзбекистон Ташқи ишлар вазирлиги бугун ўз баёнотида бу ҳақда маълум қилди."},
    {"und", "", ""},
    {"und", "", "2019-12-09 ... !!! 100%"},
    {"ja", "Jpan", "カザフスタンの外務省は中国の大使を呼び出した。"},
};

START_TEST(languages_are_told) {
    const char *text = sentences[_i].text;
    jbk_language got = jbk_language_detect(text, strlen(text));
    ck_assert_msg(!strcmp(got.lang, sentences[_i].lang) &&
                      !strcmp(got.script, sentences[_i].script),
                  "%s %s, not %s %s: %s", got.lang, got.script, sentences[_i].lang,
                  sentences[_i].script, text);
}
END_TEST

START_TEST(language_of_anything) {
    jbk_buf s = {0};
    random_begin(6);
    for (int i = 0; i < 5000; i++) {
        random_text(&s, random_below(200), i % 2 == 0);
        jbk_language got = jbk_language_detect(s.data, s.len);
        ck_must(got.lang && *got.lang && got.script, "%s", hex_of(s.data, s.len));
    }
    jbk_buf_free(&s);
}
END_TEST

#define COUNT(array) (int)(sizeof(array) / sizeof *(array))

int main(void) {
    Suite *suite = suite_create("segment");
    TCase *tiles = tcase_create("tiles");
    tcase_add_checked_fixture(tiles, setup, teardown);
    tcase_set_timeout(tiles, 120);
    tcase_add_test(tiles, random_text_is_tiled);
    tcase_add_test(tiles, random_words_are_tiled);
    tcase_add_test(tiles, rows_of_han_are_cut_as_icu_does);
    tcase_add_loop_test(tiles, apostrophes_are_letters, 0, COUNT(apostrophes));
    tcase_add_test(tiles, long_runs_are_cut_at_characters);
    tcase_add_test(tiles, no_border_beside_common_letters);
    tcase_add_test(tiles, no_border_in_any_pair);
    tcase_add_test(tiles, plain_words_have_no_border_inside);
    suite_add_tcase(suite, tiles);

    TCase *chars = tcase_create("characters");
    tcase_set_timeout(chars, 60);
    tcase_add_test(chars, wordy_is_letter_mark_or_number);
    tcase_add_test(chars, scripts);
    suite_add_tcase(suite, chars);

    TCase *languages = tcase_create("languages");
    tcase_add_loop_test(languages, languages_are_told, 0, COUNT(sentences));
    tcase_add_test(languages, language_of_anything);
    suite_add_tcase(suite, languages);
    return run_suite(suite);
}
