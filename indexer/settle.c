/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "settle.h"

#include "base/codec.h"
#include "base/hash.h"
#include "base/intern.h"
#include "doclist.h"

#include <roaring/roaring.h>
#include <stdlib.h>

enum { DIGEST = JBK_CONTENT_DIGEST };

/* A text that a post had. */
typedef struct {
    unsigned char content[DIGEST];
} version;

/* A post that this run has met and that is not committed as it is here. */
typedef struct {
    uint64_t seq; /* of the batch that met it last */
    uint32_t doc; /* its newest version */
    unsigned char content[DIGEST];
    JBK_VEC(version) others; /* versions that are not the newest */
    jbk_observation first;   /* what its newest version says itself */
    jbk_observations more;   /* its history, `first` included; empty where that is all */
} post;

/* A text that this run has met: the first document with it, and whose it is. */
typedef struct {
    uint64_t seq;
    uint32_t doc, post;
} known_text;

struct jbk_settler {
    jbk_store *store;
    jbk_view *view;
    jbk_reader *reader;
    roaring_bitmap_t *forgotten; /* as if they had never been */
    roaring_bitmap_t *dead;
    size_t pending; /* rows of them */
    bool by_url;    /* some observation named its post by the url */
    uint32_t next_doc;
    int64_t now;
    jbk_intern post_keys; /* digest of the identity -> number in posts */
    JBK_VEC(post) posts;
    jbk_intern content_keys;
    JBK_VEC(known_text) contents;
    jbk_buf identity, other;
    jbk_arena strings; /* of the posts' histories */
    jbk_record stored;
    jbk_docs docs;
};

static jbk_status reload(jbk_settler *s, const char *key, roaring_bitmap_t **list, jbk_err *err) {
    if (*list) roaring_bitmap_free(*list);
    return jbk_doclist_load(s->view, key, list, err);
}

static jbk_status open_view(jbk_settler *s, jbk_err *err) {
    jbk_reader_free(s->reader);
    s->reader = NULL;
    jbk_view_close(s->view);
    s->view = NULL;
    jbk_status status = jbk_view_open(s->store, &s->view, err);
    if (!status) status = jbk_reader_new(jbk_view_dicts(s->view), &s->reader, err);
    if (!status) status = reload(s, JBK_META_DEAD, &s->dead, err);
    if (!status) status = reload(s, JBK_META_FORGOTTEN, &s->forgotten, err);
    if (!status) status = jbk_view_pending_rows(s->view, &s->pending, err);
    const char *by_url = NULL;
    size_t len;
    if (!status) status = jbk_view_meta(s->view, JBK_META_BY_URL, &by_url, &len, err);
    s->by_url = by_url != NULL;
    return status;
}

jbk_status jbk_settler_new(jbk_store *store, int64_t now, jbk_settler **out, jbk_err *err) {
    *out = NULL;
    jbk_settler *s = jbk_calloc(1, sizeof *s);
    s->store = store;
    s->now = now;
    jbk_status status = open_view(s, err);
    if (status) {
        jbk_settler_free(s);
        return status;
    }
    s->next_doc = jbk_view_docs(s->view);
    *out = s;
    return JBK_OK;
}

static void free_post(post *p) {
    jbk_vec_free(&p->others);
    jbk_vec_free(&p->more);
}

void jbk_settler_free(jbk_settler *s) {
    if (!s) return;
    for (size_t i = 0; i < s->posts.n; i++) free_post(&s->posts.at[i]);
    jbk_vec_free(&s->posts);
    jbk_vec_free(&s->contents);
    jbk_intern_free(&s->post_keys);
    jbk_intern_free(&s->content_keys);
    jbk_buf_free(&s->identity);
    jbk_buf_free(&s->other);
    jbk_arena_free(&s->strings);
    jbk_record_free(&s->stored);
    jbk_vec_free(&s->docs);
    if (s->forgotten) roaring_bitmap_free(s->forgotten);
    if (s->dead) roaring_bitmap_free(s->dead);
    jbk_reader_free(s->reader);
    jbk_view_close(s->view);
    free(s);
}

