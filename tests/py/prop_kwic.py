#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Concordances beside a loop over the source: as many lines as there are matches, each at its place
in the source, with the context that was asked for, in the order that was asked for."""

import csv
import io
import json
import unicodedata

import cli
import corpus
import records
from fold import CHAR_FOLDS, SENTINEL, fold
from match import ALPHABETIC, bounded

FIELDS = ("title", "text")


def source_map(s):
    """Of each character of fold(s) the number of the source character that gave it; None where
    the characters of s do not fold one by one."""
    places, blank = [], False
    for number, char in enumerate(s):
        folded = CHAR_FOLDS[ord(char)]
        if SENTINEL in folded:
            return None
        for c in folded:
            if c != " " or not blank:
                places.append(number)
            blank = c == " "
    return places


def matches(folded, s):
    """Where s stands, as a reader counts: without overlaps."""
    found, at = [], folded.find(s)
    while at >= 0:
        if bounded(folded, at, at + len(s)):
            found.append(at)
            at = folded.find(s, at + len(s))
        else:
            at = folded.find(s, at + 1)
    return found


def source_span(places, size, start, end):
    """The source characters of fold characters [start, end), with what folded away behind them."""
    last = places[end - 1]
    while end < len(places) and places[end] == last:
        end += 1
    return places[start], places[end] if end < len(places) else size


class Field:
    """A title or text with its fold."""

    def __init__(self, record, name):
        self.id, self.name, self.source = record["id"], name, record.get(name) or ""
        self.folded = fold(self.source)
        self.map = source_map(self.source)


def slow_lines(fields, strings):
    """(id, field, start, end) of every match; start and end are None where the source does not fold
    character by character."""
    lines, counts = set(), {}
    for f in fields:
        for s in strings:
            found = matches(f.folded, s)
            if f.map is None:
                counts.setdefault((f.id, f.name), []).append(len(found))
                continue
            for at in found:
                lines.add((f.id, f.name, *source_span(f.map, len(f.source), at, at + len(s))))
    return lines, counts


def is_mark(c):
    """One that takes no column; the soft hyphen does."""
    return unicodedata.category(c) in ("Mn", "Me", "Cf") and c != "\u00ad"


def check_line(line, field, strings, size, tally, what):
    s, start, end = field.source, line["start"], line["end"]
    left = s[max(0, start - size):start]
    tally.equal(line["node"], s[start:end], "%s: the match in %s" % (what, field.id))
    if left and is_mark(left[0]) and size < start:  # its base is cut off
        left = left[len(left) - len(line["left"]):] if len(line["left"]) < len(left) else left
        tally.check(not line["left"] or not is_mark(line["left"][0]), "%s: a mark begins the left" % what)
    tally.equal(line["left"], left, "%s: left of it" % what)
    tally.equal(line["right"], s[end:end + size], "%s: right of it" % what)
    raw = s.encode()
    tally.equal(raw[line["start_byte"]:line["end_byte"]].decode(), line["node"], "%s: in bytes" % what)
    tally.check(any(string in fold(line["node"]) for string in strings), "%s: %r holds no string" % (what, line["node"]))


def words(s):
    """The words that a sort looks at: letters and digits that touch; all else one by one."""
    out, run = [], ""
    for c in s:
        if ALPHABETIC[c]:
            run += c
            continue
        if run:
            out.append(run)
        run = ""
        if wordy(c):
            out.append(c)
    return out + ([run] if run else [])


def wordy(c):
    return unicodedata.category(c)[0] in "LMN"


def key_of(line, field, sort):
    """What --sort compares, in UTF-8."""
    places, folded = field.map, field.folded
    if sort == "left":
        at = next((i for i, p in enumerate(places) if p >= line["start"]), len(folded))
        chosen = words(folded[:at])[::-1]
    else:
        at = next((i for i, p in enumerate(places) if p >= line["end"]), len(folded))
        chosen = words(folded[at:])
    return b"".join(w.encode() + b"\1" for w in chosen)[:160]


def check_order(lines, by_name, sort, tally, what):
    keys = []
    for line in lines:
        field = by_name[line["id"], line["field"]]
        if field.map is None or line["node"] != line["node"].strip():
            return
        keys.append(key_of(line, field, sort))
    tally.equal(keys, sorted(keys), "%s: sorted to the %s" % (what, sort))


def kwic(folder, query, *options):
    out = cli.run("kwic", "-i", folder, "-n", "0", "--format", "jsonl", *options, *cli.query_args(query), expect=(0, 1))
    return [json.loads(line) for line in out.decode().split("\n") if line]


def check_query(folder, query, strings, fields, size, tally):
    by_name = {(f.id, f.name): f for f in fields}
    lines = kwic(folder, query, "--context", "%dc" % size)
    want, counts = slow_lines(fields, strings)
    got = [(line["id"], line["field"], line["start"], line["end"]) for line in lines]
    tally.equal(len(got), len(set(got)), "kwic %r: no line twice" % query)
    plain = {place for place in got if by_name[place[:2]].map is not None}
    tally.equal(plain, want, "kwic %r: places" % query)
    for name, numbers in counts.items():  # matches may fall on one place of the source
        here = sum(1 for place in got if place[:2] == name)
        tally.check((sum(numbers) > 0) <= here <= sum(numbers), "kwic %r: %d lines in %s, not %s" % (query, here, name, numbers))
    for line in lines[:50]:
        check_line(line, by_name[line["id"], line["field"]], strings, size, tally, "kwic %r" % query)
    for sort in ("left", "right"):
        again = kwic(folder, query, "--context", "%dc" % size, "--sort", sort)
        place = lambda line: (line["id"], line["field"], line["start"], line["end"])
        tally.equal(sorted(map(place, again)), sorted(got), "kwic %r: the same lines sorted to the %s" % (query, sort))
        check_order(again, by_name, sort, tally, "kwic %r" % query)
        few = kwic(folder, query, "--context", "%dc" % size, "--sort", sort, "-n", "7")
        tally.equal(few, again[:7], "kwic %r: the first seven to the %s" % (query, sort))


def check_text(folder, query, tally):
    """The text format: as many lines, matches below each other, and nothing that moves the cursor."""
    csv_lines = list(csv.DictReader(io.StringIO(cli.run(
        "kwic", "-i", folder, "-n", "0", "--format", "csv", *cli.query_args(query), expect=(0, 1)).decode(), newline="")))
    shown = cli.run("kwic", "-i", folder, "-n", "0", *cli.query_args(query), expect=(0, 1)).decode().split("\n")
    tally.equal(len(shown) - 2, len(csv_lines), "kwic %r: lines of text" % query)
    tally.check(not any(ord(c) < 32 or 0x7F <= ord(c) < 0xA0 for line in shown for c in line),
                "kwic %r: a control character" % query)


BEFORE, FROM_MATCH = 30, 90


def best_place(field, strings):
    """(how many different strings begin within the window, where its first match begins) of the best window."""
    if not field.folded:
        return 0, 0
    starts = sorted((field.map[at], n) for n, s in enumerate(strings) for at in matches(field.folded, s))
    windows = [(len({n for other, n in starts if start <= other < start + FROM_MATCH}), -start) for start, _ in starts]
    most, start = max(windows, default=(0, 0))
    return most, -start


def check_snippets(folder, query, strings, by_name, tally):
    """A hit shows the piece with the most different strings: of the text, or of the title where it has more."""
    for hit in cli.search_json(folder, query, "--fields", "id")["hits"]:
        title, text = (by_name[hit["id"], name] for name in FIELDS)
        if title.map is None or text.map is None:
            continue
        in_text, in_title = best_place(text, strings), best_place(title, strings)
        from_title = in_title[0] > in_text[0]
        source, start = (title.source, in_title[1]) if from_title else (text.source, in_text[1])
        shown = hit["snippet"]
        first = max(0, start - BEFORE)
        tally.equal(shown["text"], source[first:first + BEFORE + FROM_MATCH], "search %r: snippet of %s" % (query, hit["id"]))
        tally.check(any(first + a <= start < first + b for a, b in shown["marks"]), "search %r: no mark at the place in %s" % (query, hit["id"]))
        for a, b in shown["marks"]:
            cut = b == len(shown["text"]) or a == 0
            tally.check(cut or any(s in fold(shown["text"][a:b]) for s in strings), "search %r: a mark on %r" % (query, shown["text"][a:b]))


def some_string(random, fields):
    """A string from somewhere, short or long, folded as it stands."""
    while True:
        f = random.choice(fields)
        if not f.folded:
            continue
        start = random.randrange(len(f.folded))
        s = f.folded[start:start + random.choice([1, 1, 2, 2, 3, 5, 12])]
        if fold(s) == s and s.strip() and "\0" not in s:
            return s


def main(tally):
    parser = cli.parser(__doc__)
    parser.add_argument("--records", type=int, default=150, help="made-up records (default 150)")
    parser.add_argument("--input", help="JSON lines to take the records from")
    parser.add_argument("--queries", type=int, default=60, help="queries (default 60)")
    options = parser.parse_args()
    random = cli.begin(options)
    with cli.workplace(options.index, tally) as temp:
        if options.input:
            source = [json.loads(line) for line in records.read_lines([options.input], options.records)]
        else:
            source = list(corpus.records(random, options.records))
        path, folder = temp + "/rows.jsonl", temp + "/rows.jibek"
        records.write_jsonl(path, source)
        cli.index(folder, [path])
        fields = [Field(record, name) for record in source for name in FIELDS]
        for number in range(options.queries):
            strings = [some_string(random, fields) for _ in range(random.choice([1, 1, 1, 2, 3]))]
            query = " OR ".join(map(cli.quote, strings))
            check_query(folder, query, strings, fields, random.randrange(0, 30), tally)
            if number % 10 == 0:
                check_text(folder, query, tally)
            check_snippets(folder, query, strings, {(f.id, f.name): f for f in fields}, tally)
            one = random.choice(FIELDS)
            wanted, _ = slow_lines([f for f in fields if f.name == one], strings[:1])
            got = {(line["id"], line["field"], line["start"], line["end"]) for line in
                   kwic(folder, "%s:%s" % (one, cli.quote(strings[0])))}
            plain = {(f.id, f.name) for f in fields if f.map is not None}
            tally.equal({place for place in got if place[:2] in plain}, wanted, "kwic %s:%r" % (one, strings[0]))


if __name__ == "__main__":
    cli.guarded(main)
