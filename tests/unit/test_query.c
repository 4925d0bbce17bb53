/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Queries to trees, printed as s-expressions; every kind of wrong query; noise. */
#include "base/count.h"
#include "base/time.h"
#include "query.h"
#include "random_text.h"
#include "range.h"
#include "store/store.h"
#include "support.h"

#include <inttypes.h>
#include <stdlib.h>

/* --- trees as text --- */

static void put_bound(jbk_buf *out, int64_t n) {
    if (n == INT64_MIN || n == INT64_MAX)
        jbk_buf_str(out, "-");
    else
        jbk_buf_printf(out, "%" PRId64, n);
}

static void put_tree(const jbk_query *q, jbk_buf *out) {
    static const char *const names[] = {
        [JBK_Q_AND] = "and", [JBK_Q_OR] = "or", [JBK_Q_NOT] = "not"};
    static const char *const where[] = {"?", "title:", "text:", ""};
    const char *field = q->field >= 0 ? jbk_fields[q->field].name : "";
    /* What surrounds the letters of a leaf of the text. */
    static const char *const marks[][2] = {[JBK_Q_STRING] = {"\"", "\""},
                                           [JBK_Q_WORD] = {"'", "'"},
                                           [JBK_Q_PATTERN] = {"/", "/"},
                                           [JBK_Q_SOUND] = {"~", "~"},
                                           [JBK_Q_NAMES] = {"{", "}"}};
    if (jbk_query_is_text(q)) {
        jbk_buf_printf(out, "%s%s%s", where[q->where & 3], marks[q->kind][0],
                       q->open_start ? "*" : "");
        jbk_buf_add(out, q->s, q->len);
        jbk_buf_printf(out, "%s%s", q->open_end ? "*" : "", marks[q->kind][1]);
        return;
    }
    switch (q->kind) {
    case JBK_Q_ALL:
        jbk_buf_str(out, "*");
        return;
    case JBK_Q_NEAR:
        jbk_buf_printf(out, "(%s", where[q->where & 3]);
        for (size_t i = 0; i < q->children.n; i++) {
            if (i)
                jbk_buf_printf(out, " %s%u ", q->links.at[i - 1].ordered ? ">" : "<>",
                               q->links.at[i - 1].between);
            put_tree(q->children.at[i], out);
        }
        jbk_buf_str(out, ")");
        return;
    case JBK_Q_VALUE:
        jbk_buf_printf(out, "%s%s='", q->extra ? "x." : field, q->extra ? q->extra : "");
        jbk_buf_add(out, q->s, q->len);
        jbk_buf_str(out, "'");
        return;
    case JBK_Q_RANGE:
        jbk_buf_printf(out, "%s[", field);
        put_bound(out, q->low);
        jbk_buf_str(out, " ");
        put_bound(out, q->high);
        jbk_buf_str(out, q->universal ? "]Z" : "]");
        return;
    default:
        jbk_buf_printf(out, "(%s", names[q->kind]);
        for (size_t i = 0; i < q->children.n; i++) {
            jbk_buf_str(out, " ");
            put_tree(q->children.at[i], out);
        }
        jbk_buf_str(out, ")");
    }
}

