/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "support.h"
#include "text/names.h"

#include <stdlib.h>

/* The codes of the names in a text, in order, joined by blanks. */
static char *codes_in(const char *text) {
    jbk_names *names;
    jbk_folded folded = {.want_map = true};
    jbk_name_places places = {0};
    jbk_buf out = {0};
    ck_ok(jbk_names_new(&names, &test_err));
    ck_ok(jbk_names_in(names, text, strlen(text), &folded, &places, &test_err));
    for (size_t i = 0; i < places.n; i++)
        jbk_buf_printf(&out, "%s%s", i ? " " : "", jbk_name_code(places.at[i].code));
    char *codes = jbk_strndup(out.data, out.len);
    jbk_buf_free(&out);
    jbk_vec_free(&places);
    jbk_folded_free(&folded);
    jbk_names_free(names);
    return codes;
}

typedef struct {
    const char *text, *codes;
} expectation;

static void expect(const expectation *e, size_t n) {
    for (size_t i = 0; i < n; i++) {
        char *codes = codes_in(e[i].text);
        ck_assert_msg(!strcmp(codes, e[i].codes), "%s: '%s', not '%s'", e[i].text, codes,
                      e[i].codes);
        free(codes);
    }
}
#define EXPECT(...)                                                                                \
    do {                                                                                           \
        static const expectation all[] = {__VA_ARGS__};                                            \
        expect(all, sizeof all / sizeof *all);                                                     \
    } while (0)

START_TEST(longest_han) {
    EXPECT({"索马里和马里", "SO ML"}, {"努尔苏丹", ""}, {"苏丹、南苏丹", "SD SS"},
           {"印度尼西亚与印度", "ID IN"}, {"印度洋", ""}, {"尼日利亚、尼日尔", "NG NE"},
           {"几内亚比绍、赤道几内亚、巴布亚新几内亚、几内亚", "GW GQ PG GN"},
           {"多米尼克、多米尼加共和国", "DM DO"}, {"刚果（金）、刚果（布）", "CD CG"},
           {"在内蒙古鄂尔多斯，不在蒙古国", "CN-NM MN"}, {"日本海上保安厅，日本海", "JP"});
}
END_TEST

START_TEST(han_at_words) {
    EXPECT({"发展中国家和沿海地区", ""}, {"司法国际合作，欧美国家", ""},
           {"中国人、美国队", "CN US"}, {"与古巴比伦", ""}, {"蒙哥马利、卡瑟马利耶夫", ""},
           {"摩洛哥苏丹", "MA"}, {"中美关系和俄乌冲突", "CN US UA RU"});
}
END_TEST

START_TEST(initials_and_money) {
    EXPECT({"NASA's plan, the UK's and the U.S.", "US GB US"}, {"nasa, usaf", ""},
           {"AUD$45 million, 20 KZT", "AU KZ"}, {"НАСА и Би-би-си", "US GB"},
           {"大英国协运动会在德文郡", ""}, {"大英國協、英國", "GB"},
           {"Islamic State of Iraq and Syria in Syria", "SY"});
}
END_TEST

START_TEST(han_of_all_regions) {
    EXPECT({"哈薩克斯坦 哈薩克 哈萨克", "KZ KZ KZ"}, {"義大利、寮國、紐西蘭", "IT LA NZ"},
           {"外蒙，蒙古", "MN MN"}, {"哈萨克\u200b斯坦", "KZ"});
}
END_TEST

START_TEST(inflected) {
    EXPECT({"Казахстаном, в Казахстане, казахстанский, казахи", "KZ KZ KZ KZ"},
           {"из Южной Кореи в Соединённых Штатах Америки", "KR US"},
           {"Нигерия, Нигер, американцы, китайцами", "NG NE US CN"},
           {"Қазақстандағылардың, қазақтар, қытайлық", "KZ KZ CN"},
           {"Сауд Арабиясында, АҚШ-тың, британдық", "SA US GB"},
           {"Kazakhstan's, Kazakhs, the Kenyans, Nigerian", "KZ KZ KE NG"},
           {"South Sudan, the Democratic Republic of the Congo", "SS CD"},
           {"قازاقىستاننىڭ، ئامېرىكىلىق، گرېتسىيەدە", "KZ US GR"});
}
END_TEST

