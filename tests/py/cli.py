# SPDX-License-Identifier: GPL-3.0-or-later
"""Running jibek, and the little that all checks share: temp folders, tallies, options."""

import argparse
import contextlib
import csv
import io
import json
import os
import random
import re
import resource
import shlex
import shutil
import subprocess
import sys
import tempfile

from fold import WHITE_CHAR, fold
from match import is_han

ROOT = os.path.normpath(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", ".."))
OPERATORS = re.compile(r"(AND|OR|NOT|(NEAR|ADJ)(/.*)?)\Z")
SPECIAL = set('"()\\:*~=<>{}|')
# What looks like another operator there is refused, and so is ".." alone, which makes ranges.
MISREAD_FIRST = set("“”„«»「」『』!−–—'‘+/&")


SANITIZED = "ASAN_OPTIONS" in os.environ  # then shadow memory is terabytes, and all is slow


class JibekError(Exception):
    """jibek ended in a way it should not have."""


def binary():
    path = os.environ.get("JIBEK") or os.path.join("build", "cli", "jibek")
    return path if os.path.isabs(path) else os.path.join(ROOT, path)


def command(*args):
    return [binary(), *map(str, args)]


def in_one_gib():
    """For a child before it becomes jibek: 1 GiB of memory."""
    if not SANITIZED:
        resource.setrlimit(resource.RLIMIT_DATA, (1 << 30, 1 << 30))


def run(*args, expect=(0,), timeout=600):
    """Run jibek; its stdout as bytes.  Raises on any exit status not in `expect`."""
    argv = command(*args)
    try:
        done = subprocess.run(argv, stdin=subprocess.DEVNULL, capture_output=True, timeout=timeout)
    except subprocess.TimeoutExpired:
        raise JibekError("no end after %d seconds: %s" % (timeout, shlex.join(argv))) from None
    if done.returncode not in expect:
        said = done.stderr.decode("utf-8", "replace").strip()
        if args[0] == "check":  # what it finds is its answer, not talk
            said = (done.stdout.decode("utf-8", "replace") + said).strip()
        raise JibekError("exit status %d from %s\n  %s" % (done.returncode, shlex.join(argv), said))
    return done.stdout


def index(folder, inputs, *options, may_reject=False):
    """`jibek index`; the summary as a dict."""
    with tempfile.TemporaryDirectory(prefix="jibek-summary-") as temp:
        summary = os.path.join(temp, "summary.json")
        run("index", "-i", folder, "--summary", summary, *options, *inputs,
            expect=(0, 1) if may_reject else (0,), timeout=7200)
        with open(summary, encoding="utf-8") as lines:
            return json.load(lines)


def query_args(query):
    return ["--", query] if query.startswith("-") else [query]


def search(folder, query, form, *options):
    """Everything that `jibek search` finds, in one of its formats.  Nothing found is no error."""
    args = ("search", "-i", folder, "-n", "0", "--format", form, *options, *query_args(query))
    return run(*args, expect=(0, 1)).decode("utf-8")


def search_command(folder, query, form, *options):
    """The same search, to be pasted into a shell."""
    return shlex.join(command("search", "-i", folder, "-n", "0", "--format", form, *options, *query_args(query)))


def search_ids(folder, query, *options):
    lines = search(folder, query, "ids", *options).split("\n")
    return lines[:-1] if lines[-1] == "" else lines


def search_json(folder, query, *options):
    text = search(folder, query, "json", *options)
    return json.loads(text) if text.strip() else {"total": 0, "undecided": 0, "hits": [], "facets": {}}


def search_jsonl(folder, query, *options):
    return [json.loads(line) for line in search(folder, query, "jsonl", *options).split("\n") if line]


def search_csv(folder, query, *options):
    return list(csv.DictReader(io.StringIO(search(folder, query, "csv", *options), newline="")))


def export(folder, path, query, *options):
    run("export", "-i", folder, "-o", path, *options, *query_args(query), expect=(0, 1))


def quote(s):
    """The query that means exactly this string."""
    return '"%s"' % s.replace("\\", "\\\\").replace('"', '\\"')


def plainly_bare(s):
    return not (WHITE_CHAR.search(s) or SPECIAL & set(s) or s.startswith("-") or OPERATORS.match(s) or
                s[:1] in MISREAD_FIRST or re.match(r"\.\.(?!\.)", s))


def may_be_bare(s):
    """May the string be given without quotes, and mean the same?"""
    folded = fold(s)
    return any(map(is_han, folded)) and plainly_bare(s) and plainly_bare(folded)


class Tally:
    """Passed and failed checks; the first failures are told in full."""

    def __init__(self, shown=10):
        self.passed = self.failed = 0
        self.shown = shown
        self.kept = None

    def check(self, good, describe):
        """Count one check.  `describe` gives the text to show if it failed."""
        if good:
            self.passed += 1
            return True
        self.failed += 1
        if self.failed <= self.shown:
            print("FAILED: " + (describe() if callable(describe) else describe), flush=True)
        return False

    def equal(self, got, want, what):
        return self.check(got == want, lambda: "%s\n  expected %s\n  got      %s" % (what, short(want), short(got)))

    def finish(self):
        """Print the closing line; the exit status."""
        if self.kept:
            print("kept for a look: %s" % self.kept)
        print("%d passed, %d failed" % (self.passed, self.failed))
        return 1 if self.failed else 0


def short(value, size=600):
    text = repr(value)
    return text if len(text) <= size else "%s… (%d characters)" % (text[:size], len(text))


def parser(description):
    options = argparse.ArgumentParser(description=description)
    options.add_argument("--seed", type=int, help="seed of the random numbers (default: $JIBEK_SEED, else a new one; printed)")
    options.add_argument("--index", metavar="DIR", help="folder to build in, kept afterwards (default: temporary)")
    return options


def begin(options):
    """See that the binary is there, settle and print the seed; the random generator."""
    if not os.path.exists(binary()):
        sys.exit("no jibek binary at %s (set JIBEK)" % binary())
    if options.seed is None:
        options.seed = int(os.environ.get("JIBEK_SEED") or random.SystemRandom().randrange(10**9))
    print("seed %d" % options.seed, flush=True)
    return random.Random(options.seed)


@contextlib.contextmanager
def workplace(folder, tally):
    """The folder to work in: the one given, or a temporary one that goes unless a check failed."""
    temp = folder or tempfile.mkdtemp(prefix="jibek-test-")
    os.makedirs(temp, exist_ok=True)
    before = tally.failed
    try:
        yield temp
    except BaseException:
        tally.kept = temp
        raise
    if tally.failed > before:
        tally.kept = temp
    elif not folder:
        shutil.rmtree(temp)


def guarded(main):
    """Run main(tally), which checks; print the closing line and exit."""
    tally = Tally()
    try:
        main(tally)
    except JibekError as error:
        tally.check(False, "stopped: %s" % error)
    sys.exit(tally.finish())
