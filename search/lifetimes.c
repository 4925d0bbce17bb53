/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lifetimes.h"

#include "base/status.h"

#include <stdlib.h>

/* What the histories say of the documents of a chunk. */
typedef struct {
    jbk_index *x;
    jbk_axis *axis;
    jbk_lives *out;
    jbk_recorded_list histories;
    jbk_observations history;
    size_t at; /* in histories */
    int64_t *published, *collected;
    uint32_t *slots;
} collector;

/* Milliseconds; none: first is INT64_MAX. */
typedef struct {
    int64_t first, last;
} alive;

static void see(alive *a, int64_t ms, int64_t until) {
    if (ms > until) return;
    if (ms < a->first) a->first = ms;
    if (ms > a->last) a->last = ms;
}

/* When it was seen alive, not after `until`: found live, its counts read, or its text collected. */
static alive seen_alive(const collector *c, int64_t collected, int64_t until) {
    alive a = {INT64_MAX, INT64_MIN};
    for (size_t i = 0; i < c->history.n; i++) {
        const jbk_observation *o = &c->history.at[i];
        bool counts = false;
        for (int k = 0; k < 4; k++) counts |= o->counts[k] != JBK_ABSENT;
        if (o->status == JBK_STATUS_LIVE || (o->status < 0 && counts)) see(&a, o->at >> 16, until);
    }
    if (collected != JBK_ABSENT) see(&a, collected >> 16, until);
    return a;
}

static jbk_survival_group *group_of(collector *c, uint32_t bin) {
    size_t n = bin == JBK_BIN_ANY ? 0 : (size_t)bin + 1;
    while (c->out->groups.n <= n) {
        jbk_survival_group g = {.bin = c->out->groups.n ? (uint32_t)c->out->groups.n - 1
                                                        : JBK_BIN_ANY};
        jbk_vec_push(&c->out->groups, g);
    }
    return &c->out->groups.at[n];
}

static bool lifetime_of(collector *c, int64_t published, int64_t collected, jbk_lifetime *out) {
    int64_t until = jbk_index_until(c->x);
    jbk_standing now = jbk_history_standing(c->history.at, c->history.n, until);
    int64_t gone = now.value[JBK_SEEN_GONE_FIRST];
    alive a = seen_alive(c, collected, gone == JBK_ABSENT ? until : gone >> 16);
    if (a.first == INT64_MAX) {
        c->out->left_out.unseen++;
        return false;
    }
    if (published == JBK_ABSENT || a.last < published >> 16) {
        c->out->left_out.undated++;
        return false;
    }
    int64_t start = published >> 16;
    out->entry = a.first > start ? a.first - start : 0;
    out->left = a.last - start;
    out->right = gone == JBK_ABSENT ? JBK_STILL_THERE : (gone >> 16) - start;
    if (out->right == out->left) out->right++; /* two who looked at the same moment */
    if (gone == JBK_ABSENT && out->left == out->entry) {
        c->out->left_out.once++;
        return false;
    }
    return true;
}

static void add_document(collector *c, uint32_t doc, uint32_t i) {
    const jbk_recorded_list *h = &c->histories;
    jbk_lifetime life;
    c->history.n = 0;
    while (c->at < h->n && h->at[c->at].doc < doc) c->at++;
    for (; c->at < h->n && h->at[c->at].doc == doc; c->at++)
        jbk_vec_push(&c->history, h->at[c->at].seen);
    uint32_t bins[2] = {JBK_BIN_ANY, c->axis ? c->slots[i] : 0};
    bool good = false;
    if (c->history.n)
        good = lifetime_of(c, c->published[i], c->collected[i], &life);
    else
        c->out->left_out.unseen++;
    for (int k = 0; k < (c->axis ? 2 : 1); k++) {
        jbk_survival_group *g = group_of(c, bins[k]);
        g->documents++;
        if (!good) continue;
        g->gone += life.right != JBK_STILL_THERE;
        g->there += life.right == JBK_STILL_THERE;
        jbk_vec_push(&g->lives, life);
    }
}

jbk_status jbk_lives_find(jbk_index *x, const roaring_bitmap_t *set, jbk_axis *axis, jbk_lives *out,
                          jbk_err *err) {
    collector c = {.x = x, .axis = axis, .out = out};
    c.published = jbk_alloc(JBK_CHUNK * sizeof *c.published);
    c.collected = jbk_alloc(JBK_CHUNK * sizeof *c.collected);
    c.slots = jbk_alloc(JBK_CHUNK * sizeof *c.slots);
    (void)group_of(&c, JBK_BIN_ANY);
    jbk_status status = JBK_OK;
    jbk_chunk_walk *w = jbk_chunk_walk_new(set);
    while (!status && jbk_chunk_walk_next(w)) {
        uint32_t first = w->chunk * JBK_CHUNK;
        c.histories.n = c.at = 0;
        status = jbk_view_histories(x->view, first, first + JBK_CHUNK, &c.histories, err);
        if (!status)
            status = jbk_chunk_walk_values(x, w, JBK_F_PUBLISHED_AT, c.published, err);
        if (!status)
            status = jbk_chunk_walk_values(x, w, JBK_F_COLLECTED_AT, c.collected, err);
        if (!status && axis) status = jbk_axis_read(x, axis, w, c.slots, err);
        for (uint32_t i = 0; i < w->n && !status; i++) add_document(&c, w->docs[i], i);
    }
    jbk_chunk_walk_free(w);
    for (size_t i = 0; i < out->groups.n && !status; i++) {
        jbk_survival_group *g = &out->groups.at[i];
        jbk_survival_estimate(g->lives.at, g->lives.n, &g->curve);
    }
    jbk_vec_free(&c.histories);
    jbk_vec_free(&c.history);
    free(c.published);
    free(c.collected);
    free(c.slots);
    return status;
}

void jbk_lives_free(jbk_lives *l) {
    for (size_t i = 0; i < l->groups.n; i++) {
        jbk_vec_free(&l->groups.at[i].lives);
        jbk_vec_free(&l->groups.at[i].curve);
    }
    jbk_vec_free(&l->groups);
}
