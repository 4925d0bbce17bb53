#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tables of `jibek count` and histograms of `jibek search` over random queries, against plain
loops over the rows.  Titles come from --input (JSONL) or are made up."""

import csv
import io
import json
import os
import shlex

import cli
import columns_model as columns
import count_model as model
import records


def count_args(folder, query, form, axes, *options):
    return ["count", "-i", folder, "--by", ",".join(axes), "--format", form, *options, *cli.query_args(query)]


def random_axis(random):
    kind = random.random()
    if kind < 0.4:
        return "%s:%s" % (random.choice(model.TIMES), random.choice(model.UNITS))
    if kind < 0.55:
        return "tags"
    return random.choice(model.KEYWORDS) if kind < 0.85 else random.choice(columns.COUNTS)


def random_axes(random):
    """One axis or two, of different fields so that their names differ."""
    axes = [random_axis(random)]
    if random.random() < 0.5:
        other = random_axis(random)
        if other.split(":")[0] != axes[0].split(":")[0]:
            axes.append(other)
    return axes


def random_stats(random):
    """The options, and the wanted statistics by field."""
    options, wanted = [], {}
    for field in random.sample(columns.COUNTS, random.choice([0, 1, 2])):
        wanted[field] = random.sample(model.STATS, random.randint(1, 4))
        for name in wanted[field]:
            options += ["--stat", "%s:%s" % (name, field)]
    return options, wanted


# --- one answer ---

class Table:
    """One answer of `count` beside what it should be."""

    def __init__(self, found, cases, every, axes, wanted, rates):
        self.found, self.cases, self.every = found, cases, every
        self.axes, self.wanted, self.rates = axes, wanted, rates
        self.names = [axis.split(":")[0] for axis in axes]
        self.cells = model.cells(cases, axes)
        self.margins = [model.cells(cases, [axis]) for axis in axes]
        self.whole = model.cells(every, axes) if rates else {}

    def key(self, cell):
        return tuple(cell[name] for name in self.names)

    def expected_keys(self):
        """The keys to be shown: with one time, its empty bins too."""
        keys = {key: len(cases) for key, cases in self.cells.items()}
        if len(self.axes) == 1 and ":" in self.axes[0]:
            filled = model.with_gaps({key[0]: n for key, n in keys.items()}, self.axes[0].split(":")[1])
            keys = {(label,): n for label, n in filled.items()}
        return keys

    def wrong_figures(self, cell, cases, whole):
        """What is wrong with the figures of a cell, as a list of texts."""
        wrong = []

        def see(what, got, want):
            if not model.close(got, want):
                wrong.append("%s is %r, not %s" % (what, got, want))

        share = model.fractions.Fraction(100 * len(cases), len(self.cases)) if self.cases else None
        see("share", cell["share"], share)
        see("stats", sorted(cell["stats"]), sorted(self.wanted))
        for field, names in self.wanted.items():
            want = model.statistics(cases, field, names)
            got = cell["stats"].get(field, {})
            see("keys of " + field, sorted(got), sorted(want))
            for name, value in want.items():
                see("%s of %s" % (name, field), got.get(name), value)
        if self.rates:
            words = sum(case.words["n"] for case in whole)
            see("index_documents", cell["index_documents"], len(whole))
            see("index_words", cell["index_words"], words)
            see("per million documents", cell["per_million_documents"], model.per_million(len(cases), len(whole)))
            see("per million words", cell["per_million_words"], model.per_million(len(cases), words))
        return wrong

    def check(self, tally, what):
        found = self.found
        tally.equal(found["total"], len(self.cases), "total of " + what)
        tally.equal(found["by"], self.axes, "by of " + what)
        got = [(self.key(cell), cell["documents"]) for cell in found["cells"]]
        tally.equal(len({key for key, _ in got}), len(got), "cells given once by " + what)
        tally.equal(dict(got), self.expected_keys(), "documents of " + what)
        wrong = self.wrong_figures(found["totals"], self.cases, self.every)
        for cell in found["cells"]:
            key = self.key(cell)
            for text in self.wrong_figures(cell, self.cells.get(key, []), self.whole.get(key, [])):
                wrong.append("%r: %s" % (key, text))
        tally.equal(wrong, [], "figures of " + what)
        tally.check(self.in_order(), lambda: "order of cells by " + what)

    def place(self, axis, value):
        """Where a bin belongs among those of its axis."""
        if value is None:
            return (2,)
        if ":" in self.axes[axis]:
            return (1, first_day(value), len(value))
        n = len(self.margins[axis][(value,)])
        number = isinstance(value, int) or value.rstrip("+").isdigit() and self.names[axis] in columns.COUNTS
        by_value = (int(str(value).rstrip("+")), str(value)[-1] == "+") if number else value.encode()
        return (1, -n, by_value)

    def in_order(self):
        places = [tuple(self.place(i, value) for i, value in enumerate(self.key(cell))) for cell in self.found["cells"]]
        return places == sorted(places)


def first_day(label):
    if "W" in label:
        return model.datetime.date.fromisocalendar(int(label[:4]), int(label[6:]), 1).isoformat()
    return (label + "-01-01")[:10]


# --- checks ---

def check_table(random, folder, every, node, cases, tally):
    axes = random_axes(random)
    options, wanted = random_stats(random)
    rates = random.random() < 0.4
    if rates:
        options.append("--per-million")
    args = count_args(folder, node.text, "json", axes, *options)
    what = shlex.join(cli.command(*args))
    answer = cli.run(*args, expect=(0,) if cases else (1,))
    table = Table(json.loads(answer), cases, every, axes, wanted, rates)
    table.check(tally, what)
    if random.random() < 0.2:
        check_csv(folder, node, axes, options, table, tally, bool(cases))


def check_csv(folder, node, axes, options, table, tally, some):
    """The CSV says what the JSON says."""
    args = count_args(folder, node.text, "csv", axes, *options)
    what = shlex.join(cli.command(*args))
    text = cli.run(*args, expect=(0,) if some else (1,)).decode("utf-8")
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    want = []
    for cell in table.found["cells"]:
        row = {name: cell[name] for name in table.names}
        row.update((name, cell[name]) for name in ("documents", "share"))
        for field, names in table.wanted.items():
            row.update(("%s_%s" % (field, name), cell["stats"][field][name]) for name in (*names, "absent", "lower_bounds"))
        if table.rates:
            row.update((name, cell[name]) for name in ("per_million_documents", "per_million_words"))
        want.append({name: "" if value is None else plain(value) for name, value in row.items()})
    tally.equal(rows, want, what)


def plain(value):
    """A number as CSV has it: six decimals, without zeros at the end."""
    return ("%.6f" % value).rstrip("0").rstrip(".") if isinstance(value, float) else str(value)


def check_histograms(random, folder, node, cases, tally):
    axes = ["%s:%s" % (name, random.choice(model.UNITS)) for name in model.TIMES]
    options = [word for axis in axes for word in ("--histogram", axis)]
    found = cli.search_json(folder, node.text, "-n", "1", *options)
    what = cli.search_command(folder, node.text, "json", *options)
    tally.equal(sorted(found["histograms"]), sorted(axes), "histograms of " + what)
    for axis in axes:
        counts = {key[0]: len(inside) for key, inside in model.cells(cases, [axis]).items()}
        missing = counts.pop(None, 0)
        got = found["histograms"].get(axis, {"values": [], "missing": None})
        values = [entry["value"] for entry in got["values"]]
        tally.equal(got["missing"], missing, "missing of %s in %s" % (axis, what))
        tally.equal({entry["value"]: entry["count"] for entry in got["values"]},
                    model.with_gaps(counts, axis.split(":")[1]), "%s of %s" % (axis, what))
        places = [(first_day(value), len(value)) for value in values]
        tally.check(places == sorted(places), lambda: "order of %s in %s" % (axis, what))


def check_text(folder, every, tally):
    """For people: one line a bin, and nothing that a terminal would not only print."""
    text = cli.run("count", "-i", folder, "--by", "author", "*").decode("utf-8")
    lines = text.splitlines()
    authors = model.cells(every, ["author"])
    tally.equal(lines[0], "%d documents" % len(every), "first line")
    tally.equal(len(lines), len(authors) + 4, "lines of count --by author")
    tally.check(any("█" in line for line in lines), "no bars in text")
    grid = cli.run("count", "-i", folder, "--by", "lang,platform", "*").decode("utf-8")
    tally.check(all(len(line) <= 80 for line in grid.splitlines()), "a grid wider than 80 columns")


def check_usage(folder, tally):
    for options in (["--by", "views:day"], ["--by", "title"], ["--by", "nosuch"], ["--by", "lang,platform,tags"], [],
                    ["--by", ""], ["--by", "lang,"], ["--by", "published_at:hour"], ["--by", "lang", "--stat", "mean:lang"],
                    ["--by", "lang", "--stat", "mode:views"], ["--by", "lang", "--stat", "sum"],
                    ["--by", "lang", "--format", "xml"]):
        try:
            cli.run("count", "-i", folder, *options, "*", expect=(2,))
            tally.check(True, "")
        except cli.JibekError as error:
            tally.check(False, str(error))


def learn(folder, every, tally):
    """Take from the index what it derives: words, and the language where none was given."""
    hits = {hit["id"]: hit for hit in cli.search_jsonl(folder, "*", "--fields", "id,lang,words")}
    tally.equal(len(hits), len(every), "documents in the index")
    for case in every:
        hit = hits[case.row.id]
        case.words["n"] = hit.get("words", 0)
        if case.row.keywords["lang"]:
            tally.equal(hit.get("lang"), case.row.keywords["lang"], "given language of " + case.row.id)
        case.row.keywords["lang"] = hit.get("lang") or None


def titles(options, random):
    if not options.input:
        return columns.some_titles(random, options.rows)
    return [json.loads(line).get("title") or "" for line in records.read_lines(options.input, options.rows)]


def main(tally):
    parser = cli.parser(__doc__)
    parser.add_argument("--input", nargs="+", metavar="FILE", help="JSONL files with titles, .zst too")
    parser.add_argument("--rows", type=int, default=600, help="rows (default 600; 0: all of the input)")
    parser.add_argument("--queries", type=int, default=300, help="queries (default 300)")
    options = parser.parse_args()
    random = cli.begin(options)
    made = [model.make_case(random, number, title) for number, title in enumerate(titles(options, random))]
    every = [case for _, case in made]
    rows = [case.row for case in every]
    with cli.workplace(options.index, tally) as temp:
        path, folder = os.path.join(temp, "rows.jsonl"), os.path.join(temp, "rows.jibek")
        records.write_jsonl(path, [record for record, _ in made])
        summary = cli.index(folder, [path])
        print("%d rows; index: %s" % (len(rows), summary), flush=True)
        learn(folder, every, tally)
        check_usage(folder, tally)
        check_text(folder, every, tally)
        for _ in range(options.queries):
            node = columns.random_query(random, rows)
            cases = [case for case in every if node.test(case.row) == 1]
            check_table(random, folder, every, node, cases, tally)
            check_histograms(random, folder, node, cases, tally)


if __name__ == "__main__":
    cli.guarded(main)
