/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where words stand comes back as it was put in: from batches, from volumes that were merged, and
 * however it is asked for. */
#include "store/occurrences.h"
#include "store/verify.h"
#include "support.h"

#include <stdio.h>
#include <stdlib.h>

enum { WORDS = 40, LEN_MAX = 12 };

static char *dir;

static void setup(void) { dir = temp_make(); }
static void teardown(void) { temp_remove(dir); }

/* Documents as rows of word numbers on each line; WORDS is a gap. */
typedef struct {
    JBK_VEC(uint8_t) words[JBK_LINES];
} document;
typedef JBK_VEC(document) documents;

/* Words of one to three "code points", the first of which are frequent. */
static uint32_t word_len(uint32_t word) { return 1 + word % 3; }
static size_t word_text(uint32_t word, char *out) {
    return (size_t)snprintf(out, LEN_MAX, "w%u", (unsigned)word);
}

static void add_documents(documents *d, size_t n, bool titles) {
    for (; n; n--) {
        document one = {0};
        for (int l = titles ? 0 : 1; l < JBK_LINES; l++)
            for (size_t k = random_below(5) ? random_below(60) : 0; k; k--) {
                size_t limit = 1 + random_below(WORDS + 1);
                jbk_vec_push(&one.words[l], (uint8_t)random_below(limit));
            }
        jbk_vec_push(d, one);
    }
}

static void free_documents(documents *d) {
    for (size_t i = 0; i < d->n; i++)
        for (int l = 0; l < JBK_LINES; l++) jbk_vec_free(&d->at[i].words[l]);
    jbk_vec_free(d);
}

static uint32_t length(const document *d, int line) {
    uint32_t len = 0;
    for (size_t i = 0; i < d->words[line].n; i++)
        len += d->words[line].at[i] < WORDS ? word_len(d->words[line].at[i]) : 1;
    return len;
}

/* A volume of these documents, in so many batches that number their words each in its own way. */
static jbk_volume *write(const documents *d, size_t from, size_t n, size_t nbatches,
                         const char *name, char **path) {
    jbk_occurrences *batches = jbk_calloc(nbatches, sizeof *batches);
    jbk_intern all = {0};
    jbk_blocks blocks[JBK_STREAMS] = {0};
    jbk_packer *packer;
    jbk_dicts none = {0};
    ck_ok(jbk_packer_new(&none, &packer, &test_err));
    for (size_t b = 0, doc = from; b < nbatches; b++) {
        jbk_intern words = {0};
        size_t end = b + 1 == nbatches ? from + n : from + n * (b + 1) / nbatches;
        for (; doc < end; doc++) {
            uint32_t len[JBK_LINES];
            for (int l = 0; l < JBK_LINES; l++) len[l] = length(&d->at[doc], l);
            jbk_occurrences_begin(&batches[b], len);
            for (int l = 0; l < JBK_LINES; l++)
                for (size_t i = 0, at = 0; i < d->at[doc].words[l].n; i++) {
                    uint32_t word = d->at[doc].words[l].at[i];
                    char text[LEN_MAX];
                    at += word < WORDS ? 0 : 1;
                    if (word == WORDS) continue;
                    jbk_occurrences_see(&batches[b], (jbk_line)l,
                                        jbk_intern_add(&words, text, word_text(word, text)),
                                        (uint32_t)at);
                    at += word_len(word);
                }
            for (int s = 0; s < JBK_STREAMS; s++)
                ck_ok(jbk_blocks_add(&blocks[s], packer, (jbk_stream)s, "x", 1, &test_err));
        }
        jbk_occurrences_pack(&batches[b], words.keys.n);
        batches[b].numbers = jbk_alloc(words.keys.n * sizeof *batches[b].numbers);
        for (size_t i = 0; i < words.keys.n; i++)
            batches[b].numbers[i] = jbk_intern_add(&all, words.keys.at[i].s, words.keys.at[i].len);
        jbk_intern_free(&words);
    }
    jbk_volume_writer *w;
    *path = temp_path(dir, name);
    ck_ok(jbk_volume_create(*path, &w, &test_err));
    for (int s = 0; s < JBK_STREAMS; s++)
        ck_ok(jbk_blocks_end(&blocks[s], packer, (jbk_stream)s, &test_err));
    ck_ok(jbk_volume_add(w, blocks, &test_err));
    ck_ok(jbk_volume_add_occurrences(w, all.keys.at, all.keys.n, batches, nbatches, &test_err));
    ck_ok(jbk_volume_finish(w, &test_err));
    jbk_volume *v;
    ck_ok(jbk_volume_open(*path, &v, &test_err));
    for (size_t b = 0; b < nbatches; b++) jbk_occurrences_free(&batches[b]);
    free(batches);
    for (int s = 0; s < JBK_STREAMS; s++) jbk_blocks_free(&blocks[s]);
    jbk_packer_free(packer);
    jbk_intern_free(&all);
    return v;
}

