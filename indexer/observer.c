/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A million sightings name records in any order; hashes are looked up in the order of hashes,
 * and records are read in the order they lie. */
#include "observer.h"

#include "base/hash.h"
#include "base/intern.h"
#include "doclist.h"

#include <stdlib.h>

typedef struct {
    uint64_t hash; /* of the lookup, then of the whole name */
    uint32_t sighting;
} hashed;

typedef struct {
    uint32_t doc, sighting;
    bool moved; /* it named an earlier version: the living one may be called otherwise */
} match;

enum { S_UNKNOWN, S_KNOWN, S_NEW }; /* what became of a sighting */

typedef struct {
    jbk_store *store;
    jbk_view *view;
    jbk_reader *reader;
    roaring_bitmap_t *dead, *forgotten;
    jbk_commit *commit;
    const jbk_sightings *batch;
    uint8_t *state; /* of each sighting */
    JBK_VEC(match) matches;
    jbk_record record;
    jbk_buf identity;
    jbk_docs docs;
    /* Of the chunk of columns at hand. */
    jbk_recorded_list histories, added;
    size_t history_at;
    JBK_VEC(jbk_patch) patches[JBK_SEEN_FIELDS];
    jbk_observations history; /* of the document at hand, what is added included */
    bool by_url;
    jbk_observer_tally *tally;
} observer;

/* --- names to documents --- */

/* What the lookup has the hash of: the id, the url or the digest. */
static jbk_str lookup_part(jbk_str name) {
    jbk_str s = {name.s + 1, name.len - 1};
    if (*name.s != 'p') return s;
    size_t len = 0;
    unsigned shift = 0;
    while (s.len) { /* the length of the platform's name */
        unsigned char c = (unsigned char)*s.s++;
        s.len--;
        len |= (size_t)(c & 0x7F) << shift;
        shift += 7;
        if (c < 0x80) break;
    }
    return (jbk_str){s.s + len, s.len - len};
}

static int by_hash(const void *x, const void *y) {
    const hashed *a = x, *b = y;
    if (a->hash != b->hash) return a->hash < b->hash ? -1 : 1;
    return a->sighting < b->sighting ? -1 : a->sighting > b->sighting;
}

static int by_doc(const void *x, const void *y) {
    const match *a = x, *b = y;
    if (a->doc != b->doc) return a->doc < b->doc ? -1 : 1;
    if (a->sighting != b->sighting) return a->sighting < b->sighting ? -1 : 1;
    return (int)b->moved - (int)a->moved;
}

static void sort_matches(observer *o) { jbk_vec_sort(&o->matches, by_doc); }

/* Documents with that hash in a lookup, forgotten ones left out, into o->docs. */
static jbk_status lookup(observer *o, jbk_run_kind kind, uint64_t hash, jbk_err *err) {
    const jbk_segment_info *seg;
    size_t n = jbk_view_segments(o->view, &seg);
    jbk_status status = JBK_OK;
    o->docs.n = 0;
    for (size_t i = 0; i < n && !status; i++) {
        size_t kept = o->docs.n;
        status = jbk_volume_lookup(seg[i].volume, kind, hash, &o->docs, err);
        for (size_t j = kept; j < o->docs.n; j++) {
            uint32_t doc = o->docs.at[j] + seg[i].base;
            if (!roaring_bitmap_contains(o->forgotten, doc)) o->docs.at[kept++] = doc;
        }
        o->docs.n = kept;
    }
    return status;
}

static jbk_status find_candidates(observer *o, jbk_err *err) {
    size_t n = o->batch->n;
    hashed *order = jbk_alloc((n + 1) * sizeof *order);
    for (size_t i = 0; i < n; i++) {
        jbk_str part = lookup_part(o->batch->at[i].name);
        order[i] = (hashed){jbk_hash(part.s, part.len), (uint32_t)i};
    }
    qsort(order, n, sizeof *order, by_hash);
    jbk_status status = JBK_OK;
    for (int by_url = 0; by_url < 2 && !status; by_url++) {
        bool looked_up = false;
        uint64_t last = 0;
        for (size_t i = 0; i < n && !status; i++) {
            const jbk_sighting *s = &o->batch->at[order[i].sighting];
            if ((*s->name.s == 'u') != (by_url == 1)) continue;
            if (!looked_up || order[i].hash != last)
                status = lookup(o, by_url ? JBK_RUN_URL : JBK_RUN_ID, order[i].hash, err);
            looked_up = true;
            last = order[i].hash;
            for (size_t k = 0; k < o->docs.n && !status; k++)
                jbk_vec_push(&o->matches, ((match){o->docs.at[k], order[i].sighting, false}));
        }
    }
    free(order);
    sort_matches(o);
    return status;
}

