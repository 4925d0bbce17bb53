/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store_fixture.h"

#include "support.h"

#include <stdlib.h>

char *dir;
jbk_store *store;

static void setup(void) {
    char *parent = temp_make();
    dir = temp_path(parent, "a.jibek");
    free(parent);
    ck_ok(jbk_store_open(dir, JBK_OPEN_WRITE, FOLD, &store, &test_err));
}

static void teardown(void) {
    jbk_store_close(store);
    char *slash = strrchr(dir, '/');
    *slash = '\0';
    temp_remove(dir);
}

jbk_commit *begin(void) {
    jbk_commit *c;
    ck_ok(jbk_commit_begin(store, &c, &test_err));
    return c;
}

jbk_view *view(void) {
    jbk_view *v;
    ck_ok(jbk_view_open(store, &v, &test_err));
    return v;
}

TCase *add_case(Suite *suite, const char *name) {
    TCase *tcase = tcase_create(name);
    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_set_timeout(tcase, 60);
    suite_add_tcase(suite, tcase);
    return tcase;
}
