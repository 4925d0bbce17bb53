/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The shim alone: build, merge, read back, against a table in memory. */
#include "shim/postings.h"
#include "support.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum { DOCS = 700, TERMS = 60 };

static char *dir, *merged;
/* How often each term occurs in each document; term 0 is in all, the last in none. */
static uint32_t table[DOCS][TERMS];
static char names[TERMS][512];
static size_t name_len[TERMS];

static void setup(void) {
    dir = temp_make();
    merged = temp_path(dir, "merged");
}

static void teardown(void) {
    free(merged);
    temp_remove(dir);
}

/* Names of every length up to the limit, NULs and high bytes among them. */
static void make_table(void) {
    for (size_t t = 0; t < TERMS; t++) {
        size_t len = t % 7 == 6 ? 245 : 4 + random_below(40);
        for (size_t i = 0; i < len; i++) names[t][i] = (char)(1 + random_below(255));
        if (t % 5 == 3) names[t][2] = '\0'; /* counts twice */
        if (t % 5 == 3 && len == 245) len--;
        names[t][0] = (char)(t + 1); /* distinct */
        name_len[t] = len;
        for (size_t d = 0; d < DOCS; d++) {
            bool there = t == 0 || (t + 1 < TERMS && random_below(TERMS) > t);
            table[d][t] = there ? 1 + (uint32_t)random_below(t % 3 ? 5 : 100000) : 0;
        }
    }
}

static void end_run(jbk_postings_builder *b) {
    jbk_term terms[TERMS];
    for (size_t t = 0; t < TERMS; t++) terms[t] = (jbk_term){names[t], (uint32_t)name_len[t]};
    ck_ok(jbk_postings_end(b, terms, TERMS, &test_err));
}

static void build(const char *path, size_t from, size_t to) {
    jbk_postings_builder *b;
    ck_ok(jbk_postings_begin(path, &b, &test_err));
    for (size_t d = from; d < to; d++) {
        jbk_posting postings[TERMS];
        size_t n = 0;
        for (size_t t = TERMS; t--;)
            if (table[d][t]) postings[n++] = (jbk_posting){(uint32_t)t, table[d][t]};
        jbk_postings_add(b, postings, n);
    }
    end_run(b);
}

static void assert_term(jbk_postings *p, size_t t, size_t from, size_t to, size_t cap) {
    uint32_t docs[64], counts[64], frequency;
    size_t n, want = 0, next = from;
    for (size_t d = from; d < to; d++) want += table[d][t] > 0;
    ck_ok(jbk_postings_frequency(p, names[t], name_len[t], &frequency, &test_err));
    ck_must(frequency == want, "term %zu: %u documents, not %zu", t, frequency, want);
    ck_ok(jbk_postings_start(p, names[t], name_len[t], &test_err));
    for (;;) {
        bool with_counts = random_below(2);
        ck_ok(jbk_postings_fetch(p, docs, with_counts ? counts : NULL, cap, &n, &test_err));
        if (!n) break;
        ck_must(n <= cap, "%zu", n);
        for (size_t i = 0; i < n; i++) {
            while (next < to && !table[next][t]) next++;
            ck_must(next < to && docs[i] == next - from, "term %zu: document %u", t, docs[i]);
            ck_must(!with_counts || counts[i] == table[next][t], "term %zu in %zu: %u", t, next,
                    counts[i]);
            next++;
        }
    }
    while (next < to && !table[next][t]) next++;
    ck_must(next == to, "term %zu ends at %zu", t, next);
    ck_ok(jbk_postings_fetch(p, docs, counts, cap, &n, &test_err)); /* the end stays the end */
    ck_assert_uint_eq(n, 0);
}

static void assert_table(const char *path, size_t from, size_t to) {
    jbk_postings *p;
    ck_ok(jbk_postings_open(path, NULL, &p, &test_err));
    for (size_t t = 0; t < TERMS; t++) assert_term(p, t, from, to, 1 + random_below(64));
    /* Starting another term ends the walk before. */
    uint32_t doc;
    size_t n;
    ck_ok(jbk_postings_start(p, names[0], name_len[0], &test_err));
    ck_ok(jbk_postings_fetch(p, &doc, NULL, 1, &n, &test_err));
    assert_term(p, 1, from, to, 3);
    jbk_postings_close(p);
}