jbk_view *jbk_settler_view(jbk_settler *s) { return s->view; }
uint32_t jbk_settler_next_doc(const jbk_settler *s) { return s->next_doc; }

/* --- digests --- */

static void digest_of(const char *s, size_t len, unsigned char out[DIGEST]) {
    uint8_t full[32];
    jbk_sha256_raw(s, len, full);
    memcpy(out, full, DIGEST);
}

/* Of records without title and text: zeros. */
static void content_digest(jbk_settler *s, const jbk_record *r, unsigned char out[DIGEST]) {
    memset(out, 0, DIGEST);
    (void)jbk_record_content(r, &s->other, out);
}

static bool has_content(const jbk_record *r) {
    return r->field[JBK_F_TITLE].s || r->field[JBK_F_TEXT].s;
}

/* --- what the committed index knows --- */

static jbk_status lookup(jbk_settler *s, jbk_run_kind kind, uint64_t hash, jbk_err *err) {
    const jbk_segment_info *seg;
    size_t n = jbk_view_segments(s->view, &seg);
    s->docs.n = 0;
    jbk_status status = JBK_OK;
    for (size_t i = 0; i < n && !status; i++) {
        size_t kept = s->docs.n;
        status = jbk_volume_lookup(seg[i].volume, kind, hash, &s->docs, err);
        for (size_t j = kept; j < s->docs.n; j++) {
            uint32_t doc = s->docs.at[j] + seg[i].base;
            if (!roaring_bitmap_contains(s->forgotten, doc)) s->docs.at[kept++] = doc;
        }
        s->docs.n = kept;
    }
    return status;
}

/* s->stored := document `doc`; its identity into s->other. */
static jbk_status read_stored(jbk_settler *s, uint32_t doc, jbk_err *err) {
    jbk_status status = jbk_record_read(s->view, s->reader, doc, &s->stored, err);
    if (!status) jbk_record_identity(&s->stored, &s->other);
    return status;
}

static bool same_identity(const jbk_settler *s) {
    return s->identity.len == s->other.len &&
           !memcmp(s->identity.data, s->other.data, s->other.len);
}

/* The committed versions of the record whose identity is in s->identity, oldest first, are left
 * in s->docs. */
static jbk_status find_committed(jbk_settler *s, const jbk_record *r, jbk_err *err) {
    char kind = s->identity.data[0];
    jbk_str name = kind == 'p' ? r->field[JBK_F_ID] : kind == 'u' ? r->field[JBK_F_URL] : r->digest;
    jbk_status status =
        lookup(s, kind == 'u' ? JBK_RUN_URL : JBK_RUN_ID, jbk_hash(name.s, name.len), err);
    size_t kept = 0;
    for (size_t i = 0; i < s->docs.n && !status; i++) {
        status = read_stored(s, s->docs.at[i], err);
        if (!status && same_identity(s)) s->docs.at[kept++] = s->docs.at[i];
    }
    s->docs.n = status ? 0 : kept;
    return status;
}

static bool same_str(jbk_str a, jbk_str b) {
    return a.len == b.len && (!a.len || !memcmp(a.s, b.s, a.len));
}

/* The first committed document with r's title and text; *own: it is a version of the record
 * whose identity is in s->identity.  Of a text that a million posts share only the first few are
 * looked at. */
