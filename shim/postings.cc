// SPDX-License-Identifier: GPL-3.0-or-later
extern "C" {
#include "shim/postings.h"
}

#include "database.hh"
#include "guard.hh"

extern "C" {
#include "watch.h"
}

#include <cerrno>
#include <fcntl.h>
#include <memory>
#include <string>
#include <unistd.h>
#include <xapian.h>

using jbk::guard;
using jbk::open_database;

// A regular file is opened by its descriptor, for by its name Xapian takes one that is empty, or
// holds text, for a stub: a database of nothing.
static int open_file(const char *path) {
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) throw Xapian::DatabaseOpeningError("cannot open", path, errno);
    return fd;
}

Xapian::Database jbk::open_database(const char *path) {
    return Xapian::Database(open_file(path)); // which closes it
}

struct jbk_postings {
    std::string path;
    jbk_watch *watch = nullptr;
    Xapian::Database db;
    Xapian::PostingIterator at, end;
    Xapian::TermIterator word, last_word;
    std::string word_bytes;
    std::string term; // reused
};

static jbk_status damaged(const char *path, jbk_err *err, const char *where, uint64_t block) {
    return jbk_fail(err, JBK_DAMAGED, where, "%s is damaged (block %llu); " JBK_REMEDY, path,
                    static_cast<unsigned long long>(block));
}

// Run `body`, which reads: what fails because of a damaged block is said to be that.
template <typename Body>
static jbk_status reading(jbk_postings *p, jbk_err *err, const char *where, Body body) {
    uint64_t block;
    jbk_status status = guard(err, where, p->path.c_str(), body);
    if (p->watch && jbk_watch_damage(p->watch, &block))
        return damaged(p->path.c_str(), err, where, block);
    return status;
}

// Begins to watch before Xapian reads; without a file, as without sums, Xapian opens by itself.
static jbk_status open_watched(jbk_postings *p, const jbk_postings_sums *sums, jbk_err *err,
                               const char *where) {
    int fd = -1;
    jbk_status status = guard(err, where, p->path.c_str(), [&] {
        fd = open_file(p->path.c_str());
        bool good;
        p->watch = jbk_watch_begin(fd, sums, &good);
        if (!p->watch) throw Xapian::DatabaseError("cannot read", p->path, errno);
    });
    if (status) {
        if (fd >= 0) close(fd);
        return status;
    }
    uint64_t block;
    if (jbk_watch_damage(p->watch, &block)) {
        close(fd);
        return damaged(p->path.c_str(), err, where, block);
    }
    return reading(p, err, where, [&] { p->db = Xapian::Database(fd); }); // which closes fd
}

extern "C" jbk_status jbk_postings_open(const char *path, const jbk_postings_sums *sums,
                                        jbk_postings **out, jbk_err *err) {
    *out = nullptr;
    jbk_postings *p = nullptr;
    jbk_status status = guard(err, __func__, path, [&] {
        auto made = std::make_unique<jbk_postings>();
        made->path = path;
        if (!sums) made->db = open_database(path);
        p = made.release();
    });
    if (!status && sums) status = open_watched(p, sums, err, __func__);
    if (status) {
        jbk_postings_close(p);
        return status;
    }
    *out = p;
    return JBK_OK;
}

extern "C" void jbk_postings_close(jbk_postings *p) {
    if (p) jbk_watch_end(p->watch);
    (void)guard(nullptr, __func__, "", [&] { delete p; });
}

extern "C" jbk_status jbk_postings_frequency(jbk_postings *p, const char *term, size_t len,
                                             uint32_t *docs, jbk_err *err) {
    *docs = 0;
    return reading(p, err, __func__, [&] {
        p->term.assign(term, len);
        *docs = p->db.get_termfreq(p->term);
    });
}

extern "C" jbk_status jbk_postings_start(jbk_postings *p, const char *term, size_t len,
                                         jbk_err *err) {
    return reading(p, err, __func__, [&] {
        p->term.assign(term, len);
        p->at = p->db.postlist_begin(p->term);
        p->end = p->db.postlist_end(p->term);
    });
}

extern "C" jbk_status jbk_postings_fetch(jbk_postings *p, uint32_t *docs, uint32_t *counts,
                                         size_t cap, size_t *n, jbk_err *err) {
    *n = 0;
    return reading(p, err, __func__, [&] {
        size_t k = 0;
        for (; k < cap && p->at != p->end; ++p->at, k++) {
            docs[k] = *p->at - 1;
            if (counts) counts[k] = p->at.get_wdf();
        }
        *n = k;
    });
}

extern "C" jbk_status jbk_postings_terms_start(jbk_postings *p, jbk_err *err) {
    return reading(p, err, __func__, [&] {
        p->word = p->db.allterms_begin();
        p->last_word = p->db.allterms_end();
    });
}

extern "C" jbk_status jbk_postings_terms_next(jbk_postings *p, const char **term, size_t *len,
                                              jbk_err *err) {
    *term = nullptr;
    *len = 0;
    return reading(p, err, __func__, [&] {
        if (p->word == p->last_word) return;
        p->word_bytes = *p->word;
        ++p->word;
        *term = p->word_bytes.data();
        *len = p->word_bytes.size();
    });
}

extern "C" jbk_status jbk_postings_docs(jbk_postings *p, uint32_t *docs, jbk_err *err) {
    *docs = 0;
    return reading(p, err, __func__, [&] { *docs = p->db.get_doccount(); });
}

extern "C" const char *jbk_postings_version(void) { return Xapian::version_string(); }
