/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every stored record, read in order: does all that was made from it say the same? */
#include "checker.h"

#include "asof.h"
#include "base/hash.h"

#include <stdlib.h>

/* Values read lately, so that rows of one platform need not look its name up again. */
enum { CACHE = 1024 };
typedef struct {
    uint32_t code_plus_1;
    jbk_str value; /* s is NULL where it cannot be read */
} cached_value;

typedef struct {
    jbk_check *c;
    uint32_t doc;
    jbk_record r;
    jbk_chunk chunk[JBK_FIELDS];
    uint32_t chunk_number[JBK_FIELDS];
    cached_value *cache[JBK_FIELDS];
    uint32_t values[JBK_FIELDS];
    jbk_observations seen;
    jbk_asof *times; /* of indexing; NULL where they cannot be read */
    jbk_buf scratch;
    jbk_check_links *links;
    uint64_t entries[JBK_RUNS]; /* that the records of this segment ask for */
} reading;

static void find(reading *d, int field, const char *what) {
    char *text = jbk_printf("%s: %s", jbk_fields[field].name, what);
    jbk_check_find(d->c, JBK_NOT_FITTING, jbk_check_table(JBK_TABLE_COLUMNS), text, d->doc);
    free(text);
}

/* False where the chunk cannot be read, which has been told. */
static bool number_of(reading *d, jbk_field_id f, int64_t *value) {
    uint32_t chunk = d->doc / JBK_CHUNK;
    if (!d->c->meta.table[JBK_TABLE_COLUMNS]) return false;
    if (d->chunk_number[f] != chunk) {
        if (jbk_view_chunk(d->c->view, f, chunk, &d->chunk[f], NULL)) d->chunk[f].n = 0;
        d->chunk_number[f] = chunk;
    }
    *value = jbk_chunk_get(&d->chunk[f], d->doc % JBK_CHUNK);
    return d->doc % JBK_CHUNK < d->chunk[f].n;
}

static jbk_str value_of(reading *d, jbk_field_id f, uint32_t code) {
    cached_value *v = &d->cache[f][code % CACHE];
    if (v->code_plus_1 != code + 1) {
        *v = (cached_value){.code_plus_1 = code + 1};
        if (jbk_view_value(d->c->view, f, code, &v->value.s, &v->value.len, NULL))
            v->value = (jbk_str){0};
    }
    return v->value;
}

/* --- columns --- */

static bool is_same(jbk_str a, jbk_str b) {
    return a.len == b.len && (!a.len || !memcmp(a.s, b.s, a.len));
}

static void check_code(reading *d, jbk_field_id f) {
    int64_t v;
    if (!d->c->meta.table[JBK_TABLE_VALUES] || !number_of(d, f, &v)) return;
    jbk_str own = d->r.field[f];
    if (v != JBK_ABSENT && (v < 0 || v >= (int64_t)d->values[f])) {
        find(d, f, "a code is in no dictionary");
        return;
    }
    bool derived = !own.len && (f == JBK_F_LANG || f == JBK_F_SCRIPT || f == JBK_F_MENTIONS);
    if (derived || f == JBK_F_STATUS) return; /* --deep looks at those, the replay at this */
    if (v == JBK_ABSENT) {
        if (own.len) find(d, f, "the record has a value that the column has not");
        return;
    }
    jbk_str value = value_of(d, f, (uint32_t)v);
    if (value.s && !is_same(value, own)) find(d, f, "is not what the record says");
}

static void check_time(reading *d, jbk_field_id f) {
    int64_t v;
    if (number_of(d, f, &v) && v != d->r.number[f]) find(d, f, "is not what the record says");
}

/* A character folds to a few words at most. */
static void check_words_column(reading *d) {
    int64_t v;
    if (!number_of(d, JBK_F_WORDS, &v)) return;
    uint64_t bytes = d->r.field[JBK_F_TITLE].len + d->r.field[JBK_F_TEXT].len;
    if (v < 0 || v & 1 || (uint64_t)v >> 1 > bytes * 2)
        find(d, JBK_F_WORDS, "cannot be the number of the record's words");
}

