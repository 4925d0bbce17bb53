#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Strings taken from the documents, and strings that are in none, searched with jibek
and by brute force: the documents found must be the same, never more, never fewer.
Without --input: made-up records, and some of the news and titles of the test data."""

import collections
import concurrent.futures
import glob
import os
import re
import sys
import unicodedata

import cli
import corpus
import records
from fold import HAN, fold
from match import SEPARATOR, Documents, is_alphabetic, is_han

KINDS = ("han", "two", "mixed", "punctuation", "rare", "traditional", "border", "any", "words")
Query = collections.namedtuple("Query", "kind raw field want")


class Source:
    """The documents as jibek must see them after indexing: the newest of each key."""

    def __init__(self, paths, limit):
        newest = {}
        for line in records.read_lines(paths, limit):
            record = records.json.loads(line)
            newest[records.key(record, line)] = record
        rows = [row for row in newest.values() if records.printed_id(row)]
        self.without_id = len(newest) - len(rows)
        self.ids = [records.printed_id(row) for row in rows]
        self.fields = [records.content(row) for row in rows]
        self.documents = Documents([fold(title) for title, _ in self.fields], [fold(text) for _, text in self.fields])
        counts = collections.Counter()
        for title, text in self.fields:
            counts.update(title)
            counts.update(text)
        self.rare = [c for c, n in counts.items() if n <= 3 and c not in " \0" and fold(c).strip()]
        self.han = [c for c in counts if is_han(c)]

    def want(self, s, field=None):
        return sorted(self.ids[number] for number in self.documents.find(s, field))


WORD = re.compile(r"[^\W\d_]+")

TRADITIONAL = collections.defaultdict(list)
for traditional, simplified in HAN.items():
    TRADITIONAL[simplified].append(chr(traditional))


def cut(random, s, longest=12):
    """A random substring."""
    size = random.randint(1, min(longest, len(s)))
    start = random.randint(0, len(s) - size)
    return s[start:start + size]


def is_latin_or_digit(c):
    return c.isascii() and c.isalnum()


def is_punctuation(c):
    return unicodedata.category(c)[0] in "PS"


def fits(kind, s):
    if kind in ("han", "traditional"):
        return all(map(is_han, s))
    if kind == "two":  # a word, or two that touch, which have lists of their own
        return len(s) == 2 and all(map(is_han, s))
    if kind == "mixed":
        return any(map(is_han, s)) and any(map(is_latin_or_digit, s))
    if kind == "words":
        return any(map(is_alphabetic, s)) and not any(map(is_han, s))
    if kind == "punctuation":
        return len(s) > 2 and any(map(is_punctuation, s[1:-1])) and not is_punctuation(s[0])
    return True


def respelled(random, s):
    """Simplified characters randomly in a traditional spelling that folds back."""
    return "".join(random.choice(TRADITIONAL[c]) if c in TRADITIONAL and random.random() < 0.6 else c for c in s)


def some_words(random, text):
    """One to five words of word-separating scripts that follow each other."""
    start = random.randrange(len(text) + 1)
    words = list(WORD.finditer(text, start, start + 200))[1:]
    first = random.randrange(len(words)) if words else 0
    run = words[first:first + random.randint(1, 5)]
    return text[run[0].start():run[-1].end()] if run else ""


def take(random, source, kind):
    """One string of the kind from a random document, or None where none was met."""
    if kind == "rare":
        return random.choice(source.rare) if source.rare else None
    for _ in range(3000):
        title, text = random.choice(source.fields)
        if kind == "words":
            s = some_words(random, random.choice([title, text]))
        elif kind == "border":
            size = random.randint(1, 12)
            s = random.choice([title[:size], title[-size:]])
        else:
            field = random.choice([title, text]) or title or text
            s = cut(random, field) if field else ""
        if s and fits(kind, s):
            return respelled(random, s) if kind == "traditional" else s
    return None


def absent_across(random, source):
    """A string that exists only where title and text would be joined."""
    for _ in range(200):
        title, text = random.choice(source.fields)
        s = title[-random.randint(1, 4):] + text[:random.randint(1, 4)]
        if title and text and usable(s) and not source.want(fold(s)):
            return s
    return None


def absent_joined(random, source):
    """Random Han characters, one more until no document holds them."""
    s = random.choice(source.han)
    while source.want(fold(s)):
        s += random.choice(source.han)
    return s


def swapped(random, source):
    """A string of a document with two neighbours exchanged: near to what is there."""
    s = take(random, source, "any")
    if not s or len(s) < 2:
        return None
    at = random.randrange(len(s) - 1)
    return s[:at] + s[at + 1] + s[at] + s[at + 2:]


def usable(s):
    return s and fold(s) and SEPARATOR not in s


def queries(random, source, count, absent):
    """The strings to search, each with what brute force finds."""
    for number in range(count):
        kind = KINDS[number % len(KINDS)]
        s = take(random, source, kind) or take(random, source, "any")
        if usable(s):
            yield Query(kind, s, None, source.want(fold(s)))
            if number % 10 == 0:
                for field in ("title", "text"):
                    yield Query(kind, s, field, source.want(fold(s), field))
    makers = [absent_across, swapped] + ([absent_joined] * 2 if source.han else [])
    for number in range(absent):
        maker = makers[number % len(makers)]
        s = maker(random, source)
        if usable(s):
            yield Query(maker.__name__, s, None, source.want(fold(s)))


def spellings(query):
    """The ways to write it as a query."""
    field = query.field + ":" if query.field else ""
    yield field + cli.quote(query.raw)
    if cli.may_be_bare(query.raw):
        yield field + query.raw


def describe(folder, query, spelled, got):
    want, have = collections.Counter(query.want), collections.Counter(got)
    return "%s: %r folds to %r: expected %d, got %d\n  missing %s\n  too many %s\n  %s" % (
        query.kind, query.raw, fold(query.raw), len(query.want), len(got), sorted((want - have).elements())[:5],
        sorted((have - want).elements())[:5], cli.search_command(folder, spelled, "ids"))


def search_sorted(folder, spelled):
    try:
        return sorted(cli.search_ids(folder, spelled))
    except cli.JibekError as error:
        return [str(error)]


def compare(random, options, folder, paths, tally):
    """Index the files, search everything twice, count the differences."""
    source = Source(paths, options.limit)
    print("%d documents of %s" % (len(source.ids), ", ".join(paths)), flush=True)
    if source.without_id:
        sys.exit("%d records have neither id nor url; their digests are not known here" % source.without_id)
    print("index:", cli.index(folder, paths, *(["--map", options.map] if options.map else [])), flush=True)
    kinds = collections.Counter()
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        waiting = collections.deque()
        for query in queries(random, source, options.queries, options.absent):
            for spelled in spellings(query):
                waiting.append((query, spelled, pool.submit(search_sorted, folder, spelled)))
            kinds[query.kind] += 1
            while len(waiting) > 20:
                settle(folder, tally, *waiting.popleft())
        for one in waiting:
            settle(folder, tally, *one)
    print("strings:", ", ".join("%d %s" % (n, kind) for kind, n in kinds.items()), flush=True)


def settle(folder, tally, query, spelled, future):
    got = future.result()
    tally.check(got == query.want, lambda: describe(folder, query, spelled, got))


def limited(paths, limit, folder):
    """The files themselves, or a copy of their first `limit` lines."""
    if not limit:
        return paths
    path = os.path.join(folder, "input.jsonl")
    with open(path, "wb") as out:
        out.writelines(line + b"\n" for line in records.read_lines(paths, limit))
    return [path]


def flores(folder):
    """The lines of each language of the parallel sentences as documents."""
    names = sorted(glob.glob(os.path.join(records.data_file("lang/parallel/flores") or "", "*.devtest")))
    made = []
    for name in names:
        with open(name, encoding="utf-8") as lines:
            made += [{"id": "%s-%d" % (os.path.basename(name)[:8], number), "platform": "flores", "text": line.strip()}
                     for number, line in enumerate(lines)]
    path = os.path.join(folder, "flores.jsonl")
    records.write_jsonl(path, made)
    return [path]


def whole_sets(folder):
    for name in ("bench/cctv_news.jsonl.zst", "bench/kazsandra.jsonl.zst", "retrieval/drcd/corpus.jsonl.zst"):
        if records.data_file(name):
            yield [records.data_file(name)]
    if records.data_file("lang/parallel/flores"):
        yield flores(folder)


def sets_of_input(random, options, folder):
    """Each list of files to index on its own."""
    if options.whole:
        return list(whole_sets(folder))
    if options.input:
        return [limited(options.input, options.limit, folder)]
    sets = []
    path = os.path.join(folder, "made-up.jsonl")
    records.write_jsonl(path, corpus.records(random, options.made_up))
    sets.append([path])
    for name in ("bench/cctv_news.jsonl.zst", "bench/weibo_hot.jsonl.zst", "bench/kazsandra.jsonl.zst"):
        path = records.data_file(name)
        if path:
            part = os.path.join(folder, os.path.basename(name).split(".")[0])
            os.makedirs(part, exist_ok=True)
            sets.append(limited([path], options.limit or 2000, part))
    return sets


def main(tally):
    parser = cli.parser(__doc__)
    parser.add_argument("--input", nargs="+", metavar="FILE", help="JSONL files, .zst too")
    parser.add_argument("--whole", action="store_true", help="the outside data whole: news, reviews, paragraphs, parallel sentences")
    parser.add_argument("--limit", type=int, default=0, help="only the first N records (default: all, 2000 of the test data)")
    parser.add_argument("--queries", type=int, default=200, help="strings taken from documents (default 200)")
    parser.add_argument("--absent", type=int, default=40, help="strings that are in none, or hardly (default 40)")
    parser.add_argument("--made-up", type=int, default=500, help="made-up records without --input (default 500)")
    parser.add_argument("--map", help="the mapping to index with (default: what index does without)")
    options = parser.parse_args()
    random = cli.begin(options)
    with cli.workplace(options.index, tally) as folder:
        for number, paths in enumerate(sets_of_input(random, options, folder)):
            compare(random, options, os.path.join(folder, "%d.jibek" % number), paths, tally)


if __name__ == "__main__":
    cli.guarded(main)
