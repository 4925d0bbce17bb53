/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What an index stores, as bytes.  The first byte says which kind the others are.  Bytes that are
 * read at all are written again and read the same; what is written is read. */
#include "fuzz.h"

#include "gaps.h"
#include "pages.h"
#include "store/occurrences.h"
#include "store/pairs.h"
#include "store/record.h"
#include "store/verify.h"

#include "internal.h"

#include <stdlib.h>

static jbk_err err;

/* --- records --- */

static void records(const char *s, size_t len) {
    jbk_record r = {0}, again = {0};
    jbk_buf text = {0}, rest = {0}, text2 = {0}, rest2 = {0};
    jbk_record_clear(&r);
    jbk_record_clear(&again);
    jbk_status a = jbk_record_get_text(s, len, &r, &err);
    jbk_status b = jbk_record_get_rest(s, len, &r, &err);
    if (!a && !b) {
        jbk_record_put_text(&r, &text);
        jbk_record_put_rest(&r, &rest);
        fuzz_ok(jbk_record_get_text(text.data, text.len, &again, &err), &err);
        fuzz_ok(jbk_record_get_rest(rest.data, rest.len, &again, &err), &err);
        jbk_record_put_text(&again, &text2);
        jbk_record_put_rest(&again, &rest2);
        fuzz_check(text.len == text2.len && rest.len == rest2.len);
        fuzz_check(!text.len || !memcmp(text.data, text2.data, text.len));
        fuzz_check(!rest.len || !memcmp(rest.data, rest2.data, rest.len));
    }
    jbk_buf_free(&text);
    jbk_buf_free(&rest);
    jbk_buf_free(&text2);
    jbk_buf_free(&rest2);
    jbk_record_free(&r);
    jbk_record_free(&again);
}

/* --- columns --- */

static void chunks(const char *s, size_t len) {
    static int64_t values[JBK_CHUNK];
    jbk_chunk c;
    if (jbk_chunk_view(s, len, &c, &err)) return;
    fuzz_check(c.n <= JBK_CHUNK);
    jbk_chunk_decode(&c, values);
    for (uint32_t i = 0; i < c.n; i++) fuzz_check(jbk_chunk_get(&c, i) == values[i]);
    fuzz_check(jbk_chunk_get(&c, c.n) == JBK_ABSENT);
}

static void values(const char *s, size_t len) {
    fuzz_bytes in = {(const uint8_t *)s, (const uint8_t *)s + len};
    JBK_VEC(int64_t) v = {0};
    jbk_buf bytes = {0};
    jbk_chunk c;
    unsigned shift = fuzz_byte(&in) % 64;
    uint64_t base = fuzz_number(&in), scale = fuzz_number(&in);
    while (in.at < in.end && v.n < JBK_CHUNK) {
        uint64_t n = fuzz_number(&in) >> shift;
        jbk_vec_push(&v, n == 1 ? JBK_ABSENT : (int64_t)(base + n * scale));
    }
    jbk_chunk_encode(v.at, (uint32_t)v.n, &bytes);
    fuzz_ok(jbk_chunk_view(bytes.data, bytes.len, &c, &err), &err);
    for (size_t i = 0; i < v.n; i++) fuzz_check(jbk_chunk_get(&c, (uint32_t)i) == v.at[i]);
    jbk_vec_free(&v);
    jbk_buf_free(&bytes);
}

/* --- histories --- */

static void histories(const char *s, size_t len) {
    jbk_recorded_list list = {0}, again = {0};
    jbk_observations one = {0};
    part_writer w = {0};
    if (jbk_history_read_part(3, s, len, &list)) {
        for (size_t i = 0; i < list.n; i++) {
            jbk_part_put(&w, list.at[i].doc, &list.at[i].seen);
            jbk_vec_push(&one, list.at[i].seen);
        }
        fuzz_check(jbk_history_read_part(3, w.bytes.data, w.bytes.len, &again));
        fuzz_check(again.n == list.n);
        for (size_t i = 0; i < list.n; i++) {
            fuzz_check(again.at[i].doc == list.at[i].doc);
            fuzz_check(jbk_observation_same(&again.at[i].seen, &list.at[i].seen));
        }
        (void)jbk_history_standing(one.at, one.n, INT64_MAX);
    }
    jbk_str name;
    list.n = 0;
    (void)jbk_pending_read_row(s, len, &name, &list);
    jbk_part_free(&w);
    jbk_vec_free(&one);
    jbk_vec_free(&list);
    jbk_vec_free(&again);
}