static const struct {
    const char *query, *tree;
} good[] = {
    {"哈萨克斯坦", "\"哈萨克斯坦\""},
    {"哈薩克 G20峰會", "(and \"哈萨克\" \"g20峰会\")"},
    {"a b c", "(and 'a' 'b' 'c')"},
    {"a AND b c", "(and 'a' 'b' 'c')"},
    {"a OR b OR c", "(or 'a' 'b' 'c')"},
    {"a b OR c", "(or (and 'a' 'b') 'c')"},
    {"a (b OR c)", "(and 'a' (or 'b' 'c'))"},
    {"(a b) c", "(and 'a' 'b' 'c')"},
    {"NOT a", "(not 'a')"},
    {"-a", "(not 'a')"},
    {"--a", "(not (not 'a'))"},
    {"a -b", "(and 'a' (not 'b'))"},
    {"-(a OR b)", "(not (or 'a' 'b'))"},
    {"-\"a b\"", "(not \"a b\")"},
    {"NOT NOT a", "(not (not 'a'))"},
    {"NOTa ORb ANDc", "(and 'nota' 'orb' 'andc')"},
    {"not or and", "(and 'not' 'or' 'and')"},
    {"\"OR\" \"NOT\"", "(and \"or\" \"not\")"},
    {"a-b", "\"a-b\""},
    {"\"A  B\"", "\"a b\""},
    {"\"a\"b", "(and \"a\" 'b')"},
    {"\"say \\\"no\\\" \\\\ \\x\"", "\"say \"no\" \\ \\x\""},
    {"\"( ) * ~ :\"", "\"( ) * ~ :\""},
    {"*", "*"},
    {"* -a", "(and * (not 'a'))"},
    {"=Word", "\"word\""},
    {"=Word,", "\"word\""},
    /* which bare words are words, and which are strings */
    {"Қазақстан", "'қазақстан'"},
    {"don’t", "'don’t'"},
    {"rock'n'roll", "'rock'n'roll'"},
    {"rock''n", "\"rock''n\""},
    {"Aly’,", "'aly’'"}, /* in Kazakh of 2017 another letter than y */
    {"'aly'", "'aly'"},
    {"bery'-aly'", "\"bery'-aly\""},
    {"*Aly'", "/*aly'/"},
    {"B2B", "'b2b'"},
    {"2019", "\"2019\""},
    {"COVID-19", "\"covid-19\""},
    {"abc.com", "\"abc.com\""},
    {"ภาษา", "\"ภาษา\""},
    {"カタカナ", "\"カタカナ\""},
    {"한국", "'한국'"},
    {"قازاقستان", "'قازاقستان'"},
    /* patterns, sounds, names */
    {"Қазақ*", "/қазақ*/"},
    {"*Stan", "/*stan/"},
    {"title:*stan*", "title:/*stan*/"},
    {"-a*", "(not /a*/)"},
    {"1*", "/1*/"},
    {"~哈薩克", "~哈萨克~"},
    {"~Word,", "~word~"},
    {"title:~a", "title:~a~"},
    {"{kz}", "{KZ}"},
    {"text:({KZ} OR {cn-xj})", "(or text:{KZ} text:{CN-XJ})"},
    /* near */
    {"a NEAR/5 b", "('a' <>5 'b')"},
    {"a NEAR b", "('a' <>10 'b')"},
    {"a ADJ/0 \"b c\"", "('a' >0 \"b c\")"},
    {"a ADJ 中国", "('a' >10 \"中国\")"},
    {"a NEAR/3 b ADJ/2 c", "('a' <>3 'b' >2 'c')"},
    {"x a NEAR/3 b y", "(and 'x' ('a' <>3 'b') 'y')"},
    {"a NEAR/3 b c NEAR d", "(and ('a' <>3 'b') ('c' <>10 'd'))"},
    {"a OR b NEAR/1 c OR d", "(or 'a' ('b' <>1 'c') 'd')"},
    {"(a OR b) NEAR/3 ({KZ} OR c* OR (~d OR \"e f\"))",
     "((or 'a' 'b') <>3 (or {KZ} /c*/ (or ~d~ \"e f\")))"},
    {"title:(a NEAR/3 b)", "(title:title:'a' <>3 title:'b')"},
    {"title:a NEAR/3 b", "(title:title:'a' <>3 'b')"},
    {"(title:a OR text:b) NEAR text:c", "(text:(or title:'a' text:'b') <>10 text:'c')"},
    {"NOT (a NEAR/3 b)", "(not ('a' <>3 'b'))"},
    {"-(a ADJ b) c", "(and (not ('a' >10 'b')) 'c')"},
    {"NEARBY ADJECTIVE near near/5 adj", "(and 'nearby' 'adjective' 'near' \"near/5\" 'adj')"},
    {"\"NEAR\" a", "(and \"near\" 'a')"},
    {"a NEAR/100000 b", "('a' <>100000 'b')"},
    /* is it gone? */
    {"gone:no", "status='live'"},
    {"GONE:unknown", "status='unknown'"},
    {"gone:yes", "(not (or status='live' status='unknown'))"},
    {"gone:(yes OR no)", "(or (not (or status='live' status='unknown')) status='live')"},
    {"Ёлка,", "'елка'"},        /* punctuation around a bare word is not meant */
    {"，中国！", "\",中国!\""}, /* around a Han run it is */
    {"《中国》（下）", "\"《中国》(下)\""},
    {"中国“？”！", "\"中国“?”!\""},
    {"\"“中国”\"", "\"“中国”\""},
    {"“ :", "(and \"“\" \":\")"}, /* a mark alone is a string like any other */
    {"B=52", "\"b=52\""},
    {"+7 727", "(and \"7\" \"727\")"},
    {"'cause don't", "(and 'cause' 'don't')"},
    {"author:\"“a”\"", "author='“a”'"},
    {"\"Ёлка,\"", "\"елка,\""},
    {"...", "\"...\""},
    {"\xE3\x80\x80"
     "a\xE3\x80\x80"
     "b\n",
     "(and 'a' 'b')"},
    {"title:a", "title:'a'"},
    {"TITLE:a", "title:'a'"},
    {"headline:a", "title:'a'"},
    {"text:\"a b\"", "text:\"a b\""},
    {"title:(a OR text:b)", "(or title:'a' text:'b')"},
    {"platform:weibo", "platform='weibo'"},
    {"platform:Weibo", "platform='Weibo'"}, /* values are as written */
    {"section:\"揭秘历史\"", "section='揭秘历史'"},
    {"lang:(kk OR ru)", "(or lang='kk' lang='ru')"},
    {"lang:(kk OR -ru)", "(or lang='kk' (not lang='ru'))"},
    {"-platform:weibo", "(not platform='weibo')"},
    {"url:\"https://a.example/1?x=(2)\"", "url='https://a.example/1?x=(2)'"},
    {"url:https://a.example/1", "url='https://a.example/1'"},
    {"x.topic:a", "x.topic='a'"},
    {"x.a-b.c:\"1 2\"", "x.a-b.c='1 2'"},
    {"copy_of:yes", "copy_of='yes'"},
    {"views:5", "views[5 5]"},
    {"views:1000..5000", "views[1000 5000]"},
    {"views:1000..", "views[1000 -]"},
    {"views:..1000", "views[- 1000]"},
    {"views:>1000", "views[1001 -]"},
    {"views:>=1000", "views[1000 -]"},
    {"views:<10", "views[- 9]"},
    {"views:<=1.9万", "views[- 19000]"},
    {"views:\"1 000..2 000\"", "views[1000 2000]"},
    {"likes:(1 OR 5..6)", "(or likes[1 1] likes[5 6])"},
    {"date:2019", "published_at[1546300800000 1577836799999]"},
    {"date:2019-12..2020-04", "published_at[1575158400000 1588291199999]"},
    {"date:>2019-12-31", "published_at[1577836800000 -]"},
    {"date:>=2020", "published_at[1577836800000 -]"},
    {"date:<2020", "published_at[- 1577836799999]"},
    {"date:<=2020-01-01", "published_at[- 1577923199999]"},
    {"date:\"2020-01-01T08:00+08:00..2020-01-02T00:00Z\"",
     "published_at[1577836800000 1577923259999]Z"},
    {"collected_at:2020-05", "collected_at[1588291200000 1590969599999]"},
    {"words:>=200", "words[200 -]"},
};

