// SPDX-License-Identifier: GPL-3.0-or-later
// Xapian's own query parser with CJK n-grams over what scriptindex made: bench_xapian DB QUESTIONS
#include "ask.h"

#include <iostream>
#include <memory>
#include <string>
#include <vector>
#include <xapian.h>

namespace {

struct Engine {
    Xapian::Database db;
    Xapian::QueryParser parser;
};

enum { SLOT_DATE = ASK_FACETED };

Xapian::Query query_of(Engine &e, const ask_question &q) {
    if (q.op == ASK_ALL) return Xapian::Query::MatchAll;
    std::string text = "\"" + std::string(q.a) + "\"";
    if (q.b) text += (q.op == ASK_OR ? " OR \"" : " AND \"") + std::string(q.b) + "\"";
    Xapian::Query query = e.parser.parse_query(text, Xapian::QueryParser::FLAG_CJK_NGRAM |
                                                         Xapian::QueryParser::FLAG_PHRASE |
                                                         Xapian::QueryParser::FLAG_BOOLEAN);
    if (q.mode != ASK_FILTER) return query;
    Xapian::Query dates(Xapian::Query::OP_VALUE_RANGE, SLOT_DATE, std::to_string(ASK_YEAR_FIRST),
                        std::to_string(ASK_YEAR_LAST));
    Xapian::Query section("XS" ASK_SECTION);
    return query & section & dates;
}

// Exact totals: check_at_least is the whole index.  Counting alone needs no weights.
void answer(void *context, const ask_question *q, uint64_t *total, uint64_t *given) {
    Engine &e = *static_cast<Engine *>(context);
    Xapian::Enquire enquire(e.db);
    enquire.set_query(query_of(e, *q));
    if (q->mode != ASK_TEN) enquire.set_weighting_scheme(Xapian::BoolWeight());
    if (q->mode == ASK_SORT) enquire.set_sort_by_value(SLOT_DATE, true);
    std::vector<std::unique_ptr<Xapian::ValueCountMatchSpy>> spies;
    for (Xapian::valueno slot = 0; q->mode == ASK_FACETS && slot < ASK_FACETED; slot++) {
        spies.push_back(std::make_unique<Xapian::ValueCountMatchSpy>(slot));
        enquire.add_matchspy(spies.back().get());
    }
    bool shown = q->mode == ASK_TEN || q->mode == ASK_SORT;
    Xapian::MSet found = enquire.get_mset(0, shown ? ASK_SHOWN : 0, e.db.get_doccount());
    *total = found.get_matches_estimated();
    for (const auto &hit : spies)
        for (auto v = hit->top_values_begin(ASK_SHOWN); v != hit->top_values_end(ASK_SHOWN); ++v)
            *given += v.get_termfreq();
    if (shown)
        for (auto hit = found.begin(); hit != found.end(); ++hit)
            *given += hit.get_document().get_data().size();
}

} // namespace

int main(int argc, char **argv) {
    if (argc != 3) ask_die("usage: bench_xapian DB QUESTIONS");
    try {
        Engine e{Xapian::Database(argv[1]), {}};
        e.parser.set_database(e.db);
        ask_all(argv[2], answer, &e);
    } catch (const Xapian::Error &error) {
        ask_die("xapian: %s", error.get_description().c_str());
    }
    return 0;
}
