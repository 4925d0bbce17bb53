// SPDX-License-Identifier: GPL-3.0-or-later
// What Xapian itself says of a postings file that the shim has written:
//
//     glass_check FILE
//
// Its checker finds no errors, and a database that Xapian makes of the same postings has the same
// terms, documents, lengths and statistics.
#include <cstdio>
#include <iostream>
#include <map>
#include <string>
#include <vector>
#include <xapian.h>

// Xapian's checker frees tables by another class's size.
extern "C" const char *__asan_default_options();
const char *__asan_default_options() { return "new_delete_type_mismatch=0"; }

namespace {

int failures = 0;

void same(const std::string &what, double ours, double theirs) {
    if (ours == theirs) return;
    std::cout << what << ": " << ours << ", Xapian has " << theirs << "\n";
    failures++;
}

// The documents of a database, from its postings.
Xapian::WritableDatabase made_by_xapian(const Xapian::Database &db) {
    std::vector<Xapian::Document> docs(db.get_lastdocid());
    for (auto t = db.allterms_begin(); t != db.allterms_end(); ++t)
        for (auto p = db.postlist_begin(*t); p != db.postlist_end(*t); ++p)
            docs.at(*p - 1).add_term(*t, p.get_wdf());
    Xapian::WritableDatabase other(std::string(), Xapian::DB_BACKEND_INMEMORY);
    for (const auto &d : docs) other.add_document(d);
    return other;
}

void compare_lists(const Xapian::Database &a, const Xapian::Database &b, const std::string &term) {
    auto p = a.postlist_begin(term), q = b.postlist_begin(term);
    auto p_end = a.postlist_end(term), q_end = b.postlist_end(term);
    for (; p != p_end && q != q_end; ++p, ++q) {
        same("document of " + term, *p, *q);
        same("occurrences of " + term, p.get_wdf(), q.get_wdf());
        same("length of a document", p.get_doclength(), q.get_doclength());
    }
    same("end of " + term, p == p_end, q == q_end);
    // Skipping goes by other blocks than walking.
    Xapian::docid middle = a.get_lastdocid() / 2 + 1;
    (p = a.postlist_begin(term)).skip_to(middle);
    (q = b.postlist_begin(term)).skip_to(middle);
    same("skipping in " + term, p == p_end ? 0 : *p, q == q_end ? 0 : *q);
}

void compare(const Xapian::Database &a, const Xapian::Database &b) {
    same("documents", a.get_doccount(), b.get_doccount());
    same("highest document", a.get_lastdocid(), b.get_lastdocid());
    same("mean length", a.get_avlength(), b.get_avlength());
    auto t = a.allterms_begin(), u = b.allterms_begin();
    for (; t != a.allterms_end() && u != b.allterms_end(); ++t, ++u) {
        if (*t != *u) same("term " + *t + " or " + *u, 1, 0);
        same("documents of " + *t, a.get_termfreq(*t), b.get_termfreq(*u));
        same("all occurrences of " + *t, a.get_collection_freq(*t), b.get_collection_freq(*u));
        compare_lists(a, b, *t);
    }
    same("end of the terms", t == a.allterms_end(), u == b.allterms_end());
}

} // namespace

int main(int argc, char **argv) {
    if (argc != 2) {
        std::cout << "usage: glass_check FILE\n";
        return 2;
    }
    try {
        failures += static_cast<int>(Xapian::Database::check(argv[1], 0, &std::cout));
        Xapian::Database db(argv[1]);
        compare(db, made_by_xapian(db));
    } catch (const Xapian::Error &e) {
        std::cout << e.get_description() << "\n";
        failures++;
    }
    return failures != 0;
}