static jbk_status find_content(jbk_settler *s, const jbk_record *r, uint64_t hash, uint32_t *doc,
                               bool *own, jbk_err *err) {
    enum { AT_ONCE = 16 };
    const jbk_segment_info *seg;
    size_t n = jbk_view_segments(s->view, &seg);
    jbk_status status = JBK_OK;
    *doc = JBK_NO_DOC;
    *own = false;
    for (size_t i = 0; i < n; i++) {
        for (uint64_t skip = 0;; skip += AT_ONCE) {
            s->docs.n = 0;
            status = jbk_volume_lookup_some(seg[i].volume, JBK_RUN_CONTENT, hash, skip, AT_ONCE,
                                            &s->docs, err);
            for (size_t k = 0; k < s->docs.n && !status; k++) {
                uint32_t candidate = s->docs.at[k] + seg[i].base;
                if (roaring_bitmap_contains(s->forgotten, candidate)) continue;
                status = read_stored(s, candidate, err);
                if (status || !same_str(s->stored.field[JBK_F_TITLE], r->field[JBK_F_TITLE]) ||
                    !same_str(s->stored.field[JBK_F_TEXT], r->field[JBK_F_TEXT]))
                    continue;
                *doc = candidate;
                *own = same_identity(s);
                return JBK_OK;
            }
            if (status) return status;
            if (s->docs.n < AT_ONCE) break;
        }
    }
    return JBK_OK;
}

/* --- histories --- */

static size_t history_len(const post *p) { return p->more.n ? p->more.n : 1; }
static const jbk_observation *history(const post *p) { return p->more.n ? p->more.at : &p->first; }

static jbk_standing standing(const post *p, int64_t until_ms) {
    return jbk_history_standing(history(p), history_len(p), until_ms);
}

/* Does what `o` gives differ from what held at its time? */
static bool tells_news(const post *p, const jbk_observation *o) {
    jbk_standing then = standing(p, o->at >> 16);
    bool news = o->status >= 0 && o->status != then.value[JBK_SEEN_STATUS];
    for (int c = 0; c < 4; c++)
        news |= o->counts[c] != JBK_ABSENT && o->counts[c] != then.value[JBK_SEEN_VIEWS + c];
    return news;
}

static bool is_known(const post *p, const jbk_observation *o) {
    for (size_t i = 0; i < history_len(p); i++)
        if (jbk_observation_same(history(p) + i, o)) return true;
    return false;
}

/* A history that is recorded is recorded whole: the post's own observation comes first. */
static void record(post *p, const jbk_observation *o, jbk_settled *out) {
    if (!p->more.n && jbk_observation_says(&p->first)) {
        jbk_vec_push(&p->more, p->first);
        jbk_vec_push(&out->seen, p->first);
    }
    jbk_vec_push(&p->more, *o);
    jbk_vec_push(&out->seen, *o);
}

/* What the record says of other times; true where that is news. */
static bool record_others(post *p, const jbk_record *r, jbk_settled *out) {
    bool news = false;
    for (size_t i = 0; i < r->seen.n; i++) {
        const jbk_observation *o = &r->seen.at[i];
        if (!jbk_observation_says(o) || is_known(p, o)) continue;
        news |= tells_news(p, o);
        record(p, o, out);
    }
    return news;
}

/* --- settling --- */

static void add_version(post *p, const unsigned char content[DIGEST]) {
    version v;
    memcpy(v.content, content, DIGEST);
    jbk_vec_push(&p->others, v);
}

/* The post as the versions in s->docs have it: the living one is the newest. */
static jbk_status load_post(jbk_settler *s, uint64_t seq, post *p, jbk_err *err) {
    jbk_status status = JBK_OK;
    *p = (post){.seq = seq};
    for (size_t i = 0; i < s->docs.n && !status; i++) {
        unsigned char content[DIGEST];
        status = read_stored(s, s->docs.at[i], err);
        if (status) break;
        content_digest(s, &s->stored, content);
        if (roaring_bitmap_contains(s->dead, s->docs.at[i])) {
            add_version(p, content);
            continue;
        }
        p->doc = s->docs.at[i];
        p->first = jbk_record_observation(&s->stored);
        memcpy(p->content, content, DIGEST);
    }
    if (!status) status = jbk_view_observations(s->view, p->doc, &p->more, err);
    for (size_t i = 0; i < p->more.n; i++) jbk_observation_keep(&p->more.at[i], &s->strings);
    return status;
}

/* The post's number in s->posts, committed ones being loaded; *known says whether there is
 * such a post at all (a new one's entry is still to be filled). */
