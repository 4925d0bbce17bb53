/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Are the places of a volume's words in order, each inside a document?  Whether the words stand
 * there is seen by whoever reads the texts. */
#include "verify_volume.h"

#include <stdlib.h>

typedef struct {
    const jbk_verifier *v;
    uint32_t end[JBK_LINES]; /* of the lines */
    uint32_t *read;
    size_t cap;
} lines;

static bool tell(const lines *l, const char *what) {
    jbk_verify_tell(l->v, what, 0, 0);
    return false;
}

/* Documents follow each other, with a gap between. */
static bool check_line(lines *l, int line) {
    jbk_volume *v = l->v->volume;
    uint64_t len = v->sec[JBK_SEC_LINES + line].len;
    const uint32_t *starts;
    jbk_err err;
    l->end[line] = v->docs;
    if (!len) return true;
    if (!jbk_verify_read(l->v, JBK_SEC_LINES + line, 0, len, 1)) return false;
    if (!v->docs || jbk_volume_line(v, (jbk_line)line, &starts, &err))
        return tell(l, "lines: not every document has its place");
    l->end[line] = starts[v->docs];
    return true;
}

static bool check_list(lines *l, const jbk_places *p, int line) {
    if (p->n > l->end[line]) return false;
    if (p->n > l->cap) {
        l->cap = p->n;
        l->read = jbk_realloc(l->read, l->cap * sizeof *l->read);
    }
    if (!jbk_places_read(p, 0, l->read)) return false;
    for (uint32_t i = 1; i < p->n; i++)
        if (l->read[i] <= l->read[i - 1]) return false;
    return !p->n || l->read[p->n - 1] < l->end[line];
}

static bool check_directory(const lines *l) {
    jbk_volume *v = l->v->volume;
    uint64_t n = jbk_volume_placed_terms(v), end = v->sec[JBK_SEC_PLACES].len;
    const jbk_occurrence_entry *e = jbk_verify_read(l->v, JBK_SEC_PLACED, 0, n, sizeof *e);
    if (!e) return false;
    bool good = !n || e[0].offset == 0;
    for (uint64_t i = 0; i < n && good; i++)
        good = i + 1 < n ? e[i].hash <= e[i + 1].hash && e[i].offset < e[i + 1].offset
                         : e[i].offset < end;
    return good || tell(l, "directory of places: it is not sorted or leads out of the places");
}

void jbk_verify_places(const jbk_verifier *v) {
    lines l = {.v = v};
    bool good = true;
    for (int line = 0; line < JBK_LINES; line++) good = check_line(&l, line) && good;
    if (!good || !check_directory(&l)) return;
    jbk_word last = {0};
    for (uint64_t i = 0; good; i++) {
        jbk_word term;
        jbk_places p[JBK_LINES];
        jbk_err err;
        jbk_status status = jbk_volume_placed_term(v->volume, i, &term, p, &err);
        if (!status && !term.s) break;
        /* What stands on a damaged page was told of. */
        if (status && !jbk_verify_read(v, JBK_SEC_PLACES, 0, v->volume->sec[JBK_SEC_PLACES].len, 1))
            break;
        for (int line = 0; line < JBK_LINES && !status; line++)
            good = good && check_list(&l, &p[line], line);
        if (!good || status) (void)tell(&l, "places of words: some cannot be right");
        good = good && !status;
        if (good && last.s &&
            jbk_placed_order(jbk_placed_hash(last.s, last.len), last.s, last.len,
                             jbk_placed_hash(term.s, term.len), term.s, term.len) >= 0)
            good = tell(&l, "places of words: the words are not sorted");
        last = term;
    }
    free(l.read);
}