static void assert_same_file(const char *a, const char *b) {
    FILE *x = fopen(a, "rb"), *y = fopen(b, "rb");
    ck_assert(x && y);
    for (int c; (c = getc(x)) == getc(y);)
        if (c == EOF) {
            fclose(x);
            fclose(y);
            return;
        }
    ck_abort_msg("%s and %s differ", a, b);
}

START_TEST(merged_in_order) {
    static const size_t cuts[][5] = {
        {0, DOCS, DOCS}, {0, 350, DOCS, DOCS}, {0, 1, 2, DOCS, DOCS}, {0, 300, 300, DOCS, DOCS}};
    random_begin((uint64_t)_i + 1);
    make_table();
    const size_t *cut = cuts[_i];
    char *paths[4];
    size_t n = 0;
    for (; cut[n] < DOCS; n++) {
        char name[16];
        snprintf(name, sizeof name, "part%zu", n);
        paths[n] = temp_path(dir, name);
        build(paths[n], cut[n], cut[n + 1]);
    }
    ck_ok(jbk_postings_merge((const char *const *)paths, n, merged, &test_err));
    struct stat st;
    ck_assert(!stat(merged, &st) && S_ISREG(st.st_mode)); /* a single file */
    assert_table(merged, 0, DOCS);
    char *again = temp_path(dir, "again"); /* merging leaves its sources, and makes the same */
    ck_ok(jbk_postings_merge((const char *const *)paths, n, again, &test_err));
    assert_same_file(merged, again);
    free(again);
    for (size_t i = 0; i < n; i++) free(paths[i]);
}
END_TEST

START_TEST(merged_again) {
    random_begin(9);
    make_table();
    char *a = temp_path(dir, "a"), *b = temp_path(dir, "b"), *first = temp_path(dir, "first");
    build(a, 0, 200);
    build(b, 200, DOCS);
    const char *one[] = {a}, *two[] = {first, b};
    ck_ok(jbk_postings_merge(one, 1, first, &test_err));
    ck_ok(jbk_postings_merge(two, 2, merged, &test_err)); /* a database and a run */
    assert_table(merged, 0, DOCS);
    free(a);
    free(b);
    free(first);
}
END_TEST

/* Names that share their beginning make the branches of the tree long, and the tree deep. */
START_TEST(a_deep_tree) {
    enum { N = 20000, LEN = 240 };
    static char many[N][LEN];
    static jbk_term terms[N];
    static jbk_posting postings[N];
    for (uint32_t i = 0; i < N; i++) {
        memset(many[i], 'a', LEN);
        snprintf(many[i] + 230, 10, "%09u", i * 7919u % 1000003u);
        many[i][239] = 'z';
        terms[i] = (jbk_term){many[i], LEN};
        postings[i] = (jbk_posting){i, i + 1};
    }
    char *a = temp_path(dir, "a");
    const char *one[] = {a}, *two[] = {merged, a};
    jbk_postings_builder *b;
    ck_ok(jbk_postings_begin(a, &b, &test_err));
    jbk_postings_add(b, postings, N);
    jbk_postings_add(b, postings, N / 2);
    ck_ok(jbk_postings_end(b, terms, N, &test_err));
    ck_ok(jbk_postings_merge(one, 1, merged, &test_err));
    char *twice = temp_path(dir, "twice");
    ck_ok(jbk_postings_merge(two, 2, twice, &test_err));
    jbk_postings *p;
    ck_ok(jbk_postings_open(twice, NULL, &p, &test_err));
    for (uint32_t i = 0; i < N; i++) {
        uint32_t docs[8], counts[8];
        size_t n;
        ck_ok(jbk_postings_start(p, many[i], LEN, &test_err));
        ck_ok(jbk_postings_fetch(p, docs, counts, 8, &n, &test_err));
        ck_must(n == (i < N / 2 ? 4 : 2) && counts[0] == i + 1, "term %u: %zu", i, n);
        ck_must(docs[0] == 0 && docs[n - 1] == (i < N / 2 ? 3 : 2), "term %u", i);
    }
    uint32_t found = 0;
    const char *term, *before = NULL;
    size_t len;
    char last[LEN];
    ck_ok(jbk_postings_terms_start(p, &test_err));
    for (;; found++) {
        ck_ok(jbk_postings_terms_next(p, &term, &len, &test_err));
        if (!len) break;
        ck_must(len == LEN && (!before || memcmp(last, term, LEN) < 0), "after %u terms", found);
        memcpy(last, term, LEN);
        before = last;
    }
    ck_assert_uint_eq(found, N);
    jbk_postings_close(p);
    free(twice);
    free(a);
}
END_TEST

