/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The pages of meta.mdb, as LMDB 0.9 lays them out on a little-endian 64-bit machine.  LMDB
 * keeps no checksums and believes what it reads; a page that points past the file ends the
 * program.  So `check` walks the trees itself first, and only lets LMDB follow what is sound. */
#include "internal.h"

#include "store/verify.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

typedef struct {
    uint64_t number;
    uint16_t pad, flags;
    union {
        struct {
            uint16_t lower, upper;
        } bounds;
        uint32_t pages; /* of an overflow */
    } u;
} page_head;

typedef struct {
    uint32_t pad;
    uint16_t flags, depth;
    uint64_t branch_pages, leaf_pages, overflow_pages, entries, root;
} tree_head;

typedef struct {
    uint32_t magic, version;
    uint64_t address, map_size;
    tree_head trees[2]; /* free pages, main */
    uint64_t last_page, txn;
} meta_page;

typedef struct {
    uint16_t low, high, flags, key_len;
} node_head;

enum {
    PAGE_BRANCH = 1,
    PAGE_LEAF = 2,
    PAGE_OVERFLOW = 4,
    PAGE_META = 8,
    NODE_BIG = 1,
    NODE_TREE = 2,
    TREE_NUMBERS = 8, /* keys are numbers of this machine, not bytes */
    ENV_NOSUBDIR = 0x4000,
    DEPTH_MAX = 32,
    SECTOR = 512 /* bytes that a disk writes whole */
};
#define META_MAGIC 0xBEEFC0DEu
#define NO_PAGE UINT64_MAX

typedef struct {
    const char *s;
    size_t len;
} key_span;

typedef struct {
    const char *map;
    uint64_t file_len, page_len, pages; /* whole pages of the file */
    meta_page meta;
    uint8_t *used;  /* one bit a page: it belongs to a tree, or is free */
    uint64_t taken; /* how many */
    uint64_t free;  /* pages, of them and past the end of the file */
    bool brief;     /* long values and free pages are not looked at */
    jbk_damage_ear ear;
} file;

typedef struct {
    file *f;
    const char *name; /* for people */
    bool numbers;     /* keys are numbers */
    bool main;        /* leaves may hold trees */
    bool good;
    bool free_list; /* rows are lists of free pages */
    tree_head seen; /* counted while walking */
    key_span last;  /* the key before */
    key_span floor; /* what the next one may not be before */
    jbk_meta_state *state;
} walk;

static void tell(const file *f, const char *what) { f->ear.tell(f->ear.arg, what, 0, 0); }

static bool bad(walk *w, uint64_t page, const char *what) {
    char *text = jbk_printf("%s: page %llu %s", w->name, (unsigned long long)page, what);
    tell(w->f, text);
    free(text);
    w->good = false;
    return false;
}

/* Pages that are used twice belong to two trees or to a circle. */
static bool take(walk *w, uint64_t first, uint64_t n, const char *what) {
    file *f = w->f;
    if (first < 2 || first >= f->pages || n > f->pages - first || first + n - 1 > f->meta.last_page)
        return bad(w, first, "is referred to but lies past the end");
    for (uint64_t p = first; p < first + n; p++) {
        if (f->used[p / 8] & 1u << p % 8) return bad(w, p, what);
        f->used[p / 8] |= (uint8_t)(1u << p % 8);
        f->taken++;
    }
    return true;
}

static const char *page_at(const file *f, uint64_t page) { return f->map + page * f->page_len; }

static int compare(const walk *w, key_span a, key_span b) {
    if (w->numbers) {
        uint64_t x, y;
        memcpy(&x, a.s, 8);
        memcpy(&y, b.s, 8);
        return x < y ? -1 : x > y;
    }
    int c = memcmp(a.s, b.s, a.len < b.len ? a.len : b.len);
    return c ? c : a.len < b.len ? -1 : a.len > b.len;
}

static bool in_order(const walk *w, key_span key) {
    return !(w->last.s && compare(w, w->last, key) >= 0) &&
           !(w->floor.s && compare(w, w->floor, key) > 0);
}

static bool walk_tree(file *f, const char *name, const tree_head *t, jbk_meta_state *state);

