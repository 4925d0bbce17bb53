/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The postings, and the places of words, made again from the stored text.  Comparing them posting
 * by posting would need all of them in order and in memory; instead every posting (term, document,
 * count) is mixed to one number, which is added where the text gives it and subtracted where the
 * postings file has it, once under its document and once under its term.  What does not come out at
 * zero differs; memory does not grow with the index.  The same with (term, place). */
#include "checker.h"

#include "base/hash.h"
#include "shim/postings.h"
#include "store/occurrences.h"
#include "store/pairs.h"
#include "text/borders.h"
#include "text/document.h"
#include "text/names.h"
#include "text/segment.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* DOCS: a segment of more documents shares their places, and then none is named. */
enum { TERMS = 1 << 18, DOCS = 1 << 22, RANGE = 1024, FETCH = 4096, THREADS_MAX = 32 };
static const size_t WORDS_BYTES = (size_t)32 << 20; /* of a table of words before it is emptied */

typedef struct {
    jbk_check *c;
    const jbk_segment_info *seg;
    _Atomic uint64_t *terms, *docs;
    _Atomic uint64_t *placed; /* as `docs`, of the places of words */
    _Atomic uint64_t *paired; /* as `docs`, of the pairs on their borders */
    const uint32_t *starts[JBK_LINES];
    uint32_t ndocs; /* places */
    _Atomic uint32_t next;
    pthread_mutex_t lock; /* guards what follows, the view and the findings */
    roaring_bitmap_t *unread;
    uint32_t done;
    bool sound;        /* the lookups of the segment can be used */
    uint64_t sketched; /* hashes of all its documents' sketches */
    bool same_names;   /* the index's mentions were made with this program's table of names */
} deep_segment;

/* What a thread has made of one document. */
typedef struct {
    uint32_t words;
    const char *lang, *script; /* NULL where the record says it itself */
    char *mentions;            /* NULL where the index's are of another table of names */
    uint32_t sketched;         /* hashes of its sketch */
    bool found;                /* by all of them */
    bool read;
} derived;

typedef struct {
    deep_segment *d;
    jbk_reader *reader;
    jbk_counter *counter;
    jbk_intern words;
    jbk_word_counts counts;
    jbk_borders borders;
    jbk_record r;
    jbk_buf scratch;
    derived out[RANGE];
} worker;

/* --- numbers for postings --- */

