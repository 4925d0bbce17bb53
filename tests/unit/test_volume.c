/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A volume gives back what was put in, finds what is there, and notices damage. */
#include "sections.h"
#include "store/verify.h"
#include "store/volume.h"
#include "support.h"
#include "volume_model.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static char *dir, *path;

static void setup(void) {
    dir = temp_make();
    path = temp_path(dir, "000001.records");
}

static void teardown(void) {
    free(path);
    temp_remove(dir);
}

static void assert_round_trip(const model *m, size_t parts) {
    bool equal;
    model_write(path, m, parts);
    ck_ok(model_read(path, m, &equal));
    ck_assert(equal);
}

/* --- tests --- */

START_TEST(round_trip) {
    static const size_t sizes[] = {0, 1, 2, 100, 3000};
    random_begin(1);
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        for (int with_dicts = 0; with_dicts < 2; with_dicts++) {
            model m = {0};
            if (with_dicts) model_train(&m);
            random_begin(10 + i);
            model_add_items(&m, sizes[i]);
            model_add_runs(&m, sizes[i]);
            model_add_words(&m, sizes[i]);
            model_add_keys(&m);
            assert_round_trip(&m, sizes[i] > 50 ? 1 + random_below(9) : 1);
            model_free(&m);
        }
    }
}
END_TEST

START_TEST(items_in_any_order) {
    model m = {0};
    random_begin(2);
    model_add_items(&m, 2000);
    model_write(path, &m, 3);
    jbk_volume *v;
    jbk_reader *reader;
    ck_ok(jbk_volume_open(path, &v, &test_err));
    ck_ok(jbk_reader_new(&m.dicts, &reader, &test_err));
    for (int i = 0; i < 5000; i++) {
        int s = (int)random_below(JBK_STREAMS);
        size_t doc = random_below(m.items[s].n), len;
        const char *item;
        ck_ok(jbk_volume_item(v, reader, (jbk_stream)s, (uint32_t)doc, &item, &len, &test_err));
        ck_must(len == m.items[s].at[doc].len && (!len || !memcmp(item, m.items[s].at[doc].s, len)),
                "item %zu", doc);
    }
    const char *item;
    size_t len;
    ck_status(jbk_volume_item(v, reader, JBK_STREAM_TEXT, 2000, &item, &len, &test_err),
              JBK_DAMAGED);
    /* A failure in between does not leave the reader with half a block. */
    ck_ok(jbk_volume_item(v, reader, JBK_STREAM_TEXT, 7, &item, &len, &test_err));
    ck_assert(len == m.items[0].at[7].len && (!len || !memcmp(item, m.items[0].at[7].s, len)));
    uint64_t packed, raw;
    ck_ok(jbk_volume_sizes(v, JBK_STREAM_TEXT, &packed, &raw, &test_err));
    size_t total = 0;
    for (size_t i = 0; i < m.items[0].n; i++) total += m.items[0].at[i].len;
    ck_assert_uint_ge(raw, total);
    ck_assert(packed > 0 && packed < raw);
    jbk_reader_free(reader);
    jbk_volume_close(v);
    model_free(&m);
}
END_TEST

START_TEST(a_reader_goes_from_volume_to_volume) {
    model a = {0}, b = {0};
    jbk_volume *va, *vb;
    jbk_reader *reader;
    random_begin(3);
    model_add_items(&a, 300);
    model_add_items(&b, 300);
    model_write(path, &a, 1);
    ck_ok(jbk_volume_open(path, &va, &test_err));
    free(path);
    path = temp_path(dir, "000002.records");
    model_write(path, &b, 1);
    ck_ok(jbk_volume_open(path, &vb, &test_err));
    ck_ok(jbk_reader_new(&a.dicts, &reader, &test_err));
    for (int i = 0; i < 2000; i++) {
        bool second = random_below(2);
        size_t doc = random_below(300), len;
        const char *item;
        const bytes *want = &(second ? &b : &a)->items[JBK_STREAM_TEXT].at[doc];
        ck_ok(jbk_volume_item(second ? vb : va, reader, JBK_STREAM_TEXT, (uint32_t)doc, &item, &len,
                              &test_err));
        ck_must(len == want->len && (!len || !memcmp(item, want->s, len)), "item %zu", doc);
    }
    jbk_reader_free(reader);
    jbk_volume_close(va);
    jbk_volume_close(vb);
    model_free(&a);
    model_free(&b);
}
END_TEST

