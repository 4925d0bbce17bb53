#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What bench/run prepares and what it makes of the numbers, on numbers of which the answer is plain."""

import csv
import json
import os
import sys
import tempfile
from urllib.parse import quote

import cli

sys.path.insert(0, os.path.join(os.path.dirname(os.path.realpath(__file__)), "..", "..", "bench"))

from side import data, engine, measure, report, team  # noqa: E402


def results():
    """jibek, an exact peer of Debian's, a faster one that is fetched, a fast wrong one."""
    r = report.Results(["fetched"])
    for name, seconds, count, facets in (("jibek", 2, 1, 2), ("debian", 5, 4, 44), ("fetched", 1, 0.5, 3.5), ("wrong", 8, 0.1, 0.2)):
        r.add("d", "index", "seconds", name, seconds, 3 * seconds, seconds)
        for row, ms in (("2 frequent, count", count), ("2 frequent, facets", facets), (data.ALL, facets)):
            r.add("d", "warm", row, name, ms)
            r.answered("d", "warm", row, name, int(name == "wrong"), 6)
        for size, times in ((100, 1), (10000, 50)):
            r.add("d", "growth", report.grown_row(size, "seconds"), name, times * seconds)
    r.add("d", "warm", "2 frequent, count", report.SCAN, 0.01)
    return r


def check_report(tally):
    r = results()
    tally.equal(list(r.multiples("d")), ["Seconds, jibek 2, others times that: debian 2.5, fetched 0.5, wrong 4."], "multiples of the medians")
    tally.equal(list(r.facets("d")), ["Five facets of all documents, jibek 2 ms, others times that: debian 22, fetched 1.75.",
                                      "What five facets add to the count (2 frequent), jibek 1 ms, others times that: debian 40, fetched 3."],
                "facets, of those that are exact")
    first, second = r.standings("d")
    tally.check("ahead on 2 of 3 rows; median of the ratios 0.571, the worst 2 (2 frequent, count)" in first, "against all: " + first)
    tally.check("ahead on 3 of 3 rows; median of the ratios 0.0455, the worst 0.25 (2 frequent, count)" in second, "against Debian's: " + second)
    tally.check("jibek 100 to 10,000, 0.5 times" in r.growth("d"), "a document's time: " + r.growth("d"))
    with tempfile.TemporaryDirectory() as folder:
        report.save(r, folder, "# head\n", {"index": "Indexing.", "warm": "Warm."}, [("t", "d", "index", "seconds")])
        with open(os.path.join(folder, "results.csv"), encoding="utf-8", newline="") as rows:
            read = {tuple(row[:4]): row[4:] for row in csv.reader(rows)}
        tally.equal(read["d", "index", "seconds", "jibek"][:4], ["2", "2", "6", "3"], "median, low, high, values")
        with open(os.path.join(folder, "results.md"), encoding="utf-8") as text:
            tally.check("| seconds | 2 (2–6) | 5 (5–15) |" in text.read(), "the table has medians and spreads")
        tally.check(os.path.getsize(os.path.join(folder, "results.svg")) > 300, "a picture")


def check_data(tally):
    source = [{"id": str(n), "title": "标题%d号" % n, "text": "一二三四%d" % n, "url": "https://x.org/?q=%s&n=1" % quote("标题%d号" % n)} for n in range(3000)]
    with tempfile.TemporaryDirectory() as folder:
        d, docs, kept = data.prepare("t", iter(source), folder, 500, 2000)
        tally.equal((d.documents, len(docs), len(kept)), (500, 500, 2000), "so many documents, so many for growth")
        with open(d.path("extra.jsonl"), encoding="utf-8") as lines:
            extra = [json.loads(line)["id"] for line in lines]
        tally.check(len(extra) == 200 and not set(extra) & {r["id"] for r in docs}, "others are added to them")
        grown = data.first(kept, 2500, "g", os.path.join(folder, "g"))
        with open(grown.path("docs.jsonl"), encoding="utf-8") as lines:
            rows = [json.loads(line) for line in lines]
        tally.equal((grown.documents, len({r["id"] for r in rows}), rows[:2000]), (2500, 2500, kept), "the source's own, then others")
        titles = {r["title"] for r in kept}
        halves = {t[:len(t) // 2] for t in titles}, {t[len(t) // 2:] for t in titles}
        for r in rows[2000:]:
            tally.check(r["title"][:3] in halves[0] or r["title"][:2] in halves[0], "a half of a title: " + r["title"])
            tally.check("q=%s&n=1" % quote(r["title"]) in r["url"], "the address of its own title: " + r["url"])


class Made(engine.Engine):
    def __init__(self, name):
        super().__init__("", "", 1)
        self.name = name

    def index(self, *_):
        raise measure.Failed("no\nreason")


def check_team(tally):
    ours, other = Made("jibek"), Made("other")
    t = team.Team([ours, other], [], 1)
    tally.equal([[e.name for e in t.turn(n)] for n in (0, 1)], [["jibek", "other"], ["other", "jibek"]], "in alternation")
    tally.equal((t.attempt(other, other.index), t.engines, t.skipped), (None, [ours], ["other, which failed: reason"]), "one that fails is left out, and said")
    try:
        t.attempt(ours, ours.index)
        tally.check(False, "jibek must not fail")
    except measure.Failed:
        pass
    t.once(ours, "index", 2)
    tally.equal((t.again(ours, "index"), t.again(ours, "ask")), (False, True), "a slow one does it once")
    for one in ours, other:
        t.paced(one, 100, 1)
        tally.check(not t.too_many(one, 10000), "a short run says nothing")
        t.paced(one, 1000, 10)
    tally.equal([t.too_many(other, n) for n in (99, 101)], [False, True], "more than patience lasts for")
    tally.check(not t.too_many(ours, 101), "but jibek indexes them")
    tally.equal(engine.tried(["true"], 5), None, "a command that works")
    tally.equal(engine.tried(["sh", "-c", "echo why; exit 3"], 5), "why", "a command that fails")
    tally.equal(engine.tried(["sh", "-c", "echo first; printf '[\\033[1mERROR] no\\033[0m\\nthen\\n\\033[0m\\n'; exit 1"], 5), "[ERROR] no", "its first error, without colours")
    tally.equal(engine.tried(["no-such-command"], 5), "no-such-command is not installed", "one that is not there")


def main(tally):
    check_report(tally)
    check_data(tally)
    check_team(tally)


if __name__ == "__main__":
    cli.guarded(main)