/* All but title and text, which names do not need. */
static jbk_status read_record(observer *o, uint32_t doc, jbk_err *err) {
    const jbk_segment_info *seg = jbk_view_segment_of(o->view, doc);
    jbk_status status =
        jbk_record_read_rest(seg->volume, o->reader, doc - seg->base, &o->record, err);
    if (!status) jbk_record_identity(&o->record, &o->identity);
    return status;
}

static bool is_str(jbk_str s, const char *t, size_t len) {
    return s.len == len && !memcmp(s.s, t, len);
}

/* Does the name mean o->record? */
static bool is_named(const observer *o, jbk_str name) {
    const jbk_str *f = o->record.field;
    if (is_str(name, o->identity.data, o->identity.len)) return true;
    if (*name.s == 'u') return f[JBK_F_URL].s && is_str(f[JBK_F_URL], name.s + 1, name.len - 1);
    return *name.s == 'd' && f[JBK_F_ID].s && !f[JBK_F_PLATFORM].s &&
           is_str(f[JBK_F_ID], name.s + 1, name.len - 1);
}

/* The living version of o->record, into *doc. */
static jbk_status find_living(observer *o, uint32_t *doc, jbk_err *err) {
    jbk_buf wanted = {0};
    jbk_buf_add(&wanted, o->identity.data, o->identity.len);
    jbk_str part = lookup_part((jbk_str){wanted.data, wanted.len});
    jbk_status status =
        lookup(o, *wanted.data == 'u' ? JBK_RUN_URL : JBK_RUN_ID, jbk_hash(part.s, part.len), err);
    *doc = UINT32_MAX;
    for (size_t i = 0; i < o->docs.n && !status && *doc == UINT32_MAX; i++) {
        if (roaring_bitmap_contains(o->dead, o->docs.at[i])) continue;
        status = read_record(o, o->docs.at[i], err);
        if (!status &&
            is_str((jbk_str){wanted.data, wanted.len}, o->identity.data, o->identity.len))
            *doc = o->docs.at[i];
    }
    jbk_buf_free(&wanted);
    return status;
}

/* What names an earlier version means the living one. */
static jbk_status redirect_dead(observer *o, jbk_err *err) {
    JBK_VEC(match) moved = {0};
    size_t kept = 0;
    jbk_status status = JBK_OK;
    for (size_t i = 0; i < o->matches.n && !status; i++) {
        match m = o->matches.at[i];
        if (!roaring_bitmap_contains(o->dead, m.doc)) {
            o->matches.at[kept++] = m;
            continue;
        }
        status = read_record(o, m.doc, err);
        if (status || !is_named(o, o->batch->at[m.sighting].name)) continue;
        status = find_living(o, &m.doc, err);
        m.moved = true;
        if (!status && m.doc != UINT32_MAX) jbk_vec_push(&moved, m);
    }
    o->matches.n = kept;
    for (size_t i = 0; i < moved.n; i++) jbk_vec_push(&o->matches, moved.at[i]);
    if (moved.n) sort_matches(o);
    jbk_vec_free(&moved);
    return status;
}

/* --- into histories --- */

/* The history of `doc` as it was, into o->history. */
static void begin_history(observer *o, uint32_t doc) {
    const jbk_recorded_list *h = &o->histories;
    o->history.n = 0;
    while (o->history_at < h->n && h->at[o->history_at].doc < doc) o->history_at++;
    for (; o->history_at < h->n && h->at[o->history_at].doc == doc; o->history_at++)
        jbk_vec_push(&o->history, h->at[o->history_at].seen);
}

static bool tells_news(const observer *o, const jbk_observation *seen) {
    jbk_standing then = jbk_history_standing(o->history.at, o->history.n, seen->at >> 16);
    bool news = seen->status >= 0 && seen->status != then.value[JBK_SEEN_STATUS];
    for (int c = 0; c < 4; c++)
        news |= seen->counts[c] != JBK_ABSENT && seen->counts[c] != then.value[JBK_SEEN_VIEWS + c];
    return news;
}

