/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SQLite files: each row of the tables whose columns some mapping knows is an item, written as
 * JSON.  The file is somebody's evidence and somebody's attack: it is never written to, no code
 * in its schema is run, and what SQLite refuses is told and not repaired. */
#include "base/safe.h"
#include "base/utf8.h"
#include "json_text.h"
#include "maps.h"
#include "readers.h"
#include "sqlite_file.h"

#include <sqlite3.h>
#include <stdlib.h>

typedef JBK_VEC(char *) names;

typedef struct {
    jbk_sqlite_file *file;
    sqlite3 *db;
    jbk_source *source;
    jbk_arena *arena;
    const char *name; /* of the file */
    names tables;     /* those to be read */
    size_t table;
    sqlite3_stmt *rows;
    bool has_rowid;
    sqlite3_int64 last; /* rowid of the row read last */
    bool any;           /* a row of this table was read */
    jbk_err err;        /* it could not be opened */
    jbk_buf text;
} database;

/* --- which tables --- */

static bool add_column(sqlite3_stmt *columns, size_t *known, bool *text) {
    const char *name = (const char *)sqlite3_column_text(columns, 0);
    if (!name) return false;
    *known += jbk_maps_know(name, strlen(name));
    *text |= jbk_maps_know_text(name, strlen(name));
    return true;
}

/* At least two of its columns are known; one as a title or text, unless `text` is true. */
static bool is_wanted(sqlite3 *db, const char *table, bool text) {
    sqlite3_stmt *columns;
    size_t known = 0;
    if (sqlite3_prepare_v2(db, "SELECT name FROM pragma_table_info(?)", -1, &columns, NULL))
        return false;
    sqlite3_bind_text(columns, 1, table, -1, SQLITE_STATIC);
    while (sqlite3_step(columns) == SQLITE_ROW && add_column(columns, &known, &text)) continue;
    sqlite3_finalize(columns);
    return known >= 2 && text;
}

static void note_left_out(database *d, const char *table) {
    jbk_buf *out = d->source->notes;
    if (!out || out->len > 10000) return;
    jbk_safe_add(out, d->name, strlen(d->name));
    jbk_buf_str(out, ": the table ");
    jbk_safe_add(out, table, strlen(table));
    jbk_buf_str(out, " has no columns that are known, and was left out\n");
}

static jbk_status list_tables(database *d, jbk_err *err) {
    sqlite3_stmt *tables;
    /* Real tables only: a view or a virtual table runs what its author wrote. */
    int rc = sqlite3_prepare_v2(d->db,
                                "SELECT name FROM pragma_table_list WHERE schema = 'main' AND "
                                "type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name",
                                -1, &tables, NULL);
    while (!rc && (rc = sqlite3_step(tables)) == SQLITE_ROW) {
        const char *name = (const char *)sqlite3_column_text(tables, 0);
        if (name && is_wanted(d->db, name, !d->source->want_text))
            jbk_vec_push(&d->tables, jbk_strndup(name, strlen(name)));
        else if (name)
            note_left_out(d, name);
        rc = SQLITE_OK;
    }
    if (rc != SQLITE_DONE)
        jbk_fail(err, JBK_INPUT, "sqlite3", "%s", sqlite3_errmsg(d->db));
    else if (!d->tables.n)
        jbk_fail(err, JBK_INPUT, "sqlite3", "no table has columns that are known");
    sqlite3_finalize(tables);
    return rc == SQLITE_DONE && d->tables.n ? JBK_OK : JBK_INPUT;
}

/* --- reading --- */

static void *open_sqlite(jbk_feed *in, jbk_source *source, jbk_arena *arena) {
    database *d = jbk_calloc(1, sizeof *d);
    d->source = source;
    d->arena = arena;
    d->name = source->name;
    /* What goes wrong is in d->err, and is told when the first row is asked for. */
    if (!jbk_sqlite_file_open(in, &d->file, &d->err)) {
        d->db = jbk_sqlite_file_db(d->file);
        (void)list_tables(d, &d->err);
    }
    return d;
}

static void close_sqlite(void *state) {
    database *d = state;
    sqlite3_finalize(d->rows);
    jbk_sqlite_file_close(d->file);
    for (size_t i = 0; i < d->tables.n; i++) free(d->tables.at[i]);
    jbk_vec_free(&d->tables);
    jbk_buf_free(&d->text);
    free(d);
}

static int prepare(database *d, const char *form, sqlite3_stmt **out) {
    char *sql = sqlite3_mprintf(form, d->tables.at[d->table]);
    if (!sql) jbk_out_of_memory();
    int rc = sqlite3_prepare_v2(d->db, sql, -1, out, NULL);
    sqlite3_free(sql);
    return rc;
}

/* Begin a table, or go on in it after its row `last`. */
static int begin_rows(database *d) {
    int rc;
    sqlite3_finalize(d->rows);
    d->rows = NULL;
    if (!d->any) {
        rc = prepare(d, "SELECT rowid, * FROM main.\"%w\" ORDER BY rowid", &d->rows);
        d->has_rowid = rc == SQLITE_OK;
        return rc ? prepare(d, "SELECT 0, * FROM main.\"%w\"", &d->rows) : rc;
    }
    rc = prepare(d, "SELECT rowid, * FROM main.\"%w\" WHERE rowid > ?1 ORDER BY rowid", &d->rows);
    if (!rc) rc = sqlite3_bind_int64(d->rows, 1, d->last);
    return rc;
}