/* Document numbers of every length, lists of many chunks. */
START_TEST(long_lists) {
    enum { N = 100000, TIMES = 50, EVERY = 3 };
    char *a = temp_path(dir, "a");
    const char *paths[TIMES];
    jbk_postings_builder *b;
    ck_ok(jbk_postings_begin(a, &b, &test_err));
    for (uint32_t d = 0; d < N; d++) {
        jbk_posting postings[] = {{0, 1 + d % 300}, {1, 70000}};
        jbk_postings_add(b, postings, d % EVERY ? 0 : d % 1000 ? 1 : 2);
    }
    jbk_term terms[] = {{"often", 5}, {"rare", 4}};
    ck_ok(jbk_postings_end(b, terms, 2, &test_err));
    for (size_t i = 0; i < TIMES; i++) paths[i] = a;
    ck_ok(jbk_postings_merge(paths, TIMES, merged, &test_err));
    jbk_postings *p;
    uint32_t docs[500], counts[500], total, wrong = 0, want = 0;
    size_t n;
    ck_ok(jbk_postings_open(merged, NULL, &p, &test_err));
    ck_ok(jbk_postings_docs(p, &total, &test_err));
    ck_assert_uint_eq(total, N * TIMES);
    ck_ok(jbk_postings_start(p, "often", 5, &test_err));
    for (size_t seen = 0;;) {
        ck_ok(jbk_postings_fetch(p, docs, counts, 500, &n, &test_err));
        if (!n) {
            ck_assert_uint_eq(seen, (N + EVERY - 1) / EVERY * TIMES);
            break;
        }
        for (size_t i = 0; i < n; i++, seen++) {
            wrong += docs[i] != want || counts[i] != 1 + want % N % 300;
            want += EVERY;
            if (want % N < EVERY) want = want / N * N; /* each run begins anew */
        }
    }
    ck_assert_uint_eq(wrong, 0);
    ck_ok(jbk_postings_frequency(p, "rare", 4, &total, &test_err));
    ck_assert_uint_eq(total, (N + 2999) / 3000 * TIMES);
    jbk_postings_close(p);
    free(a);
}
END_TEST

START_TEST(documents_without_terms_count) {
    jbk_postings_builder *b;
    jbk_postings *p;
    uint32_t docs[4];
    size_t n;
    char *a = temp_path(dir, "a");
    ck_ok(jbk_postings_begin(a, &b, &test_err));
    jbk_posting posting = {0, 3};
    jbk_term term = {"x", 1};
    jbk_postings_add(b, NULL, 0);
    jbk_postings_add(b, &posting, 1);
    jbk_postings_add(b, NULL, 0);
    ck_ok(jbk_postings_end(b, &term, 1, &test_err));
    const char *twice[] = {a, a};
    ck_ok(jbk_postings_merge(twice, 2, merged, &test_err));
    ck_ok(jbk_postings_open(merged, NULL, &p, &test_err));
    ck_ok(jbk_postings_start(p, "x", 1, &test_err));
    ck_ok(jbk_postings_fetch(p, docs, NULL, 4, &n, &test_err));
    ck_assert_uint_eq(n, 2);
    ck_assert_uint_eq(docs[0], 1);
    ck_assert_uint_eq(docs[1], 4);
    uint32_t total;
    ck_ok(jbk_postings_docs(p, &total, &test_err));
    ck_assert_uint_eq(total, 6);
    jbk_postings_close(p);
    free(a);
}
END_TEST

START_TEST(nothing_at_all) {
    jbk_postings_builder *b;
    jbk_postings *p;
    uint32_t frequency, doc;
    size_t n;
    char *a = temp_path(dir, "a");
    const char *one[] = {a};
    ck_ok(jbk_postings_begin(a, &b, &test_err));
    ck_ok(jbk_postings_end(b, NULL, 0, &test_err));
    ck_ok(jbk_postings_merge(one, 1, merged, &test_err));
    free(a);
    ck_ok(jbk_postings_open(merged, NULL, &p, &test_err));
    ck_ok(jbk_postings_frequency(p, "x", 1, &frequency, &test_err));
    ck_assert_uint_eq(frequency, 0);
    ck_ok(jbk_postings_fetch(p, &doc, NULL, 1, &n, &test_err)); /* before any start */
    ck_assert_uint_eq(n, 0);
    ck_ok(jbk_postings_start(p, "x", 1, &test_err));
    ck_ok(jbk_postings_fetch(p, &doc, NULL, 1, &n, &test_err));
    ck_assert_uint_eq(n, 0);
    jbk_postings_close(p);
    jbk_postings_close(NULL);
    jbk_postings_drop(NULL);
}
END_TEST

