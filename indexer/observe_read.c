/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "observe_read.h"

#include "base/intern.h"
#include "base/utf8.h"

#include <csv.h>
#include <jansson.h>
#include <stdlib.h>

enum { ROW_MAX = 1 << 20 }; /* bytes; a quotation mark that is not closed takes no more */

struct jbk_observe_reader {
    jbk_input *in;
    const jbk_sighting_options *options;
    jbk_lines batch;
    size_t next;     /* line of the batch */
    uint32_t file;   /* of the row before; UINT32_MAX: none */
    bool json;       /* this file is of JSON objects */
    char separator;  /* else of cells */
    jbk_lines one;   /* the row as it stands in the file */
    jbk_intern keys; /* JSON */
    JBK_VEC(int) key_roles;
    JBK_VEC(int) columns; /* roles of the heading's columns */
    struct csv_parser csv;
    JBK_VEC(jbk_sighting_cell) cells;
    jbk_buf text;         /* of the cells */
    JBK_VEC(size_t) ends; /* of the cells in it */
    jbk_buf repaired;
};

jbk_observe_reader *jbk_observe_reader_new(jbk_input *in, const jbk_sighting_options *options) {
    jbk_observe_reader *r = jbk_calloc(1, sizeof *r);
    r->in = in;
    r->options = options;
    r->file = UINT32_MAX;
    if (csv_init(&r->csv, CSV_STRICT | CSV_STRICT_FINI)) jbk_out_of_memory();
    return r;
}

void jbk_observe_reader_free(jbk_observe_reader *r) {
    if (!r) return;
    jbk_lines_free(&r->batch);
    jbk_lines_free(&r->one);
    jbk_intern_free(&r->keys);
    jbk_vec_free(&r->key_roles);
    jbk_vec_free(&r->columns);
    csv_free(&r->csv);
    jbk_vec_free(&r->cells);
    jbk_buf_free(&r->text);
    jbk_vec_free(&r->ends);
    jbk_buf_free(&r->repaired);
    free(r);
}

/* --- lines to rows --- */

static const jbk_line *next_line(jbk_observe_reader *r) {
    if (r->next >= r->batch.lines.n) {
        r->next = 0;
        if (!jbk_input_next(r->in, &r->batch)) return NULL;
    }
    return &r->batch.lines.at[r->next];
}

static size_t count_quotes(const char *s, size_t len) {
    size_t n = 0;
    for (const char *p = s; (p = memchr(p, '"', len - (size_t)(p - s))); p++) n++;
    return n;
}

/* r->one := the next row; a line, or several that a quoted cell of CSV spans.  False at the
 * end. */
static bool next_row(jbk_observe_reader *r, bool *new_file) {
    const jbk_line *l = next_line(r);
    if (!l) return false;
    *new_file = l->file != r->file;
    r->file = l->file;
    const char *s = r->batch.bytes.data + l->start;
    size_t blanks = 0;
    if (*new_file) {
        if (l->len >= 3 && !memcmp(s, "\xEF\xBB\xBF", 3)) blanks = 3;
        while (blanks < l->len && (s[blanks] == ' ' || s[blanks] == '\t')) blanks++;
        r->json = blanks < l->len && s[blanks] == '{';
    }
    r->one.bytes.len = r->one.lines.n = 0;
    jbk_vec_push(&r->one.lines, *l);
    jbk_line *whole = &r->one.lines.at[0];
    whole->start = 0;
    if (l->sha256) {
        jbk_arena_free(&r->one.arena);
        whole->sha256 = jbk_arena_dup(&r->one.arena, l->sha256, strlen(l->sha256));
    }
    if (l->problem) whole->problem = jbk_arena_dup(&r->one.arena, l->problem, strlen(l->problem));
    for (size_t quotes = 0;;) {
        jbk_buf_add(&r->one.bytes, r->batch.bytes.data + l->start, l->len);
        quotes += count_quotes(r->batch.bytes.data + l->start, l->len);
        r->next++;
        if (r->json || whole->cut || whole->problem || quotes % 2 == 0) break;
        if (r->one.bytes.len > ROW_MAX || !(l = next_line(r)) || l->file != r->file || l->problem)
            break;
        jbk_buf_byte(&r->one.bytes, '\n');
    }
    whole->len = r->one.bytes.len;
    return true;
}

/* --- rows to cells --- */

static void add_cell(void *s, size_t len, void *reader) {
    jbk_observe_reader *r = reader;
    jbk_buf_add(&r->text, s, len);
    jbk_vec_push(&r->ends, r->text.len);
}

/* Ill-formed bytes become U+FFFD. */
static jbk_str clean_row(jbk_observe_reader *r) {
    jbk_str s = {r->one.bytes.data, r->one.bytes.len};
    if (s.len >= 3 && !memcmp(s.s, "\xEF\xBB\xBF", 3)) s.s += 3, s.len -= 3;
    if (!jbk_utf8_count_bad(s.s, s.len)) return s;
    r->repaired.len = 0;
    jbk_utf8_repair(s.s, s.len, &r->repaired);
    return (jbk_str){r->repaired.data, r->repaired.len};
}

static bool cut_cells(jbk_observe_reader *r) {
    jbk_str s = clean_row(r);
    r->text.len = 0;
    r->ends.n = 0;
    csv_set_delim(&r->csv, (unsigned char)r->separator);
    bool good = csv_parse(&r->csv, s.s, s.len, add_cell, NULL, r) == s.len;
    if (csv_fini(&r->csv, add_cell, NULL, r)) good = false;
    if (good) return true;
    csv_free(&r->csv); /* an error stays with a parser */
    if (csv_init(&r->csv, CSV_STRICT | CSV_STRICT_FINI)) jbk_out_of_memory();
    return false;
}

