/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "alike.h"

#include "text/chars.h"

#include <stdlib.h>

/* Runs are found by their first SEED letters, in a source of LONG letters and more, which has many
 * such by chance, by their first LONG_SEED; a seed that stands in the source more often than
 * TRIES times is looked at there only so often, and letters are compared at most WORK times each,
 * so that texts made to repeat themselves cost no more than others. */
enum { SEED = 4, LONG_SEED = 6, LONG = 2000, TRIES = 32, WORK = 64, FILTER = 8 };
/* The lightest run of its own, the heaviest gap in a passage, the lightest run behind a gap where
 * a passage is prolonged letter by letter; how far back a passage is sought. */
enum { RUN = 4 * JBK_WEIGHS_HAN, GAP = 8, AGAIN = 2 * JBK_WEIGHS_HAN, BACK = 64 };

typedef struct {
    jbk_run_shared run;
    uint32_t trimmed; /* letters at its beginning that the run before has */
    int64_t score;    /* of the best passage that ends with it */
    size_t before;    /* in that passage; SIZE_MAX: none */
    bool used;
} block;

struct jbk_alike {
    const jbk_letters *source;
    uint32_t seed;                /* letters */
    uint32_t *weight;             /* of the letters before each */
    uint32_t *heads, *next, mask; /* seeds by hash: letter + 1, 0: none */
    uint64_t *filter;             /* a bit for each hash there is, FILTER bits for each slot */
    JBK_VEC(block) blocks;
    JBK_VEC(size_t) order;
    uint8_t *covered; /* of the source */
    uint32_t *seen;   /* of the source's letters, how often they were remembered */
    JBK_VEC(uint8_t) document;
};

/* The last letters of a text, as many as a seed has, a few bits of each: what rolls over it. */
static uint64_t roll(const jbk_alike *a, uint64_t last, uint32_t cp) {
    uint32_t bits = 64 / a->seed;
    return last << bits | (cp * 0x9E3779B1u) >> (32 - bits);
}
static uint32_t hash(const jbk_alike *a, uint64_t last) {
    uint32_t unused = 64 % a->seed;
    return (uint32_t)((last << unused) * 0x9E3779B97F4A7C15u >> 32);
}

static bool in_filter(const jbk_alike *a, uint32_t h) {
    size_t bit = h & ((a->mask + 1) * FILTER - 1);
    return a->filter[bit / 64] >> bit % 64 & 1;
}

static void add_seed(jbk_alike *a, uint32_t h, size_t i) {
    uint32_t *head = &a->heads[h & a->mask];
    size_t bit = h & ((a->mask + 1) * FILTER - 1);
    a->filter[bit / 64] |= UINT64_C(1) << bit % 64;
    a->next[i] = *head;
    *head = (uint32_t)i + 1;
}

static void add_seeds(jbk_alike *a) {
    size_t n = a->source->cp.n;
    uint32_t *hashes = jbk_alloc((n + 1) * sizeof *hashes);
    uint64_t last = 0;
    for (size_t i = 0; i < n; i++) {
        last = roll(a, last, a->source->cp.at[i]);
        hashes[i] = hash(a, last);
    }
    for (size_t i = n; i-- >= a->seed;) /* backwards: lists begin with the first */
        add_seed(a, hashes[i], i + 1 - a->seed);
    free(hashes);
}

uint32_t jbk_letter_weight(uint32_t cp) {
    jbk_script s = jbk_cp_script(cp);
    bool dense = s == JBK_SCRIPT_HAN || s == JBK_SCRIPT_KANA || s == JBK_SCRIPT_THAI;
    return dense ? JBK_WEIGHS_HAN : JBK_WEIGHS_LETTER;
}

