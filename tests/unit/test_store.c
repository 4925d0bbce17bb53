/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Columns, dictionaries, generations and the write lock. */
#include "base/status.h"
#include "store/record.h"
#include "store/verify.h"
#include "store_fixture.h"
#include "support.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

/* --- columns --- */

typedef enum {
    CONSTANT,
    ALL_ABSENT,
    CONSTANT_WITH_GAPS,
    STEPS,
    STEPS_WITH_GAPS,
    BYTES,
    FULL_BYTE,
    SHORTS,
    EXTREMES,
    EXTREMES_WITH_GAPS,
    ANYTHING,
    PATTERNS
} pattern;

static int64_t value_of(pattern p, int64_t base, int64_t step) {
    static const int64_t extremes[] = {INT64_MIN + 1, INT64_MAX, -1, 0, 1, INT64_MAX - 1};
    bool gap = !random_below(3);
    switch (p) {
    case CONSTANT:
        return base;
    case ALL_ABSENT:
        return JBK_ABSENT;
    case CONSTANT_WITH_GAPS:
        return gap ? JBK_ABSENT : base;
    case STEPS:
        return base + step * (int64_t)random_below(1000);
    case STEPS_WITH_GAPS:
        return gap ? JBK_ABSENT : base + step * (int64_t)random_below(70000);
    case BYTES:
        return gap ? JBK_ABSENT : base + (int64_t)random_below(255); /* 254 at most: fits */
    case FULL_BYTE:
        return gap ? JBK_ABSENT : base + (int64_t)random_below(256); /* 255 is taken by absent */
    case SHORTS:
        return base - (int64_t)random_below(65536);
    case EXTREMES:
        return random_pick(extremes);
    case EXTREMES_WITH_GAPS:
        return gap ? JBK_ABSENT : random_pick(extremes);
    default:
        return (int64_t)random_next();
    }
}

static uint32_t fill(int64_t *values, pattern p) {
    static const uint32_t sizes[] = {0, 1, 2, 3, 100, 1000, JBK_CHUNK};
    int64_t base = (int64_t)(random_next() >> (2 + random_below(60)));
    if (random_below(2)) base = -base;
    int64_t step = 1 + (int64_t)random_below(86400000);
    uint32_t n = random_below(3) ? (uint32_t)random_below(300) : random_pick(sizes);
    for (uint32_t i = 0; i < n; i++) values[i] = value_of(p, base, step);
    return n;
}

static void assert_chunk(const jbk_chunk *c, const int64_t *want, uint32_t n, const char *what) {
    static int64_t out[JBK_CHUNK];
    ck_must(c->n == n, "%s: %u of %u values", what, c->n, n);
    jbk_chunk_decode(c, out);
    for (uint32_t i = 0; i < JBK_CHUNK; i++) {
        int64_t w = i < n ? want[i] : JBK_ABSENT;
        ck_must(out[i] == w && jbk_chunk_get(c, i) == w,
                "%s: value %u of %u: %lld or %lld, not %lld", what, i, n, (long long)out[i],
                (long long)jbk_chunk_get(c, i), (long long)w);
    }
    ck_assert(jbk_chunk_get(c, UINT32_MAX) == JBK_ABSENT);
}

static int64_t values[JBK_CHUNK];

START_TEST(columns_give_back_what_was_put_in) {
    random_begin((uint64_t)_i);
    for (int round = 0; round < 40; round++) {
        jbk_buf b = {0};
        uint32_t n = fill(values, (pattern)_i);
        jbk_chunk_encode(values, n, &b);
        jbk_commit *c = begin();
        ck_ok(jbk_commit_chunk(c, JBK_F_VIEWS, (uint32_t)round, &b, &test_err));
        ck_ok(jbk_commit_end(c, &test_err));
        jbk_view *v = view();
        jbk_chunk got;
        ck_ok(jbk_view_chunk(v, JBK_F_VIEWS, (uint32_t)round, &got, &test_err));
        assert_chunk(&got, values, n, "stored");
        jbk_view_close(v);
        jbk_buf_free(&b);
    }
}
END_TEST

