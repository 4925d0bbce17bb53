/* SPDX-License-Identifier: GPL-3.0-or-later */
/* simdjson's reading against jansson's: the same object in the same order, or the question passed
 * on. */
#include "base/utf8.h"
#include "shim/json.h"
#include "support.h"

#include <stdlib.h>

static jbk_json *kept;

enum { FLAGS = JSON_ALLOW_NUL | JSON_DECODE_ANY };

/* In the order of its members; integers and reals told apart. */
static char *written(const json_t *v) {
    return json_dumps(v, JSON_COMPACT | JSON_ENCODE_ANY | JSON_REAL_PRECISION(17));
}

/* Was it read quickly? */
static bool compare(const char *s, size_t len) {
    json_t *quick = jbk_json_quick(&kept, s, len);
    if (!quick) return false;
    json_t *slow = json_loadb(s, len, FLAGS, NULL);
    char *a = written(quick), *b = slow ? written(slow) : NULL;
    ck_must(b && !strcmp(a, b), "%.*s\nquick: %s\nslow: %s", (int)len, s, a, b ? b : "refused");
    ck_must(json_equal(quick, slow), "%.*s", (int)len, s);
    free(a);
    free(b);
    json_decref(quick);
    json_decref(slow);
    return true;
}

/* --- by hand --- */

START_TEST(what_is_plain_is_read) {
    static const char *const PLAIN[] = {
        "{}",
        " \t\r\n{ \"a\" : 1 , \"b\" : [ ] } \n",
        "{\"a\":-0,\"b\":0,\"c\":999999999999999999,\"d\":-123456789012345678}",
        "{\"a\":\"x\",\"b\":\"y\",\"a\":\"z\"}", /* the last holds, where the first stood */
        "{\"a\":1.5,\"b\":1e3,\"c\":-0.0,\"d\":4.35,\"e\":1e-310,\"f\":123456789.123456789e-7}",
        "{\"a\":1234567890123456789,\"b\":9223372036854775807,\"c\":-9223372036854775808}",
        "{\"\":\"\",\" \":[true,false,null,{},[{}]]}",
        "{\"e\":\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u0416\\uD83D\\ude00\\uFFFF\",\"\\u0041\":1}",
        "{\"哈萨克斯坦\":\"为何渴望\\n回归\\\"中国\\\"\",\"қаз\":\"ақ\"}",
        "{\"a key that is longer than others are, as happens where it is prose\":\"\\n\"}",
    };
    for (size_t i = 0; i < sizeof PLAIN / sizeof *PLAIN; i++)
        ck_must(compare(PLAIN[i], strlen(PLAIN[i])), "%s", PLAIN[i]);
}
END_TEST

START_TEST(all_else_is_passed_on) {
    static const char *const OTHER[] = {
        "",
        " ",
        "{",
        "}",
        "[]",
        "1",
        "\"a\"",
        "null",
        "{} {}",
        "{}x",
        "{\"a\"}",
        "{\"a\":}",
        "{\"a\":1,}",
        "{,}",
        "{\"a\" 1}",
        "{a:1}",
        "{\"a\":01}",
        "{\"a\":-}",
        "{\"a\":9223372036854775808}",
        "{\"a\":1e400}",
        "{\"\\u0000\":1}",
        "{\"a\":+1}",
        "{\"a\":tru}",
        "{\"a\":nul",
        "{\"a\":[1,]}",
        "{\"a\":[1 2]}",
        "{\"a\":\"\n\"}",
        "{\"a\":\"x}",
        "{\"a\":\"\\",
        "{\"a\":\"\\u12",
        "{\"a\":\"\\x\"}",
        "{\"a\":\"\\u0000\"}",
        "{\"a\":\"\\uD800\"}",
        "{\"a\":\"\\uDC00\"}",
        "{\"a\":\"\\uD800\\u0041\"}",
        "{\"a\":\"\\uD800\\n\"}",
        "{\"a\":\"\\uGGGG\"}",
    };
    for (size_t i = 0; i < sizeof OTHER / sizeof *OTHER; i++)
        ck_must(!jbk_json_quick(&kept, OTHER[i], strlen(OTHER[i])), "%s", OTHER[i]);
    jbk_buf deep = {0};
    jbk_buf_str(&deep, "{\"a\":");
    for (int i = 0; i < 100000; i++) jbk_buf_byte(&deep, '[');
    ck_assert_ptr_null(jbk_json_quick(&kept, deep.data, deep.len));
    jbk_buf_free(&deep);
}
END_TEST

/* --- at random --- */

static void put_string(jbk_buf *b) {
    static const char *const PIECES[] = {"a", "Ж",    "国",  "\\n", "\\\"",           "\\u0435",
                                         "😀", "\\\\", "\\/", " ",   "\\uD83D\\uDE00", "{",
                                         "]", ":"};
    jbk_buf_byte(b, '"');
    for (size_t n = random_below(8); n--;) jbk_buf_str(b, random_pick(PIECES));
    jbk_buf_byte(b, '"');
}

