/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "map_record.h"

#include "base/count.h"
#include "base/hash.h"
#include "base/status.h"
#include "base/time.h"
#include "base/utf8.h"
#include "zone.h"

#include <jansson.h>
#include <stdlib.h>
#include <strings.h>

void jbk_mapper_free(jbk_mapper *p) {
    jbk_intern_free(&p->keys);
    jbk_vec_free(&p->meanings);
}

/* --- keys --- */

/* Place of `name` in the aliases, from 1. */
static uint8_t alias_rank(const char *aliases, const char *name, size_t len) {
    uint8_t rank = 1;
    for (const char *p = aliases; *p; rank++) {
        size_t n = strcspn(p, " ");
        if (n == len && !strncasecmp(p, name, len)) break;
        p += n + (p[n] == ' ');
    }
    return rank;
}

static jbk_key_meaning find_meaning(const char *key, size_t len) {
    int f = jbk_field_find(key, len);
    if (f < 0 || !jbk_fields[f].given) return (jbk_key_meaning){-1, 0};
    bool own = strlen(jbk_fields[f].name) == len;
    own = own && !strncasecmp(jbk_fields[f].name, key, len);
    return (jbk_key_meaning){(int8_t)f, own ? 0 : alias_rank(jbk_fields[f].aliases, key, len)};
}

enum { KEYS_REMEMBERED = 10000 };

static jbk_key_meaning meaning_of(jbk_mapper *p, const char *key) {
    size_t len = strlen(key);
    uint32_t n;
    if (jbk_intern_find(&p->keys, key, len, &n)) return p->meanings.at[n];
    jbk_key_meaning m = find_meaning(key, len);
    if (p->keys.keys.n < KEYS_REMEMBERED) {
        jbk_intern_add(&p->keys, key, len);
        jbk_vec_push(&p->meanings, m);
    }
    return m;
}

/* --- values --- */

typedef struct {
    jbk_mapper *parser;
    jbk_arena *arena;
    jbk_record *r;
    const json_t *value[JBK_FIELDS]; /* the winner among a field's keys */
    const char *key[JBK_FIELDS];
    uint8_t rank[JBK_FIELDS];
    char **reason;
} context;

static jbk_str keep(context *c, const char *s, size_t len) {
    return (jbk_str){len ? jbk_arena_dup(c->arena, s, len) : NULL, len};
}

static jbk_str json_text(context *c, const json_t *v) {
    char *s = json_dumps(v, JSON_COMPACT | JSON_ENCODE_ANY);
    if (!s) return (jbk_str){0};
    jbk_str kept = keep(c, s, strlen(s));
    free(s);
    return kept;
}

/* A scalar as text; absent where it is null or empty. */
static jbk_str scalar(context *c, const json_t *v) {
    if (json_is_string(v)) return keep(c, json_string_value(v), json_string_length(v));
    return json_is_null(v) ? (jbk_str){0} : json_text(c, v);
}

static void add_extra(context *c, const char *key, const json_t *v) {
    if (!strncmp(key, JBK_EXTRA_PREFIX, strlen(JBK_EXTRA_PREFIX))) key += strlen(JBK_EXTRA_PREFIX);
    jbk_extra x = {keep(c, key, strlen(key)), scalar(c, v)};
    if (x.value.s && x.name.s) jbk_vec_push(&c->r->extras, x);
}

static bool is_scalar(const json_t *v) { return !json_is_object(v) && !json_is_array(v); }

static jbk_reject_code refuse(context *c, jbk_reject_code code, const char *what, int field) {
    jbk_buf b = {0};
    jbk_buf_printf(&b, "%s in \"%s\": ", what, c->key[field]);
    jbk_str v = scalar(c, c->value[field]);
    jbk_buf_add(&b, v.s, jbk_utf8_cut(v.s, v.len, 80));
    *c->reason = jbk_arena_dup(c->arena, b.data, b.len);
    jbk_buf_free(&b);
    return code;
}

/* Sorted, without repetition, joined: equal sets are equal strings. */
static int by_bytes(const void *x, const void *y) {
    const jbk_str *a = x, *b = y;
    int order = memcmp(a->s, b->s, a->len < b->len ? a->len : b->len);
    return order ? order : a->len < b->len ? -1 : a->len > b->len;
}

static jbk_str set_of(context *c, const json_t *v) {
    if (!json_is_array(v)) return scalar(c, v);
    JBK_VEC(jbk_str) items = {0};
    for (size_t i = 0; i < json_array_size(v); i++) {
        jbk_str s = scalar(c, json_array_get(v, i));
        if (s.s) jbk_vec_push(&items, s);
    }
    if (items.n) qsort(items.at, items.n, sizeof *items.at, by_bytes);
    jbk_buf b = {0};
    for (size_t i = 0; i < items.n; i++) {
        if (i && !by_bytes(&items.at[i - 1], &items.at[i])) continue;
        if (b.len) jbk_buf_byte(&b, JBK_SET_SEP);
        jbk_buf_add(&b, items.at[i].s, items.at[i].len);
    }
    jbk_str joined = keep(c, b.data, b.len);
    jbk_buf_free(&b);
    jbk_vec_free(&items);
    return joined;
}