START_TEST(columns_are_narrow) {
    static const struct {
        int64_t low, step;
        bool gaps;
        uint8_t width;
    } cases[] = {{5, 0, false, 0},
                 {5, 0, true, 1},
                 {-7, 1, false, 1},
                 {0, 1000, true, 1},
                 {INT64_MAX - 255, 1, false, 1}};
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        jbk_buf b = {0};
        for (int64_t i = 0; i < 200; i++)
            values[i] = cases[k].gaps && i % 2 ? JBK_ABSENT : cases[k].low + cases[k].step * i;
        jbk_chunk_encode(values, 200, &b);
        jbk_commit *c = begin();
        ck_ok(jbk_commit_chunk(c, JBK_F_LIKES, (uint32_t)k, &b, &test_err));
        ck_ok(jbk_commit_end(c, &test_err));
        jbk_view *v = view();
        jbk_chunk got;
        ck_ok(jbk_view_chunk(v, JBK_F_LIKES, (uint32_t)k, &got, &test_err));
        ck_assert_uint_eq(got.width, cases[k].width);
        jbk_view_close(v);
        jbk_buf_free(&b);
    }
}
END_TEST

/* Values that need a width to its last, and one more than it has. */
START_TEST(columns_are_as_wide_as_they_need) {
    enum { SOME = 300 };
    uint32_t at[SOME];
    int64_t drawn[SOME];
    random_begin(7);
    for (unsigned round = 0; round < 7 * 4; round++) {
        unsigned width = 1 + round / 4, gaps = round % 2, beyond = round / 2 % 2;
        uint64_t most = (UINT64_C(1) << 8 * width) - 1 - gaps + beyond;
        int64_t base = -(int64_t)random_below(1000);
        for (uint32_t i = 0; i < SOME; i++) {
            values[i] =
                gaps && i % 3 == 2 ? JBK_ABSENT : base + (int64_t)(random_next() % (most + 1));
            at[i] = (uint32_t)random_below(SOME);
        }
        values[0] = base;
        values[1] = base + 1;
        values[3] = base + (int64_t)most;
        jbk_buf b = {0};
        jbk_chunk_encode(values, SOME, &b);
        jbk_commit *c = begin();
        ck_ok(jbk_commit_chunk(c, JBK_F_LIKES, round, &b, &test_err));
        ck_ok(jbk_commit_end(c, &test_err));
        jbk_view *v = view();
        jbk_chunk got;
        ck_ok(jbk_view_chunk(v, JBK_F_LIKES, round, &got, &test_err));
        ck_assert_uint_eq(got.width, width + beyond);
        assert_chunk(&got, values, SOME, "an edge");
        jbk_chunk_draw(&got, at, SOME, drawn);
        for (uint32_t i = 0; i < SOME; i++) ck_assert_int_eq(drawn[i], values[at[i]]);
        jbk_view_close(v);
        jbk_buf_free(&b);
    }
}
END_TEST

START_TEST(a_chunk_that_is_not_there_is_absent) {
    jbk_view *v = view();
    jbk_chunk c;
    ck_ok(jbk_view_chunk(v, JBK_F_VIEWS, 9, &c, &test_err));
    ck_assert_uint_eq(c.n, 0);
    ck_assert(jbk_chunk_get(&c, 0) == JBK_ABSENT);
    jbk_chunk_decode(&c, values);
    for (size_t i = 0; i < JBK_CHUNK; i++) ck_must(values[i] == JBK_ABSENT, "%zu", i);
    jbk_view_close(v);
}
END_TEST

static int by_place(const void *x, const void *y) {
    const jbk_patch *a = x, *b = y;
    if (a->field != b->field) return a->field < b->field ? -1 : 1;
    return a->doc < b->doc ? -1 : a->doc > b->doc;
}

