/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "volume_model.h"

#include "base/utf8.h"
#include "store/verify.h"
#include "support.h"

#include <stdlib.h>

void model_free(model *m) {
    for (int s = 0; s < JBK_STREAMS; s++) {
        for (size_t i = 0; i < m->items[s].n; i++) free(m->items[s].at[i].s);
        jbk_vec_free(&m->items[s]);
        jbk_buf_free(&m->dicts.bytes[s]);
    }
    for (int r = 0; r < JBK_RUNS; r++) jbk_vec_free(&m->runs[r]);
    for (size_t i = 0; i < m->words.n; i++) free(m->words.at[i].s);
    jbk_vec_free(&m->words);
    jbk_vec_free(&m->kinds);
    jbk_vec_free(&m->keys);
}

/* Phrases that come again and again compress; noise does not. */
static bytes random_item(void) {
    static const char *const phrases[] = {"哈萨克斯坦为何渴望回归中国",
                                          "Қазақстан",
                                          " views ",
                                          "揭秘历史真相",
                                          "kokand",
                                          "\n",
                                          "1234567890"};
    jbk_buf b = {0};
    size_t kind = random_below(20);
    size_t n = kind == 0 ? 0 : kind == 1 ? 2000 : random_below(30);
    for (; n; n--) {
        if (kind == 2)
            jbk_buf_byte(&b, (char)random_next());
        else
            jbk_buf_str(&b, random_pick(phrases));
    }
    return (bytes){b.data, b.len};
}

void model_add_items(model *m, size_t n) {
    for (; n; n--)
        for (int s = 0; s < JBK_STREAMS; s++) {
            bytes item = random_item();
            jbk_vec_push(&m->items[s], item);
        }
}

/* Few distinct hashes, some alike but for their ends, which a lookup does not keep, the extremes
 * among them, so that many documents share one; and others from everywhere. */
static uint64_t random_hash(void) {
    static const uint64_t extremes[] = {0, 1, UINT64_MAX, UINT64_MAX - 1, UINT64_C(1) << 63};
    uint64_t hash = random_below(50) * UINT64_C(0x0123456789ABCD) + random_below(4);
    if (random_below(4) == 0) return random_pick(extremes);
    return random_below(2) ? hash : random_next();
}

void model_add_runs(model *m, size_t n) {
    for (int r = 0; r < JBK_RUNS; r++) {
        for (size_t i = 0; i < n; i++) {
            jbk_run_entry e = {random_hash(), (uint32_t)random_below(n)};
            jbk_vec_push(&m->runs[r], e);
        }
    }
}

static int by_bytes(const void *x, const void *y) {
    const bytes *a = x, *b = y;
    int order = memcmp(a->s, b->s, a->len < b->len ? a->len : b->len);
    return order ? order : a->len < b->len ? -1 : a->len > b->len;
}

static const char *const LETTERS[] = {"a",        "b",    "ab",     "哈", "萨",
                                      "克",       "斯坦", "哈萨克", "қ",  "1",
                                      "\xCC\x81", "'",    "か",     "ك",  "\xF0\xA0\x80\x80",
                                      "z"};

static bytes random_word(void) {
    jbk_buf b = {0};
    for (size_t n = 1 + random_below(6); n; n--) jbk_buf_str(&b, random_pick(LETTERS));
    return (bytes){b.data, b.len};
}

/* Sorted and distinct, some of them plain. */
void model_add_words(model *m, size_t n) {
    for (; n; n--) {
        bytes w = random_word();
        jbk_vec_push(&m->words, w);
    }
    jbk_vec_sort(&m->words, by_bytes);
    size_t kept = 0;
    for (size_t i = 0; i < m->words.n; i++) {
        if (kept && !by_bytes(&m->words.at[kept - 1], &m->words.at[i])) {
            free(m->words.at[i].s);
            continue;
        }
        m->words.at[kept++] = m->words.at[i];
        jbk_vec_push(&m->kinds, (uint8_t)(random_below(8) | (random_below(3) ? 0 : JBK_LEX_PLAIN)));
    }
    m->words.n = kept;
}

