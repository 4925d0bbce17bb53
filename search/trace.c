/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "trace.h"

#include "relate.h"
#include "suspects.h"
#include "twins.h"

#include <stdlib.h>

const char *const jbk_relation_names[JBK_RELATIONS] = {
    [JBK_ORIGINAL] = "original", [JBK_COPY] = "copy",       [JBK_NEAR_COPY] = "near_copy",
    [JBK_TEMPLATE] = "template", [JBK_EXCERPT] = "excerpt", [JBK_REPLY] = "reply",
};

/* The lightest query: four Han characters.  A list of suspects is left after so many that share
 * nothing, with none between them that shares more than a formula; matches that are kept at most,
 * twins counted once. */
enum { LIGHTEST = 4 * JBK_WEIGHS_HAN, IN_VAIN = 300, MOST = 10000 };

typedef struct {
    jbk_index *x;
    jbk_letters query;
    jbk_alike *alike;
    roaring_bitmap_t *seen;
    jbk_letters letters;
    jbk_likeness likeness;
    jbk_trace *out;
    jbk_err *err;
} job;

/* --- comparing --- */

enum { LITTLE = 10 };

/* What was measured last shares less than a tenth of the query with a tenth of itself. */
static bool shares_little(const job *j) {
    const jbk_likeness *l = &j->likeness;
    return (size_t)l->source * LITTLE < j->query.cp.n &&
           (size_t)l->document * LITTLE < j->letters.cp.n;
}

static void keep_match(job *j, jbk_twin twin, bool in_title, size_t letters) {
    const jbk_likeness *l = &j->likeness;
    jbk_trace_match m = {.doc = twin.doc,
                         .twin = twin.original,
                         .in_title = in_title,
                         .letters = (uint32_t)letters,
                         .shared = l->source,
                         .shared_document = l->document,
                         .longest = l->longest.n,
                         .whole = l->longest.n == j->query.cp.n,
                         .nruns = l->runs.n};
    m.runs = jbk_arena_alloc(&j->out->arena, l->runs.n * sizeof *m.runs);
    memcpy(m.runs, l->runs.at, l->runs.n * sizeof *m.runs);
    jbk_vec_push(&j->out->matches, m);
}

/* Title and text are two strings: the one that shares more is what counts. */
static jbk_status compare(job *j, jbk_twin twin, bool *shares) {
    jbk_str title, text;
    *shares = false;
    if (!roaring_bitmap_add_checked(j->seen, twin.original)) return JBK_OK;
    jbk_status status = jbk_index_text(j->x, twin.doc, &title, &text, j->err);
    if (status) return status;
    j->out->read++;
    jbk_letters_read(&j->x->folded, title, &j->letters);
    jbk_alike_measure(j->alike, &j->letters, &j->likeness);
    uint32_t in_title = j->likeness.runs.n ? j->likeness.weight : 0;
    jbk_letters_read(&j->x->folded, text, &j->letters);
    jbk_alike_measure(j->alike, &j->letters, &j->likeness);
    uint32_t in_text = j->likeness.runs.n ? j->likeness.weight : 0;
    if (shares_little(j)) jbk_alike_remember(j->alike);
    if (in_title > in_text) {
        jbk_letters_read(&j->x->folded, title, &j->letters);
        jbk_alike_measure(j->alike, &j->letters, &j->likeness);
    }
    *shares = in_title || in_text;
    if (*shares) keep_match(j, twin, in_title > in_text, j->letters.cp.n);
    return JBK_OK;
}

/* Passages that many documents have which share little else are how people write, not who copied
 * whom, unless they are long or a good part of the document.  Queries of few letters are what
 * somebody asked for. */
enum { FORMULA_QUERY = 64, COMMON = 20, LONG = 30 * JBK_WEIGHS_HAN, GOOD_PART = 3 };