/* Volumes of random sizes, written one by one. */
static void write_parts(model *parts, jbk_volume **volumes, size_t n, size_t items) {
    for (size_t i = 0; i < n; i++) {
        model_add_items(&parts[i], i == 1 ? 0 : 1 + random_below(items));
        model_add_runs(&parts[i], parts[i].items[0].n);
        free(path);
        char name[32];
        snprintf(name, sizeof name, "%06zu.records", i + 1);
        path = temp_path(dir, name);
        model_write(path, &parts[i], 1);
        ck_ok(jbk_volume_open(path, &volumes[i], &test_err));
    }
}

/* What they hold together, documents numbered on. */
static void add_part(model *sum, const model *part) {
    size_t base = sum->items[0].n;
    for (int r = 0; r < JBK_RUNS; r++)
        for (size_t i = 0; i < part->runs[r].n; i++) {
            jbk_run_entry e = part->runs[r].at[i];
            e.doc += (uint32_t)base;
            jbk_vec_push(&sum->runs[r], e);
        }
    for (int s = 0; s < JBK_STREAMS; s++)
        for (size_t i = 0; i < part->items[s].n; i++) {
            const bytes *b = &part->items[s].at[i];
            bytes copy = {b->s ? jbk_strndup(b->s, b->len) : NULL, b->len};
            jbk_vec_push(&sum->items[s], copy);
        }
}

static void write_merged(jbk_volume **volumes, size_t n, const model *sum, bool repack) {
    jbk_volume_writer *w;
    jbk_reader *reader;
    jbk_packer *packer;
    jbk_dicts none = {0};
    ck_ok(jbk_reader_new(&none, &reader, &test_err));
    ck_ok(jbk_packer_new(&sum->dicts, &packer, &test_err));
    free(path);
    path = temp_path(dir, "000099.records");
    ck_ok(jbk_volume_create(path, &w, &test_err));
    for (size_t i = 0; i < n; i++)
        ck_ok(repack ? jbk_volume_repack(w, volumes[i], reader, packer, &test_err)
                     : jbk_volume_copy(w, volumes[i], &test_err));
    for (int r = 0; r < JBK_RUNS; r++)
        ck_ok(jbk_volume_merge_run(w, (jbk_run_kind)r, volumes, n, &test_err));
    jbk_key_entries no_keys = {0};
    ck_ok(jbk_volume_add_words(w, NULL, NULL, 0, &test_err));
    ck_ok(jbk_volume_add_keys(w, KEY_MAKER, &no_keys, &test_err));
    ck_ok(jbk_volume_finish(w, &test_err));
    jbk_packer_free(packer);
    jbk_reader_free(reader);
}

START_TEST(merged_volumes_hold_what_their_parts_held) {
    enum { PARTS = 5 };
    for (uint64_t round = 0; round < 6; round++) {
        bool repack = round % 2, few = round < 2, equal;
        model parts[PARTS] = {0}, sum = {0};
        jbk_volume *volumes[PARTS];
        if (round == 5) model_train(&sum);
        random_begin(60 + round);
        write_parts(parts, volumes, PARTS, few ? 4 : 900);
        for (size_t i = 0; i < PARTS; i++) add_part(&sum, &parts[i]);
        write_merged(volumes, PARTS, &sum, repack);
        ck_ok(model_read(path, &sum, &equal));
        ck_assert(equal);
        for (size_t i = 0; i < PARTS; i++) {
            jbk_volume_close(volumes[i]);
            model_free(&parts[i]);
        }
        model_free(&sum);
    }
}
END_TEST

typedef enum { ALL_ALIKE, NONE_ALIKE, PAIRS_ALIKE, NEIGHBOURS, LIKENESSES } likeness;

/* The lowest bits are what no lookup keeps. */
static uint64_t alike_hash(likeness how, jbk_run_kind kind, uint32_t i) {
    uint64_t least = jbk_lookup_kept(kind, UINT64_MAX) & -jbk_lookup_kept(kind, UINT64_MAX);
    if (how == ALL_ALIKE) return random_below(1 << 16);
    if (how == PAIRS_ALIKE) return i / 2 * 977 * least | random_below(1 << 16);
    return how == NONE_ALIKE ? random_next() : UINT64_MAX - random_below(4) * least;
}

