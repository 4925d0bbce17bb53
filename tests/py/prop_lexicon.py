#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Bare words and patterns beside a look at every word: a word finds the documents that hold a
term with one of its stem keys, or the word itself; a pattern those that hold a term that fits.
And 50 Kazakh words, each written in every alphabet: whichever is asked for, the same is found.
JIBEK_TERMS and JIBEK_KEYS name the programs that list words and keys.
Without --input: corpora/ and made-up records; with --data some of the outside data, too."""

import collections
import glob
import os
import re

import cli
import corpus
import kazakh
import lexicon
import plain_query
import records
from fold import WHITE_RUN, fold
from prop_substring import Source, limited

SPELLED = (
    "қазақстан қытай халық мемлекет тарих үкімет шекара елші мақала ақпарат көрші өңір дербес тәуелсіз президент қала ауыл "
    "жер бала кітап мектеп жұмыс ақша сауда мұнай жол әскер достық келісім білім тіл ұлт шаруа мешіт ғалым ғылым өнер әдебиет "
    "жазушы ақын газет шындық ресей өзбекстан астана алматы орман заң сот жаңалық"
).split()


class World:
    """Documents, the terms of their titles and texts, and what brute force finds."""

    def __init__(self, paths):
        self.source = Source(paths, 0)
        lister = plain_query.list_terms(os.environ["JIBEK_TERMS"])
        self.holders = {}
        for side, name in enumerate(("title", "text")):
            held = self.holders[name] = collections.defaultdict(set)
            for number, terms in enumerate(lister([WHITE_RUN.sub(" ", f[side].replace("\0", " ")) for f in self.source.fields])):
                for term in terms:
                    held[term].add(number)
        self.lexicon = lexicon.Lexicon(set(self.holders["title"]) | set(self.holders["text"]))

    def find(self, terms, field, string=None):
        found = set(self.source.documents.find(fold(string), field)) if string else set()
        for name in ("title", "text"):
            if field in (None, name):
                for term in terms:
                    found |= self.holders[name].get(term, set())
        return sorted(self.source.ids[number] for number in found)

    def some_word(self, random):
        """A word of word-separating scripts from some text, as written, or a term."""
        while True:
            title, text = random.choice(self.source.fields)
            field = random.choice([title, text])
            start = random.randrange(len(field) + 1)
            words = re.findall(r"[^\W_]+", field[start:start + 60])[1:]
            word = random.choice(words) if words else random.choice(self.lexicon.terms)
            if plain_query.is_word(word):
                return word


def ask(world, random, folder, tally, kinds):
    word = world.some_word(random)
    field = random.choice([None] * 4 + ["title", "text"])
    kind = random.choice(["word", "word", "prefix", "suffix", "infix"])
    kinds[kind] += 1
    if kind == "word":
        query, want = word, world.find(world.lexicon.word(word), field, word)
        kinds["documents of words"] += len(want)
        kinds["documents of their strings"] += len(world.find((), field, word))
    else:
        start, end = kind != "prefix", kind != "suffix"
        size = random.randint(2, max(2, len(word)))
        at = 0 if not start else len(word) - size if not end else random.randint(0, max(0, len(word) - size))
        piece = word[max(0, at):][:size]
        if not piece or not plain_query.is_word(piece) or "*" in piece:
            return
        query = "*" * start + piece + "*" * end
        want = world.find(world.lexicon.pattern(piece, start, end), field)
    query = (field + ":" if field else "") + query
    tally.equal(sorted(cli.search_ids(folder, query)), want, query + "\n  " + cli.search_command(folder, query, "ids"))


def compare(random, options, folder, paths, tally):
    world = World(paths)
    cli.index(folder, paths)
    kinds = collections.Counter()
    for _ in range(options.queries):
        ask(world, random, folder, tally, kinds)
    print("%d documents, %d words of %s: %s" % (
        len(world.source.ids), len(world.lexicon.terms), ", ".join(map(os.path.basename, paths)),
        ", ".join("%s %d" % pair for pair in sorted(kinds.items()))), flush=True)


def spellings(folder, tally):
    """Documents that each hold one word in one alphabet; any spelling finds all of its word's."""
    table = records.data_file("lang/kazakh/kk_cyrl_to_latin_versions.tsv")
    ways = {"Cyrillic": str, "tote": kazakh.in_tote, "Russian keyboard": kazakh.on_russian_keyboard}
    ways.update(kazakh.alphabets(table) if table else {})
    rows = [{"id": "%s/%s" % (word, way), "platform": "p", "title": "%d" % number, "text": spell(word)}
            for number, word in enumerate(SPELLED) for way, spell in ways.items()]
    path = os.path.join(folder, "spellings.jsonl")
    index = os.path.join(folder, "spellings.jibek")
    records.write_jsonl(path, rows)
    cli.index(index, [path])
    same = 0
    for word in SPELLED:
        found = {way: sorted(cli.search_ids(index, spell(word))) for way, spell in ways.items()}
        own = {"%s/%s" % (word, way) for way in ways}
        first = found["Cyrillic"]
        differ = {way: sorted(own - set(ids)) + sorted(set(ids) ^ set(first))[:4] for way, ids in found.items()
                  if ids != first or not own <= set(ids)}
        same += tally.check(not differ, "spellings of %s find different documents: %s" % (word, differ))
    print("%d of %d words are found the same in all of %s" % (same, len(SPELLED), ", ".join(ways)), flush=True)


def flores(folder):
    """The lines of each language as documents."""
    path = os.path.join(folder, "flores.jsonl")
    names = sorted(glob.glob(os.path.join(os.environ[records.DATA_VARIABLE], "lang", "parallel", "flores", "*.devtest")))
    with open(path, "w", encoding="utf-8") as out:
        for name in names:
            with open(name, encoding="utf-8") as lines:
                for number, line in enumerate(lines):
                    row = {"id": "%s-%d" % (os.path.basename(name)[:8], number), "platform": "f", "text": line.strip()}
                    out.write(records.json.dumps(row, ensure_ascii=False) + "\n")
    return [path]


def sets_of_input(random, options, folder):
    if options.input:
        yield limited(options.input, options.limit, folder)
        return
    path = os.path.join(folder, "made-up.jsonl")
    records.write_jsonl(path, corpus.records(random, 300))
    yield sorted(glob.glob(os.path.join(cli.ROOT, "corpora", "*.jsonl"))) + [path]
    if not options.data or not records.data_file("bench"):
        return
    yield flores(folder)
    for name in ("bench/kazsandra.jsonl.zst", "bench/cctv_news.jsonl.zst"):
        part = os.path.join(folder, os.path.basename(name).split(".")[0])
        os.makedirs(part, exist_ok=True)
        yield limited([records.data_file(name)], options.limit or 5000, part)


def main(tally):
    parser = cli.parser(__doc__)
    parser.add_argument("--input", nargs="+", metavar="FILE", help="JSONL files, .zst too")
    parser.add_argument("--limit", type=int, default=0, help="only the first N records of each file")
    parser.add_argument("--data", action="store_true", help="the outside data, too")
    parser.add_argument("--queries", type=int, default=150, help="words and patterns for each set (default 150)")
    options = parser.parse_args()
    random = cli.begin(options)
    with cli.workplace(options.index, tally) as folder:
        if lexicon.can():
            for number, paths in enumerate(sets_of_input(random, options, folder)):
                compare(random, options, os.path.join(folder, "%d.jibek" % number), paths, tally)
        spellings(folder, tally)


if __name__ == "__main__":
    cli.guarded(main)
