/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reading where terms stand; occurrences.c writes it. */
#include "base/codec.h"
#include "base/hash.h"
#include "gaps.h"
#include "sections.h"
#include "store/occurrences.h"

#include <stdlib.h>

/* As base/intern.h has it. */
uint32_t jbk_placed_hash(const char *term, size_t len) {
    return (uint32_t)(jbk_hash(term, len) >> 32);
}

int jbk_placed_order(uint32_t a, const char *s, size_t slen, uint32_t b, const char *t,
                     size_t tlen) {
    if (a != b) return a < b ? -1 : 1;
    int order = memcmp(s, t, slen < tlen ? slen : tlen);
    return order ? order : slen < tlen ? -1 : slen > tlen;
}

/* --- terms --- */

uint64_t jbk_volume_placed_terms(const jbk_volume *v) {
    return v->sec[JBK_SEC_PLACED].len / sizeof(jbk_occurrence_entry);
}

static jbk_status entry_at(jbk_volume *v, uint64_t i, jbk_occurrence_entry *out, jbk_err *err) {
    const void *p;
    jbk_status status = jbk_section_get(v, JBK_SEC_PLACED, i, 1, sizeof *out, &p, err);
    if (!status) memcpy(out, p, sizeof *out);
    return status;
}

static bool get_head(const char **p, const char *end, jbk_word *term, jbk_places out[JBK_LINES]) {
    const char *s;
    size_t len;
    uint64_t n, bytes[JBK_LINES];
    if (!jbk_get_bytes(p, end, &s, &len)) return false;
    *term = (jbk_word){s, (uint32_t)len};
    for (int l = 0; l < JBK_LINES; l++) {
        if (!jbk_get_varint(p, end, &n) || n > UINT32_MAX || !jbk_get_varint(p, end, &bytes[l]))
            return false;
        out[l].n = (uint32_t)n;
    }
    for (int l = 0; l < JBK_LINES; l++) {
        uint64_t table = jbk_places_blocks(out[l].n) * sizeof(jbk_places_block);
        if (bytes[l] > (uint64_t)(end - *p) || table > bytes[l]) return false;
        out[l].at = *p;
        out[l].end = *p += bytes[l];
    }
    return true;
}

jbk_status jbk_volume_placed_term(jbk_volume *v, uint64_t i, jbk_word *term,
                                  jbk_places out[JBK_LINES], jbk_err *err) {
    uint64_t n = jbk_volume_placed_terms(v), end = v->sec[JBK_SEC_PLACES].len;
    *term = (jbk_word){0};
    if (i >= n) return JBK_OK;
    jbk_occurrence_entry e = {0}, next = {0};
    jbk_status status = entry_at(v, i, &e, err);
    if (!status && i + 1 < n && !(status = entry_at(v, i + 1, &next, err))) end = next.offset;
    const void *bytes;
    uint64_t len = end > e.offset ? end - e.offset : 0;
    if (!status) status = jbk_section_get(v, JBK_SEC_PLACES, e.offset, len, 1, &bytes, err);
    if (status) return status;
    const char *p = bytes;
    if (get_head(&p, p + len, term, out)) return JBK_OK;
    *term = (jbk_word){0};
    return jbk_pages_damaged(v->pages, "places of words", err);
}

/* The first entry whose hash is not below `hash`.  Hashes are spread evenly, so one says nearly
 * where it stands, and how far it is from another; every fourth step halves, whatever they are. */
static jbk_status lower_bound(jbk_volume *v, uint32_t hash, uint64_t *out, jbk_err *err) {
    uint64_t n = jbk_volume_placed_terms(v), low = 0, high = n, mid = hash * n >> 32;
    for (int step = 1; low < high; step++) {
        jbk_occurrence_entry e;
        jbk_status status = entry_at(v, mid, &e, err);
        if (status) return status;
        if (e.hash < hash) {
            low = mid + 1;
            mid = low + ((hash - e.hash) * n >> 32);
            if (mid >= high) mid = high - 1;
        } else {
            high = mid;
            uint64_t back = ((e.hash - hash) * n >> 32) + 1;
            mid = high - low > back ? high - back : low;
        }
        if (step % 4 == 0) mid = low + (high - low) / 2;
    }
    *out = low;
    return JBK_OK;
}

