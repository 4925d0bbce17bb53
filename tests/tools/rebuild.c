/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "break_index.h"

#include "base/hash.h"
#include "store/occurrences.h"
#include "store/pairs.h"
#include "text/key_hash.h"

#include <stdio.h>
#include <stdlib.h>

typedef struct {
    jbk_view *v;
    const jbk_segment_info *seg;
    const char *what;
    jbk_reader *reader;
    jbk_volume_writer *out;
    jbk_blocks blocks[JBK_STREAMS];
    jbk_run runs[JBK_RUNS];
} rebuild;

static bool is(const rebuild *b, const char *what) { return !strcmp(b->what, what); }

static void add_run(rebuild *b, jbk_run_kind kind, uint64_t hash, uint32_t doc) {
    static const char *const LESS[JBK_RUNS] = {"less-id", "less-url", "less-content",
                                               "less-sketch"};
    if (!doc && is(b, LESS[kind])) return;
    if (!doc && kind == JBK_RUN_CONTENT && is(b, "content")) doc = 1;
    jbk_run_entry e = {hash, doc};
    jbk_vec_push(&b->runs[kind], e);
}

static void add_runs(rebuild *b, const jbk_record *r, uint32_t doc, jbk_buf *scratch) {
    unsigned char digest[JBK_CONTENT_DIGEST];
    uint64_t hash;
    for (int k = JBK_RUN_ID; k <= JBK_RUN_URL; k++) {
        jbk_str name = jbk_record_lookup_name(r, (jbk_run_kind)k);
        if (name.s) add_run(b, (jbk_run_kind)k, jbk_hash(name.s, name.len), doc);
    }
    if (!jbk_record_content(r, scratch, digest)) return;
    memcpy(&hash, digest, sizeof hash);
    add_run(b, JBK_RUN_CONTENT, hash, doc);
}

static jbk_status add_record(rebuild *b, jbk_packer *packer, uint32_t doc, jbk_record *r,
                             jbk_err *err) {
    jbk_buf item = {0};
    jbk_status status = jbk_record_read(b->v, b->reader, b->seg->base + doc, r, err);
    if (!status) add_runs(b, r, doc, &item);
    if (!doc && is(b, "text")) r->field[JBK_F_TEXT] = (jbk_str){"another text", 12};
    if (!doc && is(b, "platform")) r->field[JBK_F_PLATFORM] = (jbk_str){"another", 7};
    for (int s = 0; s < JBK_STREAMS && !status; s++) {
        item.len = 0;
        if (s == JBK_STREAM_TEXT)
            jbk_record_put_text(r, &item);
        else
            jbk_record_put_rest(r, &item);
        if (!doc && s == JBK_STREAM_RECORD && is(b, "cut")) item.len--;
        status = jbk_blocks_add(&b->blocks[s], packer, (jbk_stream)s, item.data, item.len, err);
    }
    jbk_buf_free(&item);
    return status;
}