/* Few distinct hashes, the extremes among them; none, one or several a word. */
static uint32_t random_key(void) {
    static const uint32_t extremes[] = {0, 1, UINT32_MAX};
    return random_below(4) ? (uint32_t)random_below(40) * 0x01234567u : random_pick(extremes);
}

void model_add_keys(model *m) {
    for (size_t i = 0; i < m->words.n * 2; i++) {
        jbk_key_entry e = {random_key(), (uint32_t)random_below(m->words.n)};
        jbk_vec_push(&m->keys, e);
    }
}

void model_train(model *m) {
    random_begin(99);
    for (int s = 0; s < JBK_STREAMS; s++) {
        jbk_buf samples = {0};
        JBK_VEC(size_t) lens = {0};
        while (samples.len < (1 << 19)) {
            bytes item = random_item();
            jbk_buf_add(&samples, item.s, item.len);
            if (item.len) jbk_vec_push(&lens, item.len);
            free(item.s);
        }
        jbk_dict_train(samples.data, lens.at, lens.n, &m->dicts.bytes[s]);
        ck_assert_uint_gt(m->dicts.bytes[s].len, 0);
        jbk_buf_free(&samples);
        jbk_vec_free(&lens);
    }
}

/* --- writing and reading --- */

void model_write(const char *path, const model *m, size_t parts) {
    jbk_volume_writer *w;
    jbk_packer *packer;
    ck_ok(jbk_packer_new(&m->dicts, &packer, &test_err));
    ck_ok(jbk_volume_create(path, &w, &test_err));
    size_t n = m->items[0].n;
    for (size_t part = 0; part < parts; part++) {
        jbk_blocks blocks[JBK_STREAMS];
        memset(blocks, 0, sizeof blocks);
        for (int s = 0; s < JBK_STREAMS; s++) {
            for (size_t i = n * part / parts; i < n * (part + 1) / parts; i++)
                ck_ok(jbk_blocks_add(&blocks[s], packer, (jbk_stream)s, m->items[s].at[i].s,
                                     m->items[s].at[i].len, &test_err));
            ck_ok(jbk_blocks_end(&blocks[s], packer, (jbk_stream)s, &test_err));
        }
        ck_ok(jbk_volume_add(w, blocks, &test_err));
        for (int s = 0; s < JBK_STREAMS; s++) jbk_blocks_free(&blocks[s]);
    }
    for (int r = 0; r < JBK_RUNS; r++) {
        jbk_run run = {0};
        for (size_t i = 0; i < m->runs[r].n; i++) jbk_vec_push(&run, m->runs[r].at[i]);
        ck_ok(jbk_volume_add_run(w, (jbk_run_kind)r, &run, &test_err));
        jbk_vec_free(&run);
    }
    JBK_VEC(jbk_word) words = {0};
    for (size_t i = 0; i < m->words.n; i++) {
        jbk_word word = {m->words.at[i].s, (uint32_t)m->words.at[i].len};
        jbk_vec_push(&words, word);
    }
    ck_ok(jbk_volume_add_words(w, words.at, m->kinds.at, words.n, &test_err));
    jbk_key_entries keys = {0};
    for (size_t i = 0; i < m->keys.n; i++) jbk_vec_push(&keys, m->keys.at[i]);
    ck_ok(jbk_volume_add_keys(w, KEY_MAKER, &keys, &test_err));
    jbk_vec_free(&keys);
    ck_ok(jbk_volume_finish(w, &test_err));
    jbk_vec_free(&words);
    jbk_packer_free(packer);
}

