/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "story_compare.h"

#include "base/utf8.h"
#include "store/record.h"
#include "text/align.h"

#include <stdatomic.h>
#include <stdlib.h>

enum { PLACES = 1 << 15 };
static const double HALF = 0.5;
static const uint32_t NONE = UINT32_MAX;

/* A text as a row of symbols.  Once it is to be seen by others it does not change. */
typedef struct text {
    struct text *replaced; /* by it, or by that one, ... */
    uint32_t doc;
    uint32_t n;
    jbk_kinds kinds;
    uint32_t symbols[];
} text;

/* A text that another takes the place of stays until nobody can be reading it. */
struct jbk_texts {
    jbk_view *view;
    _Atomic(text *) at[PLACES]; /* by document */
    atomic_size_t bytes;        /* of all */
    atomic_size_t nreplaced;    /* that are still there */
    size_t hand;                /* the place to be emptied next */
};

struct jbk_comparer {
    jbk_texts *texts;
    jbk_reader *reader;
    jbk_folded folded;
    jbk_units units; /* scratch */
    jbk_aligner *aligner;
    uint32_t against; /* the document it holds others against, or NONE */
};

/* --- texts --- */

jbk_texts *jbk_texts_new(jbk_view *view) {
    jbk_texts *t = jbk_calloc(1, sizeof *t);
    t->view = view;
    return t;
}

static size_t size_of(const text *t) { return sizeof *t + t->n * sizeof *t->symbols; }

static void free_chain(jbk_texts *all, text *t) {
    while (t) {
        text *next = t->replaced;
        atomic_fetch_sub(&all->bytes, size_of(t));
        free(t);
        t = next;
    }
}

void jbk_texts_trim(jbk_texts *all, size_t most) {
    if (atomic_exchange(&all->nreplaced, 0)) {
        for (size_t i = 0; i < PLACES; i++) {
            text *t = atomic_load(&all->at[i]);
            if (!t) continue;
            free_chain(all, t->replaced);
            t->replaced = NULL;
        }
    }
    for (size_t i = 0; i < PLACES && atomic_load(&all->bytes) > most; i++)
        free_chain(all, atomic_exchange(&all->at[all->hand++ % PLACES], NULL));
}

void jbk_texts_free(jbk_texts *t) {
    if (t) jbk_texts_trim(t, 0);
    free(t);
}

/* Of two threads that read the same text both keep it, one behind the other. */
static void keep(jbk_texts *all, text *t) {
    _Atomic(text *) *at = &all->at[t->doc % PLACES];
    atomic_fetch_add(&all->bytes, size_of(t));
    t->replaced = atomic_load(at);
    while (!atomic_compare_exchange_weak(at, &t->replaced, t)) {
    }
    if (t->replaced) atomic_fetch_add(&all->nreplaced, 1);
}

/* --- comparing --- */

jbk_status jbk_comparer_new(jbk_texts *texts, jbk_comparer **out, jbk_err *err) {
    jbk_comparer *c = *out = jbk_calloc(1, sizeof *c);
    c->texts = texts;
    c->folded.utf8_only = true;
    c->aligner = jbk_aligner_new();
    c->against = NONE;
    return jbk_reader_new(jbk_view_dicts(texts->view), &c->reader, err);
}

void jbk_comparer_free(jbk_comparer *c) {
    if (!c) return;
    jbk_vec_free(&c->units);
    jbk_folded_free(&c->folded);
    jbk_aligner_free(c->aligner);
    jbk_reader_free(c->reader);
    free(c);
}

static jbk_status read_units(jbk_comparer *c, uint32_t doc, jbk_err *err) {
    const jbk_segment_info *seg = jbk_view_segment_of(c->texts->view, doc);
    const char *item;
    size_t len;
    jbk_record r;
    c->units.n = 0;
    jbk_status status =
        jbk_volume_item(seg->volume, c->reader, JBK_STREAM_TEXT, doc - seg->base, &item, &len, err);
    if (!status) status = jbk_record_get_text(item, len, &r, err);
    for (int f = JBK_F_TITLE; f <= JBK_F_TEXT && !status; f++) {
        /* No more than what is aligned, which are at most so many bytes of Han. */
        size_t most = 16 * JBK_ALIGN_MAX, n = r.field[f].len;
        if (!r.field[f].s) continue;
        if (n > most) n = jbk_utf8_cut(r.field[f].s, n, most);
        jbk_fold(&c->folded, r.field[f].s, n);
        jbk_units_add(&c->units, c->folded.utf8.data, c->folded.utf8.len, NULL, 0);
    }
    return status;
}

/* The text of a document, until the next trim. */
static jbk_status text_of(jbk_comparer *c, uint32_t doc, const text **out, jbk_err *err) {
    text *t = atomic_load(&c->texts->at[doc % PLACES]);
    *out = t;
    if (t && t->doc == doc) return JBK_OK;
    jbk_status status = read_units(c, doc, err);
    if (status) return status;
    uint32_t n = c->units.n < JBK_ALIGN_MAX ? (uint32_t)c->units.n : JBK_ALIGN_MAX;
    t = jbk_alloc(sizeof *t + n * sizeof *t->symbols);
    t->doc = doc;
    t->n = n;
    for (uint32_t i = 0; i < n; i++) t->symbols[i] = c->units.at[i].symbol;
    jbk_kinds_count(t->symbols, n, &t->kinds);
    keep(c->texts, t);
    *out = t;
    return JBK_OK;
}

/* Most texts have so little in common that their kinds tell. */
static bool may_share_half(const text *s, const text *t) {
    return 2.0 * (double)jbk_kinds_common(&s->kinds, &t->kinds) >= HALF * ((double)s->n + t->n);
}

jbk_status jbk_compare(jbk_comparer *c, uint32_t a, uint32_t b, double *share, jbk_err *err) {
    const text *s, *t;
    jbk_status status = text_of(c, a, &s, err);
    *share = 0;
    if (!status) status = text_of(c, b, &t, err);
    if (status || !may_share_half(s, t)) return status;
    if (c->against != a) {
        jbk_align_against(c->aligner, s->symbols, s->n);
        c->against = a;
    }
    *share = jbk_align_share(c->aligner, t->symbols, t->n, HALF);
    return JBK_OK;
}
