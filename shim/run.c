/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Documents to a run, and a run read. */
#include "run.h"

#include "base/codec.h"
#include "base/radix.h"
#include "output.h"
#include "shim/postings.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

static const uint64_t MAGIC = UINT64_C(0x314E55524B424A); /* "JBKRUN1" */

typedef struct {
    uint64_t magic;
    uint32_t docs, terms;
} run_head;

/* --- writing --- */

struct jbk_postings_builder {
    jbk_output out;
    JBK_VEC(jbk_posting) postings; /* of all documents */
    JBK_VEC(size_t) ends;          /* of each document's postings */
    JBK_VEC(uint32_t) lengths;
    uint32_t terms; /* one more than the highest number */
};

jbk_status jbk_postings_begin(const char *path, jbk_postings_builder **out, jbk_err *err) {
    *out = NULL;
    jbk_output file;
    jbk_status status = jbk_output_create(&file, path, err);
    if (status) return status;
    jbk_postings_builder *b = jbk_calloc(1, sizeof *b);
    b->out = file;
    *out = b;
    return JBK_OK;
}

void jbk_postings_drop(jbk_postings_builder *b) {
    if (!b) return;
    jbk_output_close(&b->out);
    jbk_vec_free(&b->postings);
    jbk_vec_free(&b->ends);
    jbk_vec_free(&b->lengths);
    free(b);
}

void jbk_postings_add(jbk_postings_builder *b, const jbk_posting *postings, size_t n) {
    uint32_t length = 0;
    jbk_vec_reserve(&b->postings, n);
    for (size_t i = 0; i < n; i++) {
        b->postings.at[b->postings.n++] = postings[i];
        length += postings[i].count;
        if (postings[i].term >= b->terms) b->terms = postings[i].term + 1;
    }
    jbk_vec_push(&b->ends, b->postings.n);
    jbk_vec_push(&b->lengths, length);
}

typedef struct {
    uint32_t doc, count;
} run_posting;

/* (*starts)[t] to (*starts)[t + 1] are the places of term t in what is returned; free both. */
static run_posting *invert(const jbk_postings_builder *b, size_t **starts) {
    size_t *start = jbk_calloc((size_t)b->terms + 2, sizeof *start);
    run_posting *by_term = jbk_alloc(b->postings.n * sizeof *by_term);
    /* One place further than it seems: filling moves each start to the end of its term. */
    for (size_t i = 0; i < b->postings.n; i++) start[b->postings.at[i].term + 2]++;
    for (size_t t = 2; t < (size_t)b->terms + 2; t++) start[t] += start[t - 1];
    for (size_t doc = 0, i = 0; doc < b->ends.n; doc++)
        for (; i < b->ends.at[doc]; i++) {
            jbk_posting p = b->postings.at[i];
            by_term[start[p.term + 1]++] = (run_posting){(uint32_t)doc, p.count};
        }
    *starts = start;
    return by_term;
}

static int by_name(uint64_t a, uint64_t b, void *names) {
    const jbk_term *x = (const jbk_term *)names + a, *y = (const jbk_term *)names + b;
    int order = memcmp(x->s, y->s, x->len < y->len ? x->len : y->len);
    return order ? order : x->len < y->len ? -1 : x->len > y->len;
}

static void put_term(jbk_buf *out, const jbk_term *name, const run_posting *p, size_t n) {
    uint32_t before = 0;
    jbk_put_bytes(out, name->s, name->len);
    jbk_put_varint(out, n);
    for (size_t i = 0; i < n; i++) {
        jbk_put_varint(out, p[i].doc - before);
        jbk_put_varint(out, p[i].count);
        before = p[i].doc;
    }
}

static jbk_status write_run(jbk_postings_builder *b, const jbk_term *names, jbk_err *err) {
    size_t *starts, n = 0;
    run_posting *by_term = invert(b, &starts);
    jbk_headed *order = jbk_alloc(b->terms * sizeof *order);
    for (uint32_t t = 0; t < b->terms; t++)
        if (starts[t] < starts[t + 1])
            order[n++] = (jbk_headed){jbk_head_of(names[t].s, names[t].len), t};
    jbk_sort_headed(order, n, by_name, (void *)names);
    run_head head = {MAGIC, (uint32_t)b->ends.n, (uint32_t)n};
    jbk_buf_add(&b->out.bytes, &head, sizeof head);
    jbk_buf_add(&b->out.bytes, b->lengths.at, b->lengths.n * sizeof *b->lengths.at);
    jbk_status status = JBK_OK;
    for (size_t i = 0; i < n && !status; i++) {
        uint64_t t = order[i].number;
        put_term(&b->out.bytes, &names[t], by_term + starts[t], starts[t + 1] - starts[t]);
        if (b->out.bytes.len >= 1 << 20) status = jbk_output_flush(&b->out, err);
    }
    free(order);
    free(by_term);
    free(starts);
    return status ? status : jbk_output_flush(&b->out, err);
}

