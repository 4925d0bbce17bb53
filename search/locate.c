/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "locate.h"

#include "holders.h"
#include "lines.h"

#include <stdlib.h>

/* What the work costs, in nanoseconds: reading a place of a word's list, asking the list for a
 * place, reading the text of a document. */
enum { READ_NS = 4, ASK_NS = 150, PROVE_NS = 40000 };

typedef struct {
    jbk_index *x;
    const jbk_query *q;
    const jbk_cover *cover;
    jbk_docs used;      /* words that have a placement */
    jbk_docs *at_point; /* of each position of the cover, the placements that cover it */
    uint32_t *covered;  /* of each placement, the positions, a bit each */
    jbk_weight *weights;
    roaring_bitmap_t *candidates; /* those proven are marked */
    jbk_err *err;
    /* of the segment */
    size_t segment;
    jbk_places (*places)[JBK_LINES]; /* of each word of the cover */
    /* of the line */
    jbk_line line;
    jbk_line_map *map;
    uint32_t end;  /* of the line */
    size_t *open;  /* of each position, places found that do not cover it */
    jbk_located s; /* the index's, while this goes on */
} locator;

static jbk_volume *volume(const locator *j) { return j->x->segments[j->segment].volume; }

static jbk_status damaged(const locator *j) { return jbk_places_damaged(j->x, j->segment, j->err); }

/* --- what the words cost --- */

static bool covers(const jbk_placement *p, uint32_t point) {
    return p->first <= point && point < p->end;
}

static const jbk_places *places_of(const locator *j, const jbk_placement *p) {
    return &j->places[p->word][j->line];
}

/* Where few places are open, a long list is asked for each instead of being read. */
static bool is_asked(const jbk_places *list, size_t open) {
    return (uint64_t)open * ASK_NS < (uint64_t)list->n * READ_NS;
}

/* What a position costs; no need to know by how much it is dearer than `least`. */
static uint64_t cost(const locator *j, size_t position, size_t open, uint64_t least) {
    const jbk_docs *l = &j->at_point[position];
    uint64_t ns = 0;
    for (size_t i = 0; i < l->n && ns < least; i++) {
        const jbk_places *list = places_of(j, &j->cover->placements.at[l->at[i]]);
        ns += is_asked(list, open) ? (uint64_t)open * ASK_NS : (uint64_t)list->n * READ_NS;
    }
    return ns;
}

/* The position that costs least of those that are open; SIZE_MAX where none is. */
static size_t cheapest(const locator *j, uint64_t *least) {
    size_t best = SIZE_MAX;
    *least = UINT64_MAX;
    for (size_t i = 0; i < j->cover->points.n; i++) {
        uint64_t ns = j->open[i] ? cost(j, i, j->open[i], *least) : UINT64_MAX;
        if (ns >= *least) continue;
        best = i;
        *least = ns;
    }
    return best;
}

/* None where all places found cover the position; else about how many do not, for what it costs. */
static void count_open(locator *j) {
    enum { SAMPLE = 512 };
    size_t n = j->s.found.n, step = n / SAMPLE + 1;
    uint64_t all = UINT64_MAX;
    for (size_t k = 0; k < n; k++) all &= j->s.found.at[k];
    for (size_t i = 0; i < j->cover->points.n; i++) {
        size_t open = 0;
        bool done = all >> i & 1;
        for (size_t k = 0; k < n && !done; k += step) open += ~j->s.found.at[k] >> i & 1;
        j->open[i] = done ? 0 : open ? open * step : 1;
    }
}

/* --- places --- */

/* Sorts `found` by place, least significant bits first: of few places few bits at a time. */
static void sort_found(locator *j) {
    enum { BITS_MAX = 12 };
    size_t n = j->s.found.n;
    unsigned wide = 1, most = n < 2000 ? 8 : BITS_MAX;
    while (wide < 32 && j->end >> wide) wide++;
    unsigned passes = (wide + most - 1) / most, bits = (wide + passes - 1) / passes;
    uint32_t first[(1 << BITS_MAX) + 1], size = 1u << bits;
    jbk_vec_reserve(&j->s.found, n);
    uint64_t *from = j->s.found.at, *to = from + n;
    for (unsigned shift = 32; shift < 32 + wide; shift += bits) {
        memset(first, 0, (size + 1) * sizeof *first);
        for (size_t i = 0; i < n; i++) first[(from[i] >> shift) % size + 1]++;
        for (size_t b = 0; b < size; b++) first[b + 1] += first[b];
        for (size_t i = 0; i < n; i++) to[first[(from[i] >> shift) % size]++] = from[i];
        uint64_t *t = from;
        from = to;
        to = t;
    }
    if (from != j->s.found.at) memcpy(j->s.found.at, from, n * sizeof *from);
}