START_TEST(kazakh_scripts) {
    EXPECT({"قازاقستاننىڭ قىتايعا", "KZ CN"}, {"Qazaqstannyń Qytaıǵa", "KZ CN"},
           {"Qazaqstannıñ Qıtayğa Reseydiñ", "KZ CN RU"});
}
END_TEST

START_TEST(capitals) {
    EXPECT({"turkey in Turkey, china in China", "TR CN"}, {"polish the Polish table", "PL"},
           {"Того, кто был. Поездка в Того.", "TG"}, {"Michael Jordan flew to Jordan.", "JO"},
           {"the US helps us", "US"}, {"#kazakhstan KAZAKHSTAN", "KZ KZ"}, {"русские", "RU"});
}
END_TEST

START_TEST(phrases_of_nothing) {
    EXPECT({"New Mexico and Mexico", "MX"}, {"Latin America, the Indian Ocean", ""},
           {"Индийский океан, Северная Америка", ""}, {"Malaysia is not Mali", "MY ML"},
           {"Солтүстік Америкада", ""});
}
END_TEST

START_TEST(regions_and_peoples) {
    EXPECT({"新疆 Синьцзяне Шыңжаңда Xinjiang's", "CN-XJ CN-XJ CN-XJ CN-XJ"},
           {"维吾尔族 уйгуры ұйғырлар ئۇيغۇرلار Uyghurs", "UIG UIG UIG UIG UIG"},
           {"果敢 曼尼普尔 准噶尔", "MM-KOKANG IN-MN XX-DZUNGAR"}, {"坚毅果敢", ""});
}
END_TEST

START_TEST(codes) {
    uint32_t code;
    ck_assert(jbk_name_code_find("kz", 2, &code));
    ck_assert_str_eq(jbk_name_code(code), "KZ");
    ck_assert(!jbk_name_code_find("QQ", 2, &code));
    ck_assert(!jbk_name_code_find("-", 1, &code));
    for (uint32_t i = 1; jbk_name_code(i); i++)
        ck_assert_int_lt(strcmp(jbk_name_code(i - 1), jbk_name_code(i)), 0);
}
END_TEST

/* Any bytes, cut anywhere: places lie in the text, in order, and do not overlap but where one
 * word names two countries. */
START_TEST(hostile) {
    static const char ALL[] =
        "中国式现代化 Qazaqstan’s قازاقستان\xff\xc3 中\xe4\xb8 U.S. Того Санкт- U.S";
    jbk_names *names;
    jbk_folded folded = {.want_map = true};
    jbk_name_places p = {0};
    ck_ok(jbk_names_new(&names, &test_err));
    for (size_t from = 0; from < sizeof ALL; from++)
        for (size_t to = from; to < sizeof ALL; to++) {
            ck_ok(jbk_names_in(names, ALL + from, to - from, &folded, &p, &test_err));
            for (size_t i = 0; i < p.n; i++) {
                ck_assert(p.at[i].start < p.at[i].end && p.at[i].end <= folded.utf8.len);
                if (i) ck_assert(p.at[i].start >= p.at[i - 1].end);
            }
        }
    jbk_vec_free(&p);
    jbk_folded_free(&folded);
    jbk_names_free(names);
}
END_TEST

int main(void) {
    Suite *s = suite_create("names");
    TCase *c = tcase_create("names");
    tcase_add_test(c, longest_han);
    tcase_add_test(c, han_at_words);
    tcase_add_test(c, initials_and_money);
    tcase_add_test(c, han_of_all_regions);
    tcase_add_test(c, inflected);
    tcase_add_test(c, kazakh_scripts);
    tcase_add_test(c, capitals);
    tcase_add_test(c, phrases_of_nothing);
    tcase_add_test(c, regions_and_peoples);
    tcase_add_test(c, codes);
    tcase_add_test(c, hostile);
    suite_add_tcase(s, c);
    return run_suite(s);
}
