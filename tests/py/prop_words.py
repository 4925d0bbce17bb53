#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Word lists beside a count over the living documents' terms, which a helper cuts ($JIBEK_TERMS):
by pattern, of a query's documents, with versions replaced and documents forgotten, and after
compaction and purge."""

import collections
import csv
import io
import os
import re
import subprocess

import cli
import corpus
import records
from fold import fold


def helper():
    return os.environ.get("JIBEK_TERMS") or os.path.join(os.path.dirname(cli.binary()), "..", "tests", "terms")


def terms_of(source):
    """Every record's terms, title and text together."""
    fields = [s for record in source for s in records.content(record)]
    done = subprocess.run([helper()], input=b"".join(s.encode() + b"\0" for s in fields), stdout=subprocess.PIPE, check=True)
    split, terms = [], []
    for term in done.stdout.decode().split("\0")[:-1]:
        if term:
            terms.append(term)
        else:
            split.append(terms)
            terms = []
    assert len(split) == len(fields)
    return [split[i] + split[i + 1] for i in range(0, len(split), 2)]


def table(counts, documents, order):
    """(word, documents, occurrences) as --sort has them."""
    rows = [(word, documents[word], counts[word]) for word in counts]
    rows.sort(key=lambda row: row[0].encode())
    if order != "word":
        rows.sort(key=lambda row: -row[1 if order == "documents" else 2])
    return rows


def slow_words(living, wanted, fits, order):
    counts, documents = collections.Counter(), collections.Counter()
    for name, terms in living.items():
        if name in wanted:
            chosen = [t for t in terms if fits(t)]
            counts.update(chosen)
            documents.update(set(chosen))
    return table(counts, documents, order)


def pattern_of(random, words):
    """A pattern and the test that it stands for."""
    word = random.choice(words)
    a, b = sorted(random.sample(range(len(word) + 1), 2))
    kind = random.randrange(6)
    parts = ([word], [word[:b], ""], ["", word[a:]], ["", word[a:b], ""], [word[:a], word[b:]], ["", ""])[kind]
    parts = [part if fold(part) == part and "*" not in part else "" for part in parts]
    if not any(parts) and len(parts) == 1:
        parts = ["", ""]
    pattern = "*".join(part.replace("\\", "\\\\") for part in parts)
    form = re.compile(".*".join(map(re.escape, parts)), re.S)
    return pattern, lambda t: form.fullmatch(t) is not None


def words(folder, *options):
    out = cli.run("words", "-i", folder, "-n", "0", "--format", "csv", *options, expect=(0, 1)).decode()
    rows = list(csv.DictReader(io.StringIO(out, newline="")))
    return [(row["word"], int(row["documents"]), int(row["occurrences"])) for row in rows]


def check(random, folder, living, queries, tally, what):
    vocabulary = sorted({t for terms in living.values() for t in terms})
    every = set(living)
    for order in ("documents", "occurrences", "word"):
        tally.equal(words(folder, "--sort", order), slow_words(living, every, lambda t: True, order), "%s: all by %s" % (what, order))
    for _ in range(queries):
        pattern, fits = pattern_of(random, vocabulary)
        order = random.choice(["documents", "occurrences", "word"])
        wanted, options = every, ["--sort", order]
        if random.random() < 0.5:
            query = cli.quote(random.choice(vocabulary))
            wanted = set(cli.search_ids(folder, query))
            options += ["--query", query]
        tally.equal(words(folder, *options, "--", pattern), slow_words(living, wanted, fits, order),
                    "%s: words %s %r" % (what, options, pattern))


def main(tally):
    parser = cli.parser(__doc__)
    parser.add_argument("--records", type=int, default=200, help="made-up records (default 200)")
    parser.add_argument("--queries", type=int, default=40, help="patterns at each step (default 40)")
    options = parser.parse_args()
    random = cli.begin(options)
    with cli.workplace(options.index, tally) as temp:
        source = list(corpus.records(random, options.records))
        folder = temp + "/rows.jibek"
        living = {}
        for step in range(3):  # several segments, and versions that replace others
            chosen = random.sample(source, len(source) // 2) if step else source
            if step:
                chosen = [dict(r, text=corpus.some_text(random, 20) + "版本%d" % step, collected_at="202%d-01-01" % step) for r in chosen]
            path = "%s/rows%d.jsonl" % (temp, step)
            records.write_jsonl(path, chosen)
            cli.index(folder, [path])
            living.update(zip([r["id"] for r in chosen], terms_of(chosen)))
            check(random, folder, living, options.queries, tally, "step %d" % step)
        gone = random.sample(sorted(living), len(living) // 4)
        with open(temp + "/ids", "w", encoding="utf-8") as ids:
            ids.write("".join(name + "\n" for name in gone))
        cli.run("forget", "-i", folder, "--ids", temp + "/ids")
        for name in gone:
            del living[name]
        check(random, folder, living, options.queries, tally, "forgotten")
        cli.run("compact", "-i", folder, "--purge")
        check(random, folder, living, options.queries, tally, "purged")


if __name__ == "__main__":
    cli.guarded(main)