START_TEST(patches_change_what_they_name) {
    enum { CHUNKS = 3 };
    static const jbk_field_id fields[] = {JBK_F_VIEWS, JBK_F_STATUS};
    static int64_t model[2][CHUNKS * JBK_CHUNK];
    uint32_t last = 77; /* values in the last chunk */
    random_begin(1);
    jbk_commit *c = begin();
    for (int f = 0; f < 2; f++) {
        for (uint32_t k = 0; k < CHUNKS; k++) {
            jbk_buf b = {0};
            uint32_t n = k + 1 < CHUNKS ? JBK_CHUNK : last;
            for (uint32_t i = 0; i < n; i++)
                model[f][k * JBK_CHUNK + i] = value_of(STEPS_WITH_GAPS, 3, 7);
            jbk_chunk_encode(model[f] + k * JBK_CHUNK, n, &b);
            ck_ok(jbk_commit_chunk(c, fields[f], k, &b, &test_err));
            jbk_buf_free(&b);
        }
    }
    ck_ok(jbk_commit_end(c, &test_err));
    for (int round = 0; round < 20; round++) {
        JBK_VEC(jbk_patch) patches = {0};
        for (size_t n = random_below(60); n; n--) {
            uint32_t doc = (uint32_t)random_below((CHUNKS - 1) * JBK_CHUNK + last);
            jbk_patch p = {random_pick(fields), doc,
                           value_of((pattern)random_below(PATTERNS), 9, 2)};
            jbk_vec_push(&patches, p);
        }
        /* Of several for one place the last holds: keep their order. */
        for (size_t i = 1; i < patches.n; i++)
            for (size_t k = i; k && by_place(&patches.at[k - 1], &patches.at[k]) > 0; k--) {
                jbk_patch swap = patches.at[k];
                patches.at[k] = patches.at[k - 1];
                patches.at[k - 1] = swap;
            }
        for (size_t i = 0; i < patches.n; i++)
            model[patches.at[i].field == fields[1]][patches.at[i].doc] = patches.at[i].value;
        c = begin();
        ck_ok(jbk_commit_patches(c, patches.at, patches.n, &test_err));
        ck_ok(jbk_commit_end(c, &test_err));
        jbk_vec_free(&patches);
    }
    jbk_view *v = view();
    for (int f = 0; f < 2; f++) {
        for (uint32_t k = 0; k < CHUNKS; k++) {
            jbk_chunk got;
            ck_ok(jbk_view_chunk(v, fields[f], k, &got, &test_err));
            assert_chunk(&got, model[f] + k * JBK_CHUNK, k + 1 < CHUNKS ? JBK_CHUNK : last,
                         "patched");
        }
    }
    jbk_view_close(v);
}
END_TEST

START_TEST(a_patch_of_nothing_fails) {
    jbk_patch p = {JBK_F_VIEWS, 5, 1};
    jbk_commit *c = begin();
    ck_status(jbk_commit_patches(c, &p, 1, &test_err), JBK_INTERNAL);
    jbk_commit_abort(c);
}
END_TEST

/* --- dictionaries --- */