/* Where the words stand, a batch that holds all; or in part elsewhere. */
static jbk_status add_occurrences(rebuild *b, jbk_err *err) {
    jbk_volume *v = b->seg->volume;
    if (!is(b, "less-place") && !is(b, "other-place") && !is(b, "other-line"))
        return jbk_volume_merge_occurrences(b->out, &v, 1, err);
    jbk_intern words = {0};
    jbk_occurrences o = {0};
    jbk_status status = JBK_OK;
    for (int l = 0; l < JBK_LINES && !status; l++) {
        const uint32_t *starts;
        status = jbk_volume_line(v, (jbk_line)l, &starts, err);
        for (uint32_t d = 0; d < b->seg->docs && !status; d++)
            jbk_vec_push(&o.starts[l], starts ? starts[d] : d);
        o.end[l] = starts ? starts[b->seg->docs] : b->seg->docs;
        if (is(b, "other-line")) o.end[l]++;
    }
    for (uint64_t i = 0; !status; i++) {
        jbk_word term;
        jbk_places p[JBK_LINES];
        status = jbk_volume_placed_term(v, i, &term, p, err);
        if (status || !term.s) break;
        uint32_t word = jbk_intern_add(&words, term.s, term.len);
        for (int l = 0; l < JBK_LINES; l++) {
            uint32_t *read = jbk_alloc(p[l].n * sizeof *read);
            (void)!jbk_places_read(&p[l], 0, read);
            uint32_t skip = i == 0 && is(b, "less-place"), more = i == 0 && is(b, "other-place");
            for (uint32_t k = skip; k < p[l].n; k++)
                jbk_vec_push(&o.seen[l], ((jbk_occurrence){word, read[k] + more}));
            free(read);
        }
    }
    jbk_occurrences_pack(&o, words.keys.n);
    o.numbers = jbk_alloc(words.keys.n * sizeof *o.numbers);
    for (uint32_t i = 0; i < words.keys.n; i++) o.numbers[i] = i;
    if (!status)
        status = jbk_volume_add_occurrences(b->out, words.keys.at, words.keys.n, &o, 1, err);
    jbk_occurrences_free(&o);
    jbk_intern_free(&words);
    return status;
}

/* The pairs, document after document, a batch that holds all; or one less, more, another. */
static jbk_status add_pairs(rebuild *b, jbk_err *err) {
    JBK_VEC(uint32_t) *of = jbk_calloc(b->seg->docs, sizeof *of);
    uint32_t *docs = jbk_alloc(b->seg->docs * sizeof *docs);
    uint16_t *weights = jbk_alloc(b->seg->docs * sizeof *weights);
    jbk_pair_cursor c = {.volume = b->seg->volume};
    jbk_pair_list l;
    bool first = true;
    jbk_status status = jbk_pair_next(&c, &l, err);
    for (; !status && l.pair < JBK_PAIRS; status = jbk_pair_next(&c, &l, err)) {
        (void)!jbk_pair_documents(c.volume, &l, docs, weights);
        for (uint32_t i = 0; i < l.n; i++, first = false) {
            uint32_t doc = docs[i], pair = l.pair, n = weights[i];
            if (first && is(b, "less-pair")) continue;
            if (first && is(b, "other-pair")) pair++;
            if (first && is(b, "heavy-pair")) n++;
            if (first && is(b, "else-pair")) doc = doc ? 0 : 1;
            for (; n; n--) jbk_vec_push(&of[doc], pair);
        }
    }
    jbk_pairs p = {0};
    for (uint32_t d = 0; d < b->seg->docs; d++) {
        jbk_pairs_add(&p, of[d].at, of[d].n);
        jbk_vec_free(&of[d]);
    }
    jbk_packed_pairs packed = {0};
    if (!status) status = jbk_pairs_pack(&p, 1, &packed, err);
    if (!status) status = jbk_volume_add_pairs(b->out, &packed, err);
    jbk_packed_pairs_free(&packed);
    jbk_pairs_free(&p);
    free(weights);
    free(docs);
    free(of);
    return status;
}

static jbk_status add_records(rebuild *b, jbk_err *err) {
    jbk_packer *packer;
    jbk_record r = {0};
    jbk_status status = jbk_packer_new(jbk_view_dicts(b->v), &packer, err);
    for (uint32_t i = 0; i < b->seg->docs && !status; i++)
        status = add_record(b, packer, i, &r, err);
    for (int s = 0; s < JBK_STREAMS && !status; s++)
        status = jbk_blocks_end(&b->blocks[s], packer, (jbk_stream)s, err);
    if (!status) status = jbk_volume_add(b->out, b->blocks, err);
    jbk_lookup_cursor sketches = {0};
    if (!status) status = jbk_volume_run(b->seg->volume, JBK_RUN_SKETCH, &sketches, err);
    for (jbk_run_entry e; !status && jbk_lookup_next(&sketches, &e);)
        add_run(b, JBK_RUN_SKETCH, e.hash, e.doc);
    if (is(b, "more-id")) add_run(b, JBK_RUN_ID, jbk_hash("no such id", 10), 0);
    for (int k = 0; k < JBK_RUNS && !status; k++)
        status = jbk_volume_add_run(b->out, (jbk_run_kind)k, &b->runs[k], err);
    if (!status) status = add_occurrences(b, err);
    if (!status) status = add_pairs(b, err);
    jbk_packer_free(packer);
    jbk_record_free(&r);
    return status;
}

