#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every call to the system by which a command changes an index is, in turn, its last; or fails.
Afterwards the index is sound, and the same command again gives what an undisturbed one gives:
nothing that was committed is lost, nothing is there twice."""

import os
import re
import shutil
import time

import accounting_model
import cli
import damage
import faults
import prop_crash
import records

QUERIES = ("*", "中国", '"#1"', "views:>500", "platform:weibo", "NOT platform:weibo 真相", "copy_of:yes", "gone:yes", "title:历史 OR views:<50")
SHOWN = 3
KINDS = ("kill", "tear", "power")
TEXTS = {"ENOSPC": "No space left on device", "EIO": "Input/output error", "ENOMEM": "Cannot allocate memory", "EMFILE": "Too many open files"}


class Scenario:
    """A command, the index before it and what it needs; the answers before and after."""

    def __init__(self, name, base, args, inputs):
        self.name, self.base, self.args, self.inputs = name, base, args, inputs
        self.want = self.before = None
        self.refused = []  # what may be in the rejects file in the end

    def begin(self, folder):
        shutil.rmtree(folder, ignore_errors=True)
        if self.base:
            shutil.copytree(self.base, folder)
        return [folder if one == "INDEX" else one for one in self.args]


def answers(folder, ids):
    """Rows, counts, sizes and some records whole; None where there is no index yet."""
    if not os.path.isdir(folder) or not any(name.endswith(".mdb") for name in os.listdir(folder)):
        return None
    try:
        rows = cli.search(folder, "*", "jsonl")
    except cli.JibekError as error:
        if "is not" in str(error):
            return None
        raise
    found = {query: cli.search(folder, query, "ids") for query in QUERIES}
    found["rows"] = sorted(rows.splitlines())
    found["as of"] = sorted(cli.search(folder, "*", "jsonl", "--as-of", "2020-01-03").splitlines())
    found["facets"] = cli.search_json(folder, "*", "--facet", "platform:0", "--facet", "lang:0", "--facet", "status:0")["facets"]
    info = cli.run("info", "-i", folder).decode("utf-8").splitlines()
    found["info"] = [line for line in info if line.startswith(("documents", "old", "forgotten", "observations", "pending", "words"))]
    for one in ids:
        found["show " + one] = cli.run("show", "-i", folder, one, expect=(0, 1)).decode("utf-8", "replace")
    # What was seen when no time is said is of the time of indexing.
    return {name: re.sub(INDEXED_AT, "", value) if isinstance(value, str) else value for name, value in found.items()}


INDEXED_AT = re.compile(r"20[2-9]\d-\d\d-\d\dT\d\d:\d\d:\d\dZ? ?\(?(indexed|assumed)?\)?")


def rejects(folder):
    path = os.path.join(folder, "rejects.jsonl")
    return prop_crash.rejects(folder) if os.path.exists(path) else []


def write_lines(path, maker, count):
    with open(path, "wb") as out:
        out.writelines(maker.line(0.25, 0.02) + b"\n" for _ in range(count))


def scenarios(random, temp, count):
    """Every command that writes, on small indexes."""
    maker = accounting_model.Maker(random)
    first, second, seen = (os.path.join(temp, name) for name in ("first.jsonl", "second.jsonl", "seen.jsonl"))
    write_lines(first, maker, count)
    write_lines(second, maker, count)
    named = sorted({(one["platform"], one["id"]) for one in maker.made if one.get("platform") and one.get("id")})
    rows = [{"platform": platform, "id": ident, "observed_at": "2021-0%d-01T00:00:00Z" % random.randrange(1, 9),
             "status": random.choice(["live", "gone", "author_deleted"]), "views": random.randrange(5000)}
            for platform, ident in random.sample(named, min(60, len(named)))]
    rows += [{"platform": "weibo", "id": "nobody%d" % n, "observed_at": "2021-01-01T00:00:00Z", "status": "gone"} for n in range(9)]
    records.write_jsonl(seen, rows)
    index = ["index", "-i", "INDEX", "--jobs", "1", "--memory", "1M"]
    made = os.path.join(temp, "made.jibek")
    cli.run("index", "-i", made, "--jobs", "1", first, expect=(0, 1))
    more = damage.copy(made, os.path.join(temp, "more.jibek"))
    cli.run("index", "-i", more, "--jobs", "1", second, expect=(0, 1))
    cli.run("observe", "-i", more, seen)
    less = damage.copy(more, os.path.join(temp, "less.jibek"))
    cli.run("forget", "-i", less, "platform:wechat OR views:..300")
    found = [
        Scenario("make", None, [*index, first, second], [first, second]),
        Scenario("add", made, [*index, first, second], [first, second]),
        Scenario("observe", made, ["observe", "-i", "INDEX", seen], [seen]),
        Scenario("forget", more, ["forget", "-i", "INDEX", "views:>800"], []),
        Scenario("compact", more, ["compact", "-i", "INDEX"], []),
        Scenario("purge", less, ["compact", "-i", "INDEX", "--purge"], []),
    ]
    return found, [ident for _, ident in random.sample(named, SHOWN)]


class Trial:
    """One disturbed run after the other of all scenarios, in one folder."""

    def __init__(self, temp, ids, tally):
        self.work = os.path.join(temp, "work")
        self.folder = os.path.join(self.work, "index.jibek")
        self.log = os.path.join(temp, "calls.log")
        self.ids, self.tally = ids, tally
        self.done = {}
        os.mkdir(self.work)

    def golden(self, one):
        args = one.begin(self.folder)
        one.before = answers(self.folder, self.ids)
        lines, status, said, _ = faults.points(args, self.work, self.log)
        self.tally.check(status in (0, 1) and lines, "%s, undisturbed: %s" % (one.name, said))
        one.want, one.refused = answers(self.folder, self.ids), [rejects(self.folder)]
        if one.inputs:
            # A file of which something was rejected is read again, once a run has come to its end.
            faults.run(args, self.work)
            one.refused.append(rejects(self.folder))
        return lines

    def sound(self, one, what):
        """The index as the disturbed run left it; what it answers."""
        left = answers(self.folder, self.ids)
        if left is not None:
            cli.run("check", "--deep", "-i", self.folder)
        if one.before and one.name not in ("make", "add"):
            self.tally.check(left in (one.before, one.want) or one.name == "observe", what + ": neither as before nor as after")
        elif left:
            origins = [row["origin"] for row in cli.search_jsonl(self.folder, "*", "--fields", "origin")]
            self.tally.equal(len(origins), len(set(origins)), what + ": records twice")
            if one.before:
                held = set(one.before['*'].splitlines()) - set(left['*'].splitlines())
                self.tally.equal(held, set(), what + ": records lost")
        return left

    def again(self, one, args, what):
        status, said, _ = faults.run(args, self.work)
        self.tally.check(status in (0, 1), "%s; the command again: %s %s" % (what, status, said))
        got = answers(self.folder, self.ids) or {}
        for name in one.want:
            self.tally.equal(got.get(name), one.want[name], "%s; then %s" % (what, name))
        self.tally.check(rejects(self.folder) in one.refused, what + ": what was rejected")
        cli.run("check", "--deep", "-i", self.folder)

    def count(self, kind, one):
        self.done[kind, one.name] = self.done.get((kind, one.name), 0) + 1

    def die(self, one, lines, kind, at):
        what = "%s: %s at call %d of %d (%s)" % (one.name, kind, at, len(lines), lines[at - 1])
        args = one.begin(self.folder)
        status, said, _ = faults.run(args, self.work, at, kind)
        self.tally.check(status in (-9, 0, 1), "%s: ended with %s: %s" % (what, status, said))
        self.count(kind, one)
        try:
            self.sound(one, what)
            self.again(one, args, what)
        except cli.JibekError as error:
            self.tally.check(False, "%s: %s" % (what, error))

    def fail(self, one, lines, error, at, calls, stays=False):
        what = "%s: %s at call %d of %d (%s)" % (one.name, error, at, len(lines), lines[at - 1])
        args = one.begin(self.folder)
        status, said, _ = faults.run(args, self.work, at, faults.ERRORS.get(error, error), calls, stays)
        self.count(error, one)
        try:
            self.told(one, status, said, error, what)
            self.sound(one, what)
            self.again(one, args, what)
        except cli.JibekError as trouble:
            self.tally.check(False, "%s: %s" % (what, trouble))

    def told(self, one, status, said, error, what):
        """Either it did not matter, or the error says which file and why."""
        if status in (0, 1):
            self.tally.equal(answers(self.folder, self.ids) == one.want, True, what + ": told nothing, and the answers differ")
            return
        good = status == 3 and TEXTS.get(error, "") in said and ("/" in said or "meta.mdb" in said)
        self.tally.check(good, "%s: ended with %s and said: %s" % (what, status, said))


def check_deaths(random, trial, one, lines, most):
    for kind in KINDS:
        places = [at for at in range(1, len(lines) + 1) if kind != "tear" or "write" in lines[at - 1].split()[0]]
        for place in faults.some(random, len(places), most):
            trial.die(one, lines, kind, places[place - 1])


def check_failures(random, trial, one, most):
    for calls, errors in ((faults.CHANGES, ("ENOSPC", "EIO", "short")), (faults.READS, ("EIO", "EMFILE", "ENOMEM", "short"))):
        lines, *_ = faults.points(one.begin(trial.folder), trial.work, trial.log, calls)
        for error in errors:
            for at in faults.some(random, len(lines), most):
                trial.fail(one, lines, error, at, calls, stays=error == "ENOSPC")


def requests(random, most):
    """Numbers of requests for memory: small and large ones alike."""
    return [random.randrange(1, 10**random.randrange(2, 7)) for _ in range(most)]


def check_memory(random, trial, one, most):
    """No memory from the Nth request on, whoever asks."""
    for at in requests(random, most):
        what = "%s: no memory from request %d on" % (one.name, at)
        args = one.begin(trial.folder)
        status, said, _ = faults.run(args, trial.work, memory=at)
        trial.count("no memory", one)
        trial.tally.check(status in (0, 1) or status == 3 and "out of memory" in said, "%s: ended with %s and said: %s" % (what, status, said))
        try:
            trial.sound(one, what)
            trial.again(one, args, what)
        except cli.JibekError as error:
            trial.tally.check(False, "%s: %s" % (what, error))


READING = (("search", "-n", "0", "--format", "jsonl", "中国 OR 历史 OR kaz*"), ("search", "--format", "csv", "--facet", "platform", "--sort", "views", "~中国"),
           ("count", "--by", "platform,status", "--stat", "median:views", "*"), ("kwic", "中国"), ("info",), ("check", "--deep"), ("words",),
           ("stories",), ("trace", "--quote", "中国历史"), ("explain", "中国 OR Kazakhstan"))


def check_reading_memory(random, trial, base, most):
    """Commands that read, without memory from the Nth request on: they say so, or it was enough."""
    for args in READING:
        argv = [args[0], "-i", base, *args[1:]]
        golden, _, want = faults.run(argv, trial.work)
        trial.tally.check(golden in (0, 1), "%s: ended with %s" % (args[0], golden))
        for at in requests(random, most):
            status, said, got = faults.run(argv, trial.work, memory=at)
            trial.tally.check(status == golden and got == want or status == 3 and "out of memory" in said,
                              "%s: no memory from request %d on: ended with %s and said: %s" % (args[0], at, status, said))
            trial.done["reading, no memory", args[0]] = trial.done.get(("reading, no memory", args[0]), 0) + 1


def check_readers(random, trial, base, most):
    """Commands that read: the right answer, or exit status 3 and why."""
    out = os.path.join(trial.work, "out.csv")
    shutil.rmtree(trial.folder, ignore_errors=True)
    shutil.copytree(base, trial.folder)
    for args in (("search", "-n", "0", "--format", "jsonl", "中国 OR 历史"), ("count", "--by", "platform", "*"), ("export", "-o", out, "*"),
                 ("kwic", "中国"), ("info",), ("check", "--deep"), ("words",)):
        argv = [args[0], "-i", trial.folder, *args[1:]]
        for calls in (faults.READS, faults.CHANGES):
            lines, golden, _, want = faults.points(argv, trial.work, trial.log, calls)
            for error in ("EIO", "EMFILE", "ENOMEM", "ENOSPC", "short"):
                for at in faults.some(random, len(lines), most):
                    what = "%s: %s at call %d of %d (%s)" % (args[0], error, at, len(lines), lines[at - 1])
                    status, said, got = faults.run(argv, trial.work, at, faults.ERRORS.get(error, error), calls)
                    good = status == golden and got == want or status == 3 and said or args[0] == "check" and status == 1 and got
                    trial.tally.check(good, "%s: ended with %s and said: %s" % (what, status, said))
                    trial.done["reading fails", args[0]] = trial.done.get(("reading fails", args[0]), 0) + 1


def main(tally):
    parser = cli.parser(__doc__)
    parser.add_argument("--records", type=int, default=150, help="records of each of two files (default 150)")
    parser.add_argument("--points", type=int, default=0, help="calls of each kind and command (default 0: all)")
    parser.add_argument("--only", default="", help="of crash, fail, memory, read: what to do (default: all)")
    parser.add_argument("--command", default="", help="of make, add, observe, forget, compact, purge: which (default: all)")
    options = parser.parse_args()
    random = cli.begin(options)
    if faults.sanitized():
        print("skipped: a binary with sanitizers cannot be preloaded")
        raise SystemExit(77)
    with cli.workplace(options.index, tally) as temp:
        temp = os.path.realpath(temp)
        every, ids = scenarios(random, temp, options.records)
        trial = Trial(temp, ids, tally)
        for one in every:
            if options.command and one.name not in options.command.split(","):
                continue
            lines, began = trial.golden(one), time.monotonic()
            if options.only in ("", "crash"):
                check_deaths(random, trial, one, lines, options.points)
            if options.only in ("", "fail"):
                check_failures(random, trial, one, options.points)
            if options.only in ("", "memory"):
                check_memory(random, trial, one, options.points or 60)
            print("%s: %d calls that change something, %.0f s" % (one.name, len(lines), time.monotonic() - began), flush=True)
        if options.only in ("", "memory"):
            check_reading_memory(random, trial, every[-1].base, 10 * (options.points or 60))
        if options.only in ("", "read"):
            check_readers(random, trial, every[-1].base, options.points)
        for kind in sorted({kind for kind, _ in trial.done}):
            print("%-14s %s" % (kind, ", ".join("%s %d" % (name, n) for (k, name), n in trial.done.items() if k == kind)))


if __name__ == "__main__":
    cli.guarded(main)