START_TEST(dictionaries_go_both_ways) {
    enum { N = 3000 };
    static const jbk_field_id fields[] = {JBK_F_PLATFORM, JBK_F_AUTHOR};
    for (uint32_t half = 0; half < 2; half++) {
        jbk_commit *c = begin();
        for (uint32_t i = half * N / 2; i < (half + 1) * N / 2; i++) {
            for (int f = 0; f < 2; f++) {
                char s[64];
                int len = snprintf(s, sizeof s, "值%u/%d%c", i * 7, f, i % 2 ? '\0' : 'x');
                ck_ok(jbk_commit_value(c, fields[f], i, s, (size_t)len, &test_err));
            }
        }
        ck_ok(jbk_commit_end(c, &test_err));
    }
    jbk_view *v = view();
    for (int f = 0; f < 2; f++) {
        uint32_t n, code;
        ck_ok(jbk_view_values(v, fields[f], &n, &test_err));
        ck_assert_uint_eq(n, N);
        for (uint32_t i = 0; i < N; i++) {
            char s[64];
            const char *got;
            size_t len = (size_t)snprintf(s, sizeof s, "值%u/%d%c", i * 7, f, i % 2 ? '\0' : 'x');
            size_t got_len;
            ck_ok(jbk_view_value(v, fields[f], i, &got, &got_len, &test_err));
            ck_must(got_len == len && !memcmp(got, s, len), "value %u", i);
            ck_ok(jbk_view_code(v, fields[f], s, len, &code, &test_err));
            ck_must(code == i, "code of %u is %u", i, code);
            ck_must(jbk_view_code(v, fields[!f], s, len, &code, &test_err) == JBK_NOT_FOUND,
                    "%u is in the other field too", i);
        }
        ck_status(jbk_view_code(v, fields[f], "值", 3, &code, &test_err), JBK_NOT_FOUND);
        ck_status(jbk_view_code(v, fields[f], "", 0, &code, &test_err), JBK_NOT_FOUND);
    }
    uint32_t n;
    ck_ok(jbk_view_values(v, JBK_F_SECTION, &n, &test_err)); /* between the two */
    ck_assert_uint_eq(n, 0);
    ck_ok(jbk_view_values(v, JBK_F_PARENT, &n, &test_err)); /* behind both */
    ck_assert_uint_eq(n, 0);
    const char *s;
    size_t len;
    ck_status(jbk_view_value(v, JBK_F_PLATFORM, N, &s, &len, &test_err), JBK_DAMAGED);
    jbk_view_close(v);
}
END_TEST

START_TEST(a_value_may_be_long_or_empty) {
    size_t len = 200000, got_len;
    char *s = jbk_alloc(len);
    memset(s, 'x', len);
    jbk_commit *c = begin();
    ck_ok(jbk_commit_value(c, JBK_F_TAGS, 0, s, len, &test_err));
    ck_ok(jbk_commit_value(c, JBK_F_TAGS, 1, "", 0, &test_err));
    ck_ok(jbk_commit_end(c, &test_err));
    jbk_view *v = view();
    const char *got;
    uint32_t code;
    ck_ok(jbk_view_value(v, JBK_F_TAGS, 0, &got, &got_len, &test_err));
    ck_assert(got_len == len && !memcmp(got, s, len));
    ck_ok(jbk_view_code(v, JBK_F_TAGS, "", 0, &code, &test_err));
    ck_assert_uint_eq(code, 1);
    jbk_view_close(v);
    free(s);
}
END_TEST

/* --- generations --- */

/* A segment of `docs` documents without anything in them. */
static uint32_t put_segment(jbk_commit *c, uint32_t base, uint32_t docs) {
    uint32_t number = jbk_store_new_number(store);
    jbk_dicts none;
    jbk_packer *p;
    jbk_volume_writer *w;
    jbk_blocks blocks[JBK_STREAMS];
    memset(&none, 0, sizeof none);
    memset(blocks, 0, sizeof blocks);
    ck_ok(jbk_packer_new(&none, &p, &test_err));
    for (int s = 0; s < JBK_STREAMS; s++) {
        for (uint32_t i = 0; i < docs; i++)
            ck_ok(jbk_blocks_add(&blocks[s], p, (jbk_stream)s, "x", 1, &test_err));
        ck_ok(jbk_blocks_end(&blocks[s], p, (jbk_stream)s, &test_err));
    }
    char *path = jbk_store_records_path(store, number);
    ck_ok(jbk_volume_create(path, &w, &test_err));
    ck_ok(jbk_volume_add(w, blocks, &test_err));
    ck_ok(jbk_volume_finish(w, &test_err));
    for (int s = 0; s < JBK_STREAMS; s++) jbk_blocks_free(&blocks[s]);
    jbk_packer_free(p);
    free(path);
    ck_ok(jbk_store_sync_dir(store, &test_err));
    if (c) ck_ok(jbk_commit_segment(c, number, base, docs, &(jbk_file_sums){0}, &test_err));
    return number;
}