/* The first k places found ascend, and so do the others: all shall. */
static void merge_found(locator *j, size_t k) {
    size_t n = j->s.found.n, i = 0, b = k;
    jbk_vec_reserve(&j->s.found, n);
    uint64_t *at = j->s.found.at, *to = at + n;
    while (i < k && b < n) { /* without a branch that would have to be guessed */
        bool first = at[i] < at[b];
        *to++ = first ? at[i] : at[b];
        i += first;
        b += !first;
    }
    /* What is left of the others stands where it shall. */
    size_t merged = (size_t)(to - (at + n));
    memmove(at + merged, at + i, (k - i) * sizeof *at);
    memcpy(at, at + n, merged * sizeof *at);
}

static jbk_status read_list(locator *j, const jbk_places *list) {
    j->s.read.n = 0;
    jbk_vec_reserve(&j->s.read, list->n);
    j->s.read.n = list->n;
    return jbk_places_read(list, 0, j->s.read.at) ? JBK_OK : damaged(j);
}

/* Appends to `found` where the string begins if a word stands at the places read, and what that
 * covers; not what would be before the line, nor behind it. */
static void add_found(locator *j, const jbk_placement *p, uint32_t covered) {
    jbk_vec_reserve(&j->s.found, j->s.read.n);
    uint64_t ahead = p->ahead, back = p->first, *out = j->s.found.at + j->s.found.n;
    for (size_t k = 0; k < j->s.read.n; k++) {
        uint64_t begin = j->s.read.at[k] + ahead - back; /* before: a number past its end */
        *out = begin << 32 | covered;
        out += begin < j->end;
    }
    j->s.found.n = (size_t)(out - j->s.found.at);
}

static jbk_status add_word(locator *j, uint32_t placement) {
    const jbk_placement *p = &j->cover->placements.at[placement];
    jbk_status status = read_list(j, places_of(j, p));
    if (!status) add_found(j, p, j->covered[placement]);
    return status;
}

/* Of the placements that cover a position the one whose word has more places than all others
 * together; SIZE_MAX where none has. */
static size_t longest_list(const locator *j, const jbk_docs *l) {
    uint64_t all = 0, most = 0;
    size_t longest = SIZE_MAX;
    for (size_t i = 0; i < l->n; i++) {
        uint64_t n = places_of(j, &j->cover->placements.at[l->at[i]])->n;
        all += n;
        if (n <= most) continue;
        longest = i;
        most = n;
    }
    return most > all / 2 ? longest : SIZE_MAX;
}

/* All places that the words say for the first position.  Each word's ascend, so where those of one
 * are most of them only the others are sorted. */
static jbk_status collect(locator *j, size_t position) {
    const jbk_docs *l = &j->at_point[position];
    size_t lists = 0, longest = longest_list(j, l);
    jbk_status status = JBK_OK;
    j->s.found.n = 0;
    for (size_t i = 0; i < l->n && !status; i++) {
        if (i == longest || !places_of(j, &j->cover->placements.at[l->at[i]])->n) continue;
        status = add_word(j, l->at[i]);
        lists++;
    }
    if (lists > 1 && !status) sort_found(j);
    size_t others = j->s.found.n;
    if (longest == SIZE_MAX || status) return status;
    status = add_word(j, l->at[longest]);
    if (lists && !status) merge_found(j, others);
    return status;
}

/* The places found that do not cover the position. */
static void find_asked(locator *j, size_t position) {
    size_t n = 0;
    j->s.asked.n = j->s.told.n = 0;
    jbk_vec_reserve(&j->s.asked, j->s.found.n);
    for (size_t i = 0; i < j->s.found.n; i++) {
        j->s.asked.at[n] = (uint32_t)(j->s.found.at[i] >> 32);
        n += ~j->s.found.at[i] >> position & 1;
    }
    jbk_vec_reserve(&j->s.told, n);
    memset(j->s.told.at, 0, n * sizeof *j->s.told.at);
    j->s.asked.n = j->s.told.n = n;
}

