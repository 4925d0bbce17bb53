/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ledger.h"

#include "base/hash.h"
#include "sqlite_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

_Static_assert(JBK_REJ_CODES <= JBK_INPUT_CODES, "a row has room for every code");

typedef struct {
    char *path; /* canonical; NULL: not a file that can be known again */
    jbk_input_row row;
    bool digested, changed;
} entry;

struct jbk_ledger {
    entry *entries; /* one for each file of the input */
    size_t n;
    jbk_known known; /* left out */
    bool changed;
};

void jbk_ledger_free(jbk_ledger *l) {
    if (!l) return;
    for (size_t i = 0; i < l->n; i++) free(l->entries[i].path);
    free(l->entries);
    free(l);
}

const jbk_known *jbk_ledger_known(const jbk_ledger *l) { return &l->known; }

/* --- a file as it is now --- */

static int64_t nanoseconds(struct timespec t) { return t.tv_sec * 1000000000 + t.tv_nsec; }

/* The digest of the first `size` bytes; false where there are not so many, or not to be read. */
static bool digest_of(const char *path, uint64_t size, uint64_t *digest) {
    enum { PIECE = 1 << 20 };
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) return false;
    char *bytes = jbk_alloc(PIECE);
    uint64_t left = size;
    *digest = 0;
    while (left) {
        size_t n = left < PIECE ? (size_t)left : PIECE, have = 0;
        while (have < n) {
            ssize_t got = read(fd, bytes + have, n - have);
            if (got < 0 && errno == EINTR) continue;
            if (got <= 0) break;
            have += (size_t)got;
        }
        if (have < n) break;
        *digest = jbk_hash_seed(bytes, n, *digest);
        left -= n;
    }
    free(bytes);
    close(fd);
    return !left;
}

static bool ends_line(const char *path, uint64_t size) {
    char last = '\n';
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd >= 0 && size && pread(fd, &last, 1, (off_t)size - 1) != 1) last = '\0';
    if (fd >= 0) close(fd);
    return fd >= 0 && last == '\n';
}

/* False where it is no regular file. */
static bool look(const char *path, entry *e) {
    struct stat st;
    struct timespec now;
    if (!strcmp(path, "-") || stat(path, &st) || !S_ISREG(st.st_mode)) return false;
    e->path = realpath(path, NULL);
    if (!e->path) return false;
    clock_gettime(CLOCK_REALTIME, &now);
    e->row = (jbk_input_row){.size = (uint64_t)st.st_size,
                             .inode = (uint64_t)st.st_ino,
                             .changed_ns = nanoseconds(st.st_ctim),
                             .looked_ns = nanoseconds(now)};
    return true;
}

/* --- what to leave out --- */

/* Are the bytes that were read then still its beginning?  The time of change tells, which nobody
 * can set, but not of changes just before it was asked for.  What lies beside a database tells
 * nothing. */
static bool same_beginning(const jbk_input_row *then, const entry *now) {
    static const int64_t SETTLED_NS = 2000000000;
    uint64_t digest;
    if (now->row.size < then->size || jbk_sqlite_file_beside(now->path)) return false;
    bool untouched = now->row.size == then->size && now->row.inode == then->inode &&
                     now->row.changed_ns == then->changed_ns &&
                     then->looked_ns - then->changed_ns > SETTLED_NS;
    return untouched || (digest_of(now->path, then->size, &digest) && digest == then->digest);
}

/* Where something was rejected, it must still be told of in the file that rejects go to. */
static bool settled(const jbk_input_row *then, const entry *now, const jbk_ledger_options *o) {
    return then->items == then->records ||
           (o->keeps_rejects && then->rejects_to == now->row.rejects_to);
}

/* The number of items that need not be read again. */
static uint64_t known_items(const jbk_input_row *then, const entry *now) {
    if (!then->whole) return then->items;
    if (now->row.size == then->size) return JBK_ALL_ITEMS;
    return then->appendable && ends_line(now->path, then->size) ? then->items : 0;
}

static jbk_status decide(jbk_ledger *l, size_t i, jbk_input *in, jbk_view *view,
                         const jbk_ledger_options *o, jbk_err *err) {
    entry *e = &l->entries[i];
    jbk_input_row then;
    bool found;
    if (!look(jbk_input_path(in, i), e)) return JBK_OK;
    e->row.how = o->how;
    e->row.rejects_to = jbk_hash(o->rejects, strlen(o->rejects));
    jbk_status status = jbk_view_input(view, e->path, &then, &found, err);
    if (status || !found || o->again || then.how != o->how || !settled(&then, e, o) ||
        !same_beginning(&then, e))
        return status;
    uint64_t known = known_items(&then, e);
    if (!known) return JBK_OK;
    jbk_input_leave_out(in, i, known);
    l->known.records += then.records;
    e->row.records = then.records;
    memcpy(e->row.rejects, then.rejects, sizeof then.rejects);
    for (int code = 0; code < JBK_REJ_CODES; code++) l->known.rejects[code] += then.rejects[code];
    return JBK_OK;
}

/* A file that is named twice is read twice, and the second time brings nothing. */
jbk_status jbk_ledger_new(jbk_input *in, jbk_view *view, const jbk_ledger_options *o,
                          jbk_ledger **out, jbk_err *err) {
    jbk_ledger *l = jbk_calloc(1, sizeof *l);
    l->n = jbk_input_files(in);
    l->entries = jbk_calloc(l->n, sizeof *l->entries);
    jbk_status status = JBK_OK;
    for (size_t i = 0; i < l->n && !status; i++) status = decide(l, i, in, view, o, err);
    if (status) {
        jbk_ledger_free(l);
        l = NULL;
    }
    *out = l;
    return status;
}

/* --- how far this run has come --- */

void jbk_ledger_add(jbk_ledger *l, const jbk_batch *b) {
    const jbk_items *x = &b->items;
    for (size_t i = 0; i < x->items.n; i++)
        l->entries[x->sources.at[x->items.at[i].source]->file].row.records++;
    for (size_t i = 0; i < b->rejects.n; i++) {
        const jbk_item *item = &x->items.at[b->rejects.at[i].item];
        jbk_input_row *row = &l->entries[x->sources.at[item->source]->file].row;
        row->records--;
        row->rejects[b->rejects.at[i].code]++;
    }
    for (size_t i = 0; i < x->marks.n; i++) {
        const jbk_mark *m = &x->marks.at[i];
        entry *e = &l->entries[m->file];
        if (!e->path) continue;
        e->row.items = m->items;
        e->row.whole = m->whole;
        e->row.appendable = m->appendable;
        e->changed = l->changed = true;
    }
}

bool jbk_ledger_changed(const jbk_ledger *l) { return l->changed; }

jbk_status jbk_ledger_put(jbk_ledger *l, jbk_commit *c, jbk_err *err) {
    jbk_status status = JBK_OK;
    for (size_t i = 0; i < l->n && !status && l->changed; i++) {
        entry *e = &l->entries[i];
        if (!e->changed) continue;
        if (!e->digested) e->digested = digest_of(e->path, e->row.size, &e->row.digest);
        if (e->digested) status = jbk_commit_input(c, e->path, &e->row, err);
    }
    return status;
}

void jbk_ledger_saved(jbk_ledger *l) {
    for (size_t i = 0; i < l->n && l->changed; i++) l->entries[i].changed = false;
    l->changed = false;
}