static bool is_known(const observer *o, jbk_intern *keys, const jbk_observation *seen) {
    if (keys) { /* what is the same has the same key, and the other way round */
        jbk_buf key = {0};
        uint32_t n;
        jbk_buf_add(&key, &seen->at, sizeof seen->at);
        jbk_buf_byte(&key, (char)seen->at_assumed);
        jbk_buf_add(&key, &seen->status, sizeof seen->status);
        jbk_buf_add(&key, seen->counts, sizeof seen->counts);
        jbk_buf_add(&key, &seen->message.len, sizeof seen->message.len);
        jbk_buf_add(&key, seen->message.s, seen->message.len);
        jbk_buf_add(&key, seen->seen_by.s, seen->seen_by.len);
        bool known = jbk_intern_find(keys, key.data, key.len, &n);
        if (!known) jbk_intern_add(keys, key.data, key.len);
        jbk_buf_free(&key);
        return known;
    }
    for (size_t i = 0; i < o->history.n; i++)
        if (jbk_observation_same(&o->history.at[i], seen)) return true;
    return false;
}

enum { FEW = 16 };

/* Sightings m .. m + n are candidates for `doc`. */
static jbk_status observe_doc(observer *o, const match *m, size_t n, jbk_err *err) {
    jbk_status status = read_record(o, m->doc, err);
    if (status) return status;
    begin_history(o, m->doc);
    size_t before = o->history.n, added = o->added.n;
    jbk_observation own = jbk_record_observation(&o->record);
    if (!before && jbk_observation_says(&own)) jbk_vec_push(&o->history, own);
    jbk_intern keys = {0}, *set = o->history.n + n > FEW ? &keys : NULL;
    for (size_t i = 0; i < o->history.n && set; i++) (void)is_known(o, set, &o->history.at[i]);
    for (size_t i = 0; i < n; i++) {
        const jbk_sighting *s = &o->batch->at[m[i].sighting];
        uint8_t *state = &o->state[m[i].sighting];
        bool twice = i && m[i].sighting == m[i - 1].sighting;
        if (twice || (!m[i].moved && !is_named(o, s->name))) continue;
        if (*state != S_NEW) *state = S_KNOWN;
        if (s->seen.at_assumed && !tells_news(o, &s->seen)) continue;
        if (is_known(o, set, &s->seen)) continue;
        jbk_vec_push(&o->history, s->seen);
        *state = S_NEW;
        o->by_url |= s->seen.by_url;
        if (o->added.n == added && !before && jbk_observation_says(&own))
            jbk_vec_push(&o->added, ((jbk_recorded){m->doc, own}));
        jbk_vec_push(&o->added, ((jbk_recorded){m->doc, s->seen}));
    }
    jbk_intern_free(&keys);
    if (o->added.n == added) return JBK_OK;
    jbk_standing now = jbk_history_standing(o->history.at, o->history.n, INT64_MAX);
    for (int i = 0; i < JBK_SEEN_FIELDS; i++)
        jbk_vec_push(&o->patches[i], ((jbk_patch){jbk_seen_fields[i], m->doc, now.value[i]}));
    return JBK_OK;
}

static jbk_status end_chunk(observer *o, jbk_err *err) {
    jbk_status status = jbk_commit_observations(o->commit, o->added.at, o->added.n, err);
    for (int i = 0; i < JBK_SEEN_FIELDS && !status; i++) {
        status = jbk_commit_patches(o->commit, o->patches[i].at, o->patches[i].n, err);
        o->patches[i].n = 0;
    }
    o->added.n = 0;
    return status;
}

static jbk_status observe_matches(observer *o, jbk_err *err) {
    jbk_status status = JBK_OK;
    uint32_t chunk = UINT32_MAX;
    const match *m = o->matches.at;
    for (size_t i = 0, end; i < o->matches.n && !status; i = end) {
        for (end = i + 1; end < o->matches.n && m[end].doc == m[i].doc;) end++;
        if (m[i].doc / JBK_CHUNK != chunk) {
            status = end_chunk(o, err);
            chunk = m[i].doc / JBK_CHUNK;
            o->histories.n = o->history_at = 0;
            if (!status)
                status = jbk_view_histories(o->view, chunk * JBK_CHUNK,
                                            chunk * JBK_CHUNK + JBK_CHUNK, &o->histories, err);
        }
        if (!status) status = observe_doc(o, m + i, end - i, err);
    }
    return status ? status : end_chunk(o, err);
}