static void check_history(reading *d) {
    jbk_observation own = jbk_record_observation(&d->r);
    d->seen.n = 0;
    if (!d->c->meta.table[JBK_TABLE_OBSERVATIONS] ||
        jbk_view_observations(d->c->view, d->doc, &d->seen, NULL))
        return;
    jbk_standing now = d->seen.n ? jbk_history_standing(d->seen.at, d->seen.n, INT64_MAX)
                                 : jbk_history_standing(&own, 1, INT64_MAX);
    bool has_own = !d->seen.n || !jbk_observation_says(&own);
    for (size_t i = 0; i < d->seen.n && !has_own; i++)
        has_own = jbk_observation_same(&d->seen.at[i], &own);
    if (!has_own)
        jbk_check_find(d->c, JBK_NOT_FITTING, jbk_check_table(JBK_TABLE_OBSERVATIONS),
                       "a history lacks what the record says itself", d->doc);
    for (int i = 0; i < JBK_SEEN_FIELDS; i++) {
        int64_t v;
        if (number_of(d, jbk_seen_fields[i], &v) && v != now.value[i])
            find(d, jbk_seen_fields[i], "is not what was observed last");
    }
}

static void check_columns(reading *d) {
    for (int f = 0; f < JBK_FIELDS; f++) {
        if (jbk_fields[f].column == JBK_COL_CODES) check_code(d, (jbk_field_id)f);
        if (jbk_fields[f].column == JBK_COL_NUMBERS && jbk_fields[f].type == JBK_T_TIME &&
            jbk_fields[f].given)
            check_time(d, (jbk_field_id)f);
    }
    check_words_column(d);
    check_history(d);
}

/* A family goes by its first document, which is in it unless it was forgotten. */
static void check_story(reading *d) {
    int64_t own;
    jbk_chunk c;
    if (!number_of(d, JBK_F_STORY, &own) || own == JBK_ABSENT) return;
    if (own < 0 || own & 1 || own >> 1 > (int64_t)d->doc) {
        find(d, JBK_F_STORY, "is no document before it");
        return;
    }
    uint32_t first = (uint32_t)(own >> 1);
    if (jbk_check_forgotten(d->c, first) ||
        jbk_view_chunk(d->c->view, JBK_F_STORY, first / JBK_CHUNK, &c, NULL))
        return;
    if (jbk_chunk_get(&c, first % JBK_CHUNK) != own)
        find(d, JBK_F_STORY, "the first document of the family is not in it");
}

/* --- lookups --- */

static void check_lookup(reading *d, const jbk_segment_info *seg, jbk_run_kind kind,
                         uint64_t hash) {
    static const char *const WHAT[JBK_RUN_SKETCH] = {"a record is not found by its id or digest",
                                                     "a record is not found by its url",
                                                     "a record is not found by its title and text"};
    d->entries[kind]++;
    if (jbk_volume_has_entry(seg->volume, kind, hash, d->doc - seg->base)) return;
    char *where = jbk_check_file(seg, "records");
    jbk_check_find(d->c, JBK_NOT_FITTING, where, WHAT[kind], d->doc);
    free(where);
}

static void check_lookups(reading *d, const jbk_segment_info *seg) {
    unsigned char digest[JBK_CONTENT_DIGEST];
    uint64_t hash = 0;
    for (int k = JBK_RUN_ID; k <= JBK_RUN_URL; k++) {
        jbk_str name = jbk_record_lookup_name(&d->r, (jbk_run_kind)k);
        if (name.s) check_lookup(d, seg, (jbk_run_kind)k, jbk_hash(name.s, name.len));
    }
    /* A record that its id alone does not identify is found by both. */
    if (d->r.field[JBK_F_ID].s && d->r.digest.s)
        check_lookup(d, seg, JBK_RUN_ID, jbk_hash(d->r.digest.s, d->r.digest.len));
    jbk_str item = {0};
    if (jbk_record_content(&d->r, &d->scratch, digest)) {
        item = (jbk_str){d->scratch.data, d->scratch.len};
        memcpy(&hash, digest, sizeof hash);
        check_lookup(d, seg, JBK_RUN_CONTENT, hash);
    }
    int64_t copy_of;
    if (d->links && !jbk_check_forgotten(d->c, d->doc) && number_of(d, JBK_F_COPY_OF, &copy_of))
        jbk_check_links_of(d->links, d->doc, &d->r, copy_of, hash, item);
}