START_TEST(trees) {
    jbk_query *q;
    size_t at;
    jbk_buf tree = {0};
    ck_assert_msg(jbk_query_parse(good[_i].query, &q, &at, &test_err) == JBK_OK, "%s: %s",
                  good[_i].query, test_err.msg);
    put_tree(q, &tree);
    ck_assert_msg(!strcmp(jbk_buf_cstr(&tree), good[_i].tree), "%s is %s, not %s", good[_i].query,
                  tree.data, good[_i].tree);
    jbk_query_free(q);
    jbk_buf_free(&tree);
}
END_TEST

START_TEST(strings_of_a_match) {
    jbk_query *q;
    size_t at;
    jbk_buf all = {0};
    jbk_query_list list = {0};
    ck_ok(jbk_query_parse("a (b OR \"c d\") -e -(f g) platform:h title:i views:1", &q, &at,
                          &test_err));
    jbk_query_strings(q, &list);
    for (size_t i = 0; i < list.n; i++) jbk_buf_printf(&all, "%s,", list.at[i]->s);
    ck_assert_str_eq(jbk_buf_cstr(&all), "a,b,c d,i,");
    jbk_buf_free(&all);
    jbk_vec_free(&list);
    jbk_query_free(q);
}
END_TEST

/* --- wrong queries: where, and what is said --- */

