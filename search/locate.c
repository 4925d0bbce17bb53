/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "locate.h"

#include "base/utf8.h"
#include "holders.h"
#include "locator.h"
#include "text/borders.h"

#include <stdlib.h>

jbk_status jbk_locate_damaged(const jbk_locator *j) {
    return jbk_places_damaged(j->x, j->segment, j->err);
}

static jbk_volume *volume(const jbk_locator *j) { return j->x->segments[j->segment].volume; }

/* --- words and where they can lie --- */

static bool covers(const jbk_placement *p, uint32_t point) {
    return p->first <= point && point < p->end;
}

/* Words of the cover from number `words` on, and its placements from `from` on. */
static void take_placements(jbk_locator *j, size_t words, size_t from) {
    const jbk_cover *c = j->cover;
    bool *known = jbk_calloc(c->words.keys.n + 1, sizeof *known);
    for (size_t i = 0; i < j->used.n; i++) known[j->used.at[i]] = true;
    jbk_vec_reserve(&j->used, c->words.keys.n - words);
    for (size_t k = from; k < c->placements.n; k++) {
        const jbk_placement *p = &c->placements.at[k];
        uint32_t covered = 0;
        if (!known[p->word]) jbk_vec_push(&j->used, p->word);
        known[p->word] = true;
        for (size_t i = 0; i < c->points.n; i++) {
            if (!covers(p, c->points.at[i])) continue;
            jbk_vec_push(&j->at_point[i], (uint32_t)k);
            covered |= UINT32_C(1) << i;
        }
        jbk_vec_push(&j->covered, covered);
    }
    free(known);
    j->places = jbk_realloc(j->places, (c->words.keys.n + 1) * sizeof *j->places);
}

static jbk_status find_places(jbk_locator *j) {
    size_t n = j->used.n - j->placed;
    if (!n) return JBK_OK;
    const uint32_t *which = j->used.at + j->placed;
    j->placed = j->used.n;
    return jbk_volume_places_of(volume(j), &j->cover->words, which, n, j->places, j->err);
}

/* The words that cover one end alone. */
static jbk_status take_ends(jbk_locator *j) {
    size_t words = j->cover->words.keys.n, placements = j->cover->placements.n;
    jbk_status status = jbk_cover_ends(j->x, j->q, j->cover, j->err);
    if (status) return status;
    take_placements(j, words, placements);
    return find_places(j);
}

/* A segment's share of what finding them costs: they are found in all at once. */
static jbk_status price_ends(jbk_locator *j) {
    enum { WORD_NS = 250 };
    const jbk_query *q = j->q;
    size_t first = 0, last = q->len - 1, i = 0;
    uint64_t words = 1;
    jbk_status status = JBK_OK;
    if (j->ends_ns) return JBK_OK;
    jbk_utf8_next(q->s, q->len, &first);
    while (last && !jbk_utf8_is_start(q->s[last])) last--;
    do {
        jbk_volume *v = j->x->segments[i].volume;
        uint64_t left, right;
        status = jbk_volume_count_pieces(v, q->s, first, JBK_ENDS, &left, j->err);
        if (!status)
            status =
                jbk_volume_count_pieces(v, q->s + last, q->len - last, JBK_BEGINS, &right, j->err);
        if (!status) words += left + right;
    } while (!status && ++i < j->x->nsegments);
    if (!status) j->ends_ns = 1 + words * WORD_NS / i;
    return status;
}

bool jbk_locate_complete(const jbk_locator *j, size_t position) {
    uint32_t point = j->cover->points.at[position];
    return (point && point + 1 < j->points) || (j->cover->ends && !j->cover->cut);
}

/* Where pairs can tell: each code point is a position. */
static void find_borders(jbk_locator *j) {
    const jbk_query *q = j->q;
    uint32_t before = 0;
    size_t i = 0;
    if (!j->cover->whole) return;
    j->borders = jbk_calloc(j->points, sizeof *j->borders);
    for (uint32_t point = 0; i < q->len; point++) {
        uint32_t cp = jbk_utf8_next(q->s, q->len, &i);
        j->borders[point].pair = jbk_pair_of(before, cp);
        before = cp;
    }
}

/* --- steps --- */

/* None where all places found cover the position; else about how many do not, for what it costs.
 * False where none is open. */
static bool count_open(jbk_locator *j) {
    enum { SAMPLE = 512 };
    size_t n = j->s.found.n, step = n / SAMPLE + 1;
    uint64_t all = UINT64_MAX;
    bool any = false;
    for (size_t k = 0; k < n; k++) all &= j->s.found.at[k];
    for (size_t i = 0; i < j->cover->points.n; i++) {
        size_t open = 0;
        bool done = all >> i & 1;
        for (size_t k = 0; k < n && !done; k += step) open += ~j->s.found.at[k] >> i & 1;
        j->open[i] = done ? 0 : open ? open * step : 1;
        any |= !done;
    }
    return any;
}

/* Words of the ends, whose price takes a while to find out, or the texts? */
enum { CHEAP_NS = 20000, USUAL_NS = 60000, DEAR_NS = 500000 };

static jbk_status narrow_ends(jbk_locator *j, uint64_t texts, bool *shown) {
    bool priced = texts > CHEAP_NS && texts < DEAR_NS;
    jbk_status status = priced ? price_ends(j) : JBK_OK;
    if (status) return status;
    if (texts >= DEAR_NS || (priced && texts > j->ends_ns)) return take_ends(j);
    *shown = true;
    return jbk_locate_read(j);
}

