# SPDX-License-Identifier: GPL-3.0-or-later
"""The engines, each behind the same few calls.  What makes one fast is said where it is done."""

import contextlib
import json
import os
import shutil
import sqlite3
import subprocess

from . import measure
from .engine import FACETS, PEERS, SHOWN, Engine
from .lucene import Lucene4, Lucene9
from .tantivy import Tantivy


class Jibek(Engine):
    name = "jibek"

    def __init__(self, tools, folder, jobs, program):
        super().__init__(tools, folder, jobs)
        self.program = program

    def version(self):
        return subprocess.run([self.program, "--version"], stdout=subprocess.PIPE, text=True).stdout.split("\n")[0] + ", default options"

    def missing(self):
        return None if os.path.exists(self.tool("bench_jibek")) else "bench_jibek is not built"

    def index(self, data, part="docs"):
        return measure.run([self.program, "index", "-i", self.path("x.jibek"), "-j", str(self.jobs), data.path(part + ".jsonl")], folder=self.folder)

    def ask_command(self, questions):
        return [self.tool("bench_jibek"), self.path("x.jibek"), questions]

    def cold(self, questions):
        with open(questions, encoding="utf-8") as lines:
            string = lines.readline().rstrip("\n").split("\t")[3]
        return measure.run([self.program, "search", "-i", self.path("x.jibek"), "-n", str(SHOWN), '"%s"' % string], expect=(0, 1)).wall

    def observe(self, data):
        return measure.run([self.program, "observe", "-i", self.path("x.jibek"), data.path("observe.csv")], folder=self.folder)

    def export(self):
        return measure.run([self.program, "export", "-i", self.path("x.jibek"), "-o", self.path("rows.csv"), "*"])

    def text_bytes(self):
        return measure.size_of(self.folder, lambda name: name.endswith(".records"))


class SQLite(Engine):
    name = "SQLite FTS5 trigram"

    def version(self):
        return "%s, external content, one transaction, 'rebuild', no journal; LIKE below three characters" % sqlite3.sqlite_version

    def missing(self):
        return None if os.path.exists(self.tool("bench_sqlite")) else "bench_sqlite is not built"

    def run(self, command, *args, **how):
        return measure.run([self.tool("bench_sqlite"), command, self.path("db"), *args], **how)

    def index(self, data, part="docs"):
        return self.run("index", data.path(part + ".jsonl"), folder=self.folder)

    def ask_command(self, questions):
        return [self.tool("bench_sqlite"), "ask", self.path("db"), questions]

    def observe(self, data):
        return self.run("observe", data.path("observe.csv"), folder=self.folder)

    def text_bytes(self):
        """The table that holds the texts, its other columns with it."""
        try:
            with contextlib.closing(sqlite3.connect(self.path("db"))) as db:
                return db.execute("SELECT sum(pgsize) FROM dbstat WHERE name = 'docs'").fetchone()[0]
        except sqlite3.OperationalError:  # built without dbstat
            return None

    def export(self):
        return self.run("export", discard=True)