jbk_alike *jbk_alike_new(const jbk_letters *source) {
    jbk_alike *a = jbk_calloc(1, sizeof *a);
    size_t n = source->cp.n, slots = 16;
    while (slots < n * 2) slots *= 2;
    a->source = source;
    a->seed = n < LONG ? SEED : LONG_SEED;
    a->mask = (uint32_t)slots - 1;
    a->heads = jbk_calloc(slots, sizeof *a->heads);
    a->filter = jbk_calloc(slots * FILTER / 64, sizeof *a->filter);
    a->next = jbk_calloc(n + 1, sizeof *a->next);
    a->weight = jbk_calloc(n + 1, sizeof *a->weight);
    a->covered = jbk_calloc(n + 1, 1);
    a->seen = jbk_calloc(n + 1, sizeof *a->seen);
    for (size_t i = 0; i < n; i++)
        a->weight[i + 1] = a->weight[i] + jbk_letter_weight(source->cp.at[i]);
    add_seeds(a);
    return a;
}

void jbk_alike_free(jbk_alike *a) {
    if (!a) return;
    free(a->heads);
    free(a->filter);
    free(a->next);
    free(a->weight);
    free(a->covered);
    free(a->seen);
    jbk_vec_free(&a->blocks);
    jbk_vec_free(&a->order);
    jbk_vec_free(&a->document);
    free(a);
}

void jbk_likeness_free(jbk_likeness *l) { jbk_vec_free(&l->runs); }

uint32_t jbk_alike_weight(const jbk_alike *a, size_t from, size_t to) {
    return a->weight[to] - a->weight[from];
}

uint32_t jbk_alike_seen(const jbk_alike *a, size_t at) { return a->seen[at]; }

void jbk_alike_remember(jbk_alike *a) {
    memset(a->covered, 0, a->source->cp.n);
    for (size_t i = 0; i < a->blocks.n; i++) {
        const jbk_run_shared *r = &a->blocks.at[i].run;
        if (r->n >= JBK_SHINGLE) memset(a->covered + r->source, 1, r->n);
    }
    for (size_t i = 0; i < a->source->cp.n; i++) a->seen[i] += a->covered[i];
}

/* Letters that go on alike from there, at most up to the ends given. */
static uint32_t alike_from(const jbk_letters *s, size_t i, size_t send, const jbk_letters *d,
                           size_t j, size_t dend) {
    uint32_t n = 0;
    while (i + n < send && j + n < dend && s->cp.at[i + n] == d->cp.at[j + n]) n++;
    return n;
}

/* The runs that begin with the seed at letter j of the document. */
static void find_runs(jbk_alike *a, const jbk_letters *d, size_t j, uint32_t h, uint64_t *work) {
    const jbk_letters *s = a->source;
    uint32_t at = a->heads[h & a->mask];
    for (int tries = 0; at && tries < TRIES; tries++, at = a->next[at - 1]) {
        size_t i = at - 1;
        if (i && j && s->cp.at[i - 1] == d->cp.at[j - 1]) continue;
        uint32_t n = alike_from(s, i, s->cp.n, d, j, d->cp.n);
        *work -= *work < n ? *work : n;
        bool all = n == s->cp.n; /* a short quotation whole */
        if (n < a->seed || (!all && jbk_alike_weight(a, i, i + n) < RUN)) continue;
        block b = {.run = {(uint32_t)i, (uint32_t)j, n}, .before = SIZE_MAX};
        jbk_vec_push(&a->blocks, b);
    }
}

/* Every run that is as long as it can be and heavy enough. */
static void find_blocks(jbk_alike *a, const jbk_letters *d) {
    uint64_t work = (uint64_t)d->cp.n * WORK + (1 << 16), last = 0;
    a->blocks.n = 0;
    for (size_t end = 0; end < d->cp.n && work; end++) {
        last = roll(a, last, d->cp.at[end]);
        uint32_t h = hash(a, last);
        if (end + 1 >= a->seed && in_filter(a, h)) find_runs(a, d, end + 1 - a->seed, h, &work);
    }
}

/* --- passages --- */

static int by_source(const void *x, const void *y) {
    const jbk_run_shared *a = &((const block *)x)->run, *b = &((const block *)y)->run;
    if (a->source != b->source) return a->source < b->source ? -1 : 1;
    return a->document < b->document ? -1 : a->document > b->document;
}

