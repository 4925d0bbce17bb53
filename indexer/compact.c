/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "compact.h"

#include "merge.h"
#include "store/occurrences.h"
#include "text/key_hash.h"

#include <stdlib.h>
#include <unistd.h>

jbk_status jbk_compact_replace(jbk_commit *commit, const jbk_segment_info *seg, size_t n,
                               const jbk_segment_writer *w, jbk_err *err) {
    jbk_status status = JBK_OK;
    for (size_t i = 0; i < n && !status; i++)
        status = jbk_commit_drop_segment(commit, seg[i].base, err);
    return status ? status
                  : jbk_commit_segment(commit, w->number, seg[0].base, w->docs, &w->postings_sums,
                                       err);
}

void jbk_compact_remove(const jbk_segment_info *seg, size_t n) {
    for (size_t i = 0; i < n; i++) {
        unlink(seg[i].postings_path);
        unlink(seg[i].records_path);
    }
}

static bool no_dicts(const jbk_dicts *d) {
    for (int s = 0; s < JBK_STREAMS; s++)
        if (d->bytes[s].len) return false;
    return true;
}

static jbk_status commit(jbk_store *store, const jbk_segment_info *seg, size_t n,
                         const jbk_segment_writer *w, const jbk_dicts *trained, jbk_err *err) {
    jbk_commit *c = NULL;
    jbk_status status = jbk_store_sync_dir(store, err);
    if (!status) status = jbk_commit_begin(store, &c, err);
    if (!status) status = jbk_compact_replace(c, seg, n, w, err);
    for (int s = 0; s < JBK_STREAMS && !status; s++)
        if (trained->bytes[s].len)
            status = jbk_commit_meta(c, jbk_meta_dict[s], trained->bytes[s].data,
                                     trained->bytes[s].len, err);
    if (status) {
        jbk_commit_abort(c);
        return status;
    }
    return jbk_commit_end(c, err);
}

static jbk_status merge(jbk_store *store, const jbk_view *view, const jbk_segment_info *seg,
                        size_t n, jbk_err *err) {
    const jbk_dicts *dicts = jbk_view_dicts(view);
    jbk_dicts trained = {0};
    jbk_segment_writer w = {0};
    jbk_status status = JBK_OK;
    if (no_dicts(dicts)) status = jbk_merge_train(seg, n, dicts, &trained, err);
    const jbk_dicts *to = no_dicts(&trained) ? dicts : &trained;
    if (!status) status = jbk_merge_segments(&w, store, seg, n, dicts, to, err);
    if (!status) status = commit(store, seg, n, &w, &trained, err);
    if (!status) jbk_compact_remove(seg, n);
    jbk_segment_reset(&w);
    for (int s = 0; s < JBK_STREAMS; s++) jbk_buf_free(&trained.bytes[s]);
    return status;
}

/* Has a segment keys that another version made, and that this one cannot use? */
static jbk_status find_stale(const jbk_segment_info *seg, size_t n, bool *stale, jbk_err *err) {
    jbk_status status = JBK_OK;
    for (size_t i = 0; i < n && !status; i++) {
        uint64_t maker;
        status = jbk_volume_key_maker(seg[i].volume, &maker, err);
        *stale |= maker != jbk_keys_maker();
    }
    return status;
}

/* How many segments from the first on fit into one: at least one. */
static jbk_status fitting(const jbk_segment_info *seg, size_t n, size_t *run, jbk_err *err) {
    jbk_volume **volumes = jbk_alloc(n * sizeof(jbk_volume *));
    jbk_status status = JBK_OK;
    bool fit = true;
    for (size_t i = 0; i < n; i++) volumes[i] = seg[i].volume;
    for (*run = n; *run > 1 && !status; --*run) {
        status = jbk_volumes_fit(volumes, *run, &fit, err);
        if (fit) break;
    }
    free(volumes);
    return status;
}

/* Merge what fits from segment *first on, and move on; what a merge has changed, dictionaries too,
 * the next one reads again. */
static jbk_status compact_some(jbk_store *store, size_t *first, size_t *n, jbk_err *err) {
    jbk_view *view = NULL;
    const jbk_segment_info *seg;
    jbk_status status = jbk_view_open(store, &view, err);
    if (!status) {
        bool stale = false;
        size_t run = 1;
        *n = jbk_view_segments(view, &seg);
        if (*first < *n) status = find_stale(seg + *first, *n - *first, &stale, err);
        if (*first < *n && !status) status = fitting(seg + *first, *n - *first, &run, err);
        if (!status && *first < *n && (run > 1 || stale))
            status = merge(store, view, seg + *first, run, err);
        if (!status) *n -= run - 1;
        ++*first;
    }
    jbk_view_close(view);
    return status;
}

jbk_status jbk_compact_all(jbk_store *store, size_t *before, size_t *after, jbk_err *err) {
    jbk_view *view = NULL;
    const jbk_segment_info *seg;
    *before = *after = 0;
    jbk_status status = jbk_view_open(store, &view, err);
    if (!status) *before = *after = jbk_view_segments(view, &seg);
    jbk_view_close(view);
    for (size_t first = 0; first < *after && !status;)
        status = compact_some(store, &first, after, err);
    return status;
}

/* --- tiers --- */

enum { FANOUT = 4, TIERS = 24, SMALLEST = 1 << 18 /* bytes */ };

/* Which power of FANOUT a segment's records are. */
static int tier(const jbk_segment_info *seg) {
    int t = 0;
    for (uint64_t bytes = jbk_volume_bytes(seg->volume) / SMALLEST; bytes; bytes /= FANOUT) t++;
    return t < TIERS ? t : TIERS - 1;
}

/* How many of the last segments to merge: of the smallest tier that has FANOUT at the end.  0:
 * none. */
static size_t plan(const jbk_segment_info *seg, size_t n) {
    for (int t = 0; t < TIERS; t++) {
        size_t run = 0;
        while (run < n && tier(&seg[n - 1 - run]) <= t) run++;
        if (run >= FANOUT) return run;
    }
    return 0;
}

jbk_status jbk_compact_tiers(jbk_store *store, jbk_err *err) {
    jbk_status status = JBK_OK;
    for (bool more = true; more && !status;) {
        jbk_view *view = NULL;
        const jbk_segment_info *seg;
        status = jbk_view_open(store, &view, err);
        if (status) break;
        size_t n = jbk_view_segments(view, &seg), run = plan(seg, n), fit = 0;
        if (run) status = fitting(seg + (n - run), run, &fit, err);
        more = !status && run && fit == run;
        if (more) status = merge(store, view, seg + (n - run), run, err);
        jbk_view_close(view);
    }
    return status;
}