static const struct {
    const char *query;
    size_t at;
    const char *said;
} wrong[] = {
    {"", 0, "empty"},
    {" \n\xE3\x80\x80", 0, "empty"},
    {"a\xFF", 0, "not UTF-8"},
    {"a OR", 4, "missing here"},
    {"a OR ", 5, "missing here"},
    {"a AND", 5, "missing here"},
    {"NOT", 3, "missing here"},
    {"OR a", 0, "missing before this"},
    {"AND a", 0, "missing before this"},
    {"a OR OR b", 5, "missing before this"},
    {"a NOT OR b", 6, "missing before this"},
    {"(a", 0, "not closed"},
    {"x (a (b)", 2, "not closed"},
    {"a)", 1, "opens nowhere"},
    {")", 0, "opens nowhere"},
    {"()", 1, "opens nowhere"},
    {"中 \"国", 4, "not closed"},
    {"\"", 0, "not closed"},
    {"a \"\"", 2, "nothing between"},
    {"\"\xE2\x80\x8B\"", 0, "nothing is left"},
    {"a \xE2\x80\x8B", 2, "nothing is left"},
    {"colour:red", 0, "no field 'colour'"},
    {"a https://b.example", 2, "no field 'https'"},
    {"title:", 6, "value is missing"},
    {"a platform: weibo", 11, "value is missing"},
    {"views:)", 6, "value is missing"},
    {"views:many", 6, "not a number"},
    {"views:", 6, "value is missing"},
    {"views:1..x", 6, "not a number"},
    {"views:..", 6, "at least one end"},
    {"views:5..1", 6, "ends before it begins"},
    {"views:100+", 6, "not a number"},
    {"views:>", 6, "not a number"},
    {"views:-1", 6, "not a number"},
    {"date:yesterday", 5, "not a date"},
    {"date:2020-02-30", 5, "not a date"},
    {"date:2020..2019", 5, "ends before it begins"},
    {"date:\"2020-01-01T00:00Z..2021\"", 5, "zone at both ends"},
    {"views:\"\"", 6, "nothing between"},
    {"a}", 1, "'}' means nothing here"},
    {"a~b", 1, "'~' means nothing here"},
    {"**", 0, "needs letters"},
    {"***", 1, "beginning or the end"},
    {"a w*rd", 3, "beginning or the end"},
    {"*a*b*", 2, "beginning or the end"},
    {"a**", 1, "beginning or the end"},
    {"a-b*", 0, "of one word"},
    {"*.", 0, "of one word"},
    {"中国*", 0, "leave the * out"},
    {"title:*", 6, "stands alone"},
    {"~", 0, "right before a word"},
    {"x ~\"a\"", 2, "right before a word"},
    {"~,", 0, "right before a word"},
    {"{KZ", 0, "one code"},
    {"{}", 0, "one code"},
    {"x {KZ CN}", 2, "one code"},
    {"{KZ}x", 0, "one code"},
    {"NEAR a", 0, "missing before this"},
    {"a NEAR", 6, "missing here"},
    {"a NEAR/5 OR b", 9, "missing before this"},
    {"a NEAR NEAR b", 7, "missing before this"},
    {"a NEAR/ b", 2, "number of words"},
    {"a NEAR/x b", 2, "number of words"},
    {"a NEAR/-1 b", 2, "number of words"},
    {"a ADJ/100001 b", 2, "number of words"},
    {"a ADJ/99999999999999999999 b", 2, "number of words"},
    {"a NEAR/5 lang:kk", 14, "has no place in the text"},
    {"views:5 NEAR a", 6, "has no place in the text"},
    {"a NEAR (b OR x.y:1)", 17, "has no place in the text"},
    {"a NEAR *", 7, "has no place"},
    {"a NEAR (b c)", 8, "only OR"},
    {"a NEAR -b", 7, "NOT has no place"},
    {"a NEAR NOT b", 7, "NOT has no place"},
    {"a NEAR (b OR -c)", 13, "NOT has no place"},
    {"(a NEAR b) NEAR c", 1, "without parentheses"},
    {"NOT a NEAR b", 0, "write NOT ("},
    {"x -a NEAR b", 2, "write NOT ("},
    {"a NEAR \"!\"", 7, "without a letter or digit"},
    {"title:a NEAR/3 text:b", 20, "never near"},
    {"gone:maybe", 5, "yes, no or unknown"},
    {"gone:", 5, "value is missing"},
    {"status:deleted", 7, "no such status"},
    {"status:(live OR Gone)", 16, "no such status"},
    /* what people write for operators elsewhere */
    {"views >5", 6, "behind a field"},
    {"date:2019 .. 2020", 10, "behind a field"},
    {"a !b", 2, "-word"},
    {"a && b", 2, "AND, OR and NOT"},
    {"a | b", 2, "AND, OR and NOT"},
    {"“a b”", 0, "straight"},
    {"a «b c»", 2, "straight"},
    {"title:-a", 6, "before the field"},
    {"“中国”", 0, "straight"},
    {"x 「中国 回归」", 2, "straight"},
    {"title:『中国』", 6, "straight"},
    {"author:“a", 7, "straight"},
    {"'中国'", 0, "straight"},
    {"'return to China'", 0, "straight"},
    {"‘return to’", 0, "straight"},
    {"x ‘中国’", 2, "straight"},
    {"platform：weibo", 8, "with a colon"},
    {"title：中国", 5, "with a colon"},
    {"a gone=yes", 6, "with a colon"},
    {"date>=2019", 4, "with a colon"},
    {"x views＞5", 7, "with a colon"},
    {":中国", 0, "right behind"},
    {"title ：中国", 6, "right behind"},
    {"（中国 OR 蒙古）", 0, "plain ( and )"},
    {"(中国 OR 蒙古）", 17, "plain ( and )"},
    {"中国 －蒙古", 7, "plain hyphen"},
    {"中国 —蒙古", 7, "plain hyphen"},
    {"！蒙古", 0, "-word"},
    {"中国|蒙古", 0, "AND, OR and NOT"},
    {"～中国", 0, "plain ~"},
    {"＝word", 0, "plain ="},
    {"x ＊", 2, "plain *"},
    {"+中国", 0, "leave the + out"},
    {"+word", 0, "leave the + out"},
    {"wom?n", 3, "stands for no letter"},
    {"/wom.n/", 0, "regular"},
    {"\"a b\"~5", 5, "NEAR/5"},
    {"a NEAR 5 b", 6, "with a slash"},
    {"a NEAR(5) b", 6, "with a slash"},
    {"a NEAR5 b", 2, "nearness"},
    {"a w/5 b", 2, "nearness"},
    {"date:2019-12-09 10:00", 16, "with a T"},
    {"views:10-20", 6, "two dots"},
    {"date:2019~2020", 5, "two dots"},
};

