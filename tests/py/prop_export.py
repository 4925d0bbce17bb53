#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rows exported as CSV, TSV, JSON lines and XLSX and read back by Python, CSV by sqlite3 too: as
many rows as went in, their text character by character, and every cell the same in every format."""

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
import xlsx

AWKWARD = (
    'he said "hi"', '"', '""', '"quoted"', "a,b", ",", "line\nbreak", "line\r\nbreak", "carriage\rreturn", "\n", "\r", "ends\n",
    "=1+1", "=cmd|' /C calc'!A0", "+7 701 123", "-5", "-x", "@home", "\ttab", "'quote", "=\"a\",\"b\"", "😀👨‍👩‍👧🇰🇿", "  spaces  ",
    "\ufefftitle", "100%", "\\N", "\\", "NULL", "nan", "0012", "1e5", "TRUE", ";", "\u2028line", "a\u200bb", "\x1b[31mred", "\u202eabc", "", "_x000D_", "_x000d_x0041_", "a\x00b", "\ufffe\uffff",
    "back\\slash\\t", "tab\tin", "<a & b>", "\x0b\x0c",
)


TIMES = (
    "2019-12-09T10:12:00+08:00", "2019-12-09", "2020", "2020-04", "2019-12-09T10:12-05:30", "2019-12-09T23:59:59.250+00:00",
    "1899-05-05", "1900-02-28", "1900-03-01", "0100-01-01", "5000-12-31T23:59:59+14:00",
)


def rows(random, count):
    """Awkward titles and texts, then made-up ones; one id is longer than a spreadsheet's numbers."""
    made = [{"id": "e%d" % n, "platform": "p", "title": s, "text": random.choice(AWKWARD)} for n, s in enumerate(AWKWARD)]
    made += [{"id": "t%d" % n, "platform": "p", "title": "t", "text": s, "section": s} for n, s in enumerate(AWKWARD)]
    made.append({"id": "12345678901234567890", "platform": "p", "title": "long id", "views": "1.9万", "likes": "10万+"})
    for n, when in enumerate(TIMES):
        made.append({"id": "d%d" % n, "platform": "p", "title": "a time", "published_at": when, "views": 10**n, "tags": ["b", "a,\"c"]})
    for n, size in enumerate((32766, 32767, 32768, 70000)):
        made.append({"id": "l%d" % n, "platform": "p", "title": "a long text", "text": random.choice("长a😀\r") * size})
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
        if what == "sqlite3" and "\0" in "".join(records.content(record)):
            continue  # where sqlite3 ends a text
        title_text = found.get(records.printed_id(record))
        tally.equal(title_text, records.content(record), "%s: title and text of %s" % (what, record["id"]))


def read_csv(path, encoding="utf-8"):
    with open(path, encoding=encoding, newline="") as lines:
        return list(csv.DictReader(lines, strict=True))


