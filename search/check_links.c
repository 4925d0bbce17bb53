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

/* --- what a lookup finds, a few documents at a time --- */

typedef struct {
    const jbk_check *c;
    jbk_run_kind kind;
    uint64_t hash;
    size_t segment, at;
    uint64_t skip;
    jbk_docs docs;
} finding;

/* The next document with the hash, or with one that the lookup takes for it; false at the end.  A
 * segment that cannot be read has none. */
static bool next_found(finding *f, uint32_t *doc) {
    enum { AT_ONCE = 16 };
    for (; f->segment < f->c->nsegments; f->segment++, f->skip = 0) {
        const jbk_segment_info *seg = &f->c->segments[f->segment];
        if (f->at == f->docs.n) {
            f->at = f->docs.n = 0;
            if (jbk_volume_lookup_some(seg->volume, f->kind, f->hash, f->skip, AT_ONCE, &f->docs,
                                       NULL))
                f->docs.n = 0;
            f->skip += f->docs.n;
        }
        if (f->at == f->docs.n) continue;
        *doc = seg->base + f->docs.at[f->at++];
        return true;
    }
    return false;
}

/* --- versions --- */

/* Many records can share an id or a url with others of another platform. */
enum { CANDIDATES = 64 };

/* Is another version of the record alive?  *sure is false where there were too many documents
 * to look at. */
static bool other_alive(jbk_check_links *l, jbk_run_kind kind, uint64_t hash, bool *sure) {
    finding f = {.c = l->c, .kind = kind, .hash = hash};
    unsigned seen = 0;
    bool found = false;
    *sure = true;
    for (uint32_t doc; !found && *sure && next_found(&f, &doc);) {
        if (doc == l->doc || roaring_bitmap_contains(l->c->dead, doc)) continue;
        *sure = ++seen <= CANDIDATES;
        found = *sure && is_version(l, doc);
    }
    jbk_vec_free(&f.docs);
    return found;
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

/* Has `doc` this title and text, as one item?  False where it cannot be read. */
static bool has_item(jbk_check_links *l, uint32_t doc, jbk_str item) {
    const jbk_segment_info *seg = jbk_view_segment_of(l->c->view, doc);
    jbk_str other;
    return seg &&
           !jbk_volume_item(seg->volume, l->c->other_reader, JBK_STREAM_TEXT, doc - seg->base,
                            &other.s, &other.len, NULL) &&
           other.len == item.len && !memcmp(other.s, item.s, item.len);
}

/* The first document with this title and text that is not forgotten; JBK_NO_ONE if none. */
static uint32_t first_with(jbk_check_links *l, uint64_t hash, jbk_str item) {
    finding f = {.c = l->c, .kind = JBK_RUN_CONTENT, .hash = hash};
    uint32_t doc, first = JBK_NO_ONE;
    while (first == JBK_NO_ONE && next_found(&f, &doc))
        if (!jbk_check_forgotten(l->c, doc) && (doc == l->doc || has_item(l, doc, item)))
            first = doc;
    jbk_vec_free(&f.docs);
    return first;
}

/* A copy names the first document with its title and text, unless that one is another version
 * of the same record. */
static void check_copy(jbk_check_links *l, int64_t copy_of, uint64_t hash, jbk_str item) {
    uint32_t first = item.s ? first_with(l, hash, item) : JBK_NO_ONE;
    bool own = first == JBK_NO_ONE || first == l->doc || is_version(l, first);
    if (copy_of == JBK_ABSENT) {
        if (!own) find(l, JBK_TABLE_COLUMNS, "copy_of: a copy does not name its original");
        return;
    }
    if (copy_of < 0 || copy_of >= l->c->docs || copy_of == l->doc || !item.s ||
        !has_item(l, (uint32_t)copy_of, item))
        find(l, JBK_TABLE_COLUMNS,
             "copy_of: what it names is no other document with this title and text");
    else if (first == l->doc || (!own && copy_of != first))
        find(l, JBK_TABLE_COLUMNS,
             "copy_of: it does not name the first document with this title and text");
    else if (is_version(l, (uint32_t)copy_of))
        find(l, JBK_TABLE_COLUMNS, "copy_of: it names a version of the same record");
}

void jbk_check_links_of(jbk_check_links *l, uint32_t doc, const jbk_record *r, int64_t copy_of,
                        uint64_t content_hash, jbk_str item) {
    l->doc = doc;
    jbk_record_identity(r, &l->own);
    if (l->c->dead) check_version(l, r);
    check_copy(l, copy_of, content_hash, item);
}