/* The places of a word, by walking over all documents. */
static void walk(const documents *d, int line, uint32_t word, jbk_docs *out) {
    uint32_t place = 0;
    out->n = 0;
    for (size_t doc = 0; doc < d->n; doc++, place++)
        for (size_t i = 0; i < d->at[doc].words[line].n; i++) {
            uint32_t w = d->at[doc].words[line].at[i];
            if (w == word) jbk_vec_push(out, place);
            place += w < WORDS ? word_len(w) : 1;
        }
}

/* Asked for places in leaps, the cursor says what a scan says. */
static void assert_cursor(const jbk_places *p, const jbk_docs *want) {
    jbk_places_cursor c = {.of = p};
    uint32_t last = want->n ? want->at[want->n - 1] : 10, leap = 1 + (uint32_t)random_below(900);
    size_t next = 0;
    for (uint32_t place = (uint32_t)random_below(leap); place <= last + 2;
         place += 1 + (uint32_t)random_below(leap)) {
        if (next < want->n && random_below(2)) place = want->at[next];
        while (next < want->n && want->at[next] < place) next++;
        bool has, should = next < want->n && want->at[next] == place;
        ck_must(jbk_places_has(&c, place, &has), "the list is not readable");
        ck_must(has == should, "place %u", place);
        while (next < want->n && want->at[next] <= place) next++;
    }
}

/* Asked for ranges that follow each other, the cursor gives what a scan gives. */
static void assert_ranges(const jbk_places *p, const jbk_docs *want) {
    jbk_places_cursor c = {.of = p};
    uint32_t last = want->n ? want->at[want->n - 1] : 10, leap = 1 + (uint32_t)random_below(900), n;
    uint32_t *got = jbk_alloc(want->n * sizeof *got);
    size_t next = 0;
    for (uint32_t from = 0; from <= last; from += (uint32_t)random_below(leap)) {
        uint32_t to = from + (uint32_t)random_below(leap);
        ck_must(jbk_places_within(&c, from, to, got, &n), "the list is not readable");
        while (next < want->n && want->at[next] < from) next++;
        for (uint32_t i = 0; i < n; i++)
            ck_must(next < want->n && got[i] == want->at[next++], "%u is within", got[i]);
        ck_must(next == want->n || want->at[next] >= to, "%u is not within", want->at[next]);
        from = to > from ? to : from + 1;
    }
    free(got);
}

/* Asked for many words at once, from the last on, the volume says the same as one by one. */
static void assert_many(jbk_volume *v) {
    jbk_intern words = {0};
    jbk_places one[JBK_LINES], many[WORDS + 1][JBK_LINES];
    uint32_t which[WORDS + 1];
    for (uint32_t word = 0; word <= WORDS; word++) {
        char text[LEN_MAX];
        ck_must(jbk_intern_add(&words, text, word_text(word, text)) == word, "word %u", word);
        which[WORDS - word] = word;
    }
    ck_ok(jbk_volume_places_of(v, &words, which, WORDS + 1, many, &test_err));
    for (uint32_t word = 0; word <= WORDS; word++) {
        jbk_interned w = words.keys.at[word];
        ck_ok(jbk_volume_places(v, w.s, w.len, one, &test_err));
        for (int l = 0; l < JBK_LINES; l++)
            ck_must(one[l].n == many[word][l].n && one[l].at == many[word][l].at, "word %u", word);
    }
    jbk_intern_free(&words);
}

