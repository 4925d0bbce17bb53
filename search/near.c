/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "near.h"

#include "leaf.h"
#include "text/segment.h"

#include <stdlib.h>

/* An end of a place: its byte, and the number of the term beside it inside the place.  Of two
 * ends of the same side, the one with the greater byte has no smaller term. */
typedef struct {
    size_t byte;
    uint32_t term;
} edge;
typedef JBK_VEC(edge) edges;

typedef struct {
    edge start, end; /* the first byte and its term; the byte behind the last and the last's term */
} place;
typedef JBK_VEC(place) places;

typedef struct {
    jbk_index *x;
    const jbk_query *q;
    jbk_segmenter *segmenter;
    jbk_slices terms;
    jbk_spans here;
    places *found; /* of each child */
    /* Places of the child before that a chain leads to: their ends and starts, ascending. */
    edges ends, starts;
    jbk_err *err;
} job;

/* --- places --- */

static void find_places(job *j, const jbk_query *q, unsigned where, const jbk_buf *text,
                        places *out) {
    for (size_t i = 0; i < q->children.n; i++) find_places(j, q->children.at[i], where, text, out);
    if (q->children.n || !(q->where & where)) return;
    j->here.n = 0;
    jbk_leaf_find(q, text, &j->terms, &j->here);
    for (size_t i = 0; i < j->here.n; i++)
        jbk_vec_push(out, ((place){{j->here.at[i].start, 0}, {j->here.at[i].end, 0}}));
}

/* The first term that ends behind byte `at`. */
static uint32_t term_at(const jbk_slices *terms, size_t at) {
    size_t low = 0, high = terms->n;
    while (low < high) {
        size_t mid = (low + high) / 2;
        if (terms->at[mid].start + terms->at[mid].len > at)
            high = mid;
        else
            low = mid + 1;
    }
    return (uint32_t)low;
}

/* A place holds a letter or digit, so there is a term in it: the last one is the one before the
 * first that begins at its end or later. */
static void set_terms(const jbk_slices *terms, places *p) {
    for (size_t i = 0; i < p->n; i++) {
        place *one = &p->at[i];
        one->start.term = term_at(terms, one->start.byte);
        uint32_t behind = term_at(terms, one->end.byte);
        bool cut = behind < terms->n && terms->at[behind].start < one->end.byte;
        one->end.term = cut ? behind : behind - 1;
    }
}

/* --- chains --- */

static int by_byte(const void *x, const void *y) {
    const edge *a = x, *b = y;
    return a->byte < b->byte ? -1 : a->byte > b->byte;
}

static void set_reached(job *j, const places *p) {
    j->ends.n = j->starts.n = 0;
    for (size_t i = 0; i < p->n; i++) {
        jbk_vec_push(&j->ends, p->at[i].end);
        jbk_vec_push(&j->starts, p->at[i].start);
    }
    if (!p->n) return;
    qsort(j->ends.at, p->n, sizeof *j->ends.at, by_byte);
    qsort(j->starts.at, p->n, sizeof *j->starts.at, by_byte);
}

/* The number of edges before byte `at`, or at it where `with`. */
static size_t edges_before(const edges *e, size_t at, bool with) {
    size_t low = 0, high = e->n;
    while (low < high) {
        size_t mid = (low + high) / 2;
        if (e->at[mid].byte < at || (with && e->at[mid].byte == at))
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}

/* Are there at most n words between two places?  They may lie in the same term. */
static bool near_enough(uint32_t left_last, uint32_t right_first, uint32_t n) {
    return right_first <= left_last || right_first - left_last - 1 <= n;
}

/* Is a place of the child before near this one?  The nearest on either side tells. */
static bool is_reached(const job *j, const place *p, jbk_near_link link) {
    size_t left = edges_before(&j->ends, p->start.byte, true);
    if (left && near_enough(j->ends.at[left - 1].term, p->start.term, link.between)) return true;
    if (link.ordered) return false;
    size_t right = edges_before(&j->starts, p->end.byte, false);
    return right < j->starts.n && near_enough(p->end.term, j->starts.at[right].term, link.between);
}

static bool has_chain(job *j) {
    set_reached(j, &j->found[0]);
    for (size_t i = 1; i < j->q->children.n && j->ends.n; i++) {
        places *p = &j->found[i];
        size_t kept = 0;
        for (size_t k = 0; k < p->n; k++)
            if (is_reached(j, &p->at[k], j->q->links.at[i - 1])) p->at[kept++] = p->at[k];
        p->n = kept;
        set_reached(j, p);
    }
    return j->ends.n > 0;
}

/* --- documents --- */

static jbk_status match_text(job *j, unsigned where, jbk_str s, bool *match) {
    if (!s.s || !(j->q->where & where)) return JBK_OK;
    jbk_folded *f = &j->x->folded;
    f->utf8_only = false;
    jbk_fold(f, s.s, s.len);
    jbk_status status = jbk_segment(j->segmenter, f, &j->terms, j->err);
    if (status) return status;
    for (size_t i = 0; i < j->q->children.n; i++) {
        j->found[i].n = 0;
        find_places(j, j->q->children.at[i], where, &f->utf8, &j->found[i]);
        if (!j->found[i].n) return JBK_OK;
    }
    for (size_t i = 0; i < j->q->children.n; i++) set_terms(&j->terms, &j->found[i]);
    *match = has_chain(j);
    return JBK_OK;
}

static jbk_status prove(job *j, uint32_t doc, bool *match) {
    jbk_str title, text;
    jbk_status status = jbk_index_text(j->x, doc, &title, &text, j->err);
    *match = false;
    if (!status) status = match_text(j, JBK_IN_TITLE, title, match);
    if (!status && !*match) status = match_text(j, JBK_IN_TEXT, text, match);
    return status;
}

jbk_status jbk_near_prove(jbk_index *x, const jbk_query *q, const roaring_bitmap_t *candidates,
                          roaring_bitmap_t **out, jbk_err *err) {
    job j = {.x = x, .q = q, .err = err};
    jbk_status status = jbk_segmenter_new(&j.segmenter, err);
    j.found = jbk_calloc(q->children.n, sizeof *j.found);
    *out = roaring_bitmap_create();
    roaring_uint32_iterator_t *it = roaring_create_iterator(candidates);
    for (; it->has_value && !status; roaring_advance_uint32_iterator(it)) {
        bool match;
        status = prove(&j, it->current_value, &match);
        if (!status && match) roaring_bitmap_add(*out, it->current_value);
    }
    roaring_free_uint32_iterator(it);
    for (size_t i = 0; i < q->children.n; i++) jbk_vec_free(&j.found[i]);
    free(j.found);
    jbk_vec_free(&j.terms);
    jbk_vec_free(&j.here);
    jbk_vec_free(&j.ends);
    jbk_vec_free(&j.starts);
    jbk_segmenter_free(j.segmenter);
    if (status) {
        roaring_bitmap_free(*out);
        *out = NULL;
    }
    return status;
}