static jbk_str cell_at(const jbk_observe_reader *r, size_t i) {
    size_t start = i ? r->ends.at[i - 1] : 0;
    return (jbk_str){r->text.data + start, r->ends.at[i] - start};
}

static bool read_heading(jbk_observe_reader *r) {
    jbk_str s = {r->one.bytes.data, r->one.bytes.len};
    bool tabs = s.len && memchr(s.s, '\t', s.len) && !memchr(s.s, ',', s.len);
    r->separator = tabs ? '\t' : ',';
    r->columns.n = 0;
    if (!cut_cells(r)) return false;
    for (size_t i = 0; i < r->ends.n; i++) {
        jbk_str name = cell_at(r, i);
        while (name.len && (*name.s == ' ')) name.s++, name.len--;
        while (name.len && (name.s[name.len - 1] == ' ')) name.len--;
        jbk_vec_push(&r->columns, jbk_sighting_role(name.s, name.len));
    }
    return true;
}

static jbk_reject_code refuse(jbk_reject *reject, jbk_arena *arena, jbk_reject_code code,
                              const char *reason) {
    reject->reason = jbk_arena_dup(arena, reason, strlen(reason));
    return code;
}

static jbk_reject_code csv_row(jbk_observe_reader *r, jbk_arena *arena, jbk_reject *reject) {
    if (!cut_cells(r))
        return refuse(reject, arena, JBK_REJ_CSV_SYNTAX, "quotation marks that do not fit");
    if (r->ends.n != r->columns.n)
        return refuse(reject, arena, JBK_REJ_CSV_SYNTAX,
                      r->ends.n < r->columns.n ? "fewer cells than the heading"
                                               : "more cells than the heading");
    for (size_t i = 0; i < r->ends.n; i++) {
        jbk_sighting_cell c = {r->columns.at[i], cell_at(r, i)};
        jbk_vec_push(&r->cells, c);
    }
    return JBK_REJ_NONE;
}

/* --- JSON --- */

enum { KEYS_REMEMBERED = 10000 };

static int role_of_key(jbk_observe_reader *r, const char *key) {
    size_t len = strlen(key);
    uint32_t n;
    if (jbk_intern_find(&r->keys, key, len, &n)) return r->key_roles.at[n];
    int role = jbk_sighting_role(key, len);
    if (r->keys.keys.n < KEYS_REMEMBERED) {
        jbk_intern_add(&r->keys, key, len);
        jbk_vec_push(&r->key_roles, role);
    }
    return role;
}

static void add_member(jbk_observe_reader *r, const char *key, const json_t *v) {
    size_t start = r->text.len;
    if (json_is_string(v)) {
        jbk_buf_add(&r->text, json_string_value(v), json_string_length(v));
    } else if (json_is_number(v) || json_is_boolean(v)) {
        char *s = json_dumps(v, JSON_ENCODE_ANY);
        jbk_buf_str(&r->text, s ? s : "");
        free(s);
    }
    (void)start;
    jbk_vec_push(&r->ends, r->text.len);
    jbk_sighting_cell c = {role_of_key(r, key), {NULL, 0}};
    jbk_vec_push(&r->cells, c);
}

static jbk_reject_code json_row(jbk_observe_reader *r, jbk_arena *arena, jbk_reject *reject) {
    jbk_str s = clean_row(r);
    json_error_t e;
    if (s.len && memchr(s.s, '\0', s.len))
        return refuse(reject, arena, JBK_REJ_JSON_SYNTAX, "a NUL byte");
    json_t *root = json_loadb(s.s ? s.s : "", s.len, JSON_ALLOW_NUL | JSON_DECODE_ANY, &e);
    if (!root) return refuse(reject, arena, JBK_REJ_JSON_SYNTAX, e.text);
    const char *key;
    json_t *v;
    r->text.len = r->ends.n = 0;
    bool object = json_is_object(root);
    json_object_foreach(root, key, v) add_member(r, key, v);
    for (size_t i = 0; i < r->ends.n; i++) r->cells.at[i].value = cell_at(r, i);
    json_decref(root);
    return object ? JBK_REJ_NONE
                  : refuse(reject, arena, JBK_REJ_NOT_OBJECT, "a JSON value that is not an object");
}

/* --- */

static jbk_reject_code read_row(jbk_observe_reader *r, jbk_arena *arena, jbk_sightings *out,
                                jbk_reject *reject) {
    const jbk_line *l = &r->one.lines.at[0];
    r->cells.n = 0;
    if (l->problem) return refuse(reject, arena, JBK_REJ_UNREADABLE, l->problem);
    if (l->cut || l->len > ROW_MAX)
        return refuse(reject, arena, JBK_REJ_TOO_LONG, "longer than a row can be");
    jbk_reject_code code = r->json ? json_row(r, arena, reject) : csv_row(r, arena, reject);
    if (code) return code;
    return jbk_sighting_row(r->options, r->cells.at, r->cells.n, arena, out, &reject->reason);
}

bool jbk_observe_next(jbk_observe_reader *r, jbk_arena *arena, jbk_sightings *out,
                      jbk_reject *reject, const jbk_lines **bytes, const char **file) {
    bool new_file;
    *reject = (jbk_reject){0};
    *bytes = &r->one;
    for (;;) {
        if (!next_row(r, &new_file)) return false;
        *file = jbk_input_name(r->in, r->file);
        const jbk_line *l = &r->one.lines.at[0];
        bool heading = new_file && !r->json && !l->problem && !l->cut;
        if (!heading) break;
        if (read_heading(r)) continue;
        reject->code =
            refuse(reject, arena, JBK_REJ_CSV_SYNTAX, "the heading's quotation marks do not fit");
        return true;
    }
    reject->code = read_row(r, arena, out, reject);
    return true;
}