/* The term with that hash that stands at entry i or behind it. */
static jbk_status places_from(jbk_volume *v, uint64_t i, uint32_t hash, const char *term,
                              size_t len, jbk_places out[JBK_LINES], jbk_err *err) {
    jbk_status status = JBK_OK;
    for (; !status; i++) {
        jbk_word found;
        jbk_occurrence_entry e = {.hash = ~hash};
        if (i < jbk_volume_placed_terms(v)) status = entry_at(v, i, &e, err);
        if (status || e.hash != hash) break;
        status = jbk_volume_placed_term(v, i, &found, out, err);
        if (!status && found.len == len && !memcmp(found.s, term, len)) return JBK_OK;
    }
    for (int l = 0; l < JBK_LINES; l++) out[l] = (jbk_places){0};
    return status;
}

jbk_status jbk_volume_places(jbk_volume *v, const char *term, size_t len, jbk_places out[JBK_LINES],
                             jbk_err *err) {
    uint64_t i;
    uint32_t hash = jbk_placed_hash(term, len);
    jbk_status status = lower_bound(v, hash, &i, err);
    return status ? status : places_from(v, i, hash, term, len, out, err);
}

/* The bytes are not looked at: a page that was never read must be compared first. */
static void fetch_soon(jbk_volume *v, int sec, uint64_t i, size_t size) {
    const void *p;
    if (!jbk_section_get(v, sec, i, 0, size, &p, NULL)) __builtin_prefetch(p);
}

/* Where a term may stand, and what stands there, come from memory while others are looked at. */
jbk_status jbk_volume_places_of(jbk_volume *v, const jbk_intern *words, const uint32_t *which,
                                size_t n, jbk_places (*out)[JBK_LINES], jbk_err *err) {
    enum { AHEAD = 8 };
    uint64_t terms = jbk_volume_placed_terms(v), at[AHEAD];
    jbk_status status = JBK_OK;
    for (size_t i = 0; i < n + 2 * AHEAD && !status; i++) {
        if (i >= 2 * AHEAD) {
            uint32_t word = which[i - 2 * AHEAD];
            jbk_interned w = words->keys.at[word];
            status = places_from(v, at[i % AHEAD], w.hash, w.s, w.len, out[word], err);
        }
        if (i < n) fetch_soon(v, JBK_SEC_PLACED, words->keys.at[which[i]].hash * terms >> 32, 8);
        if (i < AHEAD || i - AHEAD >= n || status) continue;
        jbk_occurrence_entry e = {0};
        status = lower_bound(v, words->keys.at[which[i - AHEAD]].hash, &at[i % AHEAD], err);
        if (!status && at[i % AHEAD] < terms) status = entry_at(v, at[i % AHEAD], &e, err);
        fetch_soon(v, JBK_SEC_PLACES, e.offset, 1);
    }
    return status;
}

/* --- places --- */

/* The places of block b, or all where there is one only, plus `shift`; NULL where the bytes are
 * not what they should be, else what comes behind. */
static const char *read_block(const jbk_places *p, uint32_t b, uint32_t shift, uint32_t *out) {
    uint32_t blocks = jbk_places_blocks(p->n), n = p->n;
    if (!blocks) return jbk_gaps_get(p->at, p->end, n, shift, out);
    jbk_places_block head;
    memcpy(&head, p->at + b * sizeof head, sizeof head);
    const char *at = p->at + blocks * sizeof head;
    if (head.offset > (size_t)(p->end - at) || head.place > UINT32_MAX - shift) return NULL;
    n -= b * JBK_PLACES_BLOCK;
    if (n > JBK_PLACES_BLOCK) n = JBK_PLACES_BLOCK;
    out[0] = head.place + shift;
    return jbk_gaps_get(at + head.offset, p->end, n - 1, out[0], out + 1);
}

/* Blocks b .. end, or all where there is one only; the last must end where the list does. */
static bool read_blocks(const jbk_places *p, uint32_t b, uint32_t end, uint32_t shift,
                        uint32_t *out) {
    uint32_t blocks = jbk_places_blocks(p->n);
    const char *at = p->at;
    if (!blocks) return !p->n || read_block(p, 0, shift, out) == p->end;
    for (; b < end && at; b++, out += JBK_PLACES_BLOCK) at = read_block(p, b, shift, out);
    return end == blocks ? at == p->end : at != NULL;
}

bool jbk_places_read(const jbk_places *p, uint32_t shift, uint32_t *out) {
    return read_blocks(p, 0, jbk_places_blocks(p->n), shift, out);
}

bool jbk_places_read_piece(const jbk_places *p, uint32_t from, uint32_t *out, uint32_t *n) {
    uint32_t left = p->n - from, first = from / JBK_PLACES_BLOCK;
    *n = left < JBK_PLACES_PIECE ? left : JBK_PLACES_PIECE;
    return read_blocks(p, first, first + (*n + JBK_PLACES_BLOCK - 1) / JBK_PLACES_BLOCK, 0, out);
}

