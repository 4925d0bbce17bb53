/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Short forms of addresses: what they are, and that all of them lead back. */
#include "support.h"
#include "url.h"

#include <stdio.h>

static jbk_str str(const char *s) { return (jbk_str){s, strlen(s)}; }

/* The short form, or NULL; until the next call. */
static const char *shortened(const char *url, const char *title) {
    static jbk_buf b;
    b.len = 0;
    return jbk_url_shorten(str(url), str(title), &b) ? jbk_buf_cstr(&b) : NULL;
}

START_TEST(by_hand) {
    const char *search = "https://s.weibo.com/weibo?q=%23%E8%B5%96a%E4%BF%A1%23&Refer=top";
    ck_assert_str_eq(shortened(search, "赖a信"), "https://s.weibo.com/weibo?q=%23\1%23&Refer=top");
    ck_assert_str_eq(shortened(search, "另"), "https://s.weibo.com/weibo?q=%23赖a信%23&Refer=top");
    ck_assert_str_eq(shortened(search, ""), "https://s.weibo.com/weibo?q=%23赖a信%23&Refer=top");
    ck_assert_str_eq(shortened("/silk-road/silk-road", "silk-road"), "/\1/silk-road");
    ck_assert_str_eq(shortened("%FF%00%7F", ""), "\xFF%00%7F");
    static const char *const AS_IT_IS[] = {
        "", "https://a.kz/b", "%e8%b5%a6", "%E", "赖%E8%B5%96", "\1%E8%B5%96", "%4F"};
    for (size_t i = 0; i < sizeof AS_IT_IS / sizeof *AS_IT_IS; i++)
        ck_must(!shortened(AS_IT_IS[i], "赖"), "%s", AS_IT_IS[i]);
    jbk_buf b = {0};
    ck_assert(jbk_url_has_title(str("a\1b")) && !jbk_url_has_title(str("赖")));
    ck_assert(!jbk_url_has_title((jbk_str){0}));
    ck_assert(!jbk_url_lengthen(str("a\1b"), (jbk_str){0}, &b)); /* the title is not there */
    jbk_buf_free(&b);
}
END_TEST

static void put_some(jbk_buf *b, size_t most) {
    static const char *const PIECES[] = {"a",  "/",    "%",  "%E8", "%B5%96", "%2F", "%e8", "信",
                                         "\1", "\xFF", "%8", "%FF", "E8",     "&q=", "%80"};
    for (size_t n = random_below(most); n--;) jbk_buf_str(b, random_pick(PIECES));
}

static void put_encoded(jbk_buf *b, const char *s, size_t len) {
    for (size_t i = 0; i < len; i++)
        if ((unsigned char)s[i] < 0x80)
            jbk_buf_byte(b, s[i]);
        else
            jbk_buf_printf(b, "%%%02X", (unsigned)(unsigned char)s[i]);
}

START_TEST(all_lead_back) {
    random_begin(1);
    jbk_buf url = {0}, title = {0}, packed = {0}, back = {0};
    size_t made = 0, titled = 0;
    for (int i = 0; i < 200000; i++) {
        url.len = title.len = back.len = packed.len = 0;
        jbk_buf_byte(&packed, 'x'); /* what is made is appended */
        put_some(&title, 6);
        put_some(&url, 5);
        if (random_below(2)) put_encoded(&url, title.data, title.len);
        put_some(&url, 5);
        jbk_str u = {url.data, url.len}, t = {title.len ? title.data : NULL, title.len};
        if (!jbk_url_shorten(u, t, &packed)) {
            ck_must(packed.len == 1, "something was appended");
            continue;
        }
        jbk_str p = {packed.data + 1, packed.len - 1};
        made++;
        titled += jbk_url_has_title(p);
        ck_must(p.len < u.len && jbk_url_lengthen(p, t, &back), "%.*s", (int)u.len, u.s);
        ck_must(back.len == u.len && !memcmp(back.data, u.s, u.len), "%.*s", (int)u.len, u.s);
    }
    ck_assert_uint_gt(made, 10000);
    ck_assert_uint_gt(titled, 1000);
    jbk_buf_free(&url);
    jbk_buf_free(&title);
    jbk_buf_free(&packed);
    jbk_buf_free(&back);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("url");
    TCase *tcase = tcase_create("url");
    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase, by_hand);
    tcase_add_test(tcase, all_lead_back);
    suite_add_tcase(suite, tcase);
    return run_suite(suite);
}
