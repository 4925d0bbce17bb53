#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rows exported as CSV and read back by Python and by sqlite3: as many rows as went in,
and their text character by character."""

import csv
import hashlib
import json
import os
import re
import shutil
import sqlite3
import subprocess

import cli
import corpus
import records

AWKWARD = (
    'he said "hi"', '"', '""', '"quoted"', "a,b", ",", "line\nbreak", "line\r\nbreak", "carriage\rreturn", "\n", "\r", "ends\n",
    "=1+1", "=cmd|' /C calc'!A0", "+7 701 123", "-5", "-x", "@home", "\ttab", "'quote", "=\"a\",\"b\"", "😀👨‍👩‍👧🇰🇿", "  spaces  ",
    "\ufefftitle", "100%", "\\N", "\\", "NULL", "nan", "0012", "1e5", "TRUE", ";", "\u2028line", "a\u200bb", "\x1b[31mred", "\u202eabc", "",
)


def rows(random, count):
    """Awkward titles and texts, then made-up ones; one id is longer than a spreadsheet's numbers."""
    made = [{"id": "e%d" % n, "platform": "p", "title": s, "text": random.choice(AWKWARD)} for n, s in enumerate(AWKWARD)]
    made += [{"id": "t%d" % n, "platform": "p", "title": "t", "text": s, "section": s} for n, s in enumerate(AWKWARD)]
    made.append({"id": "12345678901234567890", "platform": "p", "title": "long id", "views": "1.9万", "likes": "10万+"})
    return made + list(corpus.records(random, count))


def from_data(options):
    path = records.data_file("bench/cctv_news.jsonl.zst")
    lines = records.read_lines([path], options.limit) if path else []
    return [json.loads(line) for line in lines]


def by_id(table):
    return {row["id"]: (row["title"] or "", row["text"] or "") for row in table}


def compare(table, source, what, tally):
    """Rows read back against what was written; True to each cell."""
    tally.equal(len(table), len(source), "rows in %s" % what)
    found = by_id(table)
    for record in source:
        title_text = found.get(records.printed_id(record))
        tally.equal(title_text, records.content(record), "%s: title and text of %s" % (what, record["id"]))


def read_csv(path, encoding="utf-8"):
    with open(path, encoding=encoding, newline="") as lines:
        return list(csv.DictReader(lines, strict=True))


def read_sqlite(path, folder):
    """The rows as sqlite3's own CSV reader takes them; None without the program."""
    if not shutil.which("sqlite3"):
        print("skipped: no sqlite3 program; the CSV is not read by it")
        return None
    base = os.path.join(folder, "back.sqlite")
    done = subprocess.run(["sqlite3", base], input=".mode csv\n.import '%s' rows\n" % path, text=True, capture_output=True)
    if done.stderr:
        print("sqlite3 says: " + done.stderr.strip()[:300])
    with sqlite3.connect(base) as connection:
        connection.row_factory = sqlite3.Row
        return list(connection.execute("select * from rows"))


def values_of(document):
    """Every plain value anywhere in a JSON document."""
    if isinstance(document, (dict, list)):
        for part in document.values() if isinstance(document, dict) else document:
            yield from values_of(part)
    else:
        yield document


def check_manifest(path, count, tally):
    with open(path, "rb") as data:
        digest = hashlib.sha256(data.read()).hexdigest()
    try:
        with open(path + ".manifest.json", encoding="utf-8") as lines:
            values = list(values_of(json.load(lines)))
    except (OSError, ValueError) as error:
        tally.check(False, "no manifest to read: %s" % error)
        return
    tally.check(digest in values, "the manifest lacks the SHA-256 %s of the file" % digest)
    tally.check(count in values, "the manifest lacks the row count %d" % count)


def is_number(s):
    return re.fullmatch(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", s) is not None


def guarded_cell(s):
    """The cell as --excel must write it."""
    return "'" + s if s[:1] in tuple("=+-@\t\r") and not is_number(s) else s


def check_excel(folder, path, source, tally):
    if b"--excel" not in cli.run("export", "--help"):
        print("skipped: this jibek has no --excel")
        return
    cli.export(folder, path, "*", "--excel")
    with open(path, "rb") as data:
        tally.check(data.read(3) == b"\xef\xbb\xbf", "--excel writes no BOM")
    found = {row["id"]: row for row in read_csv(path, "utf-8-sig")}
    tally.equal(len(found), len(source), "rows in the CSV for Excel")
    for record in source:
        row_id = "'" + record["id"] if len(record["id"]) > 15 and record["id"].isdigit() else record["id"]
        want = tuple(map(guarded_cell, records.content(record)))
        got = found.get(row_id)
        tally.equal(got and (got["title"], got["text"]), want, "Excel cells of %s" % record["id"])


def check(folder, temp, source, tally):
    """Index the records, export them all, read them back in each way."""
    path = os.path.join(temp, "rows.jsonl")
    records.write_jsonl(path, source)
    print("index:", cli.index(folder, [path]), flush=True)
    out = os.path.join(temp, "out.csv")
    cli.export(folder, out, "*")
    table = read_csv(out)
    compare(table, source, "Python's csv", tally)
    check_manifest(out, len(source), tally)
    back = read_sqlite(out, temp)
    if back is not None:
        compare(back, source, "sqlite3", tally)
    shown = cli.search_csv(folder, "*")
    tally.equal(by_id(shown), by_id(table), "search --format csv and export")
    lines = {hit["id"]: (hit.get("title") or "", hit.get("text") or "") for hit in cli.search_jsonl(folder, "*")}
    tally.equal(lines, by_id(table), "search --format jsonl and export")
    check_excel(folder, os.path.join(temp, "excel.csv"), source, tally)


def main(tally):
    parser = cli.parser(__doc__)
    parser.add_argument("--made-up", type=int, default=300, help="made-up records (default 300)")
    parser.add_argument("--limit", type=int, default=1000, help="records of the test data (default 1000, 0: all)")
    options = parser.parse_args()
    random = cli.begin(options)
    csv.field_size_limit(1 << 30)
    with cli.workplace(options.index, tally) as temp:
        for name, source in (("made-up", rows(random, options.made_up)), ("data", from_data(options))):
            if source:
                part = os.path.join(temp, name)
                os.makedirs(part, exist_ok=True)
                check(os.path.join(part, "rows.jibek"), part, source, tally)


if __name__ == "__main__":
    cli.guarded(main)
