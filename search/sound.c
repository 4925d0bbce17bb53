/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sound.h"

#include "base/utf8.h"
#include "match.h"
#include "text/chars.h"
#include "text/segment.h"

#include <stdlib.h>

/* --- texts --- */

static bool has_char(const jbk_sound_unit *u, uint32_t cp) {
    size_t low = 0, high = u->chars.n;
    while (low < high) {
        size_t mid = (low + high) / 2;
        if (u->chars.at[mid] < cp)
            low = mid + 1;
        else
            high = mid;
    }
    return low < u->chars.n && u->chars.at[low] == cp;
}

/* Behind the characters that may stand between two units. */
static size_t skip_gap(const char *text, size_t len, size_t at) {
    for (int i = 0; i < JBK_SOUND_GAP && at < len; i++) {
        size_t next = at;
        if (jbk_cp_letter(jbk_utf8_next(text, len, &next))) break;
        at = next;
    }
    return at;
}

static size_t match_at(const jbk_sound_units *u, size_t unit, const char *text, size_t len,
                       size_t at);

/* Unit `unit` ends at `end`: the end of the match, if the other units follow. */
static size_t go_on(const jbk_sound_units *u, size_t unit, const char *text, size_t len,
                    size_t end) {
    if (unit + 1 == u->n) return jbk_touches(text, len, end) ? SIZE_MAX : end;
    return match_at(u, unit + 1, text, len, skip_gap(text, len, end));
}

static size_t match_at(const jbk_sound_units *u, size_t unit, const char *text, size_t len,
                       size_t at) {
    if (at >= len) return SIZE_MAX;
    const jbk_sound_unit *one = &u->at[unit];
    size_t next = at, end = SIZE_MAX;
    if (has_char(one, jbk_utf8_next(text, len, &next))) end = go_on(u, unit, text, len, next);
    for (size_t i = 0; i < one->spelled.n && end == SIZE_MAX; i++) {
        size_t n = strlen(one->spelled.at[i]);
        if (n <= len - at && !memcmp(text + at, one->spelled.at[i], n))
            end = go_on(u, unit, text, len, at + n);
    }
    return end;
}

size_t jbk_sound_find(const jbk_sound_units *u, const char *text, size_t len, size_t from,
                      size_t *end) {
    while (from < len && u->n) {
        *end = jbk_touches(text, len, from) ? SIZE_MAX : match_at(u, 0, text, len, from);
        if (*end != SIZE_MAX) return from;
        jbk_utf8_next(text, len, &from);
    }
    return SIZE_MAX;
}

/* --- words --- */

/* Positions that are looked at, as in cover.c, and how many of them are used: the cheapest, for a
 * word that holds all of it holds each, and none DEAR times as dear as the first, for what is in
 * so many words leaves few documents out; nor one more where they are in MANY words already, for
 * looking at these costs more than it saves. */
enum { POSITIONS = 12, USED = 3, DEAR = 4, MANY = 8000 };

typedef struct {
    jbk_index *x;
    const jbk_sound_units *u;
    jbk_cover *out;
    size_t chosen[POSITIONS], nchosen; /* units */
    jbk_buf prefix;
    jbk_word_hits hits;
    jbk_err *err;
} cover_job;

/* `word` may cover units first .. last. */
static void covers(cover_job *c, jbk_word word, size_t first, size_t last) {
    uint32_t number = jbk_intern_add(&c->out->words, word.s, word.len);
    for (size_t i = 0; i < c->nchosen; i++)
        if (c->chosen[i] >= first && c->chosen[i] <= last)
            jbk_vec_push(&c->out->positions.at[i], number);
}

static void accept(cover_job *c, jbk_word word) {
    jbk_vec_push(&c->out->accept, jbk_intern_add(&c->out->words, word.s, word.len));
}

