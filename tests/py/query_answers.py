# SPDX-License-Identifier: GPL-3.0-or-later
"""Facets, orders and pages of a query's documents, from the rows themselves."""

import collections

import cli
import columns_model as columns


def check_facets(folder, rows, numbers, text, tally):
    names = columns.FACETS + ["status", "tags"]
    found = cli.search_json(folder, text, *(word for name in names for word in ("--facet", name + ":0")), "--fields", "id")
    tally.equal(found["total"], len(numbers), "total of " + text)
    for name in names:
        counts = collections.Counter()
        for number in numbers:
            row = rows[number]
            values = row.case.tags or [None] if name == "tags" else [
                row.status if name == "status" else row.case.row.keywords[name]]
            counts.update(values)
        facet = found["facets"][name]
        got = {entry["value"]: entry["count"] for entry in facet["values"]}
        if facet["missing"]:
            got[None] = facet["missing"]
        tally.equal(got, dict(counts), "facet %s of %s" % (name, text))


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


def check(random, folder, rows, numbers, text, tally):
    check_facets(folder, rows, numbers, text, tally)
    check_order(random, folder, rows, numbers, text, tally)
    by_relevance = cli.search_ids(folder, text)
    check_pages(random, folder, text, [], by_relevance, tally)