static jbk_reject_code set_count(context *c, int f, jbk_str s) {
    jbk_count count;
    switch (jbk_count_parse(s.s, s.len, &count)) {
    case JBK_COUNT_OK:
        c->r->number[f] = (int64_t)jbk_count_pack(count);
        return JBK_REJ_NONE;
    case JBK_COUNT_ABSENT:
        return JBK_REJ_NONE;
    default:
        return refuse(c, JBK_REJ_BAD_COUNT, "not a count", f);
    }
}

static jbk_reject_code set_time(context *c, int f, jbk_str s) {
    static const char *const ABSENT[] = {"无", "null", "None", "NaT", "nan", "0000-00-00 00:00:00"};
    for (size_t i = 0; i < sizeof ABSENT / sizeof *ABSENT; i++)
        if (s.len == strlen(ABSENT[i]) && !memcmp(s.s, ABSENT[i], s.len)) return JBK_REJ_NONE;
    int zone = jbk_zone_of(c->r->field[JBK_F_PLATFORM], c->r->field[JBK_F_URL],
                           c->parser->options->zone_min);
    jbk_time t;
    if (!jbk_time_parse(s.s, s.len, zone, &t))
        return refuse(c, JBK_REJ_BAD_DATE, "not a date that can be read without guessing", f);
    c->r->number[f] = jbk_time_pack(&t);
    return JBK_REJ_NONE;
}

static jbk_reject_code set_field(context *c, int f) {
    const json_t *v = c->value[f];
    jbk_field_type type = jbk_fields[f].type;
    if (type == JBK_T_KEYWORDS) {
        c->r->field[f] = set_of(c, v);
        return JBK_REJ_NONE;
    }
    if (!is_scalar(v)) {
        if (type == JBK_T_TEXT)
            return refuse(c, JBK_REJ_BAD_TYPE, "text expected, not an object or array", f);
        add_extra(c, c->key[f], v); /* "comments": [...] is no count, but worth keeping */
        return JBK_REJ_NONE;
    }
    jbk_str s = scalar(c, v);
    if (!s.s) return JBK_REJ_NONE;
    if (type == JBK_T_COUNT) return set_count(c, f, s);
    if (type == JBK_T_TIME) return set_time(c, f, s);
    if (f == JBK_F_STATUS && jbk_status_find(s.s, s.len) < 0)
        add_extra(c, c->key[f], v);
    else
        c->r->field[f] = s;
    return JBK_REJ_NONE;
}

/* Each field gets its best-named key; all other keys become extras. */
static void choose_keys(context *c, const json_t *object) {
    const char *key;
    json_t *v;
    json_object_foreach((json_t *)(uintptr_t)object, key, v) {
        jbk_key_meaning m = meaning_of(c->parser, key);
        if (m.field < 0 || json_is_null(v)) {
            if (m.field < 0) add_extra(c, key, v);
            continue;
        }
        bool empty = json_is_string(v) && !json_string_length(v);
        if (empty) continue;
        if (c->value[m.field] && c->rank[m.field] <= m.rank) {
            add_extra(c, key, v);
            continue;
        }
        if (c->value[m.field]) add_extra(c, c->key[m.field], c->value[m.field]);
        c->value[m.field] = v;
        c->key[m.field] = key;
        c->rank[m.field] = m.rank;
    }
}

static jbk_reject_code fill(context *c, const json_t *object) {
    jbk_record *r = c->r;
    choose_keys(c, object);
    const char *platform = c->parser->options->platform;
    bool any = r->extras.n > 0;
    /* Text and keywords first: platform and url decide what a time without a zone means. */
    for (int pass = 0; pass < 2; pass++) {
        for (int f = 0; f < JBK_FIELDS; f++) {
            bool number = jbk_fields[f].type == JBK_T_TIME || jbk_fields[f].type == JBK_T_COUNT;
            if (!c->value[f] || number != (pass == 1)) continue;
            jbk_reject_code code = set_field(c, f);
            if (code) return code;
            any = true;
        }
        if (!r->field[JBK_F_PLATFORM].s && platform)
            r->field[JBK_F_PLATFORM] = (jbk_str){platform, strlen(platform)};
    }
    if (any) return JBK_REJ_NONE;
    *c->reason = jbk_arena_dup(c->arena, "an object without a value", 25);
    return JBK_REJ_EMPTY_RECORD;
}

jbk_reject_code jbk_map_record(jbk_mapper *m, const json_t *object, jbk_arena *arena, jbk_record *r,
                               char **reason) {
    jbk_record_clear(r);
    context c = {.parser = m, .arena = arena, .r = r, .reason = reason};
    return fill(&c, object);
}

void jbk_record_set_digest(jbk_record *r, const char *bytes, size_t len, jbk_arena *arena) {
    const jbk_str *f = r->field;
    if ((f[JBK_F_PLATFORM].s && f[JBK_F_ID].s) || f[JBK_F_URL].s) return;
    while (len && (bytes[len - 1] == '\r' || bytes[len - 1] == ' ')) len--;
    char hex[JBK_SHA256_HEX];
    jbk_sha256_hex(bytes, len, hex);
    r->digest = (jbk_str){jbk_arena_dup(arena, hex, 32), 32};
}
