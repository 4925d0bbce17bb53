// SPDX-License-Identifier: GPL-3.0-or-later
// Runs and databases to one database: their terms in order, the documents of one behind those of
// the one before.
extern "C" {
#include "shim/postings.h"
}

#include "database.hh"
#include "guard.hh"

extern "C" {
#include "glass.h"
#include "run.h"
}

#include <algorithm>
#include <memory>
#include <string_view>
#include <vector>

using jbk::guard;

namespace {

// A status of a C function on its way out.
struct failed {
    jbk_status status;
};

void must(jbk_status status) {
    if (status) throw failed{status};
}

struct glass_deleter {
    void operator()(jbk_glass *g) const { jbk_glass_drop(g); }
};
using glass_ptr = std::unique_ptr<jbk_glass, glass_deleter>;

class source {
  public:
    source() = default;
    source(const source &) = delete;
    source &operator=(const source &) = delete;
    virtual ~source() = default;
    virtual uint32_t docs() const = 0;
    virtual void add_lengths(jbk_glass *g) = 0;
    virtual bool next() = 0;                                    // to the next term, if there is one
    virtual void add_postings(jbk_glass *g, uint32_t base) = 0; // of this term
    std::string_view term;
};

class run_source : public source {
  public:
    run_source(jbk_run_reader *reader, jbk_err *e) : r(reader), err(e) {}
    ~run_source() override { jbk_run_close(r); }
    uint32_t docs() const override { return jbk_run_docs(r); }
    void add_lengths(jbk_glass *g) override {
        for (uint32_t d = 0; d < docs(); d++) jbk_glass_length(g, jbk_run_length(r, d));
    }
    bool next() override {
        const char *s;
        size_t len;
        must(jbk_run_next(r, &s, &len, &n, err));
        term = std::string_view(s ? s : "", len);
        return s != nullptr;
    }
    void add_postings(jbk_glass *g, uint32_t base) override {
        uint32_t doc, count;
        for (; n; n--) {
            if (!jbk_run_posting(r, &doc, &count))
                must(jbk_fail(err, JBK_DAMAGED, "run", "a run is not what was written"));
            jbk_glass_add(g, base + doc, count);
        }
    }

  private:
    jbk_run_reader *r;
    jbk_err *err;
    uint32_t n = 0; // documents of this term that are left
};

class database_source : public source {
  public:
    explicit database_source(const char *path) : db(jbk::open_database(path)) {
        at = db.allterms_begin();
        end = db.allterms_end();
    }
    uint32_t docs() const override { return db.get_doccount(); }
    void add_lengths(jbk_glass *g) override {
        auto last = db.postlist_end(std::string());
        for (auto p = db.postlist_begin(std::string()); p != last; ++p)
            jbk_glass_length(g, p.get_doclength());
    }
    bool next() override {
        if (begun && at != end) ++at;
        begun = true;
        if (at == end) return false;
        bytes = *at;
        term = bytes;
        return true;
    }
    void add_postings(jbk_glass *g, uint32_t base) override {
        auto last = db.postlist_end(bytes);
        for (auto p = db.postlist_begin(bytes); p != last; ++p)
            jbk_glass_add(g, base + *p - 1, p.get_wdf());
    }

  private:
    Xapian::Database db;
    Xapian::TermIterator at, end;
    bool begun = false;
    std::string bytes;
};

std::unique_ptr<source> open_source(const char *path, jbk_err *err) {
    jbk_run_reader *r;
    must(jbk_run_open(path, &r, err));
    if (r) return std::make_unique<run_source>(r, err);
    return std::make_unique<database_source>(path);
}

// A source that has a term, in a heap whose top is the least; of equal ones the first.
struct waiting {
    source *from;
    size_t number;
    bool operator<(const waiting &o) const {
        int order = from->term.compare(o.from->term);
        return order ? order > 0 : number > o.number;
    }
};

void merge_terms(const std::vector<std::unique_ptr<source>> &sources,
                 const std::vector<uint32_t> &bases, jbk_glass *g, jbk_err *err) {
    std::vector<waiting> heap;
    std::string term;
    for (size_t i = 0; i < sources.size(); i++)
        if (sources[i]->next()) heap.push_back({sources[i].get(), i});
    std::make_heap(heap.begin(), heap.end());
    while (!heap.empty()) {
        if (heap.front().from->term != term) {
            term = heap.front().from->term;
            must(jbk_glass_term(g, term.data(), term.size(), err));
        }
        std::pop_heap(heap.begin(), heap.end());
        waiting &least = heap.back();
        least.from->add_postings(g, bases[least.number]);
        if (least.from->next())
            std::push_heap(heap.begin(), heap.end());
        else
            heap.pop_back();
    }
}

void merge(const char *const *paths, size_t n, const char *dest, jbk_err *err) {
    std::vector<std::unique_ptr<source>> sources;
    std::vector<uint32_t> bases;
    uint32_t docs = 0;
    for (size_t i = 0; i < n; i++) {
        sources.push_back(open_source(paths[i], err));
        bases.push_back(docs);
        docs += sources.back()->docs();
    }
    jbk_glass *made;
    must(jbk_glass_create(dest, &made, err));
    glass_ptr g(made);
    for (auto &s : sources) s->add_lengths(g.get());
    merge_terms(sources, bases, g.get(), err);
    must(jbk_glass_finish(g.release(), err));
}

} // namespace

extern "C" jbk_status jbk_postings_merge(const char *const *paths, size_t n, const char *dest,
                                         jbk_err *err) {
    jbk_status status = JBK_OK;
    jbk_status outcome = guard(err, __func__, dest, [&] {
        try {
            merge(paths, n, dest, err);
        } catch (const failed &f) {
            status = f.status;
        }
    });
    return outcome ? outcome : status;
}
