#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The same random records in every format, packed in every way: every index must answer the same.
Then tables as spreadsheets write them, broken in known places, against a slow reading of them; the
conformance suites of JSON and CSV where --suites names them; and input made to hurt."""

import csv
import glob
import gzip
import io
import json
import lzma
import os
import shutil
import sqlite3
import subprocess
import tarfile
import zipfile

import cli

VARIANTS = ("added", "updated", "observed", "unchanged", "copies", "rejected")
COLUMNS = ("id", "platform", "title", "text", "views", "published_at", "author", "note")
PIECES = ("中国", "哈萨克斯坦", "Қазақстан", "a b", '"', '""', ",", ";", "\n", "\r\n", "\t", "'", " ", "x", "{", "]", "\\", "é", "#1", "=1+1")


def some_text(random):
    return "".join(random.choice(PIECES) for _ in range(random.randrange(9))).strip() or "text"


def some_records(random, count):
    """Records of strings only, as a table holds them."""
    made = []
    for number in range(count):
        made.append({"id": "n%d" % number, "platform": random.choice(["weibo", "p"]), "title": some_text(random) + " %d" % number,
                     "text": some_text(random), "views": str(random.randrange(10**6)), "published_at": "2020-01-%02d" % random.randrange(1, 29),
                     "author": random.choice(["甲", "A, B", "c"]), "note": some_text(random)})
    return made


# --- writers: records to bytes ---

def as_jsonl(records, random):
    return "".join(json.dumps(r, ensure_ascii=random.random() < 0.5) + random.choice(["\n", "\r\n", "\n\n"]) for r in records).encode()


def as_array(records, random):
    return json.dumps(records, ensure_ascii=random.random() < 0.5, indent=random.choice([None, 0, 2])).encode()


def as_values(records, random):
    return "\n".join(json.dumps(r, indent=2) for r in records).encode()


def as_table(records, random, delimiter=",", bom=False, sep=False, end="\r\n", quoting=csv.QUOTE_MINIMAL):
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=delimiter, lineterminator=end, quoting=quoting)
    writer.writerow(COLUMNS)
    writer.writerows([r[name] for name in COLUMNS] for r in records)
    text = ("\ufeff" if bom else "") + ("sep=%s\r\n" % delimiter if sep else "") + out.getvalue()
    return text.encode()


def as_database(records, temp, wal=False):
    path = os.path.join(temp, "wal.db" if wal else "plain.db")
    db = sqlite3.connect(path)
    if wal:
        db.execute("PRAGMA journal_mode=WAL")
    db.execute("CREATE TABLE posts (%s)" % ", ".join('"%s"' % name for name in COLUMNS))
    db.execute("CREATE TABLE others (a, b)")
    db.executemany("INSERT INTO posts VALUES (%s)" % ",".join("?" * len(COLUMNS)), [[r[name] for name in COLUMNS] for r in records])
    db.commit()
    return path, db


def zipped(members):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members:
            archive.writestr(name, data)
    return out.getvalue()


def tarred(members):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for name, data in members:
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return out.getvalue()


def all_ways(records, random):
    """(file name, options, bytes)"""
    half = len(records) // 2
    parts = [("b.jsonl", as_jsonl(records[:half], random)), ("a/c.csv", as_table(records[half:], random))]
    yield "lines.jsonl", (), as_jsonl(records, random)
    yield "lines.dat", (), as_jsonl(records, random)
    yield "bom.jsonl", (), b"\xef\xbb\xbf" + as_jsonl(records, random)
    yield "array.json", (), as_array(records, random)
    yield "pretty.txt", (), json.dumps(records, indent=4).encode()
    yield "values.json", ("--format", "json"), as_values(records, random)
    yield "plain.csv", (), as_table(records, random)
    yield "unnamed.txt", (), as_table(records, random, end="\n")
    yield "excel.csv", (), as_table(records, random, ";", True, True)
    yield "semi.csv", (), as_table(records, random, ";", True, end="\n", quoting=csv.QUOTE_ALL)
    yield "old_mac.csv", (), as_table(records, random, end="\r", quoting=csv.QUOTE_ALL)
    yield "tabs.tsv", (), as_table(records, random, "\t")
    yield "tabs.dat", ("--format", "tsv"), as_table(records, random, "\t", end="\n")
    yield "lines.jsonl.gz", (), gzip.compress(as_jsonl(records, random))
    yield "array.json.xz", (), lzma.compress(as_array(records, random))
    yield "two.zip", (), zipped(parts)
    yield "two.tar.gz", (), gzip.compress(tarred(parts))
    yield "nested.zip", (), zipped([("in.tar.xz", lzma.compress(tarred([("x.csv.gz", gzip.compress(as_table(records, random)))])))])


def answers(folder):
    """All records, without what tells where they stood; x.* is in `show` alone."""
    hits = cli.search_jsonl(folder, "*")
    for hit in hits:
        del hit["origin"]
    shown = cli.run("show", "-i", folder, "n7").decode()
    notes = [line for line in shown.split("\n") if line.startswith("x.note")]
    return sorted(hits, key=lambda hit: hit["id"]), notes


def check_sum(summary, what, tally):
    tally.equal(sum(summary[name] for name in VARIANTS), summary["read"], "the sum of the summary of %s" % what)


def check_same(random, temp, tally):
    records = some_records(random, 60)
    want = None
    for name, options, data in all_ways(records, random):
        path = os.path.join(temp, name)
        with open(path, "wb") as out:
            out.write(data)
        folder = path + ".jibek"
        summary = cli.index(folder, [path], *options, may_reject=True)
        check_sum(summary, name, tally)
        tally.equal((summary["read"], summary["added"] + summary["copies"]), (60, 60), "read and added of %s" % name)
        got = answers(folder)
        want = want or got
        tally.equal(got, want, "records of %s" % name)
    for wal in (False, True):
        path, db = as_database(records, temp, wal)
        before = sorted(os.listdir(temp))
        content = open(path, "rb").read()
        os.chmod(path, 0o444)
        folder = path + ".jibek"
        summary = cli.index(folder, [path])
        tally.equal(summary["read"], 60, "read of a database, wal: %s" % wal)
        tally.equal(answers(folder), want, "records of a database, wal: %s" % wal)
        tally.equal(sorted(os.listdir(temp)), sorted(before + [os.path.basename(folder)]), "files beside the database")
        tally.check(open(path, "rb").read() == content, lambda: "the database was written to")
        db.close()


def check_stdin(random, temp, tally):
    records = some_records(random, 20)
    for name, data in (("jsonl", as_jsonl(records, random)), ("array", as_array(records, random)), ("csv", as_table(records, random)),
                       ("zip", zipped([("a.csv", as_table(records, random))]))):
        summary = os.path.join(temp, "s.json")
        subprocess.run(cli.command("index", "-i", os.path.join(temp, name + ".in.jibek"), "--summary", summary, "-"),
                       input=data, check=True, capture_output=True, timeout=60)
        with open(summary, encoding="utf-8") as text:
            tally.equal(json.load(text)["read"], 20, "read of %s from standard input" % name)


def check_folder(random, temp, tally):
    """Files of every kind below a folder; what is none is passed over and told."""
    records = some_records(random, 40)
    top = os.path.join(temp, "folder")
    os.makedirs(os.path.join(top, "deep"))
    files = {"a.jsonl": as_jsonl(records[:10], random), "deep/b.csv": as_table(records[10:20], random), "c.json": as_array(records[20:30], random),
             "deep/d.zip": zipped([("e.jsonl", as_jsonl(records[30:], random)), ("f.png", b"\x89PNG\r\n\x1a\n\0\0")]), "g.bin": b"\0\1\2", "empty.csv": b"",
             "h.txt": "просто текст\nвторая строка".encode()}
    for name, data in files.items():
        with open(os.path.join(top, name), "wb") as out:
            out.write(data)
    folder = os.path.join(temp, "folder.jibek")
    done = subprocess.run(cli.command("index", "-i", folder, top), capture_output=True, timeout=60)
    tally.check(b"2 files in the folders are in no format that is known and were left out: " in done.stderr and b"/g.bin\n" in done.stderr, lambda: "said %r" % done.stderr)
    hits = cli.search_jsonl(folder, "*")
    tally.equal(len(hits), 41, "records of a folder")
    origins = {hit["origin"].rsplit(":", 1)[0] for hit in hits}
    tally.equal(origins, {os.path.join(top, name) for name in ("a.jsonl", "deep/b.csv", "c.json", "deep/d.zip!e.jsonl", "h.txt")}, "origins")
    os.symlink(os.path.join(temp, "linked.jsonl"), os.path.join(top, "link"))
    os.symlink(top, os.path.join(top, "circle"))
    with open(os.path.join(temp, "linked.jsonl"), "wb") as out:
        out.write(as_jsonl([{**records[0], "id": "linked", "title": "linked"}], random))
    done = subprocess.run(cli.command("index", "-i", folder, top), capture_output=True, timeout=60)
    tally.check(b"1 links in the folders" in done.stderr, lambda: "said %r" % done.stderr)
    tally.equal(len(cli.search_jsonl(folder, "id:linked")), 1, "a link to a file")
    text = [hit for hit in hits if hit["origin"].startswith(os.path.join(top, "h.txt"))][0]
    tally.equal((text.get("title"), text["text"]), (None, "просто текст\nвторая строка"), "a text file")


# --- tables broken in known places ---

def rejects_of(path):
    with open(path, encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def check_broken_rows(random, temp, tally):
    """Rows that are broken are rejected, each as it was written, and spoil no other."""
    header, lines, bad, good = "id,platform,title,text", [], [], []
    for number in range(200):
        kind = random.randrange(6)
        row = {0: 'b%d,p,few' % number, 1: "b%d,p,many,,x" % number, 2: 'b%d,p,"never closed,x' % number,
               3: 'b%d,p,"closed"too early,x' % number}.get(kind)
        if row is None:
            good.append("g%d" % number)
            title = 'q"uote' if kind == 4 else '"a ""b"", %s"' % random.choice(["c", "two\r\nlines", "; "])
            row = "g%d,p,%s %d,%s" % (number, "t" if title[0] == '"' else title, number, title)
        else:
            bad.append(row)
        lines.append(row)
    path, rejects = os.path.join(temp, "broken.csv"), os.path.join(temp, "broken.rejects")
    with open(path, "w", encoding="utf-8", newline="") as out:
        out.write("\n".join([header, *lines]) + random.choice(["", "\n"]))
    folder = os.path.join(temp, "broken.jibek")
    summary = cli.index(folder, [path], "--rejects", rejects, may_reject=True)
    check_sum(summary, path, tally)
    found = rejects_of(rejects)
    tally.equal([one["bytes"] for one in found], bad, "rejected rows")
    tally.equal(sorted(cli.search_ids(folder, "*")), sorted(good), "accepted rows")
    physical = open(path, encoding="utf-8", newline="").read().split("\n")
    for one in found:
        tally.equal(physical[one["line"] - 1].rstrip("\r"), one["bytes"], "the line of a reject")


def table_of(count, broken):
    """Rows of a table, some of them written otherwise."""
    return ["id,platform,title,text"] + [broken.get(i, "%d,p,title %d,text of number %d" % (i, i, i)) for i in range(1, count + 1)]


def check_open_quotes(temp, size, tally):
    """One quote that is not closed, or closed many rows later, costs one row, however long the table is."""
    million = size // 40
    cases = {"end": (million, {3: '3,p,t,"open'}), "later": (500, {3: '3,p,t,"open', 400: '400,p,5",t'}),
             "by_chance": (500, {3: '3,p,t,"open', 400: '400,p,t,5"'}), "many": (million, {i: '%d,p,"open,t' % i for i in range(3, million, million // 5)})}
    for name, (count, broken) in cases.items():
        path, folder = os.path.join(temp, "quote_%s.csv" % name), os.path.join(temp, "quote_%s.jibek" % name)
        with open(path, "w", encoding="utf-8") as out:
            out.write("\n".join(table_of(count, broken)) + "\n")
        found = cli.index(folder, [path], "--rejects", path + ".rejects", may_reject=True)
        check_sum(found, path, tally)
        lost = [i for i in broken if '"open' in broken[i]]
        tally.equal((found["read"], found["rejected"]), (count, len(lost)), "rows and rejects where a quote is open: %s" % name)
        tally.equal([(one["line"], one["bytes"], one["code"]) for one in rejects_of(path + ".rejects")],
                    [(i + 1, broken[i], "csv_syntax") for i in lost], "the rows refused: %s" % name)
        os.remove(path)
    text = "a, b\n" * 40 + "the end"
    path = os.path.join(temp, "poem.csv")
    with open(path, "w", encoding="utf-8", newline="") as out:
        csv.writer(out).writerows([["id", "platform", "text"], ["1", "p", text], ["2", "p", "x"]])
    cli.index(path + ".jibek", [path])
    tally.equal(sorted(hit["text"] for hit in cli.search_jsonl(path + ".jibek", "*")), sorted([text, "x"]), "a text of many lines with commas")


def check_odd_bytes(temp, tally):
    """NULs in cells, and wide characters without a mark."""
    table = "id,platform,title,text\n1,p,哈萨克斯坦,渴望回归\n2,p,Қазақстан,b\n"
    lines = '{"id": "1", "platform": "p", "title": "哈萨克斯坦", "text": "渴望回归"}\n{"id": "2", "platform": "p", "title": "Қазақстан", "text": "b"}\n'
    want = [("1", "哈萨克斯坦", "渴望回归"), ("2", "Қазақстан", "b")]
    for encoding in ("utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be", "utf-16", "utf-32", "gb18030", "utf-8-sig"):
        for name, text in (("t.csv", table), ("t.dat", table), ("l.jsonl", lines), ("l.dat", lines)):
            if encoding == "gb18030":
                text = text.replace("Қазақстан", "中国历史")
            path = os.path.join(temp, encoding + name)
            with open(path, "wb") as out:
                out.write(text.encode(encoding))
            cli.index(path + ".jibek", [path], may_reject=True)
            got = sorted((hit["id"], hit["title"], hit["text"]) for hit in cli.search_jsonl(path + ".jibek", "*"))
            tally.equal(got, [want[0], ("2", want[1][1] if encoding != "gb18030" else "中国历史", "b")], "%s in %s" % (name, encoding))
    path = os.path.join(temp, "nul.csv")
    with open(path, "wb") as out:
        out.write(b"id,platform,title\n1,p,a\0b\n2,p,c\n")
    cli.index(path + ".jibek", [path])
    tally.equal(sorted(hit["title"] for hit in cli.search_jsonl(path + ".jibek", "*")), ["a\0b", "c"], "a NUL in a cell")
    path = os.path.join(temp, "what.dat")
    with open(path, "wb") as out:
        out.write(b"\1\2\3\0 no format" * 10000)
    cli.index(path + ".jibek", [path], "--rejects", path + ".rejects", may_reject=True)
    one = rejects_of(path + ".rejects")[0]
    tally.equal((one["code"], one["length"]), ("unknown_format", os.path.getsize(path)), "a file in no format is a reject, whole")


def check_changing_database(temp, tally):
    """Rows that lie beside a database and not yet in it are read in later runs too."""
    path, folder = os.path.join(temp, "changing.db"), os.path.join(temp, "changing.jibek")
    db = sqlite3.connect(path)
    db.execute("PRAGMA journal_mode=WAL")
    db.execute("CREATE TABLE posts (id, platform, title)")
    for number in range(3):
        db.execute("INSERT INTO posts VALUES (?, 'p', 'title')", (str(number),))
        db.commit()
        found = cli.index(folder, [path])
        tally.equal((found["read"], found["added"] + found["copies"]), (number + 1, 1), "a row added to a database in use")
    db.close()


# --- conformance ---

def check_json_suite(folder, temp, tally):
    """JSONTestSuite: y_ is parsed, n_ is refused with a place, none is fatal."""
    limits = {"y_object_escaped_null_in_key.json"}  # jansson has no NUL in a key
    for path in sorted(glob.glob(os.path.join(folder, "*.json"))):
        name = os.path.basename(path)
        with open(path, "rb") as source:
            content = source.read()
        for wrapped in (False, True):
            mine, rejects, summary = (os.path.join(temp, x) for x in ("suite.json", "suite.rejects", "suite.summary"))
            with open(mine, "wb") as out:
                out.write(b'{"id": "1", "x": ' + content + b"}" if wrapped else content)
            shutil.rmtree(os.path.join(temp, "suite.jibek"), ignore_errors=True)
            done = subprocess.run(cli.command("index", "-i", os.path.join(temp, "suite.jibek"), "--format", "json", "--rejects", rejects,
                                              "--summary", summary, mine), capture_output=True, timeout=60)
            what = "%s, %s" % (name, "wrapped" if wrapped else "plain")
            tally.check(done.returncode in (0, 1), lambda: "%s: exit status %d, %r" % (what, done.returncode, done.stderr))
            check_sum(json.load(open(summary, encoding="utf-8")), what, tally)
            wrong = [one for one in rejects_of(rejects) if one["code"] == "json_syntax"]
            if name[0] == "y":
                tally.check(bool(wrong) == (name in limits), lambda: "%s: %s" % (what, wrong))
            elif name[0] == "n":
                tally.check(wrong and all("line" in one and "column" in one["reason"] for one in wrong), lambda: "%s: %s" % (what, rejects_of(rejects)))


def check_csv_suite(folder, temp, tally):
    """csv-spectrum: the cells are those that its JSON says, column by column.  Two of its files are not what its
    JSON was made of: another telephone number, and \\n where the name promises \\r\\n."""
    others = {("location_coordinates", "Contact Phone Number"), ("newlines_crlf", "a")}
    for path in sorted(glob.glob(os.path.join(folder, "csvs", "*.csv"))):
        name = os.path.basename(path)[:-4]
        with open(os.path.join(folder, "json", name + ".json"), encoding="utf-8") as source:
            rows = json.load(source)
        rows = rows if isinstance(rows, list) else [rows]
        for number, column in enumerate(rows[0]):
            mapping, index = (os.path.join(temp, "%s%d.%s" % (name, number, x)) for x in ("json", "jibek"))
            with open(mapping, "w", encoding="utf-8") as out:
                json.dump({"fields": {"text": column}}, out)
            cli.index(index, [path], "--map", mapping, "--format", "csv")
            got = sorted(hit.get("text", "") for hit in cli.search_jsonl(index, "*"))
            want = sorted(row[column] for row in rows)
            if (name, column) in others:
                with open(path, encoding="utf-8", errors="replace", newline="") as lines:
                    want = sorted(row[column] for row in csv.DictReader(lines))
            tally.equal(got, want, "%s of %s" % (column, name))


# --- input made to hurt ---

def hurt(temp, name, write, tally, *options):
    """Index what `write` writes, within 1 GiB of memory; the codes of the rejects."""
    path = os.path.join(temp, name)
    with open(path, "wb") as out:
        write(out)
    rejects = path + ".rejects"
    done = subprocess.run(cli.command("index", "-i", path + ".jibek", "-j", "2", "--rejects", rejects, *options, path),
                          capture_output=True, timeout=600, preexec_fn=cli.in_one_gib)
    tally.check(done.returncode in (0, 1), lambda: "%s: exit status %d, %r" % (name, done.returncode, done.stderr[-500:]))
    os.remove(path)
    return [one["code"] for one in rejects_of(rejects)]


def check_hurting(temp, size, tally):
    """`size` bytes in one record are a reject, whatever they look like; what follows is read."""
    block = b"x" * (1 << 20)
    good = b'{"id": "after", "platform": "p", "title": "t"}'

    def many(out, part):
        for _ in range(size // len(part)):
            out.write(part)

    def line(out):
        out.write(b'{"title": "')
        many(out, block)
        out.write(b'"}\n' + good + b"\n")

    def bomb(out):
        out.write(b"[")
        many(out, b"[" * (1 << 20))

    def cell(out):
        out.write(b'id,platform,title\n1,p,"')
        many(out, block)
        out.write(b'"\nafter,p,t\n')

    def open_cell(out):
        out.write(b'id,platform,title\n1,p,"')
        many(out, b"line\n" * 200000)

    def element(out):
        out.write(b'[{"title": "')
        many(out, block)
        out.write(b'"}, ' + good + b"]")

    def packed(out):
        with gzip.GzipFile(fileobj=out, mode="wb", compresslevel=1) as inner:
            line(inner)

    tally.equal(hurt(temp, "line.jsonl", line, tally), ["too_long"], "a monstrous line")
    tally.equal(hurt(temp, "deep.json", bomb, tally), ["too_long", "json_syntax"], "a bomb of depth")
    tally.equal(hurt(temp, "depth.jsonl", lambda out: out.write(b'{"x":' * 100000 + b"\n" + good), tally), ["json_syntax"], "depth in a line")
    tally.equal(hurt(temp, "cell.csv", cell, tally), ["too_long"], "a monstrous cell")
    tally.check(hurt(temp, "open.csv", open_cell, tally)[0] in ("too_long", "csv_syntax"), lambda: "a cell that never ends")
    tally.equal(hurt(temp, "element.json", element, tally), ["too_long"], "a monstrous element")
    tally.equal(hurt(temp, "packed.jsonl.gz", packed, tally), ["too_long"], "a monstrous line, packed")
    tally.equal(hurt(temp, "text.txt", lambda out: many(out, block), tally), ["too_long"], "a monstrous text")


def check_bad_databases(random, temp, tally):
    """Damaged and hostile databases are told, not followed."""
    path, db = as_database(some_records(random, 300), temp + "/")
    db.execute("CREATE VIEW v AS SELECT id, title, text FROM posts")
    db.execute("CREATE TRIGGER t AFTER INSERT ON posts BEGIN DELETE FROM posts; END")
    db.commit()
    db.close()
    whole = open(path, "rb").read()
    summary = cli.index(path + ".ok.jibek", [path])
    tally.equal(summary["read"], 300, "a database with a view and a trigger")
    for number in range(30):
        data = bytearray(whole)
        if number % 3 == 0:
            data = data[:random.randrange(100, len(data))]
        for _ in range(0 if number % 3 == 0 else random.randrange(1, 200)):
            data[random.randrange(16, len(data))] = random.randrange(256)
        broken = os.path.join(temp, "broken%d.db" % number)
        with open(broken, "wb") as out:
            out.write(data)
        done = subprocess.run(cli.command("index", "-i", broken + ".jibek", "--summary", broken + ".summary", broken), capture_output=True, timeout=60)
        tally.check(done.returncode in (0, 1), lambda: "%s: exit status %d, %r" % (broken, done.returncode, done.stderr))
        check_sum(json.load(open(broken + ".summary", encoding="utf-8")), broken, tally)


def main(tally):
    parser = cli.parser(__doc__)
    parser.add_argument("--runs", type=int, default=1, help="rounds of random records (default 1)")
    parser.add_argument("--hurt", type=int, default=80 << 20, help="bytes of a monstrous record (default 80 MiB)")
    parser.add_argument("--suites", metavar="DIR", help="only the conformance suites, which lie below DIR")
    options = parser.parse_args()
    random = cli.begin(options)
    with cli.workplace(options.index, tally) as temp:
        if options.suites:
            check_json_suite(os.path.join(options.suites, "json"), temp, tally)
            check_csv_suite(os.path.join(options.suites, "csv"), temp, tally)
            return
        for number in range(options.runs):
            part = os.path.join(temp, "run%d" % number)
            os.makedirs(part)
            check_same(random, part, tally)
            check_stdin(random, part, tally)
            check_folder(random, part, tally)
            check_broken_rows(random, part, tally)
            check_odd_bytes(part, tally)
            check_changing_database(part, tally)
        os.makedirs(os.path.join(temp, "db"))
        check_bad_databases(random, os.path.join(temp, "db"), tally)
        check_hurting(temp, options.hurt, tally)
        check_open_quotes(temp, options.hurt // 4, tally)


if __name__ == "__main__":
    cli.guarded(main)
