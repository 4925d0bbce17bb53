/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pairs and what they count come back as they were put in: from batches, from volumes that were
 * merged; and bytes that are not what they should be lead nowhere. */
#include "bits.h"
#include "store/pairs.h"
#include "store/verify.h"
#include "support.h"

#include <stdio.h>
#include <stdlib.h>

static char *dir;

/* Some of all pairs, ascending, the first and the last among them: more than three groups of 32. */
enum { KINDS = 110, DOCS_MAX = 3000 };
static uint32_t PAIRS[KINDS];

static void setup(void) {
    static const uint32_t first[] = {0, 1, 62, 63, 64, 65, 127, 128, 1000, 70000, 70001};
    enum { FIRST = sizeof first / sizeof *first };
    dir = temp_make();
    memcpy(PAIRS, first, sizeof first);
    for (uint32_t k = FIRST; k < KINDS; k++) PAIRS[k] = PAIRS[k - 1] + 2 + (k % 7) * (k % 7) * 999;
    PAIRS[KINDS - 1] = JBK_PAIRS - 1;
}
static void teardown(void) { temp_remove(dir); }

/* How often each document has each pair. */
typedef struct {
    uint32_t n;
    uint32_t (*count)[KINDS];
} model;

static void add_documents(model *m, uint32_t n) {
    m->count = jbk_realloc(m->count, (m->n + n) * sizeof *m->count);
    for (uint32_t end = m->n + n; m->n < end; m->n++)
        for (int k = 0; k < KINDS; k++) {
            /* Some are nearly everywhere, some hardly anywhere. */
            size_t rare = (size_t)k % 12;
            bool has = random_below(1 + rare * rare * rare) == 0;
            uint32_t few = 1 + (uint32_t)random_below(3);
            m->count[m->n][k] = !has                ? 0
                                : random_below(500) ? few
                                                    : 65530 + (uint32_t)random_below(10);
        }
}

static void shuffle(uint32_t *at, size_t n) {
    for (size_t i = n; i > 1; i--) {
        size_t k = random_below(i);
        uint32_t t = at[i - 1];
        at[i - 1] = at[k];
        at[k] = t;
    }
}

static void add_document(jbk_pairs *p, const uint32_t count[KINDS]) {
    JBK_VEC(uint32_t) seen = {0};
    for (int k = 0; k < KINDS; k++)
        for (uint32_t i = 0; i < count[k]; i++) jbk_vec_push(&seen, PAIRS[k]);
    shuffle(seen.at, seen.n);
    jbk_pairs_add(p, seen.at, seen.n);
    jbk_vec_free(&seen);
}

/* So many empty items, for a volume has as many documents as items. */
static void add_items(jbk_volume_writer *w, uint32_t n) {
    jbk_blocks blocks[JBK_STREAMS] = {0};
    jbk_packer *packer;
    jbk_dicts none = {0};
    ck_ok(jbk_packer_new(&none, &packer, &test_err));
    for (int s = 0; s < JBK_STREAMS; s++) {
        for (uint32_t i = 0; i < n; i++)
            ck_ok(jbk_blocks_add(&blocks[s], packer, (jbk_stream)s, "x", 1, &test_err));
        ck_ok(jbk_blocks_end(&blocks[s], packer, (jbk_stream)s, &test_err));
    }
    ck_ok(jbk_volume_add(w, blocks, &test_err));
    for (int s = 0; s < JBK_STREAMS; s++) jbk_blocks_free(&blocks[s]);
    jbk_packer_free(packer);
}

static jbk_volume *write(const model *m, uint32_t from, uint32_t nbatches, char *path) {
    jbk_pairs *batches = jbk_calloc(nbatches, sizeof *batches);
    for (uint32_t i = from; i < m->n; i++)
        add_document(&batches[(uint64_t)(i - from) * nbatches / (m->n - from)], m->count[i]);
    jbk_volume_writer *w;
    jbk_volume *v;
    ck_ok(jbk_volume_create(path, &w, &test_err));
    add_items(w, m->n - from);
    jbk_packed_pairs packed;
    ck_ok(jbk_pairs_pack(batches, nbatches, &packed, &test_err));
    ck_ok(jbk_volume_add_pairs(w, &packed, &test_err));
    jbk_packed_pairs_free(&packed);
    ck_ok(jbk_volume_finish(w, &test_err));
    ck_ok(jbk_volume_open(path, &v, &test_err));
    for (uint32_t i = 0; i < nbatches; i++) jbk_pairs_free(&batches[i]);
    free(batches);
    return v;
}