static uint32_t first_of(const jbk_places *p, uint32_t b) {
    jbk_places_block entry;
    memcpy(&entry, p->at + b * sizeof entry, sizeof entry);
    return entry.place;
}

/* The last block that begins at or before `place`, from block `from` on, which does. */
static uint32_t block_of(const jbk_places *p, uint32_t from, uint32_t place) {
    uint32_t blocks = jbk_places_blocks(p->n), step = 1, low = from;
    while (low + step < blocks && first_of(p, low + step) <= place) {
        low += step;
        step *= 2;
    }
    uint32_t high = low + step < blocks ? low + step : blocks;
    while (high - low > 1) {
        uint32_t mid = low + (high - low) / 2;
        if (first_of(p, mid) <= place)
            low = mid;
        else
            high = mid;
    }
    return low;
}

/* Read the block, if it is not the one that is read. */
static bool load_block(jbk_places_cursor *c, uint32_t block) {
    const jbk_places *p = c->of;
    if (c->nread && block == c->block) return true;
    if (!read_block(p, block, 0, c->read)) return false;
    uint32_t left = p->n - block * JBK_PLACES_BLOCK;
    c->block = block;
    c->nread = left < JBK_PLACES_BLOCK ? left : JBK_PLACES_BLOCK;
    c->next = 0;
    return true;
}

static bool load_block_of(jbk_places_cursor *c, uint32_t place) {
    const jbk_places *p = c->of;
    return load_block(c, jbk_places_blocks(p->n) ? block_of(p, c->nread ? c->block : 0, place) : 0);
}

/* Of the block: up to the first that is not below `place`. */
static void go_to(jbk_places_cursor *c, uint32_t place) {
    while (c->next < c->nread && c->read[c->next] < place) c->next++;
}

bool jbk_places_has(jbk_places_cursor *c, uint32_t place, bool *has) {
    const jbk_places *p = c->of;
    *has = false;
    if (!p->n) return true;
    if (!c->nread && jbk_places_blocks(p->n) && first_of(p, 0) > place) return true;
    if (!load_block_of(c, place)) return false;
    go_to(c, place);
    *has = c->next < c->nread && c->read[c->next] == place;
    return true;
}

bool jbk_places_within(jbk_places_cursor *c, uint32_t from, uint32_t to, uint32_t *out,
                       uint32_t *n) {
    const jbk_places *p = c->of;
    uint32_t blocks = jbk_places_blocks(p->n);
    *n = 0;
    if (!p->n || from >= to) return true;
    if (!load_block_of(c, from)) return false;
    for (go_to(c, from);;) {
        for (; c->next < c->nread && c->read[c->next] < to; c->next++)
            out[(*n)++] = c->read[c->next];
        uint32_t next = c->block + 1;
        if (c->next < c->nread || next >= blocks || first_of(p, next) >= to) return true;
        if (!load_block(c, next)) return false;
    }
}

/* --- lines --- */

/* The lengths of the documents' parts, a place behind each, one after the other. */
static bool add_up(const char *p, const char *end, uint32_t docs, uint32_t *starts) {
    uint64_t at = 0, len;
    for (uint32_t d = 0; d < docs; d++) {
        starts[d] = (uint32_t)at;
        if (!jbk_get_varint(&p, end, &len) || len > UINT32_MAX) return false;
        at += len + 1;
        if (at > UINT32_MAX) return false;
    }
    starts[docs] = (uint32_t)at;
    return p == end;
}

jbk_status jbk_volume_line(jbk_volume *v, jbk_line line, const uint32_t **starts, jbk_err *err) {
    const void *p;
    uint64_t len = v->sec[JBK_SEC_LINES + (int)line].len;
    *starts = v->starts[line];
    if (*starts || !len || !v->docs) return JBK_OK;
    jbk_status status = jbk_section_get(v, JBK_SEC_LINES + (int)line, 0, len, 1, &p, err);
    if (!status && len < v->docs) status = jbk_pages_damaged(v->pages, "lines", err);
    if (status) return status;
    uint32_t *all = jbk_alloc(((size_t)v->docs + 1) * sizeof *all);
    if (!add_up(p, (const char *)p + len, v->docs, all)) {
        free(all);
        return jbk_pages_damaged(v->pages, "lines", err);
    }
    *starts = v->starts[line] = all;
    return JBK_OK;
}
