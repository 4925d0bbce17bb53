/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "story_compare.h"

#include "base/utf8.h"
#include "store/record.h"
#include "text/align.h"

#include <stdlib.h>

enum { PLACES = 1 << 15 };
static const double HALF = 0.5;
static const uint32_t NONE = UINT32_MAX;

typedef struct {
    uint32_t doc; /* NONE: nothing is kept here */
    jbk_symbols symbols;
} kept_text;

struct jbk_comparer {
    jbk_view *view;
    jbk_reader *reader;
    jbk_folded folded;
    jbk_units units;        /* scratch */
    kept_text kept[PLACES]; /* by document */
    size_t bytes, most;     /* that they take, and may take before all are dropped */
    jbk_aligner *aligner;
    uint32_t against; /* the document it holds others against, or NONE */
};

jbk_status jbk_comparer_new(jbk_view *view, size_t bytes, jbk_comparer **out, jbk_err *err) {
    jbk_comparer *c = jbk_calloc(1, sizeof *c);
    c->view = view;
    c->most = bytes;
    c->folded.utf8_only = true;
    c->aligner = jbk_aligner_new();
    c->against = NONE;
    for (size_t i = 0; i < PLACES; i++) c->kept[i].doc = NONE;
    jbk_status status = jbk_reader_new(jbk_view_dicts(view), &c->reader, err);
    *out = c;
    return status;
}

static void drop_texts(jbk_comparer *c) {
    for (size_t i = 0; i < PLACES; i++) {
        jbk_vec_free(&c->kept[i].symbols);
        c->kept[i].doc = NONE;
    }
    c->bytes = 0;
}

void jbk_comparer_free(jbk_comparer *c) {
    if (!c) return;
    drop_texts(c);
    jbk_vec_free(&c->units);
    jbk_folded_free(&c->folded);
    jbk_aligner_free(c->aligner);
    jbk_reader_free(c->reader);
    free(c);
}

static jbk_status read_units(jbk_comparer *c, uint32_t doc, jbk_err *err) {
    const jbk_segment_info *seg = jbk_view_segment_of(c->view, doc);
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

/* The symbols of a document's text, until the next call. */
static jbk_status text_of(jbk_comparer *c, uint32_t doc, const jbk_symbols **out, jbk_err *err) {
    kept_text *t = &c->kept[doc % PLACES];
    *out = &t->symbols;
    if (t->doc == doc) return JBK_OK;
    jbk_status status = read_units(c, doc, err);
    if (status) return status;
    if (c->bytes > c->most) drop_texts(c);
    size_t n = c->units.n < JBK_ALIGN_MAX ? c->units.n : JBK_ALIGN_MAX;
    c->bytes -= t->symbols.cap * sizeof *t->symbols.at;
    t->symbols.n = 0;
    jbk_vec_reserve(&t->symbols, n);
    for (; t->symbols.n < n; t->symbols.n++)
        t->symbols.at[t->symbols.n] = c->units.at[t->symbols.n].symbol;
    c->bytes += t->symbols.cap * sizeof *t->symbols.at;
    t->doc = doc;
    return JBK_OK;
}

jbk_status jbk_compare(jbk_comparer *c, uint32_t a, uint32_t b, double *share, jbk_err *err) {
    const jbk_symbols *text;
    jbk_status status = JBK_OK;
    *share = 0;
    if (c->against != a) {
        c->against = NONE;
        status = text_of(c, a, &text, err);
        if (status) return status;
        jbk_align_against(c->aligner, text->at, text->n);
        c->against = a;
    }
    status = text_of(c, b, &text, err);
    if (!status) *share = jbk_align_share(c->aligner, text->at, text->n, HALF);
    return status;
}
