/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "snippet.h"

#include "base/utf8.h"

#include <stdlib.h>

/* Code points shown before the first match, from there on, and in all. */
enum { BEFORE = 30, FROM_MATCH = 90, WINDOW = BEFORE + FROM_MATCH };

static size_t step_back(const char *s, size_t i) {
    while (i && !jbk_utf8_is_start(s[--i])) {
    }
    return i;
}

/* --- the best place --- */

/* The first place from which a window reaches the beginnings of the most different strings; *most
 * is how many. */
static size_t best_place(jbk_str s, const jbk_places *p, size_t nstrings, size_t *most) {
    uint32_t *held = jbk_calloc(nstrings, sizeof *held);
    size_t *cps = jbk_alloc(p->n * sizeof *cps); /* code points before each place */
    size_t best = 0, next = 0, here = 0, cp = 0, at = 0;
    for (size_t i = 0; i < p->n; i++) {
        for (; at < p->at[i].start; at++) cp += (size_t)jbk_utf8_is_start(s.s[at]);
        cps[i] = cp;
    }
    *most = 0;
    for (size_t i = 0; i < p->n; i++) {
        for (; next < p->n && cps[next] < cps[i] + FROM_MATCH; next++)
            here += !held[p->at[next].string]++;
        if (here > *most) {
            *most = here;
            best = i;
        }
        here -= !--held[p->at[i].string];
    }
    free(cps);
    free(held);
    return best;
}

/* --- the piece --- */

/* Merge places that overlap. */
static void merge(jbk_places *p) {
    size_t kept = 0;
    for (size_t i = 1; i < p->n; i++) {
        if (p->at[i].start < p->at[kept].end) {
            if (p->at[i].end > p->at[kept].end) p->at[kept].end = p->at[i].end;
        } else {
            p->at[++kept] = p->at[i];
        }
    }
    if (p->n) p->n = kept + 1;
}

static void cut_window(jbk_str s, const jbk_places *p, size_t start, jbk_snippet *out) {
    size_t end, mark = 0;
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
    jbk_places p = {0}, titled = {0};
    size_t most = 0, most_titled = 0, best = 0;
    out->text.len = 0;
    out->marks.n = 0;
    if (strings->n) {
        jbk_places_find(x, strings, JBK_IN_TEXT, text, &p);
        best = best_place(text, &p, strings->n, &most);
    }
    if (most < strings->n) {
        jbk_places_find(x, strings, JBK_IN_TITLE, title, &titled);
        size_t place = best_place(title, &titled, strings->n, &most_titled);
        if (most_titled > most) best = place;
    }
    bool from_title = most_titled > most || !text.s;
    jbk_places *shown = most_titled > most ? &titled : &p;
    size_t start = shown->n ? shown->at[best].start : 0;
    merge(shown);
    cut_window(from_title ? title : text, shown, start, out);
    jbk_vec_free(&p);
    jbk_vec_free(&titled);
}

void jbk_snippet_free(jbk_snippet *s) {
    jbk_buf_free(&s->text);
    jbk_vec_free(&s->marks);
}
