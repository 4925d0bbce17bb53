/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "locate.h"

#include "store/occurrences.h"

#include <stdlib.h>

typedef JBK_VEC(uint32_t) place_list;

/* What the work costs, in nanoseconds: opening the list of a word, reading a place of it, asking
 * it for a place, reading the text of a document. */
enum { OPEN_NS = 100, READ_NS = 5, ASK_NS = 150, PROVE_NS = 40000 };

typedef struct {
    jbk_index *x;
    const jbk_query *q;
    const jbk_cover *cover;
    jbk_weight *weights;
    roaring_bitmap_t *proven, *candidates;
    jbk_err *err;
    /* of the segment */
    size_t segment;
    jbk_places (*places)[JBK_LINES]; /* of each word of the cover */
    bool *known;
    /* of the line */
    jbk_line line;
    uint32_t end;           /* of the line */
    place_list found;       /* where the string may begin, ascending */
    uint8_t *kept;          /* those that the position at hand allows */
    place_list read;        /* scratch */
    JBK_VEC(uint64_t) bits; /* of `found`: see make_filter */
    unsigned shift;
    bool *done; /* positions that are covered */
} locator;

static jbk_volume *volume(const locator *j) { return j->x->segments[j->segment].volume; }

static jbk_status damaged(const locator *j) {
    return jbk_fail(j->err, JBK_DAMAGED, "locate",
                    "the places of words in segment %u are damaged; restore the index from a copy "
                    "or index again",
                    j->x->segments[j->segment].number);
}

/* --- what the words cost --- */

static bool covers(const jbk_placement *p, uint32_t point) {
    return p->first <= point && point < p->end;
}

static jbk_status look_up(locator *j, uint32_t word) {
    if (j->known[word]) return JBK_OK;
    j->known[word] = true;
    jbk_interned w = j->cover->words.keys.at[word];
    return jbk_volume_places(volume(j), w.s, w.len, j->places[word], j->err);
}

static const jbk_places *places_of(const locator *j, const jbk_placement *p) {
    return &j->places[p->word][j->line];
}

/* Where few places are left, a long list is asked for each instead of being read. */
static bool is_asked(const locator *j, const jbk_places *list, bool first) {
    return !first && (uint64_t)j->found.n * ASK_NS < (uint64_t)list->n * READ_NS;
}

static uint64_t cost(const locator *j, uint32_t point, bool first) {
    uint64_t ns = 0;
    for (size_t i = 0; i < j->cover->placements.n; i++) {
        const jbk_placement *p = &j->cover->placements.at[i];
        const jbk_places *list = places_of(j, p);
        if (!covers(p, point) || !list->n) continue;
        ns +=
            is_asked(j, list, first) ? (uint64_t)j->found.n * ASK_NS : (uint64_t)list->n * READ_NS;
    }
    return ns;
}

/* The position not yet covered that costs least; SIZE_MAX where all are. */
static size_t cheapest(const locator *j, bool first, uint64_t *least) {
    size_t best = SIZE_MAX;
    for (size_t i = 0; i < j->cover->points.n; i++) {
        if (j->done[i]) continue;
        uint64_t ns = cost(j, j->cover->points.at[i], first);
        if (best != SIZE_MAX && ns >= *least) continue;
        best = i;
        *least = ns;
    }
    return best;
}

/* --- places --- */

/* Ascending, least significant bits first. */
static void sort_places(place_list *p, place_list *scratch) {
    enum { BITS = 11, SIZE = 1 << BITS };
    scratch->n = 0;
    jbk_vec_reserve(scratch, p->n);
    for (unsigned shift = 0; shift < 32; shift += BITS) {
        uint32_t first[SIZE + 1] = {0};
        for (size_t i = 0; i < p->n; i++) first[(p->at[i] >> shift) % SIZE + 1]++;
        for (size_t b = 0; b < SIZE; b++) first[b + 1] += first[b];
        for (size_t i = 0; i < p->n; i++)
            scratch->at[first[(p->at[i] >> shift) % SIZE]++] = p->at[i];
        uint32_t *at = p->at;
        size_t cap = p->cap;
        p->at = scratch->at;
        p->cap = scratch->cap;
        scratch->at = at;
        scratch->cap = cap;
    }
}

static jbk_status read_list(locator *j, const jbk_places *list) {
    j->read.n = 0;
    jbk_vec_reserve(&j->read, list->n);
    j->read.n = list->n;
    return jbk_places_read(list, 0, j->read.at) ? JBK_OK : damaged(j);
}

