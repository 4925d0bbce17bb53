/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "map_record.h"

#include "base/count.h"
#include "base/hash.h"
#include "base/status.h"
#include "base/time.h"
#include "base/utf8.h"
#include "mid.h"
#include "recognise.h"
#include "zone.h"

#include <stdlib.h>
#include <strings.h>

struct jbk_mapper {
    const jbk_parse_options *options;
    jbk_recogniser *recogniser;
    jbk_mapped met;
};

jbk_mapper *jbk_mapper_new(const jbk_parse_options *options) {
    jbk_mapper *m = jbk_calloc(1, sizeof *m);
    m->options = options;
    m->recogniser = jbk_recogniser_new(options->maps);
    return m;
}

void jbk_mapper_free(jbk_mapper *m) {
    if (m) jbk_recogniser_free(m->recogniser);
    free(m);
}

jbk_mapped *jbk_mapper_met(jbk_mapper *m) { return &m->met; }

/* What a target may become: the value found by the best rule so far. */
typedef struct {
    const jbk_map_rule *rule; /* NULL: none found anything */
    const json_t *top;        /* the value of its key */
    const json_t *v;          /* the one that the path leads to, or what it means */
    jbk_str made;             /* the text made of it, where one had to be made */
} candidate;

typedef struct {
    jbk_mapper *mapper;
    const jbk_map *map;
    const json_t *object;
    jbk_arena *arena;
    jbk_record *r;
    candidate found[JBK_TARGETS];
    char **reason;
} context;

/* --- values --- */

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

static bool is_scalar(const json_t *v) { return !json_is_object(v) && !json_is_array(v); }

/* Null, empty, or what the mapping says means nothing. */
static bool is_absent(const jbk_map *m, const json_t *v) {
    if (!v || json_is_null(v)) return true;
    if (!json_is_string(v)) return false;
    if (!json_string_length(v)) return true;
    for (size_t i = 0; m->absent && i < json_array_size(m->absent); i++)
        if (json_equal(json_array_get(m->absent, i), v)) return true;
    return false;
}

static void add_extra(context *c, const char *name, size_t len, const json_t *v) {
    static const size_t PREFIX = sizeof JBK_EXTRA_PREFIX - 1;
    if (is_absent(c->map, v)) return;
    if (len > PREFIX && !memcmp(name, JBK_EXTRA_PREFIX, PREFIX)) name += PREFIX, len -= PREFIX;
    jbk_extra x = {keep(c, name, len), scalar(c, v)};
    if (x.value.s && x.name.s) jbk_vec_push(&c->r->extras, x);
}

static void extra_of_rule(context *c, const jbk_map_rule *rule, const json_t *v) {
    const char *name = rule->name ? rule->name : rule->path;
    add_extra(c, name, strlen(name), v);
}

/* --- paths --- */

/* One step of a path: its name, and whether it stands for each element of an array. */
typedef struct {
    const char *s;
    size_t len;
} step;

static step next_step(const char **below) {
    const char *p = *below;
    if (!strncmp(p, "[]", 2)) {
        *below = p + 2;
        return (step){NULL, 0};
    }
    p += *p == '.';
    step s = {p, strcspn(p, ".[")};
    *below = p + s.len;
    return s;
}

/* The values that the path leads to, the first being what a single field takes. */
static const json_t *follow(const jbk_map *m, const json_t *v, const char *below,
                            void (*each)(const json_t *v, void *arg), void *arg) {
    while (*below && v) {
        step s = next_step(&below);
        if (s.s) {
            v = json_is_object(v) ? json_object_getn(v, s.s, s.len) : NULL;
            continue;
        }
        const json_t *first = NULL;
        for (size_t i = 0; i < json_array_size(v); i++) {
            const json_t *one = follow(m, json_array_get(v, i), below, each, arg);
            if (!first) first = one;
        }
        return first;
    }
    if (is_absent(m, v)) return NULL;
    if (each) each(v, arg);
    return v;
}

/* --- what values mean --- */

