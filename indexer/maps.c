/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "maps.h"

#include "base/status.h"
#include "base/time.h"
#include "maps_data.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>

/* --- one mapping, from its file --- */

typedef struct {
    jbk_map *m;
    const char *file;
    jbk_buf place; /* the keys that lead to where we are, for errors */
    jbk_err *err;
} loader;

static jbk_status wrong(loader *l, const char *what) {
    return jbk_fail(l->err, JBK_USAGE, "map", "%s: %s: %s", l->file,
                    l->place.len ? jbk_buf_cstr(&l->place) : "the mapping", what);
}

static size_t enter(loader *l, const char *key) {
    size_t before = l->place.len;
    if (before) jbk_buf_byte(&l->place, '.');
    jbk_buf_str(&l->place, key);
    return before;
}

static size_t enter_item(loader *l, size_t i) {
    size_t before = l->place.len;
    jbk_buf_printf(&l->place, "[%zu]", i);
    return before;
}

/* The target that a name stands for: a field that records bring, or x.NAME. */
static jbk_status find_target(loader *l, const char *name, int *target, const char **extra) {
    *extra = NULL;
    if (!strncmp(name, JBK_EXTRA_PREFIX, strlen(JBK_EXTRA_PREFIX)) && name[2]) {
        *target = JBK_TO_EXTRA;
        *extra = name + strlen(JBK_EXTRA_PREFIX);
        return JBK_OK;
    }
    *target = jbk_field_find(name, strlen(name));
    bool own = *target >= 0 && !strcmp(jbk_fields[*target].name, name);
    return own && jbk_fields[*target].given ? JBK_OK
                                            : wrong(l, "no such field (x.NAME keeps others)");
}

static jbk_status set_path(loader *l, jbk_map_rule *r, const char *path) {
    if (!*path) return wrong(l, "a path is due, not an empty string");
    r->path = path;
    r->key = path;
    /* A step ends at a dot or before []. */
    r->key_len = strcspn(path, ".[");
    if (!r->key_len) r->key_len = strlen(path);
    r->below = path + r->key_len;
    if (*r->below == '[' && strncmp(r->below, "[]", 2) != 0) return wrong(l, "[ is due to be []");
    return JBK_OK;
}

static jbk_status set_values(loader *l, jbk_map_rule *r, const json_t *v) {
    if (!json_is_object(v)) return wrong(l, "an object is due: {\"written\": \"meant\"}");
    const char *key;
    json_t *value;
    json_object_foreach((json_t *)(uintptr_t)v, key, value) {
        size_t before = enter(l, key);
        if (!json_is_string(value) && !json_is_null(value)) return wrong(l, "text or null is due");
        l->place.len = before;
    }
    r->values = v;
    return JBK_OK;
}

static jbk_status set_join(loader *l, jbk_map_rule *r, const json_t *v) {
    const char *first = json_string_value(json_array_get(v, 0));
    r->join = json_string_value(json_array_get(v, 1));
    if (json_array_size(v) != 2 || !first || !r->join) return wrong(l, "two paths are due");
    return set_path(l, r, first);
}

static jbk_status set_part(loader *l, jbk_map_rule *r, const char *key, const json_t *v) {
    const char *s = json_string_value(v);
    if (!strcmp(key, "values")) return set_values(l, r, v);
    if (!strcmp(key, "join")) return set_join(l, r, v);
    if (!strcmp(key, "contains")) {
        if (!json_is_boolean(v)) return wrong(l, "true or false is due");
        r->contains = json_is_true(v);
        return JBK_OK;
    }
    if (strcmp(key, "path") != 0 && strcmp(key, "split") != 0 && strcmp(key, "as") != 0)
        return wrong(l, "no such key (there are path, join, split, as, values, contains)");
    if (!s) return wrong(l, "text is due");
    if (!strcmp(key, "path")) return set_path(l, r, s);
    if (!strcmp(key, "split")) {
        r->split = *s ? s : NULL;
        return JBK_OK;
    }
    r->as = !strcmp(s, "weibo_mid") ? JBK_AS_WEIBO_MID
            : !strcmp(s, "reason")  ? JBK_AS_REASON
                                    : JBK_AS_WRITTEN;
    if (r->as == JBK_AS_WRITTEN) return wrong(l, "\"weibo_mid\" or \"reason\" is due");
    return JBK_OK;
}