/* Where the string begins if the word stands at `place`; false: before the line does. */
static bool begin_of(const jbk_placement *p, uint32_t place, uint32_t *begin) {
    int64_t at = (int64_t)place + p->ahead - p->first;
    *begin = (uint32_t)at;
    return at >= 0;
}

/* All places that the words say for the first position. */
static jbk_status collect(locator *j, uint32_t point) {
    size_t lists = 0;
    j->found.n = 0;
    for (size_t i = 0; i < j->cover->placements.n; i++) {
        const jbk_placement *p = &j->cover->placements.at[i];
        const jbk_places *list = places_of(j, p);
        if (!covers(p, point) || !list->n) continue;
        jbk_status status = read_list(j, list);
        if (status) return status;
        jbk_vec_reserve(&j->found, j->read.n);
        for (size_t k = 0; k < j->read.n; k++)
            j->found.n += begin_of(p, j->read.at[k], &j->found.at[j->found.n]);
        lists++;
    }
    if (lists > 1) sort_places(&j->found, &j->read);
    return JBK_OK;
}

/* Most places that a list says are none of those found: a bit for every few places, seven of
 * eight unset, tells without looking. */
static void make_filter(locator *j) {
    for (j->shift = 0; j->end >> j->shift > j->found.n * 8;) j->shift++;
    size_t n = (j->end >> j->shift) / 64 + 1;
    j->bits.n = 0;
    jbk_vec_reserve(&j->bits, n);
    memset(j->bits.at, 0, n * sizeof *j->bits.at);
    for (size_t i = 0; i < j->found.n; i++) {
        uint32_t bit = j->found.at[i] >> j->shift;
        j->bits.at[bit / 64] |= UINT64_C(1) << bit % 64;
    }
}

/* The places of a list that may be among those found, ascending, as beginnings of the string. */
static size_t sift(locator *j, const jbk_placement *p) {
    size_t n = 0;
    for (size_t k = 0; k < j->read.n; k++) {
        uint32_t begin;
        if (!begin_of(p, j->read.at[k], &begin) || begin >= j->end) continue;
        uint32_t bit = begin >> j->shift;
        j->read.at[n] = begin;
        n += j->bits.at[bit / 64] >> bit % 64 & 1;
    }
    return n;
}

