/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Writing where terms stand: packed a batch at a time, then term by term for the whole segment.
 * places.c reads it. */
#include "store/occurrences.h"

#include "base/codec.h"
#include "base/hash.h"
#include "base/radix.h"
#include "gaps.h"
#include "sections.h"

#include <pthread.h>
#include <stdlib.h>

/* --- a batch --- */

void jbk_occurrences_begin(jbk_occurrences *o, const uint32_t len_cp[JBK_LINES]) {
    for (int l = 0; l < JBK_LINES; l++) {
        jbk_vec_push(&o->starts[l], o->end[l]);
        o->end[l] += len_cp[l] + 1;
    }
}

/* first[w]: how many occurrences words below w have; first has an entry more than there are
 * words. */
static uint32_t *sort_by_word(const jbk_occurrence *seen, size_t n, uint32_t *first, size_t words) {
    uint32_t *places = jbk_alloc(n * sizeof *places);
    memset(first, 0, (words + 2) * sizeof *first);
    for (size_t i = 0; i < n; i++) first[seen[i].word + 2]++;
    for (size_t w = 0; w < words; w++) first[w + 2] += first[w + 1];
    for (size_t i = 0; i < n; i++) places[first[seen[i].word + 1]++] = seen[i].place;
    return places;
}

void jbk_occurrences_pack(jbk_occurrences *o, size_t words) {
    uint32_t *first[JBK_LINES], *places[JBK_LINES];
    for (int l = 0; l < JBK_LINES; l++) {
        first[l] = jbk_alloc((words + 2) * sizeof *first[l]);
        places[l] = sort_by_word(o->seen[l].at, o->seen[l].n, first[l], words);
        jbk_vec_free(&o->seen[l]);
    }
    jbk_vec_reserve(&o->offsets, words);
    for (size_t w = 0; w < words; w++) {
        o->offsets.at[o->offsets.n++] = (uint32_t)o->lists.len;
        for (int l = 0; l < JBK_LINES; l++)
            jbk_put_varint(&o->lists, first[l][w + 1] - first[l][w]);
        for (int l = 0; l < JBK_LINES; l++)
            for (uint32_t i = first[l][w], last = 0; i < first[l][w + 1]; i++) {
                jbk_put_varint(&o->lists, places[l][i] - last);
                last = places[l][i];
            }
    }
    for (int l = 0; l < JBK_LINES; l++) {
        free(first[l]);
        free(places[l]);
    }
}

size_t jbk_occurrences_bytes(const jbk_occurrences *o) {
    size_t bytes = o->lists.cap + o->offsets.n * (sizeof *o->offsets.at + sizeof *o->numbers);
    for (int l = 0; l < JBK_LINES; l++)
        bytes += o->starts[l].n * sizeof *o->starts[l].at + o->seen[l].n * sizeof *o->seen[l].at;
    return bytes;
}

void jbk_occurrences_free(jbk_occurrences *o) {
    for (int l = 0; l < JBK_LINES; l++) {
        jbk_vec_free(&o->seen[l]);
        jbk_vec_free(&o->starts[l]);
    }
    jbk_buf_free(&o->lists);
    jbk_vec_free(&o->offsets);
    free(o->numbers);
    *o = (jbk_occurrences){0};
}

/* --- a segment: its terms --- */

typedef JBK_VEC(uint32_t) place_list;

typedef struct {
    jbk_volume_writer *w; /* NULL: all stays in `out` */
    jbk_occurrence_index index;
    uint64_t written; /* bytes of JBK_SEC_PLACES */
    jbk_buf out;
    place_list places[JBK_LINES]; /* of the term being written */
    jbk_buf lists[JBK_LINES];
} term_writer;

