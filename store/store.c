/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Opening, checking and sweeping an index folder. */
#include "internal.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

const char *const jbk_table_names[JBK_TABLES] = {"meta",  "segments",     "columns", "values",
                                                 "codes", "observations", "inputs",  "pending"};
static const char SCRATCH[] = "scratch";

typedef struct {
    uint64_t version, fold_digest;
} format_row;

const char *jbk_store_dir(const jbk_store *s) { return s->dir; }

uint32_t jbk_store_new_number(jbk_store *s) { return s->next_number++; }

char *jbk_store_postings_path(const jbk_store *s, uint32_t number) {
    return jbk_printf("%s/%06u.postings", s->dir, number);
}

char *jbk_store_records_path(const jbk_store *s, uint32_t number) {
    return jbk_printf("%s/%06u.records", s->dir, number);
}

char *jbk_store_scratch_path(const jbk_store *s, const char *name) {
    return jbk_printf("%s/%s/%s", s->dir, SCRATCH, name);
}

static jbk_status sync_folder(const char *dir, jbk_err *err) {
    int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0) return jbk_fail_sys(err, errno, "open", "cannot open %s", dir);
    jbk_status status =
        fsync(fd) ? jbk_fail_sys(err, errno, "fsync", "cannot write %s to disk", dir) : JBK_OK;
    close(fd);
    return status;
}

jbk_status jbk_store_sync_dir(jbk_store *s, jbk_err *err) { return sync_folder(s->dir, err); }

char *jbk_meta_path(const char *dir, uint32_t number) {
    return number > 1 ? jbk_printf("%s/meta-%u.mdb", dir, number) : jbk_printf("%s/meta.mdb", dir);
}

char *jbk_store_meta_path(const jbk_store *s) { return jbk_meta_path(s->dir, s->meta_number); }

/* Number in the name of an LMDB file; 0 for other names. */
static uint32_t meta_number(const char *name) {
    unsigned number;
    int end = 0;
    if (!strcmp(name, "meta.mdb")) return 1;
    return sscanf(name, "meta-%9u.mdb%n", &number, &end) == 1 && end && !name[end] ? number : 0;
}

/* Kind and number of a segment's file; false for other names. */
static bool segment_file(const char *name, uint32_t *number) {
    int end = 0;
    unsigned n;
    if (sscanf(name, "%6u.%n", &n, &end) != 1 || !end) return false;
    *number = n;
    return !strcmp(name + end, "postings") || !strcmp(name + end, "records");
}

/* The next name in a folder.  False at the end, and where it cannot be read on: then errno says
 * why. */
static bool next_name(DIR *d, struct dirent **e) {
    errno = 0;
    *e = readdir(d);
    return *e != NULL;
}

/* What a folder holds: the highest number of an LMDB file, 0 if none, and whether there are
 * files of segments.  Returns errno: a folder that cannot be read is not an empty one. */
static int survey(const char *dir, uint32_t *meta, bool *segments) {
    DIR *d = opendir(dir);
    *meta = 0;
    *segments = false;
    if (!d) return errno;
    struct dirent *e;
    while (next_name(d, &e)) {
        uint32_t number = meta_number(e->d_name);
        if (number > *meta) *meta = number;
        *segments |= segment_file(e->d_name, &number);
    }
    int failed = errno;
    closedir(d);
    return failed;
}

static jbk_status unreadable(const char *dir, int e, jbk_err *err) {
    return jbk_fail_sys(err, e, "readdir", "cannot read the folder %s", dir);
}

char *jbk_store_find_meta(const char *dir) {
    uint32_t meta;
    bool segments;
    (void)survey(dir, &meta, &segments);
    return jbk_meta_path(dir, meta);
}

bool jbk_store_is_index(const char *dir) {
    uint32_t meta;
    bool segments;
    (void)survey(dir, &meta, &segments);
    return meta > 0;
}

/* A fresh LMDB file with empty tables and the format. */
static jbk_status write_fresh(const char *path, uint64_t fold_digest, jbk_err *err) {
    MDB_env *env = NULL;
    MDB_txn *txn = NULL;
    MDB_dbi table[JBK_TABLES];
    int rc = mdb_env_create(&env);
    if (!rc) rc = mdb_env_set_maxdbs(env, JBK_TABLES);
    if (!rc) rc = mdb_env_open(env, path, MDB_NOSUBDIR | MDB_NOLOCK | MDB_NOTLS, 0666);
    if (!rc) rc = mdb_txn_begin(env, NULL, 0, &txn);
    for (int t = 0; t < JBK_TABLES && !rc; t++)
        rc = mdb_dbi_open(txn, jbk_table_names[t], MDB_CREATE, &table[t]);
    format_row row = {JBK_FORMAT_VERSION, fold_digest};
    jbk_status status = rc ? jbk_mdb_fail(err, rc, "mdb_env_open", path)
                           : jbk_row_put(txn, table[T_META], META_FORMAT, sizeof META_FORMAT - 1,
                                         &row, sizeof row, err);
    if (status && txn) mdb_txn_abort(txn);
    if (!status && (rc = mdb_txn_commit(txn)))
        status = jbk_mdb_fail(err, rc, "mdb_txn_commit", path);
    if (env) mdb_env_close(env);
    return status;
}

