/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The tables that hold what changes: dictionaries, column chunks, observations, dead documents.
 * Rows that do not match their checksums have been told already. */
#include "checker.h"

#include "base/codec.h"
#include "base/hash.h"
#include "base/status.h"

#include <stdlib.h>

static void find_field(jbk_check *c, jbk_table_id table, int field, const char *what,
                       uint32_t first, uint32_t n) {
    char *text = jbk_printf("%s: %s", jbk_fields[field].name, what);
    jbk_check_find_range(c, JBK_NOT_FITTING, jbk_check_table(table), text, first, n);
    free(text);
}

/* --- column chunks --- */

static void check_chunk(jbk_check *c, int field, uint32_t chunk, uint32_t want) {
    jbk_chunk found;
    jbk_err err;
    uint32_t first = chunk * JBK_CHUNK;
    jbk_status status = jbk_view_chunk(c->view, (jbk_field_id)field, chunk, &found, &err);
    if (!status && found.n == want) return;
    if (!status)
        find_field(c, JBK_TABLE_COLUMNS, field,
                   found.n ? "a chunk has values for more or fewer documents"
                           : "a chunk is missing",
                   first, want);
    else if (err.where && strcmp(err.where, "row") != 0)
        find_field(c, JBK_TABLE_COLUMNS, field, "a chunk cannot be read", first, want);
}

static bool hear_column(void *arg, const jbk_row *row) {
    jbk_check *c = arg;
    if (!row->good) return true;
    uint32_t field = row->key_len == 8 ? jbk_load_be32(row->key) : UINT32_MAX;
    uint32_t chunk = field != UINT32_MAX ? jbk_load_be32(row->key + 4) : 0;
    if (field >= JBK_FIELDS || jbk_fields[field].column == JBK_COL_NONE ||
        (uint64_t)chunk * JBK_CHUNK >= c->docs)
        jbk_check_find(c, JBK_NOT_FITTING, jbk_check_table(JBK_TABLE_COLUMNS),
                       "a row is of no field or of documents that are not there", JBK_NO_ONE);
    return true;
}

static void check_columns(jbk_check *c) {
    jbk_err err;
    if (jbk_view_each_row(c->view, JBK_TABLE_COLUMNS, hear_column, c, &err))
        jbk_check_find_err(c, jbk_check_table(JBK_TABLE_COLUMNS), &err, 0, 0);
    uint32_t chunks = (uint32_t)(((uint64_t)c->docs + JBK_CHUNK - 1) / JBK_CHUNK);
    for (int f = 0; f < JBK_FIELDS; f++) {
        if (jbk_fields[f].column == JBK_COL_NONE) continue;
        for (uint32_t i = 0; i < chunks; i++) {
            uint32_t left = c->docs - i * JBK_CHUNK;
            check_chunk(c, f, i, left < JBK_CHUNK ? left : JBK_CHUNK);
        }
    }
}

/* --- dictionaries --- */

typedef struct {
    jbk_check *c;
    uint32_t values[JBK_FIELDS];  /* how many codes there are */
    uint32_t emptied[JBK_FIELDS]; /* of these, how many a purge has taken the value from */
    uint64_t codes[JBK_FIELDS];   /* how many the lookup by value knows */
    int64_t last[JBK_FIELDS];     /* the code before */
} dictionaries;

/* Codes count from 0 without gaps, each with a value of its own. */
static bool hear_value(void *arg, const jbk_row *row) {
    dictionaries *d = arg;
    uint32_t field = row->key_len == 8 ? jbk_load_be32(row->key) : UINT32_MAX;
    if (!row->good) return true;
    if (field >= JBK_FIELDS || jbk_fields[field].column != JBK_COL_CODES) {
        jbk_check_find(d->c, JBK_NOT_FITTING, jbk_check_table(JBK_TABLE_VALUES),
                       "a row is of no field that has codes", JBK_NO_ONE);
        return true;
    }
    uint32_t code = jbk_load_be32(row->key + 4), back;
    d->last[field] = code;
    d->values[field]++;
    if (!row->len) {
        d->emptied[field]++;
        return true;
    }
    if (field == JBK_F_STATUS &&
        jbk_status_find(row->value, row->len) != (code < JBK_STATUSES ? (int)code : -1))
        find_field(d->c, JBK_TABLE_VALUES, (int)field, "a code has another name", 0, 0);
    if (!d->c->meta.table[JBK_TABLE_CODES]) return true;
    jbk_err err = {0};
    jbk_status status =
        jbk_view_code(d->c->view, (jbk_field_id)field, row->value, row->len, &back, &err);
    if (status == JBK_NOT_FOUND)
        find_field(d->c, JBK_TABLE_CODES, (int)field, "a value is not found by its string", 0, 0);
    else if (!status && back != code)
        find_field(d->c, JBK_TABLE_VALUES, (int)field, "two codes have the same value", 0, 0);
    return true;
}