/* --- what no record has the name of --- */

static jbk_status wait_for(observer *o, const hashed *at, size_t n, jbk_err *err) {
    jbk_str name = o->batch->at[at->sighting].name;
    o->history.n = 0;
    jbk_status status = jbk_view_pending(o->view, name.s, name.len, &o->history, err);
    size_t before = o->history.n;
    jbk_intern keys = {0};
    for (size_t i = 0; i < before; i++) (void)is_known(o, &keys, &o->history.at[i]);
    for (size_t i = 0; i < n && !status; i++) {
        jbk_observation seen = o->batch->at[at[i].sighting].seen;
        bool known = seen.at_assumed && o->history.n && !tells_news(o, &seen);
        known = known || is_known(o, &keys, &seen);
        o->tally->unchanged += known;
        o->tally->pending += !known;
        if (known) continue;
        o->by_url |= seen.by_url; /* in the history of who comes */
        jbk_vec_push(&o->history, seen);
    }
    if (!status && o->history.n > before)
        status = jbk_commit_pending(o->commit, name.s, name.len, o->history.at + before,
                                    o->history.n - before, err);
    jbk_intern_free(&keys);
    return status;
}

static jbk_status keep_pending(observer *o, jbk_err *err) {
    JBK_VEC(hashed) order = {0};
    const jbk_sighting *all = o->batch->at;
    jbk_status status = JBK_OK;
    for (size_t i = 0; i < o->batch->n; i++) {
        o->tally->observed += o->state[i] == S_NEW;
        o->tally->unchanged += o->state[i] == S_KNOWN;
        if (o->state[i] == S_UNKNOWN)
            jbk_vec_push(&order, ((hashed){jbk_hash(all[i].name.s, all[i].name.len), (uint32_t)i}));
    }
    jbk_vec_sort(&order, by_hash);
    for (size_t i = 0, end; i < order.n && !status; i = end) {
        jbk_str name = all[order.at[i].sighting].name;
        for (end = i + 1;
             end < order.n && is_str(all[order.at[end].sighting].name, name.s, name.len);)
            end++;
        status = wait_for(o, order.at + i, end - i, err);
    }
    jbk_vec_free(&order);
    return status;
}

/* --- */

static jbk_status begin(observer *o, jbk_err *err) {
    jbk_status status = jbk_view_open(o->store, &o->view, err);
    if (!status) status = jbk_reader_new(jbk_view_dicts(o->view), &o->reader, err);
    if (!status) status = jbk_doclist_load(o->view, JBK_META_DEAD, &o->dead, err);
    if (!status) status = jbk_doclist_load(o->view, JBK_META_FORGOTTEN, &o->forgotten, err);
    return status ? status : jbk_commit_begin(o->store, &o->commit, err);
}

static void end(observer *o) {
    jbk_record_free(&o->record);
    jbk_reader_free(o->reader);
    if (o->dead) roaring_bitmap_free(o->dead);
    if (o->forgotten) roaring_bitmap_free(o->forgotten);
    jbk_view_close(o->view);
    free(o->state);
    jbk_vec_free(&o->matches);
    jbk_buf_free(&o->identity);
    jbk_vec_free(&o->docs);
    jbk_vec_free(&o->histories);
    jbk_vec_free(&o->added);
    jbk_vec_free(&o->history);
    for (int i = 0; i < JBK_SEEN_FIELDS; i++) jbk_vec_free(&o->patches[i]);
}

jbk_status jbk_observe(jbk_store *store, const jbk_sightings *batch, jbk_observer_tally *tally,
                       jbk_err *err) {
    jbk_observer_tally now = *tally;
    observer o = {.store = store, .batch = batch, .tally = &now};
    o.state = jbk_calloc(batch->n + 1, sizeof *o.state);
    jbk_status status = begin(&o, err);
    if (!status) status = find_candidates(&o, err);
    if (!status) status = redirect_dead(&o, err);
    if (!status) status = observe_matches(&o, err);
    if (!status) status = keep_pending(&o, err);
    if (!status && o.by_url) status = jbk_commit_meta(o.commit, JBK_META_BY_URL, "1", 1, err);
    bool changed = now.observed != tally->observed || now.pending != tally->pending;
    if (status || !changed) {
        jbk_commit_abort(o.commit);
    } else {
        status = jbk_commit_end(o.commit, err);
    }
    if (!status) *tally = now;
    end(&o);
    return status;
}
