/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pick.h"

#include "base/hash.h"

#include <stdio.h>
#include <stdlib.h>

void jbk_pick_free(jbk_pick *p) {
    if (p->shown) roaring_bitmap_free(p->shown);
    free(p->members);
    *p = (jbk_pick){0};
}

/* --- groups --- */

/* The first document of the group that `doc` belongs to; it need not match, nor live. */
static jbk_status group_of(jbk_index *x, const jbk_pick *p, uint32_t doc, uint32_t *group,
                           jbk_err *err) {
    bool story = p->options.collapse == JBK_COLLAPSE_STORY;
    jbk_field_id f = story ? JBK_F_STORY : JBK_F_COPY_OF;
    int64_t of;
    jbk_status status = jbk_index_number(x, f, doc, &of, err);
    *group = status || of == JBK_ABSENT ? doc : (uint32_t)(story ? of >> 1 : of);
    if (!status && *group >= x->docs)
        status = jbk_fail(err, JBK_DAMAGED, "group", "the column of %s is damaged",
                          jbk_fields[f].name);
    return status;
}

/* When it was published, as a number that orders; the end of time where nobody knows. */
static jbk_status published(jbk_index *x, uint32_t doc, int64_t *ms, jbk_err *err) {
    jbk_status status = jbk_index_number(x, JBK_F_PUBLISHED_AT, doc, ms, err);
    *ms = *ms == JBK_ABSENT ? INT64_MAX : *ms >> 16;
    return status;
}

static jbk_status collapse(jbk_index *x, const roaring_bitmap_t *match, jbk_pick *p, jbk_err *err) {
    typedef struct {
        int64_t ms;
        uint32_t doc;
    } best;
    best *first = jbk_alloc(x->docs * sizeof *first);
    p->members = jbk_calloc(x->docs, sizeof *p->members);
    jbk_status status = JBK_OK;
    roaring_uint32_iterator_t *it = roaring_create_iterator(match);
    for (; it->has_value && !status; roaring_advance_uint32_iterator(it)) {
        best here = {.doc = it->current_value};
        uint32_t group;
        status = group_of(x, p, here.doc, &group, err);
        if (!status) status = published(x, here.doc, &here.ms, err);
        if (status) break;
        /* Documents ascend, so of equal times the first stays. */
        if (!p->members[group]++ || here.ms < first[group].ms) first[group] = here;
    }
    roaring_free_uint32_iterator(it);
    p->shown = roaring_bitmap_create();
    for (uint32_t group = 0; group < x->docs && !status; group++) {
        if (!p->members[group]) continue;
        roaring_bitmap_add(p->shown, first[group].doc);
        p->groups++;
    }
    free(first);
    return status;
}

jbk_status jbk_pick_copies(jbk_index *x, const jbk_pick *p, uint32_t doc, uint64_t *copies,
                           jbk_err *err) {
    uint32_t group;
    jbk_status status = group_of(x, p, doc, &group, err);
    *copies = status ? 0 : p->members[group] - 1;
    return status;
}

/* --- a sample --- */

typedef struct {
    uint64_t number;
    uint32_t doc;
} lot;

static int by_number(const void *x, const void *y) {
    const lot *a = x, *b = y;
    if (a->number != b->number) return a->number < b->number ? -1 : 1;
    return a->doc < b->doc ? -1 : a->doc > b->doc;
}

static uint64_t draw(const jbk_record *r, uint64_t seed, jbk_buf *key) {
    const jbk_str *f = r->field;
    jbk_str name = jbk_record_name(r);
    uint8_t digest[32];
    key->len = 0;
    jbk_buf_printf(key, "%llu\n", (unsigned long long)seed);
    if (f[JBK_F_PLATFORM].s && f[JBK_F_ID].s) {
        jbk_buf_add(key, f[JBK_F_PLATFORM].s, f[JBK_F_PLATFORM].len);
        jbk_buf_byte(key, '\n');
    } else if (f[JBK_F_URL].s) {
        name = f[JBK_F_URL];
    } else {
        name = r->digest;
    }
    jbk_buf_add(key, name.s, name.len);
    jbk_sha256_raw(key->data, key->len, digest);
    uint64_t number = 0;
    for (int i = 0; i < 8; i++) number = number << 8 | digest[i];
    return number;
}

static jbk_status sample(jbk_index *x, jbk_pick *p, jbk_err *err) {
    uint64_t n = roaring_bitmap_get_cardinality(p->shown);
    if (n <= p->options.sample) return JBK_OK;
    lot *lots = jbk_alloc(n * sizeof *lots), *next = lots;
    jbk_record r = {0};
    jbk_buf key = {0};
    jbk_status status = JBK_OK;
    roaring_uint32_iterator_t *it = roaring_create_iterator(p->shown);
    for (; it->has_value && !status; roaring_advance_uint32_iterator(it)) {
        status = jbk_index_record(x, it->current_value, &r, err);
        if (!status) *next++ = (lot){draw(&r, p->options.seed, &key), it->current_value};
    }
    roaring_free_uint32_iterator(it);
    if (!status) {
        qsort(lots, n, sizeof *lots, by_number);
        roaring_bitmap_clear(p->shown);
        for (uint64_t i = 0; i < p->options.sample; i++) roaring_bitmap_add(p->shown, lots[i].doc);
    }
    jbk_record_free(&r);
    jbk_buf_free(&key);
    free(lots);
    return status;
}

jbk_status jbk_pick_make(jbk_index *x, const roaring_bitmap_t *match,
                         const jbk_pick_options *options, jbk_pick *out, jbk_err *err) {
    *out = (jbk_pick){.options = *options};
    jbk_status status = JBK_OK;
    if (options->collapse)
        status = collapse(x, match, out, err);
    else
        out->shown = roaring_bitmap_copy(match);
    if (!status && options->sample) status = sample(x, out, err);
    if (status) jbk_pick_free(out);
    return status;
}