/* --- records --- */

static void check_record(reading *d, const jbk_segment_info *seg, bool sound) {
    jbk_err err;
    if (jbk_record_read(d->c->view, d->c->reader, d->doc, &d->r, &err)) {
        char *where = jbk_check_file(seg, "records");
        jbk_check_find(d->c, JBK_NOT_AS_WRITTEN, where, "records cannot be read", d->doc);
        free(where);
        return;
    }
    /* A forgotten one may be an empty place, and its history is gone. */
    bool forgotten = jbk_check_forgotten(d->c, d->doc);
    if (!forgotten && (!jbk_record_name(&d->r).s || d->r.indexed_at == JBK_ABSENT)) {
        char *where = jbk_check_file(seg, "records");
        jbk_check_find(d->c, JBK_NOT_FITTING, where, "a record has no name or no time of indexing",
                       d->doc);
        free(where);
    }
    if (!forgotten && d->times && d->r.indexed_at != JBK_ABSENT &&
        jbk_asof_own_time(d->times, d->doc, JBK_ABSENT) != d->r.indexed_at)
        jbk_check_find(d->c, JBK_NOT_FITTING, jbk_check_table(JBK_TABLE_META),
                       "a time of indexing is not what the record says", d->doc);
    if (!forgotten) check_columns(d);
    if (!forgotten) check_story(d);
    if (sound) check_lookups(d, seg);
}

/* Every record was found by all its names: entries that are over belong to none. */
static void check_entries(reading *d, const jbk_segment_info *seg) {
    for (int k = 0; k < JBK_RUN_SKETCH; k++) { /* sketches are --deep's */
        if (jbk_volume_entries(seg->volume, (jbk_run_kind)k) == d->entries[k]) continue;
        char *where = jbk_check_file(seg, "records");
        jbk_check_find(d->c, JBK_NOT_FITTING, where,
                       "the lookups lead to records that are called otherwise", JBK_NO_ONE);
        free(where);
        return;
    }
}

static void check_segment(reading *d, const jbk_segment_info *seg, bool sound) {
    memset(d->entries, 0, sizeof d->entries);
    for (uint32_t i = 0; i < seg->docs; i++) {
        d->doc = seg->base + i;
        if (i % 8192 == 0) jbk_check_progress(d->c, "records", d->doc, d->c->docs);
        check_record(d, seg, sound);
    }
    if (sound) check_entries(d, seg);
}

void jbk_check_records(jbk_check *c) {
    reading d = {.c = c};
    for (int f = 0; f < JBK_FIELDS; f++) {
        d.chunk_number[f] = UINT32_MAX;
        if (jbk_fields[f].column != JBK_COL_CODES) continue;
        d.cache[f] = jbk_calloc(CACHE, sizeof *d.cache[f]);
        if (c->meta.table[JBK_TABLE_VALUES] &&
            jbk_view_values(c->view, (jbk_field_id)f, &d.values[f], NULL))
            d.values[f] = 0;
    }
    if (c->meta.table[JBK_TABLE_META] && jbk_asof_new(c->view, INT64_MAX, &d.times, NULL))
        d.times = NULL;
    if (c->sound) d.links = jbk_check_links_new(c);
    for (size_t i = 0; i < c->nsegments; i++)
        if (c->segments[i].volume) check_segment(&d, &c->segments[i], c->state[i].sound);
    jbk_check_links_free(d.links);
    for (int f = 0; f < JBK_FIELDS; f++) free(d.cache[f]);
    jbk_vec_free(&d.seen);
    jbk_asof_free(d.times);
    jbk_buf_free(&d.scratch);
    jbk_record_free(&d.r);
}