static jbk_status read_items(jbk_volume *v, const model *m, bool *equal) {
    jbk_reader *reader;
    jbk_status status = jbk_reader_new(&m->dicts, &reader, &test_err);
    *equal = jbk_volume_docs(v) == m->items[0].n;
    for (int s = 0; s < JBK_STREAMS && !status; s++) {
        for (size_t i = 0; i < m->items[s].n && !status; i++) {
            const char *item;
            size_t len;
            const bytes *want = &m->items[s].at[i];
            status = jbk_volume_item(v, reader, (jbk_stream)s, (uint32_t)i, &item, &len, &test_err);
            if (!status) *equal &= len == want->len && (!len || !memcmp(item, want->s, len));
        }
    }
    jbk_reader_free(reader);
    return status;
}

static int by_hash(const void *x, const void *y) {
    const jbk_run_entry *a = x, *b = y;
    if (a->hash != b->hash) return a->hash < b->hash ? -1 : 1;
    return a->doc < b->doc ? -1 : a->doc > b->doc;
}

/* What a lookup should hold. */
static jbk_run kept_run(const model *m, jbk_run_kind kind) {
    jbk_run kept = {0};
    for (size_t i = 0; i < m->runs[kind].n; i++) {
        jbk_run_entry e = m->runs[kind].at[i];
        jbk_vec_push(&kept, ((jbk_run_entry){jbk_lookup_kept(kind, e.hash), e.doc}));
    }
    jbk_vec_sort(&kept, by_hash);
    return kept;
}

/* One lookup against a linear search. */
static jbk_status read_run(jbk_volume *v, jbk_run_kind kind, const jbk_run *want, uint64_t hash,
                           bool *equal) {
    jbk_docs got = {0};
    size_t n = 0;
    uint64_t kept = jbk_lookup_kept(kind, hash);
    jbk_status status = jbk_volume_lookup(v, kind, hash, &got, &test_err);
    for (size_t i = 0; i < want->n && !status; i++) {
        if (want->at[i].hash != kept) continue;
        *equal &= jbk_volume_has_entry(v, kind, hash, want->at[i].doc);
        if (n && got.at[n - 1] == want->at[i].doc) continue;
        *equal &= n < got.n && got.at[n] == want->at[i].doc;
        if (!*equal) break;
        n++;
    }
    if (!status) *equal &= n == got.n;
    jbk_vec_free(&got);
    return status;
}

/* All entries from the first to the last, and on from some of them. */
static jbk_status walk_run(jbk_volume *v, jbk_run_kind kind, const jbk_run *want, bool *equal) {
    jbk_lookup_cursor c, ahead;
    jbk_run_entry e;
    size_t from = 0; /* where `ahead` is */
    jbk_status status = jbk_volume_run(v, kind, &c, &test_err);
    ahead = c;
    for (size_t i = 0; i < want->n && !status; i++) {
        *equal &= jbk_lookup_next(&c, &e) && !by_hash(&e, &want->at[i]);
        if (random_below(20)) continue;
        uint64_t hash = want->at[i].hash | random_below(1 << 20);
        jbk_lookup_cursor there = ahead;
        jbk_lookup_seek(&there, hash);
        size_t k = from;
        while (k < want->n && want->at[k].hash < jbk_lookup_kept(kind, hash)) k++;
        if (random_below(2)) {
            ahead = there;
            from = k;
        }
        bool more = jbk_lookup_next(&there, &e);
        *equal &= more == (k < want->n) && (!more || !by_hash(&e, &want->at[k]));
    }
    if (!status) *equal &= !jbk_lookup_next(&c, &e) && jbk_volume_entries(v, kind) == want->n;
    return status;
}

static jbk_status read_runs(jbk_volume *v, const model *m, bool *equal) {
    jbk_status status = JBK_OK;
    *equal = true;
    for (int r = 0; r < JBK_RUNS && !status; r++) {
        jbk_run_kind kind = (jbk_run_kind)r;
        jbk_run want = kept_run(m, kind);
        for (size_t i = 0; i < want.n && !status; i++)
            status = read_run(v, kind, &want, m->runs[r].at[i].hash, equal);
        for (int i = 0; i < 12 && !status; i++)
            status = read_run(v, kind, &want, random_hash(), equal);
        if (!status) status = walk_run(v, kind, &want, equal);
        jbk_vec_free(&want);
    }
    return status;
}