static bool hear_codes(void *arg, const jbk_row *row) {
    dictionaries *d = arg;
    if (!row->good) return true;
    uint32_t field = row->key_len == 12 ? jbk_load_be32(row->key) : UINT32_MAX;
    if (field >= JBK_FIELDS || !row->len || row->len % 4) {
        jbk_check_find(d->c, JBK_NOT_FITTING, jbk_check_table(JBK_TABLE_CODES),
                       "a row is of no field, or holds no codes", JBK_NO_ONE);
        return true;
    }
    uint64_t hash = (uint64_t)jbk_load_be32(row->key + 4) << 32 | jbk_load_be32(row->key + 8);
    for (size_t i = 0; i < row->len; i += 4, d->codes[field]++) {
        uint32_t code;
        const char *s;
        size_t len;
        memcpy(&code, row->value + i, sizeof code);
        if (!d->c->meta.table[JBK_TABLE_VALUES]) continue;
        if (jbk_view_value(d->c->view, (jbk_field_id)field, code, &s, &len, NULL))
            find_field(d->c, JBK_TABLE_CODES, (int)field, "a code has no value", 0, 0);
        else if (jbk_hash(s, len) != hash)
            find_field(d->c, JBK_TABLE_CODES, (int)field,
                       "a code stands where its value does not belong", 0, 0);
    }
    return true;
}

static void check_dictionaries(jbk_check *c) {
    dictionaries d = {.c = c};
    jbk_err err;
    bool both = c->meta.table[JBK_TABLE_VALUES] && c->meta.table[JBK_TABLE_CODES];
    for (int f = 0; f < JBK_FIELDS; f++) d.last[f] = -1;
    if (c->meta.table[JBK_TABLE_VALUES] &&
        jbk_view_each_row(c->view, JBK_TABLE_VALUES, hear_value, &d, &err))
        jbk_check_find_err(c, jbk_check_table(JBK_TABLE_VALUES), &err, 0, 0);
    if (c->meta.table[JBK_TABLE_CODES] &&
        jbk_view_each_row(c->view, JBK_TABLE_CODES, hear_codes, &d, &err))
        jbk_check_find_err(c, jbk_check_table(JBK_TABLE_CODES), &err, 0, 0);
    for (int f = 0; f < JBK_FIELDS; f++) {
        if (c->meta.table[JBK_TABLE_VALUES] && d.last[f] + 1 != (int64_t)d.values[f])
            find_field(c, JBK_TABLE_VALUES, f, "codes are missing", 0, 0);
        if (both && d.codes[f] != d.values[f] - d.emptied[f])
            find_field(c, JBK_TABLE_CODES, f, "there are more or fewer codes than values", 0, 0);
    }
}

/* --- observations --- */

typedef struct {
    jbk_check *c;
    uint32_t block, next; /* of the row that should follow */
    jbk_recorded_list part;
} observations;

static bool is_sensible(const jbk_observation *o) {
    bool good = o->status >= -1 && o->status < JBK_STATUSES && o->at != JBK_ABSENT &&
                o->message.len <= JBK_MESSAGE_MAX && o->seen_by.len <= JBK_SEEN_BY_MAX;
    for (int i = 0; i < 4; i++) good = good && (o->counts[i] >= 0 || o->counts[i] == JBK_ABSENT);
    return good && jbk_observation_says(o);
}

static void check_part(observations *e, const char *where) {
    jbk_check *c = e->c;
    for (size_t i = 0; i < e->part.n; i++) {
        const jbk_recorded *r = &e->part.at[i];
        if (r->doc >= c->docs)
            jbk_check_find(c, JBK_NOT_FITTING, where,
                           "an observation is of a document that is not there", JBK_NO_ONE);
        else if (!is_sensible(&r->seen))
            jbk_check_find(c, JBK_NOT_FITTING, where, "an observation says what none can say",
                           r->doc);
    }
}

static bool hear_observation(void *arg, const jbk_row *row) {
    observations *e = arg;
    const char *where = jbk_check_table(JBK_TABLE_OBSERVATIONS);
    if (!row->good) return true;
    uint32_t block = row->key_len == 8 ? jbk_load_be32(row->key) : 0;
    if (row->key_len != 8 || !row->len || block > UINT32_MAX / JBK_HISTORY_BLOCK) {
        jbk_check_find(e->c, JBK_NOT_FITTING, where, "a row has the wrong length", JBK_NO_ONE);
        return true;
    }
    uint32_t part = jbk_load_be32(row->key + 4), first = block * JBK_HISTORY_BLOCK;
    if (part != (block == e->block ? e->next : 0))
        jbk_check_find_range(e->c, JBK_NOT_FITTING, where, "observations are missing", first,
                             JBK_HISTORY_BLOCK);
    e->part.n = 0;
    if (!jbk_history_read_part(block, row->value, row->len, &e->part))
        jbk_check_find_range(e->c, JBK_NOT_FITTING, where, "a row is cut off", first,
                             JBK_HISTORY_BLOCK);
    check_part(e, where);
    e->block = block;
    e->next = part + 1;
    return true;
}

