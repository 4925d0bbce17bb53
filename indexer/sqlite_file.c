/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sqlite_file.h"

#include "item.h"

#include <errno.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

struct jbk_sqlite_file {
    sqlite3 *db;
    char *folder; /* of the copy; NULL: there is none */
};

static const char *const BESIDE[] = {"", "-wal", "-journal", "-shm"};
enum { BESIDES = sizeof BESIDE / sizeof *BESIDE };

sqlite3 *jbk_sqlite_file_db(const jbk_sqlite_file *f) { return f->db; }

void jbk_sqlite_file_close(jbk_sqlite_file *f) {
    if (!f) return;
    sqlite3_close(f->db);
    for (int i = 0; f->folder && i < BESIDES; i++) {
        char *path = jbk_printf("%s/copy.db%s", f->folder, BESIDE[i]);
        unlink(path);
        free(path);
    }
    if (f->folder) rmdir(f->folder);
    free(f->folder);
    free(f);
}

static jbk_status copy_feed(jbk_feed *in, const char *to, jbk_err *err) {
    FILE *f = fopen(to, "wxe");
    if (!f) return jbk_fail_sys(err, errno, "fopen", "cannot write %s", to);
    size_t len;
    bool bad = false;
    for (const char *s; !bad && (s = jbk_feed_peek(in, &len)); jbk_feed_take(in, len))
        bad = fwrite(s, 1, len, f) != len;
    bad |= fclose(f) != 0;
    return bad ? jbk_fail_sys(err, errno, "fwrite", "cannot write %s", to) : JBK_OK;
}

static jbk_status copy_beside(const char *path, const char *ending, const char *folder,
                              jbk_err *err) {
    char *from = jbk_printf("%s%s", path, ending);
    char *to = jbk_printf("%s/copy.db%s", folder, ending);
    jbk_status status = JBK_OK;
    FILE *in = fopen(from, "re"), *out = in ? fopen(to, "wxe") : NULL;
    static const size_t BLOCK = 1 << 16;
    char *block = jbk_alloc(BLOCK);
    bool bad = in && !out;
    for (size_t n; in && !bad && (n = fread(block, 1, BLOCK, in));)
        bad = fwrite(block, 1, n, out) != n;
    if (out) bad |= fclose(out) != 0;
    if (in) fclose(in);
    if (bad) status = jbk_fail_sys(err, errno, "fwrite", "cannot write %s", to);
    free(block);
    free(from);
    free(to);
    return status;
}

static bool has_beside(const char *path, const char *ending) {
    char *p = jbk_printf("%s%s", path, ending);
    struct stat st;
    bool has = !stat(p, &st) && st.st_size > 0;
    free(p);
    return has;
}

bool jbk_sqlite_file_beside(const char *path) {
    return has_beside(path, "-wal") || has_beside(path, "-journal");
}

static jbk_status make_copy(jbk_sqlite_file *f, jbk_feed *in, const char *plain, jbk_err *err) {
    const char *tmp = getenv("TMPDIR");
    char *folder = jbk_printf("%s/jibek-sqlite-XXXXXX", tmp && *tmp ? tmp : "/tmp");
    if (!mkdtemp(folder)) {
        jbk_status status = jbk_fail_sys(err, errno, "mkdtemp", "cannot make %s", folder);
        free(folder);
        return status;
    }
    f->folder = folder;
    char *to = jbk_printf("%s/copy.db", folder);
    jbk_status status = copy_feed(in, to, err);
    free(to);
    for (int i = 1; plain && i < 3 && !status; i++)
        if (has_beside(plain, BESIDE[i])) status = copy_beside(plain, BESIDE[i], folder, err);
    const char *problem = jbk_feed_problem(in);
    return status || !problem ? status : jbk_fail(err, JBK_INPUT, "unpack", "%s", problem);
}

/* file:PATH with the bytes that mean something in an address written %XX. */
static char *address(const char *path, const char *options) {
    jbk_buf b = {0};
    jbk_buf_str(&b, "file:");
    for (const char *p = path; *p; p++) {
        if (strchr("%?#", *p))
            jbk_buf_printf(&b, "%%%02X", (unsigned char)*p);
        else
            jbk_buf_byte(&b, *p);
    }
    jbk_buf_str(&b, options);
    jbk_buf_byte(&b, '\0');
    return b.data;
}

static void disarm(sqlite3 *db) {
    sqlite3_db_config(db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    sqlite3_db_config(db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
    sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_VIEW, 0, NULL);
    sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, NULL);
    sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0, NULL);
    sqlite3_limit(db, SQLITE_LIMIT_LENGTH, (int)JBK_ITEM_MAX);
    sqlite3_limit(db, SQLITE_LIMIT_ATTACHED, 0);
    sqlite3_exec(db, "PRAGMA cell_size_check = ON; PRAGMA mmap_size = 0", NULL, NULL, NULL);
}

jbk_status jbk_sqlite_file_open(jbk_feed *in, jbk_sqlite_file **out, jbk_err *err) {
    jbk_sqlite_file *f = jbk_calloc(1, sizeof *f);
    const char *plain = jbk_feed_plain_path(in);
    bool beside = plain && jbk_sqlite_file_beside(plain);
    jbk_status status = plain && !beside ? JBK_OK : make_copy(f, in, plain, err);
    struct stat st;
    if (!status && !f->folder && !stat(plain, &st))
        jbk_feed_read_elsewhere(in, (uint64_t)st.st_size);
    if (!status) {
        char *copy = f->folder ? jbk_printf("%s/copy.db", f->folder) : NULL;
        char *uri = address(copy ? copy : plain, copy ? "" : "?immutable=1");
        int flags = SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX |
                    (copy ? SQLITE_OPEN_READWRITE : SQLITE_OPEN_READONLY);
        if (sqlite3_open_v2(uri, &f->db, flags, NULL))
            status = jbk_fail(err, JBK_INPUT, "sqlite3", "%s",
                              f->db ? sqlite3_errmsg(f->db) : "no memory");
        else
            disarm(f->db);
        free(uri);
        free(copy);
    }
    *out = f;
    return status;
}
