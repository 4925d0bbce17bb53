/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "object.h"

#include "base/utf8.h"

#include <stdlib.h>

void jbk_object_maker_free(jbk_object_maker *m) {
    jbk_buf_free(&m->scratch);
    jbk_vec_free(&m->cells);
    jbk_json_free(m->json);
}

typedef struct {
    const jbk_item *item;
    const jbk_source *source;
    const char *s; /* UTF-8 */
    size_t len;
    jbk_arena *arena;
    jbk_cells *cells; /* to be used */
    jbk_json **json;  /* the maker's */
    char **reason;
} job;

static jbk_reject_code refuse(const job *j, jbk_reject_code code, const char *why) {
    *j->reason = jbk_arena_dup(j->arena, why, strlen(why));
    return code;
}

static jbk_reject_code refuse_at(const job *j, const char *what, const char *place) {
    const char *line = j->s;
    uint64_t number = j->item->line;
    for (const char *p; (p = memchr(line, '\n', (size_t)(place - line))); line = p + 1) number++;
    size_t column = (size_t)(place - line) + 1 + (line == j->s ? j->item->column : 0);
    char *why = jbk_printf("%s (line %llu, column %zu)", what, (unsigned long long)number, column);
    refuse(j, JBK_REJ_JSON_SYNTAX, why);
    free(why);
    return JBK_REJ_JSON_SYNTAX;
}

static jbk_reject_code from_json(const job *j, json_t **out) {
    json_error_t e;
    const char *nul = memchr(j->s, '\0', j->len);
    if (nul) return refuse_at(j, "a NUL byte", nul);
    *out = jbk_json_quick(j->json, j->s, j->len);
    if (*out) return JBK_REJ_NONE;
    json_t *root = json_loadb(j->s, j->len, JSON_ALLOW_NUL | JSON_DECODE_ANY, &e);
    if (!root) {
        jbk_buf b = {0};
        if (e.line > 1)
            jbk_buf_printf(&b, "%s (line %llu, column %d)", e.text,
                           (unsigned long long)j->item->line + (unsigned)e.line - 1, e.column);
        else
            jbk_buf_printf(&b, "%s (column %zu)", e.text, j->item->column + (unsigned)e.column);
        *j->reason = jbk_arena_dup(j->arena, b.data, b.len);
        jbk_buf_free(&b);
        return JBK_REJ_JSON_SYNTAX;
    }
    if (!json_is_object(root)) {
        json_decref(root);
        return refuse(j, JBK_REJ_NOT_OBJECT, "a JSON value that is not an object");
    }
    *out = root;
    return JBK_REJ_NONE;
}

/* Pages have encodings of their own. */
static jbk_reject_code from_page(jbk_object_maker *m, const jbk_items *items, const job *j,
                                 json_t **out) {
    jbk_page_note note;
    jbk_reject_code code = m->sightings && j->item->kind == JBK_ITEM_WARC
                               ? jbk_page_sighting(items, j->item, j->arena, out, &note, j->reason)
                               : jbk_page_object(items, j->item, j->arena, out, &note, j->reason);
    if (!code && !*out) m->passed[note.pass]++;
    if (*out && note.bad) m->repaired++;
    return code;
}

static jbk_reject_code from_text(const job *j, json_t **out) {
    *out = json_object();
    json_object_set_new(*out, "text", json_stringn_nocheck(j->s, j->len));
    json_object_set_new(*out, "x.file", json_string(j->source->name));
    return JBK_REJ_NONE;
}

static jbk_reject_code from_row(const job *j, json_t **out) {
    const jbk_source *t = j->source;
    jbk_csv_split(j->s, j->len, t->delimiter, !j->item->context, j->arena, j->cells);
    if (j->cells->n != t->ncolumns) {
        char *why = jbk_printf("%zu cells, but %zu columns", j->cells->n, t->ncolumns);
        refuse(j, JBK_REJ_CELLS, why);
        free(why);
        return JBK_REJ_CELLS;
    }
    *out = json_object();
    for (size_t i = 0; i < t->ncolumns; i++) {
        jbk_cell c = j->cells->at[i];
        json_object_set_new_nocheck(*out, t->columns[i], json_stringn_nocheck(c.s, c.len));
    }
    return JBK_REJ_NONE;
}

typedef jbk_reject_code maker(const job *j, json_t **out);

static maker *const makers[] = {
    [JBK_ITEM_JSON] = from_json, [JBK_ITEM_ROW] = from_row, [JBK_ITEM_TEXT] = from_text};

jbk_reject_code jbk_object_make(jbk_object_maker *m, const jbk_items *items, const jbk_item *x,
                                jbk_arena *arena, json_t **out, char **reason) {
    job j = {.item = x,
             .source = items->sources.at[x->source],
             .s = items->bytes.data + x->start,
             .len = x->len,
             .arena = arena,
             .cells = &m->cells,
             .json = &m->json,
             .reason = reason};
    *out = NULL;
    if (x->kind == JBK_ITEM_BAD) return refuse(&j, x->code, x->problem);
    if (x->cut) {
        char why[64];
        snprintf(why, sizeof why, "longer than %zu MiB", jbk_items_max(items) >> 20);
        return refuse(&j, JBK_REJ_TOO_LONG, why);
    }
    if (x->kind == JBK_ITEM_HTML || x->kind == JBK_ITEM_WARC) return from_page(m, items, &j, out);
    /* A row was cut with the mark in it: without, a quote behind it would begin a cell. */
    bool marked = x->kind != JBK_ITEM_ROW && j.len >= 3 && !memcmp(j.s, "\xEF\xBB\xBF", 3);
    if (marked) j.s += 3, j.len -= 3;
    if (jbk_utf8_count_bad(j.s, j.len)) {
        m->scratch.len = 0;
        jbk_utf8_repair(j.s, j.len, &m->scratch);
        j.s = m->scratch.data;
        j.len = m->scratch.len;
        m->repaired++;
    }
    return makers[x->kind](&j, out);
}