/* What `b` adds to a passage that ends with `a`; *trimmed: what both have.  0: it cannot follow. */
static int64_t follows(const jbk_alike *x, const block *a, const block *b, uint32_t *trimmed) {
    int64_t source = (int64_t)b->run.source - (a->run.source + a->run.n);
    int64_t document = (int64_t)b->run.document - (a->run.document + a->run.n);
    int64_t least = source < document ? source : document;
    int64_t shared = least < 0 ? -least : 0;
    if (shared + SEED > b->run.n || b->run.source <= a->run.source ||
        b->run.document <= a->run.document)
        return 0;
    int64_t gap = (source > document ? source : document) + shared;
    if (gap > GAP) return 0;
    *trimmed = (uint32_t)shared;
    size_t from = b->run.source + (size_t)shared;
    return (int64_t)jbk_alike_weight(x, from, b->run.source + b->run.n) - gap * JBK_WEIGHS_HAN;
}

static void link_blocks(jbk_alike *a) {
    jbk_vec_sort(&a->blocks, by_source);
    for (size_t j = 0; j < a->blocks.n; j++) {
        block *b = &a->blocks.at[j];
        b->score = jbk_alike_weight(a, b->run.source, b->run.source + b->run.n);
        for (size_t i = j, far = j > BACK ? j - BACK : 0; i-- > far;) {
            uint32_t trimmed = 0;
            int64_t more = follows(a, &a->blocks.at[i], b, &trimmed);
            if (more <= 0 || a->blocks.at[i].score + more <= b->score) continue;
            b->score = a->blocks.at[i].score + more;
            b->before = i;
            b->trimmed = trimmed;
        }
    }
}

/* Go on from letters (i, j), forwards or backwards, over letters that differ, as long as what
 * follows outweighs them, to letters (ns, nd) at most.  Appends runs; returns what they weigh. */
static int64_t prolong(const jbk_alike *a, const jbk_letters *d, int64_t i, int64_t j, int64_t ns,
                       int64_t nd, int step, jbk_runs_shared *runs) {
    static const int JUMPS[][2] = {{1, 1}, {0, 1}, {1, 0}, {2, 2}, {1, 2}, {2, 1}, {0, 2}, {2, 0}};
    int64_t sum = 0, last = (int64_t)a->source->cp.n;
    for (size_t k = 0; k < sizeof JUMPS / sizeof *JUMPS;) {
        int64_t p = i + step * JUMPS[k][0], q = j + step * JUMPS[k][1], n = 0;
        while (p >= 0 && p < ns && q >= 0 && q < nd && a->source->cp.at[p] == d->cp.at[q])
            p += step, q += step, n++;
        size_t from = (size_t)(step > 0 ? p - n : p + 1);
        int64_t w = n ? jbk_alike_weight(a, from, from + (size_t)n) : 0;
        int jump = JUMPS[k][0] > JUMPS[k][1] ? JUMPS[k][0] : JUMPS[k][1];
        bool end = p < 0 || p >= last; /* of the source: the last letters of a quotation */
        if (!n || (w < AGAIN && !end) || w < (jump - 1) * JBK_WEIGHS_HAN) {
            k++;
            continue;
        }
        jbk_run_shared r = {(uint32_t)from, (uint32_t)(step > 0 ? q - n : q + 1), (uint32_t)n};
        jbk_vec_push(runs, r);
        sum += w - jump * JBK_WEIGHS_HAN;
        i = p;
        j = q;
        k = 0;
    }
    return sum;
}

static int by_score(const void *x, const void *y, void *of) {
    const block *all = of, *a = &all[*(const size_t *)x], *b = &all[*(const size_t *)y];
    if (a->score != b->score) return a->score > b->score ? -1 : 1;
    return *(const size_t *)x < *(const size_t *)y ? -1 : 1;
}

/* The passage that ends with block `last`, as far as nothing else has it, to out->runs; taken back
 * if it is too light. */
