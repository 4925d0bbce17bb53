/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "observe_read.h"

#include "base/intern.h"
#include "object.h"

#include <stdlib.h>

enum { KEYS_REMEMBERED = 10000 };

struct jbk_observe_reader {
    jbk_input *in;
    const jbk_sighting_options *options;
    jbk_items batch;
    size_t next; /* item of the batch */
    jbk_object_maker maker;
    jbk_intern keys;
    JBK_VEC(int) key_roles;
    JBK_VEC(jbk_sighting_cell) cells;
};

jbk_observe_reader *jbk_observe_reader_new(jbk_input *in, const jbk_sighting_options *options) {
    jbk_observe_reader *r = jbk_calloc(1, sizeof *r);
    r->in = in;
    r->options = options;
    r->maker.sightings = true;
    return r;
}

void jbk_observe_reader_free(jbk_observe_reader *r) {
    if (!r) return;
    jbk_items_free(&r->batch);
    jbk_object_maker_free(&r->maker);
    jbk_intern_free(&r->keys);
    jbk_vec_free(&r->key_roles);
    jbk_vec_free(&r->cells);
    free(r);
}

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

static jbk_str text_of(const json_t *v, jbk_arena *arena) {
    if (json_is_string(v)) return (jbk_str){json_string_value(v), json_string_length(v)};
    if (!json_is_number(v) && !json_is_boolean(v)) return (jbk_str){0};
    char *s = json_dumps(v, JSON_ENCODE_ANY);
    if (!s) return (jbk_str){0};
    jbk_str kept = {jbk_arena_dup(arena, s, strlen(s)), strlen(s)};
    free(s);
    return kept;
}

static jbk_reject_code read_object(jbk_observe_reader *r, const json_t *object, jbk_arena *arena,
                                   jbk_sightings *out, char **reason) {
    const char *key;
    json_t *v;
    r->cells.n = 0;
    json_object_foreach((json_t *)(uintptr_t)object, key, v) {
        jbk_sighting_cell c = {role_of_key(r, key), text_of(v, arena)};
        jbk_vec_push(&r->cells, c);
    }
    return jbk_sighting_row(r->options, r->cells.at, r->cells.n, arena, out, reason);
}

bool jbk_observe_next(jbk_observe_reader *r, jbk_arena *arena, jbk_sightings *out,
                      jbk_reject *reject, const jbk_items **items) {
    json_t *object = NULL;
    *reject = (jbk_reject){0};
    while (!object && !reject->code) { /* what an archive holds beside is no row */
        while (r->next == r->batch.items.n) {
            r->next = 0;
            if (!jbk_input_next(r->in, &r->batch)) return false;
        }
        *items = &r->batch;
        *reject = (jbk_reject){.item = r->next++};
        reject->code = jbk_object_make(&r->maker, &r->batch, &r->batch.items.at[reject->item],
                                       arena, &object, &reject->reason);
    }
    if (!reject->code) reject->code = read_object(r, object, arena, out, &reject->reason);
    json_decref(object);
    return true;
}
