#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Readers and writers side by side: a reader keeps the state it began with, whatever is
compacted, purged, forgotten or added meanwhile, and nothing it does harms the index."""

import collections
import csv
import hashlib
import json
import os
import random as randoms
import shutil
import signal
import subprocess
import threading
import time

import cli
import corpus
import records

COMMANDS = ("forget", "compact", "compact --purge", "index")
FIELDS = ("--fields", "platform,id,title,text")


def build(temp, random, options):
    """An index of several segments; its records by id."""
    made = {}
    folder = os.path.join(temp, "base.jibek")
    for part in range(4):
        some = list(corpus.records(random, options.records // 4, "p%d-" % part))
        for record in some:
            record["title"] = "%s %s" % (record.get("title", ""), record["id"])
            made[record["id"]] = record
        path = os.path.join(temp, "part%d.jsonl" % part)
        records.write_jsonl(path, some)
        cli.index(folder, [path])
    return folder, made


class Writer:
    """Changes an index, and knows what it then holds."""

    def __init__(self, random, temp, folder, ids):
        self.random, self.temp, self.folder, self.ids = random, temp, folder, set(ids)
        self.serial = 0

    def do(self, what):
        if what == "forget":
            gone = set(self.random.sample(sorted(self.ids), 5))
            path = os.path.join(self.temp, "ids.txt")
            with open(path, "w", encoding="utf-8") as out:
                out.write("".join(one + "\n" for one in gone))
            cli.run("forget", "-i", self.folder, "--ids", path)
            self.ids -= gone
        elif what == "index":
            self.serial += 1
            some = [{"id": "new%d-%d" % (self.serial, n), "platform": "new", "title": "added %d" % n} for n in range(20)]
            path = os.path.join(self.temp, "new.jsonl")
            records.write_jsonl(path, some)
            cli.index(self.folder, [path])
            self.ids |= {one["id"] for one in some}
        else:
            cli.run(*what.split(), "-i", self.folder)


def check_now(folder, ids, what, tally):
    """What a command that starts now finds."""
    try:
        got = cli.search_ids(folder, "*")
    except cli.JibekError as error:
        tally.check(False, "%s: %s" % (what, error))
        return
    tally.equal((len(got), sorted(set(got) ^ ids)[:5]), (len(ids), []), "%s: (documents, ids that differ)" % what)


def row_of(record):
    return record["id"], *records.content(record)


def held_search(folder):
    """A search that waits with its rows half read: the pipe is full."""
    process = subprocess.Popen(cli.command("search", "-i", folder, "-n", "0", "--format", "jsonl", *FIELDS, "*"),
                               stdout=subprocess.PIPE)
    return process, process.stdout.readline()


def check_held(random, temp, base, made, plan, tally):
    """A reader that lives through writers: right itself, and so is everybody else, then and later."""
    folder = os.path.join(temp, "held.jibek")
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(base, folder)
    writer = Writer(random, temp, folder, made)
    what = "a search held open during: " + ", ".join(plan)
    writer.do("forget")
    began = set(writer.ids)
    process, first = held_search(folder)
    for number, command in enumerate(plan):
        try:
            writer.do(command)
        except cli.JibekError as error:
            tally.check(False, "%s: %s" % (what, error))
        check_now(folder, writer.ids, "%s; a new search after %d of them" % (what, number + 1), tally)
    out = process.stdout.read()
    tally.equal(process.wait(), 0, what + ": its end")
    rows = [json.loads(line) for line in (first + out).splitlines()]
    wrong = [row["id"] for row in rows if row_of(row) != row_of(made[row["id"]])]
    tally.equal((len(rows), {row["id"] for row in rows} == began, wrong[:5]), (len(began), True, []), what + ": its rows")
    check_now(folder, writer.ids, what + "; a search when it has ended", tally)


def check_stopped_export(random, temp, base, made, command, tally):
    """An export stopped somewhere, a writer, and the export goes on."""
    folder, path = os.path.join(temp, "stopped.jibek"), os.path.join(temp, "stopped.csv")
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(base, folder)
    writer = Writer(random, temp, folder, made)
    writer.do("forget")
    states = [set(writer.ids)]
    delay = random.random() * 0.15
    what = "an export stopped after %.0f ms for %s" % (delay * 1000, command)
    process = subprocess.Popen(cli.command("export", "-i", folder, "-o", path, *FIELDS, "*"), stderr=subprocess.PIPE)
    time.sleep(delay)
    process.send_signal(signal.SIGSTOP)
    try:
        writer.do(command)
    except cli.JibekError as error:
        tally.check(False, "%s: %s" % (what, error))
    states.append(set(writer.ids))
    process.send_signal(signal.SIGCONT)
    said = process.communicate()[1]
    if tally.equal(process.returncode, 0, "%s: its end\n  %s" % (what, said.decode("utf-8", "replace"))):
        check_export(path, made, states, what, tally)
    check_now(folder, writer.ids, what + "; a search afterwards", tally)


def check_export(path, made, states, what, tally):
    with open(path, encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines, strict=True))
    ids = [row["id"] for row in rows]
    tally.check(len(ids) == len(set(ids)) and set(ids) in states, "%s: %d rows are of no state of the index" % (what, len(ids)))
    wrong = [row["id"] for row in rows if row["id"] in made and row_of(row) != row_of(made[row["id"]])]
    tally.equal(wrong[:5], [], what + ": rows that are not as they should be")
    with open(path, "rb") as data, open(path + ".manifest.json", encoding="utf-8") as lines:
        manifest, digest = json.load(lines), hashlib.sha256(data.read()).hexdigest()
    tally.equal((manifest["rows"], manifest["sha256"]), (len(rows), digest), what + ": manifest")


def check_crowd(random, temp, base, made, seconds, readers, tally):
    """Many short readers while a writer works without a pause: none fails, each sees some whole state."""
    folder = os.path.join(temp, "crowd.jibek")
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(base, folder)
    writer, ended, failures, totals = Writer(random, temp, folder, made), threading.Event(), collections.Counter(), set()
    tried = collections.Counter()

    def read():
        while not ended.is_set():
            tried["search"] += 1
            try:
                got = cli.search_json(folder, "*", "-n", "1", "--facet", "platform:0")
                facet = got["facets"]["platform"]
                if sum(one["count"] for one in facet["values"]) + facet["missing"] != got["total"]:
                    failures["a facet and a total of two generations"] += 1
                totals.add(got["total"])
            except cli.JibekError as error:
                failures[str(error)] += 1

    readers = [threading.Thread(target=read) for _ in range(readers)]
    sizes, until = {len(writer.ids)}, time.monotonic() + seconds
    for one in readers:
        one.start()
    try:
        while time.monotonic() < until:
            command = random.choice(COMMANDS)
            writer.do(command)
            tried[command] += 1
            sizes.add(len(writer.ids))
    except cli.JibekError as error:
        tally.check(False, "the writer among readers: %s" % error)
    ended.set()
    for one in readers:
        one.join()
    print("a crowd:", dict(tried), flush=True)
    tally.equal(dict(failures), {}, "readers beside a writer that failed, of %d" % tried["search"])
    tally.equal(sorted(totals - sizes)[:5], [], "totals that were never those of the index")
    check_now(folder, writer.ids, "after readers and writers together", tally)


def check_lock(temp, base, tally):
    """A second writer is told who holds the lock and since when; a killed one's does not block."""
    folder, fifo = os.path.join(temp, "locked.jibek"), os.path.join(temp, "fifo")
    shutil.copytree(base, folder)
    os.mkfifo(fifo)
    process = subprocess.Popen(cli.command("index", "-i", folder, "--format", "jsonl", fifo), stderr=subprocess.DEVNULL)
    held = open(fifo, "wb")
    said = b""
    for _ in range(200):
        done = subprocess.run(cli.command("compact", "-i", folder), capture_output=True)
        said = done.stderr
        if done.returncode == 3:
            break
        time.sleep(0.02)
    want = b"process %d since 20" % process.pid
    tally.check(done.returncode == 3 and want in said, "a second writer is told: %s" % said)
    cli.run("search", "-i", folder, "-n", "1", "*")
    process.kill()
    process.wait()
    held.close()
    cli.run("compact", "-i", folder)