static jbk_status find_post(jbk_settler *s, uint64_t seq, const jbk_record *r, uint32_t *number,
                            bool *known, jbk_err *err) {
    unsigned char key[DIGEST];
    jbk_record_identity(r, &s->identity);
    digest_of(s->identity.data, s->identity.len, key);
    *known = jbk_intern_find(&s->post_keys, (char *)key, DIGEST, number);
    if (*known) return JBK_OK;
    jbk_status status = find_committed(s, r, err);
    if (status) return status;
    post p = {.seq = seq};
    *known = s->docs.n > 0;
    if (*known) status = load_post(s, seq, &p, err);
    if (status) {
        free_post(&p);
        return status;
    }
    *number = jbk_intern_add(&s->post_keys, (char *)key, DIGEST);
    jbk_vec_push(&s->posts, p);
    return JBK_OK;
}

/* Who had this content first?  And remember that `number` has it now. */
static jbk_status settle_content(jbk_settler *s, uint64_t seq, const jbk_record *r, uint32_t number,
                                 const unsigned char key[DIGEST], jbk_settled *out, jbk_err *err) {
    if (!has_content(r)) return JBK_OK;
    memcpy(&out->content_hash, key, sizeof out->content_hash);
    uint32_t first, n;
    bool own;
    jbk_status status = find_content(s, r, out->content_hash, &first, &own, err);
    bool known = jbk_intern_find(&s->content_keys, (const char *)key, DIGEST, &n);
    /* What is committed came before what this run has met. */
    if (first == JBK_NO_DOC && known) {
        first = s->contents.at[n].doc;
        own = s->contents.at[n].post == number;
    }
    if (first != JBK_NO_DOC && !own) out->copy_of = first;
    if (known) return status;
    jbk_intern_add(&s->content_keys, (const char *)key, DIGEST);
    known_text c = {seq, out->doc, number};
    jbk_vec_push(&s->contents, c);
    return status;
}

static void set_columns(const post *p, jbk_settled *out) { out->standing = standing(p, INT64_MAX); }

static jbk_status settle_new(jbk_settler *s, uint64_t seq, jbk_record *r, uint32_t number,
                             jbk_settled *out, jbk_err *err) {
    post *p = &s->posts.at[number];
    p->doc = out->doc = out->newest = s->next_doc++;
    p->first = jbk_record_observation(r);
    content_digest(s, r, p->content);
    out->stored = true;
    jbk_status status = settle_content(s, seq, r, number, p->content, out, err);
    out->outcome = out->copy_of == JBK_NO_DOC ? JBK_ADDED : JBK_COPY;
    record_others(p, r, out);
    set_columns(p, out);
    return status;
}

/* Same post, other text: its history goes on in the new version. */
static jbk_status settle_version(jbk_settler *s, uint64_t seq, jbk_record *r, uint32_t number,
                                 const unsigned char content[DIGEST], jbk_settled *out,
                                 jbk_err *err) {
    post *p = &s->posts.at[number];
    out->outcome = JBK_UPDATED;
    out->stored = true;
    out->dies = p->doc;
    add_version(p, p->content);
    p->doc = out->doc = out->newest = s->next_doc++;
    /* The history goes on in it, and its own observation is the latest of those made at the same
     * time. */
    if (!p->more.n && jbk_observation_says(&p->first)) jbk_vec_push(&p->more, p->first);
    p->first = jbk_record_observation(r);
    for (size_t i = 0; i < p->more.n; i++) jbk_vec_push(&out->seen, p->more.at[i]);
    if (p->more.n && jbk_observation_says(&p->first)) record(p, &p->first, out);
    record_others(p, r, out);
    memcpy(p->content, content, DIGEST);
    set_columns(p, out);
    return settle_content(s, seq, r, number, content, out, err);
}