/* A list that is bits is the same documents. */
static void assert_bits(const jbk_volume *v, const jbk_pair_list *l, const uint32_t *docs) {
    uint64_t *bits = jbk_alloc((DOCS_MAX / 64 + 1) * sizeof *bits);
    uint32_t words = (jbk_volume_docs(v) + 63) / 64, n = 0;
    ck_must(jbk_pair_bits(v, l, bits), "pair %u cannot be read", l->pair);
    for (uint32_t d = 0; d < words * 64; d++)
        if (bits[d / 64] >> d % 64 & 1) ck_must(n < l->n && docs[n++] == d, "bit %u", d);
    ck_must(n == l->n, "%u bits, not %u", n, l->n);
    free(bits);
}

static void assert_list(const jbk_volume *v, const jbk_pair_list *l, const model *m, int k) {
    uint32_t *docs = jbk_alloc(l->n * sizeof *docs), *alone = jbk_alloc(l->n * sizeof *alone);
    uint16_t *weights = jbk_alloc(l->n * sizeof *weights);
    uint32_t n = 0;
    ck_must(jbk_pair_documents(v, l, docs, weights), "pair %u cannot be read", PAIRS[k]);
    ck_must(jbk_pair_documents(v, l, alone, NULL), "pair %u cannot be read", PAIRS[k]);
    ck_must(!l->n || !memcmp(docs, alone, l->n * sizeof *docs), "pair %u", PAIRS[k]);
    for (uint32_t d = 0; d < m->n; d++) {
        uint32_t want = m->count[d][k];
        if (!want) continue;
        ck_must(n < l->n && docs[n] == d, "pair %u is not in document %u", PAIRS[k], d);
        ck_must(weights[n] == (want < UINT16_MAX ? want : UINT16_MAX), "pair %u in document %u: %u",
                PAIRS[k], d, weights[n]);
        n++;
    }
    ck_must(n == l->n, "pair %u: %u documents, not %u", PAIRS[k], l->n, n);
    bool many = jbk_pair_is_bits(v, l);
    ck_must(many == (n > m->n / 3), "pair %u: %u of %u documents", PAIRS[k], n, m->n);
    if (many) assert_bits(v, l, docs);
    free(docs);
    free(alone);
    free(weights);
}

static void no_damage(void *arg, const char *what, uint32_t first, uint32_t n) {
    (void)first, (void)n;
    if (strstr(what, "pairs")) snprintf(arg, 200, "%s", what);
}

static bool holds_any(const model *m, int k) {
    for (uint32_t d = 0; d < m->n; d++)
        if (m->count[d][k]) return true;
    return false;
}

static void assert_holds(jbk_volume *v, const model *m) {
    char what[200] = "";
    jbk_pair_list l;
    jbk_pair_cursor c = {.volume = v};
    for (int k = 0; k < KINDS; k++) {
        ck_ok(jbk_volume_pair(v, PAIRS[k], &l, &test_err));
        assert_list(v, &l, m, k);
        if (!holds_any(m, k)) continue;
        ck_ok(jbk_pair_next(&c, &l, &test_err));
        ck_must(l.pair == PAIRS[k], "%u comes, not pair %u", l.pair, PAIRS[k]);
        assert_list(v, &l, m, k);
    }
    ck_ok(jbk_pair_next(&c, &l, &test_err));
    ck_assert_uint_eq(l.pair, JBK_PAIRS);
    for (int k = 0; k + 1 < KINDS; k++) {
        uint32_t room = PAIRS[k + 1] - PAIRS[k] - 1, other = PAIRS[k] + 1;
        if (!room) continue;
        other += (uint32_t)random_below(room);
        ck_ok(jbk_volume_pair(v, other, &l, &test_err));
        ck_must(!l.n, "pair %u is somewhere", other);
    }
    jbk_volume_verify(v, (jbk_damage_ear){no_damage, what});
    ck_must(!*what, "%s", what);
}

START_TEST(batches_come_back) {
    static const uint32_t sizes[] = {0, 1, 2, 30, DOCS_MAX};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++)
        for (uint32_t batches = 1; batches < 4; batches++) {
            model m = {0};
            char *path = temp_path(dir, "000001.records");
            random_begin(1 + i * 4 + batches);
            add_documents(&m, sizes[i]);
            jbk_volume *v = write(&m, 0, batches, path);
            assert_holds(v, &m);
            jbk_volume_close(v);
            free(path);
            free(m.count);
        }
}
END_TEST

