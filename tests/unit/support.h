/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the unit tests share: random numbers whose seed is told, folders that go away. */
#ifndef JBK_TEST_SUPPORT_H
#define JBK_TEST_SUPPORT_H

#include "base/err.h"
#include "base/mem.h"

#include <check.h>

/* Statuses that must be JBK_OK: ck_ok(jbk_store_open(..., &test_err)). */
extern jbk_err test_err;
#define ck_ok(call)                                                                                \
    do {                                                                                           \
        jbk_status ck_ok_status = (call);                                                          \
        ck_assert_msg(ck_ok_status == JBK_OK, "%s: status %d: %s", #call, (int)ck_ok_status,       \
                      test_err.msg);                                                               \
    } while (0)
#define ck_status(call, wanted)                                                                    \
    do {                                                                                           \
        jbk_status ck_got = (call), ck_wanted = (wanted);                                          \
        ck_assert_msg(ck_got == ck_wanted, "%s: status %d, not %d: %s", #call, (int)ck_got,        \
                      (int)ck_wanted, test_err.msg);                                               \
    } while (0)

/* For inner loops: ck_assert writes down where it is on every call, this only when it fails. */
#define ck_must(good, ...)                                                                         \
    do {                                                                                           \
        if (!(good)) ck_abort_msg(__VA_ARGS__);                                                    \
    } while (0)

/* Begin the numbers again: every test calls it with a number of its own. */
void random_begin(uint64_t test);
uint64_t random_next(void);
size_t random_below(size_t n); /* 0 .. n-1 */
#define random_pick(array) ((array)[random_below(sizeof(array) / sizeof *(array))])

/* A new folder, to be removed by temp_remove (which takes NULL). */
char *temp_make(void);
void temp_remove(char *dir);
char *temp_path(const char *dir, const char *name); /* free() it */

/* "68 65 6c" of bytes, for messages; good until the next call. */
const char *hex_of(const void *bytes, size_t len);

/* Settles the seed ($JIBEK_SEED, else a new one), prints it, runs; what main() returns. */
int run_suite(Suite *suite);

#endif