static bool is_formula(const job *j, const jbk_trace_match *m) {
    uint32_t own = 0, longest = 0;
    if (j->query.cp.n < FORMULA_QUERY) return false;
    if (m->shared_document * GOOD_PART >= m->letters) return false;
    for (size_t i = 0; i < m->nruns; i++) {
        size_t from = m->runs[i].source, to = from + m->runs[i].n;
        uint32_t weight = jbk_alike_weight(j->alike, from, to);
        if (weight > longest) longest = weight;
        for (size_t k = from; k < to; k++)
            if (jbk_alike_seen(j->alike, k) < COMMON) own += jbk_alike_weight(j->alike, k, k + 1);
    }
    return longest < LONG && own < JBK_WEIGHS_PASSAGE;
}

static jbk_status compare_list(job *j, const jbk_twins *docs) {
    jbk_status status = JBK_OK;
    bool shares;
    for (size_t i = 0, in_vain = 0; i < docs->n && in_vain < IN_VAIN && !status; i++) {
        uint64_t before = j->out->read;
        if (j->out->matches.n >= MOST) {
            j->out->more = true;
            break;
        }
        status = compare(j, docs->at[i], &shares);
        if (j->out->read > before) in_vain = shares ? 0 : in_vain + 1;
    }
    return status;
}

static jbk_status compare_all(job *j, jbk_str query, uint32_t self) {
    jbk_suspects suspects;
    bool shares;
    jbk_status status = jbk_suspects_find(j->x, query, &suspects, j->err);
    j->x->folded.want_map = false;
    jbk_twin own = {.doc = self};
    if (!status && self != UINT32_MAX) {
        status = jbk_twin_of(j->x, self, &own.original, j->err);
        if (!status) status = compare(j, own, &shares);
    }
    if (!status) status = compare_list(j, &suspects.by_piece);
    if (!status) status = compare_list(j, &suspects.by_whole);
    jbk_suspects_free(&suspects);
    return status;
}

/* --- twins --- */

/* INT64_MAX where nobody knows. */
static jbk_status published(job *j, uint32_t doc, int64_t *ms) {
    int64_t at;
    jbk_status status = jbk_index_number(j->x, JBK_F_PUBLISHED_AT, doc, &at, j->err);
    *ms = status || at == JBK_ABSENT ? INT64_MAX : at >> 16;
    return status;
}

/* Instead of one match of each text one for each of its documents; formulas are left out. */
static jbk_status add_twins(job *j) {
    jbk_trace *t = j->out;
    jbk_twins twins = {0};
    roaring_bitmap_t *originals = roaring_bitmap_create();
    JBK_VEC(jbk_trace_match) all = {0};
    uint32_t *at = jbk_calloc((size_t)j->x->docs + 1, sizeof *at); /* match + 1, by original */
    for (size_t i = 0; i < t->matches.n; i++) {
        roaring_bitmap_add(originals, t->matches.at[i].twin);
        at[t->matches.at[i].twin] = is_formula(j, &t->matches.at[i]) ? 0 : (uint32_t)i + 1;
    }
    jbk_status status = JBK_OK;
    if (t->matches.n) status = jbk_twins_of(j->x, originals, &twins, j->err);
    for (size_t i = 0; i < twins.n && !status; i++) {
        uint32_t match = at[twins.at[i].original];
        if (!match) {
            t->formulas++;
            continue;
        }
        jbk_trace_match m = t->matches.at[match - 1];
        m.doc = twins.at[i].doc;
        status = published(j, m.doc, &m.published_ms);
        jbk_vec_push(&all, m);
    }
    t->matches.n = 0;
    for (size_t i = 0; i < all.n; i++) jbk_vec_push(&t->matches, all.at[i]);
    roaring_bitmap_free(originals);
    jbk_vec_free(&twins);
    jbk_vec_free(&all);
    free(at);
    return status;
}

/* --- the origin, and what the others are to it --- */

