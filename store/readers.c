/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who reads: LMDB keeps the pages of the oldest generation that somebody has open. */
#include "internal.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

typedef struct {
    jbk_readers *out;
    uint64_t newest;
} listing;

/* A line is "pid thread txn", txn "-" where the reader has none open; the first is a heading. */
static int hear(const char *line, void *arg) {
    listing *l = arg;
    long pid;
    unsigned long long thread, txn;
    if (sscanf(line, " %ld %llx %llu", &pid, &thread, &txn) != 3) return 0;
    if (kill((pid_t)pid, 0) && errno == ESRCH) return 0; /* it died: nobody waits for it */
    l->out->readers++;
    if (txn < l->newest && l->newest - txn > l->out->behind) {
        l->out->behind = l->newest - txn;
        l->out->oldest_pid = pid;
    }
    return 0;
}

jbk_status jbk_view_readers(jbk_view *v, jbk_readers *out, jbk_err *err) {
    *out = (jbk_readers){0};
    MDB_envinfo info;
    int rc = mdb_env_info(v->store->env, &info);
    if (rc) return jbk_mdb_fail(err, rc, "mdb_env_info", v->store->dir);
    listing l = {.out = out, .newest = info.me_last_txnid};
    (void)mdb_reader_list(v->store->env, hear, &l);
    if (out->readers) out->readers--; /* this one */
    return jbk_meta_free_bytes(v->store, v->txn, &out->free_bytes, err);
}