/* Two bytes say how many there are; four are the number before them. */
static void gaps(const char *s, size_t len) {
    enum { HEAD = 6 };
    uint16_t n;
    uint32_t before;
    if (len < HEAD) return;
    memcpy(&n, s, sizeof n);
    memcpy(&before, s + sizeof n, sizeof before);
    const char *at = s + HEAD, *end = s + len;
    size_t size = ((size_t)n + 1) * sizeof before;
    uint32_t *plain = jbk_alloc(size), *beside = jbk_alloc(size), *again = jbk_alloc(size);
    const char *behind = jbk_gaps_get_plain(at, end, n, before, plain);
    fuzz_check(jbk_gaps_get(at, end, n, before, beside) == behind);
    if (behind) {
        jbk_buf packed = {0};
        jbk_gaps_put(plain, n, before, &packed);
        const char *packed_end = packed.data + packed.len;
        fuzz_check(!n || jbk_gaps_get(packed.data, packed_end, n, before, again) == packed_end);
        fuzz_check(!memcmp(plain, beside, n * sizeof *plain));
        fuzz_check(!n || !memcmp(plain, again, n * sizeof *plain));
        jbk_buf_free(&packed);
    }
    free(plain);
    free(beside);
    free(again);
}

/* --- files --- */

static void pages(const char *s, size_t len) {
    jbk_pages *p;
    const char *bytes;
    char *path = fuzz_file("pages", s, len);
    if (!jbk_pages_open(path, &p, &err)) {
        uint64_t n = jbk_pages_len(p);
        fuzz_check(n <= len);
        (void)!jbk_pages_get(p, 0, n, &bytes, &err);
        fuzz_check(jbk_pages_get(p, n, 1, &bytes, &err) != JBK_OK);
        fuzz_check(jbk_pages_get(p, UINT64_MAX, 2, &bytes, &err) != JBK_OK);
        jbk_pages_close(p);
    }
    free(path);
}

static void ask_places(jbk_volume *v, const char *s, size_t n) {
    jbk_places p[JBK_LINES];
    jbk_word term = {s, (uint32_t)n};
    for (uint64_t i = 0; i < 4; i++) {
        if (i ? jbk_volume_placed_term(v, i - 1, &term, p, &err)
              : jbk_volume_places(v, s, n, p, &err))
            continue;
        for (int l = 0; l < JBK_LINES && term.s; l++) {
            if (p[l].n > 1 << 20) continue;
            uint32_t *read = jbk_alloc(p[l].n * sizeof *read);
            jbk_places_cursor cursor = {.of = &p[l]};
            bool has;
            (void)!jbk_places_read(&p[l], 7, read);
            for (uint32_t at = 0; at < 4000 && jbk_places_has(&cursor, at, &has); at += 7) {
            }
            cursor = (jbk_places_cursor){.of = &p[l]};
            for (uint32_t at = 0, all = 0, k; at < 4000 && all <= p[l].n; at += 90, all += k)
                if (!jbk_places_within(&cursor, at, at + 80, read + all, &k)) break;
            free(read);
        }
    }
    const uint32_t *starts;
    for (int l = 0; l < JBK_LINES; l++) (void)!jbk_volume_line(v, (jbk_line)l, &starts, &err);
}

/* Pairs give documents that are there; where they are in order, one found by its number is as a
 * walk gives it. */
static void ask_pairs(jbk_volume *v) {
    jbk_pair_cursor c = {.volume = v};
    jbk_pair_list l = {0}, same;
    uint32_t most = jbk_volume_docs(v), last = 0;
    bool good = true;
    for (uint32_t n = 0; good && l.pair < JBK_PAIRS; n++) {
        good = !jbk_pair_next(&c, &l, &err);
        if (!good || l.pair == JBK_PAIRS) continue;
        fuzz_check(!n || l.pair > last);
        last = l.pair;
        uint32_t *docs = jbk_alloc(l.n * sizeof *docs);
        uint16_t *weights = jbk_alloc(l.n * sizeof *weights);
        if (jbk_pair_documents(v, &l, docs, weights))
            for (uint32_t i = 0; i < l.n; i++)
                fuzz_check(docs[i] < most && weights[i] && (!i || docs[i] > docs[i - 1]));
        uint64_t *bits = jbk_alloc((most / 64 + 1) * sizeof *bits);
        if (jbk_pair_is_bits(v, &l) && jbk_pair_bits(v, &l, bits))
            for (uint32_t i = 0; jbk_pair_documents(v, &l, docs, NULL) && i < l.n; i++)
                fuzz_check(bits[docs[i] / 64] >> docs[i] % 64 & 1);
        free(bits);
        free(docs);
        free(weights);
    }
    c = (jbk_pair_cursor){.volume = v};
    while (good && !jbk_pair_next(&c, &l, &err) && l.pair < JBK_PAIRS) {
        fuzz_ok(jbk_volume_pair(v, l.pair, &same, &err), &err);
        fuzz_check(same.at == l.at && same.n == l.n);
    }
    (void)!jbk_volume_pair(v, 7, &same, &err);
}

