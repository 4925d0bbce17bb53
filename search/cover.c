/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cover.h"

#include "base/utf8.h"
#include "expand.h"
#include "match.h"
#include "sound.h"
#include "text/chars.h"
#include "text/segment.h"

#include <stdlib.h>

typedef struct {
    jbk_index *x;
    const char *s;
    size_t len;
    JBK_VEC(size_t) starts; /* byte offsets of the code points of S, and its length */
    JBK_VEC(size_t) chosen; /* code point indices of the positions */
    jbk_cover *out;
    jbk_word_hits hits;
    jbk_err *err;
} cover_job;

void jbk_cover_free(jbk_cover *c) {
    jbk_intern_free(&c->words);
    jbk_vec_free(&c->accept);
    for (size_t i = 0; i < c->positions.n; i++) jbk_vec_free(&c->positions.at[i]);
    jbk_vec_free(&c->positions);
    jbk_vec_free(&c->offsets);
    jbk_vec_free(&c->points);
    jbk_vec_free(&c->placements);
}

static int by_number(const void *x, const void *y) {
    uint32_t a = *(const uint32_t *)x, b = *(const uint32_t *)y;
    return a < b ? -1 : a > b;
}

static void tidy_list(jbk_word_list *l) {
    if (!l->n) return;
    qsort(l->at, l->n, sizeof *l->at, by_number);
    size_t kept = 1;
    for (size_t i = 1; i < l->n; i++)
        if (l->at[i] != l->at[i - 1]) l->at[kept++] = l->at[i];
    l->n = kept;
}

void jbk_cover_tidy(jbk_cover *c) {
    tidy_list(&c->accept);
    for (size_t i = 0; i < c->positions.n; i++) tidy_list(&c->positions.at[i]);
}

void jbk_cover_list(jbk_cover *c) {
    for (size_t i = 0; i < c->placements.n; i++) {
        const jbk_placement *p = &c->placements.at[i];
        for (size_t k = 0; k < c->points.n; k++)
            if (p->first <= c->points.at[k] && c->points.at[k] < p->end)
                jbk_vec_push(&c->positions.at[k], p->word);
    }
    jbk_cover_tidy(c);
}

/* Code points, and those of the wordy ones that will be positions: the ends and some between. */
static void choose_positions(cover_job *c) {
    JBK_VEC(size_t) wordy = {0};
    for (size_t i = 0; i < c->len;) {
        size_t from = i;
        if (jbk_cp_wordy(jbk_utf8_next(c->s, c->len, &i))) jbk_vec_push(&wordy, c->starts.n);
        jbk_vec_push(&c->starts, from);
    }
    jbk_vec_push(&c->starts, c->len);
    size_t n = wordy.n < JBK_COVER_POSITIONS ? wordy.n : JBK_COVER_POSITIONS;
    for (size_t i = 0; i < n; i++)
        jbk_vec_push(&c->chosen, wordy.at[n == 1 ? 0 : i * (wordy.n - 1) / (n - 1)]);
    jbk_vec_free(&wordy);
}

static size_t count_points(const char *s, size_t len) {
    size_t n = 0;
    for (size_t i = 0; i < len; i++) n += jbk_utf8_is_start(s[i]) != 0;
    return n;
}

/* `word` covers code points [first, end), which begin at byte `at` of it. */
static void covers(cover_job *c, jbk_word word, size_t at, size_t first, size_t end) {
    size_t i = 0;
    while (i < c->chosen.n && c->chosen.at[i] < first) i++;
    if (i == c->chosen.n || c->chosen.at[i] >= end) return;
    uint32_t number = jbk_intern_add(&c->out->words, word.s, word.len);
    jbk_placement p = {number, (uint32_t)first, (uint32_t)end, (uint32_t)count_points(word.s, at)};
    jbk_vec_push(&c->out->placements, p);
    c->out->cut |= word.len >= JBK_TERM_CUT;
}

/* Terms that were cut for their length do not end where a word ends. */
static bool is_cut(const jbk_word_hit *hit) { return hit->word.len >= JBK_TERM_CUT; }

static jbk_status pieces(cover_job *c, const char *s, size_t len, jbk_where where) {
    c->hits.n = 0;
    jbk_status status = JBK_OK;
    for (size_t i = 0; i < c->x->nsegments && !status; i++)
        status = jbk_volume_pieces(c->x->segments[i].volume, s, len, where, &c->hits, c->err);
    return status;
}