static jbk_status add_rule(loader *l, int target, const char *extra, uint8_t rank,
                           const json_t *v) {
    jbk_map_rule r = {.target = target, .rank = rank, .name = extra};
    jbk_status status = JBK_OK;
    if (json_is_string(v)) {
        status = set_path(l, &r, json_string_value(v));
    } else if (json_is_object(v)) {
        const char *key;
        json_t *part;
        json_object_foreach((json_t *)(uintptr_t)v, key, part) {
            size_t before = enter(l, key);
            status = set_part(l, &r, key, part);
            if (status) return status;
            l->place.len = before;
        }
        if (!r.path) status = wrong(l, "a path is due");
    } else {
        status = wrong(l, "a path, or an object with one, is due");
    }
    if (status) return status;
    jbk_vec_push(&l->m->rules, r);
    if (r.join) {
        jbk_map_rule part = {.target = JBK_TO_PART, .rank = UINT8_MAX};
        status = set_path(l, &part, r.join);
        jbk_vec_push(&l->m->rules, part);
    }
    return status;
}

/* One rule or a list of them, the best first. */
static jbk_status add_rules(loader *l, int target, const char *extra, const json_t *v) {
    if (!json_is_array(v)) return add_rule(l, target, extra, 0, v);
    if (json_array_size(v) > 100) return wrong(l, "more than 100 paths");
    for (size_t i = 0; i < json_array_size(v); i++) {
        size_t before = enter_item(l, i);
        jbk_status status = add_rule(l, target, extra, (uint8_t)i, json_array_get(v, i));
        if (status) return status;
        l->place.len = before;
    }
    return JBK_OK;
}

static jbk_status load_fields(loader *l, const json_t *v) {
    const char *name;
    json_t *rules;
    if (!json_is_object(v)) return wrong(l, "an object is due: {\"field\": \"path\"}");
    json_object_foreach((json_t *)(uintptr_t)v, name, rules) {
        size_t before = enter(l, name);
        int target;
        const char *extra;
        jbk_status status = find_target(l, name, &target, &extra);
        if (!status) status = add_rules(l, target, extra, rules);
        if (status) return status;
        l->place.len = before;
    }
    return JBK_OK;
}

static jbk_status load_constants(loader *l, const json_t *v) {
    const char *name;
    json_t *value;
    if (!json_is_object(v)) return wrong(l, "an object is due: {\"field\": \"value\"}");
    json_object_foreach((json_t *)(uintptr_t)v, name, value) {
        size_t before = enter(l, name);
        int target;
        const char *extra;
        jbk_status status = find_target(l, name, &target, &extra);
        bool text = !status && target < JBK_FIELDS && jbk_fields[target].type == JBK_T_KEYWORD;
        if (!status && !text) status = wrong(l, "only a field of one keyword can be constant");
        if (!status && !json_string_length(value)) status = wrong(l, "text is due");
        if (status) return status;
        l->m->constant[target] = json_string_value(value);
        l->place.len = before;
    }
    return JBK_OK;
}

/* Observations: of each when it was made, and the status that was seen. */
static jbk_status load_seen(loader *l, const json_t *v) {
    if (!json_is_array(v) || json_array_size(v) > JBK_SEEN_MAX)
        return wrong(l, "a list of at most 4 observations is due");
    for (size_t i = 0; i < json_array_size(v); i++) {
        size_t before = enter_item(l, i);
        const json_t *o = json_array_get(v, i), *status = json_object_get(o, "status");
        int target = JBK_TO_SEEN + 2 * (int)i;
        if (json_object_size(o) != 2 || !json_object_get(o, "at") || !status)
            return wrong(l, "\"at\" and \"status\" are due");
        size_t inner = enter(l, "at");
        jbk_status st = add_rules(l, target, NULL, json_object_get(o, "at"));
        if (st) return st;
        l->place.len = inner;
        enter(l, "status");
        const char *text = json_string_value(status);
        if (text && jbk_status_find(text, strlen(text)) >= 0)
            l->m->constant[target + 1] = text;
        else
            st = add_rules(l, target + 1, NULL, status);
        if (st) return st;
        l->place.len = before;
    }
    l->m->nseen = json_array_size(v);
    return JBK_OK;
}

static jbk_status load_texts(loader *l, const json_t *v) {
    if (!json_is_array(v)) return wrong(l, "a list of texts is due");
    for (size_t i = 0; i < json_array_size(v); i++)
        if (!json_is_string(json_array_get(v, i))) return wrong(l, "a list of texts is due");
    return JBK_OK;
}

static jbk_status load_drop(loader *l, const json_t *v) {
    jbk_status status = load_texts(l, v);
    for (size_t i = 0; !status && i < json_array_size(v); i++)
        status = add_rule(l, JBK_TO_NOTHING, NULL, UINT8_MAX, json_array_get(v, i));
    return status;
}

