/* SPDX-License-Identifier: GPL-3.0-or-later */
/* compact: adjacent segments become one.  compact --purge: what was forgotten leaves every
 * file. */
#include "compact.h"
#include "indexer/commands.h"
#include "text/fold.h"

#include <stdio.h>
#include <stdlib.h>

enum { O_INDEX, O_PURGE };

static const jbk_option OPTIONS[] = {
    {'i', "index", "INDEX", "the index folder (default $JIBEK_INDEX)"},
    {0, "purge", NULL, "take the bytes of forgotten records out of every file"},
    {0, NULL, NULL, NULL},
};

static jbk_status run(const char *dir, bool purge, jbk_err *err) {
    jbk_store *store = NULL;
    size_t before, after;
    /* Compacting never makes an index. */
    jbk_status status = jbk_store_open(dir, JBK_OPEN_READ, jbk_fold_digest(), &store, err);
    jbk_store_close(store);
    store = NULL;
    if (!status) status = jbk_store_open(dir, JBK_OPEN_WRITE, jbk_fold_digest(), &store, err);
    if (!status)
        status = purge ? jbk_purge(store, &before, &after, err)
                       : jbk_compact_all(store, &before, &after, err);
    jbk_store_close(store);
    if (!status) fprintf(stderr, "%zu segments, before %zu\n", after, before);
    return status;
}

static int compact_main(int argc, char **argv) {
    jbk_err err = {0};
    jbk_args a;
    bool purge = false;
    const char *dir = getenv("JIBEK_INDEX");
    jbk_args_begin(&a, &jbk_command_compact, argc, argv);
    for (int option; (option = jbk_args_next(&a, &err)) != JBK_ARGS_END;) {
        if (option == JBK_ARGS_WRONG) return jbk_report(&err);
        if (option == JBK_ARGS_HELP) {
            jbk_print_help(&jbk_command_compact);
            return 0;
        }
        if (option == O_INDEX) dir = a.value;
        purge |= option == O_PURGE;
    }
    jbk_status status = jbk_args_need_index(dir, &err);
    if (!status) status = jbk_args_none(&a, &err);
    if (!status) status = run(dir, purge, &err);
    return status ? jbk_report(&err) : 0;
}

const jbk_command jbk_command_compact = {
    "compact", "",   "merge segments; --purge removes what was forgotten",
    OPTIONS,   NULL, compact_main};
