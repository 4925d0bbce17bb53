/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Places of a string by the pairs of characters on the borders of its words.  Where a word begins
 * inside of the string, the one before it ends there, so the pair is among those of the document.
 */
#include "locator.h"
#include "text/borders.h"

/* Nanoseconds: a document of a pair's list that is set beside the places found, finding its places
 * among them, a place found that is looked at, and what asking for a list costs at least. */
enum { PAIR_NS = 10, SEARCH_NS = 40, PLACE_NS = 3, LEAST_NS = 400 };

/* Of a border a word begins at, places found differ in the positions beside it. */
static bool is_border(uint64_t found, size_t border) {
    return (found >> border ^ found >> (border - 1)) & 1;
}

/* How many of the places found need the pair, about. */
static uint64_t count_needing(const jbk_locator *j, size_t border) {
    enum { SAMPLE = 64 };
    size_t n = j->s.found.n, step = n / SAMPLE + 1, need = 0, seen = 0;
    for (size_t k = 0; k < n; k += step, seen++) need += is_border(j->s.found.at[k], border);
    return need == seen ? n : need * step;
}

static bool all_need(const jbk_locator *j, size_t border) {
    for (size_t k = 0; k < j->s.found.n; k++)
        if (!is_border(j->s.found.at[k], border)) return false;
    return true;
}

/* Places are searched for those of a document where few have the pair, else each is looked at. */
static bool has_few(const jbk_locator *j, const jbk_border *b) {
    return (uint64_t)b->list.n * SEARCH_NS < j->s.found.n * PLACE_NS;
}

static jbk_status look_up(jbk_locator *j, jbk_border *b) {
    if (b->known) return JBK_OK;
    b->known = true;
    b->docs.n = 0;
    return jbk_volume_pair(j->x->segments[j->segment].volume, b->pair, &b->list, j->err);
}

static jbk_status read_docs(jbk_locator *j, jbk_border *b) {
    if (b->docs.n == b->list.n) return JBK_OK;
    jbk_vec_reserve(&b->docs, b->list.n);
    b->docs.n = b->list.n;
    bool good = jbk_pair_documents(j->x->segments[j->segment].volume, &b->list, b->docs.at, NULL);
    return good ? JBK_OK : jbk_locate_damaged(j);
}

/* The borders of a word inside of the string that pairs tell of, that with fewer documents first;
 * NULL where there are not as many. */
static jbk_status borders_of(jbk_locator *j, const jbk_placement *p, jbk_border *out[2]) {
    const uint32_t at[] = {p->first, p->end < j->points ? p->end : 0};
    out[0] = out[1] = NULL;
    if (!j->borders || !j->cover->whole) return JBK_OK;
    for (int i = 0; i < 2; i++) {
        jbk_border *b = &j->borders[at[i]];
        if (!at[i] || b->pair == JBK_NO_PAIR) continue;
        jbk_status status = look_up(j, b);
        if (status) return status;
        bool fewer = !out[0] || b->list.n < out[0]->list.n;
        if (fewer) out[1] = out[0];
        out[!fewer] = b;
    }
    return JBK_OK;
}

/* Are both asked, and about what is it to read the word in the documents that are left?  Pairs of
 * one string keep company, so more have both than if they knew nothing of each other. */
static bool take_both(const jbk_locator *j, jbk_border *const b[2], uint64_t a_document,
                      uint64_t *ns) {
    enum { COMPANY = 4, READ_NS = 4 };
    uint64_t few = b[0]->list.n, others = b[1] ? b[1]->list.n : 0;
    uint64_t both = few * others / j->map->docs * COMPANY + 1;
    uint64_t one_ns = few * (READ_NS + a_document);
    uint64_t both_ns = (few + others) * READ_NS + both * a_document;
    bool take = b[1] && both < few && both_ns < one_ns;
    *ns = take ? both_ns : one_ns;
    return take;
}

jbk_status jbk_locate_price_bordered(jbk_locator *j, const jbk_placement *p, uint64_t a_document,
                                     uint64_t *ns) {
    jbk_border *b[2];
    *ns = UINT64_MAX;
    jbk_status status = borders_of(j, p, b);
    if (!status && b[0]) take_both(j, b, a_document, ns);
    return status;
}

