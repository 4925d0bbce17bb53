/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A fresh store, open for writing, in each test. */
#ifndef JBK_TEST_STORE_FIXTURE_H
#define JBK_TEST_STORE_FIXTURE_H

#include "store/store.h"

#include <check.h>

enum { FOLD = 12345 }; /* digest */

extern char *dir;
extern jbk_store *store;

jbk_commit *begin(void);
jbk_view *view(void);

/* A test case in which each test has one. */
TCase *add_case(Suite *suite, const char *name);

#endif
