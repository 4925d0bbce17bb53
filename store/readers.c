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

void jbk_view_readers(jbk_view *v, jbk_readers *out) {
    *out = (jbk_readers){0};
    MDB_envinfo info;
    MDB_stat stat;
    if (mdb_env_info(v->store->env, &info) || mdb_env_stat(v->store->env, &stat)) return;
    listing l = {.out = out, .newest = info.me_last_txnid};
    (void)mdb_reader_list(v->store->env, hear, &l);
    if (out->readers) out->readers--; /* this one */
    MDB_dbi free_pages = 0;
    MDB_cursor *cur;
    MDB_val key, value;
    if (mdb_cursor_open(v->txn, free_pages, &cur)) return;
    while (!mdb_cursor_get(cur, &key, &value, MDB_NEXT)) {
        size_t pages;
        memcpy(&pages, value.mv_data, sizeof pages);
        out->free_bytes += (uint64_t)pages * stat.ms_psize;
    }
    mdb_cursor_close(cur);
}