static void encode_places(const place_list *p, jbk_buf *out) {
    size_t blocks = jbk_places_blocks((uint32_t)p->n);
    if (!blocks) {
        jbk_gaps_put(p->at, p->n, 0, out);
        return;
    }
    size_t table = out->len, body = table + blocks * sizeof(jbk_places_block);
    jbk_buf_reserve(out, body - table);
    out->len = body;
    for (size_t b = 0; b < blocks; b++) {
        size_t from = b * JBK_PLACES_BLOCK, left = p->n - from;
        jbk_places_block head = {p->at[from], (uint32_t)(out->len - body)};
        memcpy(out->data + table + b * sizeof head, &head, sizeof head);
        size_t n = left < JBK_PLACES_BLOCK ? left : JBK_PLACES_BLOCK;
        jbk_gaps_put(p->at + from + 1, n - 1, head.place, out);
    }
}

static jbk_status too_many_words(jbk_err *err) {
    return jbk_fail(err, JBK_FULL, "occurrences", "too many words in one segment");
}

static jbk_status flush(term_writer *t, size_t when, jbk_err *err) {
    if (!t->w || t->out.len < when) return JBK_OK;
    jbk_status status = jbk_section_more(t->w, JBK_SEC_PLACES, t->out.data, t->out.len, err);
    t->written += t->out.len;
    t->out.len = 0;
    return status;
}

/* Write a term with t->places, and begin with empty ones. */
static jbk_status put_term(term_writer *t, uint32_t hash, const char *s, size_t len, jbk_err *err) {
    uint64_t offset = t->written + t->out.len;
    jbk_vec_push(&t->index, ((jbk_occurrence_entry){hash, (uint32_t)offset}));
    jbk_put_bytes(&t->out, s, len);
    for (int l = 0; l < JBK_LINES; l++) {
        t->lists[l].len = 0;
        encode_places(&t->places[l], &t->lists[l]);
        jbk_put_varint(&t->out, t->places[l].n);
        jbk_put_varint(&t->out, t->lists[l].len);
        t->places[l].n = 0;
    }
    for (int l = 0; l < JBK_LINES; l++) jbk_buf_add(&t->out, t->lists[l].data, t->lists[l].len);
    if (offset + t->out.len > UINT32_MAX) return too_many_words(err);
    return flush(t, 1 << 16, err);
}

/* What `behind` has in memory follows. */
static jbk_status append_terms(term_writer *t, term_writer *behind, jbk_err *err) {
    uint64_t begin = t->written + t->out.len;
    if (begin + behind->out.len > UINT32_MAX) return too_many_words(err);
    for (size_t i = 0; i < behind->index.n; i++) {
        jbk_occurrence_entry e = behind->index.at[i];
        e.offset += (uint32_t)begin;
        jbk_vec_push(&t->index, e);
    }
    jbk_status status = flush(t, 0, err);
    jbk_buf own = t->out;
    t->out = behind->out;
    behind->out = own;
    return status ? status : flush(t, 0, err);
}

static void free_terms(term_writer *t) {
    jbk_vec_free(&t->index);
    jbk_buf_free(&t->out);
    for (int l = 0; l < JBK_LINES; l++) {
        jbk_vec_free(&t->places[l]);
        jbk_buf_free(&t->lists[l]);
    }
}

static jbk_status finish_terms(term_writer *t, jbk_status status, jbk_err *err) {
    if (!status) status = flush(t, 0, err);
    if (!status)
        status = jbk_section_put(t->w, JBK_SEC_PLACED, t->index.at,
                                 t->index.n * sizeof *t->index.at, err);
    free_terms(t);
    return status;
}

/* --- a segment: its lines --- */

/* Documents one after the other, those of each part from its own 0 on. */
typedef struct {
    const uint32_t *starts; /* NULL: every document takes one place */
    uint32_t docs, end;
    uint32_t base; /* of the part */
} line_part;

static jbk_status place_parts(line_part *p, size_t n, jbk_err *err) {
    uint64_t base = 0;
    for (size_t i = 0; i < n; i++) {
        p[i].base = (uint32_t)base;
        base += p[i].end;
    }
    return base <= UINT32_MAX ? JBK_OK
                              : jbk_fail(err, JBK_FULL, "occurrences",
                                         "texts are too long together for one segment");
}

