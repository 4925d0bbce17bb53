/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lines.h"

#include <stdlib.h>

jbk_status jbk_index_line(jbk_index *x, size_t i, jbk_line line, jbk_line_map **out, jbk_err *err) {
    if (!x->lines) x->lines = jbk_calloc(x->nsegments * JBK_LINES, sizeof *x->lines);
    jbk_line_map *l = *out = &x->lines[i * JBK_LINES + line];
    if (l->starts) return JBK_OK;
    l->docs = x->segments[i].docs;
    return jbk_volume_line(x->segments[i].volume, line, &l->starts, err);
}

void jbk_lines_free(jbk_index *x) {
    for (size_t i = 0; x->lines && i < x->nsegments * JBK_LINES; i++) free(x->lines[i].guide);
    free(x->lines);
}

/* At least one entry for two documents, so that what it says is the document or one near; more,
 * so that it is mostly the document, as long as they stay in the processor's cache.  Each document
 * is put where it is the first to be said, then said on; no step needs to be guessed. */
static void make_guide(jbk_line_map *l) {
    enum { MOST = 4, CACHED = 1 << 17 };
    uint32_t end = l->starts[l->docs], n = end, last = 0;
    for (; n / MOST > l->docs || (n > l->docs && n > CACHED); n = end >> l->shift) l->shift++;
    n++;
    l->guide = jbk_calloc((size_t)n + 1, sizeof *l->guide); /* one may begin behind the last */
    uint64_t up = (UINT64_C(1) << l->shift) - 1;
    for (uint32_t doc = 0; doc < l->docs; doc++) {
        uint64_t first = (l->starts[doc] + up) >> l->shift;
        l->guide[first] = doc;
    }
    for (uint32_t i = 0; i < n; i++) {
        last = l->guide[i] > last ? l->guide[i] : last;
        l->guide[i] = last;
    }
}

/* By steps that double, from one document to the next. */
static bool search(jbk_line_map *l, uint32_t *places, size_t n) {
    const uint32_t *starts = l->starts;
    uint32_t doc = 0, docs = l->docs;
    for (size_t i = 0; i < n; i++) {
        uint32_t step = 1, place = places[i];
        while (doc + step < docs && starts[doc + step] <= place) {
            doc += step;
            step *= 2;
        }
        for (; step; step /= 2)
            if (doc + step < docs && starts[doc + step] <= place) doc += step;
        if (place < starts[doc] || place >= starts[doc + 1]) return false;
        places[i] = doc;
    }
    l->searched += n;
    return true;
}

static bool look_up(const jbk_line_map *l, uint32_t *places, size_t n) {
    const uint32_t *starts = l->starts, *guide = l->guide;
    uint32_t end = starts[l->docs];
    unsigned shift = l->shift;
    for (size_t i = 0; i < n; i++) {
        uint32_t place = places[i], doc;
        if (place >= end) return false; /* places that do not ascend: damage */
        doc = guide[place >> shift];
        doc += starts[doc + 1] <= place; /* without a branch that would have to be guessed */
        while (starts[doc + 1] <= place) doc++;
        places[i] = doc;
    }
    return true;
}

/* Searching takes some twenty times as long as the guide takes to make a document's entry. */
bool jbk_line_documents(jbk_line_map *l, uint32_t *places, size_t n) {
    if (!n) return true;
    if (places[n - 1] >= l->starts[l->docs]) return false;
    if (!l->guide && l->searched + n > l->docs / 20) make_guide(l);
    return l->guide ? look_up(l, places, n) : search(l, places, n);
}
