/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "relate.h"

#include <stdlib.h>

typedef struct {
    jbk_buf bytes;
    jbk_folded folded;
    jbk_letters letters;
} told; /* a text with its letters and where they stand */

struct jbk_relater {
    told query, title, original;
    jbk_alike *to_query, *to_original;
    bool same;         /* the query is the original */
    jbk_folded folded; /* of the document */
    jbk_letters letters, other_title;
    jbk_likeness likeness;
};

static jbk_str str_of(const told *t) { return (jbk_str){t->bytes.data, t->bytes.len}; }

static void tell(told *t, jbk_str s) {
    jbk_buf_add(&t->bytes, s.s, s.len);
    t->folded.want_map = true;
    jbk_letters_read(&t->folded, str_of(t), &t->letters);
}

static void untell(told *t) {
    jbk_buf_free(&t->bytes);
    jbk_folded_free(&t->folded);
    jbk_letters_free(&t->letters);
}

static bool same_letters(const jbk_letters *a, const jbk_letters *b) {
    return a->cp.n == b->cp.n &&
           (!a->cp.n || !memcmp(a->cp.at, b->cp.at, a->cp.n * sizeof *a->cp.at));
}

jbk_relater *jbk_relater_new(jbk_str query, jbk_str title, jbk_str original) {
    jbk_relater *r = jbk_calloc(1, sizeof *r);
    tell(&r->query, query);
    tell(&r->title, title);
    tell(&r->original, original);
    r->to_query = jbk_alike_new(&r->query.letters);
    r->to_original = jbk_alike_new(&r->original.letters);
    r->same = same_letters(&r->query.letters, &r->original.letters);
    r->folded.want_map = true;
    return r;
}

void jbk_relater_free(jbk_relater *r) {
    if (!r) return;
    jbk_alike_free(r->to_query);
    jbk_alike_free(r->to_original);
    untell(&r->query);
    untell(&r->title);
    untell(&r->original);
    jbk_folded_free(&r->folded);
    jbk_letters_free(&r->letters);
    jbk_letters_free(&r->other_title);
    jbk_likeness_free(&r->likeness);
    free(r);
}

static jbk_str keep(jbk_arena *arena, jbk_str s) {
    return (jbk_str){jbk_arena_dup(arena, s.s ? s.s : "", s.len), s.len};
}

/* --- differences --- */

/* Letters of either between two runs that follow each other. */
typedef struct {
    size_t original, original_end, document, document_end;
} gap;
typedef JBK_VEC(gap) gaps;

/* Gaps between the runs, before the first and behind the last; where the order is another, only
 * what the document has of its own. */
static void find_gaps(const jbk_relater *r, gaps *out) {
    size_t original = 0, document = 0;
    for (size_t i = 0; i <= r->likeness.runs.n; i++) {
        jbk_run_shared end = {(uint32_t)r->original.letters.cp.n, (uint32_t)r->letters.cp.n, 0};
        jbk_run_shared next = i < r->likeness.runs.n ? r->likeness.runs.at[i] : end;
        gap g = {original, original, document, document};
        if (next.source > original) g.original_end = next.source;
        if (next.document > document) g.document_end = next.document;
        if (g.original_end > g.original || g.document_end > g.document) jbk_vec_push(out, g);
        original = next.source + next.n;
        if (next.document + next.n > document) document = next.document + next.n;
    }
}

enum { DIFFERENCES = 50, LONGEST = 100 }; /* that are told, letters of one */

static size_t at_most(size_t from, size_t to) { return to - from > LONGEST ? from + LONGEST : to; }

static void put_differences(const jbk_relater *r, jbk_str text, const gaps *all, jbk_arena *arena,
                            jbk_trace_match *m) {
    size_t n = all->n < DIFFERENCES ? all->n : DIFFERENCES;
    m->differences = jbk_arena_alloc(arena, (n + 1) * sizeof *m->differences);
    m->ndifferences = n;
    for (size_t i = 0; i < n; i++) {
        const gap *g = &all->at[i];
        jbk_str was =
            jbk_letters_source(&r->original.letters, &r->original.folded, str_of(&r->original),
                               g->original, at_most(g->original, g->original_end));
        jbk_str is = jbk_letters_source(&r->letters, &r->folded, text, g->document,
                                        at_most(g->document, g->document_end));
        m->differences[i] = (jbk_difference){keep(arena, was), keep(arena, is)};
    }
}

