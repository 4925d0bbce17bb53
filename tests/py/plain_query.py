# SPDX-License-Identifier: GPL-3.0-or-later
"""Queries as trees, printed in the query language, and answered by looking at every record.

A tree is a tuple whose first item says what it is:

    ("all",)                              everything
    ("string", written, where)            exactly this, after the fold
    ("word", written, where)              a bare word; `Oracle` says what it stands for
    ("pattern", written, start, end, where), ("sound", written, where), ("names", code, where)
    ("near", (tree, ...), ((between, ordered), ...))
    ("value", field, value), ("gone", value)
    ("count", field, written, low, high)          both ends included; None is open
    ("time", field, written, low, high, universal)   low included, high not; None is open
    ("and", trees), ("or", trees), ("not", tree)

`where` is "title", "text" or "".  Answers are pairs of bit sets, sure and possible: a count
that is only a lower bound leaves records undecided.
"""

import bisect
import collections
import itertools
import subprocess

import cli
import match
import sound
from fold import fold

OPERATORS = {"and": (" ", " AND "), "or": (" OR ",)}
STRONG = {"not": 2, "and": 1, "or": 0}  # how strongly a kind of tree binds
GONE = {"no": lambda status: status == "live", "unknown": lambda status: status == "unknown",
        "yes": lambda status: status not in ("live", "unknown")}


class Oracle:
    """What words and patterns stand for: each method gives the set of terms whose documents match;
    of a word those that hold its string match besides.  lexicon.py knows the terms."""

    def word(self, written):
        return set()

    def pattern(self, written, start, end):
        raise NotImplementedError


# --- records ---

class Texts:
    """A title or a text of every record: folded, searchable, and its words where asked for."""

    def __init__(self, written, lister, namer):
        self.folded = [fold(s) for s in written]
        self.haystack = match.Haystack(self.folded)
        self.chars = [frozenset(s) for s in self.folded]
        self.lines = lister(written) if lister else None
        self.spans = {}
        self.with_term = collections.defaultdict(list)
        for number, terms in enumerate(self.lines or ()):
            for term in set(terms):
                self.with_term[term].append(number)
        self.names = namer(written, self.folded) if namer else [()] * len(written)
        self.with_name = collections.defaultdict(set)
        for number, found in enumerate(self.names):
            for code, _, _ in found:
                self.with_name[code].add(number)

    def words(self, number):
        """Starts and ends of the words.  Between them is nothing but what is no letter, mark or
        digit, so each stands where it is found first."""
        if number not in self.spans:
            starts, ends, at = [], [], 0
            for term in self.lines[number]:
                at = self.folded[number].index(term, at)
                starts.append(at)
                at += len(term)
                ends.append(at)
            self.spans[number] = starts, ends
        return self.spans[number]


def list_terms(program):
    """A function that asks the program (tests/tools/terms.c) for the words of texts."""
    def lister(written):
        done = subprocess.run([program], input=b"".join(s.encode("utf-8") + b"\0" for s in written),
                              stdout=subprocess.PIPE, check=True)
        lines = [[]]
        for term in done.stdout.decode("utf-8").split("\0")[:-1]:
            if term:
                lines[-1].append(term)
            else:
                lines.append([])
        return lines[:-1]
    return lister


def list_names(program):
    """The same for the names in texts (tests/tools/names.c): of each (code, start, end), in characters
    of the folded text."""
    def characters(folded, line):
        if folded.isascii():
            return [(code, int(start), int(end)) for code, start, end in line]
        data = folded.encode("utf-8")
        return [(code, len(data[:int(start)].decode("utf-8")), len(data[:int(end)].decode("utf-8"))) for code, start, end in line]

    def namer(written, folded):
        done = subprocess.run([program], input=b"".join(s.encode("utf-8") + b"\0" for s in written),
                              stdout=subprocess.PIPE, check=True)
        lines = [[found.split(" ") for found in line.split("\t") if found]
                 for line in done.stdout.decode("ascii").split("\n")[:-1]]
        return list(map(characters, folded, lines))
    return namer