START_TEST(wrong_queries_are_explained) {
    jbk_query *q = (jbk_query *)&q;
    size_t at = 99;
    jbk_status status = jbk_query_parse(wrong[_i].query, &q, &at, &test_err);
    ck_assert_msg(status == JBK_USAGE, "%s: status %d", wrong[_i].query, (int)status);
    ck_assert_ptr_null(q);
    ck_assert_msg(strstr(test_err.msg, wrong[_i].said) != NULL, "%s: %s", wrong[_i].query,
                  test_err.msg);
    ck_assert_msg(at == wrong[_i].at, "%s: at %zu, not %zu", wrong[_i].query, at, wrong[_i].at);
    ck_assert_ptr_null(strchr(test_err.msg, '\n'));
    ck_assert_int_eq(test_err.status, JBK_USAGE);
}
END_TEST

/* --- limits --- */

static jbk_status parse_repeated(const char *before, const char *unit, size_t n, const char *behind,
                                 const char *closing) {
    jbk_buf s = {0};
    jbk_query *q;
    size_t at;
    jbk_buf_str(&s, before);
    for (size_t i = 0; i < n; i++) jbk_buf_str(&s, unit);
    jbk_buf_str(&s, behind);
    for (size_t i = 0; *closing && i < n; i++) jbk_buf_str(&s, closing);
    jbk_status status = jbk_query_parse(jbk_buf_cstr(&s), &q, &at, &test_err);
    ck_assert(status == JBK_OK ? q && at == 0 : !q && at <= s.len);
    jbk_query_free(q);
    jbk_buf_free(&s);
    return status;
}