/* --- one name for another --- */

enum { NAME_LEAST = 2, NAME_MOST = 12, TITLE_SHARED = 4 };

static bool holds(const jbk_letters *l, const uint32_t *s, size_t n) {
    for (size_t i = 0; i + n <= l->cp.n; i++)
        if (!memcmp(l->cp.at + i, s, n * sizeof *s)) return true;
    return false;
}

static gap trim(const jbk_letters *a, const jbk_letters *b, gap g) {
    while (g.original < g.original_end && g.document < g.document_end &&
           a->cp.at[g.original] == b->cp.at[g.document])
        g.original++, g.document++;
    while (g.original < g.original_end && g.document < g.document_end &&
           a->cp.at[g.original_end - 1] == b->cp.at[g.document_end - 1])
        g.original_end--, g.document_end--;
    return g;
}

static bool like_a_name(const gap *g) {
    size_t a = g->original_end - g->original, b = g->document_end - g->document;
    return a >= NAME_LEAST && a <= NAME_MOST && b >= NAME_LEAST && b <= NAME_MOST;
}

static bool same_letters_at(const jbk_letters *a, size_t at, const jbk_letters *b, size_t bt,
                            size_t n) {
    return !memcmp(a->cp.at + at, b->cp.at + bt, n * sizeof *a->cp.at);
}

/* Do gap g of the texts and gap t of their titles, or another of the texts, exchange the same? */
static bool same_swap(const jbk_letters *a, const jbk_letters *b, const gap *g,
                      const jbk_letters *ta, const jbk_letters *tb, const gap *t) {
    size_t na = g->original_end - g->original, nb = g->document_end - g->document;
    return na == t->original_end - t->original && nb == t->document_end - t->document &&
           same_letters_at(a, g->original, ta, t->original, na) &&
           same_letters_at(b, g->document, tb, t->document, nb);
}

/* One name stands for another wherever it did: twice, or once and in the title, and neither text
 * has the other's. */
static bool is_template(jbk_relater *r, jbk_str title, const gaps *all) {
    const jbk_letters *a = &r->original.letters, *b = &r->letters, *ta = &r->title.letters;
    jbk_folded scratch = {0};
    jbk_letters_read(&scratch, title, &r->other_title);
    jbk_folded_free(&scratch);
    const jbk_letters *tb = &r->other_title;
    gap in_title = trim(ta, tb, (gap){0, ta->cp.n, 0, tb->cp.n});
    bool titled = like_a_name(&in_title) &&
                  ta->cp.n - (in_title.original_end - in_title.original) >= TITLE_SHARED;
    for (size_t i = 0; i < all->n; i++) {
        gap g = trim(a, b, all->at[i]);
        if (!like_a_name(&g) || holds(b, a->cp.at + g.original, g.original_end - g.original) ||
            holds(a, b->cp.at + g.document, g.document_end - g.document))
            continue;
        if (titled && same_swap(a, b, &g, ta, tb, &in_title)) return true;
        for (size_t k = i + 1; k < all->n; k++) {
            gap h = trim(a, b, all->at[k]);
            if (same_swap(a, b, &g, a, b, &h)) return true;
        }
    }
    return false;
}

/* --- likeness --- */

static bool is_near(const jbk_relater *r) {
    const jbk_likeness *l = &r->likeness;
    size_t n = r->letters.cp.n, pieces = n < JBK_SHINGLE ? 1 : n - JBK_SHINGLE + 1;
    return (size_t)l->shingles * 2 >= pieces && (size_t)l->source * 2 >= r->original.letters.cp.n;
}

/* --- //@name: --- */

enum { NAME_BYTES = 120 };