jbk_status jbk_postings_end(jbk_postings_builder *b, const jbk_term *names, size_t n,
                            jbk_err *err) {
    jbk_status status = JBK_OK;
    if (b->terms > n) status = jbk_fail(err, JBK_INTERNAL, "postings", "a term has no name");
    if (!status) status = write_run(b, names, err);
    jbk_postings_drop(b);
    return status;
}

/* --- reading --- */

struct jbk_run_reader {
    char *path;
    const char *map, *at, *end;
    size_t map_len;
    run_head head;
    uint32_t terms_read, doc;
};

static jbk_status damaged(const jbk_run_reader *r, jbk_err *err) {
    return jbk_fail(err, JBK_DAMAGED, "run", "%s is not what was written", r->path);
}

static jbk_status map_run(jbk_run_reader *r, int fd, bool *is_run, jbk_err *err) {
    struct stat st;
    *is_run = false;
    if (fstat(fd, &st)) return jbk_fail_sys(err, errno, "fstat", "cannot look at %s", r->path);
    if (!S_ISREG(st.st_mode) || st.st_size < (off_t)sizeof r->head) return JBK_OK;
    r->map_len = (size_t)st.st_size;
    void *map = mmap(NULL, r->map_len, PROT_READ, MAP_SHARED, fd, 0);
    if (map == MAP_FAILED) return jbk_fail_sys(err, errno, "mmap", "cannot map %s", r->path);
    r->map = map;
    memcpy(&r->head, map, sizeof r->head);
    if (r->head.magic != MAGIC) return JBK_OK;
    *is_run = true;
    if ((r->map_len - sizeof r->head) / sizeof(uint32_t) < r->head.docs) return damaged(r, err);
    r->at = r->map + sizeof r->head + r->head.docs * sizeof(uint32_t);
    r->end = r->map + r->map_len;
    return JBK_OK;
}

jbk_status jbk_run_open(const char *path, jbk_run_reader **out, jbk_err *err) {
    *out = NULL;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) return jbk_fail_sys(err, errno, "open", "cannot open %s", path);
    jbk_run_reader *r = jbk_calloc(1, sizeof *r);
    r->path = jbk_strndup(path, strlen(path));
    bool is_run;
    jbk_status status = map_run(r, fd, &is_run, err);
    close(fd);
    if (status || !is_run)
        jbk_run_close(r);
    else
        *out = r;
    return status;
}

void jbk_run_close(jbk_run_reader *r) {
    if (!r) return;
    if (r->map) munmap((void *)(uintptr_t)r->map, r->map_len);
    free(r->path);
    free(r);
}

uint32_t jbk_run_docs(const jbk_run_reader *r) { return r->head.docs; }

uint32_t jbk_run_length(const jbk_run_reader *r, uint32_t doc) {
    uint32_t length;
    memcpy(&length, r->map + sizeof r->head + doc * sizeof length, sizeof length);
    return length;
}

jbk_status jbk_run_next(jbk_run_reader *r, const char **term, size_t *len, uint32_t *docs,
                        jbk_err *err) {
    *term = NULL;
    *len = *docs = 0;
    if (r->terms_read == r->head.terms) return JBK_OK;
    r->terms_read++;
    r->doc = 0;
    uint64_t n;
    if (!jbk_get_bytes(&r->at, r->end, term, len) || !jbk_get_varint(&r->at, r->end, &n) || !n ||
        n > r->head.docs)
        return damaged(r, err);
    *docs = (uint32_t)n;
    return JBK_OK;
}

bool jbk_run_posting(jbk_run_reader *r, uint32_t *doc, uint32_t *count) {
    uint64_t apart, n;
    if (!jbk_get_varint(&r->at, r->end, &apart) || !jbk_get_varint(&r->at, r->end, &n))
        return false;
    if (apart >= r->head.docs - r->doc) return false;
    *doc = r->doc += (uint32_t)apart;
    *count = (uint32_t)n;
    return true;
}