/* The cheapest thing to do.  *shown: nothing is left to be done. */
static jbk_status narrow(jbk_locator *j, bool *shown) {
    uint64_t lists, texts = jbk_locate_reading(j);
    bool open = count_open(j);
    size_t position = jbk_locate_cheapest(j, &lists), border;
    *shown = !open && j->cover->whole;
    if (*shown) return JBK_OK;
    /* Words of the ends can be had; what else is open, or was never a position, texts must tell. */
    bool ends = open && position == SIZE_MAX && !j->cover->ends;
    if (ends) lists = j->ends_ns ? j->ends_ns : USUAL_NS;
    jbk_status status = jbk_locate_border(j, lists < texts ? lists : texts, &border);
    if (status) return status;
    if (border) return jbk_locate_keep_bordered(j, border);
    if (ends) return narrow_ends(j, texts, shown);
    if (texts > lists) return jbk_locate_filter(j, position);
    *shown = true;
    return jbk_locate_read(j);
}

/* --- documents --- */

/* Those in whose part of the line the places lie. */
static jbk_status add_documents(jbk_locator *j) {
    const jbk_segment_info *seg = &j->x->segments[j->segment];
    size_t n = j->s.found.n, distinct = 0;
    j->s.read.n = 0;
    jbk_vec_reserve(&j->s.read, n);
    uint32_t *docs = j->s.read.at, last = UINT32_MAX, weight = j->line == JBK_LINE_TITLE ? 2 : 1;
    for (size_t i = 0; i < n; i++) docs[i] = (uint32_t)(j->s.found.at[i] >> 32);
    if (!jbk_line_documents(j->map, docs, n)) return jbk_locate_damaged(j);
    for (size_t i = 0; i < n; i++) {
        uint32_t doc = seg->base + docs[i];
        if (j->weights) jbk_weight_add(j->weights, doc, weight);
        if (doc != last) docs[distinct++] = doc;
        last = doc;
    }
    jbk_marks_add(&j->x->marks, 0, docs, distinct);
    return JBK_OK;
}

/* --- a line, a segment, the index --- */

/* The position whose words say where the string may begin.  Where its middle is dear, its ends may
 * be cheaper. */
static jbk_status choose_first(jbk_locator *j, size_t *position) {
    uint64_t ns;
    jbk_status status = jbk_locate_first(j, position, &ns);
    if (status || j->cover->ends || ns < USUAL_NS) return status;
    status = price_ends(j);
    if (status || j->ends_ns > ns / 2) return status;
    status = take_ends(j);
    return status ? status : jbk_locate_first(j, position, &ns);
}

static jbk_status locate_on_line(jbk_locator *j) {
    jbk_status status = jbk_index_line(j->x, j->segment, j->line, &j->map, j->err);
    if (status || !j->map->starts) return status;
    j->end = j->map->starts[j->map->docs];
    for (size_t i = 0; i < j->cover->points.n; i++) j->open[i] = SIZE_MAX / 1024; /* no end to it */
    for (uint32_t i = 0; j->borders && i < j->points; i++) j->borders[i].used = false;
    j->settled = j->bordered = false;
    size_t position;
    status = choose_first(j, &position);
    if (status || position == SIZE_MAX) return status;
    status = jbk_locate_collect(j, position);
    for (bool shown = false; !status && !shown && j->s.found.n;) {
        size_t before = j->s.found.n;
        status = narrow(j, &shown);
        j->settled = j->s.found.n > before / 4 * 3;
    }
    return status || !j->s.found.n ? status : add_documents(j);
}

static jbk_status locate_in_segment(jbk_locator *j) {
    j->placed = 0;
    for (uint32_t i = 0; j->borders && i < j->points; i++) j->borders[i].known = false;
    jbk_status status = find_places(j);
    for (j->line = JBK_LINE_TITLE; j->line < JBK_LINES && !status; j->line++)
        if (j->q->where & (j->line == JBK_LINE_TITLE ? JBK_IN_TITLE : JBK_IN_TEXT))
            status = locate_on_line(j);
    return status;
}

/* Lists go back to the index: asking the system for them anew takes longer than most strings. */
static void keep_lists(jbk_locator *j) {
    enum { KEPT = 1 << 20 };
    const jbk_located *s = &j->s;
    size_t cap = s->found.cap + s->asked.cap + s->told.cap + s->read.cap + s->sieve.bits.cap;
    if (cap > KEPT) jbk_located_free(&j->s);
    j->x->located = j->s;
}

jbk_status jbk_locate(jbk_index *x, const jbk_query *q, jbk_cover *c, const roaring_bitmap_t *among,
                      jbk_weight *weights, jbk_texts_read *texts, roaring_bitmap_t **proven,
                      jbk_err *err) {
    jbk_locator j = {.x = x,
                     .q = q,
                     .cover = c,
                     .among = among,
                     .weights = weights,
                     .texts = texts,
                     .err = err,
                     .s = x->located};
    jbk_marks_begin(&x->marks, x->docs);
    for (size_t i = 0; i < q->len; i++) j.points += jbk_utf8_is_start(q->s[i]) != 0;
    j.open = jbk_alloc(c->points.n * sizeof *j.open);
    j.at_point = jbk_calloc(c->points.n, sizeof *j.at_point);
    take_placements(&j, 0, 0);
    find_borders(&j);
    jbk_status status = JBK_OK;
    for (; j.segment < x->nsegments && !status; j.segment++) status = locate_in_segment(&j);
    for (size_t i = 0; i < c->points.n; i++) jbk_vec_free(&j.at_point[i]);
    free(j.at_point);
    free(j.places);
    for (uint32_t i = 0; j.borders && i < j.points; i++) jbk_vec_free(&j.borders[i].docs);
    free(j.borders);
    jbk_vec_free(&j.both);
    jbk_vec_free(&j.used);
    jbk_vec_free(&j.covered);
    free(j.open);
    keep_lists(&j);
    *proven = jbk_marks_take(&x->marks);
    return status;
}
