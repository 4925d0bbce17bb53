/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Keys of words: sorted by hash, so that one binary search finds all words that share one. */
#include "sections.h"
#include "store/verify.h"

#include <stdlib.h>

static int by_hash(const void *x, const void *y) {
    const jbk_key_entry *a = x, *b = y;
    if (a->hash != b->hash) return a->hash < b->hash ? -1 : 1;
    return a->word < b->word ? -1 : a->word > b->word;
}

jbk_status jbk_volume_add_keys(jbk_volume_writer *w, uint64_t maker, jbk_key_entries *keys,
                               jbk_err *err) {
    _Static_assert(sizeof maker == sizeof *keys->at, "the maker takes the place of an entry");
    jbk_vec_sort(keys, by_hash);
    size_t kept = 0;
    for (size_t i = 0; i < keys->n; i++)
        if (!kept || by_hash(&keys->at[kept - 1], &keys->at[i])) keys->at[kept++] = keys->at[i];
    keys->n = kept;
    jbk_status status = jbk_section_put(w, JBK_SEC_KEYS, &maker, sizeof maker, err);
    if (!status) status = jbk_pages_add(w->pages, keys->at, kept * sizeof *keys->at, err);
    w->sec[JBK_SEC_KEYS].len += kept * sizeof *keys->at;
    return status;
}

jbk_status jbk_volume_key_maker(jbk_volume *v, uint64_t *maker, jbk_err *err) {
    const void *p;
    *maker = 0;
    if (!v->sec[JBK_SEC_KEYS].len) return JBK_OK;
    jbk_status status = jbk_section_get(v, JBK_SEC_KEYS, 0, 1, sizeof *maker, &p, err);
    if (!status) memcpy(maker, p, sizeof *maker);
    return status;
}

jbk_status jbk_key_at(jbk_volume *v, uint64_t i, jbk_key_entry *out, jbk_err *err) {
    const void *p;
    jbk_status status = jbk_section_get(v, JBK_SEC_KEYS, i + 1, 1, sizeof *out, &p, err);
    if (!status) memcpy(out, p, sizeof *out);
    return status;
}

/* The first entry not before `want`. */
static jbk_status lower_bound(jbk_volume *v, jbk_key_entry want, uint64_t *out, jbk_err *err) {
    uint64_t low = 0, high = jbk_key_count(v);
    while (low < high) {
        uint64_t mid = low + (high - low) / 2;
        jbk_key_entry e;
        jbk_status status = jbk_key_at(v, mid, &e, err);
        if (status) return status;
        if (by_hash(&e, &want) < 0)
            low = mid + 1;
        else
            high = mid;
    }
    *out = low;
    return JBK_OK;
}

jbk_status jbk_volume_keyed(jbk_volume *v, uint32_t hash, jbk_word_hits *out, jbk_err *err) {
    uint64_t i;
    jbk_status status = lower_bound(v, (jbk_key_entry){hash, 0}, &i, err);
    for (; !status && i < jbk_key_count(v); i++) {
        jbk_key_entry e;
        jbk_word_hit hit;
        status = jbk_key_at(v, i, &e, err);
        if (!status && e.hash != hash) break;
        if (!status) status = jbk_volume_word(v, e.word, &hit, err);
        if (!status) jbk_vec_push(out, hit);
    }
    return status;
}

uint64_t jbk_volume_keys(const jbk_volume *v) { return jbk_key_count(v); }

bool jbk_volume_has_key(jbk_volume *v, uint32_t hash, uint32_t word) {
    uint64_t i;
    jbk_key_entry e = {0};
    return !lower_bound(v, (jbk_key_entry){hash, word}, &i, NULL) && i < jbk_key_count(v) &&
           !jbk_key_at(v, i, &e, NULL) && e.hash == hash && e.word == word;
}