static void put_all(jbk_commit *c, int64_t value) {
    jbk_buf b = {0};
    jbk_recorded o = {0, jbk_observation_none()};
    o.seen.at = value;
    jbk_chunk_encode(&value, 1, &b);
    ck_ok(jbk_commit_chunk(c, JBK_F_VIEWS, 0, &b, &test_err));
    ck_ok(jbk_commit_value(c, JBK_F_PLATFORM, (uint32_t)value, "v", 1, &test_err));
    ck_ok(jbk_commit_observations(c, &o, 1, &test_err));
    ck_ok(jbk_commit_meta(c, "test", &value, sizeof value, &test_err));
    jbk_buf_free(&b);
}

/* `value` -1: nothing is there yet. */
static void assert_all(jbk_view *v, int64_t value, uint32_t documents) {
    jbk_chunk c;
    uint32_t n;
    jbk_observations all = {0};
    const char *bytes;
    size_t len;
    ck_assert_uint_eq(jbk_view_docs(v), documents);
    ck_ok(jbk_view_chunk(v, JBK_F_VIEWS, 0, &c, &test_err));
    ck_assert_int_eq(jbk_chunk_get(&c, 0), value < 0 ? JBK_ABSENT : value);
    ck_ok(jbk_view_values(v, JBK_F_PLATFORM, &n, &test_err));
    ck_assert_int_eq(n, value + 1);
    ck_ok(jbk_view_observations(v, 0, &all, &test_err));
    ck_assert_int_eq((int64_t)all.n, value + 1);
    ck_ok(jbk_view_meta(v, "test", &bytes, &len, &test_err));
    ck_assert(value < 0 ? !bytes : bytes && len == 8 && !memcmp(bytes, &value, 8));
    jbk_vec_free(&all);
}

START_TEST(a_view_keeps_its_generation) {
    jbk_view *views[4];
    views[0] = view();
    uint64_t first = jbk_view_generation(views[0]);
    for (int64_t i = 0; i < 3; i++) {
        jbk_commit *c = begin();
        put_segment(c, (uint32_t)i * 10, 10);
        put_all(c, i);
        assert_all(views[i], i - 1, (uint32_t)i * 10); /* not yet */
        ck_ok(jbk_commit_end(c, &test_err));
        assert_all(views[i], i - 1, (uint32_t)i * 10); /* and not in an old view */
        views[i + 1] = view();
    }
    for (int64_t i = 0; i < 4; i++) {
        ck_assert_uint_eq(jbk_view_generation(views[i]), first + (uint64_t)i);
        assert_all(views[i], i - 1, (uint32_t)i * 10);
        const jbk_segment_info *seg;
        ck_assert_int_eq((int64_t)jbk_view_segments(views[i], &seg), i);
        for (uint32_t doc = 0; doc < 40; doc++) {
            const jbk_segment_info *s = jbk_view_segment_of(views[i], doc);
            ck_assert((s != NULL) == (doc < (uint32_t)i * 10));
            ck_assert(!s || s->base == doc / 10 * 10);
        }
    }
    for (int i = 0; i < 4; i++) jbk_view_close(views[i]);
}
END_TEST

START_TEST(an_aborted_commit_leaves_nothing) {
    jbk_view *v = view();
    uint64_t generation = jbk_view_generation(v);
    jbk_view_close(v);
    jbk_commit *c = begin();
    put_segment(c, 0, 3);
    put_all(c, 0);
    jbk_commit_abort(c);
    jbk_commit_abort(NULL);
    v = view();
    assert_all(v, -1, 0);
    ck_assert_uint_eq(jbk_view_generation(v), generation);
    jbk_view_close(v);
    c = begin(); /* and the next one goes on */
    put_all(c, 0);
    ck_ok(jbk_commit_end(c, &test_err));
    v = view();
    ck_assert_uint_eq(jbk_view_generation(v), generation + 1);
    jbk_view_close(v);
}
END_TEST

static void reopen(void) {
    jbk_store_close(store);
    ck_ok(jbk_store_open(dir, JBK_OPEN_WRITE, FOLD, &store, &test_err));
}

static bool there(const char *name) {
    char *path = temp_path(dir, name);
    bool yes = access(path, F_OK) == 0;
    free(path);
    return yes;
}

