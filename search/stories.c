/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stories.h"

#include <stdlib.h>

void jbk_stories_free(jbk_stories *s) {
    jbk_vec_free(&s->docs);
    jbk_vec_free(&s->at);
}

typedef struct {
    int64_t story;
    uint32_t doc;
} membership;

static int by_story(const void *x, const void *y) {
    const membership *a = x, *b = y;
    if (a->story != b->story) return a->story < b->story ? -1 : 1;
    return a->doc < b->doc ? -1 : a->doc > b->doc;
}

static int by_size(const void *x, const void *y) {
    const jbk_story *a = x, *b = y;
    if (a->n != b->n) return a->n > b->n ? -1 : 1;
    return a->story < b->story ? -1 : a->story > b->story;
}

jbk_status jbk_stories_find(jbk_index *x, const roaring_bitmap_t *match, uint64_t least,
                            jbk_stories *out, jbk_err *err) {
    JBK_VEC(membership) members = {0};
    jbk_chunk_walk *w = jbk_chunk_walk_new(match);
    int64_t *values = jbk_alloc(w->room * sizeof *values);
    jbk_status status = JBK_OK;
    while (!status && jbk_chunk_walk_next(w)) {
        status = jbk_chunk_walk_values(x, w, JBK_F_STORY, values, err);
        for (uint32_t i = 0; i < w->n && !status; i++)
            if (values[i] != JBK_ABSENT)
                jbk_vec_push(&members, ((membership){values[i] >> 1, w->docs[i]}));
    }
    jbk_chunk_walk_free(w);
    free(values);
    jbk_vec_sort(&members, by_story);
    for (size_t i = 0, end; i < members.n && !status; i = end) {
        for (end = i; end < members.n && members.at[end].story == members.at[i].story; end++) {
        }
        if (end - i < least) continue;
        jbk_story s = {(uint32_t)members.at[i].story, (uint32_t)out->docs.n, (uint32_t)(end - i)};
        jbk_vec_push(&out->at, s);
        for (size_t k = i; k < end; k++) jbk_vec_push(&out->docs, members.at[k].doc);
    }
    jbk_vec_sort(&out->at, by_size);
    jbk_vec_free(&members);
    return status;
}
