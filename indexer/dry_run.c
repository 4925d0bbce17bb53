/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "dry_run.h"

#include "base/count.h"
#include "base/safe.h"
#include "base/status.h"
#include "base/time.h"
#include "base/utf8.h"
#include "object.h"
#include "reject.h"

#include <stdio.h>
#include <stdlib.h>

/* Of long values the beginning will do. */
enum { SHOWN_BYTES = 200 };

static void print_safe(const char *s, size_t len) {
    jbk_buf b = {0};
    size_t cut = jbk_utf8_cut(s, len, SHOWN_BYTES);
    jbk_safe_add(&b, s, cut);
    printf("%s%s", jbk_buf_cstr(&b), cut < len ? " ..." : "");
    jbk_buf_free(&b);
}

static void print_value(const char *prefix, const char *name, size_t len, jbk_str v) {
    printf("    %s", prefix);
    print_safe(name, len);
    printf(" = ");
    print_safe(v.s, v.len);
    printf("\n");
}

static void print_set(const char *name, jbk_str set) {
    for (const char *p = set.s, *end = set.s + set.len; p < end;) {
        const char *sep = memchr(p, JBK_SET_SEP, (size_t)(end - p));
        size_t n = (size_t)((sep ? sep : end) - p);
        print_value("", name, strlen(name), (jbk_str){p, n});
        p += n + 1;
    }
}

static void print_time(const char *name, int64_t packed) {
    char text[JBK_TIME_TEXT_MAX];
    jbk_time t = jbk_time_unpack(packed);
    jbk_time_format(&t, text);
    printf("    %s = %s%s\n", name, text, t.assumed ? " (the zone is assumed)" : "");
}

static void print_number(int f, int64_t packed) {
    char text[JBK_COUNT_TEXT_MAX];
    if (packed == JBK_ABSENT) return;
    if (jbk_fields[f].type == JBK_T_TIME) {
        print_time(jbk_fields[f].name, packed);
        return;
    }
    jbk_count_format(jbk_count_unpack((uint64_t)packed), text);
    printf("    %s = %s\n", jbk_fields[f].name, text);
}

static void print_record(const jbk_record *r) {
    printf("  stored as\n");
    for (int f = 0; f < JBK_FIELDS; f++) {
        const char *name = jbk_fields[f].name;
        if (jbk_fields[f].type == JBK_T_TIME || jbk_fields[f].type == JBK_T_COUNT)
            print_number(f, r->number[f]);
        else if (jbk_fields[f].type == JBK_T_KEYWORDS)
            print_set(name, r->field[f]);
        else if (r->field[f].s)
            print_value("", name, strlen(name), r->field[f]);
    }
    for (size_t i = 0; i < r->extras.n; i++) {
        const jbk_extra *x = &r->extras.at[i];
        print_value(JBK_EXTRA_PREFIX, x->name.s, x->name.len, x->value);
    }
    for (size_t i = 0; i < r->seen.n; i++) {
        printf("    observed %s:\n    ", jbk_status_names[r->seen.at[i].status]);
        print_time("at", r->seen.at[i].at);
    }
}

static void print_meanings(jbk_mapper *mapper, const json_t *object) {
    jbk_buf b = {0}, safe = {0};
    jbk_map_explain(mapper, object, &b);
    printf("  ");
    for (size_t at = 0; at < b.len;) {
        const char *end = memchr(b.data + at, '\n', b.len - at);
        size_t n = end ? (size_t)(end - b.data) - at : b.len - at;
        safe.len = 0;
        jbk_safe_add(&safe, b.data + at, n);
        printf("%s\n", jbk_buf_cstr(&safe));
        at += n + 1;
    }
    jbk_buf_free(&b);
    jbk_buf_free(&safe);
}

static bool show_item(const jbk_items *items, const jbk_item *x, jbk_object_maker *maker,
                      jbk_mapper *mapper) {
    jbk_arena arena = {0};
    jbk_record r = {0};
    json_t *object;
    char *reason;
    print_safe(items->sources.at[x->source]->name, strlen(items->sources.at[x->source]->name));
    printf(x->line ? ":%llu" : " at %llu", (unsigned long long)(x->line ? x->line : x->offset));
    printf("\n");
    jbk_reject_code code = jbk_object_make(maker, items, x, &arena, &object, &reason);
    if (!code) {
        code = jbk_map_record(mapper, object, &arena, &r, &reason);
        print_meanings(mapper, object);
    }
    if (code) {
        printf("  rejected, %s: ", jbk_reject_names[code]);
        print_safe(reason, strlen(reason));
        printf("\n");
    } else {
        print_record(&r);
    }
    json_decref(object);
    jbk_record_free(&r);
    jbk_arena_free(&arena);
    return !code;
}

void jbk_dry_run(jbk_input *in, const jbk_parse_options *options, size_t *rejected) {
    jbk_items items = {0};
    jbk_object_maker maker = {0};
    jbk_mapper *mapper = jbk_mapper_new(options);
    size_t shown = 0;
    *rejected = 0;
    while (shown < JBK_DRY_RUN_ITEMS && jbk_input_next(in, &items))
        for (size_t i = 0; i < items.items.n && shown < JBK_DRY_RUN_ITEMS; i++, shown++)
            *rejected += !show_item(&items, &items.items.at[i], &maker, mapper);
    jbk_items_free(&items);
    jbk_object_maker_free(&maker);
    jbk_mapper_free(mapper);
}