/* What the record saw goes into the history of the newest version, unless it is there. */
static void settle_observation(post *p, const jbk_record *r, jbk_settled *out) {
    jbk_observation o = jbk_record_observation(r);
    out->outcome = JBK_UNCHANGED;
    out->doc = out->newest = p->doc;
    bool news = tells_news(p, &o);
    bool known = !jbk_observation_says(&o) || (o.at_assumed && !news) || is_known(p, &o);
    if (!known) record(p, &o, out);
    if (record_others(p, r, out) || (news && !known)) out->outcome = JBK_OBSERVED;
    if (out->seen.n) set_columns(p, out);
}

/* A version that was collected before the newest one, and comes late: stored, dead at once. */
static jbk_status settle_late(jbk_settler *s, uint64_t seq, jbk_record *r, uint32_t number,
                              const unsigned char content[DIGEST], jbk_settled *out, jbk_err *err) {
    post *p = &s->posts.at[number];
    settle_observation(p, r, out);
    set_columns(p, out);
    add_version(p, content);
    out->outcome = JBK_UPDATED;
    out->stored = true;
    out->doc = out->dies = s->next_doc++;
    return settle_content(s, seq, r, number, content, out, err);
}

static bool is_other_version(const post *p, const unsigned char content[DIGEST]) {
    for (size_t i = 0; i < p->others.n; i++)
        if (!memcmp(content, p->others.at[i].content, DIGEST)) return true;
    return false;
}

/* Which version is the newest is for the times of collection to say, so that the same files in
 * any order, or again, give the same; where they do not tell, the last read is. */
static jbk_status settle_known(jbk_settler *s, uint64_t seq, jbk_record *r, uint32_t number,
                               jbk_settled *out, jbk_err *err) {
    post *p = &s->posts.at[number];
    unsigned char content[DIGEST];
    content_digest(s, r, content);
    int64_t at = r->number[JBK_F_COLLECTED_AT];
    bool dated = at != JBK_ABSENT && !p->first.at_assumed;
    bool same = !memcmp(content, p->content, DIGEST);
    if (same || (dated && at <= p->first.at && is_other_version(p, content))) {
        settle_observation(p, r, out);
        return JBK_OK;
    }
    if (dated && at < p->first.at) return settle_late(s, seq, r, number, content, out, err);
    return settle_version(s, seq, r, number, content, out, err);
}

/* --- observations that were there before the record --- */

static jbk_status take_pending(jbk_settler *s, jbk_record *r, jbk_settled *out, jbk_err *err) {
    size_t before = r->seen.n;
    jbk_status status = jbk_view_pending(s->view, s->other.data, s->other.len, &r->seen, err);
    if (r->seen.n > before) jbk_put_bytes(&out->taken, s->other.data, s->other.len);
    return status;
}

static void name_it(jbk_settler *s, char kind, jbk_str name) {
    s->other.len = 0;
    jbk_buf_byte(&s->other, kind);
    jbk_buf_add(&s->other, name.s, name.len);
}

/* Under each of the record's names. */
static jbk_status find_pending(jbk_settler *s, jbk_record *r, jbk_settled *out, jbk_err *err) {
    if (!s->pending) return JBK_OK;
    const jbk_str *f = r->field;
    jbk_record_identity(r, &s->other);
    char kind = s->other.data[0];
    jbk_status status = take_pending(s, r, out, err);
    if (kind == 'p' && f[JBK_F_URL].s && !status) {
        name_it(s, 'u', f[JBK_F_URL]);
        status = take_pending(s, r, out, err);
    }
    if (f[JBK_F_ID].s && !f[JBK_F_PLATFORM].s && !status) {
        name_it(s, 'd', f[JBK_F_ID]);
        status = take_pending(s, r, out, err);
    }
    return status;
}

