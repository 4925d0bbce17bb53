/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A file of input: bytes -> items -> objects -> records, and the same as observations.  What a
 * record stores must come back as it was.  FUZZ_FORMAT is the format, "auto" to recognise it. */
#include "fuzz.h"

#include "base/utf8.h"
#include "map_record.h"
#include "object.h"
#include "observe_read.h"

#include <stdlib.h>

/* What unpacks to more than this is looked at no further: time, not memory, would run out. */
enum { UNPACKED_MAX = 8 << 20 };

static jbk_err err;
static jbk_maps maps;
static jbk_reasons *reasons;
static const jbk_input_format *format;

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerInitialize(int *argc, char ***argv) {
    (void)argc, (void)argv;
    fuzz_ok(jbk_maps_open("auto", &maps, &err), &err);
    reasons = jbk_reasons_new();
    format = jbk_input_format_find(FUZZ_FORMAT);
    return 0;
}

static void check_same(jbk_str a, jbk_str b) {
    fuzz_check(a.len == b.len);
    fuzz_check(!a.len || !memcmp(a.s, b.s, a.len));
}

static void check_utf8(jbk_str s) { fuzz_check(!s.s || !jbk_utf8_count_bad(s.s, s.len)); }

static void check_record(const jbk_record *r) {
    jbk_buf text = {0}, rest = {0};
    jbk_record back = {0};
    jbk_record_clear(&back);
    jbk_record_put_text(r, &text);
    jbk_record_put_rest(r, &rest);
    fuzz_ok(jbk_record_get_text(text.data, text.len, &back, &err), &err);
    fuzz_ok(jbk_record_get_rest(rest.data, rest.len, &back, &err), &err);
    for (int f = 0; f < JBK_FIELDS; f++) {
        check_same(r->field[f], back.field[f]);
        check_utf8(r->field[f]);
        fuzz_check(r->number[f] == back.number[f]);
    }
    fuzz_check(r->extras.n == back.extras.n);
    for (size_t i = 0; i < r->extras.n; i++) {
        check_same(r->extras.at[i].name, back.extras.at[i].name);
        check_same(r->extras.at[i].value, back.extras.at[i].value);
        check_utf8(r->extras.at[i].name);
        check_utf8(r->extras.at[i].value);
    }
    jbk_record_free(&back);
    jbk_buf_free(&text);
    jbk_buf_free(&rest);
}

static void check_item(const jbk_items *items, const jbk_item *x) {
    fuzz_check(x->source < items->sources.n);
    fuzz_check(x->start <= items->bytes.len && x->len <= items->bytes.len - x->start);
    fuzz_check((x->kind == JBK_ITEM_BAD) == (x->code != JBK_REJ_NONE));
}

static void map_item(const jbk_items *items, const jbk_item *x, jbk_object_maker *maker,
                     jbk_mapper *mapper) {
    jbk_arena arena = {0};
    jbk_record r = {0};
    json_t *object = NULL;
    char *reason = NULL;
    check_item(items, x);
    jbk_reject_code code = jbk_object_make(maker, items, x, &arena, &object, &reason);
    fuzz_check(!code || (reason && !object));
    if (!code && object) {
        code = jbk_map_record(mapper, object, &arena, &r, &reason);
        fuzz_check(!code || reason);
        if (!code && jbk_record_needs_digest(&r))
            jbk_record_set_digest(&r, items->bytes.data + x->start, x->len, &arena);
        if (!code) check_record(&r);
    }
    json_decref(object);
    jbk_record_free(&r);
    jbk_arena_free(&arena);
}

static jbk_input *open_input(char *path) {
    jbk_input *in;
    fuzz_ok(jbk_input_open(&path, 1, format, &in, &err), &err);
    jbk_input_set_batch(in, (jbk_batch_size){64 << 10, 100, 32 << 10, 0});
    return in;
}

static void as_records(char *path) {
    jbk_parse_options options = {.maps = &maps, .reasons = reasons};
    jbk_items items = {0};
    jbk_object_maker maker = {0};
    jbk_mapper *mapper = jbk_mapper_new(&options);
    jbk_input *in = open_input(path);
    while (jbk_input_bytes(in) < UNPACKED_MAX && jbk_input_next(in, &items))
        for (size_t i = 0; i < items.items.n; i++)
            map_item(&items, &items.items.at[i], &maker, mapper);
    jbk_input_close(in);
    jbk_items_free(&items);
    jbk_object_maker_free(&maker);
    jbk_mapper_free(mapper);
}

static void as_observations(char *path) {
    jbk_sighting_options options = {.reasons = reasons, .now = 0};
    jbk_input *in = open_input(path);
    jbk_observe_reader *r = jbk_observe_reader_new(in, &options);
    jbk_sightings seen = {0};
    jbk_arena arena = {0};
    jbk_reject reject;
    const jbk_items *items;
    while (jbk_input_bytes(in) < UNPACKED_MAX &&
           jbk_observe_next(r, &arena, &seen, &reject, &items)) {
        fuzz_check(!reject.code || reject.reason);
        seen.n = 0;
        jbk_arena_free(&arena);
    }
    jbk_arena_free(&arena);
    jbk_vec_free(&seen);
    jbk_observe_reader_free(r);
    jbk_input_close(in);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    if (!reasons) LLVMFuzzerInitialize(NULL, NULL);
    char *path = fuzz_file("input", data, size);
    as_records(path);
    as_observations(path);
    free(path);
    return 0;
}