/* Can the word go on so with unit `unit` and those behind it?  It may end anywhere. */
static bool goes_on(const jbk_sound_units *u, size_t unit, jbk_word w, size_t at) {
    if (at >= w.len || unit == u->n) return true;
    const jbk_sound_unit *one = &u->at[unit];
    size_t next = at;
    if (has_char(one, jbk_utf8_next(w.s, w.len, &next)) &&
        goes_on(u, unit + 1, w, skip_gap(w.s, w.len, next)))
        return true;
    for (size_t i = 0; i < one->spelled.n; i++) {
        size_t n = strlen(one->spelled.at[i]), m = n < w.len - at ? n : w.len - at;
        if (memcmp(w.s + at, one->spelled.at[i], m) != 0) continue;
        if (m < n || goes_on(u, unit + 1, w, skip_gap(w.s, w.len, at + n))) return true;
    }
    return false;
}

static size_t step_back(const char *s, size_t at) {
    do at--;
    while (at && !jbk_utf8_is_start(s[at]));
    return at;
}

/* Can the unit before `unit` end so in the word, before byte `at`? */
static bool comes_from(const jbk_sound_units *u, size_t unit, jbk_word w, size_t at) {
    if (!unit) return true;
    const jbk_sound_unit *before = &u->at[unit - 1];
    for (int i = 0; at && i <= JBK_SOUND_GAP; i++) {
        size_t next = at = step_back(w.s, at);
        uint32_t cp = jbk_utf8_next(w.s, w.len, &next);
        if (!jbk_cp_letter(cp)) continue;
        bool good = has_char(before, cp);
        for (size_t k = 0; k < before->spelled.n && !good; k++)
            good = cp == (uint32_t)before->spelled.at[k][strlen(before->spelled.at[k]) - 1];
        return good;
    }
    return !at;
}

/* Words, other than plain ones, in which unit `unit` can begin with `cp`. */
static jbk_status find_around(cover_job *c, size_t unit, uint32_t cp) {
    jbk_buf s = {0};
    jbk_status status = JBK_OK;
    bool is_char = has_char(&c->u->at[unit], cp);
    jbk_utf8_put(&s, cp);
    size_t n = s.len;
    c->hits.n = 0;
    for (size_t i = 0; i < c->x->nsegments && !status; i++)
        status = jbk_volume_pieces(c->x->segments[i].volume, s.data, s.len, JBK_WITHIN, &c->hits,
                                   c->err);
    jbk_buf_free(&s);
    for (size_t i = 0; i < c->hits.n && !status; i++) {
        const jbk_word_hit *h = &c->hits.at[i];
        bool ends = is_char && h->at + n == h->word.len;
        if (!ends && !goes_on(c->u, unit, h->word, h->at)) continue;
        if (!comes_from(c->u, unit, h->word, h->at)) continue;
        covers(c, h->word, unit, unit);
        if (ends && unit + 1 < c->u->n) continue;
        /* One that holds all of it goes on to the last unit from here. */
        size_t end;
        bool whole = h->word.len < JBK_TERM_CUT &&
                     match_at(c->u, unit, h->word.s, h->word.len, h->at) != SIZE_MAX &&
                     jbk_sound_find(c->u, h->word.s, h->word.len, 0, &end) != SIZE_MAX;
        if (whole) accept(c, h->word);
    }
    return status;
}

static jbk_status find_at(cover_job *c, size_t unit) {
    const jbk_sound_unit *u = &c->u->at[unit];
    jbk_status status = JBK_OK;
    for (size_t i = 0; i < u->chars.n && !status; i++)
        status = find_around(c, unit, u->chars.at[i]);
    /* Syllables of one sound begin with the same letter. */
    if (u->spelled.n && !status) status = find_around(c, unit, (uint32_t)*u->spelled.at[0]);
    return status;
}

/* How many words find_at would look at. */
static jbk_status count_at(cover_job *c, size_t unit, uint64_t *sum) {
    const jbk_sound_unit *u = &c->u->at[unit];
    jbk_status status = JBK_OK;
    *sum = 0;
    for (size_t k = 0; k < u->chars.n + (u->spelled.n > 0) && !status; k++) {
        jbk_buf s = {0};
        jbk_utf8_put(&s, k < u->chars.n ? u->chars.at[k] : (uint32_t)*u->spelled.at[0]);
        for (size_t i = 0; i < c->x->nsegments && !status; i++) {
            uint64_t n = 0;
            status = jbk_volume_count_pieces(c->x->segments[i].volume, s.data, s.len, JBK_WITHIN,
                                             &n, c->err);
            *sum += n;
        }
        jbk_buf_free(&s);
    }
    return status;
}

