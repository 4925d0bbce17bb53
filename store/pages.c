/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pages.h"

#include "base/hash.h"
#include "store/store.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

static const char MAGIC[8] = "JbkPage1";
static const uint64_t BYTE_ORDER_MARK = UINT64_C(0x0102030405060708);

typedef struct {
    char magic[8];
    uint64_t byte_order;
    uint64_t data_len;
    uint64_t pages;
    uint64_t table_sum; /* of the checksums */
    uint64_t reserved[2];
    uint64_t trailer_sum; /* of all fields above */
} trailer;

static uint64_t trailer_sum(const trailer *t) {
    return jbk_hash(t, offsetof(trailer, trailer_sum));
}

static jbk_status damaged(const char *path, const char *what, jbk_err *err) {
    return jbk_fail(err, JBK_DAMAGED, "pages", "%s is damaged (%s); " JBK_REMEDY, path, what);
}

jbk_status jbk_pages_damaged(const jbk_pages *p, const char *what, jbk_err *err) {
    return damaged(p->path, what, err);
}

static jbk_status check_trailer(jbk_pages *p, jbk_err *err) {
    trailer t;
    if (p->map_len < sizeof t) return damaged(p->path, "too short", err);
    memcpy(&t, p->map + p->map_len - sizeof t, sizeof t);
    if (memcmp(t.magic, MAGIC, sizeof MAGIC)) return damaged(p->path, "no trailer", err);
    if (t.byte_order == __builtin_bswap64(BYTE_ORDER_MARK))
        return jbk_fail(err, JBK_VERSION, "pages",
                        "%s was written on a machine of other byte order", p->path);
    if (t.trailer_sum != trailer_sum(&t)) return damaged(p->path, "trailer checksum", err);
    uint64_t pages = (t.data_len + JBK_PAGE - 1) / JBK_PAGE;
    uint64_t table_at = pages * JBK_PAGE;
    if (t.pages != pages || p->map_len != table_at + pages * 8 + sizeof t)
        return damaged(p->path, "wrong length", err);
    p->sums = (const uint64_t *)(const void *)(p->map + table_at);
    if (jbk_hash(p->sums, pages * 8) != t.table_sum) return damaged(p->path, "checksum table", err);
    p->data_len = t.data_len;
    p->sum = t.trailer_sum;
    p->checked = jbk_calloc(pages, 1);
    return JBK_OK;
}

jbk_status jbk_pages_open(const char *path, jbk_pages **out, jbk_err *err) {
    *out = NULL;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) return jbk_fail_sys(err, errno, "open", "cannot open %s", path);
    jbk_pages *p = jbk_calloc(1, sizeof *p);
    p->path = jbk_strndup(path, strlen(path));
    struct stat st;
    jbk_status status = JBK_OK;
    if (fstat(fd, &st)) {
        status = jbk_fail_sys(err, errno, "fstat", "cannot look at %s", path);
    } else if (st.st_size < (off_t)sizeof(trailer)) {
        status = damaged(path, "too short", err);
    } else {
        p->map_len = (size_t)st.st_size;
        void *map = mmap(NULL, p->map_len, PROT_READ, MAP_SHARED, fd, 0);
        if (map == MAP_FAILED)
            status = jbk_fail_sys(err, errno, "mmap", "cannot map %s", path);
        else
            p->map = map;
    }
    close(fd);
    if (!status) status = check_trailer(p, err);
    if (status) {
        jbk_pages_close(p);
        return status;
    }
    *out = p;
    return JBK_OK;
}

void jbk_pages_close(jbk_pages *p) {
    if (!p) return;
    if (p->map) munmap(p->map, p->map_len);
    free(p->checked);
    free(p->path);
    free(p);
}

uint64_t jbk_pages_len(const jbk_pages *p) { return p->data_len; }

uint64_t jbk_pages_sum(const jbk_pages *p) { return p->sum; }

static size_t page_len(uint64_t data_len, uint64_t page) {
    uint64_t left = data_len - page * JBK_PAGE;
    return left < JBK_PAGE ? (size_t)left : JBK_PAGE;
}

jbk_status jbk_pages_verify(jbk_pages *p, uint64_t offset, uint64_t len, const char **out,
                            jbk_err *err) {
    if (offset > p->data_len || len > p->data_len - offset)
        return damaged(p->path, "a reference leads past its end", err);
    *out = p->map + offset;
    if (!len) return JBK_OK;
    for (uint64_t page = offset / JBK_PAGE; page <= (offset + len - 1) / JBK_PAGE; page++) {
        if (atomic_load_explicit(&p->checked[page], memory_order_relaxed)) continue;
        const char *at = p->map + page * JBK_PAGE;
        if (jbk_hash(at, page_len(p->data_len, page)) != p->sums[page])
            return damaged(p->path, "page checksum", err);
        atomic_store_explicit(&p->checked[page], 1, memory_order_relaxed);
    }
    return JBK_OK;
}

static void sum_piece(const char *bytes, size_t len, uint64_t *sum, jbk_file_sums *out) {
    *sum = jbk_hash_seed(bytes, len, *sum);
    for (size_t at = 0; out && at < len; at += JBK_SUM_BLOCK) {
        size_t n = len - at < JBK_SUM_BLOCK ? len - at : JBK_SUM_BLOCK;
        jbk_vec_push(&out->block, (uint32_t)jbk_hash(bytes + at, n));
    }
}