/* A crash must not leave half of an LMDB file under its name: nobody could open that. */
static jbk_status make_meta(jbk_store *s, uint64_t fold_digest, jbk_err *err) {
    char *fresh = jbk_printf("%s/meta.mdb.new", s->dir), *path = jbk_meta_path(s->dir, 1);
    unlink(fresh);
    jbk_status status = write_fresh(fresh, fold_digest, err);
    if (!status && rename(fresh, path))
        status = jbk_fail_sys(err, errno, "rename", "cannot put %s in place", path);
    if (!status) status = jbk_store_sync_dir(s, err);
    free(fresh);
    free(path);
    return status;
}

static jbk_status open_env(jbk_store *s, uint64_t fold_digest, bool torn, jbk_err *err) {
    bool segments;
    int failed = survey(s->dir, &s->meta_number, &segments);
    if (failed) return unreadable(s->dir, failed, err);
    if (!s->meta_number && segments)
        /* To a reader it may be a purge in the act, and worth another try. */
        return jbk_fail(err, s->write ? JBK_DAMAGED : JBK_IO, "store",
                        "%s has segments but meta.mdb is missing; restore it from a copy", s->dir);
    if (!s->meta_number && s->write) {
        jbk_status made = make_meta(s, fold_digest, err);
        if (made) return made;
    }
    if (s->meta_number && !torn) {
        jbk_status sound = jbk_meta_followable(s->dir, s->write, err);
        if (sound) return sound;
    }
    char *path = jbk_meta_path(s->dir, s->meta_number);
    int rc = mdb_env_create(&s->env);
    if (!rc) rc = mdb_env_set_maxdbs(s->env, JBK_TABLES);
    if (!rc) rc = mdb_env_set_maxreaders(s->env, 512);
    if (!rc) rc = mdb_env_set_mapsize(s->env, JBK_MAP_BYTES);
    unsigned flags = MDB_NOSUBDIR | MDB_NOTLS | (s->write ? 0u : MDB_RDONLY);
    if (!rc) {
        rc = mdb_env_open(s->env, path, flags, 0666);
        if (rc == EACCES || rc == EROFS) /* read-only media: nobody writes, no lock needed */
            rc = mdb_env_open(s->env, path, flags | MDB_NOLOCK, 0666);
    }
    jbk_status status = JBK_OK;
    if (rc == ENOENT)
        status = jbk_fail(err, JBK_IO, "mdb_env_open", "%s is not a jibek index", s->dir);
    else if (rc)
        status = jbk_mdb_fail(err, rc, "mdb_env_open", path);
    free(path);
    return status;
}

static jbk_status check_format(MDB_txn *txn, jbk_store *s, uint64_t fold_digest, jbk_err *err) {
    const char *bytes;
    size_t len;
    jbk_status status =
        jbk_row_get(txn, s->table[T_META], META_FORMAT, sizeof META_FORMAT - 1, &bytes, &len, err);
    if (status) return status;
    format_row row;
    if (!bytes || len != sizeof row)
        return jbk_fail(err, JBK_DAMAGED, "format", "%s holds no format row", s->dir);
    memcpy(&row, bytes, sizeof row);
    if (row.version != JBK_FORMAT_VERSION)
        return jbk_fail(err, JBK_VERSION, "format",
                        "%s has format %llu and this program reads format %d; index again", s->dir,
                        (unsigned long long)row.version, JBK_FORMAT_VERSION);
    if (row.fold_digest != fold_digest)
        return jbk_fail(err, JBK_VERSION, "format",
                        "%s was made with another text fold (%016llx, here %016llx); index again",
                        s->dir, (unsigned long long)row.fold_digest,
                        (unsigned long long)fold_digest);
    return JBK_OK;
}

static jbk_status open_tables(jbk_store *s, uint64_t fold_digest, jbk_err *err) {
    MDB_txn *txn;
    int rc = mdb_txn_begin(s->env, NULL, MDB_RDONLY, &txn);
    if (rc) return jbk_mdb_fail(err, rc, "mdb_txn_begin", "cannot read meta.mdb");
    for (int t = 0; t < JBK_TABLES && !rc; t++)
        rc = mdb_dbi_open(txn, jbk_table_names[t], 0, &s->table[t]);
    jbk_status status =
        rc ? jbk_mdb_fail(err, rc, "mdb_dbi_open", "meta.mdb is not that of a jibek index")
           : check_format(txn, s, fold_digest, err);
    /* A read transaction that opened tables must end in a commit for them to stay. */
    if (status)
        mdb_txn_abort(txn);
    else
        mdb_txn_commit(txn);
    return status;
}

/* Links are removed, not followed. */
static void remove_tree(const char *path) {
    struct stat st;
    DIR *d = !lstat(path, &st) && S_ISDIR(st.st_mode) ? opendir(path) : NULL;
    if (d) {
        for (struct dirent *e; (e = readdir(d));) {
            if (!strcmp(e->d_name, ".") || !strcmp(e->d_name, "..")) continue;
            char *child = jbk_printf("%s/%s", path, e->d_name);
            remove_tree(child);
            free(child);
        }
        closedir(d);
    }
    remove(path);
}

