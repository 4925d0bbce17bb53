/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Places of a string by the lists of its words. */
#include "locator.h"
#include "tell.h"

/* What the work costs, in nanoseconds: reading a place of a word's list, asking the list for a
 * place. */
enum { READ_NS = 4, ASK_NS = 150 };

/* --- what the words cost --- */

static const jbk_places *places_of(const jbk_locator *j, const jbk_placement *p) {
    return &j->places[p->word][j->line];
}

/* Where few places are open, a long list is asked for each instead of being read. */
static bool is_asked(const jbk_places *list, size_t open) {
    return (uint64_t)open * ASK_NS < (uint64_t)list->n * READ_NS;
}

/* What a position costs; no need to know by how much it is dearer than `least`. */
static uint64_t cost(const jbk_locator *j, size_t position, size_t open, uint64_t least) {
    const jbk_docs *l = &j->at_point[position];
    uint64_t ns = 0;
    for (size_t i = 0; i < l->n && ns < least; i++) {
        const jbk_places *list = places_of(j, &j->cover->placements.at[l->at[i]]);
        ns += is_asked(list, open) ? (uint64_t)open * ASK_NS : (uint64_t)list->n * READ_NS;
    }
    return ns;
}

/* The position that costs least of those that are open; SIZE_MAX where none is. */
size_t jbk_locate_cheapest(const jbk_locator *j, uint64_t *least) {
    size_t best = SIZE_MAX;
    *least = UINT64_MAX;
    for (size_t i = 0; i < j->cover->points.n; i++) {
        bool may = j->open[i] && jbk_locate_complete(j, i);
        uint64_t ns = may ? cost(j, i, j->open[i], *least) : UINT64_MAX;
        if (ns >= *least) continue;
        best = i;
        *least = ns;
    }
    return best;
}

/* --- places --- */