static void check_observations(jbk_check *c) {
    observations e = {.c = c, .block = UINT32_MAX};
    jbk_err err;
    if (jbk_view_each_row(c->view, JBK_TABLE_OBSERVATIONS, hear_observation, &e, &err))
        jbk_check_find_err(c, jbk_check_table(JBK_TABLE_OBSERVATIONS), &err, 0, 0);
    jbk_vec_free(&e.part);
}

/* --- observations that wait --- */

typedef struct {
    jbk_check *c;
    jbk_recorded_list list;
} pending;

static bool hear_pending(void *arg, const jbk_row *row) {
    pending *p = arg;
    const char *where = jbk_check_table(JBK_TABLE_PENDING);
    jbk_str name = {0};
    if (!row->good) return true;
    p->list.n = 0;
    bool whole = row->key_len == 12 && jbk_pending_read_row(row->value, row->len, &name, &p->list);
    bool good = whole && p->list.n && name.len > 1 && strchr("pud", *name.s);
    uint64_t hash = good ? jbk_hash(name.s, name.len) : 0;
    good = good && jbk_load_be32(row->key) == (uint32_t)(hash >> 32) &&
           jbk_load_be32(row->key + 4) == (uint32_t)hash;
    for (size_t i = 0; i < p->list.n; i++)
        good = good && !p->list.at[i].doc && is_sensible(&p->list.at[i].seen);
    if (!good)
        jbk_check_find(p->c, JBK_NOT_FITTING, where,
                       "a row is of no name, or says what none can say", JBK_NO_ONE);
    return true;
}

static void check_pending(jbk_check *c) {
    pending p = {.c = c};
    jbk_err err;
    if (jbk_view_each_row(c->view, JBK_TABLE_PENDING, hear_pending, &p, &err))
        jbk_check_find_err(c, jbk_check_table(JBK_TABLE_PENDING), &err, 0, 0);
    jbk_vec_free(&p.list);
}

/* When documents were indexed: runs follow each other, the first from the first document. */
static void check_runs(jbk_check *c) {
    const char *bytes;
    size_t len;
    uint32_t first = 0;
    if (jbk_view_meta(c->view, JBK_META_RUNS, &bytes, &len, NULL)) return;
    bool good = len % sizeof(jbk_indexing_run) == 0 && (len || !c->docs);
    for (size_t i = 0; i < len && good; i += sizeof(jbk_indexing_run)) {
        jbk_indexing_run run;
        memcpy(&run, bytes + i, sizeof run);
        good = i ? run.first > first : !run.first;
        good = good && run.first < c->docs && run.at != JBK_ABSENT;
        first = run.first;
    }
    if (!good)
        jbk_check_find(c, JBK_NOT_FITTING, jbk_check_table(JBK_TABLE_META),
                       "the times of indexing do not follow each other", JBK_NO_ONE);
}

/* --- dead documents --- */

static roaring_bitmap_t *load_list(jbk_check *c, const char *key) {
    const char *bytes;
    size_t len;
    if (jbk_view_meta(c->view, key, &bytes, &len, NULL)) return NULL;
    roaring_bitmap_t *list =
        bytes ? roaring_bitmap_portable_deserialize_safe(bytes, len) : roaring_bitmap_create();
    const char *wrong = !list ? "cannot be read"
                        : !roaring_bitmap_is_empty(list) && roaring_bitmap_maximum(list) >= c->docs
                            ? "names some that are not there"
                            : NULL;
    if (!wrong) return list;
    char *what = jbk_printf("the list of %s documents %s", key, wrong);
    jbk_check_find(c, JBK_NOT_FITTING, jbk_check_table(JBK_TABLE_META), what, JBK_NO_ONE);
    free(what);
    return list;
}

bool jbk_check_forgotten(const jbk_check *c, uint32_t doc) {
    return c->forgotten && roaring_bitmap_contains(c->forgotten, doc);
}

static void check_dead(jbk_check *c) {
    c->dead = load_list(c, JBK_META_DEAD);
    c->forgotten = load_list(c, JBK_META_FORGOTTEN);
    if (c->dead && c->forgotten && !roaring_bitmap_is_subset(c->forgotten, c->dead))
        jbk_check_find(c, JBK_NOT_FITTING, jbk_check_table(JBK_TABLE_META),
                       "a forgotten document is not among the dead", JBK_NO_ONE);
}

void jbk_check_values(jbk_check *c) {
    if (c->meta.table[JBK_TABLE_COLUMNS]) check_columns(c);
    check_dictionaries(c);
    if (c->meta.table[JBK_TABLE_OBSERVATIONS]) check_observations(c);
    if (c->meta.table[JBK_TABLE_PENDING]) check_pending(c);
    if (c->meta.table[JBK_TABLE_META]) check_runs(c);
    check_dead(c);
}
