/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SQLite with FTS5's trigrams over an ordinary table.
 *
 *     bench_sqlite index DB JSONL      make, or add to what is there
 *     bench_sqlite ask DB QUESTIONS
 *     bench_sqlite observe DB CSV      platform,id,observed_at,status,views
 *     bench_sqlite export DB           all rows as CSV
 *
 * As its documentation has it for speed: the text once (external content), one transaction, built
 * with 'rebuild', no journal.  Strings of one or two characters, which trigrams cannot find, are
 * asked with LIKE, as the documentation says, too. */
#include "ask.h"

#include <jansson.h>
#include <sqlite3.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { COLUMNS = 11, CONDITION = 1024 };
static const char *const columns[COLUMNS] = {"id",     "url",   "platform", "section",
                                             "author", "lang",  "label",    "published_at",
                                             "views",  "title", "text"};

static void run(sqlite3 *db, const char *sql) {
    if (sqlite3_exec(db, sql, NULL, NULL, NULL)) ask_die("sqlite: %s: %s", sqlite3_errmsg(db), sql);
}

static sqlite3_stmt *prepare(sqlite3 *db, const char *sql) {
    sqlite3_stmt *s;
    if (sqlite3_prepare_v2(db, sql, -1, &s, NULL))
        ask_die("sqlite: %s: %s", sqlite3_errmsg(db), sql);
    return s;
}

static void step_once(sqlite3 *db, sqlite3_stmt *s) {
    if (sqlite3_step(s) != SQLITE_DONE) ask_die("sqlite: %s", sqlite3_errmsg(db));
    sqlite3_reset(s);
}

static sqlite3_int64 one_number(sqlite3 *db, const char *sql) {
    sqlite3_stmt *s = prepare(db, sql);
    if (sqlite3_step(s) != SQLITE_ROW) ask_die("sqlite: %s", sqlite3_errmsg(db));
    sqlite3_int64 n = sqlite3_column_int64(s, 0);
    sqlite3_finalize(s);
    return n;
}

/* --- index --- */

static void insert_line(sqlite3 *db, sqlite3_stmt *insert, const char *line, size_t len) {
    json_t *r = json_loadb(line, len, 0, NULL);
    if (!r) ask_die("a line is no JSON");
    for (int i = 0; i < COLUMNS; i++) {
        json_t *v = json_object_get(r, columns[i]);
        if (json_is_integer(v))
            sqlite3_bind_int64(insert, i + 1, json_integer_value(v));
        else if (json_is_string(v))
            sqlite3_bind_text(insert, i + 1, json_string_value(v), (int)json_string_length(v),
                              SQLITE_TRANSIENT);
        else
            sqlite3_bind_null(insert, i + 1);
    }
    step_once(db, insert);
    json_decref(r);
}

static void index_file(sqlite3 *db, const char *path) {
    FILE *f = fopen(path, "r");
    if (!f) ask_die("cannot open %s", path);
    run(db, "BEGIN");
    run(db,
        "CREATE TABLE IF NOT EXISTS docs(n INTEGER PRIMARY KEY, id TEXT, url TEXT, platform TEXT,"
        " section TEXT, author TEXT, lang TEXT, label TEXT, published_at TEXT, views INTEGER,"
        " status TEXT, title TEXT, text TEXT)");
    run(db, "CREATE VIRTUAL TABLE IF NOT EXISTS fts USING"
            " fts5(title, text, content='docs', content_rowid='n', tokenize='trigram')");
    sqlite3_int64 before = one_number(db, "SELECT coalesce(max(n), 0) FROM docs");
    sqlite3_stmt *insert = prepare(
        db, "INSERT INTO docs(id, url, platform, section, author, lang, label, published_at,"
            " views, title, text) VALUES(?,?,?,?,?,?,?,?,?,?,?)");
    char *line = NULL;
    size_t cap = 0;
    for (ssize_t len; (len = getline(&line, &cap, f)) > 0;)
        insert_line(db, insert, line, (size_t)len);
    free(line);
    fclose(f);
    sqlite3_finalize(insert);
    run(db, "CREATE UNIQUE INDEX IF NOT EXISTS by_id ON docs(platform, id)");
    if (!before) {
        run(db, "INSERT INTO fts(fts) VALUES('rebuild')");
    } else {
        char sql[CONDITION];
        snprintf(
            sql, sizeof sql,
            "INSERT INTO fts(rowid, title, text) SELECT n, title, text FROM docs WHERE n > %lld",
            before);
        run(db, sql);
    }
    run(db, "COMMIT");
}