START_TEST(nesting_has_a_limit) {
    static const char *const openers[][2] = {
        {"(", ")"}, {"-", ""}, {"NOT ", ""}, {"-(", ")"}, {"title:(", ")"}};
    for (size_t i = 0; i < sizeof openers / sizeof *openers; i++) {
        ck_ok(parse_repeated("", openers[i][0], 100, "a", openers[i][1]));
        ck_status(parse_repeated("", openers[i][0], 300, "a", openers[i][1]), JBK_USAGE);
        ck_assert_msg(strstr(test_err.msg, "too deep") != NULL, "%s", test_err.msg);
        ck_status(parse_repeated("", openers[i][0], 200000, "a", ""), JBK_USAGE);
    }
    /* What was closed does not count: a long list of small groups is no depth. */
    ck_ok(parse_repeated("", "(a) ", 5000, "b", ""));
    ck_ok(parse_repeated("", "-a ", 5000, "b", ""));
}
END_TEST

START_TEST(size_has_a_limit) {
    ck_ok(parse_repeated("", "a ", 90000, "b", ""));
    ck_status(parse_repeated("", "a ", 110000, "b", ""), JBK_USAGE);
    ck_assert_msg(strstr(test_err.msg, "parts") != NULL, "%s", test_err.msg);
    ck_status(parse_repeated("a", " OR a", 110000, "", ""), JBK_USAGE);
    ck_status(parse_repeated("", "views:1 ", 110000, "", ""), JBK_USAGE);
    ck_status(parse_repeated("", "lang:a ", 110000, "", ""), JBK_USAGE);
    ck_status(parse_repeated("a ", "-a ", 110000, "", ""), JBK_USAGE);
    ck_status(parse_repeated("", "* ", 110000, "", ""), JBK_USAGE);
    ck_ok(parse_repeated("a", " NEAR/3 a", 90000, "", ""));
    ck_status(parse_repeated("a", " NEAR/3 a", 110000, "", ""), JBK_USAGE);
    ck_status(parse_repeated("~", "long", 100, "", ""), JBK_USAGE);
    ck_ok(parse_repeated("", "long", 1000000, "", "")); /* one word of 4 MB */
    ck_ok(parse_repeated("\"", "long ", 100000, "\"", ""));
}
END_TEST