/* The first of at..end that is not below x, most often near `at`. */
static const uint32_t *lower_bound(const uint32_t *at, const uint32_t *end, uint32_t x) {
    size_t n = (size_t)(end - at), step = 1;
    while (step < n && at[step] < x) step *= 2;
    const uint32_t *low = at + step / 2, *high = step < n ? at + step : end;
    while (low < high) {
        const uint32_t *mid = low + (high - low) / 2;
        if (*mid < x)
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}

/* Mark those found that are among the first n of j->read. */
static void keep(locator *j, size_t n) {
    const uint32_t *at = j->found.at, *end = at + j->found.n;
    for (size_t k = 0; k < n && at < end; k++) {
        at = lower_bound(at, end, j->read.at[k]);
        if (at < end && *at == j->read.at[k]) j->kept[at - j->found.at] = 1;
    }
}

static jbk_status ask(locator *j, const jbk_placement *p, const jbk_places *list) {
    jbk_places_cursor cursor = {.of = list};
    for (size_t i = 0; i < j->found.n; i++) {
        int64_t place = (int64_t)j->found.at[i] + p->first - p->ahead;
        bool has;
        if (place < 0 || place > UINT32_MAX) continue;
        if (!jbk_places_has(&cursor, (uint32_t)place, &has)) return damaged(j);
        if (has) j->kept[i] = 1;
    }
    return JBK_OK;
}

/* Of the places found so far those that a word at this position says, too. */
static jbk_status filter(locator *j, uint32_t point) {
    jbk_status status = JBK_OK;
    make_filter(j);
    j->kept = jbk_realloc(j->kept, j->found.n);
    memset(j->kept, 0, j->found.n);
    for (size_t i = 0; i < j->cover->placements.n && !status; i++) {
        const jbk_placement *p = &j->cover->placements.at[i];
        const jbk_places *list = places_of(j, p);
        if (!covers(p, point) || !list->n) continue;
        if (is_asked(j, list, false)) {
            status = ask(j, p, list);
            continue;
        }
        status = read_list(j, list);
        if (!status) keep(j, sift(j, p));
    }
    size_t n = 0;
    for (size_t i = 0; i < j->found.n && !status; i++)
        if (j->kept[i]) j->found.at[n++] = j->found.at[i];
    j->found.n = n;
    return status;
}

/* What every word that could stand here covers is covered. */
static void mark_done(locator *j, size_t position) {
    const jbk_cover *c = j->cover;
    for (size_t i = 0; i < c->points.n; i++) {
        bool all = true;
        for (size_t k = 0; k < c->placements.n && all; k++) {
            const jbk_placement *p = &c->placements.at[k];
            all = !covers(p, c->points.at[position]) || !places_of(j, p)->n ||
                  covers(p, c->points.at[i]);
        }
        j->done[i] = j->done[i] || all;
    }
    j->done[position] = true;
}

/* --- documents --- */

static void add_weight(locator *j, uint32_t doc) {
    if (j->weights) jbk_weight_add(j->weights, doc, j->line == JBK_LINE_TITLE ? 2 : 1);
}

/* The documents in whose part of the line the places lie. */
static jbk_status add_documents(locator *j, const uint32_t *starts, bool proven) {
    const jbk_segment_info *seg = &j->x->segments[j->segment];
    roaring_bitmap_t *to = proven ? j->proven : j->candidates;
    uint32_t doc = 0, last = UINT32_MAX;
    j->read.n = 0;
    for (size_t i = 0; i < j->found.n; i++) {
        uint32_t place = j->found.at[i], step = 1;
        while (doc + step <= seg->docs && starts[doc + step] <= place) {
            doc += step;
            step *= 2;
        }
        for (; step; step /= 2)
            if (doc + step <= seg->docs && starts[doc + step] <= place) doc += step;
        if (doc >= seg->docs) return damaged(j);
        if (proven) add_weight(j, seg->base + doc);
        if (doc != last) jbk_vec_push(&j->read, seg->base + doc);
        last = doc;
    }
    if (j->read.n) roaring_bitmap_add_many(to, j->read.n, j->read.at);
    return JBK_OK;
}

/* --- a line, a segment, the index --- */

static jbk_status locate_on_line(locator *j) {
    const uint32_t *starts;
    jbk_status status = jbk_volume_line(volume(j), j->line, &starts, j->err);
    if (status || !starts) return status;
    j->end = starts[j->x->segments[j->segment].docs];
    memset(j->done, 0, j->cover->points.n * sizeof *j->done);
    bool proven = j->cover->whole;
    uint64_t ns;
    size_t position = cheapest(j, true, &ns);
    if (position == SIZE_MAX) return JBK_OK;
    status = collect(j, j->cover->points.at[position]);
    while (!status && j->found.n) {
        mark_done(j, position);
        position = cheapest(j, false, &ns);
        if (position == SIZE_MAX) break;
        /* Reading a text finds all that the string weighs there; words that hold it are counted
         * already, so where weights are asked for it is one or the other. */
        bool may_read = !j->weights || !proven;
        if (may_read && ns > (uint64_t)j->found.n * PROVE_NS) {
            proven = false;
            break;
        }
        status = filter(j, j->cover->points.at[position]);
    }
    return status || !j->found.n ? status : add_documents(j, starts, proven);
}

static jbk_status locate_in_segment(locator *j) {
    jbk_status status = JBK_OK;
    memset(j->known, 0, j->cover->words.keys.n * sizeof *j->known);
    for (size_t i = 0; i < j->cover->placements.n && !status; i++)
        status = look_up(j, j->cover->placements.at[i].word);
    for (j->line = JBK_LINE_TITLE; j->line < JBK_LINES && !status; j->line++)
        if (j->q->where & (j->line == JBK_LINE_TITLE ? JBK_IN_TITLE : JBK_IN_TEXT))
            status = locate_on_line(j);
    return status;
}

jbk_status jbk_locate(jbk_index *x, const jbk_query *q, const jbk_cover *c, jbk_weight *weights,
                      roaring_bitmap_t *proven, roaring_bitmap_t *candidates, jbk_err *err) {
    locator j = {.x = x,
                 .q = q,
                 .cover = c,
                 .weights = weights,
                 .proven = proven,
                 .candidates = candidates,
                 .err = err};
    j.places = jbk_alloc(c->words.keys.n * sizeof *j.places);
    j.known = jbk_alloc(c->words.keys.n * sizeof *j.known);
    j.done = jbk_alloc(c->points.n * sizeof *j.done);
    jbk_status status = JBK_OK;
    for (; j.segment < x->nsegments && !status; j.segment++) status = locate_in_segment(&j);
    free(j.places);
    free(j.known);
    free(j.done);
    free(j.kept);
    jbk_vec_free(&j.found);
    jbk_vec_free(&j.read);
    jbk_vec_free(&j.bits);
    return status;
}