/* Hashes of which a lookup keeps the same are found alike, each document once; hashes that differ
 * in what is kept are told apart. */
START_TEST(hashes_that_look_alike_to_a_lookup) {
    enum { DOCS = 500 };
    for (likeness how = ALL_ALIKE; how < LIKENESSES; how++) {
        model m = {0};
        random_begin(70 + how);
        model_add_items(&m, DOCS);
        for (int r = 0; r < JBK_RUNS; r++)
            for (uint32_t i = 0; i < DOCS; i++)
                for (size_t n = 1 + random_below(2); n; n--) {
                    uint64_t hash = alike_hash(how, (jbk_run_kind)r, i);
                    jbk_vec_push(&m.runs[r], ((jbk_run_entry){hash, i}));
                }
        assert_round_trip(&m, 2);
        model_free(&m);
    }
}
END_TEST

START_TEST(a_lookup_gives_a_few_at_a_time) {
    enum { DOCS = 100, AT_ONCE = 7 };
    model m = {0};
    jbk_volume *v;
    jbk_docs docs = {0};
    random_begin(75);
    model_add_items(&m, DOCS);
    for (uint32_t i = 0; i < DOCS; i++)
        jbk_vec_push(&m.runs[JBK_RUN_CONTENT], ((jbk_run_entry){random_below(9), i}));
    model_write(path, &m, 1);
    ck_ok(jbk_volume_open(path, &v, &test_err));
    for (uint64_t skip = 0; skip < DOCS + 2 * AT_ONCE; skip += AT_ONCE)
        ck_ok(jbk_volume_lookup_some(v, JBK_RUN_CONTENT, 5, skip, AT_ONCE, &docs, &test_err));
    ck_assert_uint_eq(docs.n, DOCS);
    for (uint32_t i = 0; i < DOCS; i++) ck_assert_uint_eq(docs.at[i], i);
    jbk_vec_free(&docs);
    jbk_volume_close(v);
    model_free(&m);
}
END_TEST

START_TEST(blocks_of_one_small_item_are_crumbled) {
    model parts[2] = {0};
    jbk_volume *volumes[2];
    bool crumbled;
    for (size_t i = 0; i < 2; i++) {
        for (int s = 0; s < JBK_STREAMS; s++)
            jbk_vec_push(&parts[i].items[s], ((bytes){jbk_strndup("small", 5), 5}));
        free(path);
        path = temp_path(dir, i ? "000002.records" : "000001.records");
        model_write(path, &parts[i], 1);
        ck_ok(jbk_volume_open(path, &volumes[i], &test_err));
    }
    ck_ok(jbk_volumes_crumbled(volumes, 2, &crumbled, &test_err));
    ck_assert(crumbled);
    ck_ok(jbk_volumes_crumbled(volumes, 1, &crumbled, &test_err));
    ck_assert(!crumbled); /* one block cannot be packed better */
    for (size_t i = 0; i < 2; i++) {
        jbk_volume_close(volumes[i]);
        model_free(&parts[i]);
    }
}
END_TEST

START_TEST(words_are_found_as_by_a_loop) {
    for (uint64_t round = 0; round < 12; round++) {
        model m = {0};
        random_begin(20 + round);
        model_add_words(&m, round < 2 ? round : 10 + random_below(400));
        model_add_keys(&m);
        model_write(path, &m, 1);
        jbk_volume *v;
        bool equal;
        ck_ok(jbk_volume_open(path, &v, &test_err));
        ck_ok(model_read_words(v, &m, &equal));
        ck_assert(equal);
        ck_ok(model_read_pieces(v, &m, 800, &equal));
        ck_assert(equal);
        jbk_volume_close(v);
        model_free(&m);
    }
}
END_TEST

START_TEST(few_samples_train_nothing) {
    size_t lens[] = {5, 5};
    jbk_buf dict = {0};
    jbk_dict_train("helloworld", lens, 2, &dict);
    ck_assert_uint_eq(dict.len, 0);
    jbk_dict_train(NULL, NULL, 0, &dict);
    ck_assert_uint_eq(dict.len, 0);
    jbk_buf_free(&dict);
}
END_TEST