class Groonga(Engine):
    """Documents first, then the index over them all at once (its "static index construction")."""

    name = "Groonga TokenBigram"
    schema = ["table_create %s TABLE_PAT_KEY ShortText" % f.capitalize() for f in FACETS] + [
        "table_create Docs TABLE_HASH_KEY ShortText"] + [
        "column_create Docs %s COLUMN_SCALAR %s" % (f, f.capitalize()) for f in FACETS] + [
        "column_create Docs url COLUMN_SCALAR ShortText", "column_create Docs status COLUMN_SCALAR ShortText",
        "column_create Docs published_at COLUMN_SCALAR UInt32", "column_create Docs views COLUMN_SCALAR UInt32",
        "column_create Docs title COLUMN_SCALAR Text", "column_create Docs text COLUMN_SCALAR LongText"]
    words = ["table_create Terms TABLE_PAT_KEY ShortText --default_tokenizer TokenBigram --normalizer NormalizerAuto",
             "column_create Terms docs COLUMN_INDEX|WITH_POSITION|WITH_SECTION Docs title,text"]

    def version(self):
        out = subprocess.run(["groonga", "--version"], stdout=subprocess.PIPE, text=True).stdout
        return " ".join(out.split()[1:2]) + ", index built after loading, query cache off"

    def missing(self):
        return None if shutil.which("groonga") else "groonga is not installed (Debian: groonga-bin)"

    def load(self, path, before=(), after=()):
        """Groonga's loader takes objects one after another between brackets; no copy is made."""
        for name, lines in (("before", [*before, "load --table Docs --output_ids no", "["]), ("after", ["]", *after])):
            with open(self.path(name), "w", encoding="utf-8") as out:
                out.writelines(line + "\n" for line in lines)
        script = 'cat "$1/before" "$2" "$1/after" | groonga $3 "$1/db"'
        new = "" if os.path.exists(self.path("db")) else "-n"
        run = measure.run(["sh", "-c", script, "sh", self.folder, path, new], folder=self.folder)
        wrong = [line for line in run.out.splitlines() if line.startswith(b"[[") and not line.startswith(b"[[0,")]
        if wrong:
            raise measure.Failed("groonga: " + wrong[0].decode("utf-8", "replace")[:300])
        return run

    def index(self, data, part="docs"):
        first = part == "docs"
        return self.load(data.path(part + ".groonga"), self.schema if first else (), self.words if first else ())

    def select(self, question):
        _, mode, op, *strings = question
        query = (" OR " if op == "or" else " ").join('"%s"' % s for s in strings)
        line = "select Docs"
        if op != "all":
            line += " --match_columns 'title || text' --query %s" % json.dumps(query, ensure_ascii=False)
        if mode == "filter":
            line += " --filter 'section == \"s03\" && published_at >= 20200101 && published_at <= 20201231'"
        if mode == "facets":
            line += " --drilldown %s --drilldown_sort_keys -_nsubrecs --drilldown_limit %d" % (",".join(FACETS), SHOWN)
        if mode in ("ten", "sort"):
            return line + " --limit %d --output_columns title,text --sort_keys %s" % (SHOWN, "-_score" if mode == "ten" else "-published_at")
        return line + " --limit 0 --output_columns _id"

    def ask(self, questions, once=False):
        with open(questions, encoding="utf-8") as lines:
            selects = [self.select(line.rstrip("\n").split("\t")) for line in lines]
        with open(self.path("ask"), "w", encoding="utf-8") as out:
            out.write("cache_limit 0\n" + "".join(s + "\n" for s in (selects if once else selects + selects)))
        run = measure.run(["groonga", self.path("db")], stdin=self.path("ask"))
        if once:
            return run.wall
        answers = [json.loads(line) for line in run.out.decode("utf-8", "replace").splitlines() if line][-len(selects):]
        return [(int(a[0][2] * 1e9), a[1][0][0][0]) for a in answers]

    def cold(self, questions):
        return self.ask(questions, once=True)

    def observe(self, data):
        return self.load(data.path("observe.groonga"))

    def export(self):
        with open(self.path("ask"), "w", encoding="utf-8") as out:
            out.write("select Docs --limit -1 --output_columns %s\n" % ",".join(("_key", "url", *FACETS, "published_at", "views", "title", "text")))
        return measure.run(["groonga", self.path("db")], stdin=self.path("ask"), discard=True)

    def text_bytes(self):
        columns = tuple("db.%07X" % self.number_of("Docs." + name) for name in ("title", "text"))
        return measure.size_of(self.folder, lambda name: name.startswith(columns))

    def number_of(self, column):
        """A column is a file of this number, and others that begin with its name."""
        out = subprocess.run(["groonga", self.path("db"), "object_inspect", column], stdout=subprocess.PIPE, text=True).stdout
        return json.loads(out)[1]["id"]


class Xapian(Engine):
    """scriptindex, fed by a compiled reader of the JSON; few flushes."""

    name = "Xapian scriptindex"
    env = {"XAPIAN_CJK_NGRAM": "1", "XAPIAN_FLUSH_THRESHOLD": "100000"}

    def version(self):
        out = subprocess.run(["scriptindex", "--version"], stdout=subprocess.PIPE, text=True).stdout
        return out.split("\n")[0] + ", CJK n-grams with positions, flush at 100,000 documents"

    def missing(self):
        if not shutil.which("scriptindex"):
            return "scriptindex is not installed (Debian: xapian-omega)"
        return None if os.path.exists(self.tool("bench_xapian")) else "bench_xapian is not built (ninja bench_xapian)"

    def index(self, data, part="docs"):
        script = os.path.join(PEERS, "xapian.script")
        argv = ["sh", "-c", '"$1" dump "$2" | scriptindex -s none "$3" "$4"', "sh", self.tool("bench_floor"), data.path(part + ".jsonl"), self.path("x"), script]
        return measure.run(argv, folder=self.folder, env=self.env)

    def ask_command(self, questions):
        return [self.tool("bench_xapian"), self.path("x"), questions]

    def text_bytes(self):
        return measure.size_of(self.folder, lambda name: name.startswith("docdata"))


def make(names, tools, work, jobs, program):
    """The engines asked for, in order, and what is said of those that cannot run."""
    made = {
        "jibek": lambda f: Jibek(tools, f, jobs, program),
        "sqlite": lambda f: SQLite(tools, f, jobs),
        "groonga": lambda f: Groonga(tools, f, jobs),
        "tantivy": lambda f: Tantivy(tools, f, jobs),
        "lucene": lambda f: Lucene9(tools, f, jobs, "cjk"),
        "lucene-smartcn": lambda f: Lucene9(tools, f, jobs, "smartcn"),
        "cjk": lambda f: Lucene4(tools, f, jobs, "cjk"),
        "smartcn": lambda f: Lucene4(tools, f, jobs, "smartcn"),
        "xapian": lambda f: Xapian(tools, f, jobs),
    }
    engines, skipped = [], []
    for name in names:
        engine = made[name](os.path.join(work, name))
        why = engine.missing()
        if why:
            skipped.append("%s: %s" % (engine.name, why))
        else:
            engines.append(engine)
    return engines, skipped


NAMES = ("jibek", "sqlite", "groonga", "tantivy", "lucene", "lucene-smartcn", "cjk", "smartcn", "xapian")