/* --- ask --- */

static size_t characters(const char *s) {
    size_t n = 0;
    for (; *s; s++) n += (*s & 0xC0) != 0x80;
    return n;
}

/* The condition on a row of docs.  Strings are Han alone and need no quoting. */
static void write_condition(const ask_question *q, char *out) {
    const char *join = q->op == ASK_OR ? "OR" : "AND";
    bool trigrams = characters(q->a) >= 3 && (!q->b || characters(q->b) >= 3);
    int n;
    if (q->op == ASK_ALL)
        n = snprintf(out, CONDITION, "1");
    else if (trigrams && q->b)
        n = snprintf(out, CONDITION,
                     "n IN (SELECT rowid FROM fts WHERE fts MATCH '\"%s\" %s \"%s\"')", q->a, join,
                     q->b);
    else if (trigrams)
        n = snprintf(out, CONDITION, "n IN (SELECT rowid FROM fts WHERE fts MATCH '\"%s\"')", q->a);
    else if (q->b)
        n = snprintf(out, CONDITION,
                     "((title LIKE '%%%s%%' OR text LIKE '%%%s%%') %s (title LIKE '%%%s%%' OR text "
                     "LIKE '%%%s%%'))",
                     q->a, q->a, join, q->b, q->b);
    else
        n = snprintf(out, CONDITION, "(title LIKE '%%%s%%' OR text LIKE '%%%s%%')", q->a, q->a);
    if (n < 0 || n >= CONDITION - 100) ask_die("a question is too long");
    if (q->mode == ASK_FILTER)
        snprintf(out + n, (size_t)(CONDITION - n),
                 " AND section = '" ASK_SECTION "' AND published_at >= '" ASK_YEAR
                 "-01-01' AND published_at <= '" ASK_YEAR "-12-31'");
}

static uint64_t sum_of(sqlite3 *db, const char *sql, bool lengths) {
    sqlite3_stmt *s = prepare(db, sql);
    uint64_t given = 0;
    int done;
    while ((done = sqlite3_step(s)) == SQLITE_ROW)
        given += lengths ? (uint64_t)(sqlite3_column_bytes(s, 0) + sqlite3_column_bytes(s, 1))
                         : (uint64_t)sqlite3_column_int64(s, 0);
    if (done != SQLITE_DONE) ask_die("sqlite: %s", sqlite3_errmsg(db));
    sqlite3_finalize(s);
    return given;
}

static uint64_t count_facets(sqlite3 *db, const char *from) {
    uint64_t given = 0;
    for (size_t i = 0; i < ASK_FACETED; i++) {
        char sql[CONDITION];
        snprintf(
            sql, sizeof sql,
            "SELECT count(*) FROM %s WHERE %s IS NOT NULL GROUP BY %s ORDER BY 1 DESC LIMIT 10",
            from, ask_facets[i], ask_facets[i]);
        given += sum_of(db, sql, false);
    }
    return given;
}

