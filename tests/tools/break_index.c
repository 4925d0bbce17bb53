/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Bad states that no checksum shows: written to an index as properly as good ones.
 *
 *     break_index INDEX patch FIELD DOC VALUE     a column ("-": absent)
 *     break_index INDEX observe DOC AT STATUS VIEWS
 *     break_index INDEX dead DOC | alive DOC
 *     break_index INDEX value FIELD CODE STRING
 *     break_index INDEX chunk FIELD CHUNK N       N values, all 1
 *     break_index INDEX row NUMBER BASE DOCS      a segment that is there already
 *     break_index INDEX format VERSION DIGEST
 *     break_index INDEX postings                  of segment 1: words nobody wrote
 *     break_index INDEX records WHAT              of segment 1: see rebuild.c
 */
#include "break_index.h"

#include "shim/postings.h"
#include "text/fold.h"

#include <roaring/roaring.h>
#include <stdio.h>
#include <stdlib.h>

static int64_t number(const char *s) { return strcmp(s, "-") ? strtoll(s, NULL, 10) : JBK_ABSENT; }
static uint32_t small(const char *s) { return (uint32_t)strtoul(s, NULL, 10); }

static jbk_status put_dead(jbk_commit *c, jbk_view *v, uint32_t doc, bool dead, jbk_err *err) {
    const char *bytes;
    size_t len;
    jbk_status status = jbk_view_meta(v, JBK_META_DEAD, &bytes, &len, err);
    if (status) return status;
    roaring_bitmap_t *all =
        bytes ? roaring_bitmap_portable_deserialize_safe(bytes, len) : roaring_bitmap_create();
    if (dead)
        roaring_bitmap_add(all, doc);
    else
        roaring_bitmap_remove(all, doc);
    char *out = jbk_alloc(roaring_bitmap_portable_size_in_bytes(all));
    len = roaring_bitmap_portable_serialize(all, out);
    status = jbk_commit_meta(c, JBK_META_DEAD, out, len, err);
    roaring_bitmap_free(all);
    free(out);
    return status;
}

static jbk_status put_observation(jbk_commit *c, char **a, jbk_err *err) {
    jbk_recorded r = {small(a[0]), jbk_observation_none()};
    r.seen.at = number(a[1]);
    r.seen.status = (int32_t)number(a[2]);
    r.seen.counts[0] = number(a[3]);
    return jbk_commit_observations(c, &r, 1, err);
}

static jbk_status put_chunk(jbk_commit *c, char **a, jbk_err *err) {
    uint32_t n = small(a[2]);
    int64_t *values = jbk_alloc(n * sizeof *values);
    for (uint32_t i = 0; i < n; i++) values[i] = 1;
    jbk_buf bytes = {0};
    jbk_chunk_encode(values, n, &bytes);
    jbk_field_id field = (jbk_field_id)jbk_field_find(a[0], strlen(a[0]));
    jbk_status status = jbk_commit_chunk(c, field, small(a[1]), &bytes, err);
    jbk_buf_free(&bytes);
    free(values);
    return status;
}

/* Well-formed postings of as many documents, each holding the word "x" but the last. */
static jbk_status put_postings(jbk_store *s, jbk_commit *c, const jbk_segment_info *seg,
                               jbk_err *err) {
    char *scratch = jbk_store_scratch_path(s, "broken");
    const char *from = scratch;
    jbk_postings_builder *b;
    jbk_file_sums sums = {0};
    jbk_posting once = {0, 1};
    jbk_term term = {"x", 1};
    jbk_status status = jbk_postings_begin(scratch, &b, err);
    for (uint32_t i = 0; i < seg->docs && !status; i++)
        jbk_postings_add(b, &once, i + 1 < seg->docs);
    if (!status) status = jbk_postings_end(b, &term, 1, err);
    remove(seg->postings_path);
    if (!status) status = jbk_postings_merge(&from, 1, seg->postings_path, err);
    if (!status) status = jbk_file_sum_blocks(seg->postings_path, &sums, err);
    if (!status) status = jbk_commit_segment(c, seg->number, seg->base, seg->docs, &sums, err);
    jbk_vec_free(&sums.block);
    free(scratch);
    return status;
}

static jbk_status put_format(jbk_commit *c, char **a, jbk_err *err) {
    uint64_t row[2] = {strtoull(a[0], NULL, 10), strtoull(a[1], NULL, 10)};
    if (!row[1]) row[1] = jbk_fold_digest();
    return jbk_commit_meta(c, "format", row, sizeof row, err);
}

static jbk_status put(jbk_store *s, jbk_view *v, jbk_commit *c, const char *what, char **a,
                      jbk_err *err) {
    const jbk_segment_info *seg;
    (void)jbk_view_segments(v, &seg);
    if (!strcmp(what, "patch")) {
        jbk_patch p = {(jbk_field_id)jbk_field_find(a[0], strlen(a[0])), small(a[1]), number(a[2])};
        return jbk_commit_patches(c, &p, 1, err);
    }
    if (!strcmp(what, "observe")) return put_observation(c, a, err);
    if (!strcmp(what, "dead")) return put_dead(c, v, small(a[0]), true, err);
    if (!strcmp(what, "alive")) return put_dead(c, v, small(a[0]), false, err);
    if (!strcmp(what, "value"))
        return jbk_commit_value(c, (jbk_field_id)jbk_field_find(a[0], strlen(a[0])), small(a[1]),
                                a[2], strlen(a[2]), err);
    if (!strcmp(what, "chunk")) return put_chunk(c, a, err);
    if (!strcmp(what, "row"))
        return jbk_commit_segment(c, small(a[0]), small(a[1]), small(a[2]), &seg->postings, err);
    if (!strcmp(what, "format")) return put_format(c, a, err);
    if (!strcmp(what, "postings")) return put_postings(s, c, seg, err);
    if (!strcmp(what, "records")) {
        jbk_status status = rebuild_records(v, seg, a[0], err);
        return status
                   ? status
                   : jbk_commit_segment(c, seg->number, seg->base, seg->docs, &seg->postings, err);
    }
    return jbk_fail(err, JBK_USAGE, "break_index", "no such thing: %s", what);
}

int main(int argc, char **argv) {
    jbk_err err = {0};
    jbk_store *s = NULL;
    jbk_view *v = NULL;
    jbk_commit *c = NULL;
    if (argc < 3) return 2;
    jbk_status status = jbk_store_open(argv[1], JBK_OPEN_WRITE, jbk_fold_digest(), &s, &err);
    if (!status) status = jbk_view_open(s, &v, &err);
    if (!status) status = jbk_commit_begin(s, &c, &err);
    if (!status) status = put(s, v, c, argv[2], argv + 3, &err);
    if (status)
        jbk_commit_abort(c);
    else
        status = jbk_commit_end(c, &err);
    jbk_view_close(v);
    jbk_store_close(s);
    if (status) fprintf(stderr, "break_index: %s\n", err.msg);
    return status ? 3 : 0;
}