/* A value on pages of its own. */
static bool take_overflow(walk *w, const char *at, uint64_t size, const char **value) {
    uint64_t first;
    page_head head;
    memcpy(&first, at, sizeof first);
    uint64_t n = (sizeof(page_head) - 1 + size) / w->f->page_len + 1;
    if (!take(w, first, n, "is used twice")) return false;
    w->seen.overflow_pages += n;
    *value = page_at(w->f, first) + sizeof head;
    if (w->f->brief) return true;
    memcpy(&head, page_at(w->f, first), sizeof head);
    if (head.number != first || head.flags != PAGE_OVERFLOW || head.u.pages != n)
        return bad(w, first, "does not hold the long value it should");
    return true;
}

/* A free page may not be in use, nor be free twice: the next writer would write over data. */
static bool take_free(walk *w, uint64_t page, const char *value, uint64_t size) {
    uint64_t n = 0;
    if (size >= 8) memcpy(&n, value, 8);
    if (size < 8 || n > size / 8 - 1) return bad(w, page, "holds a list of free pages cut off");
    for (uint64_t i = 1; i <= n; i++) {
        uint64_t p;
        memcpy(&p, value + i * 8, 8);
        /* Pages that were never written may lie past the end of the file. */
        if (p < 2 || p > w->f->meta.last_page)
            return bad(w, page, "lists a free page that is none");
        w->f->free++;
        if (p >= w->f->pages)
            w->f->taken++;
        else if (!take(w, p, 1, "is free and in use, or free twice"))
            return false;
    }
    return true;
}

static bool take_table(walk *w, uint64_t page, key_span key, const char *value, uint64_t size) {
    tree_head t;
    if (size != sizeof t) return bad(w, page, "holds a table's row of the wrong length");
    memcpy(&t, value, sizeof t);
    for (int i = 0; i < JBK_TABLES; i++) {
        const char *known = jbk_table_names[i];
        if (strlen(known) != key.len || memcmp(known, key.s, key.len) != 0) continue;
        char *name = jbk_printf("table %s", known);
        w->state->table[i] = walk_tree(w->f, name, &t, w->state);
        free(name);
        return true;
    }
    return bad(w, page, "names a table that jibek does not have");
}

static bool take_leaf_node(walk *w, uint64_t page, const node_head *node, key_span key,
                           const char *at, const char *end) {
    uint64_t size = (uint64_t)node->low | (uint64_t)node->high << 16;
    const char *value = at;
    uint16_t want = w->main ? NODE_TREE : node->flags & NODE_BIG;
    if (node->flags != want) return bad(w, page, "holds a row of a wrong kind");
    uint64_t inside = node->flags & NODE_BIG ? 8 : size;
    if (inside > (uint64_t)(end - at)) return bad(w, page, "holds a row that is cut off");
    if (node->flags & NODE_BIG && !take_overflow(w, at, size, &value)) return false;
    w->seen.entries++;
    if (!in_order(w, key)) return bad(w, page, "holds keys out of order");
    w->last = key;
    w->floor = (key_span){0};
    if (w->free_list) return take_free(w, page, value, size);
    return !w->main || take_table(w, page, key, value, size);
}

static bool walk_page(walk *w, uint64_t page, unsigned depth, unsigned height);

/* Node i of a page whose bounds are sound. */
static bool take_node(walk *w, uint64_t page, size_t i, unsigned depth, unsigned height) {
    const char *p = page_at(w->f, page), *end = p + w->f->page_len;
    page_head head;
    uint16_t at;
    node_head node;
    memcpy(&head, p, sizeof head);
    memcpy(&at, p + sizeof head + i * 2, 2);
    if (at < head.u.bounds.upper || at % 2 || at + sizeof node > w->f->page_len)
        return bad(w, page, "holds a reference past its end");
    memcpy(&node, p + at, sizeof node);
    key_span key = {p + at + sizeof node, node.key_len};
    if (key.len > (size_t)(end - key.s)) return bad(w, page, "holds a key that is cut off");
    bool keyless = depth < height && !i; /* what is before the second key */
    if (!keyless && (!key.len || key.len > 511 || (w->numbers && key.len != 8)))
        return bad(w, page, "holds a key of the wrong length");
    if (depth == height) return take_leaf_node(w, page, &node, key, key.s + key.len, end);
    if (!keyless) {
        if (!in_order(w, key)) return bad(w, page, "holds keys out of order");
        w->floor = key;
    }
    uint64_t child = (uint64_t)node.low | (uint64_t)node.high << 16 | (uint64_t)node.flags << 32;
    return walk_page(w, child, depth + 1, height);
}

