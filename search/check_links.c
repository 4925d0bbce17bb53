/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Documents that belong together: versions of one record, of which the newest is alive, and
 * copies of one text, which name the first. */
#include "checker.h"

#include "base/hash.h"

#include <stdlib.h>

struct jbk_check_links {
    jbk_check *c;
    uint32_t doc;
    jbk_buf own, other; /* identities */
    uint32_t other_doc; /* whose identity `other` is */
    jbk_record r;
};

jbk_check_links *jbk_check_links_new(jbk_check *c) {
    jbk_check_links *l = jbk_calloc(1, sizeof *l);
    l->c = c;
    l->other_doc = JBK_NO_ONE;
    return l;
}

void jbk_check_links_free(jbk_check_links *l) {
    if (!l) return;
    jbk_buf_free(&l->own);
    jbk_buf_free(&l->other);
    jbk_record_free(&l->r);
    free(l);
}

static void find(jbk_check_links *l, jbk_table_id table, const char *what) {
    jbk_check_find(l->c, JBK_NOT_FITTING, jbk_check_table(table), what, l->doc);
}

/* Is `doc` a version of the same record?  False where it cannot be read. */
static bool is_version(jbk_check_links *l, uint32_t doc) {
    const jbk_segment_info *seg = jbk_view_segment_of(l->c->view, doc);
    if (!seg) return false;
    if (doc != l->other_doc) {
        l->other_doc = JBK_NO_ONE;
        if (jbk_record_read_rest(seg->volume, l->c->other_reader, doc - seg->base, &l->r, NULL))
            return false;
        jbk_record_identity(&l->r, &l->other);
        l->other_doc = doc;
    }
    return l->own.len == l->other.len && !memcmp(l->own.data, l->other.data, l->own.len);
}

/* The place of the first entry not before (hash, doc). */
static uint64_t lower_bound(jbk_volume *v, jbk_run_kind kind, uint64_t hash, uint32_t doc) {
    uint64_t low = 0, high = jbk_volume_entries(v, kind);
    while (low < high) {
        uint64_t mid = low + (high - low) / 2;
        jbk_run_entry e;
        if (!jbk_volume_entry(v, kind, mid, &e)) break;
        if (e.hash < hash || (e.hash == hash && e.doc < doc))
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}

/* --- versions --- */

/* Many records can share an id or a url with others of another platform. */
enum { CANDIDATES = 64 };

/* Is another version of the record alive?  *sure is false where there were too many documents
 * to look at. */
static bool other_alive(jbk_check_links *l, jbk_run_kind kind, uint64_t hash, bool *sure) {
    jbk_check *c = l->c;
    unsigned seen = 0;
    *sure = true;
    for (size_t i = 0; i < c->nsegments; i++) {
        const jbk_segment_info *seg = &c->segments[i];
        uint64_t n = jbk_volume_entries(seg->volume, kind);
        jbk_run_entry e;
        for (uint64_t at = lower_bound(seg->volume, kind, hash, 0);
             at < n && jbk_volume_entry(seg->volume, kind, at, &e) && e.hash == hash; at++) {
            uint32_t doc = seg->base + e.doc;
            if (doc == l->doc || roaring_bitmap_contains(c->dead, doc)) continue;
            if (++seen > CANDIDATES) return *sure = false;
            if (is_version(l, doc)) return true;
        }
    }
    return false;
}

/* Of a record's versions one is alive, the newest; none where it was forgotten. */
static void check_version(jbk_check_links *l, const jbk_record *r) {
    char identity = l->own.data[0];
    jbk_run_kind kind = identity == 'u' ? JBK_RUN_URL : JBK_RUN_ID;
    jbk_str name = identity == 'd' ? r->digest : jbk_record_lookup_name(r, kind);
    bool sure, dead = roaring_bitmap_contains(l->c->dead, l->doc);
    bool other = other_alive(l, kind, jbk_hash(name.s, name.len), &sure);
    if (other && !dead) find(l, JBK_TABLE_META, "two versions of one record are alive");
    if (!other && dead && sure)
        find(l, JBK_TABLE_META, "a document is among the dead that no version replaces");
}

/* --- copies --- */

/* The first document with this content that is not forgotten; JBK_NO_ONE if none. */
static uint32_t first_with(const jbk_check *c, uint64_t hash) {
    for (size_t i = 0; i < c->nsegments; i++) {
        const jbk_segment_info *seg = &c->segments[i];
        uint64_t n = jbk_volume_entries(seg->volume, JBK_RUN_CONTENT);
        jbk_run_entry e;
        for (uint64_t at = lower_bound(seg->volume, JBK_RUN_CONTENT, hash, 0);
             at < n && jbk_volume_entry(seg->volume, JBK_RUN_CONTENT, at, &e) && e.hash == hash;
             at++)
            if (!jbk_check_forgotten(c, seg->base + e.doc)) return seg->base + e.doc;
    }
    return JBK_NO_ONE;
}

static bool has_content(const jbk_check *c, uint32_t doc, uint64_t hash) {
    const jbk_segment_info *seg = jbk_view_segment_of(c->view, doc);
    return seg && jbk_volume_has_entry(seg->volume, JBK_RUN_CONTENT, hash, doc - seg->base);
}

/* A copy names the first document with its title and text, unless that one is another version
 * of the same record. */
static void check_copy(jbk_check_links *l, int64_t copy_of, const uint64_t *hash) {
    uint32_t first = hash ? first_with(l->c, *hash) : JBK_NO_ONE;
    bool own = first == JBK_NO_ONE || first == l->doc || is_version(l, first);
    if (copy_of == JBK_ABSENT) {
        if (!own) find(l, JBK_TABLE_COLUMNS, "copy_of: a copy does not name its original");
        return;
    }
    if (copy_of < 0 || copy_of >= l->c->docs || copy_of == l->doc || !hash ||
        !has_content(l->c, (uint32_t)copy_of, *hash))
        find(l, JBK_TABLE_COLUMNS,
             "copy_of: what it names is no other document with this title and text");
    else if (first == l->doc || (!own && copy_of != first))
        find(l, JBK_TABLE_COLUMNS,
             "copy_of: it does not name the first document with this title and text");
    else if (is_version(l, (uint32_t)copy_of))
        find(l, JBK_TABLE_COLUMNS, "copy_of: it names a version of the same record");
}

void jbk_check_links_of(jbk_check_links *l, uint32_t doc, const jbk_record *r, int64_t copy_of,
                        const uint64_t *content_hash) {
    l->doc = doc;
    jbk_record_identity(r, &l->own);
    if (l->c->dead) check_version(l, r);
    check_copy(l, copy_of, content_hash);
}