def check_info(temp, base, tally):
    """`info` tells of a reader that stays behind, and no more when it has gone."""
    folder = os.path.join(temp, "behind.jibek")
    shutil.copytree(base, folder)
    process, _ = held_search(folder)
    cli.run("forget", "-i", folder, "中国")
    told = cli.run("info", "-i", folder).decode()
    tally.check("readers       1; process %d is 1 commits behind" % process.pid in told, "info beside a reader: " + told)
    process.kill()
    process.communicate()
    told = cli.run("info", "-i", folder).decode()
    tally.check("readers       0\n" in told, "info when it has gone: " + told)


def check_read_only(temp, base, tally):
    """A folder that nobody may write to is read without LMDB's lock file."""
    folder = os.path.join(temp, "readonly.jibek")
    shutil.copytree(base, folder)
    for name in os.listdir(folder):
        if name.endswith("-lock") or name == "write.lock":
            os.remove(os.path.join(folder, name))
    want, names = cli.search_ids(base, "*"), sorted(os.listdir(folder))
    os.chmod(folder, 0o555)
    try:
        tally.equal(cli.search_ids(folder, "*"), want, "a folder that is read-only")
        if os.geteuid():
            tally.equal(sorted(os.listdir(folder)), names, "what a reader left in it")
    finally:
        os.chmod(folder, 0o755)


def main(tally):
    parser = cli.parser(__doc__)
    parser.add_argument("--records", type=int, default=4000, help="records (default 4000)")
    parser.add_argument("--rounds", type=int, default=12, help="readers held open, and exports stopped (default 12 each)")
    parser.add_argument("--readers", type=int, default=3, help="of them at a time (default 3)")
    parser.add_argument("--seconds", type=float, default=6, help="of many short readers beside a writer (default 6)")
    options = parser.parse_args()
    random = cli.begin(options)
    with cli.workplace(options.index, tally) as temp:
        base, made = build(temp, random, options)
        check_lock(temp, base, tally)
        check_info(temp, base, tally)
        check_read_only(temp, base, tally)
        for number in range(options.rounds):
            plan = [COMMANDS[number]] if number < len(COMMANDS) else random.choices(COMMANDS, k=random.randint(1, 4))
            check_held(randoms.Random(random.random()), temp, base, made, plan, tally)
            check_stopped_export(random, temp, base, made, random.choice(COMMANDS), tally)
        check_crowd(random, temp, base, made, options.seconds, options.readers, tally)


if __name__ == "__main__":
    cli.guarded(main)