jbk_status model_read_words(jbk_volume *v, const model *m, bool *equal) {
    jbk_status status = JBK_OK;
    *equal = jbk_volume_words(v) == m->words.n;
    for (size_t i = 0; *equal && i < m->words.n && !status; i++) {
        jbk_word_hit hit;
        const bytes *want = &m->words.at[i];
        bool found;
        status = jbk_volume_word(v, (uint32_t)i, &hit, &test_err);
        if (!status)
            *equal &=
                hit.word.len == want->len && !memcmp(hit.word.s, want->s, want->len) && hit.at == 0;
        uint8_t kind = 0;
        if (!status) status = jbk_volume_word_kind(v, (uint32_t)i, &kind, &test_err);
        if (!status) *equal &= kind == m->kinds.at[i];
        if (!status) status = jbk_volume_has_word(v, want->s, want->len, &found, &test_err);
        if (!status) *equal &= found;
    }
    return status;
}

static bool has_key(const model *m, uint32_t hash, size_t word) {
    for (size_t i = 0; i < m->keys.n; i++)
        if (m->keys.at[i].hash == hash && m->keys.at[i].word == word) return true;
    return false;
}

/* The words of a key, in their order, against a loop over the words. */
static jbk_status read_keys(jbk_volume *v, const model *m, bool *equal) {
    uint64_t maker;
    jbk_status status = jbk_volume_key_maker(v, &maker, &test_err);
    *equal = maker == KEY_MAKER;
    for (int i = 0; i < 30 && !status; i++) {
        jbk_word_hits got = {0};
        uint32_t hash = random_key();
        status = jbk_volume_keyed(v, hash, &got, &test_err);
        size_t n = 0;
        for (size_t w = 0; w < m->words.n && !status; w++) {
            bool due = has_key(m, hash, w);
            *equal &= jbk_volume_has_key(v, hash, (uint32_t)w) == due;
            if (!due) continue;
            const bytes *word = &m->words.at[w];
            *equal &= n < got.n && got.at[n].word.len == word->len &&
                      !memcmp(got.at[n].word.s, word->s, word->len);
            n++;
        }
        *equal &= status || n == got.n;
        jbk_vec_free(&got);
    }
    return status;
}

static const char *find_bytes(const bytes *w, const bytes *s, bool at_end) {
    if (at_end) {
        bool ends = w->len >= s->len && !memcmp(w->s + w->len - s->len, s->s, s->len);
        return ends ? w->s + w->len - s->len : NULL;
    }
    return memmem(w->s, w->len, s->s, s->len);
}

/* Words that contain s or end with it, plain ones too, each once. */
static jbk_status read_infix(jbk_volume *v, const model *m, const bytes *s, bool at_end,
                             bool *equal) {
    jbk_word_hits got = {0};
    jbk_status status =
        jbk_volume_infix(v, s->s, s->len, at_end ? JBK_ENDS : JBK_WITHIN, &got, &test_err);
    size_t n = 0;
    for (size_t w = 0; w < m->words.n && !status; w++) {
        const bytes *word = &m->words.at[w];
        const char *at = find_bytes(word, s, at_end);
        if (!at) continue;
        *equal &= n < got.n && got.at[n].word.len == word->len &&
                  !memcmp(got.at[n].word.s, word->s, word->len) &&
                  got.at[n].at == (size_t)(at - word->s);
        n++;
    }
    *equal &= status || n == got.n;
    jbk_vec_free(&got);
    return status;
}

typedef enum { PREFIX, WITHIN, BEGINS, ENDS } asked;

