/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Are the pairs of a volume in order, with documents that it has?  Whether these have them is seen
 * by whoever reads the texts. */
#include "store/pairs.h"
#include "verify_volume.h"

#include <stdlib.h>

static bool tell(const jbk_verifier *v, const char *what) {
    jbk_verify_tell(v, what, 0, 0);
    return false;
}

static bool check_groups(const jbk_verifier *v) {
    const jbk_section *sec = v->volume->sec;
    uint64_t n = sec[JBK_SEC_PAIR_GROUPS].len / sizeof(jbk_pair_group);
    const jbk_pair_group *g = jbk_verify_read(v, JBK_SEC_PAIR_GROUPS, 0, n, sizeof *g);
    if (!g) return false;
    bool good = n ? g[0].offset == 0 : !sec[JBK_SEC_PAIRS].len;
    for (uint64_t i = 1; i < n && good; i++)
        good = g[i - 1].first < g[i].first && g[i - 1].offset < g[i].offset;
    return good || tell(v, "groups of pairs: they are not sorted or do not hold all pairs");
}

void jbk_verify_pairs(const jbk_verifier *v) {
    if (!jbk_verify_read(v, JBK_SEC_PAIRS, 0, v->volume->sec[JBK_SEC_PAIRS].len, 1) ||
        !check_groups(v))
        return;
    jbk_docs docs = {0};
    JBK_VEC(uint16_t) weights = {0};
    jbk_pair_cursor c = {.volume = v->volume};
    jbk_pair_list l;
    bool good = true;
    do {
        jbk_err err;
        good = !jbk_pair_next(&c, &l, &err);
        if (!good || l.pair == JBK_PAIRS) break;
        jbk_vec_reserve(&docs, l.n);
        jbk_vec_reserve(&weights, l.n);
        good = l.n && jbk_pair_documents(v->volume, &l, docs.at, weights.at);
    } while (good);
    if (!good) (void)tell(v, "pairs: some cannot be right");
    jbk_vec_free(&docs);
    jbk_vec_free(&weights);
}