void jbk_store_drop_scratch(const char *path) { remove_tree(path); }

static bool is_named(const jbk_view *v, uint32_t number) {
    const jbk_segment_info *seg;
    size_t n = jbk_view_segments(v, &seg);
    for (size_t i = 0; i < n; i++)
        if (seg[i].number == number) return true;
    return false;
}

/* Pages behind the last one of LMDB's file are what a crash left.  Nobody reads them; but what
 * the next commits leave of them would look like nothing that a commit writes. */
static jbk_status cut_tail(jbk_store *s, jbk_err *err) {
    MDB_envinfo info;
    MDB_stat stat_of;
    struct stat st;
    mdb_filehandle_t fd;
    mdb_env_info(s->env, &info);
    mdb_env_stat(s->env, &stat_of);
    mdb_env_get_fd(s->env, &fd);
    off_t end = (off_t)(info.me_last_pgno + 1) * (off_t)stat_of.ms_psize;
    if (!fstat(fd, &st) && (st.st_size <= end || !ftruncate(fd, end))) return JBK_OK;
    return jbk_fail_sys(err, errno, "ftruncate", "cannot cut the end of meta.mdb in %s", s->dir);
}

/* Files of segments that no commit named are what a crash left, too. */
static jbk_status sweep(jbk_store *s, jbk_err *err) {
    jbk_view *v;
    jbk_status status = jbk_view_open(s, &v, err);
    if (status) return status;
    char *scratch = jbk_printf("%s/%s", s->dir, SCRATCH);
    remove_tree(scratch);
    if (mkdir(scratch, 0777))
        status = jbk_fail_sys(err, errno, "mkdir", "cannot create %s", scratch);
    free(scratch);
    s->next_number = 1;
    DIR *d = opendir(s->dir);
    if (!d && !status) status = unreadable(s->dir, errno, err);
    struct dirent *e;
    while (d && next_name(d, &e)) {
        uint32_t number = meta_number(e->d_name);
        bool old_meta = number && number < s->meta_number;
        if (!old_meta) {
            if (!segment_file(e->d_name, &number)) continue;
            if (number >= s->next_number) s->next_number = number + 1;
            if (is_named(v, number)) continue;
        }
        char *path = jbk_printf("%s/%s", s->dir, e->d_name);
        unlink(path);
        free(path);
    }
    if (d && errno && !status) status = unreadable(s->dir, errno, err);
    if (d) closedir(d);
    jbk_view_close(v);
    return status;
}

static jbk_status prepare_dir(const char *dir, jbk_open_mode mode, jbk_err *err) {
    struct stat st;
    bool made = mode == JBK_OPEN_WRITE && !mkdir(dir, 0777);
    if (mode == JBK_OPEN_WRITE && !made && errno != EEXIST)
        return jbk_fail_sys(err, errno, "mkdir", "cannot create the index %s", dir);
    if (made) {
        /* Its name has to last as long as what will be in it. */
        char *parent = jbk_printf("%s/..", dir);
        jbk_status status = sync_folder(parent, err);
        free(parent);
        if (status) return status;
    }
    if (stat(dir, &st)) return jbk_fail_sys(err, errno, "stat", "cannot open the index %s", dir);
    if (!S_ISDIR(st.st_mode))
        return jbk_fail(err, JBK_IO, "stat", "%s is not a folder, so not a jibek index", dir);
    return JBK_OK;
}

jbk_status jbk_store_open(const char *dir, jbk_open_mode mode, uint64_t fold_digest,
                          jbk_store **out, jbk_err *err) {
    *out = NULL;
    jbk_status status = prepare_dir(dir, mode, err);
    if (status) return status;
    jbk_store *s = jbk_calloc(1, sizeof *s);
    s->dir = jbk_strndup(dir, strlen(dir));
    s->lock_fd = -1;
    s->write = mode == JBK_OPEN_WRITE;
    if (s->write) status = jbk_lock_take(dir, &s->lock_fd, err);
    if (!status) status = open_env(s, fold_digest, mode == JBK_OPEN_TORN, err);
    if (!status) status = open_tables(s, fold_digest, err);
    if (!status && s->write) status = cut_tail(s, err);
    if (!status && s->write) status = sweep(s, err);
    if (status) {
        jbk_store_close(s);
        return status;
    }
    *out = s;
    return JBK_OK;
}

void jbk_store_close(jbk_store *s) {
    if (!s) return;
    for (size_t i = 0; i < s->volumes.n; i++) jbk_volume_close(s->volumes.at[i].volume);
    jbk_vec_free(&s->volumes);
    if (s->env) mdb_env_close(s->env);
    if (s->write) {
        char *scratch = jbk_printf("%s/%s", s->dir, SCRATCH);
        if (s->lock_fd >= 0) remove_tree(scratch);
        free(scratch);
    }
    jbk_lock_release(s->lock_fd);
    free(s->dir);
    free(s);
}