static bool means(const jbk_map_rule *rule, const char *key, jbk_str text) {
    if (!strcmp(key, "*")) return true;
    size_t len = strlen(key);
    if (rule->contains) return memmem(text.s, text.len, key, len) != NULL;
    return len == text.len && !strncasecmp(key, text.s, len);
}

/* The first meaning that fits; false where there is none, which is counted. */
static bool translate(context *c, const jbk_map_rule *rule, candidate *out) {
    jbk_str text = scalar(c, out->v);
    const char *key;
    json_t *value;
    json_object_foreach((json_t *)(uintptr_t)rule->values, key, value) {
        if (!text.s || !means(rule, key, text)) continue;
        out->v = value;
        return !json_is_null(value);
    }
    c->mapper->met.unread++;
    return false;
}

static bool find_reason(context *c, candidate *out) {
    jbk_str text = scalar(c, out->v);
    int status = text.s ? jbk_reasons_find(c->mapper->options->reasons, text.s, text.len) : -1;
    if (status >= 0) {
        out->made = (jbk_str){jbk_status_names[status], strlen(jbk_status_names[status])};
        return true;
    }
    c->mapper->met.unread++;
    return false;
}

static bool make_mid(context *c, candidate *out) {
    jbk_str text = scalar(c, out->v);
    char mid[JBK_MID_MAX];
    if (!text.s || !jbk_weibo_mid(text.s, text.len, mid)) return true; /* as it is */
    out->made = keep(c, mid, strlen(mid));
    return true;
}

static bool join(context *c, const jbk_map_rule *rule, candidate *out) {
    const json_t *more = json_object_get(c->object, rule->join);
    if (is_absent(c->map, more) || !is_scalar(more) || !is_scalar(out->v)) return true;
    jbk_str a = scalar(c, out->v), b = scalar(c, more);
    jbk_buf both = {0};
    jbk_buf_add(&both, a.s, a.len);
    jbk_buf_byte(&both, ' ');
    jbk_buf_add(&both, b.s, b.len);
    out->made = keep(c, both.data, both.len);
    jbk_buf_free(&both);
    return true;
}

static bool is_translated(const jbk_map_rule *rule) {
    return rule->values || rule->as == JBK_AS_REASON;
}

static bool find_value(context *c, const jbk_map_rule *rule, const json_t *top, candidate *out) {
    *out = (candidate){.rule = rule, .top = top, .v = follow(c->map, top, rule->below, NULL, NULL)};
    if (!out->v) return false;
    if (rule->values) return translate(c, rule, out);
    if (rule->as == JBK_AS_WEIBO_MID) return make_mid(c, out);
    if (rule->as == JBK_AS_REASON) return find_reason(c, out);
    return rule->join ? join(c, rule, out) : true;
}

/* --- choosing --- */

static bool has_extra(const jbk_record *r, const char *name) {
    for (size_t i = 0; i < r->extras.n; i++)
        if (r->extras.at[i].name.len == strlen(name) &&
            !memcmp(r->extras.at[i].name.s, name, strlen(name)))
            return true;
    return false;
}

/* The better ranked of two; the other is kept as an extra, if it is not one already. */
static void compete(context *c, const candidate *one) {
    candidate *best = &c->found[one->rule->target];
    candidate loser = *best;
    if (best->rule && best->rule->rank <= one->rule->rank)
        loser = *one;
    else
        *best = *one;
    if (loser.rule && !is_translated(loser.rule) && !has_extra(c->r, loser.rule->path))
        extra_of_rule(c, loser.rule, loser.v);
}

static bool is_claimed(const jbk_map_rule *rule, const char *member) {
    size_t len = strlen(member);
    for (; rule; rule = rule->next) {
        const char *below = rule->below;
        if (!*below) return true;
        step s = next_step(&below);
        if (s.s && s.len == len && !memcmp(s.s, member, len)) return true;
    }
    return false;
}

