/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Observations as they are kept, and what they come to. */
#include "base/status.h"
#include "store/record.h"
#include "store/verify.h"
#include "store_fixture.h"
#include "support.h"

#include <stdio.h>
#include <stdlib.h>

START_TEST(observations_keep_their_order) {
    static const uint32_t docs[] = {0, 1, 2, 7, 255, 256, 65536, UINT32_MAX - 1};
    enum { DOCS = sizeof docs / sizeof *docs, EACH = 40 };
    random_begin(2);
    uint32_t given[DOCS] = {0};
    for (int round = 0; round < 4; round++) {
        jbk_commit *c = begin();
        for (int i = 0; i < DOCS * EACH / 4; i++) {
            size_t d = random_below(DOCS);
            /* The time says nothing about the order: later ones may be seen earlier. */
            jbk_recorded r = {docs[d], jbk_observation_none()};
            jbk_observation o = r.seen;
            char message[16];
            int len = snprintf(message, sizeof message, "said %u", given[d] % 3);
            o.message = (jbk_str){message, given[d] % 4 ? (size_t)len : 0};
            o.at = -(int64_t)given[d];
            o.status = (int32_t)given[d] % 9 - 1;
            for (int k = 0; k < 4; k++) o.counts[k] = k == 2 ? JBK_ABSENT : (int64_t)given[d] * k;
            r.seen = o;
            ck_ok(jbk_commit_observations(c, &r, 1, &test_err));
            given[d]++;
        }
        ck_ok(jbk_commit_end(c, &test_err));
    }
    jbk_view *v = view();
    jbk_observations all = {0};
    for (size_t d = 0; d < DOCS; d++) {
        all.n = 0;
        ck_ok(jbk_view_observations(v, docs[d], &all, &test_err));
        ck_assert_uint_eq(all.n, given[d]);
        for (size_t i = 0; i < all.n; i++) {
            const jbk_observation *o = &all.at[i];
            ck_must(o->at == -(int64_t)i && o->status == (int32_t)i % 9 - 1 && !o->at_assumed &&
                        o->counts[2] == JBK_ABSENT && o->counts[3] == (int64_t)i * 3 &&
                        (i % 4 ? o->message.len == 6 && o->message.s[5] == (char)('0' + i % 3)
                               : !o->message.len),
                    "observation %zu of %u", i, docs[d]);
        }
    }
    ck_ok(jbk_view_observations(v, 3, &all, &test_err)); /* appends nothing */
    ck_assert_uint_eq(all.n, given[DOCS - 1]);
    jbk_vec_free(&all);
    jbk_view_close(v);
}
END_TEST

START_TEST(what_waits_is_found_by_its_name) {
    jbk_observation o[3];
    for (int i = 0; i < 3; i++) {
        o[i] = jbk_observation_none();
        o[i].at = i;
        o[i].status = 1 + i;
        o[i].message = (jbk_str){"the same words", 14};
    }
    jbk_commit *c = begin();
    ck_ok(jbk_commit_pending(c, "uA", 2, o, 2, &test_err));
    ck_ok(jbk_commit_pending(c, "uB", 2, o, 1, &test_err));
    ck_ok(jbk_commit_pending(c, "uA", 2, o + 2, 1, &test_err));
    ck_ok(jbk_commit_end(c, &test_err));
    jbk_view *v = view();
    jbk_observations all = {0};
    uint64_t count;
    ck_ok(jbk_view_pending(v, "uA", 2, &all, &test_err));
    ck_assert_uint_eq(all.n, 3);
    for (size_t i = 0; i < 3; i++) ck_assert(jbk_observation_same(&all.at[i], &o[i]));
    ck_ok(jbk_view_pending(v, "uC", 2, &all, &test_err)); /* appends nothing */
    ck_assert_uint_eq(all.n, 3);
    ck_ok(jbk_view_pending_count(v, &count, &test_err));
    ck_assert_uint_eq(count, 4);
    jbk_view_close(v);
    c = begin();
    ck_ok(jbk_commit_drop_pending(c, "uA", 2, &test_err));
    ck_ok(jbk_commit_drop_pending(c, "uC", 2, &test_err));
    ck_ok(jbk_commit_end(c, &test_err));
    v = view();
    ck_ok(jbk_view_pending_count(v, &count, &test_err));
    ck_assert_uint_eq(count, 1);
    jbk_vec_free(&all);
    jbk_view_close(v);
}
END_TEST