static jbk_status sum_file(const char *path, uint64_t *sum, jbk_file_sums *out, jbk_err *err) {
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) return jbk_fail_sys(err, errno, "open", "cannot open %s", path);
    size_t cap = 1 << 20, have = 0;
    char *bytes = jbk_alloc(cap);
    ssize_t n;
    *sum = 0;
    /* By whole pieces, however much the system gives at a time. */
    while ((n = read(fd, bytes + have, cap - have)) > 0 || (n < 0 && errno == EINTR)) {
        if (n > 0) have += (size_t)n;
        if (have < cap) continue;
        sum_piece(bytes, have, sum, out);
        have = 0;
    }
    if (have) sum_piece(bytes, have, sum, out);
    jbk_status status = n < 0 ? jbk_fail_sys(err, errno, "read", "cannot read %s", path) : JBK_OK;
    free(bytes);
    close(fd);
    return status;
}

jbk_status jbk_file_sum(const char *path, uint64_t *sum, jbk_err *err) {
    return sum_file(path, sum, NULL, err);
}

jbk_status jbk_file_sum_blocks(const char *path, jbk_file_sums *out, jbk_err *err) {
    out->block.n = 0;
    return sum_file(path, &out->whole, out, err);
}

struct jbk_pages_writer {
    char *path;
    int fd;
    uint64_t at;  /* bytes added */
    jbk_buf page; /* not yet summed: less than a page */
    jbk_buf out;  /* summed, not yet written */
    JBK_VEC(uint64_t) sums;
};

enum { WRITE_AT_ONCE = 1 << 20 };

static jbk_status flush(jbk_pages_writer *w, jbk_err *err) {
    size_t done = 0;
    while (done < w->out.len) {
        ssize_t n = write(w->fd, w->out.data + done, w->out.len - done);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) return jbk_fail_sys(err, errno, "write", "cannot write %s", w->path);
        done += (size_t)n;
    }
    /* The fsync at the end, which tells whether all is on the disk, has less to wait for. */
    (void)sync_file_range(w->fd, 0, 0, SYNC_FILE_RANGE_WRITE);
    w->out.len = 0;
    return JBK_OK;
}

static jbk_status end_page(jbk_pages_writer *w, jbk_err *err) {
    jbk_vec_push(&w->sums, jbk_hash(w->page.data, w->page.len));
    jbk_buf_add(&w->out, w->page.data, w->page.len);
    w->page.len = 0;
    return w->out.len >= WRITE_AT_ONCE ? flush(w, err) : JBK_OK;
}

jbk_status jbk_pages_create(const char *path, jbk_pages_writer **out, jbk_err *err) {
    *out = NULL;
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (fd < 0) return jbk_fail_sys(err, errno, "open", "cannot create %s", path);
    jbk_pages_writer *w = jbk_calloc(1, sizeof *w);
    w->path = jbk_strndup(path, strlen(path));
    w->fd = fd;
    *out = w;
    return JBK_OK;
}

jbk_status jbk_pages_add(jbk_pages_writer *w, const void *bytes, size_t len, jbk_err *err) {
    const char *p = bytes;
    while (len) {
        size_t n = JBK_PAGE - w->page.len;
        if (n > len) n = len;
        jbk_buf_add(&w->page, p, n);
        w->at += n;
        p += n;
        len -= n;
        jbk_status status = w->page.len == JBK_PAGE ? end_page(w, err) : JBK_OK;
        if (status) return status;
    }
    return JBK_OK;
}

jbk_status jbk_pages_align(jbk_pages_writer *w, size_t align, jbk_err *err) {
    static const char zeros[JBK_PAGE];
    size_t over = (size_t)(w->at & (align - 1));
    return over ? jbk_pages_add(w, zeros, align - over, err) : JBK_OK;
}

uint64_t jbk_pages_at(const jbk_pages_writer *w) { return w->at; }

static jbk_status write_end(jbk_pages_writer *w, jbk_err *err) {
    uint64_t data_len = w->at;
    jbk_status status = JBK_OK;
    if (w->page.len) {
        size_t short_by = JBK_PAGE - w->page.len;
        status = end_page(w, err);
        jbk_buf_reserve(&w->out, short_by);
        memset(w->out.data + w->out.len, 0, short_by);
        w->out.len += short_by;
    }
    if (status) return status;
    trailer t = {.byte_order = BYTE_ORDER_MARK,
                 .data_len = data_len,
                 .pages = w->sums.n,
                 .table_sum = jbk_hash(w->sums.at, w->sums.n * 8)};
    memcpy(t.magic, MAGIC, sizeof MAGIC);
    t.trailer_sum = trailer_sum(&t);
    jbk_buf_add(&w->out, w->sums.at, w->sums.n * 8);
    jbk_buf_add(&w->out, &t, sizeof t);
    status = flush(w, err);
    if (!status && fsync(w->fd))
        status = jbk_fail_sys(err, errno, "fsync", "cannot write %s to disk", w->path);
    return status;
}

static void free_writer(jbk_pages_writer *w) {
    close(w->fd);
    jbk_buf_free(&w->page);
    jbk_buf_free(&w->out);
    jbk_vec_free(&w->sums);
    free(w->path);
    free(w);
}

jbk_status jbk_pages_finish(jbk_pages_writer *w, jbk_err *err) {
    jbk_status status = write_end(w, err);
    free_writer(w);
    return status;
}

void jbk_pages_abandon(jbk_pages_writer *w) {
    if (!w) return;
    unlink(w->path);
    free_writer(w);
}
