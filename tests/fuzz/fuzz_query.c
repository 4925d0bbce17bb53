/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Any string as a query: what the parser takes is printed and parsed to the same tree, and finds
 * in an index what a look at every text finds. */
#include "fuzz.h"

#include "base/utf8.h"
#include "eval.h"
#include "expand.h"
#include "indexer/commands.h"
#include "plain_eval.h"
#include "print_query.h"
#include "text/fold.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* Trees of more parts than this are parsed only: every part looks at every text. */
enum { PARTS_MAX = 200 };

static const plain_doc DOCS[] = {
    {"哈萨克斯坦为何渴望回归中国", "揭秘历史真相：哈萨克斯坦曾是中国的一部分，1991年独立。"},
    {"蒙古为何渴望回归中国", "揭秘歷史真相：蒙古曾是中國的一部分。"},
    {"Қытай елшісіне нота", "Қазақстан Сыртқы істер министрлігі Қытай елшісіне нота тапсырды."},
    {"Qytai elshisine nota", "Qazaqstan Syrtqy ister ministrligi Qytai elshisine nota tapsyrdy."},
    {"قىتاي ەلشىسىنە نوتا", "قازاقستان سىرتقى ىستەر مينيسترلىگى نوتا تاپسىردى"},
    {"Казахстан вручил ноту", "МИД Казахстана вручил послу Китая ноту протеста. Ёлки-палки, всё."},
    {"Kazakhstan summons ambassador", "Kazakhstan's foreign ministry summoned China's ambassador."},
    {"", "don't rock'n'roll, G20峰会 COVID-19 abc.com 3.14 a-b a b a c b a"},
    {"习近平会见", "习近平会见哈萨克斯坦总统，哈薩克與中國。哈萨克 哈萨克族 斯坦"},
    {"ئۇيغۇر خەۋەرلىرى", "ئۇيغۇر تىلى، خىتاي ۋە قازاقىستان"},
    {"カタカナとひらがな", "ภาษาไทย ひらがな 한국어 日本語 中々́国"},
    {"aaa aaa", "aa aaa a aa aaa aaaa 111 1111 1 11"},
    {"Same text", "the quick brown fox jumps over the lazy dog"},
    {"Same text", "the quick brown fox jumps over the lazy dog"},
    {"...", "!!! ??? —— 「」 “中国” (a) \"b\""},
};
enum { NDOCS = sizeof DOCS / sizeof *DOCS };

static jbk_err err;
static jbk_index *searched;

static char *write_input(void) {
    jbk_buf lines = {0};
    for (size_t i = 0; i < NDOCS; i++) {
        json_t *o = json_pack("{ss#, ss, ss, ss, si}", "id", &"0123456789abcdef"[i], 1, "platform",
                              i % 2 ? "weibo" : "wechat", "title", DOCS[i].title, "text",
                              DOCS[i].text, "views", (int)i * 100);
        char *line = json_dumps(o, JSON_COMPACT);
        jbk_buf_str(&lines, line);
        jbk_buf_str(&lines, "\n");
        free(line);
        json_decref(o);
    }
    char *path = fuzz_file("docs.jsonl", lines.data, lines.len);
    jbk_buf_free(&lines);
    return path;
}

static void begin(void) {
    if (searched) return;
    char *path = write_input(), *folder = jbk_printf("%s/docs.jibek", fuzz_folder());
    char *argv[] = {(char *)"index", (char *)"-i", folder, (char *)"--jobs", (char *)"1", path};
    fuzz_check(jbk_command_index.run(6, argv) == 0);
    fuzz_ok(jbk_index_open(folder, &searched, &err), &err);
    fuzz_check(searched->docs == NDOCS);
    plain_open(DOCS, NDOCS);
    free(path);
    free(folder);
}

static size_t parts_of(const jbk_query *q) {
    size_t n = 1;
    for (size_t i = 0; i < q->children.n; i++) n += parts_of(q->children.at[i]);
    return n;
}

static void check_print(const jbk_query *q) {
    jbk_buf text = {0};
    jbk_query *again;
    size_t at;
    if (print_query(q, &text)) {
        jbk_status status = jbk_query_parse(jbk_buf_cstr(&text), &again, &at, &err);
        if (status || !same_query(q, again)) fprintf(stderr, "printed: %s\n", text.data);
        fuzz_ok(status, &err);
        fuzz_check(same_query(q, again));
        jbk_query_free(again);
    }
    jbk_buf_free(&text);
}

static void check_answer(jbk_query *q) {
    jbk_answers none = {0};
    jbk_match_set m;
    uint64_t found = 0;
    fuzz_ok(jbk_expand(searched, q, &err), &err);
    fuzz_ok(jbk_eval(searched, q, &none, &m, &err), &err);
    for (uint32_t d = 0; d < NDOCS; d++) found |= (uint64_t)roaring_bitmap_contains(m.sure, d) << d;
    fuzz_check(roaring_bitmap_get_cardinality(m.sure) <= NDOCS);
    if (plain_knows(q)) {
        uint64_t want = plain_eval(q);
        if (found != want)
            fprintf(stderr, "found %#llx, not %#llx\n", (unsigned long long)found,
                    (unsigned long long)want);
        fuzz_check(found == want);
    }
    jbk_match_set_free(&m);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    jbk_query *q;
    size_t at;
    begin();
    char *text = jbk_strndup((const char *)data, size);
    jbk_status status = jbk_query_parse(text, &q, &at, &err);
    fuzz_check(at <= strlen(text));
    fuzz_check(!status == (q != NULL));
    fuzz_check(!status || (status == JBK_USAGE && *err.msg && !strchr(err.msg, '\n')));
    if (q && parts_of(q) <= PARTS_MAX) {
        check_print(q);
        check_answer(q);
    }
    jbk_query_free(q);
    free(text);
    return 0;
}