/* Exceptions become statuses. */
START_TEST(failures_have_a_status) {
    jbk_postings *p = (jbk_postings *)&p;
    jbk_postings_builder *b;
    char *missing = temp_path(dir, "missing"), *inside = temp_path(dir, "no/such/folder");
    ck_status(jbk_postings_open(missing, NULL, &p, &test_err), JBK_IO);
    ck_assert_ptr_null(p);
    ck_assert_ptr_null(strchr(test_err.msg, '\n'));
    ck_status(jbk_postings_open(missing, NULL, &p, NULL), JBK_IO); /* nobody listens */
    ck_assert_int_ne(jbk_postings_begin(inside, &b, &test_err), JBK_OK);
    ck_assert_ptr_null(b);
    const char *paths[] = {missing};
    ck_status(jbk_postings_merge(paths, 1, merged, &test_err), JBK_IO);
    close(open(missing, O_CREAT | O_WRONLY, 0666));
    ck_assert_int_ne(jbk_postings_open(missing, NULL, &p, &test_err), JBK_OK);

    char *a = temp_path(dir, "a"), longest[246];
    memset(longest, 'x', sizeof longest);
    jbk_posting once = {0, 1};
    jbk_term term = {longest, sizeof longest};
    const char *of_a[] = {a};
    for (int i = 0; i < 2; i++, term.len--) {
        ck_ok(jbk_postings_begin(a, &b, &test_err));
        jbk_postings_add(b, &once, 1);
        ck_ok(jbk_postings_end(b, &term, 1, &test_err));
        jbk_status too_long = jbk_postings_merge(of_a, 1, merged, &test_err);
        ck_assert_int_eq(too_long, i ? JBK_OK : JBK_FULL);
    }
    ck_ok(jbk_postings_begin(a, &b, &test_err));
    jbk_postings_add(b, &once, 1);
    ck_status(jbk_postings_end(b, &term, 0, &test_err), JBK_INTERNAL); /* without a name */
    ck_ok(jbk_postings_begin(a, &b, &test_err));
    jbk_postings_drop(b);
    free(a);
    free(missing);
    free(inside);
}
END_TEST

START_TEST(a_cut_file_fails_and_does_no_harm) {
    random_begin(10);
    make_table();
    char *a = temp_path(dir, "a");
    build(a, 0, DOCS);
    const char *one[] = {a};
    ck_ok(jbk_postings_merge(one, 1, merged, &test_err));
    struct stat st;
    ck_assert(!stat(merged, &st));
    for (off_t len = st.st_size - 1; len > 0; len = len * 3 / 4) {
        jbk_postings *p;
        uint32_t docs[16];
        size_t n;
        ck_assert_int_eq(truncate(merged, len), 0);
        jbk_status status = jbk_postings_open(merged, NULL, &p, &test_err);
        for (size_t t = 0; t < TERMS && !status; t++) {
            status = jbk_postings_start(p, names[t], name_len[t], &test_err);
            do n = 0;
            while (!status && !(status = jbk_postings_fetch(p, docs, NULL, 16, &n, &test_err)) &&
                   n);
        }
        ck_assert_msg(status != JBK_OK || len > st.st_size / 2, "%ld of %ld bytes", (long)len,
                      (long)st.st_size);
        jbk_postings_close(p);
    }
    free(a);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("postings");
    TCase *tcase = tcase_create("postings");
    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_set_timeout(tcase, 60);
    tcase_add_loop_test(tcase, merged_in_order, 0, 4);
    tcase_add_test(tcase, merged_again);
    tcase_add_test(tcase, a_deep_tree);
    tcase_add_test(tcase, long_lists);
    tcase_add_test(tcase, documents_without_terms_count);
    tcase_add_test(tcase, nothing_at_all);
    tcase_add_test(tcase, failures_have_a_status);
    tcase_add_test(tcase, a_cut_file_fails_and_does_no_harm);
    suite_add_tcase(suite, tcase);
    return run_suite(suite);
}
