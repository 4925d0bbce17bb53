/* SPDX-License-Identifier: GPL-3.0-or-later */
/* LMDB leaves what was deleted in the unused bytes of its pages.  Where something must be gone
 * for good, the rows are copied into a fresh file that takes the old one's place. */
#include "internal.h"

#include "base/codec.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { ROWS_A_TXN = 50000 };

typedef struct {
    MDB_env *env;
    MDB_txn *txn;
    MDB_dbi table[JBK_TABLES];
    size_t rows; /* in this transaction */
} target;

static int open_tables(target *t) {
    int rc = mdb_txn_begin(t->env, NULL, 0, &t->txn);
    for (int i = 0; i < JBK_TABLES && !rc; i++)
        rc = mdb_dbi_open(t->txn, jbk_table_names[i], MDB_CREATE, &t->table[i]);
    return rc;
}

/* Big transactions would hold every page they touch. */
static int put(target *t, int table, MDB_val *key, MDB_val *value) {
    if (++t->rows > ROWS_A_TXN) {
        t->rows = 0;
        int rc = mdb_txn_commit(t->txn);
        t->txn = NULL;
        if (!rc) rc = mdb_txn_begin(t->env, NULL, 0, &t->txn);
        if (rc) return rc;
    }
    return mdb_put(t->txn, t->table[table], key, value, MDB_APPEND);
}

static int copy_table(jbk_store *s, MDB_txn *from, int table, target *to) {
    MDB_cursor *cur;
    MDB_val key, value;
    int rc = mdb_cursor_open(from, s->table[table], &cur);
    if (rc) return rc;
    while (!(rc = mdb_cursor_get(cur, &key, &value, MDB_NEXT)))
        if ((rc = put(to, table, &key, &value))) break;
    mdb_cursor_close(cur);
    return rc == MDB_NOTFOUND ? 0 : rc;
}

/* Only the new file says that the purge is done: one that was cut off is begun again. */
static int copy_all(jbk_store *s, const char *path, uint64_t purged) {
    target to = {0};
    MDB_txn *from = NULL;
    int rc = mdb_env_create(&to.env);
    if (!rc) rc = mdb_env_set_maxdbs(to.env, JBK_TABLES);
    if (!rc) rc = mdb_env_set_mapsize(to.env, JBK_MAP_BYTES);
    if (!rc) rc = mdb_env_open(to.env, path, MDB_NOSUBDIR | MDB_NOLOCK | MDB_NOTLS, 0666);
    if (!rc) rc = mdb_txn_begin(s->env, NULL, MDB_RDONLY, &from);
    if (!rc) rc = open_tables(&to);
    for (int t = 0; t < JBK_TABLES && !rc; t++) rc = copy_table(s, from, t, &to);
    jbk_buf count = {0};
    jbk_put_u64(&count, purged);
    if (!rc && jbk_row_put(to.txn, to.table[T_META], JBK_META_PURGED, sizeof JBK_META_PURGED - 1,
                           count.data, count.len, NULL))
        rc = MDB_BAD_TXN;
    jbk_buf_free(&count);
    if (!rc) {
        rc = mdb_txn_commit(to.txn);
        to.txn = NULL;
    }
    if (!rc) rc = mdb_env_sync(to.env, 1);
    if (to.txn) mdb_txn_abort(to.txn);
    if (from) mdb_txn_abort(from);
    if (to.env) mdb_env_close(to.env);
    return rc;
}

static void remove_meta(const char *dir, uint32_t number) {
    char *path = jbk_meta_path(dir, number), *lock = jbk_printf("%s-lock", path);
    unlink(path);
    unlink(lock);
    free(path);
    free(lock);
}

/* The new file has a number of its own, and so a lock file of its own: LMDB's lock file counts
 * the transactions of the file it was made with. */
jbk_status jbk_store_rewrite(jbk_store *s, uint64_t purged, jbk_err *err) {
    char *fresh = jbk_store_scratch_path(s, "meta.mdb");
    char *path = jbk_meta_path(s->dir, s->meta_number + 1);
    unlink(fresh);
    int rc = copy_all(s, fresh, purged);
    jbk_status status =
        rc ? jbk_mdb_fail(err, rc, "rewrite", "cannot write meta.mdb anew") : JBK_OK;
    if (!status && rename(fresh, path))
        status = jbk_fail_sys(err, errno, "rename", "cannot put %s in place", path);
    if (!status) status = jbk_store_sync_dir(s, err);
    if (!status) remove_meta(s->dir, s->meta_number);
    free(fresh);
    free(path);
    return status;
}