/* The next "//@name:" of s at or after `from`; false if there is none. */
static bool next_mark(jbk_str s, size_t from, size_t *at, jbk_str *name) {
    for (size_t i = from; i + 4 < s.len; i++) {
        if (memcmp(s.s + i, "//@", 3) != 0) continue;
        size_t end = i + 3, most = s.len - end < NAME_BYTES ? s.len : end + NAME_BYTES;
        while (end < most && s.s[end] != ':' && s.s[end] != ' ' && s.s[end] != '\n' &&
               !(end + 3 <= s.len && !memcmp(s.s + end, "\xEF\xBC\x9A", 3))) /* ： */
            end++;
        if (end >= most || s.s[end] == ' ' || s.s[end] == '\n' || end == i + 3) continue;
        *at = i;
        *name = (jbk_str){s.s + i + 3, end - i - 3};
        return true;
    }
    return false;
}

/* The byte of the text that letter i begins at. */
static size_t source_at(const jbk_relater *r, jbk_str text, size_t i) {
    return (size_t)(jbk_letters_source(&r->letters, &r->folded, text, i, i + 1).s - text.s);
}

/* Does most of what is shared stand in words passed on, and the document's own before them is not
 * the original's, which is no such chain itself?  `longest` is the run whose author is named. */
static bool is_reply(const jbk_relater *r, jbk_str text, const jbk_run_shared *longest,
                     jbk_str *via) {
    size_t mark, at, passed = 0, all = 0, own = 0;
    jbk_str name;
    *via = (jbk_str){0};
    if (!next_mark(text, 0, &mark, &name)) return false;
    if (is_near(r) && next_mark(str_of(&r->original), 0, &at, &name)) return false;
    while (own < r->letters.cp.n && source_at(r, text, own) < mark) own++;
    for (size_t i = 0; i < r->likeness.runs.n; i++) {
        const jbk_run_shared *run = &r->likeness.runs.at[i];
        all += run->n;
        if (run->document >= own) passed += run->n;
    }
    size_t place = source_at(r, text, longest->document);
    for (size_t from = 0; next_mark(text, from, &at, &name) && at <= place; from = at + 3)
        *via = name;
    return passed * 2 > all && (all - passed) * 2 <= own;
}

/* --- the relation --- */

/* Half as like as a near copy has to be: names and what is said of them are a good part. */
static bool is_loosely_near(const jbk_relater *r) {
    const jbk_likeness *l = &r->likeness;
    return (size_t)l->document * 3 >= r->letters.cp.n &&
           (size_t)l->source * 3 >= r->original.letters.cp.n;
}

static double similarity(const jbk_relater *r) {
    size_t all = r->original.letters.cp.n + r->letters.cp.n;
    return all ? (double)(r->likeness.source + r->likeness.document) / (double)all : 0;
}

void jbk_relate(jbk_relater *r, jbk_str title, jbk_str text, jbk_trace_match *m, jbk_arena *arena) {
    gaps all = {0};
    jbk_str via = {0};
    jbk_letters_read(&r->folded, text, &r->letters);
    jbk_alike_measure(r->to_query, &r->letters, &r->likeness);
    jbk_run_shared longest = r->likeness.longest;
    m->passage = keep(arena, jbk_letters_source(&r->letters, &r->folded, text, longest.document,
                                                longest.document + longest.n));
    if (!r->same) jbk_alike_measure(r->to_original, &r->letters, &r->likeness);
    m->similarity = similarity(r);
    if (m->relation == JBK_ORIGINAL) return;
    m->relation = JBK_EXCERPT;
    find_gaps(r, &all);
    if (same_letters(&r->letters, &r->original.letters)) {
        m->relation = JBK_COPY;
    } else if (is_reply(r, text, &longest, &via)) {
        m->relation = JBK_REPLY;
        m->via = keep(arena, via);
    } else if (!m->in_title && is_loosely_near(r) && is_template(r, title, &all)) {
        m->relation = JBK_TEMPLATE;
    } else if (is_near(r)) {
        m->relation = JBK_NEAR_COPY;
    }
    if (m->relation == JBK_NEAR_COPY || m->relation == JBK_TEMPLATE)
        put_differences(r, text, &all, arena, m);
    jbk_vec_free(&all);
}
