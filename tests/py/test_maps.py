#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Each mapping that is built in has an input of our own writing, with the names that its scraper
writes and their oddities, in tests/fixtures/maps; beside it stands what --dry-run must say of it.

    --accept    write what came, to be read before it is committed
"""

import json
import os
import re
import sqlite3
import subprocess

import cli

FIXTURES = os.path.join(cli.ROOT, "tests", "fixtures", "maps")
VARIANTS = ("added", "updated", "observed", "unchanged", "copies", "rejected")


def inputs(temp):
    """(name of the mapping, input file, its expectation); a .sql becomes a database."""
    for name in sorted(os.listdir(FIXTURES)):
        stem, ending = name.rsplit(".", 1)
        path = os.path.join(FIXTURES, name)
        if ending == "sql":
            database = os.path.join(temp, stem + ".db")
            with open(path, encoding="utf-8") as script:
                connection = sqlite3.connect(database)
                connection.executescript(script.read())
                connection.close()
            path = database
        if ending != "expected":
            yield stem, path, os.path.join(FIXTURES, name + ".expected")


def dry_run(path, *options):
    folder, name = os.path.split(path)
    done = subprocess.run(cli.command("index", "--dry-run", *options, name), cwd=folder, capture_output=True, timeout=60)
    return done.stdout.decode("utf-8"), done.returncode


def check_expected(path, expected, accept, tally):
    got, status = dry_run(path)
    if accept:
        with open(expected, "w", encoding="utf-8") as out:
            out.write(got)
    with open(expected, encoding="utf-8") as lines:
        want = lines.read()
    tally.equal(got.split("\n"), want.split("\n"), "dry run of %s" % path)
    tally.equal(status, 1 if "\n  rejected, " in got else 0, "exit status of the dry run of %s" % path)


def check_index(stem, path, temp, tally):
    """What is indexed adds up, twice; and is what the dry run said."""
    folder = os.path.join(temp, os.path.basename(path) + ".jibek")
    said, _ = dry_run(path)
    stored = said.count("\n  stored as\n")
    first = cli.index(folder, [path], may_reject=True)
    again = cli.index(folder, [path], may_reject=True)
    for summary in (first, again):
        tally.equal(sum(summary[name] for name in VARIANTS), summary["read"], "the sum of the summary of %s" % path)
    tally.equal(first["read"] - first["rejected"], stored, "records of %s" % path)
    tally.equal(list(first["maps"]), [stem], "the mapping of %s" % path)
    tally.equal((again["added"], again["updated"], again["observed"]), (0, 0, 0), "news in %s read again" % path)
    ids = sorted(set(re.findall(r"^    id = (.*)$", said, re.M)))
    found = sorted(hit["id"] for hit in cli.search_jsonl(folder, "*") if "id" in hit)
    tally.equal(found, ids, "ids of %s" % path)


def check_all_have_one(stems, tally):
    listed = re.findall(r"^(\S+): ", cli.run("index", "--map", "list").decode(), re.M)
    tally.equal(sorted(listed), sorted(set(stems) | {"generic"}), "mappings and inputs for them")


def check_family(temp, tally):
    """--map mediacrawler chooses among its mappings, --map NAME takes one without looking."""
    path = os.path.join(temp, "odd.jsonl")
    with open(path, "w", encoding="utf-8") as out:
        out.write(json.dumps({"note_id": "1", "content": "a", "shared_count": "1"}) + "\n")
        out.write(json.dumps({"aweme_id": "2", "desc": "b"}) + "\n")
        out.write(json.dumps({"bid": "z0JH2lOMb"}) + "\n")
    family = cli.index(os.path.join(temp, "f.jibek"), [path], "--map", "mediacrawler")
    tally.equal(family["maps"], {"mediacrawler-weibo": 1, "mediacrawler-douyin": 1, "generic": 1}, "--map mediacrawler")
    one = cli.index(os.path.join(temp, "o.jibek"), [path], "--map", "weibo-search")
    tally.equal(one["maps"], {"weibo-search": 3}, "--map weibo-search")
    hits = cli.search_jsonl(os.path.join(temp, "o.jibek"), "*")
    tally.check("3501756485200075" in [hit.get("id") for hit in hits], lambda: "a bid is not the mid: %s" % hits)


WRONG = (
    ("{", "line 1, column"),
    ("[]", "\"fields\" is due"),
    ('{"fields": {"nothing": "a"}}', "fields.nothing: no such field"),
    ('{"fields": {"title": 1}}', "fields.title: a path, or an object"),
    ('{"fields": {"title": ["a", {"join": ["b"]}]}}', "fields.title[1].join: two paths are due"),
    ('{"fields": {"title": {"path": "a[0]"}}}', "fields.title.path: [ is due to be []"),
    ('{"fields": {"title": {"pth": "a"}}}', "fields.title.pth: no such key"),
    ('{"fields": {"status": {"path": "a", "values": {"x": 1}}}}', "fields.status.values.x: text or null is due"),
    ('{"fields": {}, "zone": "Peking"}', "zone: an offset"),
    ('{"fields": {}, "constants": {"views": "1"}}', "constants.views: only a field of one keyword"),
    ('{"fields": {}, "seen": [{"at": "a"}]}', "seen[0]: \"at\" and \"status\" are due"),
    ('{"fields": {}, "recognize": []}', "recognize: no such key"),
    ('{"fields": {"title": "a", "title": "b"}}', "duplicate"),
)


def check_wrong(temp, tally):
    path = os.path.join(temp, "wrong.json")
    for text, says in WRONG:
        with open(path, "w", encoding="utf-8") as out:
            out.write(text)
        done = subprocess.run(cli.command("index", "--dry-run", "--map", path, path), capture_output=True, timeout=60)
        said = done.stderr.decode()
        tally.check(done.returncode == 2 and says in said, lambda: "%s: exit status %d, said %s" % (text, done.returncode, said))


def main(tally):
    parser = cli.parser(__doc__)
    parser.add_argument("--accept", action="store_true")
    options = parser.parse_args()
    with cli.workplace(options.index, tally) as temp:
        stems = []
        for stem, path, expected in inputs(temp):
            stems.append(stem)
            check_expected(path, expected, options.accept, tally)
            check_index(stem, path, temp, tally)
        check_all_have_one(stems, tally)
        check_family(temp, tally)
        check_wrong(temp, tally)


if __name__ == "__main__":
    cli.guarded(main)
