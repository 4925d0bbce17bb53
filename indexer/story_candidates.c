/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "story_candidates.h"

#include <stdlib.h>

enum { FEW = 2, ENOUGH = 3, TABLE = 4096 };

typedef struct {
    uint32_t family, member; /* its first document, and one that shares hashes */
    uint32_t weight;         /* of what they share */
    uint32_t list;           /* that counted it last; 0: the place is free */
} counted;

struct jbk_seeker {
    counted table[TABLE];   /* hash table of what shares with a document */
    JBK_VEC(uint32_t) used; /* its places */
};

jbk_seeker *jbk_seeker_new(void) { return jbk_calloc(1, sizeof(jbk_seeker)); }

void jbk_seeker_free(jbk_seeker *s) {
    if (s) jbk_vec_free(&s->used);
    free(s);
}

static counted *counted_of(jbk_seeker *s, uint32_t family) {
    size_t i = family * 0x9E3779B1u >> 20;
    while (s->table[i].list && s->table[i].family != family) i = (i + 1) % TABLE;
    if (!s->table[i].list) {
        s->table[i] = (counted){.family = family};
        jbk_vec_push(&s->used, (uint32_t)i);
    }
    return &s->table[i];
}

/* The families in a list.  What few of them share says more. */
static void count_list(jbk_seeker *s, const jbk_families *f, const uint32_t *list, uint32_t number,
                       uint32_t doc) {
    counted *here[JBK_STORY_LIST_MAX];
    uint32_t n = 0;
    for (uint32_t i = 1; i <= list[0] && list[i] < doc; i++) {
        if (jbk_is_forgotten(f, list[i])) continue;
        counted *c = counted_of(s, jbk_family_of(f, list[i]));
        if (c->list == number) continue;
        c->list = number;
        c->member = list[i];
        here[n++] = c;
    }
    uint32_t weight = n <= FEW ? 3 : n <= 3 * FEW ? 2 : 1;
    for (uint32_t i = 0; i < n; i++) here[i]->weight += weight;
}

/* The families that share most; of equals the earlier. */
static size_t choose(jbk_seeker *s, counted best[JBK_STORY_TRIED]) {
    size_t n = 0;
    for (size_t u = 0; u < s->used.n; u++) {
        counted c = s->table[s->used.at[u]];
        s->table[s->used.at[u]].list = 0;
        if (c.weight < ENOUGH || (n == JBK_STORY_TRIED && best[n - 1].weight >= c.weight)) continue;
        size_t i = n < JBK_STORY_TRIED ? n++ : n - 1;
        for (; i && best[i - 1].weight < c.weight; i--) best[i] = best[i - 1];
        best[i] = c;
    }
    s->used.n = 0;
    return n;
}

size_t jbk_seek(jbk_seeker *s, const jbk_story_lists *l, const jbk_families *f, uint32_t doc,
                jbk_candidate out[JBK_STORY_TRIED]) {
    counted best[JBK_STORY_TRIED];
    uint32_t k = l->starts.at[doc - l->first], end = l->starts.at[doc - l->first + 1];
    for (uint32_t number = 1; k < end; k++, number++)
        count_list(s, f, l->docs.at + l->at.at[k], number, doc);
    size_t n = choose(s, best);
    for (size_t i = 0; i < n; i++) {
        bool gone = jbk_is_forgotten(f, best[i].family);
        out[i] = (jbk_candidate){best[i].family, gone ? best[i].member : best[i].family};
    }
    return n;
}