static void take_passage(jbk_alike *a, const jbk_letters *d, size_t last, jbk_likeness *out) {
    size_t first = out->runs.n, at = last;
    int64_t score = a->blocks.at[last].score, weight = 0;
    const block *next = NULL;
    for (; at != SIZE_MAX && !a->blocks.at[at].used; at = a->blocks.at[at].before) {
        block *b = &a->blocks.at[at];
        uint32_t t = b->trimmed;
        jbk_run_shared r = {b->run.source + t, b->run.document + t, b->run.n - t};
        if (next) /* what lies between is looked at letter by letter */
            prolong(a, d, (int64_t)r.source + r.n, (int64_t)r.document + r.n,
                    (int64_t)next->run.source + next->trimmed,
                    (int64_t)next->run.document + next->trimmed, 1, &out->runs);
        jbk_vec_push(&out->runs, r);
        b->used = true;
        next = b;
    }
    if (at != SIZE_MAX) score -= a->blocks.at[at].score;
    jbk_run_shared end = a->blocks.at[last].run, start = out->runs.at[out->runs.n - 1];
    int64_t ns = (int64_t)a->source->cp.n, nd = (int64_t)d->cp.n;
    score += prolong(a, d, (int64_t)end.source + end.n, (int64_t)end.document + end.n, ns, nd, 1,
                     &out->runs);
    score += prolong(a, d, (int64_t)start.source - 1, (int64_t)start.document - 1, ns, nd, -1,
                     &out->runs);
    for (size_t i = first; i < out->runs.n; i++)
        weight +=
            jbk_alike_weight(a, out->runs.at[i].source, out->runs.at[i].source + out->runs.at[i].n);
    uint32_t whole = jbk_alike_weight(a, 0, a->source->cp.n);
    if (score < JBK_WEIGHS_PASSAGE && weight * 5 < (int64_t)whole * 4) out->runs.n = first;
}

static int by_document(const void *x, const void *y) {
    const jbk_run_shared *a = x, *b = y;
    if (a->document != b->document) return a->document < b->document ? -1 : 1;
    return a->source < b->source ? -1 : a->source > b->source;
}

static uint32_t count_set(uint8_t *flags, size_t n) {
    uint32_t sum = 0;
    for (size_t i = 0; i < n; i++) sum += flags[i];
    return sum;
}

static void sum_up(jbk_alike *a, size_t letters, jbk_likeness *out) {
    size_t n = a->source->cp.n;
    memset(a->covered, 0, n);
    memset(a->document.at, 0, letters);
    for (size_t i = 0; i < out->runs.n; i++) {
        const jbk_run_shared *r = &out->runs.at[i];
        memset(a->covered + r->source, 1, r->n);
        memset(a->document.at + r->document, 1, r->n);
        if (r->n > out->longest.n) out->longest = *r;
    }
    out->source = count_set(a->covered, n);
    out->document = count_set(a->document.at, letters);
    for (size_t i = 0; i < n; i++)
        if (a->covered[i]) out->weight += jbk_alike_weight(a, i, i + 1);
}

static void count_shingles(jbk_alike *a, size_t letters, jbk_likeness *out) {
    memset(a->document.at, 0, letters);
    for (size_t i = 0; i < a->blocks.n; i++) {
        const jbk_run_shared *r = &a->blocks.at[i].run;
        if (r->n >= JBK_SHINGLE) memset(a->document.at + r->document, 1, r->n - JBK_SHINGLE + 1);
    }
    out->shingles = count_set(a->document.at, letters);
}

void jbk_alike_measure(jbk_alike *a, const jbk_letters *document, jbk_likeness *out) {
    jbk_runs_shared runs = out->runs;
    *out = (jbk_likeness){.runs = runs};
    out->runs.n = 0;
    find_blocks(a, document);
    if (!a->blocks.n) return;
    jbk_vec_reserve(&a->document, document->cp.n);
    count_shingles(a, document->cp.n, out);
    link_blocks(a);
    a->order.n = 0;
    for (size_t i = 0; i < a->blocks.n; i++) jbk_vec_push(&a->order, i);
    qsort_r(a->order.at, a->order.n, sizeof *a->order.at, by_score, a->blocks.at);
    for (size_t i = 0; i < a->order.n; i++)
        if (!a->blocks.at[a->order.at[i]].used) take_passage(a, document, a->order.at[i], out);
    jbk_vec_sort(&out->runs, by_document);
    if (out->runs.n) sum_up(a, document->cp.n, out);
}