static bool walk_page(walk *w, uint64_t page, unsigned depth, unsigned height) {
    page_head head;
    bool leaf = depth == height;
    if (!take(w, page, 1, "is used twice")) return false;
    memcpy(&head, page_at(w->f, page), sizeof head);
    if (head.number != page || head.flags != (leaf ? PAGE_LEAF : PAGE_BRANCH))
        return bad(w, page, "is not the page it should be");
    uint16_t lower = head.u.bounds.lower, upper = head.u.bounds.upper;
    if (lower <= sizeof head || lower % 2 || lower > upper || upper > w->f->page_len)
        return bad(w, page, "has wrong bounds");
    *(leaf ? &w->seen.leaf_pages : &w->seen.branch_pages) += 1;
    size_t n = (lower - sizeof head) / 2;
    for (size_t i = 0; i < n; i++)
        if (!take_node(w, page, i, depth, height)) return false;
    return true;
}

static bool walk_tree(file *f, const char *name, const tree_head *t, jbk_meta_state *state) {
    walk w = {.f = f, .name = name, .good = true, .state = state};
    w.free_list = w.numbers = t == &f->meta.trees[0];
    w.main = t == &f->meta.trees[1];
    bool empty = t->root == NO_PAGE;
    uint16_t flags = w.numbers ? t->flags & (uint16_t)~ENV_NOSUBDIR : t->flags;
    if (flags != (w.numbers ? TREE_NUMBERS : 0) || t->depth > DEPTH_MAX || empty != !t->depth ||
        (!w.numbers && t->pad))
        return bad(&w, t->root, "is not a root as it should be");
    if (!empty && !walk_page(&w, t->root, 1, t->depth)) return false;
    if (w.seen.branch_pages != t->branch_pages || w.seen.leaf_pages != t->leaf_pages ||
        w.seen.overflow_pages != t->overflow_pages || w.seen.entries != t->entries)
        return bad(&w, t->root, "and those below hold more or fewer rows than were written");
    return true;
}

/* --- the two pages that say which generation is the newest --- */

static bool read_meta(const file *f, uint64_t page, uint64_t page_len, meta_page *m) {
    page_head head;
    if (f->file_len < (page + 1) * page_len) return false;
    const char *p = f->map + page * page_len;
    memcpy(&head, p, sizeof head);
    memcpy(m, p + sizeof head, sizeof *m);
    return head.number == page && head.flags == PAGE_META && m->magic == META_MAGIC &&
           m->version == 1 && m->trees[0].pad == page_len && !m->address && m->last_page >= 1 &&
           m->last_page < JBK_MAP_BYTES / page_len;
}

/* Commits write the two by turns, so that they tell two generations that follow each other. */
static bool read_metas(file *f, meta_page m[2]) {
    meta_page first;
    if (f->file_len < sizeof(page_head) + sizeof first) return false;
    memcpy(&first, f->map + sizeof(page_head), sizeof first);
    uint64_t len = first.trees[0].pad;
    if (len < 512 || len > 65536 || len & (len - 1)) return false;
    f->page_len = len;
    f->pages = f->file_len / len;
    if (!read_meta(f, 0, len, &m[0]) || !read_meta(f, 1, len, &m[1])) return false;
    if (!m[0].txn && !m[1].txn) return true;
    bool follow = m[0].txn + 1 == m[1].txn || m[1].txn + 1 == m[0].txn;
    return follow && m[0].txn % 2 == 0 && m[1].txn % 2 == 1;
}

/* While a writer is at one of the two, what is read of it may be half old. */
static bool read_metas_whole(file *f, meta_page m[2]) {
    meta_page again[2];
    for (int tries = 0; tries < 100; tries++)
        if (read_metas(f, m) && read_metas(f, again) && !memcmp(m, again, sizeof again))
            return true;
    return false;
}

/* Pages past the last one are what an interrupted commit left, and harmless: those have their
 * number, or are blank, and the last may be cut off behind a sector.  Anything else nobody of ours
 * wrote. */
static bool ends_well(const file *f) {
    uint64_t rest = f->file_len % f->page_len, pages = f->pages + (rest != 0);
    for (uint64_t p = f->meta.last_page + 1; p < pages;) {
        page_head head;
        memcpy(&head, page_at(f, p), sizeof head);
        if (head.number != p && (head.number || head.flags)) return false;
        p += head.number == p && head.flags & PAGE_OVERFLOW && head.u.pages ? head.u.pages : 1;
    }
    return rest % SECTOR == 0;
}

/* The last key of a generation's list of free pages, 0 if it is empty; false where it cannot be
 * reached. */