static jbk_status load_recognise(loader *l, const json_t *v) {
    if (!json_is_array(v)) return wrong(l, "a list of lists of columns is due");
    for (size_t i = 0; i < json_array_size(v); i++) {
        const json_t *set = json_array_get(v, i);
        jbk_status status = load_texts(l, set);
        if (!status && !json_array_size(set)) status = wrong(l, "an empty list");
        if (status) return status;
    }
    l->m->recognise = v;
    return JBK_OK;
}

static jbk_status load_key(loader *l, const char *key, const json_t *v) {
    const char *s = json_string_value(v);
    jbk_map *m = l->m;
    if (!strcmp(key, "fields")) return load_fields(l, v);
    if (!strcmp(key, "constants")) return load_constants(l, v);
    if (!strcmp(key, "seen")) return load_seen(l, v);
    if (!strcmp(key, "drop")) return load_drop(l, v);
    if (!strcmp(key, "recognise")) return load_recognise(l, v);
    if (!strcmp(key, "absent")) {
        m->absent = v;
        return load_texts(l, v);
    }
    if (!strcmp(key, "zone")) {
        m->has_zone = true;
        bool good = s && jbk_zone_parse(s, strlen(s), &m->zone_min);
        return good ? JBK_OK : wrong(l, "an offset such as +08:00 is due");
    }
    if (strcmp(key, "name") != 0 && strcmp(key, "about") != 0)
        return wrong(l, "no such key (there are name, about, recognise, constants, zone, absent, "
                        "fields, seen, drop)");
    if (!s) return wrong(l, "text is due");
    *(*key == 'n' ? &m->name : &m->about) = s;
    return JBK_OK;
}

/* The rules of a key, chained in their order. */
static void chain(jbk_map *m) {
    for (size_t i = 0; i < m->rules.n; i++) {
        jbk_map_rule *r = &m->rules.at[i];
        for (size_t j = i + 1; j < m->rules.n && !r->next; j++) {
            const jbk_map_rule *o = &m->rules.at[j];
            if (o->key_len == r->key_len && !strncasecmp(o->key, r->key, r->key_len)) r->next = o;
        }
    }
}

static void map_free(jbk_map *m) {
    if (!m) return;
    jbk_vec_free(&m->rules);
    json_decref(m->doc);
    jbk_arena_free(&m->arena);
    free(m);
}

static jbk_status map_load(const char *text, size_t len, const char *file, jbk_map **out,
                           jbk_err *err) {
    json_error_t e;
    loader l = {.m = jbk_calloc(1, sizeof(jbk_map)), .file = file, .err = err};
    jbk_status status = JBK_OK;
    l.m->doc = json_loadb(text, len, JSON_REJECT_DUPLICATES, &e);
    l.m->name = file;
    if (!l.m->doc)
        status = jbk_fail(err, JBK_USAGE, "map", "%s: line %d, column %d: %s", file, e.line,
                          e.column, e.text);
    else if (!json_object_get(l.m->doc, "fields"))
        status = wrong(&l, "\"fields\" is due");
    const char *key;
    json_t *v;
    if (!status) {
        json_object_foreach(l.m->doc, key, v) {
            size_t before = enter(&l, key);
            status = load_key(&l, key, v);
            if (status) break;
            l.place.len = before;
        }
    }
    jbk_buf_free(&l.place);
    if (status) {
        map_free(l.m);
        return status;
    }
    chain(l.m);
    *out = l.m;
    return JBK_OK;
}

/* --- the generic mapping: the field table --- */

static void add_alias(jbk_map *m, int field, uint8_t rank, const char *name, size_t len) {
    if (!len) return;
    char *s = jbk_arena_dup(&m->arena, name, len);
    jbk_vec_push(
        &m->rules,
        ((jbk_map_rule){
            .target = field, .rank = rank, .path = s, .key = s, .key_len = len, .below = ""}));
}

static jbk_map *generic_map(void) {
    jbk_map *m = jbk_calloc(1, sizeof *m);
    m->name = "generic";
    m->about = "the names of the field table and their aliases";
    m->generic = true;
    for (int f = 0; f < JBK_FIELDS; f++) {
        if (!jbk_fields[f].given) continue;
        uint8_t rank = 0;
        add_alias(m, f, rank++, jbk_fields[f].name, strlen(jbk_fields[f].name));
        for (const char *p = jbk_fields[f].aliases; *p;) {
            size_t n = strcspn(p, " ");
            add_alias(m, f, rank++, p, n);
            p += n + (p[n] == ' ');
        }
    }
    return m;
}

const jbk_map_rule *jbk_map_rules(const jbk_map *m, const char *key, size_t len) {
    for (size_t i = 0; i < m->rules.n; i++) {
        const jbk_map_rule *r = &m->rules.at[i];
        if (r->key_len == len && !strncasecmp(r->key, key, len)) return r;
    }
    return NULL;
}

/* --- those of a run --- */