/* Words that contain S.  A cut one proves nothing but covers everything. */
static jbk_status find_containing(cover_job *c) {
    jbk_status status = pieces(c, c->s, c->len, JBK_WITHIN);
    for (size_t i = 0; i < c->hits.n; i++) {
        const jbk_word_hit *h = &c->hits.at[i];
        if (is_cut(h)) {
            covers(c, h->word, h->at, 0, c->starts.n - 1);
        } else if (jbk_match_at(h->word.s, h->word.len, h->at, c->len)) {
            uint32_t number = jbk_intern_add(&c->out->words, h->word.s, h->word.len);
            jbk_vec_push(&c->out->accept, number);
        }
    }
    return status;
}

/* Is it a word of the index, and does any begin so? */
static jbk_status leads(cover_job *c, jbk_word word, bool *starts, bool *found) {
    *starts = *found = false;
    for (size_t i = 0; i < c->x->nsegments && !*found; i++) {
        bool some;
        jbk_status status =
            jbk_volume_leads(c->x->segments[i].volume, word.s, word.len, &some, found, c->err);
        if (status) return status;
        *starts |= some;
    }
    return JBK_OK;
}

/* Words inside S, S itself included: all words that S goes on with at code point `first`.  *beyond:
 * some may begin with all that is left of S. */
static jbk_status find_inside(cover_job *c, size_t first, bool *beyond) {
    bool found;
    *beyond = true;
    for (size_t end = first + 1; end < c->starts.n && *beyond; end++) {
        const char *s = c->s + c->starts.at[first];
        jbk_word word = {s, (uint32_t)(c->starts.at[end] - c->starts.at[first])};
        if (word.len > JBK_TERM_MAX) break;
        bool whole = first == 0 && end == c->starts.n - 1;
        jbk_status status = leads(c, word, beyond, &found);
        if (status) return status;
        if (!found) continue;
        if (!whole || word.len >= JBK_TERM_CUT) covers(c, word, 0, first, end);
        if (whole && word.len < JBK_TERM_CUT) {
            uint32_t number = jbk_intern_add(&c->out->words, word.s, word.len);
            jbk_vec_push(&c->out->accept, number);
        }
    }
    return JBK_OK;
}

/* Words that end with the first `end` code points of S and begin before it. */
static jbk_status find_over_left(cover_job *c, size_t end) {
    jbk_status status = pieces(c, c->s, c->starts.at[end], JBK_ENDS);
    for (size_t i = 0; i < c->hits.n; i++) {
        const jbk_word_hit *h = &c->hits.at[i];
        if (h->at && !jbk_touches(h->word.s, h->word.len, h->at)) covers(c, h->word, h->at, 0, end);
    }
    return status;
}

/* Words that begin with S from code point `first` on and end behind it. */
static jbk_status find_over_right(cover_job *c, size_t first) {
    size_t from = c->starts.at[first], n = c->len - from;
    jbk_status status = pieces(c, c->s + from, n, JBK_BEGINS);
    for (size_t i = 0; i < c->hits.n; i++) {
        const jbk_word_hit *h = &c->hits.at[i];
        if (h->word.len > n && !jbk_touches(h->word.s, h->word.len, n))
            covers(c, h->word, 0, first, c->starts.n - 1);
    }
    return status;
}

/* Only what can cover a chosen position is worth looking for: a word is at most TERM_MAX
 * bytes, so it lies within that many bytes of the position. */
static bool near_chosen(const cover_job *c, size_t first) {
    size_t at = c->starts.at[first];
    for (size_t i = 0; i < c->chosen.n; i++) {
        size_t position = c->starts.at[c->chosen.at[i]];
        if (position >= at && position - at < JBK_TERM_MAX) return true;
    }
    return false;
}

/* Words and placements to begin with. */
enum { USUAL = 256 };

static void begin_job(cover_job *c, jbk_index *x, const jbk_query *q, jbk_cover *out,
                      jbk_err *err) {
    *c = (cover_job){.x = x, .s = q->s, .len = q->len, .out = out, .err = err};
    choose_positions(c);
    jbk_vec_reserve(&c->hits, USUAL);
}

static void end_job(cover_job *c) {
    jbk_vec_free(&c->starts);
    jbk_vec_free(&c->chosen);
    jbk_vec_free(&c->hits);
}

