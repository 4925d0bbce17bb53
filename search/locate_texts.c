/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Places of a string by what the texts say. */
#include "base/utf8.h"
#include "locator.h"
#include "match.h"

/* Nanoseconds: a block that is unpacked, and a code point that is folded. */
enum { BLOCK_NS = 8000, FOLD_NS = 3 };

/* The documents of the places found, each as often as it has one; NULL at damage. */
static const uint32_t *documents(jbk_locator *j) {
    size_t n = j->s.found.n;
    j->s.asked.n = 0;
    jbk_vec_reserve(&j->s.asked, n);
    uint32_t *docs = j->s.asked.at;
    for (size_t i = 0; i < n; i++) docs[i] = (uint32_t)(j->s.found.at[i] >> 32);
    return jbk_line_documents(j->map, docs, n) ? docs : NULL;
}

uint64_t jbk_locate_reading(jbk_locator *j) {
    enum { FEW = 64 };
    uint64_t n = j->s.found.n, mean = j->end / (j->map->docs ? j->map->docs : 1), texts = n;
    const uint32_t *docs = n <= FEW ? documents(j) : NULL;
    for (size_t i = 1; docs && i < n; i++) texts -= docs[i] == docs[i - 1];
    return texts * (BLOCK_NS + mean * FOLD_NS);
}

/* The bytes of so many code points from `at` on. */
static size_t skip(const jbk_buf *s, size_t at, uint32_t points) {
    for (; points && at < s->len; points--)
        for (at++; at < s->len && !jbk_utf8_is_start(s->data[at]);) at++;
    return at;
}

static bool stands_at(const jbk_query *q, const jbk_buf *s, size_t at) {
    return s->len - at >= q->len && !memcmp(s->data + at, q->s, q->len) &&
           jbk_match_at(s->data, s->len, at, q->len);
}

/* Of the places found those of one document, from number `i` up to `end`. */
static jbk_status read_one(jbk_locator *j, uint32_t doc, size_t i, size_t end, size_t *kept) {
    jbk_str title, text;
    jbk_status status = jbk_index_text(j->x, doc, &title, &text, j->err);
    if (status) return status;
    jbk_str s = j->line == JBK_LINE_TITLE ? title : text;
    jbk_folded *f = &j->x->folded;
    f->utf8_only = true;
    jbk_fold(f, s.s ? s.s : "", s.s ? s.len : 0);
    uint32_t place = j->map->starts[doc - j->x->segments[j->segment].base];
    size_t at = 0, before = *kept;
    for (; i < end; i++) {
        uint64_t found = j->s.found.at[i];
        at = skip(&f->utf8, at, (uint32_t)(found >> 32) - place);
        place = (uint32_t)(found >> 32);
        j->s.found.at[*kept] = found;
        *kept += stands_at(j->q, &f->utf8, at);
    }
    if (j->texts) roaring_bitmap_add(j->texts->read, doc);
    if (j->texts && *kept > before) roaring_bitmap_add(j->texts->showed, doc);
    return JBK_OK;
}

jbk_status jbk_locate_read(jbk_locator *j) {
    const jbk_segment_info *seg = &j->x->segments[j->segment];
    size_t n = j->s.found.n, kept = 0;
    jbk_status status = JBK_OK;
    const uint32_t *docs = documents(j);
    if (!docs) return jbk_locate_damaged(j);
    for (size_t i = 0, end; i < n && !status; i = end) {
        for (end = i + 1; end < n && docs[end] == docs[i];) end++;
        uint32_t doc = seg->base + docs[i];
        if (roaring_bitmap_contains(j->among, doc)) status = read_one(j, doc, i, end, &kept);
    }
    j->s.found.n = kept;
    return status;
}