START_TEST(an_abandoned_volume_is_gone) {
    jbk_volume_writer *w;
    ck_ok(jbk_volume_create(path, &w, &test_err));
    jbk_volume_abandon(w);
    ck_assert_int_ne(access(path, F_OK), 0);
    jbk_volume_abandon(NULL);
    jbk_volume *v;
    ck_status(jbk_volume_open(path, &v, &test_err), JBK_IO);
    ck_assert(strstr(test_err.msg, path) != NULL);
}
END_TEST

/* --- damage --- */

static bytes slurp(void) {
    int fd = open(path, O_RDONLY);
    ck_assert_int_ge(fd, 0);
    off_t len = lseek(fd, 0, SEEK_END);
    bytes b = {jbk_alloc((size_t)len), (size_t)len};
    ck_assert_int_eq(pread(fd, b.s, b.len, 0), len);
    close(fd);
    return b;
}

static void spit(const char *s, size_t len) {
    int fd = open(path, O_WRONLY | O_TRUNC);
    ck_assert_int_ge(fd, 0);
    ck_assert_int_eq(write(fd, s, len), (ssize_t)len);
    close(fd);
}

static void make_small(model *m) {
    model_add_items(m, 150);
    model_add_runs(m, 100);
    model_add_words(m, 150);
    model_add_keys(m);
    model_write(path, m, 2);
}

/* A wrong answer is the only thing that may not happen. */
START_TEST(a_flipped_byte_is_noticed_or_harmless) {
    model m = {0};
    random_begin(4);
    make_small(&m);
    bytes whole = slurp();
    size_t noticed = 0, flips = 1500;
    for (size_t i = 0; i < flips; i++) {
        /* The last bytes, which say where all else is, one by one; then anywhere. */
        size_t at = i < 64 ? whole.len - 1 - i : random_below(whole.len);
        char was = whole.s[at];
        bool equal;
        whole.s[at] = (char)(was ^ (1 << random_below(8)));
        spit(whole.s, whole.len);
        jbk_status status = model_read(path, &m, &equal);
        /* Where the mark of byte order is hit, a foreign machine is the natural guess. */
        bool other = at >= whole.len - 56 && at < whole.len - 48 && status == JBK_VERSION;
        ck_must(status == JBK_DAMAGED || other || (status == JBK_OK && equal),
                "byte %zu of %zu: status %d, %s: %s", at, whole.len, (int)status,
                equal ? "equal" : "different", test_err.msg);
        if (status) {
            ck_must(other || strstr(test_err.msg, "damaged"), "%s", test_err.msg);
            noticed++;
        }
        whole.s[at] = was;
    }
    ck_assert_uint_gt(noticed, flips / 2);
    free(whole.s);
    model_free(&m);
}
END_TEST

START_TEST(a_cut_file_is_noticed) {
    model m = {0};
    random_begin(5);
    make_small(&m);
    bytes whole = slurp();
    for (size_t i = 0; i < 600; i++) {
        size_t len = i < 200 ? i : i < 400 ? whole.len - (i - 199) : random_below(whole.len);
        jbk_volume *v;
        spit(whole.s, len);
        ck_must(jbk_volume_open(path, &v, &test_err) == JBK_DAMAGED, "%zu of %zu bytes: %s", len,
                whole.len, test_err.msg);
        ck_must(!v && strstr(test_err.msg, path), "%s", test_err.msg);
    }
    spit(whole.s, whole.len);
    bool equal;
    ck_ok(model_read(path, &m, &equal));
    ck_assert(equal);
    free(whole.s);
    model_free(&m);
}
END_TEST

static void tell(void *arg, const char *what, uint32_t first, uint32_t n) {
    (void)first;
    (void)n;
    *(bool *)arg |= strstr(what, "lookup of") != NULL;
}

/* Nothing that is not in the section may be read, no document given that is not there, and
 * nothing be merged that is not in order; true where it is noticed at all. */