static bool last_freed(const file *f, const meta_page *m, uint64_t *out) {
    const tree_head *t = &m->trees[0];
    uint64_t page = t->root;
    *out = 0;
    for (unsigned depth = 1; depth <= t->depth; depth++) {
        page_head head;
        node_head node;
        uint16_t at;
        if (page < 2 || page >= f->pages) return false;
        const char *p = page_at(f, page);
        memcpy(&head, p, sizeof head);
        uint16_t lower = head.u.bounds.lower;
        if (lower < sizeof head + 2 || lower > f->page_len) return false;
        memcpy(&at, p + lower - 2, 2);
        if (at + sizeof node + sizeof *out > f->page_len) return false;
        memcpy(&node, p + at, sizeof node);
        memcpy(out, p + at + sizeof node, sizeof *out);
        page = (uint64_t)node.low | (uint64_t)node.high << 16 | (uint64_t)node.flags << 32;
    }
    return true;
}

/* Every commit but the first replaces pages and notes under its own number which: a generation
 * whose last note has another number is older, or newer, than it says, and the newest would be
 * taken for the one before it. */
static bool says_its_age(const file *f, const meta_page *m, uint64_t failed) {
    uint64_t last;
    if (!last_freed(f, m, &last)) return true;          /* walking it tells what is wrong */
    if (last == failed && m->txn < failed) return true; /* taken back */
    return m->txn < 2 ? last <= m->txn : last == m->txn;
}

static void walk_all(file *f, jbk_meta_state *out) {
    f->used = jbk_calloc(f->pages / 8 + 1, 1);
    out->usable = walk_tree(f, "list of tables", &f->meta.trees[1], out);
    bool all = out->usable;
    for (int t = 0; t < JBK_TABLES; t++) all = all && out->table[t];
    if (out->usable && f->meta.trees[1].entries != JBK_TABLES) {
        tell(f, "a table is missing");
        out->usable = all = false;
    }
    if (f->brief) {
        free(f->used);
        return;
    }
    /* Whatever the list of free pages says, what is there can be read. */
    all = walk_tree(f, "list of free pages", &f->meta.trees[0], out) && all;
    if (all && f->taken + 1 != f->meta.last_page) tell(f, "pages are neither in use nor free");
    free(f->used);
}

/* The newest generation, which a reader of LMDB's keeps from being written over meanwhile. */
static jbk_status hold(const char *path, MDB_env **env, MDB_txn **txn, jbk_err *err) {
    *txn = NULL;
    int rc = mdb_env_create(env);
    if (rc) return jbk_mdb_fail(err, rc, "mdb_env_create", path);
    unsigned flags = MDB_NOSUBDIR | MDB_RDONLY | MDB_NOTLS;
    rc = mdb_env_open(*env, path, flags, 0666);
    if (rc == EACCES || rc == EROFS) rc = mdb_env_open(*env, path, flags | MDB_NOLOCK, 0666);
    if (!rc) rc = mdb_txn_begin(*env, NULL, MDB_RDONLY, txn);
    return rc ? jbk_mdb_fail(err, rc, "mdb_env_open", path) : JBK_OK;
}

static jbk_status map_file(int fd, const char *path, file *f, jbk_err *err) {
    struct stat st;
    void *map = MAP_FAILED;
    int e = fstat(fd, &st) ? errno : 0;
    if (!e && st.st_size) {
        map = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_SHARED, fd, 0);
        if (map == MAP_FAILED) e = errno;
    }
    if (e) return jbk_fail_sys(err, e, "mmap", "cannot read %s", path);
    f->map = map == MAP_FAILED ? NULL : map;
    f->file_len = f->map ? (uint64_t)st.st_size : 0;
    return JBK_OK;
}

static void unmap_file(file *f) {
    if (f->map) munmap((void *)(uintptr_t)f->map, f->file_len);
    f->map = NULL;
}

/* The number of the commit that failed last, if none has succeeded since; else 0. */
static uint64_t failed_commit(const char *dir) {
    char *path = jbk_printf("%s/" JBK_FAILED_COMMIT, dir);
    unsigned long long number = 0;
    FILE *noted = fopen(path, "re");
    if (noted && fscanf(noted, "%20llu", &number) != 1) number = 0;
    if (noted) fclose(noted);
    free(path);
    return number;
}

#define NO_GENERATION "its two first pages do not tell the newest generation"

/* The two first pages of an environment's file, and its map as long as they tell of.  They were
 * whole when it was opened. */