static void intersect(const jbk_docs *a, const jbk_docs *b, jbk_docs *out) {
    out->n = 0;
    jbk_vec_reserve(out, a->n);
    for (size_t i = 0, k = 0; i < a->n && k < b->n;) {
        uint32_t x = a->at[i], y = b->at[k];
        out->at[out->n] = x;
        out->n += x == y;
        i += x <= y;
        k += y <= x;
    }
}

jbk_status jbk_locate_bordered(jbk_locator *j, const jbk_placement *p, uint64_t a_document,
                               const jbk_docs **docs) {
    jbk_border *b[2];
    uint64_t ns;
    *docs = &j->both;
    jbk_status status = borders_of(j, p, b);
    if (!status) status = read_docs(j, b[0]);
    if (status) return status;
    b[0]->used = true;
    *docs = &b[0]->docs;
    if (!take_both(j, b, a_document, &ns)) return JBK_OK;
    status = read_docs(j, b[1]);
    if (status) return status;
    b[1]->used = true;
    intersect(&b[0]->docs, &b[1]->docs, &j->both);
    *docs = &j->both;
    return JBK_OK;
}

jbk_status jbk_locate_border(jbk_locator *j, uint64_t most, size_t *border) {
    *border = 0;
    if (!j->borders || j->bordered || !j->cover->whole || most < LEAST_NS) return JBK_OK;
    uint64_t n = j->s.found.n, docs = j->map->docs, best = most;
    if (j->settled) most /= 4;
    for (size_t i = 1; i < j->points; i++) {
        jbk_border *b = &j->borders[i];
        uint64_t need = b->pair == JBK_NO_PAIR || b->used ? 0 : count_needing(j, i);
        if (!need) continue;
        jbk_status status = look_up(j, b);
        if (status) return status;
        bool few = need == n && has_few(j, b);
        uint64_t ns =
            LEAST_NS + b->list.n * PAIR_NS + (few ? (uint64_t)b->list.n * SEARCH_NS : n * PLACE_NS);
        uint64_t saves = most * need / n * (docs - b->list.n) / docs;
        if (ns >= saves || ns >= best) continue;
        best = ns;
        *border = i;
    }
    return JBK_OK;
}

/* All places need the pair, and few documents have it: the first place found not before `place`,
 * from number `i` on. */
static size_t first_from(const jbk_locator *j, size_t i, uint32_t place) {
    const uint64_t *at = j->s.found.at;
    size_t n = j->s.found.n, step = 1;
    while (i + step < n && at[i + step] >> 32 < place) {
        i += step;
        step *= 2;
    }
    for (; step; step /= 2)
        if (i + step < n && at[i + step] >> 32 < place) i += step;
    return i + (i < n && at[i] >> 32 < place);
}

static size_t keep_searched(jbk_locator *j, const uint32_t *docs, uint32_t n) {
    const uint32_t *starts = j->map->starts;
    uint64_t *at = j->s.found.at;
    size_t kept = 0, i = 0;
    for (uint32_t k = 0; k < n && i < j->s.found.n; k++) {
        i = first_from(j, i, starts[docs[k]]);
        for (; i < j->s.found.n && at[i] >> 32 < starts[docs[k] + 1]; i++) at[kept++] = at[i];
    }
    return kept;
}

static size_t keep_looked(jbk_locator *j, size_t border, const uint32_t *docs, uint32_t n) {
    const uint32_t *starts = j->map->starts;
    size_t kept = 0;
    for (size_t i = 0, k = 0; i < j->s.found.n; i++) {
        uint64_t found = j->s.found.at[i];
        uint32_t place = (uint32_t)(found >> 32);
        while (k < n && starts[docs[k] + 1] <= place) k++;
        bool has = k < n && starts[docs[k]] <= place;
        j->s.found.at[kept] = found;
        kept += has || !is_border(found, border);
    }
    return kept;
}

jbk_status jbk_locate_keep_bordered(jbk_locator *j, size_t border) {
    jbk_border *b = &j->borders[border];
    jbk_status status = read_docs(j, b);
    if (status) return status;
    bool few = has_few(j, b) && all_need(j, border);
    size_t kept = few ? keep_searched(j, b->docs.at, b->list.n)
                      : keep_looked(j, border, b->docs.at, b->list.n);
    b->used = true;
    j->bordered = kept > j->s.found.n / 4 * 3;
    j->s.found.n = kept;
    return JBK_OK;
}