static jbk_map *builtin(size_t i) {
    jbk_map *m = NULL;
    jbk_err err;
    if (map_load(jbk_maps_data[i].text, jbk_maps_data[i].len, jbk_maps_data[i].name, &m, &err)) {
        fprintf(stderr, "jibek: %s\n", err.msg); /* a test loads them all */
        abort();
    }
    return m;
}

static jbk_status open_file(const char *path, jbk_maps *out, jbk_err *err) {
    FILE *f = fopen(path, "re");
    if (!f)
        return jbk_fail(err, JBK_USAGE, "map",
                        "--map %s: no mapping of this name is built in (see: jibek index --map "
                        "list), and no such file can be read: %s",
                        path, strerror(errno));
    jbk_buf b = {0};
    char block[4096];
    for (size_t n; (n = fread(block, 1, sizeof block, f)) && b.len < (1u << 20);)
        jbk_buf_add(&b, block, n);
    bool bad = ferror(f) != 0;
    fclose(f);
    jbk_map *m = NULL;
    jbk_status status = bad ? jbk_fail(err, JBK_IO, "map", "cannot read %s", path)
                            : map_load(jbk_buf_cstr(&b), b.len, path, &m, err);
    jbk_buf_free(&b);
    if (!status) jbk_vec_push(&out->maps, m);
    out->fixed = true;
    return status;
}

jbk_status jbk_maps_open(const char *choice, jbk_maps *out, jbk_err *err) {
    *out = (jbk_maps){0};
    bool all = !strcmp(choice, "auto") || !strcmp(choice, "list");
    size_t len = strlen(choice);
    for (size_t i = 0; i < jbk_maps_count; i++) {
        const char *name = jbk_maps_data[i].name;
        bool family = !strncmp(name, choice, len) && name[len] == '-';
        if (!strcmp(name, choice)) out->fixed = true;
        if (all || family || !strcmp(name, choice)) jbk_vec_push(&out->maps, builtin(i));
    }
    bool generic = !strcmp(choice, "generic");
    if (!out->maps.n && !generic) return open_file(choice, out, err);
    out->fixed = generic || (out->fixed && out->maps.n == 1);
    if (!out->fixed || generic) jbk_vec_push(&out->maps, generic_map());
    return JBK_OK;
}

void jbk_maps_close(jbk_maps *m) {
    for (size_t i = 0; i < m->maps.n; i++) map_free(m->maps.at[i]);
    jbk_vec_free(&m->maps);
}

static void print_target(const jbk_map_rule *r) {
    if (r->target < JBK_FIELDS)
        printf("%s", jbk_fields[r->target].name);
    else if (r->target == JBK_TO_EXTRA)
        printf("x.%s", r->name);
    else if (r->target >= JBK_TO_SEEN)
        printf("observation %d, %s", (r->target - JBK_TO_SEEN) / 2 + 1,
               (r->target - JBK_TO_SEEN) % 2 ? "status" : "time");
    else
        printf("%s", r->target == JBK_TO_PART ? "(joined)" : "(left out)");
}

void jbk_maps_list(const jbk_maps *maps) {
    for (size_t i = 0; i < maps->maps.n; i++) {
        const jbk_map *m = maps->maps.at[i];
        printf("%s%s: %s\n", i ? "\n" : "", m->name, m->about ? m->about : "");
        for (int t = 0; t < JBK_FIELDS; t++)
            if (m->constant[t]) printf("    %-28s %s\n", jbk_fields[t].name, m->constant[t]);
        for (size_t j = 0; j < m->rules.n; j++) {
            const jbk_map_rule *r = &m->rules.at[j];
            printf("    %s%s%s -> ", r->path, r->join ? " + " : "", r->join ? r->join : "");
            print_target(r);
            printf("\n");
        }
    }
}

/* --- columns --- */

static jbk_maps known;
static pthread_once_t known_once = PTHREAD_ONCE_INIT;

static void load_known(void) {
    jbk_err err;
    if (jbk_maps_open("auto", &known, &err)) abort();
}

bool jbk_maps_know(const char *name, size_t len) {
    pthread_once(&known_once, load_known);
    for (size_t i = 0; i < known.maps.n; i++)
        if (jbk_map_rules(known.maps.at[i], name, len)) return true;
    return false;
}

bool jbk_maps_know_text(const char *name, size_t len) {
    pthread_once(&known_once, load_known);
    for (size_t i = 0; i < known.maps.n; i++) {
        const jbk_map_rule *rule = jbk_map_rules(known.maps.at[i], name, len);
        for (; rule; rule = rule->next)
            if (rule->target == JBK_F_TITLE || rule->target == JBK_F_TEXT) return true;
    }
    return false;
}