def read_sqlite(path, folder, name="back"):
    """The rows as sqlite3's own CSV reader takes them; None without the program."""
    if not shutil.which("sqlite3"):
        print("skipped: no sqlite3 program; the CSV is not read by it")
        return None
    base = os.path.join(folder, name + ".sqlite")
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
    return re.fullmatch(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?", s) is not None


def guarded_cell(s):
    """The cell as --excel must write it."""
    return "'" + s if s[:1] in tuple("=+-@\t\r") and not is_number(s) else s


def check_excel(folder, path, source, tally):
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


def text_of(value):
    """A JSON value as the cell of a table."""
    return "; ".join(value) if isinstance(value, list) else str(value)


def cells_of(hits, names):
    return [[text_of(hit[name]) if name in hit else "" for name in names] for hit in hits]


def split_tsv(path):
    """Rows of a TSV file, with its four escapes undone."""
    marks = {"t": "\t", "n": "\n", "r": "\r", "0": "\0", "\\": "\\"}
    with open(path, encoding="utf-8", newline="") as lines:
        text = lines.read()
    return [[re.sub(r"\\(.)", lambda m: marks[m.group(1)], cell) for cell in line.split("\t")] for line in text.split("\n")[:-1]]


def joined(book, tally):
    """The rows of a workbook with the rests of long cells put back; only text is joined."""
    header = book.sheets["rows"][0]
    rests = {}
    for sheet, row, column, part, text in book.sheets.get("long cells", [])[1:]:
        pieces = rests.setdefault((sheet, row, column), [])
        pieces.append(text)
        tally.equal(part, len(pieces) + 1, "number of the part")
    table = []
    for number, row in enumerate(book.sheets["rows"][1:], 2):
        row = row + [None] * (len(header) - len(row))
        for column, name in enumerate(header):
            if ("rows", number, name) in rests:
                row[column] += "".join(rests.pop(("rows", number, name)))
        table.append(row)
    tally.equal(rests, {}, "rests without a cell")
    return header, table


def xlsx_text(cell):
    """A cell as the other formats have it."""
    if isinstance(cell, tuple):
        return xlsx.shown_time(*cell)
    return "" if cell is None else cell if isinstance(cell, str) else "%d" % cell


def check_xlsx(folder, path, hits, names, tally):
    cli.export(folder, path, "*", "--format", "xlsx")
    check_manifest(path, len(hits), tally)
    with open(path, "rb") as data:
        first = data.read()
    cli.export(folder, path, "*", "--format", "xlsx")
    with open(path, "rb") as data:
        tally.check(data.read() == first, "the same rows give another workbook")
    book = xlsx.Book(path)
    tally.equal(book.frozen.get("rows"), ("frozen", "1"), "the heading is frozen")
    tally.check(book.filters.get("rows", "").endswith(str(len(hits) + 1)), "the filter covers the rows: %s" % book.filters)
    for rows_of in book.sheets.values():
        longest = max((len(c.encode("utf-16-le")) // 2 for row in rows_of for c in row if isinstance(c, str)), default=0)
        tally.check(longest <= 32767, "a cell of %d characters" % longest)
    header, table = joined(book, tally)
    tally.equal(header, names, "heading of the workbook")
    want = cells_of(hits, names)
    for hit, row, cells in zip(hits, table, want):
        tally.equal([xlsx_text(c) for c in row], cells, "workbook row of %s" % hit["id"])
        for name, cell in zip(names, row):
            if isinstance(hit.get(name), int):
                tally.check(isinstance(cell, float), "%s of %s is no number" % (name, hit["id"]))
            elif name.endswith("_at") and hit.get(name, "") > "1900-03" and cell is not None:
                tally.check(isinstance(cell, tuple), "%s of %s is no date" % (name, hit["id"]))
    tally.equal(len(table), len(hits), "rows of the workbook")


def check_formats(folder, temp, source, tally):
    """Every cell the same in JSON lines, CSV, TSV and XLSX."""
    hits = cli.search_jsonl(folder, "*", "--sort", "id")
    by_hit = {hit["id"]: hit for hit in hits}
    out = os.path.join(temp, "cells.csv")
    cli.export(folder, out, "*")
    with open(out, encoding="utf-8", newline="") as lines:
        table = list(csv.reader(lines, strict=True))
    names = table[0]
    hits = [by_hit[row[names.index("id")]] for row in table[1:]]
    tally.equal(len(hits), len(source), "rows")
    for row, want in zip(table[1:], cells_of(hits, names)):
        tally.equal(row, want, "CSV and JSON lines")
    out = os.path.join(temp, "cells.tsv")
    cli.export(folder, out, "*", "--format", "tsv")
    check_manifest(out, len(hits), tally)
    tally.equal(split_tsv(out), [names] + cells_of(hits, names), "TSV and JSON lines")
    back = read_sqlite(os.path.join(temp, "cells.csv"), temp, "cells")
    if back is not None:
        for row, hit, want in zip(back, hits, cells_of(hits, names)):
            if not any("\0" in cell for cell in want):  # where sqlite3 ends a text
                tally.equal(list(row), want, "sqlite3 and JSON lines: %s" % hit["id"])
    check_xlsx(folder, os.path.join(temp, "cells.xlsx"), hits, names, tally)


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
    check_formats(folder, temp, source, tally)


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