static jbk_status put_line(jbk_volume_writer *w, jbk_line line, const line_part *p, size_t n,
                           jbk_err *err) {
    jbk_buf out = {0};
    bool empty = true;
    for (size_t i = 0; i < n; i++) empty = empty && p[i].end == p[i].docs;
    for (size_t i = 0; i < n && !empty; i++)
        for (uint32_t d = 0; d < p[i].docs; d++) {
            uint32_t start = p[i].starts ? p[i].starts[d] : d;
            uint32_t next = d + 1 == p[i].docs ? p[i].end
                            : p[i].starts      ? p[i].starts[d + 1]
                                               : d + 1;
            jbk_put_varint(&out, next - start - 1);
        }
    jbk_status status = jbk_section_put(w, JBK_SEC_LINES + (int)line, out.data, out.len, err);
    jbk_buf_free(&out);
    return status;
}

/* --- of batches --- */

/* Where a batch has a word. */
typedef struct {
    uint32_t batch, offset;
} reference;

typedef struct {
    const jbk_interned *terms;
    size_t n;
    const jbk_occurrences *batches;
    size_t nbatches;
    reference *refs; /* of all terms, by term, then batch */
    size_t *first;   /* of each term, in refs */
    line_part *parts[JBK_LINES];
} batches_job;

static void find_references(batches_job *j) {
    j->first = jbk_calloc(j->n + 2, sizeof *j->first);
    size_t total = 0;
    for (size_t b = 0; b < j->nbatches; b++) {
        const jbk_occurrences *o = &j->batches[b];
        for (size_t w = 0; w < o->offsets.n; w++) j->first[o->numbers[w] + 2]++;
        total += o->offsets.n;
    }
    for (size_t t = 0; t < j->n; t++) j->first[t + 2] += j->first[t + 1];
    j->refs = jbk_alloc(total * sizeof *j->refs);
    for (size_t b = 0; b < j->nbatches; b++) {
        const jbk_occurrences *o = &j->batches[b];
        for (size_t w = 0; w < o->offsets.n; w++)
            j->refs[j->first[o->numbers[w] + 1]++] = (reference){(uint32_t)b, o->offsets.at[w]};
    }
}

static void gather(const batches_job *j, reference r, place_list places[JBK_LINES]) {
    const jbk_buf *lists = &j->batches[r.batch].lists;
    const char *p = lists->data + r.offset, *end = lists->data + lists->len;
    uint64_t n[JBK_LINES] = {0}, gap;
    for (int l = 0; l < JBK_LINES; l++) (void)jbk_get_varint(&p, end, &n[l]);
    for (int l = 0; l < JBK_LINES; l++) {
        jbk_vec_reserve(&places[l], n[l]);
        uint32_t place = j->parts[l][r.batch].base;
        for (uint64_t i = 0; i < n[l] && jbk_get_varint(&p, end, &gap); i++) {
            place += (uint32_t)gap;
            places[l].at[places[l].n++] = place;
        }
    }
}

typedef struct {
    uint64_t hash; /* in the upper half */
    uint64_t number;
} hashed;

/* The numbers of the terms, in the order of the directory: hashes are sorted by radix, and the few
 * that are alike put in order one by one. */
static uint32_t *order_terms(const jbk_interned *terms, size_t n) {
    hashed *sorted = jbk_alloc(n * sizeof *sorted);
    uint32_t *order = jbk_alloc(n * sizeof *order);
    for (size_t i = 0; i < n; i++) sorted[i] = (hashed){(uint64_t)terms[i].hash << 32, i};
    jbk_radix_sort(sorted, n, 32);
    for (size_t i = 0; i < n; i++) {
        const jbk_interned *a = &terms[sorted[i].number];
        size_t k = i;
        for (; k; k--) {
            const jbk_interned *b = &terms[order[k - 1]];
            if (jbk_placed_order(b->hash, b->s, b->len, a->hash, a->s, a->len) <= 0) break;
            order[k] = order[k - 1];
        }
        order[k] = (uint32_t)sorted[i].number;
    }
    free(sorted);
    return order;
}