/* Some units from the first to the last, and of these the ones that stand in the fewest words. */
static jbk_status choose_units(cover_job *c) {
    size_t n = c->u->n < POSITIONS ? c->u->n : POSITIONS;
    uint64_t cost[POSITIONS], least = UINT64_MAX, sum = 0;
    jbk_status status = JBK_OK;
    for (size_t i = 0; i < n && !status; i++) {
        c->chosen[i] = n == 1 ? 0 : i * (c->u->n - 1) / (n - 1);
        status = count_at(c, c->chosen[i], &cost[i]);
        if (cost[i] < least) least = cost[i];
        sum += cost[i];
    }
    while (n > 1 && !status) {
        size_t worst = 0;
        for (size_t i = 1; i < n; i++)
            if (cost[i] > cost[worst]) worst = i;
        if (n <= USED && cost[worst] / DEAR <= least && sum <= MANY) break;
        n--;
        sum -= cost[worst];
        memmove(cost + worst, cost + worst + 1, (n - worst) * sizeof *cost);
        memmove(c->chosen + worst, c->chosen + worst + 1, (n - worst) * sizeof *c->chosen);
    }
    c->nchosen = n;
    return status;
}

static jbk_status find_plain(cover_job *c, size_t first, size_t unit);

static jbk_status try_plain(cover_job *c, size_t first, size_t unit, const char *s, size_t len) {
    bool leads = false, is_word = false;
    size_t before = c->prefix.len;
    jbk_status status = JBK_OK;
    jbk_buf_add(&c->prefix, s, len);
    for (size_t i = 0; i < c->x->nsegments && !status; i++) {
        bool one, word;
        status = jbk_volume_leads(c->x->segments[i].volume, c->prefix.data, c->prefix.len, &one,
                                  &word, c->err);
        if (status) break;
        leads |= one;
        is_word |= word;
    }
    if (!status && is_word && c->prefix.len < JBK_TERM_CUT) {
        jbk_word word = {c->prefix.data, (uint32_t)c->prefix.len};
        covers(c, word, first, unit);
        if (!first && unit + 1 == c->u->n) accept(c, word);
    }
    if (!status && leads && unit + 1 < c->u->n) status = find_plain(c, first, unit + 1);
    c->prefix.len = before;
    return status;
}

/* Plain words that are units first .. unit and more, spelled in every way; a match cannot begin
 * or end inside one.  The prefix holds the units before `unit`. */
static jbk_status find_plain(cover_job *c, size_t first, size_t unit) {
    const jbk_sound_unit *u = &c->u->at[unit];
    jbk_status status = JBK_OK;
    for (size_t i = 0; i < u->chars.n && !status; i++) {
        jbk_buf s = {0};
        if (!jbk_cp_alnum(u->chars.at[i])) continue;
        jbk_utf8_put(&s, u->chars.at[i]);
        status = try_plain(c, first, unit, s.data, s.len);
        jbk_buf_free(&s);
    }
    for (size_t i = 0; i < u->spelled.n && !status; i++)
        status = try_plain(c, first, unit, u->spelled.at[i], strlen(u->spelled.at[i]));
    return status;
}

jbk_status jbk_sound_cover(jbk_index *x, const jbk_sound_units *u, jbk_cover *out, jbk_err *err) {
    cover_job c = {.x = x, .u = u, .out = out, .err = err};
    jbk_status status = choose_units(&c);
    for (size_t i = 0; i < c.nchosen; i++) {
        jbk_vec_push(&out->positions, ((jbk_word_list){0}));
        jbk_vec_push(&out->offsets, c.chosen[i]);
    }
    for (size_t i = 0; i < c.nchosen && !status; i++) status = find_at(&c, c.chosen[i]);
    for (size_t i = 0; i < u->n && !status; i++) status = find_plain(&c, i, i);
    jbk_vec_free(&c.hits);
    jbk_buf_free(&c.prefix);
    return status;
}