static bool places(const bytes *w, bool plain, const bytes *s, asked what, size_t at) {
    if (at + s->len > w->len || memcmp(w->s + at, s->s, s->len) != 0) return false;
    switch (what) {
    case PREFIX:
        return at == 0;
    case WITHIN:
        return !plain && jbk_utf8_is_start(w->s[at]);
    case BEGINS:
        return !plain && at == 0;
    default:
        return !plain && at + s->len == w->len;
    }
}

/* All pieces of words against a loop over the words. */
static jbk_status read_pieces(jbk_volume *v, const model *m, const bytes *s, asked what,
                              bool *equal) {
    static const jbk_where where[] = {
        [WITHIN] = JBK_WITHIN, [BEGINS] = JBK_BEGINS, [ENDS] = JBK_ENDS};
    jbk_word_hits got = {0};
    jbk_status status = what == PREFIX
                            ? jbk_volume_prefix(v, s->s, s->len, &got, &test_err)
                            : jbk_volume_pieces(v, s->s, s->len, where[what], &got, &test_err);
    uint64_t counted = got.n;
    if (!status && what != PREFIX)
        status = jbk_volume_count_pieces(v, s->s, s->len, where[what], &counted, &test_err);
    *equal &= counted == got.n;
    size_t want = 0;
    for (size_t i = 0; i < m->words.n && !status; i++) {
        const bytes *w = &m->words.at[i];
        for (size_t at = 0; at < w->len; at++) {
            if (!places(w, m->kinds.at[i] & JBK_LEX_PLAIN, s, what, at)) continue;
            want++;
            size_t there = 0;
            for (size_t k = 0; k < got.n; k++)
                there += got.at[k].at == at && got.at[k].word.len == w->len &&
                         !memcmp(got.at[k].word.s, w->s, w->len);
            *equal &= there == 1;
        }
    }
    if (!status) *equal &= want == got.n;
    jbk_vec_free(&got);
    return status;
}

static bytes random_piece(const model *m) {
    if (!m->words.n || random_below(3) == 0) return random_word();
    const bytes *w = &m->words.at[random_below(m->words.n)];
    size_t from, to;
    do from = random_below(w->len);
    while (!jbk_utf8_is_start(w->s[from]));
    do to = from + 1 + random_below(w->len - from);
    while (to < w->len && !jbk_utf8_is_start(w->s[to]));
    return (bytes){jbk_strndup(w->s + from, to - from), to - from};
}

jbk_status model_read_pieces(jbk_volume *v, const model *m, int n, bool *equal) {
    jbk_status status = JBK_OK;
    *equal = true;
    for (int i = 0; i < n && !status; i++) {
        bytes s = random_piece(m);
        status = read_pieces(v, m, &s, (asked)(i % 4), equal);
        if (!status && !*equal)
            ck_abort_msg("question %d about %s is answered otherwise", i % 4, hex_of(s.s, s.len));
        if (!status) status = read_infix(v, m, &s, i % 2, equal);
        bool found, want = false;
        for (size_t k = 0; k < m->words.n; k++) want |= !by_bytes(&s, &m->words.at[k]);
        if (!status) status = jbk_volume_has_word(v, s.s, s.len, &found, &test_err);
        if (!status) *equal &= found == want;
        free(s.s);
    }
    return status;
}

jbk_status model_read(const char *path, const model *m, bool *equal) {
    jbk_volume *v;
    bool part;
    *equal = true;
    jbk_status status = jbk_volume_open(path, &v, &test_err);
    if (status) {
        ck_assert_ptr_null(v);
        return status;
    }
    jbk_status (*const readers[])(jbk_volume *, const model *,
                                  bool *) = {read_items, read_runs, model_read_words, read_keys};
    for (size_t i = 0; i < 4 && !status; i++) {
        status = readers[i](v, m, &part);
        *equal &= part;
    }
    if (!status) {
        status = model_read_pieces(v, m, 12, &part);
        *equal &= part;
    }
    jbk_volume_close(v);
    return status;
}