static uint64_t mix(uint64_t term, uint32_t doc, uint32_t count) {
    uint64_t x = term + doc * UINT64_C(0x9E3779B97F4A7C15) + count * UINT64_C(0xD6E8FEB86659FD93);
    x = (x ^ x >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
    x = (x ^ x >> 27) * UINT64_C(0x94D049BB133111EB);
    return x ^ x >> 31;
}

static void add(deep_segment *d, uint64_t term, uint32_t doc, uint64_t value) {
    atomic_fetch_add_explicit(&d->terms[term % TERMS], value, memory_order_relaxed);
    atomic_fetch_add_explicit(&d->docs[doc % d->ndocs], value, memory_order_relaxed);
}

/* --- from the text --- */

static void add_counts(worker *w, uint32_t doc) {
    for (size_t i = 0; i < w->counts.n; i++) {
        jbk_word_count c = w->counts.at[i];
        jbk_interned word = w->words.keys.at[c.word];
        uint64_t hash = jbk_hash(word.s, word.len);
        add(w->d, hash, doc, mix(hash, doc, c.count));
    }
}

/* What a word at a place of a line comes to. */
static uint64_t mix_place(uint64_t word, jbk_line line, uint32_t place) {
    return mix(word + (uint64_t)line, place, 1);
}

static uint32_t start_of(const deep_segment *d, jbk_line line, uint32_t doc) {
    return d->starts[line] ? d->starts[line][doc] : doc;
}

static void add_places(worker *w, uint32_t doc) {
    deep_segment *d = w->d;
    uint64_t sum = 0;
    for (int l = 0; l < JBK_LINES && d->placed; l++) {
        const jbk_words_at *at = jbk_counter_places(w->counter, l == JBK_LINE_TITLE);
        uint32_t start = start_of(d, (jbk_line)l, doc);
        for (size_t i = 0; i < at->words.n; i++) {
            jbk_interned word = w->words.keys.at[at->words.at[i].word];
            sum += mix_place(jbk_hash(word.s, word.len), (jbk_line)l, start + at->words.at[i].at);
        }
        /* How much of the line is the document's own. */
        sum += start + at->len_cp + 1 - start_of(d, (jbk_line)l, doc + 1);
    }
    if (d->placed) atomic_fetch_add_explicit(&d->placed[doc % d->ndocs], sum, memory_order_relaxed);
}

static uint64_t mix_pair(uint32_t pair, uint32_t weight) { return mix(pair, 0, weight); }

static int by_number(const void *x, const void *y) {
    uint32_t a = *(const uint32_t *)x, b = *(const uint32_t *)y;
    return a < b ? -1 : a > b;
}

static void add_pairs(worker *w, uint32_t doc) {
    jbk_borders *b = &w->borders;
    uint64_t sum = 0;
    jbk_borders_find(b, &w->words, jbk_counter_places(w->counter, true),
                     jbk_counter_places(w->counter, false));
    uint32_t *at = b->found.at;
    size_t n = b->found.n;
    if (n) qsort(at, n, sizeof *at, by_number);
    for (size_t i = 0, same; i < n; i += same) {
        for (same = 1; i + same < n && at[i + same] == at[i];) same++;
        sum += mix_pair(at[i], same < UINT16_MAX ? (uint32_t)same : UINT16_MAX);
    }
    if (w->d->paired)
        atomic_fetch_add_explicit(&w->d->paired[doc % w->d->ndocs], sum, memory_order_relaxed);
}

static bool read_record(worker *w, uint32_t doc) {
    const char *item;
    size_t len;
    jbk_volume *v = w->d->seg->volume;
    return !jbk_volume_item(v, w->reader, JBK_STREAM_TEXT, doc, &item, &len, NULL) &&
           !jbk_record_get_text(item, len, &w->r, NULL) &&
           !jbk_volume_item(v, w->reader, JBK_STREAM_RECORD, doc, &item, &len, NULL) &&
           !jbk_record_get_rest(item, len, &w->r, NULL);
}

/* Is the document found by its sketch? */
static void look_up_sketch(worker *w, uint32_t doc, derived *out) {
    size_t n;
    const uint64_t *sketch = jbk_counter_sketch(w->counter, &n);
    out->sketched = (uint32_t)n;
    out->found = true;
    for (size_t i = 0; i < n && w->d->sound && w->d->same_names; i++)
        out->found &= jbk_volume_has_entry(w->d->seg->volume, JBK_RUN_SKETCH, sketch[i], doc);
}

static void derive(worker *w, uint32_t doc, derived *out) {
    *out = (derived){0};
    if (!read_record(w, doc)) return;
    jbk_str title = w->r.field[JBK_F_TITLE], text = w->r.field[JBK_F_TEXT];
    if (jbk_count_terms(w->counter, title.s, title.len, text.s, text.len, &w->words, &w->counts,
                        &out->words, NULL))
        return;
    add_counts(w, doc);
    add_places(w, doc);
    add_pairs(w, doc);
    jbk_language found = jbk_document_language(title.s, title.len, text.s, text.len, &w->scratch);
    if (!w->r.field[JBK_F_LANG].s) out->lang = found.lang;
    if (!w->r.field[JBK_F_SCRIPT].s) out->script = found.script;
    look_up_sketch(w, doc, out);
    out->read = true;
    const char *mentions = jbk_counter_mentions(w->counter);
    if (w->d->same_names) out->mentions = jbk_strndup(mentions, strlen(mentions));
    if (jbk_intern_bytes(&w->words) > WORDS_BYTES) {
        jbk_intern_free(&w->words);
        w->borders.ends.n = 0;
    }
}

/* --- against the columns; the lock is held --- */

static bool number_of(const jbk_check *c, jbk_field_id f, uint32_t doc, int64_t *value) {
    jbk_chunk chunk;
    if (!c->meta.table[JBK_TABLE_COLUMNS] ||
        jbk_view_chunk(c->view, f, doc / JBK_CHUNK, &chunk, NULL))
        return false;
    *value = jbk_chunk_get(&chunk, doc % JBK_CHUNK);
    return doc % JBK_CHUNK < chunk.n;
}

static void compare_code(jbk_check *c, jbk_field_id f, uint32_t doc, const char *want,
                         const char *told) {
    int64_t v;
    const char *s = "";
    size_t len = 0;
    if (!want || !c->meta.table[JBK_TABLE_VALUES] || !number_of(c, f, doc, &v)) return;
    if (v != JBK_ABSENT &&
        (v < 0 || v > UINT32_MAX || jbk_view_value(c->view, f, (uint32_t)v, &s, &len, NULL)))
        return; /* told before */
    if (len == strlen(want) && !memcmp(s, want, len)) return;
    char *what = jbk_printf("%s: is not %s", jbk_fields[f].name, told);
    jbk_check_find(c, JBK_NOT_FITTING, jbk_check_table(JBK_TABLE_COLUMNS), what, doc);
    free(what);
}

static void find_sketch(const deep_segment *d, const char *what, uint32_t doc) {
    char *where = jbk_check_file(d->seg, "records");
    jbk_check_find(d->c, JBK_NOT_FITTING, where, what, doc);
    free(where);
}

static void compare(worker *w, uint32_t first, uint32_t n) {
    jbk_check *c = w->d->c;
    for (uint32_t i = 0; i < n; i++) {
        const derived *x = &w->out[i];
        uint32_t doc = w->d->seg->base + first + i;
        int64_t v;
        if (!x->read) {
            roaring_bitmap_add(w->d->unread, first + i);
            continue;
        }
        w->d->sketched += x->sketched;
        if (!x->found) find_sketch(w->d, "a record is not found by its sketch", doc);
        if (jbk_check_forgotten(c, doc)) continue;
        if (w->d->same_names && !x->sketched && number_of(c, JBK_F_STORY, doc, &v) &&
            v != JBK_ABSENT)
            jbk_check_find(c, JBK_NOT_FITTING, jbk_check_table(JBK_TABLE_COLUMNS),
                           "story: the text is too short to be of a family", doc);
        if (number_of(c, JBK_F_WORDS, doc, &v) && v != (int64_t)x->words << 1)
            jbk_check_find(c, JBK_NOT_FITTING, jbk_check_table(JBK_TABLE_COLUMNS),
                           "words: is not the number of the record's words", doc);
        compare_code(c, JBK_F_LANG, doc, x->lang, "what the text is in");
        compare_code(c, JBK_F_SCRIPT, doc, x->script, "what the text is in");
        compare_code(c, JBK_F_MENTIONS, doc, x->mentions, "what the text names");
    }
    for (uint32_t i = 0; i < n; i++) free(w->out[i].mentions);
    w->d->done += n;
    jbk_check_progress(c, "texts", w->d->seg->base + w->d->done, c->docs);
}

static void *work(void *arg) {
    deep_segment *d = arg;
    worker *w = jbk_calloc(1, sizeof *w);
    w->d = d;
    if (jbk_reader_new(jbk_view_dicts(d->c->view), &w->reader, NULL) ||
        jbk_counter_new(&w->counter, NULL))
        abort(); /* out of memory: nothing else makes them fail */
    for (;;) {
        uint32_t first = atomic_fetch_add(&d->next, RANGE);
        if (first >= d->seg->docs) break;
        uint32_t left = d->seg->docs - first, n = left < RANGE ? left : RANGE;
        for (uint32_t i = 0; i < n; i++) derive(w, first + i, &w->out[i]);
        pthread_mutex_lock(&d->lock);
        compare(w, first, n);
        pthread_mutex_unlock(&d->lock);
    }
    jbk_reader_free(w->reader);
    jbk_counter_free(w->counter);
    jbk_intern_free(&w->words);
    jbk_vec_free(&w->counts);
    jbk_borders_free(&w->borders);
    jbk_record_free(&w->r);
    jbk_buf_free(&w->scratch);
    free(w);
    return NULL;
}

static void derive_all(deep_segment *d) {
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    pthread_t threads[THREADS_MAX];
    int n = 0, want = processors < 1 ? 1 : processors > THREADS_MAX ? THREADS_MAX : (int)processors;
    while (n + 1 < want && !pthread_create(&threads[n], NULL, work, d)) n++;
    work(d);
    for (int i = 0; i < n; i++) pthread_join(threads[i], NULL);
}

/* --- from the postings --- */

/* Is the word in the lexicon of this or an earlier segment? */
static bool is_known(const deep_segment *d, const char *s, size_t len) {
    const jbk_check *c = d->c;
    bool found = false;
    for (size_t i = 0; i < c->nsegments && !found && c->segments[i].base <= d->seg->base; i++)
        if (jbk_volume_has_word(c->segments[i].volume, s, len, &found, NULL)) found = true;
    return found;
}

static jbk_status subtract_term(deep_segment *d, jbk_postings *p, const char *term, size_t len,
                                jbk_err *err) {
    uint32_t docs[FETCH], counts[FETCH];
    uint64_t hash = jbk_hash(term, len);
    bool some_unread = !roaring_bitmap_is_empty(d->unread);
    size_t n = 1;
    jbk_status status = jbk_postings_start(p, term, len, err);
    while (!status && n) {
        status = jbk_postings_fetch(p, docs, counts, FETCH, &n, err);
        for (size_t i = 0; i < n && !status; i++)
            if (!some_unread || !roaring_bitmap_contains(d->unread, docs[i]))
                add(d, hash, docs[i], 0 - mix(hash, docs[i], counts[i]));
    }
    return status;
}

static jbk_status subtract_all(deep_segment *d, jbk_postings *p, const char *where, jbk_err *err) {
    const char *term;
    size_t len;
    jbk_status status = jbk_postings_terms_start(p, err);
    jbk_check_progress(d->c, where, d->seg->base, d->c->docs);
    while (!status) {
        status = jbk_postings_terms_next(p, &term, &len, err);
        if (status || !len) break;
        status = subtract_term(d, p, term, len, err);
        if (d->c->sound && !is_known(d, term, len))
            jbk_check_find(d->c, JBK_NOT_FITTING, where, "a term is in no lexicon", JBK_NO_ONE);
    }
    return status;
}

/* --- from the places of words --- */

/* The document that a place of the line is of. */
static uint32_t document_of(const deep_segment *d, jbk_line line, uint32_t place) {
    uint32_t low = 0, high = d->seg->docs;
    while (high - low > 1) {
        uint32_t mid = low + (high - low) / 2;
        if (start_of(d, line, mid) <= place)
            low = mid;
        else
            high = mid;
    }
    return low;
}

static jbk_status subtract_places(deep_segment *d, const jbk_word *term, jbk_line line,
                                  const jbk_places *p, uint32_t *read, jbk_err *err) {
    uint64_t hash = jbk_hash(term->s, term->len);
    if (!jbk_places_read(p, 0, read))
        return jbk_fail(err, JBK_DAMAGED, "places", "places of words cannot be read");
    for (uint32_t i = 0; i < p->n; i++) {
        uint32_t doc = document_of(d, line, read[i]);
        if (!roaring_bitmap_contains(d->unread, doc))
            d->placed[doc % d->ndocs] -= mix_place(hash, line, read[i]);
    }
    return JBK_OK;
}

static jbk_status subtract_all_places(deep_segment *d, jbk_err *err) {
    JBK_VEC(uint32_t) read = {0};
    jbk_status status = JBK_OK;
    for (uint64_t i = 0; !status; i++) {
        jbk_word term;
        jbk_places p[JBK_LINES];
        status = jbk_volume_placed_term(d->seg->volume, i, &term, p, err);
        if (status || !term.s) break;
        for (int l = 0; l < JBK_LINES && !status; l++) {
            jbk_vec_reserve(&read, p[l].n);
            status = subtract_places(d, &term, (jbk_line)l, &p[l], read.at, err);
        }
    }
    jbk_vec_free(&read);
    return status;
}

/* --- from the pairs --- */

static jbk_status subtract_all_pairs(deep_segment *d, jbk_err *err) {
    jbk_docs docs = {0};
    JBK_VEC(uint16_t) weights = {0};
    jbk_pair_cursor c = {.volume = d->seg->volume};
    jbk_pair_list l;
    jbk_status status = jbk_pair_next(&c, &l, err);
    for (; !status && l.pair < JBK_PAIRS; status = jbk_pair_next(&c, &l, err)) {
        jbk_vec_reserve(&docs, l.n);
        jbk_vec_reserve(&weights, l.n);
        if (!jbk_pair_documents(c.volume, &l, docs.at, weights.at)) {
            status = jbk_fail(err, JBK_DAMAGED, "pairs", "pairs cannot be read");
            break;
        }
        for (uint32_t i = 0; i < l.n; i++)
            if (!roaring_bitmap_contains(d->unread, docs.at[i]))
                d->paired[docs.at[i] % d->ndocs] -= mix_pair(l.pair, weights.at[i]);
    }
    jbk_vec_free(&docs);
    jbk_vec_free(&weights);
    return status;
}

/* What was subtracted, and what is left of the sums of documents. */
static void check_rest(deep_segment *d, jbk_status status, const jbk_err *err,
                       const _Atomic uint64_t *sums, const char *what) {
    char *where = jbk_check_file(d->seg, "records");
    if (status) jbk_check_find_err(d->c, where, err, d->seg->base, d->seg->docs);
    for (uint32_t i = 0; i < d->ndocs && !status; i++)
        if (sums[i])
            jbk_check_find(d->c, JBK_NOT_FITTING, where, what,
                           d->seg->docs <= d->ndocs ? d->seg->base + i : JBK_NO_ONE);
    free(where);
}

static void check_places(deep_segment *d) {
    jbk_err err;
    jbk_status status = subtract_all_places(d, &err);
    check_rest(d, status, &err, d->placed, "the places of words are not those of the stored text");
    status = subtract_all_pairs(d, &err);
    check_rest(d, status, &err, d->paired, "the pairs of words are not those of the stored text");
}

/* --- the sums --- */

static void compare_sums(deep_segment *d, const char *where) {
    const char *what = "the postings are not those of the stored text";
    bool exact = d->seg->docs <= d->ndocs, all_zero = true;
    for (uint32_t i = 0; i < d->ndocs; i++) {
        if (!d->docs[i]) continue;
        all_zero = false;
        jbk_check_find(d->c, JBK_NOT_FITTING, where, what, exact ? d->seg->base + i : JBK_NO_ONE);
    }
    for (uint32_t i = 0; i < TERMS && all_zero; i++) all_zero = !d->terms[i];
    if (!all_zero) jbk_check_find(d->c, JBK_NOT_FITTING, where, what, JBK_NO_ONE);
}

static bool has_same_names(const jbk_check *c) {
    const char *bytes;
    size_t len;
    uint64_t digest = jbk_names_digest();
    return !jbk_view_meta(c->view, JBK_META_NAMES, &bytes, &len, NULL) && bytes &&
           len == sizeof digest && !memcmp(bytes, &digest, len);
}

static void check_postings(jbk_check *c, size_t segment, jbk_postings *p, const char *where) {
    const jbk_segment_info *seg = &c->segments[segment];
    deep_segment d = {.c = c,
                      .seg = seg,
                      .sound = c->state[segment].sound,
                      .ndocs = seg->docs < DOCS ? seg->docs : DOCS,
                      .same_names = has_same_names(c)};
    if (!seg->docs) return;
    d.terms = jbk_calloc(TERMS, sizeof *d.terms);
    d.docs = jbk_calloc(d.ndocs, sizeof *d.docs);
    d.unread = roaring_bitmap_create();
    if (d.sound && !jbk_volume_line(seg->volume, JBK_LINE_TITLE, &d.starts[JBK_LINE_TITLE], NULL) &&
        !jbk_volume_line(seg->volume, JBK_LINE_TEXT, &d.starts[JBK_LINE_TEXT], NULL)) {
        d.placed = jbk_calloc(d.ndocs, sizeof *d.placed);
        d.paired = jbk_calloc(d.ndocs, sizeof *d.paired);
    }
    pthread_mutex_init(&d.lock, NULL);
    derive_all(&d);
    if (d.sound && d.same_names && roaring_bitmap_is_empty(d.unread) &&
        d.sketched != jbk_volume_entries(seg->volume, JBK_RUN_SKETCH))
        find_sketch(&d, "sketches lead to records that have others", JBK_NO_ONE);
    jbk_err err;
    if (!p)
        ; /* what was told of the file is enough */
    else if (subtract_all(&d, p, where, &err))
        jbk_check_find_err(c, where, &err, seg->base, seg->docs);
    else
        compare_sums(&d, where);
    if (d.placed) check_places(&d);
    pthread_mutex_destroy(&d.lock);
    roaring_bitmap_free(d.unread);
    free(d.terms);
    free(d.docs);
    free(d.placed);
    free(d.paired);
}

/* --- words --- */

/* Every word of a lexicon stands in some document. */
static void check_lexicon(jbk_check *c, size_t segment, jbk_postings *const *p) {
    char *where = jbk_check_file(&c->segments[segment], "records");
    uint32_t n = jbk_volume_words(c->segments[segment].volume);
    for (uint32_t w = 0; w < n; w++) {
        jbk_word_hit hit;
        uint32_t docs = 0;
        if (jbk_volume_word(c->segments[segment].volume, w, &hit, NULL)) break;
        /* It came with its own segment, so look there first. */
        for (size_t i = 0; i < c->nsegments && !docs; i++) {
            jbk_postings *in = p[(segment + i) % c->nsegments];
            if (jbk_postings_frequency(in, hit.word.s, hit.word.len, &docs, NULL)) break;
        }
        if (!docs)
            jbk_check_find(c, JBK_NOT_FITTING, where, "words: one is in no postings", JBK_NO_ONE);
    }
    free(where);
}

void jbk_check_deep(jbk_check *c) {
    jbk_postings **p = jbk_calloc(c->nsegments, sizeof *p);
    bool all = c->sound;
    if (c->docs && !has_same_names(c))
        fprintf(stderr, "jibek: mentions are not compared: the index was made with another table "
                        "of names\n");
    for (size_t i = 0; i < c->nsegments; i++) {
        if (!c->state[i].postings ||
            jbk_postings_open(c->segments[i].postings_path, NULL, &p[i], NULL))
            p[i] = NULL;
        all = all && p[i];
        char *where = jbk_check_file(&c->segments[i], "postings");
        if (c->segments[i].volume) check_postings(c, i, p[i], where);
        free(where);
    }
    for (size_t i = 0; i < c->nsegments && all; i++) check_lexicon(c, i, p);
    for (size_t i = 0; i < c->nsegments; i++) jbk_postings_close(p[i]);
    free(p);
}