static jbk_status add_keys(rebuild *b, const jbk_word *words, size_t n, jbk_err *err) {
    jbk_stemmer *stemmer;
    jbk_key_entries entries = {0};
    jbk_status status = jbk_stemmer_new(&stemmer, err);
    for (size_t i = 0; i < n && !status; i++) {
        jbk_keys keys;
        jbk_keys_of(stemmer, words[i].s, words[i].len, &keys);
        for (size_t k = 0; k < keys.n; k++)
            jbk_vec_push(&entries, ((jbk_key_entry){jbk_key_sum(&keys.at[k]), (uint32_t)i}));
    }
    if (is(b, "less-key")) entries.n--;
    if (is(b, "more-key")) jbk_vec_push(&entries, ((jbk_key_entry){7, 0}));
    if (!status) status = jbk_volume_add_keys(b->out, jbk_keys_maker(), &entries, err);
    jbk_vec_free(&entries);
    jbk_stemmer_free(stemmer);
    return status;
}

static jbk_status add_words(rebuild *b, jbk_err *err) {
    JBK_VEC(jbk_word) words = {0};
    JBK_VEC(uint8_t) kinds = {0};
    jbk_status status = JBK_OK;
    for (uint32_t i = is(b, "less-word"); i < jbk_volume_words(b->seg->volume) && !status; i++) {
        jbk_word_hit hit;
        uint8_t kind = 0;
        status = jbk_volume_word(b->seg->volume, i, &hit, err);
        if (!status) status = jbk_volume_word_kind(b->seg->volume, i, &kind, err);
        if (status) break;
        jbk_vec_push(&words, hit.word);
        jbk_vec_push(&kinds, kind);
    }
    if (is(b, "more-word")) {
        jbk_vec_push(&words, ((jbk_word){"\xF4\x80\x80\x80", 4})); /* behind all others */
        jbk_vec_push(&kinds, 0);
    }
    if (is(b, "unsorted")) {
        jbk_word w = words.at[0];
        words.at[0] = words.at[1];
        words.at[1] = w;
    }
    if (is(b, "kind")) kinds.at[0] ^= 1;
    if (!status) status = jbk_volume_add_words(b->out, words.at, kinds.at, words.n, err);
    if (!status) status = add_keys(b, words.at, words.n, err);
    jbk_vec_free(&words);
    jbk_vec_free(&kinds);
    return status;
}

jbk_status rebuild_records(jbk_view *v, const jbk_segment_info *seg, const char *what,
                           jbk_err *err) {
    rebuild b = {.v = v, .seg = seg, .what = what};
    char *path = jbk_printf("%s.new", seg->records_path);
    jbk_status status = jbk_reader_new(jbk_view_dicts(v), &b.reader, err);
    if (!status) status = jbk_volume_create(path, &b.out, err);
    if (!status) status = add_records(&b, err);
    if (!status) status = add_words(&b, err);
    if (!status) status = jbk_volume_finish(b.out, err);
    if (!status && rename(path, seg->records_path))
        status = jbk_fail(err, JBK_IO, "rename", "cannot move %s", path);
    for (int s = 0; s < JBK_STREAMS; s++) jbk_blocks_free(&b.blocks[s]);
    for (int k = 0; k < JBK_RUNS; k++) jbk_vec_free(&b.runs[k]);
    jbk_reader_free(b.reader);
    free(path);
    return status;
}