START_TEST(leftovers_of_a_crash_are_swept) {
    jbk_commit *c = begin();
    uint32_t kept = put_segment(c, 0, 3);
    put_all(c, 0);
    ck_ok(jbk_commit_end(c, &test_err));
    uint32_t lost = put_segment(NULL, 3, 3);
    char *scratch = jbk_store_scratch_path(store, "batch-1");
    ck_assert_int_eq(mkdir(scratch, 0777), 0);
    char *notes = temp_path(dir, "notes.txt"), *strange = temp_path(dir, "000009.postings.bak");
    close(open(notes, O_CREAT | O_WRONLY, 0666));
    close(open(strange, O_CREAT | O_WRONLY, 0666));
    char name[32];
    snprintf(name, sizeof name, "%06u.records", lost);
    ck_assert(there(name));
    reopen();
    ck_assert(!there(name));
    ck_assert_int_ne(access(scratch, F_OK), 0);
    snprintf(name, sizeof name, "%06u.records", kept);
    ck_assert(there(name) && there("notes.txt") && there("000009.postings.bak"));
    ck_assert_uint_gt(jbk_store_new_number(store), kept);
    jbk_view *v = view();
    assert_all(v, 0, 3);
    jbk_view_close(v);
    free(scratch);
    free(notes);
    free(strange);
}
END_TEST

START_TEST(a_lost_or_swapped_segment_is_noticed) {
    jbk_commit *c = begin();
    uint32_t three = put_segment(c, 0, 3), four = put_segment(c, 3, 4);
    ck_ok(jbk_commit_end(c, &test_err));
    jbk_store_close(store);
    ck_ok(jbk_store_open(dir, JBK_OPEN_READ, FOLD, &store, &test_err));
    char *a = jbk_store_records_path(store, three), *b = jbk_store_records_path(store, four);
    ck_assert_int_eq(rename(a, b), 0);
    jbk_view *v;
    jbk_status status = jbk_view_open(store, &v, &test_err);
    ck_assert_msg(status == JBK_IO && strstr(test_err.msg, a), "%d %s", (int)status, test_err.msg);
    ck_assert_int_eq(link(b, a), 0);
    ck_status(jbk_view_open(store, &v, &test_err), JBK_DAMAGED);
    ck_assert_ptr_null(v);
    free(a);
    free(b);
}
END_TEST

/* --- opening --- */

START_TEST(a_second_writer_is_told_who_writes) {
    jbk_store *second;
    ck_status(jbk_store_open(dir, JBK_OPEN_WRITE, FOLD, &second, &test_err), JBK_LOCKED);
    ck_assert_ptr_null(second);
    char who[64];
    snprintf(who, sizeof who, "process %ld since 2", (long)getpid());
    ck_assert_msg(strstr(test_err.msg, who) && strstr(test_err.msg, dir), "%s", test_err.msg);
    ck_assert(there("scratch")); /* the loser swept nothing */
}
END_TEST

/* LMDB may not be opened twice in one process: the rest is asked in others. */
static int in_child(int (*ask)(void)) {
    fflush(NULL);
    pid_t child = fork();
    ck_assert_int_ge(child, 0);
    if (!child) _exit(ask());
    int how;
    ck_assert_int_eq(waitpid(child, &how, 0), child);
    ck_assert(WIFEXITED(how));
    return WEXITSTATUS(how);
}

static int read_beside(void) {
    jbk_store *s;
    jbk_view *v;
    if (jbk_store_open(dir, JBK_OPEN_READ, FOLD, &s, NULL)) return 10;
    if (jbk_view_open(s, &v, NULL)) return 11;
    int generation = (int)jbk_view_generation(v);
    jbk_view_close(v);
    jbk_store_close(s);
    return generation;
}

static int write_beside(void) {
    jbk_store *s;
    return (int)jbk_store_open(dir, JBK_OPEN_WRITE, FOLD, &s, NULL);
}

