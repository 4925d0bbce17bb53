/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Is a records file what its writer made?  Pages, sections, block directories, lookups;
 * verify_words.c has the words. */
#include "lookups.h"
#include "verify_volume.h"

#include <stdlib.h>

/* --- pages --- */

void jbk_volume_verify_pages(jbk_volume *v, jbk_page_runs *bad, uint64_t *pages) {
    uint64_t len = jbk_pages_len(v->pages);
    *pages = (len + JBK_PAGE - 1) / JBK_PAGE;
    for (uint64_t page = 0; page < *pages; page++) {
        const char *p;
        if (!jbk_pages_get(v->pages, page * JBK_PAGE, 1, &p, NULL)) continue;
        jbk_page_run *last = bad->n ? &bad->at[bad->n - 1] : NULL;
        if (last && last->first + last->n == page)
            last->n++;
        else
            jbk_vec_push(bad, ((jbk_page_run){page, 1}));
    }
}

static const char *const PART[JBK_SECTIONS] = {
    "directory of text blocks",
    "directory of record blocks",
    "lookup of ids",
    "lookup of urls",
    "lookup of contents",
    "lookup of sketches",
    "words",
    "starts of words",
    "kinds of words",
    "suffixes of words",
    "keys of words",
    "places of words",
    "directory of places",
    "line of titles",
    "line of texts",
    "pairs",
    "groups of pairs",
};

const char *jbk_volume_part(jbk_volume *v, uint64_t page) {
    uint64_t first = page * JBK_PAGE, end = first + JBK_PAGE;
    for (int s = 0; s < JBK_SECTIONS; s++)
        if (v->sec[s].len && v->sec[s].offset < end && v->sec[s].offset + v->sec[s].len > first)
            return PART[s];
    return "blocks of text and records";
}

/* --- sections --- */

void jbk_verify_tell(const jbk_verifier *v, const char *what, uint32_t first, uint32_t n) {
    v->ear.tell(v->ear.arg, what, first, n);
}

/* False, so that checks can end with it. */
static bool tell_part(const jbk_verifier *v, int sec, const char *what) {
    char *text = jbk_printf("%s: %s", PART[sec], what);
    jbk_verify_tell(v, text, 0, 0);
    free(text);
    return false;
}

const void *jbk_verify_read(const jbk_verifier *v, int sec, uint64_t i, uint64_t n, size_t size) {
    const void *p;
    return jbk_section_get(v->volume, sec, i, n, size, &p, NULL) ? NULL : p;
}

/* Bytes of an item; sections hold whole ones. */
static size_t item_size(int sec) {
    if (sec < JBK_SEC_LOOKUPS) return sizeof(jbk_block_entry);
    if (sec == JBK_SEC_KEYS || sec == JBK_SEC_PLACED || sec == JBK_SEC_PAIR_GROUPS) return 8;
    return sec == JBK_SEC_WORD_STARTS || sec == JBK_SEC_SUFFIXES ? 4 : 1;
}

static bool check_sections(const jbk_verifier *v) {
    uint64_t len = jbk_pages_len(v->volume->pages);
    bool good = true;
    for (int s = 0; s < JBK_SECTIONS; s++) {
        jbk_section at = v->volume->sec[s];
        if (at.offset <= len && at.len <= len - at.offset && at.offset % 8 == 0 &&
            at.len % item_size(s) == 0)
            continue;
        good = tell_part(v, s, "does not lie within the file as it should");
    }
    return good;
}

/* --- blocks --- */

/* Blocks stand before all sections. */
static uint64_t blocks_end(const jbk_volume *v) {
    uint64_t end = jbk_pages_len(v->pages);
    for (int s = 0; s < JBK_SECTIONS; s++)
        if (v->sec[s].len && v->sec[s].offset < end) end = v->sec[s].offset;
    return end;
}

static bool check_blocks(const jbk_verifier *v, int stream) {
    int sec = JBK_SEC_BLOCKS + stream;
    uint64_t n = v->volume->sec[sec].len / sizeof(jbk_block_entry), next = 0;
    uint64_t data = blocks_end(v->volume);
    for (uint64_t i = 0; i < n; i++) {
        const jbk_block_entry *e = jbk_verify_read(v, sec, i, 1, sizeof *e);
        if (!e) return false;
        if (e->first != next || !e->items)
            return tell_part(v, sec, "blocks do not follow each other");
        if (e->offset > data || e->packed_len > data - e->offset)
            return tell_part(v, sec, "a block leads out of the file's blocks");
        next += e->items;
    }
    return next == v->volume->docs || tell_part(v, sec, "blocks hold more or fewer documents");
}

/* --- lookups --- */

uint64_t jbk_volume_entries(jbk_volume *v, jbk_run_kind kind) {
    jbk_lookup_shape s;
    return jbk_lookup_shape_get(v, kind, &s, NULL) ? 0 : s.n;
}

bool jbk_volume_has_entry(jbk_volume *v, jbk_run_kind kind, uint64_t hash, uint32_t doc) {
    uint64_t key = jbk_lookup_key(kind, hash);
    jbk_lookup_shape s;
    jbk_lookup_bucket b;
    if (jbk_lookup_shape_get(v, kind, &s, NULL) ||
        jbk_lookup_bucket_get(v, kind, &s, key, &b, NULL))
        return false;
    uint64_t i = jbk_lookup_lower_bound(&s, b.packed, b.from, b.to, key, doc);
    return i < b.to && jbk_lookup_tag(&s, b.packed, i) == jbk_lookup_tag_of(&s, key) &&
           jbk_lookup_doc(&s, b.packed, i) == doc;
}

static bool check_run(const jbk_verifier *v, jbk_run_kind kind) {
    int sec = JBK_SEC_LOOKUPS + (int)kind;
    jbk_lookup_cursor c;
    jbk_run_entry last = {0}, e;
    if (!jbk_verify_read(v, sec, 0, v->volume->sec[sec].len, 1)) return false;
    if (jbk_volume_run(v->volume, kind, &c, NULL))
        return tell_part(v, sec, "it has not the entries that it says");
    for (; jbk_lookup_next(&c, &e); last = e) {
        if (e.doc >= v->volume->docs)
            return tell_part(v, sec, "an entry leads to a document that is not there");
        if (e.hash < last.hash || (e.hash == last.hash && e.doc < last.doc))
            return tell_part(v, sec, "entries are not sorted");
    }
    return true;
}

void jbk_volume_verify(jbk_volume *volume, jbk_damage_ear ear) {
    jbk_verifier v = {volume, ear};
    if (!check_sections(&v)) return;
    for (int s = 0; s < JBK_STREAMS; s++) (void)check_blocks(&v, s);
    for (int k = 0; k < JBK_RUNS; k++) (void)check_run(&v, (jbk_run_kind)k);
    jbk_verify_words(&v);
    jbk_verify_places(&v);
    jbk_verify_pairs(&v);
}