/* The places of a list that may be among those asked, ascending, as beginnings of the string. */
static jbk_status sift(locator *j, const jbk_placement *p, const jbk_places *list) {
    uint32_t piece[JBK_PLACES_PIECE];
    j->s.read.n = 0;
    for (uint32_t from = 0, n; from < list->n; from += n) {
        if (!jbk_places_read_piece(list, from, piece, &n)) return damaged(j);
        jbk_vec_reserve(&j->s.read, n + JBK_SIEVE_SLACK);
        uint32_t *to = j->s.read.at + j->s.read.n;
        j->s.read.n += jbk_sieve_pass(&j->s.sieve, piece, n, p->ahead, p->first, to);
    }
    return JBK_OK;
}

/* Which of n > 0 ascending numbers is the last that is at most x, or the first.  Without a branch
 * that would have to be guessed, so that several searches go on at a time. */
static size_t last_until(const uint32_t *at, size_t n, uint32_t x) {
    size_t low = 0;
    for (size_t half; n > 1; n -= half) {
        half = n / 2;
        low += at[low + half] <= x ? half : 0;
    }
    return low;
}

/* Those asked that were read are covered. */
static void tell(locator *j, uint32_t covered) {
    const uint32_t *asked = j->s.asked.at, *read = j->s.read.at;
    size_t n = j->s.read.n;
    enum { CLOSE = 8 };
    if (j->s.asked.n < CLOSE * n) { /* side by side: no step needs to be guessed */
        for (size_t i = 0, k = 0; i < j->s.asked.n && k < n;) {
            uint32_t a = asked[i], r = read[k];
            j->s.told.at[i] |= a == r ? covered : 0;
            i += a <= r;
            k += r <= a;
        }
        return;
    }
    for (size_t k = 0; k < n; k++) {
        size_t i = last_until(asked, j->s.asked.n, read[k]);
        j->s.told.at[i] |= asked[i] == read[k] ? covered : 0;
    }
}

static jbk_status ask(locator *j, const jbk_placement *p, const jbk_places *list,
                      uint32_t covered) {
    jbk_places_cursor cursor = {.of = list};
    for (size_t i = 0; i < j->s.asked.n; i++) {
        int64_t place = (int64_t)j->s.asked.at[i] + p->first - p->ahead;
        bool has;
        if (place < 0 || place > UINT32_MAX) continue;
        if (!jbk_places_has(&cursor, (uint32_t)place, &has)) return damaged(j);
        if (has) j->s.told.at[i] |= covered;
    }
    return JBK_OK;
}

/* Of the places found so far those where a word covers this position, too. */
static void keep_covered(locator *j, size_t position) {
    size_t n = 0;
    for (size_t i = 0, k = 0; i < j->s.found.n; i++) {
        uint64_t found = j->s.found.at[i];
        if (!(found >> position & 1)) found |= j->s.told.at[k++];
        j->s.found.at[n] = found;
        n += found >> position & 1;
    }
    j->s.found.n = n;
}

static jbk_status filter(locator *j, size_t position) {
    const jbk_docs *l = &j->at_point[position];
    jbk_status status = JBK_OK;
    find_asked(j, position);
    if (j->s.asked.n) jbk_sieve_make(&j->s.sieve, j->s.asked.at, j->s.asked.n, j->end);
    for (size_t i = 0; i < l->n && !status; i++) {
        const jbk_placement *p = &j->cover->placements.at[l->at[i]];
        const jbk_places *list = places_of(j, p);
        if (!list->n) continue;
        if (is_asked(list, j->s.asked.n)) {
            status = ask(j, p, list, j->covered[l->at[i]]);
            continue;
        }
        status = sift(j, p, list);
        if (!status) tell(j, j->covered[l->at[i]]);
    }
    if (!status) keep_covered(j, position);
    return status;
}

/* --- documents --- */

static void add_weight(locator *j, uint32_t doc) {
    if (j->weights) jbk_weight_add(j->weights, doc, j->line == JBK_LINE_TITLE ? 2 : 1);
}

/* The documents in whose part of the line the places lie. */
static jbk_status add_documents(locator *j, bool proven) {
    const jbk_segment_info *seg = &j->x->segments[j->segment];
    size_t n = j->s.found.n, distinct = 0;
    j->s.read.n = 0;
    jbk_vec_reserve(&j->s.read, n);
    uint32_t *docs = j->s.read.at, last = UINT32_MAX;
    for (size_t i = 0; i < n; i++) docs[i] = (uint32_t)(j->s.found.at[i] >> 32);
    if (!jbk_line_documents(j->map, docs, n)) return damaged(j);
    for (size_t i = 0; i < n; i++) {
        uint32_t doc = seg->base + docs[i];
        if (proven) add_weight(j, doc);
        if (doc != last) docs[distinct++] = doc;
        last = doc;
    }
    if (proven)
        jbk_marks_add(&j->x->marks, 0, docs, distinct);
    else
        roaring_bitmap_add_many(j->candidates, distinct, docs);
    return JBK_OK;
}

