/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "recognise.h"

#include "base/intern.h"

#include <stdlib.h>

/* Names that tell mappings apart, one bit each. */
enum { WORDS = 4 };
typedef struct {
    uint64_t word[WORDS];
} bits;

/* All of these names: that mapping. */
typedef struct {
    bits names;
    size_t map;
} mark;

enum { KEYS_REMEMBERED = 10000 };

struct jbk_recogniser {
    const jbk_maps *maps;
    jbk_intern telling; /* the names with a bit */
    JBK_VEC(mark) marks;
    jbk_intern keys; /* met so far */
    JBK_VEC(bits) key_bits;
    JBK_VEC(const jbk_map_rule *) key_rules; /* of key k in mapping m: [k * maps + m] */
    JBK_VEC(uint32_t) met;                   /* the object's keys; UINT32_MAX: not remembered */
    JBK_VEC(const jbk_map_rule *) rules;
};

static void set_bit(bits *b, uint32_t n) {
    if (n >= WORDS * 64) abort(); /* data/maps has outgrown it */
    b->word[n / 64] |= (uint64_t)1 << (n % 64);
}

jbk_recogniser *jbk_recogniser_new(const jbk_maps *maps) {
    jbk_recogniser *r = jbk_calloc(1, sizeof *r);
    r->maps = maps;
    for (size_t m = 0; !maps->fixed && m < maps->maps.n; m++) {
        const json_t *sets = maps->maps.at[m]->recognise;
        for (size_t i = 0; i < json_array_size(sets); i++) {
            const json_t *set = json_array_get(sets, i);
            mark one = {.map = m};
            for (size_t j = 0; j < json_array_size(set); j++) {
                const json_t *name = json_array_get(set, j);
                set_bit(&one.names, jbk_intern_add(&r->telling, json_string_value(name),
                                                   json_string_length(name)));
            }
            jbk_vec_push(&r->marks, one);
        }
    }
    return r;
}

void jbk_recogniser_free(jbk_recogniser *r) {
    if (!r) return;
    jbk_intern_free(&r->telling);
    jbk_intern_free(&r->keys);
    jbk_vec_free(&r->marks);
    jbk_vec_free(&r->key_bits);
    jbk_vec_free(&r->key_rules);
    jbk_vec_free(&r->met);
    jbk_vec_free(&r->rules);
    free(r);
}

static bits bits_of(const jbk_recogniser *r, const char *key, size_t len) {
    bits b = {{0}};
    uint32_t n;
    if (jbk_intern_find(&r->telling, key, len, &n)) set_bit(&b, n);
    return b;
}

/* The number of a key, and its bits into *all. */
static uint32_t meet(jbk_recogniser *r, const char *key, bits *all) {
    size_t len = strlen(key);
    uint32_t n;
    bits own;
    if (jbk_intern_find(&r->keys, key, len, &n)) {
        own = r->key_bits.at[n];
    } else {
        n = UINT32_MAX;
        own = bits_of(r, key, len);
        if (r->keys.keys.n < KEYS_REMEMBERED) {
            n = jbk_intern_add(&r->keys, key, len);
            jbk_vec_push(&r->key_bits, own);
            for (size_t m = 0; m < r->maps->maps.n; m++)
                jbk_vec_push(&r->key_rules, jbk_map_rules(r->maps->maps.at[m], key, len));
        }
    }
    for (int w = 0; w < WORDS; w++) all->word[w] |= own.word[w];
    return n;
}

static bool has_all(const bits *all, const bits *names) {
    for (int w = 0; w < WORDS; w++)
        if ((all->word[w] & names->word[w]) != names->word[w]) return false;
    return true;
}

static size_t which(const jbk_recogniser *r, const bits *all) {
    for (size_t i = 0; i < r->marks.n; i++)
        if (has_all(all, &r->marks.at[i].names)) return r->marks.at[i].map;
    return r->maps->maps.n - 1;
}

jbk_recognised jbk_recognise(jbk_recogniser *r, const json_t *object) {
    const char *key;
    json_t *v;
    bits all = {{0}};
    r->met.n = r->rules.n = 0;
    json_object_foreach((json_t *)(uintptr_t)object, key, v)
        jbk_vec_push(&r->met, meet(r, key, &all));
    size_t m = which(r, &all), i = 0;
    const jbk_map *map = r->maps->maps.at[m];
    json_object_foreach((json_t *)(uintptr_t)object, key, v) {
        uint32_t n = r->met.at[i++];
        jbk_vec_push(&r->rules, n == UINT32_MAX ? jbk_map_rules(map, key, strlen(key))
                                                : r->key_rules.at[n * r->maps->maps.n + m]);
    }
    return (jbk_recognised){map, m, r->rules.at};
}