static void list_positions(cover_job *c) {
    jbk_cover *out = c->out;
    out->scan = !c->chosen.n;
    jbk_vec_reserve(&out->positions, c->chosen.n);
    jbk_vec_reserve(&out->placements, USUAL);
    for (size_t i = 0; i < c->chosen.n; i++) {
        jbk_vec_push(&out->positions, ((jbk_word_list){0}));
        jbk_vec_push(&out->offsets, c->starts.at[c->chosen.at[i]]);
        jbk_vec_push(&out->points, (uint32_t)c->chosen.at[i]);
    }
}

static bool starts_within_term(const cover_job *c, size_t end) {
    return c->starts.at[end] <= JBK_TERM_MAX;
}
static bool ends_within_term(const cover_job *c, size_t first) {
    return c->len - c->starts.at[first] <= JBK_TERM_MAX;
}

/* What covers more than the first or the last code point alone, and of those what lies inside. */
static jbk_status find_inner(cover_job *c) {
    size_t points = c->starts.n - 1;
    jbk_status status = JBK_OK;
    for (size_t i = 0; i < points && !status; i++) {
        bool beyond = true;
        if (near_chosen(c, i)) status = find_inside(c, i, &beyond);
        if (!status && i > 1 && starts_within_term(c, i)) status = find_over_left(c, i);
        if (!status && i && i + 1 < points && beyond && ends_within_term(c, i))
            status = find_over_right(c, i);
    }
    return status;
}

static jbk_status find_ends(cover_job *c) {
    size_t points = c->starts.n - 1;
    if (points < 2) return JBK_OK;
    jbk_status status = starts_within_term(c, 1) ? find_over_left(c, 1) : JBK_OK;
    if (!status && ends_within_term(c, points - 1)) status = find_over_right(c, points - 1);
    return status;
}

typedef enum { ACCEPTING, INNER, ALL } extent;

static jbk_status cover_string(jbk_index *x, const jbk_query *q, extent what, jbk_cover *out,
                               jbk_err *err) {
    cover_job c;
    begin_job(&c, x, q, out, err);
    list_positions(&c);
    jbk_status status = out->scan ? JBK_OK : find_containing(&c);
    if (!status && !out->scan && what >= INNER) status = find_inner(&c);
    if (!status && !out->scan && what == ALL) status = find_ends(&c);
    out->ends = what == ALL || out->scan;
    out->whole = !out->cut && c.chosen.n == c.starts.n - 1;
    end_job(&c);
    return status;
}

jbk_status jbk_cover_accepting(jbk_index *x, const jbk_query *q, jbk_cover *out, jbk_err *err) {
    *out = (jbk_cover){0};
    jbk_status status = cover_string(x, q, ACCEPTING, out, err);
    jbk_cover_tidy(out);
    return status;
}

jbk_status jbk_cover_inner(jbk_index *x, const jbk_query *q, jbk_cover *out, jbk_err *err) {
    *out = (jbk_cover){0};
    jbk_status status = cover_string(x, q, INNER, out, err);
    jbk_cover_tidy(out);
    return status;
}

jbk_status jbk_cover_ends(jbk_index *x, const jbk_query *q, jbk_cover *c, jbk_err *err) {
    if (c->ends) return JBK_OK;
    cover_job job;
    begin_job(&job, x, q, c, err);
    jbk_status status = find_ends(&job);
    end_job(&job);
    c->ends = true;
    c->whole &= !c->cut;
    return status;
}

jbk_status jbk_cover_find(jbk_index *x, const jbk_query *q, jbk_cover *out, jbk_err *err) {
    *out = (jbk_cover){0};
    jbk_status status = JBK_OK;
    const jbk_expansion *e = q->expansion;
    if (!e && q->kind != JBK_Q_STRING)
        return jbk_fail(err, JBK_INTERNAL, "cover", "the query was not expanded");
    if (q->kind == JBK_Q_SOUND)
        status = jbk_sound_cover(x, &e->units, out, err);
    else if (q->kind != JBK_Q_PATTERN)
        status = cover_string(x, q, ALL, out, err);
    for (size_t i = 0; e && i < e->words.keys.n; i++) {
        jbk_interned w = e->words.keys.at[i];
        jbk_vec_push(&out->accept, jbk_intern_add(&out->words, w.s, w.len));
    }
    jbk_cover_tidy(out);
    return status;
}
