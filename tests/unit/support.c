/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "support.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

jbk_err test_err;

static uint64_t seed, state = 1;

void random_begin(uint64_t test) {
    state = seed * UINT64_C(0x9E3779B97F4A7C15) ^ test * UINT64_C(0xD1B54A32D192ED03);
    if (!state) state = 1;
    for (int i = 0; i < 8; i++) random_next();
}

/* xorshift64* */
uint64_t random_next(void) {
    state ^= state >> 12;
    state ^= state << 25;
    state ^= state >> 27;
    return state * UINT64_C(0x2545F4914F6CDD1D);
}

size_t random_below(size_t n) { return (size_t)((random_next() >> 11) % n); }

char *temp_make(void) {
    const char *parent = getenv("TMPDIR");
    char *dir = jbk_printf("%s/jibek-unit-XXXXXX", parent && *parent ? parent : "/tmp");
    ck_assert_msg(mkdtemp(dir) != NULL, "cannot make a folder like %s", dir);
    return dir;
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *at) {
    (void)st;
    (void)type;
    (void)at;
    return remove(path);
}

void temp_remove(char *dir) {
    if (!dir) return;
    nftw(dir, remove_one, 16, FTW_DEPTH | FTW_PHYS);
    free(dir);
}

char *temp_path(const char *dir, const char *name) { return jbk_printf("%s/%s", dir, name); }

const char *hex_of(const void *bytes, size_t len) {
    static char text[1024];
    const unsigned char *p = bytes;
    size_t n = 0;
    text[0] = '\0';
    for (size_t i = 0; i < len && n + 8 < sizeof text; i++)
        n += (size_t)snprintf(text + n, sizeof text - n, "%s%02x", i ? " " : "", p[i]);
    return text;
}

int run_suite(Suite *suite) {
    const char *given = getenv("JIBEK_SEED");
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    seed = given ? strtoull(given, NULL, 10)
                 : ((uint64_t)now.tv_sec * 1000000 + (uint64_t)now.tv_nsec / 1000) % 1000000000;
    fprintf(stderr, "JIBEK_SEED=%llu\n", (unsigned long long)seed);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