START_TEST(merged_volumes_hold_what_their_parts_hold) {
    enum { PARTS = 5 };
    for (int round = 0; round < 10; round++) {
        model m = {0};
        jbk_volume *parts[PARTS], *merged;
        char *paths[PARTS], *path = temp_path(dir, "000009.records");
        random_begin(40 + (uint64_t)round);
        for (uint32_t i = 0, from = 0; i < PARTS; i++, from = m.n) {
            char name[32];
            snprintf(name, sizeof name, "%06u.records", i + 1);
            add_documents(&m, i == 2 ? 0 : (uint32_t)random_below(400));
            parts[i] = write(&m, from, 2, paths[i] = temp_path(dir, name));
        }
        jbk_volume_writer *w;
        ck_ok(jbk_volume_create(path, &w, &test_err));
        for (size_t i = 0; i < PARTS; i++) ck_ok(jbk_volume_copy(w, parts[i], &test_err));
        ck_ok(jbk_volume_merge_pairs(w, parts, PARTS, &test_err));
        ck_ok(jbk_volume_finish(w, &test_err));
        ck_ok(jbk_volume_open(path, &merged, &test_err));
        assert_holds(merged, &m);
        jbk_volume_close(merged);
        for (size_t i = 0; i < PARTS; i++) {
            jbk_volume_close(parts[i]);
            free(paths[i]);
        }
        free(path);
        free(m.count);
    }
}
END_TEST

/* A list in memory of its own, cut or with a bit changed: refused, or documents that are there. */
START_TEST(other_bytes_lead_nowhere) {
    model m = {0};
    char *path = temp_path(dir, "000001.records");
    random_begin(80);
    add_documents(&m, 300);
    jbk_volume *v = write(&m, 0, 1, path);
    uint32_t docs[300];
    uint16_t weights[300];
    uint64_t bits[300 / 64 + 1];
    for (int round = 0; round < 20000; round++) {
        jbk_pair_list l;
        ck_ok(jbk_volume_pair(v, random_pick(PAIRS), &l, &test_err));
        if (!l.n) continue;
        size_t len = (size_t)(l.end - l.at), cut = random_below(3) ? len : random_below(len);
        char *copy = malloc(cut + 1);
        memcpy(copy, l.at, cut);
        if (cut && cut == len) copy[random_below(len)] ^= (char)(1 << random_below(8));
        l.at = copy;
        l.end = copy + cut;
        if (jbk_pair_documents(v, &l, docs, weights))
            for (uint32_t i = 0; i < l.n; i++)
                ck_must(docs[i] < 300 && weights[i] && (!i || docs[i] > docs[i - 1]), "%u",
                        docs[i]);
        if (jbk_pair_is_bits(v, &l) && jbk_pair_bits(v, &l, bits)) {
            uint32_t n = 0;
            for (uint32_t d = 0; d < 300; d++) n += (uint32_t)(bits[d / 64] >> d % 64 & 1);
            ck_must(n == l.n && !(bits[300 / 64] >> 300 % 64), "%u bits of %u", n, l.n);
        }
        ck_must(cut == len || !jbk_pair_documents(v, &l, docs, weights), "cut bytes are read");
        free(copy);
    }
    jbk_volume_close(v);
    free(path);
    free(m.count);
}
END_TEST

START_TEST(bits_come_back) {
    enum { NUMBERS = 200 };
    random_begin(90);
    for (int round = 0; round < 2000; round++) {
        jbk_buf out = {0};
        jbk_bits_writer w = {.out = &out};
        uint64_t numbers[NUMBERS], got;
        unsigned widths[NUMBERS]; /* 57: unary */
        for (int i = 0; i < NUMBERS; i++) {
            widths[i] = (unsigned)random_below(58);
            numbers[i] =
                widths[i] == 57 ? random_below(200) : random_next() >> 8 >> (56 - widths[i]);
            if (widths[i] == 57)
                jbk_bits_put_unary(&w, numbers[i]);
            else
                jbk_bits_put(&w, numbers[i], widths[i]);
        }
        jbk_bits_end(&w);
        jbk_bits_reader r = {(unsigned char *)out.data, (unsigned char *)out.data + out.len, 0, 0};
        for (int i = 0; i < NUMBERS; i++) {
            bool good =
                widths[i] == 57 ? jbk_bits_get_unary(&r, &got) : jbk_bits_get(&r, widths[i], &got);
            ck_must(good && got == numbers[i], "number %d of %u bits", i, widths[i]);
        }
        ck_must(!jbk_bits_get(&r, 8, &got) && !jbk_bits_get_unary(&r, &got), "there is more");
        jbk_buf_free(&out);
    }
}
END_TEST

int main(void) {
    Suite *suite = suite_create("pairs");
    TCase *all = tcase_create("all");
    tcase_add_checked_fixture(all, setup, teardown);
    tcase_set_timeout(all, 120);
    tcase_add_test(all, batches_come_back);
    tcase_add_test(all, merged_volumes_hold_what_their_parts_hold);
    tcase_add_test(all, other_bytes_lead_nowhere);
    tcase_add_test(all, bits_come_back);
    suite_add_tcase(suite, all);
    return run_suite(suite);
}