static jbk_status look(MDB_env *env, const char *path, file *f, meta_page m[2], jbk_err *err) {
    int fd;
    int rc = mdb_env_get_fd(env, &fd);
    if (rc) return jbk_mdb_fail(err, rc, "mdb_env_get_fd", path);
    jbk_status status = map_file(fd, path, f, err);
    if (status) return status;
    if (!read_metas_whole(f, m))
        return jbk_fail(err, JBK_IO, "verify", "%s changes too fast to be read", path);
    /* What these tell of was written before them, though perhaps behind the end of the map. */
    unmap_file(f);
    status = map_file(fd, path, f, err);
    f->pages = f->file_len / f->page_len;
    return status;
}

/* Walk the generation that `held` reads, or a newer one, whose pages it keeps as well. */
static jbk_status walk_held(const char *dir, const char *path, MDB_txn *held, bool tail, file *f,
                            jbk_meta_state *out, jbk_err *err) {
    meta_page m[2] = {{0}};
    jbk_status status = look(mdb_txn_env(held), path, f, m, err);
    if (status) return status;
    uint64_t failed = failed_commit(dir);
    if (!says_its_age(f, &m[0], failed) || !says_its_age(f, &m[1], failed)) {
        tell(f, NO_GENERATION);
        return JBK_OK;
    }
    f->meta = m[mdb_txn_id(held) % 2];
    walk_all(f, out);
    if (tail && !ends_well(f)) tell(f, "something that no commit wrote follows its last page");
    return JBK_OK;
}

/* Whether the newest generation can be held without harm; JBK_IO where there is no file. */
static jbk_status holdable(const char *path, file *f, bool *out, jbk_err *err) {
    meta_page m[2];
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) return jbk_fail_sys(err, errno, "open", "cannot open %s", path);
    jbk_status status = map_file(fd, path, f, err);
    close(fd);
    *out = !status && read_metas_whole(f, m);
    unmap_file(f);
    return status;
}

static jbk_status verify(const char *dir, bool brief, bool tail, jbk_damage_ear ear,
                         jbk_meta_state *out, jbk_err *err) {
    *out = (jbk_meta_state){0};
    file f = {.ear = ear, .brief = brief};
    char *path = jbk_store_find_meta(dir);
    MDB_env *env = NULL;
    MDB_txn *txn = NULL;
    bool sound = false;
    jbk_status status = holdable(path, &f, &sound, err);
    if (!status && !sound) tell(&f, NO_GENERATION);
    if (!status && sound) status = hold(path, &env, &txn, err);
    if (!status && sound) status = walk_held(dir, path, txn, tail, &f, out, err);
    if (txn) mdb_txn_abort(txn);
    if (env) mdb_env_close(env);
    unmap_file(&f);
    free(path);
    return status;
}

jbk_status jbk_meta_verify(const char *dir, jbk_damage_ear ear, jbk_meta_state *out, jbk_err *err) {
    return verify(dir, false, true, ear, out, err);
}

static void hear_once(void *arg, const char *what, uint32_t first, uint32_t n) {
    (void)first, (void)n;
    char **kept = arg;
    if (!*kept) *kept = jbk_strndup(what, strlen(what));
}

/* JBK_DAMAGED unless all tables can be read. */
static jbk_status judge(const char *path, const jbk_meta_state *state, bool sound, const char *what,
                        jbk_err *err) {
    sound = sound && state->usable;
    for (int t = 0; t < JBK_TABLES; t++) sound = sound && state->table[t];
    if (sound) return JBK_OK;
    return jbk_fail(err, JBK_DAMAGED, "meta", "%s is damaged (%s); " JBK_REMEDY, path,
                    what ? what : "a table cannot be read");
}

jbk_status jbk_meta_followable(const char *dir, bool write, jbk_err *err) {
    jbk_meta_state state;
    char *what = NULL, *path = jbk_store_find_meta(dir);
    jbk_status status = verify(dir, !write, false, (jbk_damage_ear){hear_once, &what}, &state, err);
    if (!status) status = judge(path, &state, !(write && what), what, err);
    free(what);
    free(path);
    return status;
}

jbk_status jbk_meta_free_bytes(jbk_store *s, MDB_txn *held, uint64_t *out, jbk_err *err) {
    jbk_meta_state state = {0};
    char *what = NULL, *path = jbk_store_meta_path(s);
    file f = {.ear = {hear_once, &what}};
    jbk_status status = walk_held(s->dir, path, held, false, &f, &state, err);
    *out = f.free * f.page_len;
    unmap_file(&f);
    if (!status) status = judge(path, &state, !what, what, err);
    free(what);
    free(path);
    return status;
}
