/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "snippet.h"

#include "base/utf8.h"
#include "places.h"

#include <stdlib.h>

/* Code points shown before the first match and in all. */
enum { BEFORE = 30, WINDOW = 120 };

static int by_start(const void *x, const void *y) {
    const jbk_place *a = x, *b = y;
    if (a->start != b->start) return a->start < b->start ? -1 : 1;
    return a->end > b->end ? -1 : a->end < b->end;
}

/* All places of all leaves in a text, merged where they overlap; bytes of the source. */
static void find_places(jbk_index *x, const jbk_query_list *strings, unsigned where, jbk_str s,
                        jbk_places *out) {
    jbk_folded *f = &x->folded;
    bool need_terms = false;
    for (size_t i = 0; i < strings->n; i++) need_terms |= jbk_places_need_terms(strings->at[i]);
    f->want_map = true;
    f->utf8_only = !need_terms;
    jbk_fold(f, s.s, s.len);
    x->terms.n = 0;
    if (need_terms && jbk_index_segment(x, NULL)) x->terms.n = 0;
    for (size_t i = 0; i < strings->n; i++)
        if (strings->at[i]->where & where)
            jbk_places_find(strings->at[i], s, f, &x->terms, out);
    for (size_t i = 0; i < out->n; i++) {
        jbk_place *p = &out->at[i];
        jbk_fold_source(f, p->start, p->end, &p->start, &p->end);
    }
    f->want_map = false;
    if (!out->n) return;
    qsort(out->at, out->n, sizeof *out->at, by_start);
    size_t kept = 0;
    for (size_t i = 1; i < out->n; i++) {
        if (out->at[i].start < out->at[kept].end) {
            if (out->at[i].end > out->at[kept].end) out->at[kept].end = out->at[i].end;
        } else {
            out->at[++kept] = out->at[i];
        }
    }
    out->n = kept + 1;
}

static size_t step_back(const char *s, size_t i) {
    while (i && !jbk_utf8_is_start(s[--i])) {
    }
    return i;
}

static void cut_window(jbk_str s, const jbk_places *p, jbk_snippet *out) {
    size_t start = p->n ? p->at[0].start : 0, end, mark = 0;
    for (int i = 0; i < BEFORE && start; i++) start = step_back(s.s, start);
    out->cut_before = start > 0;
    uint32_t cp = 0;
    for (end = start; end < s.len && cp < WINDOW; cp++) {
        while (mark < p->n && p->at[mark].end <= end) mark++;
        bool marked = mark < p->n && p->at[mark].start <= end;
        bool goes_on = marked && out->marks.n && out->marks.at[out->marks.n - 1].end == cp &&
                       end > p->at[mark].start;
        if (goes_on)
            out->marks.at[out->marks.n - 1].end = cp + 1;
        else if (marked)
            jbk_vec_push(&out->marks, ((jbk_mark){cp, cp + 1}));
        jbk_utf8_next(s.s, s.len, &end);
    }
    out->cut_after = end < s.len;
    jbk_buf_add(&out->text, s.s + start, end - start);
}

void jbk_snippet_make(jbk_index *x, const jbk_query_list *strings, jbk_str title, jbk_str text,
                      jbk_snippet *out) {
    jbk_places p = {0};
    out->text.len = 0;
    out->marks.n = 0;
    find_places(x, strings, JBK_IN_TEXT, text, &p);
    jbk_str from = text;
    if (!p.n && strings->n) {
        find_places(x, strings, JBK_IN_TITLE, title, &p);
        if (p.n) from = title;
    }
    cut_window(from.s ? from : title, &p, out);
    jbk_vec_free(&p);
}

void jbk_snippet_free(jbk_snippet *s) {
    jbk_buf_free(&s->text);
    jbk_vec_free(&s->marks);
}
