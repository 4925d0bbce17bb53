#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Questions to titles alone and to texts alone, of each kind there is, beside a look at every record.

The same records with both parts, with titles alone and with texts alone, each indexed in several
runs, asked in their segments and again when they are one.  The documents found must be the same, and
by relevance they must stand in the order of scores computed from every occurrence.
JIBEK_TERMS, JIBEK_KEYS and JIBEK_NAMES name the programs that list words, stem keys and names."""

import math
import os
import re
import sys
import types

import cli
import lexicon
import plain_query as plain
import prop_query
import prop_sound
import records
from match import is_han

RUNS = 3
WORDS = re.compile(r"[\u4e00-\u9fff]{1,2}|[^\W\u4e00-\u9fff]+")
K1, B = 1.2, 0.75  # of BM25


def letters(gardener):
    """A piece that is one word of letters, or None."""
    return next((s for s in (gardener.piece() for _ in range(50)) if plain.is_word(s)), None)


def sounding(gardener):
    return next((s for s in (gardener.piece() for _ in range(50)) if prop_sound.may_be_asked(s)), None)


def neighbours(gardener, where):
    """Two or three words of one record that stand near one another, as leaves; None where it has too few."""
    random = gardener.random
    for _ in range(50):
        row = gardener.row()
        words = [s for s in WORDS.findall(random.choice([row.title, row.text])) if gardener.is_wordy(s[0])]
        size, apart = random.choice([2, 2, 3]), random.choice([1, 2, 3])
        if len(words) > size * apart:
            first = random.randrange(len(words) - size * apart)
            return tuple(("word" if plain.is_word(s) and random.random() < 0.5 else "string", s, where)
                         for s in words[first:first + size * apart:apart])
    return None


def near(gardener, where):
    parts = neighbours(gardener, where)
    links = [(gardener.random.choice([0, 1, 3, 10, 40]), gardener.random.random() < 0.4) for _ in (parts or ())[1:]]
    return ("near", parts, tuple(links))


def patterned(start, end):
    return lambda gardener, where: ("pattern", letters(gardener), start, end, where)


KINDS = {
    "string": lambda g, where: ("string", g.piece(longest=12), where),
    "word": lambda g, where: ("word", letters(g), where),
    "begins": patterned(0, 1),
    "ends": patterned(1, 0),
    "contains": patterned(1, 1),
    "sound": lambda g, where: ("sound", sounding(g), where),
    "names": lambda g, where: ("names", g.random.choice(g.codes), where) if g.codes else None,
    "near": near,
    "or": lambda g, where: ("or", tuple(g.text_leaf()[:-1] + (where,) for _ in "abc")),
    "and": lambda g, where: ("and", neighbours(g, where)),
    "not": lambda g, where: ("not", ("string", g.piece(), where)),
}


# --- relevance ---

class Scores:
    """What BM25 says of each record, from every occurrence that there is."""

    def __init__(self, world):
        self.world = world
        self.lengths = [sum(len(part.lines[number]) for part in world.parts.values()) for number in range(world.size)]
        some = [n for n in self.lengths if n]
        self.mean = sum(some) / len(some) if some else 1

    def weight(self, tree, number):
        """A word is one place, though it holds the word that was asked for and is of its stem, too."""
        return sum(len({start for start, _ in self.world.places(tree, name, number)}) * (2 if name == "title" else 1)
                   for name in self.world.parts)

    def of(self, tree, numbers):
        n = len(numbers)
        idf = math.log(1 + (self.world.size - n + 0.5) / (n + 0.5))
        scores = {}
        for number in numbers:
            tf = min(self.weight(tree, number), 0xFFFF)
            norm = K1 * (1 - B + B * self.lengths[number] / self.mean)
            scores[number] = idf * tf * (K1 + 1) / (tf + norm)
        return scores


def check_relevance(folder, scores, rows, tree, text, numbers, tally):
    want = scores.of(tree, numbers)
    by_id = {rows[number].id: want[number] for number in numbers}
    ids = cli.search_ids(folder, text, "--sort", "relevance")
    got = [by_id.get(name, -1) for name in ids]
    wrong = [i for i in range(1, len(got)) if got[i] > got[i - 1] * (1 + 1e-9)]
    tally.equal(wrong[:3], [], "places where the score grows: %s\n  of %r" % (
        cli.search_command(folder, text, "ids", "--sort", "relevance"), tree))
    # Where few are wanted, most documents are left out before they have a score.
    for first in (1, 5):
        tally.equal(cli.search_ids(folder, text, "--sort", "relevance", "-n", str(first)), ids[:first], "the first %d: %s\n  of %r" % (
            first, cli.search_command(folder, text, "ids", "--sort", "relevance"), tree))


# --- one set of records ---

FORMS = {"книга": "книга книги книгу книгой книгам", "кітап": "кітап кітабы кітаптар кітаптың", "book": "book books"}


def inflected(random, n):
    """Titles and texts of words in their forms, among pieces of these that are words, too."""
    def some():
        word = random.choice(sorted(FORMS))
        pieces = [word[i:j] for i in range(len(word)) for j in range(i + 1, len(word))]
        return " ".join(random.choices(FORMS[word].split() + pieces, k=random.randint(4, 16)))
    return [(some(), some()) for _ in range(n)]


def part_of(row, part):
    """The record with that part alone, or as it is."""
    record = dict(row.record)
    for name in ("title", "text"):
        if part not in ("", name):
            record.pop(name, None)
    return record


def gardeners(random, rows, codes):
    """For each part one that takes its pieces from there."""
    def seen(title, text):
        return [types.SimpleNamespace(title=title(row) or text(row), text=text(row) or title(row)) for row in rows]
    title, text = (lambda row: row.title), (lambda row: row.text)
    return {where: prop_query.Gardener(random, seen(*takes), True, True, codes)
            for where, takes in (("title", (title, title)), ("text", (text, text)), ("", (title, text)))}


def questions(by_part, count):
    """Of each kind so many of titles, and a third as many of texts and of both."""
    for kind, maker in KINDS.items():
        for number in range(count):
            for where in ("title", "text", "")[:1 if number % 3 else 3]:
                tree = maker(by_part[where], where)
                if tree and None not in tree:
                    yield kind, where, tree


def doubled(random, world, count):
    """Characters that some word has twice: each place counts."""
    words = {word for part in world.parts.values() for line in part.lines for word in line}
    twice = sorted({c for word in words for c in word if is_han(c) and word.count(c) > 1})
    for c in random.sample(twice, min(count, len(twice))):
        yield "doubled", "", ("string", c, "")


def make_index(temp, name, rows, part):
    folder = os.path.join(temp, name + ".jibek")
    for run in range(RUNS):
        path = os.path.join(temp, "%s-%d.jsonl" % (name, run))
        share = rows[run * len(rows) // RUNS:(run + 1) * len(rows) // RUNS]
        records.write_jsonl(path, [part_of(row, part) for row in share])
        cli.index(folder, [path])
    return folder


def check_part(random, options, temp, part, tally):
    rows = prop_query.make_rows(options, random)
    rows += [prop_query.Row(random, len(rows) + i, *parts) for i, parts in enumerate(inflected(random, 30))]
    for row in rows:
        row.title, row.text = row.title if part != "text" else "", row.text if part != "title" else ""
    name = part or "both"
    folder = make_index(temp, name, rows, part)
    world = prop_query.make_world(rows)
    asked = list(questions(gardeners(random, rows, sorted(world.holders.get("mentions", ()))), options.queries))
    asked += doubled(random, world, 5)
    asked += [("forms", where, ("word", word, where)) for word in FORMS for where in ("title", "text", "")]
    scores, found, kinds = Scores(world), plain.collections.Counter(), plain.collections.Counter()
    for state in ("segments", "one"):
        if state == "one":
            cli.run("compact", "-i", folder)
        for kind, where, tree in asked:
            text = plain.text_of(random, tree)
            numbers = prop_query.check_query(folder, world, rows, tree, text, [], tally)
            kinds[kind] += 1
            found[kind] += bool(numbers)
            if numbers and state == "one" and tree[0] in ("string", "word", "pattern", "names"):
                check_relevance(folder, scores, rows, tree, text, numbers, tally)
    cli.run("check", "--deep", "-i", folder)
    print("%s: %d records; found something: %s" % (
        name, len(rows), ", ".join("%s %d of %d" % (kind, found[kind], n) for kind, n in kinds.items())), flush=True)


def main(tally):
    parser = cli.parser(__doc__)
    parser.add_argument("--input", nargs="+", metavar="FILE", help="JSONL files with titles and texts, .zst too")
    parser.add_argument("--rows", type=int, default=200, help="rows, beside those of corpora/ (default 200; 0: all of the input)")
    parser.add_argument("--queries", type=int, default=9, help="questions of each kind to titles (default 9)")
    options = parser.parse_args()
    random = cli.begin(options)
    if not lexicon.can():
        sys.exit(77)
    with cli.workplace(options.index, tally) as temp:
        for part in ("", "title", "text"):
            check_part(random, options, temp, part, tally)


if __name__ == "__main__":
    cli.guarded(main)