START_TEST(others_read_while_one_writes) {
    jbk_commit *c = begin();
    put_all(c, 0);
    ck_assert_int_eq(in_child(read_beside), 0);
    ck_assert_int_eq(in_child(write_beside), JBK_LOCKED);
    ck_ok(jbk_commit_end(c, &test_err));
    ck_assert_int_eq(in_child(read_beside), 1);
    jbk_store_close(store);
    ck_assert_int_eq(in_child(write_beside), JBK_OK); /* the lock goes with its holder */
    ck_ok(jbk_store_open(dir, JBK_OPEN_WRITE, FOLD, &store, &test_err));
}
END_TEST

START_TEST(another_fold_is_refused) {
    jbk_store_close(store);
    static const jbk_open_mode modes[] = {JBK_OPEN_READ, JBK_OPEN_WRITE};
    for (int i = 0; i < 2; i++) {
        ck_status(jbk_store_open(dir, modes[i], FOLD + 1, &store, &test_err), JBK_VERSION);
        ck_assert_ptr_null(store);
        ck_assert_msg(strstr(test_err.msg, dir) && strstr(test_err.msg, "fold"), "%s",
                      test_err.msg);
    }
    ck_ok(jbk_store_open(dir, JBK_OPEN_WRITE, FOLD, &store, &test_err));
}
END_TEST

START_TEST(what_is_no_index_is_refused) {
    jbk_store *s;
    char *nothing = temp_path(dir, "nothing"), *file = temp_path(dir, "file");
    char *bad = temp_path(dir, "bad"), *meta = temp_path(dir, "bad/meta.mdb");
    close(open(file, O_CREAT | O_WRONLY, 0666));
    ck_status(jbk_store_open(nothing, JBK_OPEN_READ, FOLD, &s, &test_err), JBK_IO);
    ck_assert(strstr(test_err.msg, nothing) != NULL);
    ck_assert_int_ne(access(nothing, F_OK), 0); /* reading makes nothing */
    ck_status(jbk_store_open(file, JBK_OPEN_READ, FOLD, &s, &test_err), JBK_IO);
    ck_status(jbk_store_open(file, JBK_OPEN_WRITE, FOLD, &s, &test_err), JBK_IO);
    ck_assert_int_eq(mkdir(bad, 0777), 0);
    ck_status(jbk_store_open(bad, JBK_OPEN_READ, FOLD, &s, &test_err), JBK_IO);
    int fd = open(meta, O_CREAT | O_WRONLY, 0666);
    for (int i = 0; i < 4096; i++) ck_must(write(fd, "xyz\n", 4) == 4, "write");
    close(fd);
    ck_status(jbk_store_open(bad, JBK_OPEN_READ, FOLD, &s, &test_err), JBK_DAMAGED);
    ck_assert_ptr_null(s);
    free(nothing);
    free(file);
    free(bad);
    free(meta);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("store");
    TCase *columns = add_case(suite, "columns");
    tcase_add_loop_test(columns, columns_give_back_what_was_put_in, 0, PATTERNS);
    tcase_add_test(columns, columns_are_narrow);
    tcase_add_test(columns, columns_are_as_wide_as_they_need);
    tcase_add_test(columns, a_chunk_that_is_not_there_is_absent);
    tcase_add_test(columns, patches_change_what_they_name);
    tcase_add_test(columns, a_patch_of_nothing_fails);
    TCase *rows = add_case(suite, "rows");
    tcase_add_test(rows, dictionaries_go_both_ways);
    tcase_add_test(rows, a_value_may_be_long_or_empty);
    TCase *generations = add_case(suite, "generations");
    tcase_add_test(generations, a_view_keeps_its_generation);
    tcase_add_test(generations, an_aborted_commit_leaves_nothing);
    tcase_add_test(generations, leftovers_of_a_crash_are_swept);
    tcase_add_test(generations, a_lost_or_swapped_segment_is_noticed);
    TCase *opening = add_case(suite, "opening");
    tcase_add_test(opening, a_second_writer_is_told_who_writes);
    tcase_add_test(opening, others_read_while_one_writes);
    tcase_add_test(opening, another_fold_is_refused);
    tcase_add_test(opening, what_is_no_index_is_refused);
    return run_suite(suite);
}