/* --- a line, a segment, the index --- */

static jbk_status locate_on_line(locator *j) {
    jbk_status status = jbk_index_line(j->x, j->segment, j->line, &j->map, j->err);
    if (status || !j->map->starts) return status;
    j->end = j->map->starts[j->map->docs];
    for (size_t i = 0; i < j->cover->points.n; i++) j->open[i] = SIZE_MAX / ASK_NS;
    bool proven = j->cover->whole;
    uint64_t ns;
    size_t position = cheapest(j, &ns);
    if (position == SIZE_MAX) return JBK_OK;
    status = collect(j, position);
    while (!status && j->s.found.n) {
        count_open(j);
        position = cheapest(j, &ns);
        if (position == SIZE_MAX) break;
        /* Reading a text finds all that the string weighs there; words that hold it are counted
         * already, so where weights are asked for it is one or the other. */
        bool may_read = !j->weights || !proven;
        if (may_read && ns > (uint64_t)j->s.found.n * PROVE_NS) {
            proven = false;
            break;
        }
        status = filter(j, position);
    }
    return status || !j->s.found.n ? status : add_documents(j, proven);
}

static jbk_status locate_in_segment(locator *j) {
    jbk_status status =
        jbk_volume_places_of(volume(j), &j->cover->words, j->used.at, j->used.n, j->places, j->err);
    for (j->line = JBK_LINE_TITLE; j->line < JBK_LINES && !status; j->line++)
        if (j->q->where & (j->line == JBK_LINE_TITLE ? JBK_IN_TITLE : JBK_IN_TEXT))
            status = locate_on_line(j);
    return status;
}

static void find_placements(locator *j) {
    const jbk_cover *c = j->cover;
    bool *known = jbk_calloc(c->words.keys.n, sizeof *known);
    jbk_vec_reserve(&j->used, c->words.keys.n);
    for (size_t i = 0; i < c->placements.n; i++) {
        uint32_t word = c->placements.at[i].word;
        if (!known[word]) jbk_vec_push(&j->used, word);
        known[word] = true;
    }
    free(known);
    j->at_point = jbk_calloc(c->points.n, sizeof *j->at_point);
    j->covered = jbk_calloc(c->placements.n, sizeof *j->covered);
    for (size_t i = 0; i < c->points.n; i++) {
        jbk_vec_reserve(&j->at_point[i], c->placements.n);
        for (uint32_t k = 0; k < c->placements.n; k++) {
            if (!covers(&c->placements.at[k], c->points.at[i])) continue;
            jbk_vec_push(&j->at_point[i], k);
            j->covered[k] |= UINT32_C(1) << i;
        }
    }
}

/* Lists go back to the index: asking the system for them anew takes longer than most strings. */
static void keep_lists(locator *j) {
    enum { KEPT = 1 << 20 };
    const jbk_located *s = &j->s;
    size_t cap = s->found.cap + s->asked.cap + s->told.cap + s->read.cap + s->sieve.bits.cap;
    if (cap > KEPT) jbk_located_free(&j->s);
    j->x->located = j->s;
}

jbk_status jbk_locate(jbk_index *x, const jbk_query *q, const jbk_cover *c, jbk_weight *weights,
                      roaring_bitmap_t **proven, roaring_bitmap_t **candidates, jbk_err *err) {
    locator j = {.x = x, .q = q, .cover = c, .weights = weights, .err = err};
    j.candidates = *candidates = roaring_bitmap_create();
    jbk_marks_begin(&x->marks, x->docs);
    j.places = jbk_alloc(c->words.keys.n * sizeof *j.places);
    j.open = jbk_alloc(c->points.n * sizeof *j.open);
    j.s = x->located;
    find_placements(&j);
    jbk_status status = JBK_OK;
    for (; j.segment < x->nsegments && !status; j.segment++) status = locate_in_segment(&j);
    for (size_t i = 0; i < c->points.n; i++) jbk_vec_free(&j.at_point[i]);
    free(j.at_point);
    free(j.places);
    jbk_vec_free(&j.used);
    free(j.covered);
    free(j.open);
    keep_lists(&j);
    *proven = jbk_marks_take(&x->marks);
    return status;
}