class World:
    """Records to be asked: `titles` and `texts` as written; `keywords`, `sets`, `counts`, `local` and `instants`
    are dicts of a list for each field (of values, lists, (number, is lower bound), datetimes; None is absent)."""

    def __init__(self, titles, texts, keywords, sets, counts, local, instants, lister=None, oracle=None, namer=None):
        self.size = len(titles)
        self.everything = (1 << self.size) - 1
        self.parts = {"title": Texts(titles, lister, namer), "text": Texts(texts, lister, namer)}
        self.counts, self.local, self.instants = counts, local, instants
        self.oracle = oracle or Oracle()
        self.holders, self.known_terms = {}, {}
        if namer:
            sets = dict(sets, mentions=[sorted({code for part in self.parts.values() for code, _, _ in part.names[number]})
                                        for number in range(self.size)])
        for field, column in itertools.chain(keywords.items(), sets.items()):
            groups = collections.defaultdict(list)
            for number, cell in enumerate(column):
                for value in (cell or ()) if field in sets else [cell]:
                    groups[value].append(number)
            self.holders[field] = {value: self.bits(numbers) for value, numbers in groups.items()}

    def bits(self, numbers):
        chunk = bytearray(self.size // 8 + 1)
        for number in numbers:
            chunk[number >> 3] |= 1 << (number & 7)
        return int.from_bytes(chunk, "little")

    def numbers(self, bits):
        """The records of a bit set, ascending."""
        chunk = bits.to_bytes(self.size // 8 + 1, "little")
        return [8 * i + k for i, byte in enumerate(chunk) if byte for k in range(8) if byte >> k & 1]

    # --- answers ---

    def answer(self, tree):
        """Bit sets of the records that surely match and that possibly match."""
        kind, *rest = tree
        if kind == "and":
            sure = possible = self.everything
            for one in map(self.answer, rest[0]):
                sure, possible = sure & one[0], possible & one[1]
            return sure, possible
        if kind == "or":
            sure = possible = 0
            for one in map(self.answer, rest[0]):
                sure, possible = sure | one[0], possible | one[1]
            return sure, possible
        if kind == "not":
            sure, possible = self.answer(rest[0])
            return self.everything & ~possible, self.everything & ~sure
        if kind == "count":
            return self.count(*rest)
        sure = getattr(self, kind)(*rest)
        return sure, sure

    def all(self):
        return self.everything

    def string(self, written, where):
        s = fold(written)
        found = set()
        for name, part in self.parts.items():
            if where in ("", name):
                found.update(part.haystack.find(s))
        return self.bits(found)

    def of_terms(self, terms, where):
        return self.bits(number for name, part in self.parts.items() if where in ("", name)
                         for term in terms for number in part.with_term.get(term, ()))

    def word(self, written, where):
        return self.string(written, where) | self.of_terms(self.oracle.word(written), where)

    def pattern(self, written, start, end, where):
        return self.of_terms(self.oracle.pattern(written, start, end), where)

    def sound(self, written, where):
        wanted = sound.units(fold(written))
        firsts = [{piece[0] for piece in unit} for unit in wanted]
        return self.bits([number for name, part in self.parts.items() if where in ("", name)
                          for number, chars in enumerate(part.chars)
                          if not any(map(chars.isdisjoint, firsts)) and sound.holds(part.folded[number], wanted)])

    def names(self, code, where):
        return self.bits(number for name, part in self.parts.items() if where in ("", name)
                         for number in part.with_name.get(code.upper(), ()))

    def value(self, field, value):
        return self.holders[field].get(value, 0)

    def gone(self, value):
        sure = 0
        for status, holders in self.holders["status"].items():
            if GONE[value](status):
                sure |= holders
        return sure

    def count(self, field, _, low, high):
        sure, possible = [], []
        for number, cell in enumerate(self.counts[field]):
            if cell is None:
                continue
            n, is_bound = cell
            if not is_bound:
                if (low is None or n >= low) and (high is None or n <= high):
                    sure.append(number)
            elif high is None and (low is None or n >= low):
                sure.append(number)
            elif high is None or n <= high:
                possible.append(number)
        return self.bits(sure), self.bits(sure + possible)

    def time(self, field, _, low, high, universal):
        column = (self.instants if universal else self.local)[field]
        return self.bits(number for number, t in enumerate(column)
                         if t is not None and (low is None or t >= low) and (high is None or t < high))

    # --- near ---

    def near(self, parts, links):
        found = self.everything
        for part in parts:
            found &= self.answer(part)[0]
        return self.bits(number for number in self.numbers(found)
                         if any(self.near_in(name, number, parts, links) for name in self.parts))

    def near_in(self, name, number, parts, links):
        reached = self.places(parts[0], name, number)
        for part, (between, ordered) in zip(parts[1:], links):
            if not reached:
                return False
            starts, ends = self.parts[name].words(number)

            def follows(a, b):
                words = bisect.bisect_right(ends, b[0]) - bisect.bisect_left(starts, a[1])
                return a[1] <= b[0] and words <= between

            reached = [b for b in self.places(part, name, number)
                       if any(follows(a, b) or not ordered and follows(b, a) for a in reached)]
        return bool(reached)

    def terms_of(self, tree):
        """Kept, for NEAR asks at each record."""
        if tree not in self.known_terms:
            self.known_terms[tree] = {"string": lambda *_: set(), "word": self.oracle.word,
                                      "pattern": self.oracle.pattern}[tree[0]](*tree[1:-1])
        return self.known_terms[tree]

    def places(self, tree, name, number):
        """Where in the title or text the part stands."""
        if tree[0] == "or":
            return [place for one in tree[1] for place in self.places(one, name, number)]
        if tree[-1] not in ("", name):
            return []
        if tree[0] == "names":
            return [(start, end) for code, start, end in self.parts[name].names[number] if code == tree[1].upper()]
        terms = self.terms_of(tree)
        text = self.parts[name].folded[number]
        found = [(start, end) for start, end in zip(*self.parts[name].words(number)) if text[start:end] in terms]
        if tree[0] == "pattern":
            return found
        s = fold(tree[1])
        at = text.find(s)
        while at >= 0:
            if match.bounded(text, at, at + len(s)):
                found.append((at, at + len(s)))
            at = text.find(s, at + 1)
        return found


# --- trees as queries ---

def leaves(tree):
    if tree[0] in ("and", "or", "near"):
        for child in tree[1]:
            yield from leaves(child)
    elif tree[0] == "not":
        yield from leaves(tree[1])
    else:
        yield tree


def common_field(tree):
    """The field that all leaves of a group ask for, if a group of that field can say it; or None."""
    fields = set()
    for leaf in leaves(tree):
        if leaf[0] in ("string", "word", "pattern", "sound", "names") and leaf[-1]:
            fields.add(leaf[-1])
        elif leaf[0] in ("value", "count", "time"):
            fields.add(leaf[1])
        elif leaf[0] == "gone":
            fields.add("gone")
        else:
            return None
    return fields.pop() if len(fields) == 1 else None


def value_text(random, value):
    bare = value.replace("_", "").replace("-", "").isalnum() and not value.startswith("-")
    return value if bare and not cli.OPERATORS.match(value) and random.random() < 0.6 else cli.quote(value)


def leaf_text(random, leaf):
    """A leaf without its field."""
    kind = leaf[0]
    if kind == "all":
        return "*"
    if kind == "string":
        s = leaf[1]
        if cli.may_be_bare(s) and random.random() < 0.6:
            return s
        return "=" + s if is_word(s) and random.random() < 0.5 else cli.quote(s)
    if kind == "word":
        return leaf[1]
    if kind == "pattern":
        return "*" * leaf[2] + leaf[1] + "*" * leaf[3]
    if kind == "sound":
        return "~" + leaf[1]
    if kind == "names":
        return "{%s}" % leaf[1]
    if kind in ("value", "gone"):
        return value_text(random, leaf[-1])
    return leaf[2] if " " not in leaf[2] and random.random() < 0.7 else cli.quote(leaf[2])


def field_of(leaf):
    if leaf[0] in ("value", "count", "time"):
        return leaf[1]
    return {"gone": "gone", "all": ""}.get(leaf[0], leaf[-1])


ALIASES = {"published_at": ["date", "published_at", "Date"], "title": ["title", "headline"], "text": ["text", "body"],
           "platform": ["platform", "PLATFORM"], "likes": ["likes", "liked_count"]}


def text_of(random, tree, level=0, inside=None):
    """The tree as a query; `level` is how strongly what stands around it binds, `inside` the field of a group."""
    kind = tree[0]
    if kind in ("and", "or", "not", "near"):
        field = None if inside else common_field(tree)
        if field and random.random() < 0.5:
            return "%s:(%s)" % (random.choice(ALIASES.get(field, [field])), group_text(random, tree, field)[0])
        text, own = group_text(random, tree, inside)
        return "(%s)" % text if own < level or random.random() < 0.1 and level < 4 else text
    field = field_of(tree)
    prefix = random.choice(ALIASES.get(field, [field])) + ":" if field and field != inside else ""
    text = prefix + leaf_text(random, tree)
    return "(%s)" % text if random.random() < 0.03 and not text.startswith("-") else text


def group_text(random, tree, inside):
    """A compound without parentheses, and how strongly it binds."""
    kind = tree[0]
    if kind == "near":
        words = [text_of(random, tree[1][0], 4, inside)]
        for part, (between, ordered) in zip(tree[1][1:], tree[2]):
            name = "ADJ" if ordered else "NEAR"
            words.append(name if between == 10 and random.random() < 0.5 else "%s/%d" % (name, between))
            words.append(text_of(random, part, 4, inside))
        return " ".join(words), 2.5
    if kind == "not":
        sign = random.choice(["NOT ", "-"])
        return sign + text_of(random, tree[1], 3, inside), 2
    parts = [text_of(random, child, STRONG[kind] + 1, inside) for child in tree[1]]
    text = parts[0]
    for part in parts[1:]:
        text += random.choice(OPERATORS[kind]) + part
    return text, STRONG[kind]


def is_word(s):
    """May it be written bare, and is it one word of letters?"""
    return (fold(s) == fold(s).strip() and bool(s) and all(match.is_alphabetic(c) for c in fold(s))
            and any(c.isalpha() for c in fold(s)) and all(c.isalnum() for c in s) and not cli.OPERATORS.match(s))
