/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "concord.h"

#include "base/utf8.h"
#include "text/chars.h"

#include <stdlib.h>

typedef struct {
    jbk_index *x;
    const jbk_query_list *strings;
    jbk_kwic_sort sort;
    uint64_t limit;
    jbk_concordance *out;
    jbk_places places;
    jbk_buf key;
} job;

/* --- keys --- */

/* Bytes of a key: a context that agrees so far is hardly read on by anybody. */
enum { KEY_MOST = 160 };

static size_t before(const char *s, size_t at) {
    do at--;
    while (at && !jbk_utf8_is_start(s[at]));
    return at;
}

static uint32_t cp_at(const jbk_buf *s, size_t at) { return jbk_utf8_next(s->data, s->len, &at); }

/* The words from `at` on, each closed by a byte below all letters. */
static void key_right(const jbk_buf *s, size_t at, jbk_buf *key) {
    while (at < s->len && key->len < KEY_MOST) {
        size_t from = at;
        bool alnum = jbk_cp_alnum(cp_at(s, at));
        if (!alnum && !jbk_cp_wordy(cp_at(s, at))) {
            jbk_utf8_next(s->data, s->len, &at);
            continue;
        }
        do jbk_utf8_next(s->data, s->len, &at);
        while (alnum && at < s->len && jbk_cp_alnum(cp_at(s, at)));
        jbk_buf_add(key, s->data + from, at - from);
        jbk_buf_byte(key, '\1');
    }
}

/* The words before `at`, the nearest first, each in the order it is read. */
static void key_left(const jbk_buf *s, size_t at, jbk_buf *key) {
    while (at && key->len < KEY_MOST) {
        size_t to = at;
        at = before(s->data, at);
        bool alnum = jbk_cp_alnum(cp_at(s, at));
        if (!alnum && !jbk_cp_wordy(cp_at(s, at))) continue;
        while (alnum && at && jbk_cp_alnum(cp_at(s, before(s->data, at)))) at = before(s->data, at);
        jbk_buf_add(key, s->data + at, to - at);
        jbk_buf_byte(key, '\1');
    }
}

static void set_key(job *j, const jbk_place *p, jbk_kwic_line *line) {
    if (j->sort == JBK_KWIC_DATE) return;
    const jbk_buf *s = &j->x->folded.utf8;
    j->key.len = 0;
    if (j->sort == JBK_KWIC_LEFT)
        key_left(s, p->folded_start, &j->key);
    else
        key_right(s, p->folded_end, &j->key);
    line->key_len = j->key.len < KEY_MOST ? j->key.len : KEY_MOST;
    line->key = jbk_arena_dup(&j->out->keys, j->key.data, line->key_len);
}

static int by_order(const void *x, const void *y) {
    const jbk_kwic_line *a = x, *b = y;
    size_t n = a->key_len < b->key_len ? a->key_len : b->key_len;
    int order = n ? memcmp(a->key, b->key, n) : 0;
    if (order) return order;
    if (a->key_len != b->key_len) return a->key_len < b->key_len ? -1 : 1;
    if (a->date != b->date) return a->date < b->date ? -1 : 1;
    if (a->doc != b->doc) return a->doc < b->doc ? -1 : 1;
    if (a->in_text != b->in_text) return a->in_text ? 1 : -1;
    if (a->start != b->start) return a->start < b->start ? -1 : 1;
    return a->end < b->end ? -1 : a->end > b->end;
}

/* --- lines --- */

/* Put the lines in order and keep the first `limit` of them, with their keys. */
static void settle(job *j) {
    jbk_concordance *c = j->out;
    jbk_vec_sort(&c->lines, by_order);
    if (!j->limit || c->lines.n <= j->limit) return;
    c->lines.n = (size_t)j->limit;
    jbk_arena kept = {0};
    for (size_t i = 0; i < c->lines.n && j->sort != JBK_KWIC_DATE; i++)
        c->lines.at[i].key = jbk_arena_dup(&kept, c->lines.at[i].key, c->lines.at[i].key_len);
    jbk_arena_free(&c->keys);
    c->keys = kept;
}

enum { SPARE = 1 << 16 };

static uint32_t code_points(const char *s, size_t from, size_t to) {
    uint32_t n = 0;
    for (; from < to; from++) n += (uint32_t)jbk_utf8_is_start(s[from]);
    return n;
}

static void add_lines(job *j, uint32_t doc, int64_t date, bool in_text, jbk_str s) {
    jbk_places_find(j->x, j->strings, in_text ? JBK_IN_TEXT : JBK_IN_TITLE, s, &j->places);
    uint32_t cp = 0, at = 0;
    for (size_t i = 0; i < j->places.n; i++) {
        const jbk_place *p = &j->places.at[i];
        if (i && p[-1].start == p->start && p[-1].end == p->end) continue;
        cp += code_points(s.s, at, p->start);
        at = p->start;
        jbk_kwic_line line = {doc,     p->start, p->end, cp, cp + code_points(s.s, at, p->end),
                              in_text, date,     NULL,   0};
        set_key(j, p, &line);
        jbk_vec_push(&j->out->lines, line);
        j->out->matches++;
    }
}

static jbk_status add_document(job *j, uint32_t doc, jbk_err *err) {
    jbk_str title, text;
    int64_t date;
    jbk_status status = jbk_index_number(j->x, JBK_F_PUBLISHED_AT, doc, &date, err);
    if (!status) status = jbk_index_text(j->x, doc, &title, &text, err);
    if (status) return status;
    /* What the packed form adds to the instant does not order. */
    date = date == JBK_ABSENT ? INT64_MAX : date >> 16;
    uint64_t before_it = j->out->matches;
    add_lines(j, doc, date, false, title);
    add_lines(j, doc, date, true, text);
    j->out->documents += j->out->matches > before_it;
    if (j->limit && j->out->lines.n > SPARE && j->out->lines.n / 2 > j->limit) settle(j);
    return JBK_OK;
}

jbk_status jbk_concord(jbk_index *x, const jbk_query_list *strings, const roaring_bitmap_t *set,
                       jbk_kwic_sort sort, uint64_t limit, jbk_concordance *out, jbk_err *err) {
    job j = {.x = x, .strings = strings, .sort = sort, .limit = limit, .out = out};
    *out = (jbk_concordance){0};
    jbk_status status = JBK_OK;
    roaring_uint32_iterator_t *it = roaring_create_iterator(set);
    for (; it->has_value && !status && strings->n; roaring_advance_uint32_iterator(it))
        status = add_document(&j, it->current_value, err);
    roaring_free_uint32_iterator(it);
    if (!status) settle(&j);
    jbk_vec_free(&j.places);
    jbk_buf_free(&j.key);
    return status;
}

void jbk_concordance_free(jbk_concordance *c) {
    jbk_vec_free(&c->lines);
    jbk_arena_free(&c->keys);
}