/* What named by its url another record that shares it holds of this one, too. */
static jbk_status share_url(jbk_settler *s, jbk_record *r, jbk_err *err) {
    jbk_str url = r->field[JBK_F_URL];
    if (!s->by_url || !url.s) return JBK_OK;
    jbk_observations seen = {0};
    jbk_status status = lookup(s, JBK_RUN_URL, jbk_hash(url.s, url.len), err);
    for (size_t i = 0; i < s->docs.n && !status; i++) {
        if (roaring_bitmap_contains(s->dead, s->docs.at[i])) continue;
        seen.n = 0;
        status = jbk_view_observations(s->view, s->docs.at[i], &seen, err);
        size_t kept = 0;
        for (size_t k = 0; k < seen.n; k++)
            if (seen.at[k].by_url) seen.at[kept++] = seen.at[k];
        if (kept && !status) status = read_stored(s, s->docs.at[i], err);
        if (status || !kept || !same_str(s->stored.field[JBK_F_URL], url)) continue;
        for (size_t k = 0; k < kept; k++) jbk_vec_push(&r->seen, seen.at[k]);
    }
    jbk_vec_free(&seen);
    return status;
}

/* Into r->seen, with strings of their own. */
static jbk_status find_seen(jbk_settler *s, jbk_record *r, jbk_settled *out, jbk_err *err) {
    jbk_status status = find_pending(s, r, out, err);
    if (!status) status = share_url(s, r, err);
    /* The record's own too: the post may outlive its batch. */
    for (size_t i = 0; i < r->seen.n; i++) jbk_observation_keep(&r->seen.at[i], &s->strings);
    return status;
}

jbk_status jbk_settle(jbk_settler *s, uint64_t seq, jbk_record *r, jbk_settled *out, jbk_err *err) {
    *out = (jbk_settled){.copy_of = JBK_NO_DOC, .dies = JBK_NO_DOC, .newest = JBK_NO_DOC};
    r->indexed_at = s->now;
    if (s->next_doc == JBK_NO_DOC)
        return jbk_fail(err, JBK_FULL, "settle", "the index holds as many documents as it can");
    uint32_t number;
    bool known;
    jbk_status status = find_seen(s, r, out, err);
    if (!status) status = find_post(s, seq, r, &number, &known, err);
    if (status) return status;
    s->posts.at[number].seq = seq;
    return known ? settle_known(s, seq, r, number, out, err)
                 : settle_new(s, seq, r, number, out, err);
}

/* The strings of the posts that stay move to a new arena. */
static void keep_strings(jbk_settler *s) {
    jbk_arena old = s->strings;
    s->strings = (jbk_arena){0};
    for (size_t i = 0; i < s->posts.n; i++) {
        post *p = &s->posts.at[i];
        jbk_observation_keep(&p->first, &s->strings);
        for (size_t k = 0; k < p->more.n; k++) jbk_observation_keep(&p->more.at[k], &s->strings);
    }
    jbk_arena_free(&old);
}

/* Keep what batches after `seq` met; the rest can be read from the store. */
jbk_status jbk_settler_committed(jbk_settler *s, uint64_t seq, jbk_err *err) {
    jbk_intern post_keys = s->post_keys, content_keys = s->content_keys;
    s->post_keys = s->content_keys = (jbk_intern){0};
    size_t kept = 0;
    uint32_t *renumbered = jbk_alloc((s->posts.n + 1) * sizeof *renumbered);
    for (size_t i = 0; i < s->posts.n; i++) {
        renumbered[i] = JBK_NO_DOC;
        if (s->posts.at[i].seq <= seq) {
            free_post(&s->posts.at[i]);
            continue;
        }
        renumbered[i] = jbk_intern_add(&s->post_keys, post_keys.keys.at[i].s, DIGEST);
        s->posts.at[kept++] = s->posts.at[i];
    }
    s->posts.n = kept;
    kept = 0;
    for (size_t i = 0; i < s->contents.n; i++) {
        known_text c = s->contents.at[i];
        if (c.seq <= seq) continue;
        c.post = renumbered[c.post];
        jbk_intern_add(&s->content_keys, content_keys.keys.at[i].s, DIGEST);
        s->contents.at[kept++] = c;
    }
    s->contents.n = kept;
    free(renumbered);
    jbk_intern_free(&post_keys);
    jbk_intern_free(&content_keys);
    keep_strings(s);
    return open_view(s, err);
}