/* --- noise --- */

/* Parses; a tree is sound, an error points into the text. */
static void parse_noise(const char *s) {
    /* A copy that ends where its block ends, so that the sanitizer sees a read beyond it. */
    char *copy = jbk_strndup(s, strlen(s));
    jbk_query *q;
    size_t at;
    jbk_buf tree = {0};
    jbk_status status = jbk_query_parse(copy, &q, &at, &test_err);
    if (status == JBK_OK) {
        put_tree(q, &tree);
        ck_must(tree.len > 0, "%s", s);
    } else {
        ck_must(status == JBK_USAGE && !q && at <= strlen(s) && *test_err.msg, "%s: %d", s,
                (int)status);
        ck_must((copy[at] & 0xC0) != 0x80 || at == 0, "%s: %zu is inside a character", s, at);
    }
    jbk_query_free(q);
    jbk_buf_free(&tree);
    free(copy);
}

START_TEST(random_bytes) {
    char s[40];
    random_begin(1);
    for (int i = 0; i < 50000; i++) {
        size_t len = random_below(sizeof s - 1);
        for (size_t k = 0; k < len; k++) s[k] = (char)(1 + random_below(i % 2 ? 127 : 255));
        s[len] = '\0';
        parse_noise(s);
    }
}
END_TEST

START_TEST(random_characters) {
    jbk_buf s = {0};
    random_begin(2);
    for (int i = 0; i < 20000; i++) {
        random_text(&s, random_below(20), false);
        parse_noise(jbk_buf_cstr(&s));
    }
    jbk_buf_free(&s);
}
END_TEST

START_TEST(random_tokens) {
    static const char *const tokens[] = {"(",
                                         ")",
                                         "\"",
                                         "-",
                                         "NOT",
                                         "OR",
                                         "AND",
                                         " ",
                                         "  ",
                                         "a",
                                         "中国",
                                         "title:",
                                         "text:",
                                         "lang:",
                                         "views:",
                                         "date:",
                                         "x.y:",
                                         "no:",
                                         "1..5",
                                         ">=2",
                                         "..",
                                         "2019",
                                         "*",
                                         "~",
                                         "=",
                                         "\\",
                                         "\\\"",
                                         ":",
                                         "platform:",
                                         "<",
                                         "，",
                                         "\t",
                                         "1.9万",
                                         "{KZ}",
                                         "word*",
                                         "NEAR",
                                         "ADJ/3",
                                         "NEAR/",
                                         "gone:",
                                         "copy_of:",
                                         "x.",
                                         "\xE2\x80\x8B",
                                         "\xE3\x80\x80",
                                         "2019-12",
                                         "\"a b\"",
                                         "status:live",
                                         "’"};
    random_begin(3);
    for (int i = 0; i < 100000; i++) {
        char s[512] = "";
        for (size_t n = random_below(24); n; n--) strcat(s, random_pick(tokens));
        parse_noise(s);
    }
}
END_TEST

/* --- ranges --- */

static jbk_answer ask(const char *query, int64_t value) {
    jbk_query *q;
    size_t at;
    ck_ok(jbk_query_parse(query, &q, &at, &test_err));
    ck_assert_int_eq(q->kind, JBK_Q_RANGE);
    jbk_answer answer = jbk_range_test(q, value);
    jbk_query_free(q);
    return answer;
}

static int64_t count(uint64_t n, bool lower_bound) {
    return (int64_t)jbk_count_pack((jbk_count){n, lower_bound});
}

