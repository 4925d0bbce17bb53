# SPDX-License-Identifier: GPL-3.0-or-later
"""Facets, orders, pages, samples and copies of a query's documents, from the rows themselves."""

import collections
import csv
import datetime
import hashlib

import cli
import columns_model as columns


def facet_values(row, name):
    """What a row counts as in a facet; [None] where it has no value."""
    if name in columns.COUNTS:
        count = row.case.row.counts[name]
        return ["%d%s" % (count[0], "+" if count[1] else "") if count else None]
    if name == "tags":
        return row.case.tags or [None]
    return [row.status if name == "status" else row.case.row.keywords[name]]


def facet_of(rows, numbers, name, limit):
    """A facet as the program tells it: by count, then by bytes; 0 is all."""
    counts = collections.Counter(value for n in numbers for value in facet_values(rows[n], name))
    missing = counts.pop(None, 0)
    ranked = sorted(counts.items(), key=lambda c: (-c[1], c[0].encode("utf-8")))
    shown = ranked[:limit or len(ranked)]
    return {"values": [{"value": value, "count": count} for value, count in shown], "missing": missing,
            "other": sum(count for _, count in ranked[len(shown):])}


def check_facets(random, folder, rows, numbers, text, tally):
    limits = {name: random.choice((0, 0, 1, 2, 3, 10, 4000000000)) for name in columns.FACETS + ["status", "tags", random.choice(columns.COUNTS)]}
    options = [word for name, limit in limits.items() for word in ("--facet", "%s:%d" % (name, limit))]
    found = cli.search_json(folder, text, "-n", "1", *options)
    tally.equal(found["total"], len(numbers), "total of " + text)
    for name, limit in limits.items():
        tally.equal(found["facets"][name], facet_of(rows, numbers, name, limit), "facet %s:%d of %s" % (name, limit, text))


def sort_key(row, field):
    """What the row is sorted by; None is last."""
    if field in columns.COUNTS:
        count = row.case.row.counts[field]
        return count and (count[0], count[1])
    if field in ("published_at", "collected_at"):
        return row.instant(field)
    value = {"id": row.id, "title": row.title, "status": row.status, "text": row.text}.get(field)
    value = row.case.row.keywords.get(field) if value is None else value
    return value.encode("utf-8") if value else None


def sorted_rows(rows, numbers, field, descending):
    known = [n for n in numbers if sort_key(rows[n], field) is not None]
    known.sort(key=lambda n: sort_key(rows[n], field), reverse=False)
    if descending:  # equal ones stay in their order
        known.sort(key=lambda n: sort_key(rows[n], field), reverse=True)
    return known + [n for n in numbers if sort_key(rows[n], field) is None]


def check_order(random, folder, rows, numbers, text, tally):
    field = random.choice(columns.COUNTS + ["published_at", "collected_at", "platform", "section", "author", "id", "title", "status"])
    descending = random.random() < 0.5
    order = ["--sort", ("-" if descending else "") + field]
    want = [rows[n].id for n in sorted_rows(rows, numbers, field, descending)]
    tally.equal(cli.search_ids(folder, text, *order), want, cli.search_command(folder, text, "ids", *order))
    check_pages(random, folder, text, order, want, tally)


def page(folder, text, limit, offset, *options):
    args = ["search", "-i", folder, "-n", limit, "--offset", offset, "--format", "ids", *options, *cli.query_args(text)]
    return cli.run(*args, expect=(0, 1)).decode("utf-8").split("\n")[:-1]


def check_pages(random, folder, text, options, want, tally):
    """A page here and there is a slice of the whole."""
    for _ in range(2):
        limit, offset = random.randint(1, 20), random.randint(0, len(want) + 3)
        tally.equal(page(folder, text, limit, offset, *options), want[offset:offset + limit],
                    "%d from %d of %s %s" % (limit, offset, text, options))


# --- what is shown of a match set ---

def lot(row, seed):
    """What decides whether a document is in a sample."""
    platform = row.case.row.keywords["platform"]
    key = "%s\n%s" % (platform, row.id) if platform else row.record["url"]
    digest = hashlib.sha256(("%d\n%s" % (seed, key)).encode("utf-8")).digest()
    return int.from_bytes(digest[:8], "big")


def collapsed(rows, numbers):
    """Of each group of copies the one published first, with how many others it stands for."""
    groups = collections.defaultdict(list)
    for number in numbers:
        content = (rows[number].title, rows[number].text)
        groups[content if any(content) else number].append(number)
    ends = datetime.datetime.max
    return {min(group, key=lambda n: (rows[n].instant("published_at") or ends, n)): len(group) - 1
            for group in groups.values()}


def check_pick(random, folder, rows, numbers, text, tally):
    size, seed, options = random.choice([1, 2, 5, 20, 500]), random.choice([0, 1, 2**63 - 1]), []
    shown = dict.fromkeys(numbers)
    if random.random() < 0.6:
        options, shown = ["--collapse", "copies"], collapsed(rows, numbers)
        groups = len(shown)
    if not options or random.random() < 0.6:
        options += ["--sample", size, "--seed", seed]
        shown = {n: shown[n] for n in sorted(shown, key=lambda n: lot(rows[n], seed))[:size]}
    found = cli.search_json(folder, text, *options, "--facet", "platform:0", "--fields", "id")
    what = cli.search_command(folder, text, "json", *options)
    tally.equal({hit["id"]: hit.get("copies") for hit in found["hits"]}, {rows[n].id: shown[n] for n in shown}, what)
    tally.equal(len(found["hits"]), len(shown), what)
    tally.equal(found["total"], len(numbers), "total of " + what)
    facet = found["facets"]["platform"]
    tally.equal(sum(entry["count"] for entry in facet["values"]) + facet["missing"], len(numbers), "facet of " + what)
    if "--collapse" in options:
        tally.equal(found["groups"], groups, "groups of " + what)
    if "--sample" in options:
        tally.equal(found["sample"], {"size": len(shown), "seed": seed}, "sample of " + what)
    order = ["--sort", "-views"]
    want = [rows[n].id for n in sorted_rows(rows, sorted(shown), "views", True)]
    check_pages(random, folder, text, options + order, want, tally)


def check(random, folder, rows, numbers, text, tally):
    check_facets(random, folder, rows, numbers, text, tally)
    check_order(random, folder, rows, numbers, text, tally)
    check_pick(random, folder, rows, numbers, text, tally)
    by_relevance = cli.search_ids(folder, text)
    check_pages(random, folder, text, [], by_relevance, tally)
