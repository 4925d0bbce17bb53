#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Exports opened by the programs they are for: CSV by pandas, CSV and XLSX by LibreOffice without a
window, every cell the same as in JSON lines.  What is not installed is left out, and said; without
both there is nothing to do (exit status 77).

LibreOffice reads each file and writes it as a workbook, which is read here.  It has one kind of line end in a cell and no control characters but tab and line end, so
cells with others are compared without them; nothing else may differ."""

import csv
import glob
import os
import re
import shutil
import subprocess
import sys

import cli
import corpus
import prop_export
import records
import xlsx

LOST = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
CELL_MAX = 32767


# --- what LibreOffice has read ---

def read(path, folder, *options):
    """The sheets of a file, as LibreOffice reads it and writes it as a workbook again."""
    out = os.path.join(folder, "read")
    done = subprocess.run(["soffice", "--headless", "-env:UserInstallation=file://" + os.path.join(folder, "profile"), *options,
                           "--convert-to", "xlsx", "--outdir", out, path], capture_output=True, text=True, timeout=900)
    made = os.path.join(out, os.path.splitext(os.path.basename(path))[0] + ".xlsx")
    if not os.path.exists(made):
        raise cli.JibekError("LibreOffice made nothing of %s: %s" % (path, done.stderr))
    return xlsx.Book(made).sheets


# --- comparing ---

def as_office(s):
    """A text as a cell of LibreOffice can hold it."""
    return LOST.sub("", s.replace("\r\n", "\n").replace("\r", "\n"))


def wanted(hits, names):
    return [[as_office(cell) for cell in row] for row in prop_export.cells_of(hits, names)]


def shown(cell):
    """A cell as the CSV has it."""
    return as_office(prop_export.xlsx_text(cell))


def check_table(table, hits, names, what, tally):
    tally.equal([str(name) for name in table[0][:len(names)]], names, "heading of " + what)
    tally.equal(len(table) - 1, len(hits), "rows of " + what)
    for row, want, hit in zip(table[1:], wanted(hits, names), hits):
        row = row[:len(names)] + [None] * (len(names) - len(row))
        tally.equal(dict(zip(names, map(shown, row))), dict(zip(names, want)), "%s: %s" % (what, hit["id"]))


def check_kinds(table, hits, names, tally):
    """In a workbook counts are numbers, times are dates, ids and other keywords text."""
    for row, hit in zip(table[1:], hits):
        for name, cell in zip(names, row + [None] * (len(names) - len(row))):
            value = hit.get(name)
            if isinstance(value, int):
                tally.check(isinstance(cell, float), "%s of %s is no number: %r" % (name, hit["id"], cell))
            elif name.endswith("_at") and value and "1900-03" < value:
                tally.check(isinstance(cell, tuple), "%s of %s is no date: %r" % (name, hit["id"], cell))
            else:
                tally.check(cell is None or isinstance(cell, str), "%s of %s is no text: %r" % (name, hit["id"], cell))


def guarded_cell(name, value):
    """The cell as --excel must write it."""
    if not isinstance(value, str):
        return value
    long_id = len(value) > 15 and value.isdigit() and name not in ("title", "text")
    return "'" + value if long_id else prop_export.guarded_cell(value)


def exported(folder, path, *options):
    cli.export(folder, path, "*", "--sort", "id", *options)
    return path


def check_office(folder, temp, hits, names, tally):
    table = read(exported(folder, os.path.join(temp, "book.xlsx")), temp)["rows"]
    check_table(table, hits, names, "workbook", tally)
    check_kinds(table, hits, names, tally)
    # Comma, quotation mark, UTF-8, from line 1, quoted cells are text, nothing is guessed.
    options = "--infilter=CSV:44,34,76,1,,0,true,false"
    for extra in ((), ("--excel",)):
        path = exported(folder, os.path.join(temp, "rows.csv"), *extra)
        (table,) = read(path, temp, options).values()
        table[0][0] = table[0][0].lstrip("\ufeff")
        if extra:
            guarded = [{name: guarded_cell(name, value) for name, value in hit.items()} for hit in hits]
            check_table(table, guarded, names, "CSV for Excel", tally)
        else:
            check_table(table, hits, names, "CSV", tally)


def check_pandas(folder, temp, hits, names, tally):
    import pandas
    path = exported(folder, os.path.join(temp, "pandas.csv"))
    table = pandas.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8")
    tally.equal(list(table.columns), names, "columns by pandas")
    for row, want, hit in zip(table.values.tolist(), prop_export.cells_of(hits, names), hits):
        tally.equal(row, want, "pandas: " + hit["id"])
    tally.equal(len(table), len(hits), "rows by pandas")
    # As people read it, kinds guessed: counts are numbers unless one of them is a lower bound.
    guessed = pandas.read_csv(path, dtype={"id": str})
    for name in ("comments", "words"):
        want = [hit.get(name) for hit in hits]
        got = [None if pandas.isna(value) else int(value) for value in guessed[name]]
        tally.equal(got, want, "%s by pandas" % name)


def records_of(random, count):
    """Small enough cells for a spreadsheet: what is longer is tried by prop_export.py, and so is what
    looks like an escape of the format, which LibreOffice reads but does not write."""
    made = prop_export.rows(random, count)
    for path in sorted(glob.glob(os.path.join(cli.ROOT, "corpora", "*.jsonl"))):
        made += [records.json.loads(line) for line in records.read_lines([path])]
    return [record for record in made if all(len(s) < CELL_MAX // 2 and "_x0041_" not in s for s in records.content(record))]


def main(tally):
    parser = cli.parser(__doc__)
    parser.add_argument("--made-up", type=int, default=300, help="made-up records (default 300)")
    options = parser.parse_args()
    try:
        import pandas
        has_pandas = True
    except ImportError:
        has_pandas = False
        print("skipped: no pandas; it reads no CSV")
    has_office = shutil.which("soffice") is not None
    if not has_office:
        print("skipped: no LibreOffice; it reads neither CSV nor XLSX")
    if not has_office and not has_pandas:
        sys.exit(77)
    random = cli.begin(options)
    csv.field_size_limit(1 << 30)
    with cli.workplace(options.index, tally) as temp:
        path, folder = os.path.join(temp, "rows.jsonl"), os.path.join(temp, "rows.jibek")
        records.write_jsonl(path, records_of(random, options.made_up))
        print("index:", cli.index(folder, [path], may_reject=True), flush=True)
        hits = cli.search_jsonl(folder, "*", "--sort", "id")
        with open(exported(folder, os.path.join(temp, "names.csv")), encoding="utf-8", newline="") as lines:
            names = next(csv.reader(lines))
        if has_pandas:
            check_pandas(folder, temp, hits, names, tally)
        if has_office:
            check_office(folder, temp, hits, names, tally)


if __name__ == "__main__":
    cli.guarded(main)
