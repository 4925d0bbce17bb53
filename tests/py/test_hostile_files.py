#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Files made to hurt: bombs, paths that climb out, loops of links, names with escape codes, values no clock or number
holds, tables of 100,000 columns, databases that do things.  Each is read within 1 GiB of memory and a time limit, what is wrong
is a reject with a reason, what is good beside it is found.  The table in docs/TRUST.md names these tests."""

import gzip
import io
import json
import os
import re
import sqlite3
import subprocess
import time
import zipfile

import cli

GOOD = {"id": "good", "platform": "p", "title": "good title", "text": "哈萨克斯坦"}
CONTROL = re.compile("[\0-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066\u2067]")


class Case:
    """One index of hostile files."""

    def __init__(self, temp, tally, name):
        self.tally, self.name = tally, name
        self.folder = os.path.join(temp, name)
        os.mkdir(self.folder)
        self.index = os.path.join(temp, name + ".jibek")

    def path(self, name):
        return os.path.join(self.folder, name)

    def write(self, name, data):
        with open(self.path(name), "wb") as out:
            out.write(data if isinstance(data, bytes) else data.encode("utf-8", "surrogatepass"))
        return self.path(name)

    def lines(self, name, *values):
        return self.write(name, "".join((v if isinstance(v, str) else json.dumps(v, ensure_ascii=False)) + "\n" for v in values))

    def run(self, *inputs, options=(), seconds=60):
        """Index the inputs, or the whole folder; the summary."""
        summary, rejects = self.index + ".summary", self.index + ".rejects"
        argv = cli.command("index", "-i", self.index, "--summary", summary, "--rejects", rejects, "-j", "2", *options, *(inputs or [self.folder]))
        started = time.monotonic()
        done = subprocess.run(argv, stdin=subprocess.DEVNULL, capture_output=True, timeout=300, preexec_fn=cli.in_one_gib)
        took = time.monotonic() - started
        self.check(done.returncode in (0, 1), "exit status %d: %r" % (done.returncode, done.stderr[-400:]))
        self.check(cli.SANITIZED or took < seconds, "took %.0f s" % took)
        said = (done.stdout + done.stderr).decode("utf-8", "surrogateescape")
        self.check(not CONTROL.search(said.replace("\r", "")), "control characters in %a" % said[:300])
        with open(summary, encoding="utf-8") as text:
            found = json.load(text)
        parts = ("added", "updated", "observed", "unchanged", "copies", "rejected")
        self.check(found["read"] == sum(found[part] for part in parts), "the sums of %s" % found)
        return found

    def hits(self, query="*"):
        return cli.search_jsonl(self.index, query)

    def check(self, holds, what):
        self.tally.check(holds, lambda: "%s: %s" % (self.name, what))

    def equal(self, got, wanted, what):
        self.tally.equal(got, wanted, "%s: %s" % (self.name, what))


def zipped(members):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members:
            archive.writestr(name, data)
    return out.getvalue()


def bombs(temp, tally, size):
    """What unpacks to far more than it is: read in pieces, a record too long is one reject."""
    case = Case(temp, tally, "bombs")
    row = json.dumps(GOOD).encode() + b"\n"
    blown = b'{"text": "' + b"a" * size + b'"}\n' + row
    case.write("bomb.zip", zipped([("a.jsonl", blown), ("b.jsonl", json.dumps({**GOOD, "id": "beside"}))]))
    case.write("bomb.jsonl.gz", gzip.compress(blown, 1))
    nested = row
    for _ in range(40):
        nested = gzip.compress(nested)
    case.write("nested.jsonl.gz", nested)
    found = case.run()
    case.equal(found["reasons"].get("too_long"), 2, "records too long")
    case.equal(sorted(hit["id"] for hit in case.hits("good")), ["beside", "good"], "what lies beside")
    case.check(found["rejected"] >= 3, "archives in archives without end are rejected: %s" % found)
    entities = '<!DOCTYPE lolz [<!ENTITY a "ha">%s]>' % "".join(
        '<!ENTITY %s "%s">' % (chr(98 + i), ("&%s;" % chr(97 + i)) * 10) for i in range(12))
    case = Case(temp, tally, "entities")
    case.write("page.html", entities + "<html><body><h1>One title here</h1><p>Some sentence stands here, &m; it is long enough.</p>")
    case.write("page.xml", entities + "<a>&m;</a>")
    case.run(seconds=20)
    case.check(all(len(hit.get("text", "")) < 10000 for hit in case.hits()), "entities are not expanded")


def members(temp, tally):
    """Names of members are names: nothing is written where they point."""
    case = Case(temp, tally, "climbing")
    names = ["../../climbed.jsonl", "/tmp/jibek-climbed.jsonl", "a/../../b.jsonl", "..\\c.jsonl", "x\n\x1b[31m.jsonl", "\u202egnp.jsonl"]
    before = sorted(os.listdir(temp))
    path = case.write("climb.zip", zipped([(name, json.dumps({**GOOD, "id": str(i), "text": name})) for i, name in enumerate(names)]))
    case.run(path)
    case.equal(len(case.hits()), len(names), "members read")
    case.check(not os.path.exists("/tmp/jibek-climbed.jsonl"), "a file was written outside")
    made = set(os.listdir(temp)) - set(before)
    case.check(all(name.startswith("climbing.jibek") for name in made), "files beside: %s" % made)
    shown = cli.run("show", "-i", case.index, "4").decode()
    case.check(not CONTROL.search(shown), "a member's name reached the terminal: %a" % shown)


def folders(temp, tally):
    """Links in a circle, pipes, and names that are no text."""
    case = Case(temp, tally, "folders")
    os.symlink(case.folder, case.path("loop"))
    os.symlink("self", case.path("self"))
    os.symlink("/etc", case.path("elsewhere"))
    os.mkfifo(case.path("pipe"))
    deep = case.folder
    for _ in range(60):
        deep = os.path.join(deep, "d" * 30)
        os.mkdir(deep)
    names = [b"new\nline.jsonl", b"esc\x1b[31m.jsonl", b"\xff\xfe.jsonl", "‮gnp.jsonl".encode(), b"-n.jsonl", "é.jsonl".encode()]
    for number, name in enumerate(names):
        with open(os.path.join(os.fsencode(case.folder), name), "w", encoding="utf-8") as out:
            out.write(json.dumps({**GOOD, "id": str(number), "text": "text %d" % number}) + "\n{broken\n")
    with open(os.path.join(deep, "deep.jsonl"), "w", encoding="utf-8") as out:
        out.write(json.dumps({**GOOD, "id": "deep"}) + "\n")
    found = case.run(seconds=20)
    case.equal(found["added"], len(names) + 1, "files of a hostile folder")
    case.equal(found["rejected"], len(names), "broken lines of a hostile folder")
    with open(case.index + ".rejects", encoding="utf-8") as rejects:
        case.equal(len([json.loads(line) for line in rejects]), len(names), "lines of the rejects")
    for form in ("text", "jsonl", "csv"):
        text = cli.search(case.index, "*", form)
        case.check(form != "text" or not CONTROL.search(text), "names in %s" % form)


def values(temp, tally):
    """Values that no clock, number or text holds."""
    case = Case(temp, tally, "values")
    case.lines(
        "values.jsonl", GOOD,
        {"id": "year", "published_at": "292277026596-12-04T15:30:08Z", "text": "t1"},
        {"id": "epoch", "published_at": 9223372036854775807, "text": "t2"},
        '{"id": "huge", "views": 1e400, "text": "t3"}',
        '{"id": "nan", "views": NaN, "text": "t4"}',
        {"id": "nans", "views": "NaN", "text": "t5"},
        '{"id": "infinite", "views": Infinity, "text": "t6"}',
        '{"id": "minus", "views": -1, "text": "t7"}',
        '{"id": "long", "views": %s, "text": "t8"}' % ("9" * 400),
        '{"id": "surrogate", "text": "lone \\ud800 one"}',
        '{"id": "nul", "text": "nul \\u0000 inside", "platform": "a\\u0000b"}',
        '{"id": "twice", "id": "twice2", "text": "duplicate keys"}',
        {"id": "homoglyph", "tіtle": "Cyrillic і", "text": "real text"},
        {"id": "token", "text": "x" * 300000 + " " + "哈" * 300000 + " end"},
        {"id": "marks", "text": "a" + "\u0301" * 200000 + " zalgo"},
        {"id": "names", "text": "t9", "\u202e\x1b[31mname": "v", "": "empty name", "n" * 100000: "long name"})
    found = case.run()
    hits = {hit["id"]: hit for hit in case.hits()}
    reasons = found["reasons"]
    case.check(not {"year", "epoch", "huge", "nan", "infinite", "minus", "long"} & set(hits), "values that cannot be: %s" % sorted(hits))
    case.check(reasons.get("bad_date") == 2 and reasons.get("bad_count", 0) + reasons.get("json_syntax", 0) >= 5, "reasons: %s" % reasons)
    case.check("nans" in hits and hits["nans"].get("views") is None, "a written NaN is an absent count")
    case.check("good" in hits and hits["nul"]["text"] == "nul \0 inside" and hits["nul"]["platform"] == "a\0b", "NULs are kept")
    case.check("surrogate" not in hits or "\ud800" not in hits["surrogate"]["text"], "a lone surrogate")
    case.check("title" not in hits["homoglyph"], "a homoglyph is another name: %s" % hits["homoglyph"])
    case.check(len({"twice", "twice2"} & set(hits)) == 1 or reasons.get("json_syntax", 0) >= 4, "duplicate keys")
    case.equal([hit["id"] for hit in case.hits('"%s end"' % ("哈" * 50))], ["token"], "the end of an overlong token")
    case.equal([hit["id"] for hit in case.hits("zalgo")], ["marks"], "behind 200,000 marks")
    for options in ((), ("--facet", "platform:0"), ("--format", "csv")):
        text = cli.run("search", "-i", case.index, "-n", "0", *options, "*").decode()
        case.check("csv" in options or not CONTROL.search(text), "control characters of values")


def tables(temp, tally):
    """100,000 columns, columns of one name, a header alone."""
    case = Case(temp, tally, "columns")
    count = 100000
    case.write("wide.csv", "id,title,%s\n" % ",".join("c%d" % i for i in range(count)) + "wide,good title,%s\n" % ",".join("v" * count) +
               "narrow,good title\n")
    case.write("same.csv", ",".join(["title"] * 10000) + "\n" + ",".join(["same"] * 10000) + "\n")
    case.write("head.csv", "id,title\n")
    found = case.run(seconds=30)
    case.equal((found["added"], found["reasons"]), (1, {"csv_syntax": 1}), "a table too wide, and the one beside it")
    case.equal(len(case.hits("same")), 1, "10,000 columns of one name")


def facets(temp, tally, count):
    """As many values of a facet as there are documents."""
    case = Case(temp, tally, "facets")
    with open(case.path("many.jsonl"), "w", encoding="utf-8") as out:
        for i in range(count):
            out.write('{"id": "%d", "platform": "p%d", "author": "a%d", "text": "t"}\n' % (i, i, i))
    case.run(seconds=300)
    answer = cli.search_json(case.index, "*", "-n", "1", "--facet", "platform:3")["facets"]["platform"]
    case.equal(sum(v["count"] for v in answer["values"]) + answer["other"] + answer["missing"], count, "the sum of a facet")
    table = cli.run("count", "-i", case.index, "--by", "author", "--format", "csv", "*").decode().splitlines()
    case.check(len(table) > count, "rows of a table: %d" % len(table))


def queries(temp, tally):
    """Queries of a megabyte, and nested without end: an answer or one line that says what is wrong."""
    case = Case(temp, tally, "queries")
    case.lines("a.jsonl", GOOD)
    case.run()
    evil = ["a " * 500000, "(" * 1000000, "NOT " * 250000 + "a", "-" * 500000 + "a", '"' + "哈" * 330000 + '"', "x" * 1000000, "*" * 1000000,
            "a OR " * 200000 + "good", "a NEAR/1 " * 100000 + "a", "views:" + "9" * 1000000, "date:" + "1" * 1000000, "{" * 1000000, "~" + "哈" * 300000,
            "title:" * 100000 + "a", '"' + "\\" * 999999, "x." + "y" * 900000 + ":1", "~" + "zhuangshuang" * 15]
    for query in evil:
        path = case.write("query.txt", query + "\n")
        started = time.monotonic()
        done = subprocess.run(cli.command("search", "-i", case.index, "--queries", path, "--format", "jsonl"), stdin=subprocess.DEVNULL,
                              capture_output=True, timeout=120, preexec_fn=cli.in_one_gib)
        case.check(done.returncode in (0, 1, 2), "exit status %d of %r..." % (done.returncode, query[:20]))
        case.check(time.monotonic() - started < 60, "time of %r..." % query[:20])
    for query in (query[:40000] for query in evil):
        done = subprocess.run(cli.command("explain", "-i", case.index, "--", query), stdin=subprocess.DEVNULL, capture_output=True, timeout=120, preexec_fn=cli.in_one_gib)
        case.check(done.returncode in (0, 1, 2), "explain: exit status %d of %r..." % (done.returncode, query[:20]))


def databases(temp, tally):
    """A schema that would do things when it is read."""
    case = Case(temp, tally, "schema")
    db = sqlite3.connect(case.path("evil.db"))
    db.executescript("""
        CREATE TABLE posts(id TEXT, title TEXT, text TEXT);
        INSERT INTO posts VALUES('good', 'good title', 'text');
        CREATE TRIGGER t AFTER INSERT ON posts BEGIN DELETE FROM posts; END;
        CREATE VIEW endless AS WITH RECURSIVE r(id, title) AS (SELECT 1, 'x' UNION ALL SELECT id + 1, title FROM r) SELECT id, title FROM r;
        CREATE VIEW writes AS SELECT writefile('/tmp/jibek-evil', 'x') AS title;
        CREATE VIEW loads AS SELECT load_extension('/tmp/evil') AS title;
        CREATE TABLE "quoted ""name"" ; DROP TABLE posts; --"(title TEXT, text TEXT);
        INSERT INTO "quoted ""name"" ; DROP TABLE posts; --" VALUES('good second', 'b');
        CREATE TABLE generated(title TEXT, text TEXT AS (title || hex(zeroblob(10))));
        INSERT INTO generated(title) VALUES('good third');
    """)
    try:
        db.executescript("CREATE VIRTUAL TABLE full USING fts5(title, text); INSERT INTO full VALUES('good fourth', 'd');")
    except sqlite3.OperationalError:
        print("  this SQLite has no FTS5: no virtual table here")
    db.commit()
    db.close()
    with open(case.path("evil.db"), "rb") as data:
        before = data.read()
    found = case.run(seconds=30)
    case.check(any(hit["id"] == "good" for hit in case.hits()), "a table beside views: %s" % found)
    case.check(not os.path.exists("/tmp/jibek-evil"), "a view wrote a file")
    case.check(len(case.hits("second")) == 1, "a table with a hostile name")
    with open(case.path("evil.db"), "rb") as data:
        case.check(data.read() == before, "the database was changed")
    db = sqlite3.connect(case.path("schema.db"))
    db.execute("CREATE TABLE posts(title TEXT)")
    db.execute("PRAGMA writable_schema = 1")
    db.execute("UPDATE sqlite_master SET sql = 'CREATE TABLE posts(title TEXT, title TEXT CHECK(load_extension(''x'')))'")
    db.commit()
    db.close()
    case.run(case.path("schema.db"), seconds=30)


def pages(temp, tally, depth):
    """Elements nested a million deep, attributes and comments without end."""
    case = Case(temp, tally, "pages")
    sentence = "<p>Some sentence stands here, and it is long enough to be one.</p>"
    case.write("deep.html", "<html><h1>t</h1>" + "<div>" * depth + sentence)
    case.write("wide.html", "<html><h1>t</h1>" + "<p>a" * depth + sentence)
    case.write("attributes.html", "<html><h1 " + "".join("a%d=b " % i for i in range(depth // 10)) + ">t</h1>" + sentence)
    case.write("comment.html", "<html><h1>t</h1><!--" + "-" * depth + sentence)
    case.write("tables.html", "<html><h1>t</h1>" + "<table><tr><td>" * (depth // 10) + sentence)
    found = case.run(seconds=60)
    case.equal(found["read"], 5, "pages read")


def archives(temp, tally):
    """Records whose lengths lie."""
    case = Case(temp, tally, "warc")
    block = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<h1>good page</h1><p>Some sentence stands here, and it is long enough.</p>"

    def record(number, length):
        return (b"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: https://a.example/%d\r\nWARC-Date: 2020-04-14T10:00:00Z\r\n"
                b"Content-Type: application/http\r\nContent-Length: %s\r\n\r\n" % (number, length)) + block + b"\r\n\r\n"

    right = b"%d" % len(block)
    lies = [b"0", b"1", b"-1", b"99999999", b"18446744073709551615", b"18446744073709551616", b"1e9", b"", b"0x10", right + b"junk", b"9" * 1000]
    for number, lie in enumerate(lies):
        case.write("lie%02d.warc" % number, record(number, lie) + record(100 + number, right))
    case.run(seconds=30)
    urls = {hit.get("url") for hit in case.hits()}
    for number, lie in enumerate(lies):
        # A length that takes in all that follows hides it; what follows any other is found.
        swallowed = lie in (b"99999999", b"18446744073709551615")
        case.check(swallowed or "https://a.example/%d" % (100 + number) in urls, "the record behind Content-Length: %r" % lie[:30])


def main(tally):
    parser = cli.parser(__doc__)
    parser.add_argument("--long", action="store_true", help="bombs of 2 GB, a million facet values and elements")
    given = parser.parse_args()
    cli.begin(given)
    with cli.workplace(given.index, tally) as temp:
        bombs(temp, tally, (2 << 30) if given.long else (64 << 20))
        members(temp, tally)
        folders(temp, tally)
        values(temp, tally)
        tables(temp, tally)
        facets(temp, tally, 1000000 if given.long else 30000)
        queries(temp, tally)
        databases(temp, tally)
        pages(temp, tally, 1000000 if given.long else 200000)
        archives(temp, tally)


if __name__ == "__main__":
    cli.guarded(main)