START_TEST(dropping_a_history_leaves_its_neighbours) {
    jbk_commit *c = begin();
    for (uint32_t i = 0; i < 3000; i++) { /* more than a row holds */
        char message[20];
        jbk_recorded r = {i % 3, jbk_observation_none()};
        r.seen.at = i;
        r.seen.message = (jbk_str){message, (size_t)snprintf(message, sizeof message, "%u", i)};
        ck_ok(jbk_commit_observations(c, &r, 1, &test_err));
    }
    ck_ok(jbk_commit_drop_observations(c, 1, &test_err));
    ck_ok(jbk_commit_drop_observations(c, 7, &test_err));
    ck_ok(jbk_commit_end(c, &test_err));
    jbk_view *v = view();
    jbk_recorded_list all = {0};
    ck_ok(jbk_view_histories(v, 0, 3, &all, &test_err));
    ck_assert_uint_eq(all.n, 2000);
    for (size_t i = 0; i < all.n; i++) {
        uint32_t doc = i < 1000 ? 0 : 2, at = (uint32_t)(i % 1000) * 3 + doc;
        char message[20];
        int len = snprintf(message, sizeof message, "%u", at);
        ck_assert(all.at[i].doc == doc && all.at[i].seen.at == at &&
                  all.at[i].seen.message.len == (size_t)len &&
                  !memcmp(all.at[i].seen.message.s, message, (size_t)len));
    }
    jbk_vec_free(&all);
    jbk_view_close(v);
}
END_TEST

/* Whatever a row holds, reading it ends inside it. */
START_TEST(rows_of_observations_may_hold_anything) {
    random_begin(3);
    jbk_recorded_list all = {0};
    for (int round = 0; round < 20000; round++) {
        size_t len = random_below(60);
        char *bytes = jbk_alloc(len + 1);
        for (size_t i = 0; i < len; i++) bytes[i] = (char)random_below(round % 2 ? 256 : 4);
        jbk_str name;
        all.n = 0;
        if (jbk_history_read_part(7, bytes, len, &all))
            for (size_t i = 0; i < all.n; i++) ck_assert_uint_eq(all.at[i].doc / 256, 7);
        all.n = 0;
        (void)jbk_pending_read_row(bytes, len, &name, &all);
        free(bytes);
    }
    jbk_vec_free(&all);
}
END_TEST

static jbk_observation seen(int64_t ms, int32_t status, uint8_t confirm) {
    jbk_observation o = jbk_observation_none();
    o.at = ms * 65536;
    o.status = status;
    o.confirm = confirm;
    return o;
}

START_TEST(a_history_comes_to_what_was_seen_last) {
    enum { LIVE = JBK_STATUS_LIVE, GONE = JBK_STATUS_GONE, MOVED = JBK_STATUS_ACCOUNT_MOVED };
    jbk_observation h[] = {seen(50, GONE, 2),  seen(10, LIVE, 1), seen(40, GONE, 2),
                           seen(60, MOVED, 1), seen(80, LIVE, 1), seen(90, GONE, 1)};
    static const struct {
        int64_t until, status, gone_first, live_last; /* milliseconds, -1: absent */
    } want[] = {{9, JBK_STATUS_UNKNOWN, -1, -1},
                {10, LIVE, -1, 10},
                {40, LIVE, -1, 10},
                {50, GONE, 40, 10},
                {60, MOVED, 40, 10},
                {80, LIVE, -1, 80},
                {INT64_MAX, GONE, 90, 80}};
    for (size_t i = 0; i < sizeof want / sizeof *want; i++) {
        jbk_standing s = jbk_history_standing(h, sizeof h / sizeof *h, want[i].until);
        int64_t first = s.value[JBK_SEEN_GONE_FIRST], last = s.value[JBK_SEEN_LIVE_LAST];
        ck_assert_int_eq(s.value[JBK_SEEN_STATUS], want[i].status);
        ck_assert_int_eq(first == JBK_ABSENT ? -1 : first / 65536, want[i].gone_first);
        ck_assert_int_eq(last == JBK_ABSENT ? -1 : last / 65536, want[i].live_last);
    }
}
END_TEST

int main(void) {
    Suite *suite = suite_create("history");
    TCase *rows = add_case(suite, "observations");
    tcase_add_test(rows, observations_keep_their_order);
    tcase_add_test(rows, what_waits_is_found_by_its_name);
    tcase_add_test(rows, dropping_a_history_leaves_its_neighbours);
    tcase_add_test(rows, rows_of_observations_may_hold_anything);
    tcase_add_test(rows, a_history_comes_to_what_was_seen_last);
    return run_suite(suite);
}