/* The matches are found once and kept in a table in memory, whatever is asked of them. */
static void answer(void *context, const ask_question *q, uint64_t *total, uint64_t *given) {
    sqlite3 *db = context;
    char condition[CONDITION], sql[2 * CONDITION];
    write_condition(q, condition);
    if (q->mode == ASK_COUNT || q->mode == ASK_FILTER || q->op == ASK_ALL) {
        snprintf(sql, sizeof sql, "SELECT count(*) FROM docs WHERE %s", condition);
        *total = (uint64_t)one_number(db, sql);
        if (q->mode == ASK_FACETS) *given = count_facets(db, "docs");
        return;
    }
    run(db, "DELETE FROM found");
    snprintf(sql, sizeof sql, "INSERT INTO found SELECT n FROM docs WHERE %s", condition);
    run(db, sql);
    *total = (uint64_t)one_number(db, "SELECT count(*) FROM found");
    bool ranked = q->mode == ASK_TEN && strstr(condition, " MATCH ");
    if (q->mode == ASK_FACETS) {
        *given = count_facets(db, "found JOIN docs USING(n)");
    } else if (ranked) {
        const char *match = strstr(condition, "fts MATCH");
        snprintf(sql, sizeof sql,
                 "SELECT title, text FROM docs WHERE n IN (SELECT rowid FROM fts WHERE %.*s"
                 " ORDER BY rank LIMIT 10)",
                 (int)(strlen(match) - 1), match);
        *given = sum_of(db, sql, true);
    } else {
        snprintf(sql, sizeof sql, "SELECT title, text FROM found JOIN docs USING(n) %s LIMIT 10",
                 q->mode == ASK_SORT ? "ORDER BY published_at DESC" : "");
        *given = sum_of(db, sql, true);
    }
}

/* --- observe, export --- */

static void observe(sqlite3 *db, const char *path) {
    FILE *f = fopen(path, "r");
    if (!f) ask_die("cannot open %s", path);
    run(db, "BEGIN");
    sqlite3_stmt *s =
        prepare(db, "UPDATE docs SET status = ?, views = ? WHERE platform = ? AND id = ?");
    char line[1024];
    if (!fgets(line, sizeof line, f)) ask_die("%s is empty", path);
    while (fgets(line, sizeof line, f)) {
        char *part[5] = {0}, *at = line;
        line[strcspn(line, "\n")] = '\0';
        for (size_t i = 0; i < 5; i++) part[i] = strsep(&at, ",");
        if (!part[4]) ask_die("a row is too short");
        sqlite3_bind_text(s, 1, part[3], -1, SQLITE_STATIC);
        sqlite3_bind_text(s, 2, part[4], -1, SQLITE_STATIC);
        sqlite3_bind_text(s, 3, part[0], -1, SQLITE_STATIC);
        sqlite3_bind_text(s, 4, part[1], -1, SQLITE_STATIC);
        step_once(db, s);
    }
    sqlite3_finalize(s);
    fclose(f);
    run(db, "COMMIT");
}

static void put_cell(const char *s) {
    if (!s) return;
    bool quoted = strpbrk(s, ",\"\r\n") != NULL;
    if (quoted) putchar('"');
    for (; *s; s++) {
        if (*s == '"') putchar('"');
        putchar(*s);
    }
    if (quoted) putchar('"');
}

static void export_rows(sqlite3 *db) {
    sqlite3_stmt *s = prepare(db, "SELECT * FROM docs");
    int n = sqlite3_column_count(s), done;
    while ((done = sqlite3_step(s)) == SQLITE_ROW)
        for (int i = 1; i < n; i++) {
            put_cell((const char *)sqlite3_column_text(s, i));
            putchar(i + 1 < n ? ',' : '\n');
        }
    if (done != SQLITE_DONE) ask_die("sqlite: %s", sqlite3_errmsg(db));
    sqlite3_finalize(s);
}

int main(int argc, char **argv) {
    if (argc < 3) ask_die("usage: bench_sqlite index|ask|observe|export DB [FILE]");
    sqlite3 *db;
    if (sqlite3_open(argv[2], &db)) ask_die("cannot open %s", argv[2]);
    run(db, "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -131072;"
            "PRAGMA temp_store = MEMORY; PRAGMA mmap_size = 4000000000");
    if (argc == 4 && !strcmp(argv[1], "index")) {
        index_file(db, argv[3]);
    } else if (argc == 4 && !strcmp(argv[1], "ask")) {
        run(db, "CREATE TEMP TABLE found(n INTEGER PRIMARY KEY)");
        ask_all(argv[3], answer, db);
    } else if (argc == 4 && !strcmp(argv[1], "observe")) {
        observe(db, argv[3]);
    } else if (!strcmp(argv[1], "export")) {
        export_rows(db);
    } else {
        ask_die("no such command");
    }
    sqlite3_close(db);
    return 0;
}