static void put_value(jbk_buf *b, unsigned depth);

static void put_many(jbk_buf *b, unsigned depth, bool object) {
    jbk_buf_byte(b, object ? '{' : '[');
    for (size_t n = random_below(5), i = 0; i < n; i++) {
        if (i) jbk_buf_byte(b, ',');
        if (object) {
            put_string(b);
            jbk_buf_str(b, random_below(2) ? ":" : " : ");
        }
        put_value(b, depth + 1);
    }
    jbk_buf_byte(b, object ? '}' : ']');
}

static void put_value(jbk_buf *b, unsigned depth) {
    static const char *const WORDS[] = {"true", "false",   "null",
                                        "0",    "-7",      "123456789012345678",
                                        "0.1",  "-2.5e-7", "1234567890123456789"};
    size_t kind = random_below(depth < 4 ? 6 : 4);
    if (kind < 2)
        put_string(b);
    else if (kind < 4)
        jbk_buf_str(b, random_pick(WORDS));
    else
        put_many(b, depth, kind == 4);
}

START_TEST(random_objects) {
    random_begin(1);
    jbk_buf b = {0};
    size_t quick = 0, damaged_quick = 0;
    for (int i = 0; i < 20000; i++) {
        b.len = 0;
        put_many(&b, 0, true);
        quick += compare(b.data, b.len);
        /* A byte taken away, doubled or changed: mostly no JSON any more. */
        size_t at = random_below(b.len);
        static const char BYTES[] = "\"\\{}[],:0-u. t";
        b.data[at] = BYTES[random_below(sizeof BYTES - 1)];
        if (jbk_utf8_count_bad(b.data, b.len)) continue;
        damaged_quick += compare(b.data, b.len);
        damaged_quick += compare(b.data, at);
    }
    ck_assert_uint_eq(quick, 20000);
    ck_assert_uint_gt(damaged_quick, 100);
    jbk_buf_free(&b);
}
END_TEST

/* Some objects live on while others are made and dropped, some grow, and some are larger than the
 * room there is for one. */
START_TEST(objects_that_live_on) {
    enum { LIVING = 40 };
    json_t *quick[LIVING] = {0}, *slow[LIVING] = {0};
    jbk_buf b = {0};
    random_begin(2);
    for (int i = 0; i < 5000; i++) {
        size_t k = random_below(LIVING);
        ck_must(!quick[k] || json_equal(quick[k], slow[k]), "object %zu in round %d", k, i);
        json_decref(quick[k]);
        json_decref(slow[k]);
        b.len = 0;
        if (random_below(100)) {
            put_many(&b, 0, true);
        } else {
            jbk_buf_str(&b, "{\"many\":[0");
            for (int n = 0; n < 60000; n++) jbk_buf_str(&b, ",1.5");
            jbk_buf_str(&b, "]}");
        }
        quick[k] = jbk_json_quick(&kept, b.data, b.len);
        slow[k] = json_loadb(b.data, b.len, FLAGS, NULL);
        ck_assert_ptr_nonnull(quick[k]);
        for (size_t n = random_below(20); n; n--) {
            char name[24];
            snprintf(name, sizeof name, "+%zu", n);
            json_object_set_new(quick[k], name, json_string(name));
            json_object_set_new(slow[k], name, json_string(name));
        }
    }
    for (size_t k = 0; k < LIVING; k++) {
        ck_assert(json_equal(quick[k], slow[k]));
        json_decref(quick[k]);
        json_decref(slow[k]);
    }
    jbk_buf_free(&b);
}
END_TEST

/* A maker may end before its objects, whose room others then do not get. */
START_TEST(objects_outlive_their_maker) {
    static const char TEXT[] = "{\"a\":[\"b\",{\"c\":null}]}";
    json_t *made[200];
    for (int i = 0; i < 200; i++) {
        jbk_json *own = NULL;
        made[i] = jbk_json_quick(&own, TEXT, strlen(TEXT));
        ck_assert_ptr_nonnull(made[i]);
        jbk_json_free(own);
    }
    for (int i = 0; i < 200; i++) {
        char *s = written(made[i]);
        ck_assert_str_eq(s, TEXT);
        free(s);
        json_decref(made[i]);
    }
}
END_TEST

int main(void) {
    json_set_alloc_funcs(jbk_json_alloc, jbk_json_drop);
    Suite *suite = suite_create("json");
    TCase *tcase = tcase_create("json");
    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase, what_is_plain_is_read);
    tcase_add_test(tcase, all_else_is_passed_on);
    tcase_add_test(tcase, random_objects);
    tcase_add_test(tcase, objects_that_live_on);
    tcase_add_test(tcase, objects_outlive_their_maker);
    suite_add_tcase(suite, tcase);
    int failed = run_suite(suite);
    jbk_json_free(kept);
    return failed;
}