/* A row is too large for SQLite's limit, which is ours: find its number, to go on after it. */
static bool skip_large(database *d) {
    sqlite3_stmt *s = NULL;
    if (!d->has_rowid) return false;
    int rc = d->any ? prepare(d, "SELECT min(rowid) FROM main.\"%w\" WHERE rowid > ?1", &s)
                    : prepare(d, "SELECT min(rowid) FROM main.\"%w\"", &s);
    if (!rc && d->any) rc = sqlite3_bind_int64(s, 1, d->last);
    bool found = !rc && sqlite3_step(s) == SQLITE_ROW;
    if (found) d->last = sqlite3_column_int64(s, 0);
    d->any |= found;
    sqlite3_finalize(s);
    return found && !begin_rows(d);
}

static void begin_table(database *d, jbk_items *out) {
    char *name = jbk_printf("%s!%s", d->name, d->tables.at[d->table]);
    jbk_buf b = {0};
    jbk_utf8_repair(name, strlen(name), &b);
    d->source->name = jbk_arena_dup(d->arena, b.data, b.len);
    jbk_buf_free(&b);
    free(name);
    jbk_items_source(out, d->source);
    d->any = false;
}

static void put_value(jbk_buf *out, sqlite3_stmt *rows, int i) {
    const char *s = (const char *)sqlite3_column_blob(rows, i);
    size_t len = (size_t)sqlite3_column_bytes(rows, i);
    switch (sqlite3_column_type(rows, i)) {
    case SQLITE_INTEGER:
        jbk_buf_printf(out, "%lld", sqlite3_column_int64(rows, i));
        break;
    case SQLITE_FLOAT: {
        double x = sqlite3_column_double(rows, i);
        if (x - x == 0.0) /* JSON has no infinity */
            jbk_buf_printf(out, "%.17g", x);
        else
            jbk_buf_str(out, "null");
        break;
    }
    case SQLITE_TEXT:
        s = (const char *)sqlite3_column_text(rows, i);
        jbk_json_put_string(out, s, (size_t)sqlite3_column_bytes(rows, i));
        break;
    case SQLITE_BLOB: /* text that was stored as bytes; else nothing to be searched */
        if (len && !memchr(s, '\0', len) && !jbk_utf8_count_bad(s, len))
            jbk_json_put_string(out, s, len);
        else
            jbk_buf_str(out, "null");
        break;
    default:
        jbk_buf_str(out, "null");
    }
}

static void cut_row(database *d, jbk_items *out) {
    d->text.len = 0;
    for (int i = 1; i < sqlite3_column_count(d->rows); i++) {
        jbk_buf_byte(&d->text, i > 1 ? ',' : '{');
        const char *name = sqlite3_column_name(d->rows, i);
        jbk_json_put_string(&d->text, name, strlen(name));
        jbk_buf_byte(&d->text, ':');
        put_value(&d->text, d->rows, i);
    }
    jbk_buf_byte(&d->text, '}');
    d->last = sqlite3_column_int64(d->rows, 0);
    d->any = true;
    jbk_items_begin(out, JBK_ITEM_JSON, 0, (uint64_t)d->last);
    jbk_items_add(out, d->text.data, d->text.len);
    jbk_items_end(out);
}

static void refuse(database *d, jbk_items *out, jbk_reject_code code, const char *why) {
    jbk_items_begin(out, JBK_ITEM_BAD, 0, (uint64_t)d->last);
    jbk_items_refuse(out, code, why);
}

static bool next_row(void *state, jbk_feed *in, jbk_items *out) {
    database *d = state;
    (void)in;
    if (d->err.status) {
        refuse(d, out, JBK_REJ_UNREADABLE, d->err.msg);
        return false;
    }
    if (d->table == d->tables.n) return false;
    int rc = SQLITE_OK;
    if (!d->rows) {
        begin_table(d, out);
        rc = begin_rows(d);
    }
    if (!rc) rc = sqlite3_step(d->rows);
    if (rc == SQLITE_ROW) {
        cut_row(d, out);
        return true;
    }
    if (rc == SQLITE_TOOBIG && skip_large(d)) {
        refuse(d, out, JBK_REJ_TOO_LONG, "a row longer than 64 MiB");
        return true;
    }
    if (rc != SQLITE_DONE) refuse(d, out, JBK_REJ_UNREADABLE, sqlite3_errmsg(d->db));
    sqlite3_finalize(d->rows);
    d->rows = NULL;
    d->table++;
    return true;
}

static bool looks_like_sqlite(const char *head, size_t len, const char *name) {
    (void)name;
    return len >= 16 && !memcmp(head, "SQLite format 3", 16);
}

const jbk_input_format jbk_read_sqlite = {"sqlite",     open_sqlite,       next_row,
                                          close_sqlite, looks_like_sqlite, true};