static void assert_holds(jbk_volume *v, const documents *d) {
    jbk_docs want = {0};
    assert_many(v);
    for (uint32_t word = 0; word <= WORDS; word++) {
        char text[LEN_MAX];
        jbk_places p[JBK_LINES];
        ck_ok(jbk_volume_places(v, text, word_text(word, text), p, &test_err));
        for (int l = 0; l < JBK_LINES; l++) {
            walk(d, l, word, &want);
            if (word == WORDS) want.n = 0; /* the gap is no word */
            ck_must(p[l].n == want.n, "word %u, line %d: %u places, not %zu", word, l, p[l].n,
                    want.n);
            uint32_t *read = jbk_alloc(p[l].n * sizeof *read);
            ck_must(jbk_places_read(&p[l], 0, read), "word %u cannot be read", word);
            ck_must(!want.n || !memcmp(read, want.at, want.n * sizeof *read), "word %u", word);
            free(read);
            assert_cursor(&p[l], &want);
            assert_ranges(&p[l], &want);
        }
    }
    jbk_vec_free(&want);
    for (int l = 0; l < JBK_LINES; l++) {
        const uint32_t *starts;
        uint32_t place = 0;
        ck_ok(jbk_volume_line(v, (jbk_line)l, &starts, &test_err));
        for (size_t doc = 0; doc < d->n; doc++) {
            ck_must(starts ? starts[doc] == place : doc == place, "document %zu", doc);
            place += length(&d->at[doc], l) + 1;
        }
        ck_must(starts ? starts[d->n] == place : d->n == place, "the end of line %d", l);
    }
}

static void no_damage(void *arg, const char *what, uint32_t first, uint32_t n) {
    (void)first, (void)n;
    /* These volumes have no lexicon. */
    if (strncmp(what, "starts of words", 15) && strncmp(what, "keys of words", 13))
        snprintf(arg, 200, "%s", what);
}

static void assert_sound(jbk_volume *v) {
    char what[200] = "";
    jbk_volume_verify(v, (jbk_damage_ear){no_damage, what});
    ck_must(!*what, "%s", what);
}

START_TEST(batches_come_back) {
    static const size_t sizes[] = {0, 1, 30, 3000};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++)
        for (int titles = 0; titles < 2; titles++) {
            documents d = {0};
            char *path;
            random_begin(20 + i * 2 + (size_t)titles);
            add_documents(&d, sizes[i], titles);
            jbk_volume *v = write(&d, 0, d.n, 1 + random_below(5), "000001.records", &path);
            assert_holds(v, &d);
            assert_sound(v);
            jbk_volume_close(v);
            free(path);
            free_documents(&d);
        }
}
END_TEST

START_TEST(merged_volumes_hold_what_their_parts_hold) {
    enum { PARTS = 5 };
    for (int round = 0; round < 10; round++) {
        documents d = {0};
        jbk_volume *parts[PARTS], *merged;
        char *paths[PARTS], *path = temp_path(dir, "000009.records");
        size_t from = 0;
        random_begin(40 + (size_t)round);
        for (size_t i = 0; i < PARTS; i++) {
            char name[32];
            snprintf(name, sizeof name, "%06zu.records", i + 1);
            add_documents(&d, i == 2 ? 0 : random_below(400), random_below(2));
            parts[i] = write(&d, from, d.n - from, 1 + random_below(3), name, &paths[i]);
            from = d.n;
        }
        jbk_volume_writer *w;
        bool fit;
        ck_ok(jbk_volumes_fit(parts, PARTS, &fit, &test_err));
        ck_assert(fit);
        ck_ok(jbk_volume_create(path, &w, &test_err));
        for (size_t i = 0; i < PARTS; i++) ck_ok(jbk_volume_copy(w, parts[i], &test_err));
        ck_ok(jbk_volume_merge_occurrences(w, parts, PARTS, &test_err));
        ck_ok(jbk_volume_finish(w, &test_err));
        ck_ok(jbk_volume_open(path, &merged, &test_err));
        assert_holds(merged, &d);
        assert_sound(merged);
        jbk_volume_close(merged);
        for (size_t i = 0; i < PARTS; i++) {
            jbk_volume_close(parts[i]);
            free(paths[i]);
        }
        free(path);
        free_documents(&d);
    }
}
END_TEST

int main(void) {
    Suite *suite = suite_create("occurrences");
    TCase *all = tcase_create("all");
    tcase_add_checked_fixture(all, setup, teardown);
    tcase_set_timeout(all, 120);
    tcase_add_test(all, batches_come_back);
    tcase_add_test(all, merged_volumes_hold_what_their_parts_hold);
    suite_add_tcase(suite, all);
    return run_suite(suite);
}
