/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "support.h"

#include "html_page.h"
#include "html_words.h"

#include <stdlib.h>

static jbk_arena arena;

static jbk_html_page read_page(const char *html) {
    jbk_html_page p;
    ck_assert_ptr_null(jbk_html_page_read(html, strlen(html), NULL, &arena, &p));
    return p;
}

#define ck_text(got, want)                                                                         \
    do {                                                                                           \
        ck_assert_ptr_nonnull((got).s);                                                            \
        ck_assert_str_eq((got).s, want);                                                           \
    } while (0)

#define BODY "<h1>Қытай елшісіне нота</h1><p>Қазақстан елшіге нота тапсырды, деп хабарлады.</p>"

START_TEST(where_the_date_comes_from) {
    static const struct {
        const char *html, *date;
    } CASES[] = {
        {"<meta property='article:published_time' content='2020-04-14T10:00:00+06:00'>"
         "<meta name=pubdate content='2019-01-01'>" BODY,
         "2020-04-14T10:00:00+06:00"},
        {"<meta name=pubdate content='2019-01-01'>" BODY, "2019-01-01"},
        {"<meta property='article:published_time' content='yesterday'><meta name=date "
         "content='2019-01-02'>" BODY,
         "2019-01-02"},
        {"<script type='application/ld+json'>{\"@graph\":[{\"@type\":\"NewsArticle\","
         "\"datePublished\":\"2020-04-15\"}]}</script>" BODY,
         "2020-04-15"},
        {BODY "<time datetime='2020-04-16'>x</time>", "2020-04-16"},
        {"<h1>Қытай елшісіне нота</h1><div>14.04.2020, 10:30 | x</div><p>Қазақстан елшіге нота "
         "тапсырды, деп хабарлады.</p>",
         "2020-04-14 10:30"},
        {"<h1>哈萨克斯坦向大使递交照会</h1><div>来源：网 2020年4月9日 "
         "08:01</div><p>哈萨克斯坦向中国大使"
         "递交了抗议照会，文章被删。</p>",
         "2020年4月9日 08:01"},
        {"<script>var ct = \"1575856320\";</script>" BODY, "1575856320"},
    };
    ck_text(read_page(CASES[_i].html).published, CASES[_i].date);
}
END_TEST

START_TEST(no_date_is_made_up) {
    ck_assert_ptr_null(read_page(BODY "<footer>12.12.2021</footer>").published.s);
    ck_assert_ptr_null(read_page("<meta name=date content='13 days ago'>" BODY).published.s);
}
END_TEST

START_TEST(titles) {
    static const char *const CASES[][2] = {
        {"<title>Нота протеста послу | Курьер</title><p>x", "Нота протеста послу"},
        {"<title>Нота - и ответ на неё - Курьер</title><h1>Нота - и ответ на неё</h1>",
         "Нота - и ответ на неё"},
        {"<title>哈萨克斯坦为何渴望回归中国_历史_网易</title>", "哈萨克斯坦为何渴望回归中国"},
        {"<meta property=og:title content='A &amp; B'><title>x</title>", "A & B"},
        {"<meta property=og:title content='Нота — Курьер'><meta property=og:site_name "
         "content='Курьер'>",
         "Нота"},
        {"<script type='application/ld+json'>{\"@type\":\"NewsArticle\",\"headline\":\"H\"}"
         "</script>",
         "H"},
        {"<title>COVID-19 in 2020</title>", "COVID-19 in 2020"}};
    ck_text(read_page(CASES[_i][0]).title, CASES[_i][1]);
}
END_TEST

START_TEST(metadata) {
    jbk_html_page p = read_page(
        "<html lang=kz><head><link rel=canonical href='https://a.kz/1'><meta name=author "
        "content='Асель'><meta property=article:section content='Қоғам'><meta "
        "property=og:site_name content='Дала'><meta name=keywords content='b, a，b'></head>" BODY);
    ck_text(p.url, "https://a.kz/1");
    ck_text(p.author, "Асель");
    ck_text(p.section, "Қоғам");
    ck_text(p.site, "Дала");
    ck_text(p.tags, "a\x1f"
                    "b");
    ck_text(p.lang, "kk");
    ck_text(read_page("<!-- saved from url=(0018)http://a.example/1 --><p>x").url,
            "http://a.example/1");
}
END_TEST

START_TEST(what_nobody_sees) {
    jbk_html_page p = read_page(
        "<h1>Қытай елшісіне нота</h1><p>Қазақстан елшіге нота тапсырды.</p><p hidden>One, hidden. "
        "</p><p style='color:red; display : none'>Two, hidden.</p><p aria-hidden=true>Three, "
        "hidden.</p><template><p>Four, hidden.</p></template><noscript>Five, hidden.</noscript>"
        "<p style='visibility:hidden'>Мақала кейін өшірілді, дейді олар.</p><svg><text>Six, "
        "hidden.</text></svg><p>a&lt;b&nbsp;&#x4E2D;&eacute;. Соңы осы.</p>");
    ck_text(p.text, "Қазақстан елшіге нота тапсырды.\nМақала кейін өшірілді, дейді олар.\n"
                    "a<b\u00A0中é. Соңы осы.");
}
END_TEST

START_TEST(lines_that_end_articles) {
    static const char *const ENDS[] = {"Комментарии (12)", "12 комментариев",  "相关阅读：",
                                       "Пікірлер",         "Related articles", "ئىنكاسلار (3)",
                                       "评论(3)",          "3 COMMENTS"};
    static const char *const NONE[] = {
        "Комментарий МИД к статье", "相关部门表示", "Пікір алуандығы",
        "Related by blood",         "评论员文章",   "2020"};
    for (size_t i = 0; i < sizeof ENDS / sizeof *ENDS; i++)
        ck_assert_msg(jbk_html_ends_article(ENDS[i], strlen(ENDS[i])), "%s", ENDS[i]);
    for (size_t i = 0; i < sizeof NONE / sizeof *NONE; i++)
        ck_assert_msg(!jbk_html_ends_article(NONE[i], strlen(NONE[i])), "%s", NONE[i]);
}
END_TEST

START_TEST(names) {
    static const struct {
        const char *names;
        unsigned hints;
    } CASES[] = {{"article-body ", JBK_HINT_GOOD | JBK_HINT_BODY},
                 {"commentList ", JBK_HINT_BAD},
                 {"sidebar2 ", JBK_HINT_BAD},
                 {"padding ", 0},
                 {"headline ", 0},
                 {"shadow adapter ", 0},
                 {" js_content", JBK_HINT_GOOD}};
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++)
        ck_assert_msg(jbk_html_hints(CASES[i].names, strlen(CASES[i].names)) == CASES[i].hints,
                      "%s: %u", CASES[i].names,
                      jbk_html_hints(CASES[i].names, strlen(CASES[i].names)));
}
END_TEST

int main(void) {
    Suite *suite = suite_create("html_page");
    TCase *tcase = tcase_create("html_page");
    tcase_set_timeout(tcase, 60);
    tcase_add_loop_test(tcase, where_the_date_comes_from, 0, 8);
    tcase_add_test(tcase, no_date_is_made_up);
    tcase_add_loop_test(tcase, titles, 0, 7);
    tcase_add_test(tcase, metadata);
    tcase_add_test(tcase, what_nobody_sees);
    tcase_add_test(tcase, lines_that_end_articles);
    tcase_add_test(tcase, names);
    suite_add_tcase(suite, tcase);
    int status = run_suite(suite);
    jbk_arena_free(&arena);
    return status;
}