/* Some of the terms, in order. */
typedef struct {
    const batches_job *job;
    const uint32_t *order;
    size_t n;
    term_writer out;
    jbk_status status;
    jbk_err err;
} some_terms;

static void *put_some(void *arg) {
    some_terms *some = arg;
    const batches_job *j = some->job;
    for (size_t i = 0; i < some->n && !some->status; i++) {
        uint32_t number = some->order[i];
        const jbk_interned *term = &j->terms[number];
        for (size_t r = j->first[number]; r < j->first[number + 1]; r++)
            gather(j, j->refs[r], some->out.places);
        some->status = put_term(&some->out, term->hash, term->s, term->len, &some->err);
    }
    return NULL;
}

/* The second half is made beside the first, where there can be another thread. */
static jbk_status put_terms(batches_job *j, jbk_volume_writer *w, jbk_err *err) {
    uint32_t *order = order_terms(j->terms, j->n);
    size_t half = j->n / 2;
    some_terms first = {.job = j, .order = order, .n = half, .out.w = w},
               second = {.job = j, .order = order + half, .n = j->n - half};
    pthread_t thread;
    first.status = jbk_section_put(w, JBK_SEC_PLACES, "", 0, &first.err);
    bool beside = !pthread_create(&thread, NULL, put_some, &second);
    put_some(&first);
    if (beside)
        pthread_join(thread, NULL);
    else
        put_some(&second);
    some_terms *failed = first.status ? &first : &second;
    if (failed->status && err) *err = failed->err;
    jbk_status status = failed->status;
    if (!status) status = append_terms(&first.out, &second.out, err);
    free_terms(&second.out);
    free(order);
    return finish_terms(&first.out, status, err);
}

jbk_status jbk_volume_add_occurrences(jbk_volume_writer *w, const jbk_interned *terms, size_t n,
                                      const jbk_occurrences *batches, size_t nbatches,
                                      jbk_err *err) {
    batches_job j = {.terms = terms, .n = n, .batches = batches, .nbatches = nbatches};
    jbk_status status = JBK_OK;
    for (int l = 0; l < JBK_LINES && !status; l++) {
        j.parts[l] = jbk_alloc(nbatches * sizeof *j.parts[l]);
        for (size_t b = 0; b < nbatches; b++)
            j.parts[l][b] = (line_part){.starts = batches[b].starts[l].at,
                                        .docs = (uint32_t)batches[b].starts[l].n,
                                        .end = batches[b].end[l]};
        status = place_parts(j.parts[l], nbatches, err);
    }
    if (!status) {
        find_references(&j);
        status = put_terms(&j, w, err);
    }
    for (int l = 0; l < JBK_LINES; l++) {
        if (!status) status = put_line(w, (jbk_line)l, j.parts[l], nbatches, err);
        free(j.parts[l]);
    }
    free(j.refs);
    free(j.first);
    return status;
}

/* --- of volumes --- */

typedef struct {
    jbk_volume *v;
    uint64_t at; /* of its terms */
    jbk_word term;
    uint32_t hash;
    jbk_places places[JBK_LINES];
} source;

static jbk_status next_term(source *s, jbk_err *err) {
    jbk_status status = jbk_volume_placed_term(s->v, s->at++, &s->term, s->places, err);
    if (!status && s->term.s) s->hash = jbk_placed_hash(s->term.s, s->term.len);
    return status;
}

static int compare_sources(const source *a, const source *b) {
    return jbk_placed_order(a->hash, a->term.s, a->term.len, b->hash, b->term.s, b->term.len);
}

static const source *least(const source *s, size_t n) {
    const source *best = NULL;
    for (size_t i = 0; i < n; i++)
        if (s[i].term.s && (!best || compare_sources(&s[i], best) < 0)) best = &s[i];
    return best;
}