static int by_rank(const void *x, const void *y) {
    const jbk_trace_match *a = x, *b = y;
    if (a->whole != b->whole) return a->whole ? -1 : 1;
    if (a->shared != b->shared) return a->shared > b->shared ? -1 : 1;
    if (a->published_ms != b->published_ms) return a->published_ms < b->published_ms ? -1 : 1;
    return a->doc < b->doc ? -1 : a->doc > b->doc;
}

static void find_origin(jbk_trace *t) {
    t->origin = SIZE_MAX;
    for (size_t i = 0; i < t->matches.n; i++) {
        const jbk_trace_match *m = &t->matches.at[i];
        if (!m->whole && (uint64_t)m->shared * 5 < (uint64_t)t->letters * 4) continue;
        const jbk_trace_match *best = t->origin == SIZE_MAX ? NULL : &t->matches.at[t->origin];
        if (!best || m->published_ms < best->published_ms) t->origin = i;
    }
}

/* What was told of a document for another with the same title and text. */
static void repeat(const jbk_trace_match *told, jbk_trace_match *m) {
    uint32_t doc = m->doc;
    int64_t published_ms = m->published_ms;
    *m = *told;
    m->doc = doc;
    m->published_ms = published_ms;
}

static jbk_status relate_all(job *j, jbk_str query) {
    jbk_trace *t = j->out;
    jbk_str title = {0}, text = query, original = query;
    jbk_status status = JBK_OK;
    if (t->origin != SIZE_MAX) {
        jbk_trace_match *m = &t->matches.at[t->origin];
        m->relation = JBK_ORIGINAL;
        status = jbk_index_text(j->x, m->doc, &title, &text, j->err);
        original = m->in_title ? title : text;
    }
    if (status) return status;
    jbk_relater *r = jbk_relater_new(query, title, original);
    uint32_t *told = jbk_calloc((size_t)j->x->docs + 1, sizeof *told); /* by twin: match + 1 */
    for (size_t i = 0; i < t->matches.n && !status; i++) {
        jbk_trace_match *m = &t->matches.at[i];
        if (told[m->twin]) {
            repeat(&t->matches.at[told[m->twin] - 1], m);
            continue;
        }
        if (i != t->origin) {
            m->relation = JBK_EXCERPT;
            told[m->twin] = (uint32_t)i + 1;
        }
        status = jbk_index_text(j->x, m->doc, &title, &text, j->err);
        if (!status) jbk_relate(r, title, m->in_title ? title : text, m, &t->arena);
    }
    jbk_relater_free(r);
    free(told);
    return status;
}

jbk_status jbk_trace_run(jbk_index *x, jbk_str query, uint32_t self, jbk_trace *out, jbk_err *err) {
    job j = {.x = x, .out = out, .err = err};
    *out = (jbk_trace){.origin = SIZE_MAX};
    x->folded.want_map = false;
    jbk_letters_read(&x->folded, query, &j.query);
    j.alike = jbk_alike_new(&j.query);
    j.seen = roaring_bitmap_create();
    out->letters = (uint32_t)j.query.cp.n;
    jbk_status status = JBK_OK;
    if (jbk_alike_weight(j.alike, 0, j.query.cp.n) < LIGHTEST)
        status = jbk_fail(err, JBK_USAGE, "trace",
                          "so short a text stands in many places by chance; search finds them all");
    if (!status) status = compare_all(&j, query, self);
    if (!status) status = add_twins(&j);
    if (!status) {
        jbk_vec_sort(&out->matches, by_rank);
        find_origin(out);
        status = relate_all(&j, query);
    }
    jbk_alike_free(j.alike);
    jbk_letters_free(&j.query);
    jbk_letters_free(&j.letters);
    jbk_likeness_free(&j.likeness);
    roaring_bitmap_free(j.seen);
    return status;
}

void jbk_trace_free(jbk_trace *t) {
    jbk_vec_free(&t->matches);
    jbk_arena_free(&t->arena);
    *t = (jbk_trace){0};
}