/* Sorts `found` by place, least significant bits first: of few places few bits at a time. */
static void sort_found(jbk_locator *j) {
    enum { BITS_MAX = 12 };
    size_t n = j->s.found.n;
    if (!n) return;
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
static void merge_found(jbk_locator *j, size_t k) {
    size_t n = j->s.found.n, i = 0, b = k;
    if (!n) return;
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

static jbk_status read_list(jbk_locator *j, const jbk_places *list) {
    j->s.read.n = 0;
    jbk_vec_reserve(&j->s.read, list->n);
    j->s.read.n = list->n;
    return jbk_places_read(list, 0, j->s.read.at) ? JBK_OK : jbk_locate_damaged(j);
}

/* Appends to `found` where the string begins if a word stands at the places read, and what that
 * covers; not what would be before the line, nor behind it. */
static void add_found(jbk_locator *j, const jbk_placement *p, uint32_t covered) {
    if (!j->s.read.n) return;
    jbk_vec_reserve(&j->s.found, j->s.read.n);
    uint64_t ahead = p->ahead, back = p->first, *out = j->s.found.at + j->s.found.n;
    for (size_t k = 0; k < j->s.read.n; k++) {
        uint64_t begin = j->s.read.at[k] + ahead - back; /* before: a number past its end */
        *out = begin << 32 | covered;
        out += begin < j->end;
    }
    j->s.found.n = (size_t)(out - j->s.found.at);
}

/* What a document costs whose places are asked of a list. */
static uint64_t a_document(const jbk_locator *j, const jbk_places *list) {
    return ASK_NS + (uint64_t)list->n * READ_NS / j->map->docs;
}

/* What the places of a word cost.  *bordered: those in documents with its pairs alone. */
static jbk_status price_word(jbk_locator *j, const jbk_placement *p, uint64_t *ns, bool *bordered) {
    enum { LONG = 500 };
    const jbk_places *list = places_of(j, p);
    uint64_t alone = UINT64_MAX;
    *ns = (uint64_t)list->n * READ_NS;
    jbk_status status = JBK_OK;
    if (list->n > LONG) status = jbk_locate_price_bordered(j, p, a_document(j, list), &alone);
    *bordered = alone < *ns;
    if (*bordered) *ns = alone;
    return status;
}

jbk_status jbk_locate_first(jbk_locator *j, size_t *position, uint64_t *least) {
    enum { CHEAP_NS = 4000 };
    *position = jbk_locate_cheapest(j, least);
    jbk_status status = JBK_OK;
    if (*position == SIZE_MAX || *least < CHEAP_NS) return JBK_OK;
    for (size_t i = 0; i < j->cover->points.n && !status; i++) {
        const jbk_docs *l = &j->at_point[i];
        uint64_t sum = 0, ns;
        bool bordered;
        if (!jbk_locate_complete(j, i)) continue;
        for (size_t k = 0; k < l->n && sum < *least && !status; k++, sum += ns)
            status = price_word(j, &j->cover->placements.at[l->at[k]], &ns, &bordered);
        if (sum >= *least) continue;
        *position = i;
        *least = sum;
    }
    return status;
}

/* The places of a word in the documents that have its pairs. */
static jbk_status read_bordered(jbk_locator *j, const jbk_placement *p, const jbk_places *list) {
    const uint32_t *starts = j->map->starts;
    const jbk_docs *docs;
    jbk_places_cursor cursor = {.of = list};
    jbk_status status = jbk_locate_bordered(j, p, a_document(j, list), &docs);
    j->s.read.n = 0;
    jbk_vec_reserve(&j->s.read, list->n);
    for (size_t i = 0; !status && i < docs->n; i++) {
        uint32_t doc = docs->at[i], n, *to = j->s.read.at + j->s.read.n;
        if (!jbk_places_within(&cursor, starts[doc], starts[doc + 1], to, &n))
            return jbk_locate_damaged(j);
        j->s.read.n += n;
    }
    return status;
}

static jbk_status add_word(jbk_locator *j, uint32_t placement) {
    const jbk_placement *p = &j->cover->placements.at[placement];
    const jbk_places *list = places_of(j, p);
    uint64_t ns;
    bool bordered;
    jbk_status status = price_word(j, p, &ns, &bordered);
    if (!status) status = bordered ? read_bordered(j, p, list) : read_list(j, list);
    if (!status) add_found(j, p, j->covered.at[placement]);
    return status;
}

/* Of the placements that cover a position the one whose word has more places than all others
 * together; SIZE_MAX where none has. */
static size_t longest_list(const jbk_locator *j, const jbk_docs *l) {
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
jbk_status jbk_locate_collect(jbk_locator *j, size_t position) {
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
static void find_asked(jbk_locator *j, size_t position) {
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
static jbk_status sift(jbk_locator *j, const jbk_placement *p, const jbk_places *list) {
    uint32_t piece[JBK_PLACES_PIECE];
    j->s.read.n = 0;
    for (uint32_t from = 0, n; from < list->n; from += n) {
        if (!jbk_places_read_piece(list, from, piece, &n)) return jbk_locate_damaged(j);
        jbk_vec_reserve(&j->s.read, n + JBK_SIEVE_SLACK);
        uint32_t *to = j->s.read.at + j->s.read.n;
        j->s.read.n += jbk_sieve_pass(&j->s.sieve, piece, n, p->ahead, p->first, to);
    }
    return JBK_OK;
}

/* All places of a list, as beginnings of the string. */
static jbk_status read_beginnings(jbk_locator *j, const jbk_placement *p, const jbk_places *list) {
    jbk_status status = read_list(j, list);
    if (status) return status;
    uint64_t ahead = p->ahead, back = p->first;
    uint32_t n = 0, *at = j->s.read.at;
    for (size_t k = 0; k < j->s.read.n; k++) {
        uint64_t begin = at[k] + ahead - back; /* before the line: a number past its end */
        at[n] = (uint32_t)begin;
        n += begin < j->end;
    }
    j->s.read.n = n;
    return JBK_OK;
}

/* Those asked that were read are covered. */
static void tell(jbk_locator *j, uint32_t covered) {
    jbk_tell(j->s.asked.at, j->s.asked.n, j->s.read.at, j->s.read.n, covered, j->s.told.at);
}

static jbk_status ask(jbk_locator *j, const jbk_placement *p, const jbk_places *list,
                      uint32_t covered) {
    jbk_places_cursor cursor = {.of = list};
    for (size_t i = 0; i < j->s.asked.n; i++) {
        int64_t place = (int64_t)j->s.asked.at[i] + p->first - p->ahead;
        bool has;
        if (place < 0 || place > UINT32_MAX) continue;
        if (!jbk_places_has(&cursor, (uint32_t)place, &has)) return jbk_locate_damaged(j);
        if (has) j->s.told.at[i] |= covered;
    }
    return JBK_OK;
}

/* Of the places found so far those where a word covers this position, too. */
static void keep_covered(jbk_locator *j, size_t position) {
    size_t n = 0;
    for (size_t i = 0, k = 0; i < j->s.found.n; i++) {
        uint64_t found = j->s.found.at[i];
        if (!(found >> position & 1)) found |= j->s.told.at[k++];
        j->s.found.at[n] = found;
        n += found >> position & 1;
    }
    j->s.found.n = n;
}

/* Where a list has about as many places as are asked for, sifting takes longer than it saves. */
static bool is_alike(const jbk_places *list, size_t asked) {
    enum { TIMES = 3 };
    return list->n / TIMES < asked && asked / TIMES < list->n;
}

jbk_status jbk_locate_filter(jbk_locator *j, size_t position) {
    const jbk_docs *l = &j->at_point[position];
    jbk_status status = JBK_OK;
    bool made = false;
    find_asked(j, position);
    size_t asked = j->s.asked.n;
    for (size_t i = 0; i < l->n && asked && !status; i++) {
        const jbk_placement *p = &j->cover->placements.at[l->at[i]];
        const jbk_places *list = places_of(j, p);
        if (!list->n) continue;
        if (is_asked(list, asked)) {
            status = ask(j, p, list, j->covered.at[l->at[i]]);
            continue;
        }
        bool alike = is_alike(list, asked);
        if (!alike && !made) jbk_sieve_make(&j->s.sieve, j->s.asked.at, asked, j->end);
        made |= !alike;
        status = alike ? read_beginnings(j, p, list) : sift(j, p, list);
        if (!status) tell(j, j->covered.at[l->at[i]]);
    }
    if (!status) keep_covered(j, position);
    return status;
}
