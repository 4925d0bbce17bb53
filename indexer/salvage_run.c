/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Salvaging, told to people. */
#include "salvage_run.h"

#include "base/args.h"
#include "salvage.h"
#include "summary.h"
#include "text/fold.h"

#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>

enum { SHOWN = 30 };

static void tell(void *arg, const char *line) {
    size_t *told = arg;
    if ((*told)++ < SHOWN) fprintf(stderr, "jibek: %s\n", line);
}

static void say(const jbk_salvage_tally *t, size_t told) {
    if (told > SHOWN) fprintf(stderr, "jibek: and %zu more of that kind\n", told - SHOWN);
    fprintf(stderr, "%llu records read, %llu lost, %llu left out as forgotten; %llu documents\n",
            (unsigned long long)t->read, (unsigned long long)t->lost,
            (unsigned long long)t->forgotten, (unsigned long long)t->documents);
    fprintf(stderr, "%llu observations, %llu pending; %llu rows or observations lost\n",
            (unsigned long long)t->observations, (unsigned long long)t->pending,
            (unsigned long long)t->lost_histories);
    if (t->no_meta)
        fprintf(stderr, "without meta.mdb nothing is known of what was observed later, nor of what "
                        "was forgotten: forget it again\n");
}

static jbk_status write_summary(const char *path, const jbk_salvage_tally *t, jbk_err *err) {
    json_t *o =
        json_pack("{sIsIsIsIsIsIsIsb}", "read", (json_int_t)t->read, "lost", (json_int_t)t->lost,
                  "forgotten", (json_int_t)t->forgotten, "documents", (json_int_t)t->documents,
                  "observations", (json_int_t)t->observations, "pending", (json_int_t)t->pending,
                  "lost_observations", (json_int_t)t->lost_histories, "no_meta", (int)t->no_meta);
    return jbk_summary_save(path, o, err);
}

int jbk_salvage_run(const char *index, const char *old, const char *summary) {
    jbk_err err = {0};
    jbk_store *to = NULL;
    jbk_salvage_tally t = {0};
    size_t told = 0;
    jbk_status status = JBK_OK;
    if (jbk_store_is_index(index))
        status = jbk_fail(&err, JBK_USAGE, "salvage",
                          "%s is an index already; --salvage makes a new one", index);
    if (!status) status = jbk_store_open(index, JBK_OPEN_WRITE, jbk_fold_digest(), &to, &err);
    if (!status) status = jbk_salvage(old, to, tell, &told, &t, &err);
    jbk_store_close(to);
    if (!status) say(&t, told);
    if (!status && summary) status = write_summary(summary, &t, &err);
    if (status) return jbk_report(&err);
    return told || t.lost || t.lost_histories || t.no_meta ? 1 : 0;
}