static bool ask_lookups(jbk_volume *v) {
    bool told = false;
    jbk_volume_verify(v, (jbk_damage_ear){tell, &told});
    jbk_volume_writer *w;
    char *merged = temp_path(dir, "merged.records");
    ck_ok(jbk_volume_create(merged, &w, &test_err));
    ck_ok(jbk_volume_copy(w, v, &test_err));
    for (int r = 0; r < JBK_RUNS; r++) {
        jbk_docs docs = {0};
        jbk_lookup_cursor c;
        jbk_run_entry e;
        for (int i = 0; i < 20; i++) {
            jbk_status status =
                jbk_volume_lookup(v, (jbk_run_kind)r, random_next(), &docs, &test_err);
            ck_must(status == JBK_OK || status == JBK_DAMAGED, "%s", test_err.msg);
            ck_must(!status || told, "damage is not told");
        }
        for (size_t i = 0; i < docs.n; i++) ck_assert(docs.at[i] < jbk_volume_docs(v));
        jbk_status status = jbk_volume_run(v, (jbk_run_kind)r, &c, &test_err);
        while (!status && jbk_lookup_next(&c, &e))
            if (!random_below(50)) jbk_lookup_seek(&c, random_next());
        status = jbk_volume_merge_run(w, (jbk_run_kind)r, &v, 1, &test_err);
        ck_must(status == JBK_OK || (status == JBK_DAMAGED && told), "%s", test_err.msg);
        jbk_vec_free(&docs);
    }
    jbk_volume_abandon(w);
    free(merged);
    return told;
}

/* Somebody made checksums for it. */
START_TEST(a_wrong_lookup_with_right_checksums) {
    enum { ROUNDS = 600 };
    model m = {0};
    random_begin(6);
    make_small(&m);
    bytes whole = slurp();
    uint64_t data;
    memcpy(&data, whole.s + whole.len - 64 + 16, sizeof data);
    const jbk_section *sec =
        (const jbk_section *)(const void *)(whole.s + data - sizeof(uint64_t) * 2) - JBK_SECTIONS;
    size_t told = 0;
    for (size_t i = 0; i < ROUNDS; i++) {
        jbk_section one = sec[JBK_SEC_LOOKUPS + random_below(JBK_RUNS)];
        size_t at = one.offset + (i % 4 ? random_below(one.len) : random_below(8));
        char was = whole.s[at];
        jbk_pages_writer *w;
        jbk_volume *v;
        whole.s[at] = (char)(was ^ (1 << random_below(8)));
        ck_ok(jbk_pages_create(path, &w, &test_err));
        ck_ok(jbk_pages_add(w, whole.s, data, &test_err));
        ck_ok(jbk_pages_finish(w, &test_err));
        ck_ok(jbk_volume_open(path, &v, &test_err));
        told += ask_lookups(v);
        jbk_volume_close(v);
        whole.s[at] = was;
    }
    ck_assert_uint_gt(told, ROUNDS / 4);
    free(whole.s);
    model_free(&m);
}
END_TEST

START_TEST(another_file_is_no_volume) {
    static const char *const others[] = {"", "{\"id\": 1}\n"};
    char zeros[9000] = {0};
    jbk_volume *v;
    int fd = open(path, O_WRONLY | O_CREAT, 0666);
    close(fd);
    for (size_t i = 0; i < 2; i++) {
        spit(others[i], strlen(others[i]));
        ck_status(jbk_volume_open(path, &v, &test_err), JBK_DAMAGED);
    }
    spit(zeros, sizeof zeros);
    ck_status(jbk_volume_open(path, &v, &test_err), JBK_DAMAGED);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("volume");
    TCase *trip = tcase_create("round trip");
    tcase_add_checked_fixture(trip, setup, teardown);
    tcase_set_timeout(trip, 120);
    tcase_add_test(trip, round_trip);
    tcase_add_test(trip, items_in_any_order);
    tcase_add_test(trip, a_reader_goes_from_volume_to_volume);
    tcase_add_test(trip, merged_volumes_hold_what_their_parts_held);
    tcase_add_test(trip, hashes_that_look_alike_to_a_lookup);
    tcase_add_test(trip, a_lookup_gives_a_few_at_a_time);
    tcase_add_test(trip, blocks_of_one_small_item_are_crumbled);
    tcase_add_test(trip, words_are_found_as_by_a_loop);
    tcase_add_test(trip, few_samples_train_nothing);
    tcase_add_test(trip, an_abandoned_volume_is_gone);
    suite_add_tcase(suite, trip);

    TCase *damage = tcase_create("damage");
    tcase_add_checked_fixture(damage, setup, teardown);
    tcase_set_timeout(damage, 120);
    tcase_add_test(damage, a_flipped_byte_is_noticed_or_harmless);
    tcase_add_test(damage, a_cut_file_is_noticed);
    tcase_add_test(damage, a_wrong_lookup_with_right_checksums);
    tcase_add_test(damage, another_file_is_no_volume);
    suite_add_tcase(suite, damage);
    return run_suite(suite);
}
