#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Random queries over fields, ranges, dates and words, with their facets, against a
loop over the rows.  Titles come from --input (JSONL), the test data, or are made up."""

import collections
import os

import cli
import columns_model as model
import records


def titles(options, random):
    paths = options.input
    if not paths:
        path = records.data_file("bench/weibo_hot.jsonl.zst")
        paths = [path] if path else []
    if not paths:
        return model.some_titles(random, options.limit)
    lines = records.read_lines(paths, options.limit)
    return [records.json.loads(line).get("title") or "" for line in lines]


def facet_counts(found, name):
    """The facet as a dict of counts, None for the missing; or what is wrong with it."""
    facet = found.get("facets", {}).get(name)
    if facet is None:
        return "no facet"
    values = [entry["value"] for entry in facet["values"]]
    if len(set(values)) < len(values):
        return "a value twice: %r" % values
    if facet.get("other", 0) != 0:
        return "other is %r though all were asked for" % facet["other"]
    counts = {entry["value"]: entry["count"] for entry in facet["values"]}
    if facet["missing"]:
        counts[None] = facet["missing"]
    return counts


def difference(ids, want, text, where):
    missing, extra = (collections.Counter(a) - collections.Counter(b) for a, b in ((want, ids), (ids, want)))
    return "hits of %s: expected %d, got %d\n  missing %s\n  too many %s\n  %s" % (
        text, len(want), len(ids), sorted(missing.elements())[:5], sorted(extra.elements())[:5], where)


def check_query(folder, rows, node, tally):
    facet_options = [word for name in model.FACETS for word in ("--facet", name + ":0")]
    where = cli.search_command(folder, node.text, "json", *facet_options)
    try:
        found = cli.search_json(folder, node.text, *facet_options)
    except cli.JibekError as error:
        tally.check(False, str(error))
        return
    want = model.answer(rows, node)
    ids = sorted(hit["id"] for hit in found["hits"])
    if not tally.check(ids == want.ids, lambda: difference(ids, want.ids, node.text, where)):
        return
    tally.equal(found["total"], len(want.ids), "total of %s\n  %s" % (node.text, where))
    tally.equal(found["undecided"], want.undecided, "undecided of %s\n  %s" % (node.text, where))
    for name in model.FACETS:
        if want.ids:
            what = "facet %s of %s\n  %s" % (name, node.text, where)
            tally.equal(facet_counts(found, name), dict(want.facets[name]), what)


def learn_languages(folder, rows, tally):
    """Where no language was given one is detected: take it as it is, but see the given ones kept."""
    detected = {hit["id"]: hit.get("lang") for hit in cli.search_json(folder, "*")["hits"]}
    for row in rows:
        given = row.keywords["lang"]
        if given:
            tally.equal(detected.get(row.id), given, "given language of %s" % row.id)
        row.keywords["lang"] = detected.get(row.id) or None


def main(tally):
    parser = cli.parser(__doc__)
    parser.add_argument("--input", nargs="+", metavar="FILE", help="JSONL files with titles, .zst too")
    parser.add_argument("--limit", type=int, default=2000, help="rows (default 2000)")
    parser.add_argument("--queries", type=int, default=200, help="queries (default 200)")
    options = parser.parse_args()
    random = cli.begin(options)
    made = [model.make_row(random, number, title) for number, title in enumerate(titles(options, random))]
    rows = [row for _, row in made]
    with cli.workplace(options.index, tally) as temp:
        path, folder = os.path.join(temp, "rows.jsonl"), os.path.join(temp, "rows.jibek")
        records.write_jsonl(path, [record for record, _ in made])
        summary = cli.index(folder, [path])
        print("%d rows; index: %s" % (len(rows), summary), flush=True)
        tally.equal(summary["read"] - summary["rejected"], len(rows), "rows taken")
        learn_languages(folder, rows, tally)
        for _ in range(options.queries):
            check_query(folder, rows, model.random_query(random, rows), tally)


if __name__ == "__main__":
    cli.guarded(main)