START_TEST(ranges_of_counts) {
    ck_assert_int_eq(ask("views:5..9", count(5, false)), JBK_YES);
    ck_assert_int_eq(ask("views:5..9", count(9, false)), JBK_YES);
    ck_assert_int_eq(ask("views:5..9", count(4, false)), JBK_NO);
    ck_assert_int_eq(ask("views:5..9", count(10, false)), JBK_NO);
    ck_assert_int_eq(ask("views:>=0", JBK_ABSENT), JBK_NO);
    ck_assert_int_eq(ask("views:0", count(0, false)), JBK_YES);
    ck_assert_int_eq(ask("views:<0", count(0, false)), JBK_NO);
    ck_assert_int_eq(ask("views:>=0", count(JBK_COUNT_MAX, false)), JBK_YES);
    ck_assert_int_eq(ask("views:>1152921504606846975", count(JBK_COUNT_MAX, false)), JBK_NO);
    /* "100万+" */
    ck_assert_int_eq(ask("views:>=1000000", count(1000000, true)), JBK_YES);
    ck_assert_int_eq(ask("views:>1000000", count(1000000, true)), JBK_UNDECIDED);
    ck_assert_int_eq(ask("views:>=2000000", count(1000000, true)), JBK_UNDECIDED);
    ck_assert_int_eq(ask("views:<1000000", count(1000000, true)), JBK_NO);
    ck_assert_int_eq(ask("views:1000000", count(1000000, true)), JBK_UNDECIDED);
    ck_assert_int_eq(ask("views:..5000000", count(1000000, true)), JBK_UNDECIDED);
}
END_TEST

static int64_t when(const char *s, int zone) {
    jbk_time t;
    ck_assert(jbk_time_parse(s, strlen(s), zone, &t));
    return jbk_time_pack(&t);
}

/* A day is the day of the record's own clock, unless the query gives a zone. */
START_TEST(ranges_of_times) {
    int64_t late = when("2019-12-09T23:30", 480), early = when("2019-12-09 00:10", 480);
    ck_assert_int_eq(ask("date:2019-12-09", late), JBK_YES);
    ck_assert_int_eq(ask("date:2019-12-09", early), JBK_YES);
    ck_assert_int_eq(ask("date:2019-12-10", late), JBK_NO);
    ck_assert_int_eq(ask("date:\"2019-12-09T00:00Z..2019-12-09T23:59Z\"", late), JBK_YES);
    ck_assert_int_eq(ask("date:\"2019-12-09T00:00Z..2019-12-09T23:59Z\"", early), JBK_NO);
    ck_assert_int_eq(ask("date:2019", JBK_ABSENT), JBK_NO);
    ck_assert_int_eq(ask("date:2019", when("2019", 0)), JBK_YES);
    ck_assert_int_eq(ask("date:..2018", when("2019", 0)), JBK_NO);
}
END_TEST

#define COUNT(array) (int)(sizeof(array) / sizeof *(array))

int main(void) {
    Suite *suite = suite_create("query");
    TCase *parse = tcase_create("parse");
    tcase_add_loop_test(parse, trees, 0, COUNT(good));
    tcase_add_test(parse, strings_of_a_match);
    tcase_add_loop_test(parse, wrong_queries_are_explained, 0, COUNT(wrong));
    suite_add_tcase(suite, parse);

    TCase *limits = tcase_create("limits");
    tcase_set_timeout(limits, 60);
    tcase_add_test(limits, nesting_has_a_limit);
    tcase_add_test(limits, size_has_a_limit);
    suite_add_tcase(suite, limits);

    TCase *noise = tcase_create("noise");
    tcase_set_timeout(noise, 60);
    tcase_add_test(noise, random_bytes);
    tcase_add_test(noise, random_characters);
    tcase_add_test(noise, random_tokens);
    suite_add_tcase(suite, noise);

    TCase *ranges = tcase_create("ranges");
    tcase_add_test(ranges, ranges_of_counts);
    tcase_add_test(ranges, ranges_of_times);
    suite_add_tcase(suite, ranges);
    return run_suite(suite);
}