/* A lookup gives no document that is not there; what a walk over it gives, it has, as long as that
 * is in order. */
static void ask_lookups(jbk_volume *v) {
    jbk_lookup_cursor c;
    jbk_docs docs = {0};
    for (int k = 0; k < JBK_RUNS; k++) {
        jbk_run_kind kind = (jbk_run_kind)k;
        (void)!jbk_volume_lookup(v, kind, 7, &docs, &err);
        (void)!jbk_volume_lookup_some(v, kind, UINT64_MAX, 1, 3, &docs, &err);
        if (jbk_volume_run(v, kind, &c, &err)) continue;
        fuzz_check(jbk_volume_entries(v, kind) == c.shape.n);
        jbk_run_entry e, last = {0};
        uint64_t n = 0;
        while (jbk_lookup_next(&c, &e) && e.hash > last.hash) {
            last = e;
            n++;
        }
        if (n == c.shape.n && n) fuzz_check(jbk_volume_has_entry(v, kind, last.hash, last.doc));
        if (jbk_volume_run(v, kind, &c, &err)) continue;
        jbk_lookup_seek(&c, last.hash);
        if (n == c.shape.n && n) fuzz_check(jbk_lookup_next(&c, &e) && e.hash == last.hash);
    }
    for (size_t i = 0; i < docs.n; i++) fuzz_check(docs.at[i] < jbk_volume_docs(v));
    jbk_vec_free(&docs);
}

static void hear(void *arg, const char *what, uint32_t first, uint32_t n) {
    (void)arg;
    (void)what;
    (void)first;
    (void)n;
}

static void ask_volume(jbk_volume *v, const char *s, size_t len) {
    jbk_dicts dicts = {0};
    jbk_reader *r;
    jbk_word_hits hits = {0};
    jbk_word_hit hit;
    const char *item;
    size_t n = len < 8 ? len : 8;
    uint64_t a, b;
    bool yes;
    fuzz_ok(jbk_reader_new(&dicts, &r, &err), &err);
    for (uint32_t d = 0; d < 4; d++)
        for (int stream = 0; stream < JBK_STREAMS; stream++) {
            size_t l;
            (void)!jbk_volume_item(v, r, (jbk_stream)stream, d, &item, &l, &err);
        }
    ask_lookups(v);
    ask_pairs(v);
    jbk_volume_verify(v, (jbk_damage_ear){hear, NULL});
    for (int stream = 0; stream < JBK_STREAMS; stream++)
        (void)!jbk_volume_sizes(v, (jbk_stream)stream, &a, &b, &err);
    for (uint32_t i = 0; i < 4; i++) (void)!jbk_volume_word(v, i, &hit, &err);
    (void)!jbk_volume_has_word(v, s, n, &yes, &err);
    (void)!jbk_volume_leads(v, s, n, &yes, &yes, &err);
    (void)!jbk_volume_prefix(v, s, n, &hits, &err);
    for (int where = JBK_WITHIN; where <= JBK_ENDS; where++) {
        (void)!jbk_volume_pieces(v, s, n, (jbk_where)where, &hits, &err);
        hits.n = 0;
        if (where != JBK_BEGINS) (void)!jbk_volume_infix(v, s, n, (jbk_where)where, &hits, &err);
    }
    ask_places(v, s, n);
    (void)!jbk_volume_key_maker(v, &a, &err);
    (void)!jbk_volume_keyed(v, 1, &hits, &err);
    jbk_vec_free(&hits);
    jbk_reader_free(r);
}

/* A records file whose checksums are right, whatever is in it. */
static void volumes(const char *s, size_t len) {
    jbk_pages_writer *w;
    jbk_volume *v;
    char *path = jbk_printf("%s/volume", fuzz_folder());
    fuzz_ok(jbk_pages_create(path, &w, &err), &err);
    fuzz_ok(jbk_pages_add(w, s, len, &err), &err);
    fuzz_ok(jbk_pages_finish(w, &err), &err);
    if (!jbk_volume_open(path, &v, &err)) {
        ask_volume(v, s, len);
        jbk_volume_close(v);
    }
    free(path);
}

static void (*const KINDS[])(const char *s, size_t len) = {records, chunks,  values, histories,
                                                           pages,   volumes, gaps};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    if (!size) return 0;
    /* A copy aligned as rows of the map are. */
    char *copy = jbk_alloc(size);
    memcpy(copy, data + 1, size - 1);
    KINDS[*data % (sizeof KINDS / sizeof *KINDS)](copy, size - 1);
    free(copy);
    return 0;
}