/* What the paths into a value leave of it. */
static void keep_rest(context *c, const jbk_map_rule *rules, const char *key, const json_t *v) {
    bool into = false, whole = false, in_array = false;
    for (const jbk_map_rule *rule = rules; rule; rule = rule->next) {
        whole |= !*rule->below;
        into |= *rule->below == '.';
        in_array |= *rule->below == '[';
    }
    if (whole) return;
    if (!json_is_object(v) || in_array || !into) {
        add_extra(c, key, strlen(key), v);
        return;
    }
    const char *member;
    json_t *part;
    json_object_foreach((json_t *)(uintptr_t)v, member, part) {
        if (is_claimed(rules, member)) continue;
        char *name = jbk_printf("%s.%s", key, member);
        add_extra(c, name, strlen(name), part);
        free(name);
    }
}

/* A key goes to the targets of its rules, or becomes an extra. */
static void use_key(context *c, const char *key, const json_t *v, const jbk_map_rule *rules) {
    if (!rules) add_extra(c, key, strlen(key), v);
    if (!rules || is_absent(c->map, v)) return;
    bool translated = false;
    candidate one;
    if (!rules->next && rules->target < JBK_FIELDS && !*rules->below && !is_translated(rules)) {
        if (find_value(c, rules, v, &one)) compete(c, &one); /* nearly all keys */
        return;
    }
    /* Extras first: what loses a contest need not be kept twice. */
    for (const jbk_map_rule *rule = rules; rule; rule = rule->next) {
        translated |= is_translated(rule);
        if (rule->target == JBK_TO_EXTRA && find_value(c, rule, v, &one))
            extra_of_rule(c, rule, one.v);
    }
    for (const jbk_map_rule *rule = rules; rule; rule = rule->next) {
        bool chosen = rule->target < JBK_FIELDS || rule->target >= JBK_TO_SEEN;
        if (chosen && find_value(c, rule, v, &one)) compete(c, &one);
    }
    if (translated) add_extra(c, key, strlen(key), v); /* what was written is evidence */
    keep_rest(c, rules, key, v);
}

/* --- setting --- */

static jbk_str text_of(context *c, const candidate *f) {
    return f->made.s ? f->made : scalar(c, f->v);
}

