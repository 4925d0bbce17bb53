#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Random records with random histories, observed late, twice, against each other and before they
are indexed; then random queries as of random days, each compared with a plain replay."""

import collections
import csv
import hashlib
import json
import os
import statistics
import time

import cli
import records
from observe_model import COUNTS, DAY, GONE, START, ZONE, Record, Seen, end_of, random_seen, replay, written

COLUMNS = ("platform", "id", "url", "observed_at", "status", *COUNTS, "message", "seen_by")


def digests(folder):
    """Of every file of the index that holds text."""
    found = {}
    for name in sorted(os.listdir(folder)):
        if name.endswith((".records", ".postings")):
            with open(os.path.join(folder, name), "rb") as file:
                found[name] = hashlib.sha256(file.read()).hexdigest()
    return found


class World:
    """The records, what waits for those that have not come, and the index made of them."""

    def __init__(self, count, random, temp, tally):
        self.replayed = None, []
        self.random, self.temp, self.tally = random, temp, tally
        self.records = [Record(number, random) for number in range(count)]
        self.by_url = collections.defaultdict(list)
        for one in self.records:
            self.by_url[one.url].append(one)
        self.pending = collections.defaultdict(list)
        self.folder = os.path.join(temp, "observe.jibek")
        self.files = 0

    def path(self, ending):
        self.files += 1
        return os.path.join(self.temp, "%d.%s" % (self.files, ending))

    def index(self, some):
        path = self.path("jsonl")
        records.write_jsonl(path, [one.line() for one in some])
        cli.index(self.folder, [path])
        now = int(time.time())
        shared = {one.id: [seen for other in self.by_url[one.url] if other.indexed for seen in other.by_url] for one in some}
        for one in some:
            one.come(now, self.pending[one.platform, one.id], self.pending[one.url], shared[one.id])
        for one in some:
            self.pending.pop((one.platform, one.id), None)
            self.pending.pop(one.url, None)

    def name_of(self, one):
        """How the row calls it, and whom that means."""
        if self.random.random() < 0.3:
            return {"url": one.url}, one.url, self.by_url[one.url]
        return {"platform": one.platform, "id": one.id}, (one.platform, one.id), [one]

    def row(self, row, seen):
        row.update(observed_at=written(seen.at), status=seen.status or "", message=seen.message, seen_by=seen.seen_by, **seen.counts)
        return row

    def see(self, name, whom, seen):
        """What one row makes of the world: observed, unchanged or pending."""
        came = [one for one in whom if one.indexed]
        if not came:
            new = seen.key() not in {one.key() for one in self.pending[name]}
            if new:
                self.pending[name].append(seen)
            return "pending" if new else "unchanged"
        grew = [one.see(seen, isinstance(name, str)) for one in came]
        return "observed" if any(grew) else "unchanged"

    def observe(self, some):
        confirm = self.random.choice([1, 1, 1, 2, 3])
        rows = []
        for one in some:
            for _ in range(self.random.choice([0, 1, 1, 2, 3, 5])):
                seen = random_seen(one, self.random, confirm)
                rows.append((one, seen))
                if self.random.random() < 0.1:  # another watcher at the same moment
                    other = random_seen(one, self.random, confirm)
                    other.at = seen.at
                    rows.append((one, other))
                if self.random.random() < 0.1:
                    rows.append((one, seen))
        self.random.shuffle(rows)
        path, want, lines = self.path("csv"), collections.Counter(), []
        for one, seen in rows:
            row, name, whom = self.name_of(one)
            lines.append(self.row(row, seen))
            want[self.see(name, whom, seen)] += 1
        with open(path, "w", encoding="utf-8", newline="") as out:
            writer = csv.DictWriter(out, COLUMNS)
            writer.writeheader()
            writer.writerows(lines)
        before = digests(self.folder)
        self.run(path, confirm, want)
        self.run(path, confirm, collections.Counter(unchanged=len(lines)))
        self.tally.equal(digests(self.folder), before, "files of text after observing")

    def known(self, day):
        """What was known of each record at the end of the day; the last day asked for is kept."""
        if self.replayed[0] != (day,):
            until = end_of(day) if day else None
            self.replayed = (day,), [(one, replay(one.history, until)) for one in self.records if one.indexed]
        return self.replayed[1]

    def run(self, path, confirm, want):
        summary = json.loads(cli.run("observe", "-i", self.folder, "--confirm", confirm, "--summary", "-", path))
        got = {key: summary[key] for key in ("observed", "unchanged", "pending", "rejected")}
        self.tally.equal(got, {**dict.fromkeys(got, 0), **want}, "summary of %s" % path)


def local_day(at):
    return written(at)[:10]


def random_leaf(random):
    """A condition as a query and as a function of a record and what was known of it."""
    kind, number = random.randrange(7), random.randrange(3000)
    day = local_day(START + random.randrange(200 * DAY))
    if kind == 0:
        status = random.choice(("live", "unknown") + GONE)
        return "status:" + status, lambda one, now: now["status"] == status
    if kind == 1:
        word = random.choice(["yes", "no", "unknown"])
        test = {"yes": lambda s: s in GONE, "no": lambda s: s == "live", "unknown": lambda s: s == "unknown"}[word]
        return "gone:" + word, lambda one, now: test(now["status"])
    if kind == 2:
        field = random.choice(COUNTS)
        return "%s:>=%d" % (field, number), lambda one, now: now[field] is not None and now[field] >= number
    if kind == 3:
        field, high = random.choice(COUNTS), number + random.randrange(1500)
        return "%s:%d..%d" % (field, number, high), lambda one, now: now[field] is not None and number <= now[field] <= high
    if kind == 4:
        field = random.choice(["gone_first", "live_last"])
        if random.random() < 0.5:
            return "%s:%s.." % (field, day), lambda one, now: now[field] is not None and local_day(now[field]) >= day
        return "%s:%s" % (field, day[:7]), lambda one, now: now[field] is not None and local_day(now[field])[:7] == day[:7]
    if kind == 5:
        platform = random.choice(["weibo", "wechat", "zhihu"])
        return "platform:" + platform, lambda one, now: one.platform == platform
    word = random.choice(["哈萨克斯坦", "alpha", "gamma"])
    return word, lambda one, now: word in one.words


def random_query(random):
    if random.random() < 0.15:
        return "*", lambda one, now: True
    query, test = random_leaf(random)
    for _ in range(random.randrange(3)):
        other, also = random_leaf(random)
        first, joint = test, random.choice(["AND", "OR", "NOT"])
        if joint == "AND":
            query, test = "(%s) (%s)" % (query, other), lambda one, now, a=first, b=also: a(one, now) and b(one, now)
        elif joint == "OR":
            query, test = "(%s) OR (%s)" % (query, other), lambda one, now, a=first, b=also: a(one, now) or b(one, now)
        else:
            query, test = "(%s) NOT (%s)" % (query, other), lambda one, now, a=first, b=also: a(one, now) and not b(one, now)
    return query, test


def middle(values):
    if not values:
        return None
    value = statistics.median(values)
    return int(value) if value == int(value) else value


def check_pair(world, query, test, day):
    known = world.known(day)
    found = [(one, now) for one, now in known if test(one, now)]
    options = ("--as-of", day) if day else ()
    what = "%s as of %s" % (query, day)
    fields = ("id", "status", *COUNTS, "gone_first", "live_last")
    got = cli.search_json(world.folder, query, "--fields", ",".join(fields), "--sort", "-views", "--facet", "status:0", "--facet", "platform:0",
                          "--histogram", "gone_first:month", *options)
    tally = world.tally
    tally.equal(got["total"], len(found), what + ": total")
    want = {}
    for one, now in found:
        want[one.id] = {"id": one.id, **{k: v for k, v in now.items() if v is not None}}
        for field in ("gone_first", "live_last"):
            if now[field] is not None:
                want[one.id][field] = written(now[field])
    rows = {row["id"]: {field: row[field] for field in fields if field in row} for row in got["hits"]}
    other = [key for key in {**rows, **want} if rows.get(key) != want.get(key)]
    tally.equal({key: rows.get(key) for key in other}, {key: want.get(key) for key in other}, what + ": rows")
    views = [row.get("views", -1) for row in got["hits"]]
    tally.equal(views, sorted(views, reverse=True), what + ": order")
    if got["hits"]:
        for field, values in (("status", [now["status"] for _, now in found]), ("platform", [one.platform for one, _ in found])):
            facet = {value["value"]: value["count"] for value in got["facets"][field]["values"]}
            tally.equal(facet, dict(collections.Counter(values)), "%s: facet %s" % (what, field))
        months = collections.Counter(local_day(now["gone_first"])[:7] for _, now in found if now["gone_first"] is not None)
        bins = {one["value"]: one["count"] for one in got["histograms"]["gone_first:month"]["values"] if one["count"]}
        tally.equal(bins, dict(months), what + ": histogram")
        tally.equal(got["as_of"], day, what + ": as_of")
    field = world.random.choice(COUNTS)
    table = json.loads(cli.run("count", "-i", world.folder, "--by", "status", "--stat", "sum:" + field, "--stat", "median:" + field,
                               "--format", "json", *options, *cli.query_args(query), expect=(0, 1)))
    groups = collections.defaultdict(list)
    for _, now in found:
        groups[now["status"]].append(now[field])
    want = {status: (len(values), sum(v for v in values if v is not None) if any(v is not None for v in values) else None,
                     middle([v for v in values if v is not None]))
            for status, values in groups.items()}
    cells = {cell["status"]: (cell["documents"], cell["stats"][field]["sum"], cell["stats"][field]["median"]) for cell in table["cells"]}
    tally.equal(cells, want, "%s: %s by status" % (what, field))


def check_series(world):
    """Sums of views at the end of each month, and of each day by asking for it."""
    got = json.loads(cli.run("count", "-i", world.folder, "--by", "observed_at:month", "--stat", "sum:views", "--format", "json", "*"))["series"]
    for row in got:
        year, month = map(int, row["observed_at"].split("-"))
        after = "%d-%02d-01" % (year + month // 12, month % 12 + 1)
        until = end_of(after) - DAY
        known = [(one.history, replay(one.history, until)) for one in world.records if one.indexed]
        want = {"observed": sum(any(seen.at <= until for seen in history) for history, _ in known),
                "live": sum(now["status"] == "live" for _, now in known),
                "gone": sum(now["status"] in GONE for _, now in known),
                "views_sum": sum(now["views"] or 0 for _, now in known)}
        world.tally.equal({key: row[key] for key in want}, want, "series at the end of " + row["observed_at"])


def make_world(count, random, temp, tally):
    world = World(count, random, temp, tally)
    order = world.records[:]
    random.shuffle(order)
    cut = [order[i::5] for i in range(5)]
    world.index(cut[0])
    world.observe(cut[0] + cut[1])  # half of them wait
    world.index(cut[1] + cut[2])
    world.observe(random.sample(order, len(order) // 3))
    world.index(cut[3])
    world.observe(random.sample(order, len(order) // 3))
    return world


def main(tally):
    parser = cli.parser(__doc__)
    parser.add_argument("--records", type=int, default=1500)
    parser.add_argument("--pairs", type=int, default=60, help="random queries as of random days")
    options = parser.parse_args()
    random = cli.begin(options)
    with cli.workplace(options.index, tally) as temp:
        world = make_world(options.records, random, temp, tally)
        cli.run("check", "-i", world.folder)
        days = [local_day(START + random.randrange(-5 * DAY, 220 * DAY)) if random.random() < 0.85 else
                random.choice([None, "2100-01-01"]) for _ in range(options.pairs)]
        for day in sorted(days, key=lambda day: day or ""):
            query, test = random_query(random)
            check_pair(world, query, test, day)
        check_series(world)


if __name__ == "__main__":
    cli.guarded(main)