/* The places of the term that comes next, from every source that has it. */
static jbk_status merge_term(term_writer *t, source *s, size_t n, const source *next,
                             line_part *const parts[JBK_LINES], jbk_err *err) {
    source term = *next; /* which moves on below */
    for (size_t i = 0; i < n; i++) {
        if (!s[i].term.s || compare_sources(&s[i], &term)) continue;
        for (int l = 0; l < JBK_LINES; l++) {
            const jbk_places *p = &s[i].places[l];
            jbk_vec_reserve(&t->places[l], p->n);
            if (!jbk_places_read(p, parts[l][i].base, t->places[l].at + t->places[l].n))
                return jbk_pages_damaged(s[i].v->pages, "places of words", err);
            t->places[l].n += p->n;
        }
        jbk_status status = next_term(&s[i], err);
        if (status) return status;
    }
    return put_term(t, term.hash, term.term.s, term.term.len, err);
}

static jbk_status merge_terms(jbk_volume_writer *w, jbk_volume *const *v, size_t n,
                              line_part *const parts[JBK_LINES], jbk_err *err) {
    source *s = jbk_calloc(n, sizeof *s);
    term_writer t = {.w = w};
    jbk_status status = jbk_section_put(w, JBK_SEC_PLACES, "", 0, err);
    for (size_t i = 0; i < n && !status; i++) {
        s[i].v = v[i];
        status = next_term(&s[i], err);
    }
    for (const source *next; !status && (next = least(s, n));)
        status = merge_term(&t, s, n, next, parts, err);
    free(s);
    return finish_terms(&t, status, err);
}

static jbk_status parts_of(jbk_volume *const *v, size_t n, jbk_line line, line_part *out,
                           jbk_err *err) {
    for (size_t i = 0; i < n; i++) {
        out[i] = (line_part){.docs = v[i]->docs};
        jbk_status status = jbk_volume_line(v[i], line, &out[i].starts, err);
        if (status) return status;
        out[i].end = out[i].starts ? out[i].starts[v[i]->docs] : v[i]->docs;
    }
    return place_parts(out, n, err);
}

/* Volumes stay open until the store is closed; what was decoded of them for a merge need not. */
static void forget_lines(jbk_volume *const *v, size_t n) {
    for (size_t i = 0; i < n; i++)
        for (int l = 0; l < JBK_LINES; l++) {
            free(v[i]->starts[l]);
            v[i]->starts[l] = NULL;
        }
}

jbk_status jbk_volume_merge_occurrences(jbk_volume_writer *w, jbk_volume *const *v, size_t n,
                                        jbk_err *err) {
    line_part *parts[JBK_LINES] = {0};
    jbk_status status = JBK_OK;
    for (int l = 0; l < JBK_LINES && !status; l++) {
        parts[l] = jbk_alloc(n * sizeof *parts[l]);
        status = parts_of(v, n, (jbk_line)l, parts[l], err);
    }
    if (!status) status = merge_terms(w, v, n, parts, err);
    for (int l = 0; l < JBK_LINES; l++) {
        if (!status) status = put_line(w, (jbk_line)l, parts[l], n, err);
        free(parts[l]);
    }
    forget_lines(v, n);
    return status;
}

jbk_status jbk_volumes_fit(jbk_volume *const *v, size_t n, bool *fit, jbk_err *err) {
    line_part *parts = jbk_alloc(n * sizeof *parts);
    uint64_t lists = 0;
    jbk_status status = JBK_OK;
    *fit = true;
    for (size_t i = 0; i < n; i++)
        lists += v[i]->sec[JBK_SEC_PLACES].len + v[i]->sec[JBK_SEC_PAIRS].len;
    /* A list that is joined takes more bytes for its greater places: five at most, each end. */
    if (lists > UINT32_MAX / 2) *fit = false;
    for (int l = 0; l < JBK_LINES && !status && *fit; l++) {
        status = parts_of(v, n, (jbk_line)l, parts, err);
        if (status == JBK_FULL) {
            *fit = false;
            status = JBK_OK;
        }
    }
    forget_lines(v, n);
    free(parts);
    return status;
}