static jbk_reject_code refuse(context *c, jbk_reject_code code, const char *what, int target) {
    jbk_buf b = {0};
    jbk_buf_printf(&b, "%s in \"%s\": ", what, c->found[target].rule->path);
    jbk_str v = text_of(c, &c->found[target]);
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

typedef struct {
    context *c;
    const char *split;
    JBK_VEC(jbk_str) items;
} collection;

static void collect_text(collection *x, jbk_str s) {
    size_t n = x->split ? strlen(x->split) : 0;
    while (s.s) {
        const char *end = n ? memmem(s.s, s.len, x->split, n) : NULL;
        jbk_str item = {s.s, end ? (size_t)(end - s.s) : s.len};
        s = end ? (jbk_str){end + n, s.len - item.len - n} : (jbk_str){0};
        while (n && item.len && item.s[0] == ' ') item.s++, item.len--;
        while (n && item.len && item.s[item.len - 1] == ' ') item.len--;
        if (item.len) jbk_vec_push(&x->items, item);
    }
}

static void collect(const json_t *v, void *arg) {
    collection *x = arg;
    if (!json_is_array(v)) {
        collect_text(x, scalar(x->c, v));
        return;
    }
    for (size_t i = 0; i < json_array_size(v); i++)
        collect_text(x, scalar(x->c, json_array_get(v, i)));
}

static jbk_str set_of(context *c, const candidate *f) {
    collection x = {.c = c, .split = f->rule->split};
    if (f->rule->values)
        collect(f->v, &x);
    else
        follow(c->map, f->top, f->rule->below, collect, &x);
    jbk_vec_sort(&x.items, by_bytes);
    jbk_buf b = {0};
    for (size_t i = 0; i < x.items.n; i++) {
        if (i && !by_bytes(&x.items.at[i - 1], &x.items.at[i])) continue;
        if (b.len) jbk_buf_byte(&b, JBK_SET_SEP);
        jbk_buf_add(&b, x.items.at[i].s, x.items.at[i].len);
    }
    jbk_str joined = keep(c, b.data, b.len);
    jbk_buf_free(&b);
    jbk_vec_free(&x.items);
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

/* *packed stays as it is where the text says that there is no time. */
static jbk_reject_code read_time(context *c, int target, jbk_str s, int64_t *packed) {
    static const char *const ABSENT[] = {"无", "null", "None", "NaT", "nan", "0000-00-00 00:00:00"};
    for (size_t i = 0; i < sizeof ABSENT / sizeof *ABSENT; i++)
        if (s.len == strlen(ABSENT[i]) && !memcmp(s.s, ABSENT[i], s.len)) return JBK_REJ_NONE;
    int zone = c->map->has_zone ? c->map->zone_min
                                : jbk_zone_of(c->r->field[JBK_F_PLATFORM], c->r->field[JBK_F_URL],
                                              c->mapper->options->zone_min);
    jbk_time t;
    if (!jbk_time_parse(s.s, s.len, zone, &t))
        return refuse(c, JBK_REJ_BAD_DATE, "not a date that can be read without guessing", target);
    *packed = jbk_time_pack(&t);
    return JBK_REJ_NONE;
}

static jbk_reject_code set_field(context *c, int f) {
    const candidate *found = &c->found[f];
    jbk_field_type type = jbk_fields[f].type;
    if (type == JBK_T_KEYWORDS) {
        c->r->field[f] = set_of(c, found);
        return JBK_REJ_NONE;
    }
    if (!is_scalar(found->v)) {
        if (type == JBK_T_TEXT)
            return refuse(c, JBK_REJ_BAD_TYPE, "text expected, not an object or array", f);
        extra_of_rule(c, found->rule, found->v); /* "comments": [...] is no count, but is kept */
        return JBK_REJ_NONE;
    }
    jbk_str s = text_of(c, found);
    if (!s.s) return JBK_REJ_NONE;
    if (type == JBK_T_COUNT) return set_count(c, f, s);
    if (type == JBK_T_TIME) return read_time(c, f, s, &c->r->number[f]);
    if (f == JBK_F_STATUS && jbk_status_find(s.s, s.len) < 0)
        extra_of_rule(c, found->rule, found->v);
    else
        c->r->field[f] = s;
    return JBK_REJ_NONE;
}

static void set_constants(context *c) {
    for (int f = 0; f < JBK_FIELDS; f++) {
        const char *s = c->map->constant[f];
        if (s && !c->r->field[f].s) c->r->field[f] = (jbk_str){s, strlen(s)};
    }
    const char *platform = c->mapper->options->platform;
    if (platform && !c->r->field[JBK_F_PLATFORM].s)
        c->r->field[JBK_F_PLATFORM] = (jbk_str){platform, strlen(platform)};
}

/* The words that a status was read from. */
static jbk_str message_of(context *c, int target) {
    const candidate *f = &c->found[target];
    if (!f->rule || f->rule->as != JBK_AS_REASON) return (jbk_str){0};
    jbk_str s = scalar(c, follow(c->map, f->top, f->rule->below, NULL, NULL));
    return (jbk_str){s.s, s.s ? jbk_utf8_cut(s.s, s.len, JBK_MESSAGE_MAX) : 0};
}

/* What the record says was seen of it at other times.  A status without a time was seen when the
 * record was collected, as far as anyone knows: that is what its own status means. */
static jbk_reject_code set_seen(context *c) {
    for (size_t i = 0; i < c->map->nseen; i++) {
        int at = JBK_TO_SEEN + 2 * (int)i, status = at + 1;
        const char *constant = c->map->constant[status];
        jbk_str s = c->found[status].rule ? text_of(c, &c->found[status]) : (jbk_str){0};
        if (!s.s && constant) s = (jbk_str){constant, strlen(constant)};
        int number = s.s ? jbk_status_find(s.s, s.len) : -1;
        int64_t time = JBK_ABSENT;
        if (c->found[at].rule && is_scalar(c->found[at].v)) {
            jbk_reject_code code = read_time(c, at, text_of(c, &c->found[at]), &time);
            if (code) return code;
        }
        if (number < 0) continue;
        if (time == JBK_ABSENT) {
            if (!constant && !c->r->field[JBK_F_STATUS].s) c->r->field[JBK_F_STATUS] = s;
            continue;
        }
        jbk_observation o = jbk_observation_none();
        o.at = time;
        o.status = number;
        o.message = message_of(c, status);
        jbk_vec_push(&c->r->seen, o);
    }
    return JBK_REJ_NONE;
}

static jbk_reject_code fill(context *c) {
    bool any = c->r->extras.n > 0;
    for (int t = 0; t < JBK_TARGETS; t++) any |= c->found[t].rule != NULL;
    /* Text and keywords first: platform and url decide what a time without a zone means. */
    for (int pass = 0; pass < 2; pass++) {
        for (int f = 0; f < JBK_FIELDS; f++) {
            bool number = jbk_fields[f].type == JBK_T_TIME || jbk_fields[f].type == JBK_T_COUNT;
            if (!c->found[f].rule || number != (pass == 1)) continue;
            jbk_reject_code code = set_field(c, f);
            if (code) return code;
        }
        if (!pass) set_constants(c);
    }
    if (any) return set_seen(c);
    *c->reason = jbk_arena_dup(c->arena, "an object without a value", 25);
    return JBK_REJ_EMPTY_RECORD;
}

jbk_reject_code jbk_map_record(jbk_mapper *m, const json_t *object, jbk_arena *arena, jbk_record *r,
                               char **reason) {
    jbk_record_clear(r);
    context c = {.mapper = m, .object = object, .arena = arena, .r = r, .reason = reason};
    jbk_recognised as = jbk_recognise(m->recogniser, object);
    c.map = as.map;
    const char *key;
    json_t *v;
    size_t i = 0;
    json_object_foreach((json_t *)(uintptr_t)object, key, v) use_key(&c, key, v, as.rules[i++]);
    jbk_reject_code code = fill(&c);
    if (!code) m->met.records[as.number]++;
    return code;
}

bool jbk_record_needs_digest(const jbk_record *r) {
    const jbk_str *f = r->field;
    return !(f[JBK_F_PLATFORM].s && f[JBK_F_ID].s) && !f[JBK_F_URL].s;
}

void jbk_record_set_digest(jbk_record *r, const char *bytes, size_t len, jbk_arena *arena) {
    if (!jbk_record_needs_digest(r)) return;
    while (len && (bytes[len - 1] == '\r' || bytes[len - 1] == ' ')) len--;
    char hex[JBK_SHA256_HEX];
    jbk_sha256_hex(bytes, len, hex);
    r->digest = (jbk_str){jbk_arena_dup(arena, hex, 32), 32};
}

static void explain_rule(const jbk_map_rule *rule, jbk_buf *out) {
    if (rule->target < JBK_FIELDS)
        jbk_buf_str(out, jbk_fields[rule->target].name);
    else if (rule->target == JBK_TO_EXTRA)
        jbk_buf_printf(out, "x.%s", rule->name);
    else if (rule->target == JBK_TO_PART)
        jbk_buf_str(out, "joined to another");
    else
        jbk_buf_str(out, rule->target == JBK_TO_NOTHING ? "left out" : "an observation");
    if (*rule->below) jbk_buf_printf(out, " (from %s)", rule->path);
    if (rule->rank && rule->rank < UINT8_MAX) jbk_buf_str(out, " if nothing better is there");
}

void jbk_map_explain(jbk_mapper *m, const json_t *object, jbk_buf *out) {
    jbk_recognised as = jbk_recognise(m->recogniser, object);
    jbk_buf_printf(out, "mapping %s\n", as.map->name);
    const char *key;
    json_t *v;
    size_t i = 0;
    json_object_foreach((json_t *)(uintptr_t)object, key, v) {
        const jbk_map_rule *rule = as.rules[i++];
        jbk_buf_printf(out, "    %s: ", key);
        if (is_absent(as.map, v))
            jbk_buf_str(out, "absent");
        else if (!rule)
            jbk_buf_printf(out, "%s%s", strncmp(key, JBK_EXTRA_PREFIX, 2) ? "x." : "", key);
        for (bool first = true; rule && !is_absent(as.map, v); rule = rule->next, first = false) {
            if (!first) jbk_buf_str(out, ", ");
            explain_rule(rule, out);
        }
        jbk_buf_byte(out, '\n');
    }
}
