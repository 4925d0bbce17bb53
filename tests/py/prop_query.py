#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Random queries of the whole language against a program that looks at every record.

Titles and texts come from --input (JSONL, .zst too) or from corpora/ and made-up records; every
record gets fields of its own.  The documents found, and how many are undecided, must be the same.
For some of the queries also facets, histograms, tables, orders, pages, samples and copies.
JIBEK_TERMS names the program that lists the words of a text, JIBEK_NAMES the one that lists its names."""

import datetime
import glob
import os
import re
import subprocess
import types

import cli
import columns_model as columns
import corpus
import count_model
import fold
import lexicon
import match
import plain_query as plain
import prop_count
import prop_sound
import query_answers
import records

STATUSES = ["live", "live", "author_deleted", "platform_removed", "account_banned", "gone", None]
TOPICS = ["a", "b b", "历史", "x:y", "1..5", "(", "NOT", "*"]
UNDECIDED = re.compile(rb"jibek: (\d+) more are undecided")
EPOCH = datetime.datetime(1970, 1, 1)


# --- records ---

class Row:
    """A record as written, and what it means."""

    def __init__(self, random, number, title, text):
        self.title, self.text = title, text
        self.record, case = count_model.make_case(random, number, title)
        folded = tuple(map(fold.fold, (title, text)))
        self.case = case._replace(row=case.row._replace(strings=folded))
        self.id = case.row.id
        self.record["text"] = text
        self.topic = random.choice(TOPICS + [None])
        self.status = random.choice(STATUSES)
        for name, value in (("x.topic", self.topic), ("status", self.status)):
            if value is not None:
                self.record[name] = value
        self.status = self.status or "unknown"

    def local(self, name):
        """The first moment of a time as it was written, by the record's own clock."""
        written, time = self.record.get(name), self.case.times[name]
        if not time:
            return None
        known = {4: 1, 7: 2, 10: 3}.get(len(written) if isinstance(written, str) else 0, 6)
        return datetime.datetime(*(*time[0].timetuple()[:known], 1, 1)[:max(known, 3)])

    def instant(self, name):
        """The same by the universal clock."""
        written, local = self.record.get(name), self.local(name)
        if local is None or isinstance(written, int):
            return local
        offset = re.search(r"\d:\d\d.*(?:Z|([+-])(\d\d):(\d\d))$", written)
        if offset and offset[1]:
            minutes = int(offset[1] + "1") * (60 * int(offset[2]) + int(offset[3]))
        else:
            chinese = self.record.get("platform") not in (None, "", "vk")
            minutes = 480 if chinese and not offset else 0
        return local - datetime.timedelta(minutes=minutes)


def some_content(options, random):
    if options.input:
        share = -(-options.rows // len(options.input)) if options.rows else 0
        for path in options.input:
            for line in records.read_lines([path], share):
                yield records.content(records.json.loads(line))
        return
    for path in sorted(glob.glob(os.path.join(cli.ROOT, "corpora", "*.jsonl"))):
        for line in records.read_lines([path]):
            yield records.content(records.json.loads(line))
    for record in corpus.records(random, options.rows):
        yield records.content(record)


def make_rows(options, random):
    rows = []
    for title, text in some_content(options, random):
        if rows and random.random() < 0.03:
            title, text = random.choice(rows[-50:]).title, random.choice(rows[-50:]).text
        rows.append(Row(random, len(rows), title, text))
    return rows


def oracle(rows, lister):
    if not (lister and "JIBEK_KEYS" in os.environ):
        return None
    written = [s for row in rows for s in (row.title, row.text)]
    return lexicon.Lexicon(term for terms in lister(written) for term in terms)


def make_world(rows):
    lister = plain.list_terms(os.environ["JIBEK_TERMS"]) if "JIBEK_TERMS" in os.environ else None
    keywords = {name: [row.case.row.keywords[name] for row in rows] for name in columns.FACETS}
    keywords["status"] = [row.status for row in rows]
    keywords["x.topic"] = [row.topic for row in rows]
    keywords["id"] = [row.id for row in rows]
    namer = plain.list_names(os.environ["JIBEK_NAMES"]) if "JIBEK_NAMES" in os.environ else None
    local = {name: [row.local(name) for row in rows] for name in count_model.TIMES}
    return plain.World(
        [row.title for row in rows], [row.text for row in rows], keywords, {"tags": [row.case.tags for row in rows]},
        {name: [row.case.row.counts[name] for row in rows] for name in columns.COUNTS}, local,
        {name: [row.instant(name) for row in rows] for name in local}, lister, oracle(rows, lister), namer)


# --- random trees ---

class Gardener:
    """Makes trees that find something in these rows, as a rule."""

    def __init__(self, random, rows, near, words, codes):
        self.random, self.rows, self.has_near, self.has_words, self.codes = random, rows, near, words, codes

    def row(self):
        return self.random.choice(self.rows)

    def where(self):
        return self.random.choice(["", "", "", "title", "text"])

    def piece(self, row=None, longest=6):
        """A piece of some title or text, as written, that something is left of."""
        random = self.random
        for _ in range(50):
            one = row or self.row()
            s = random.choice([one.title, one.text, one.text])
            start = random.randrange(max(1, len(s)))
            words = list(re.finditer(r"\w+", s[start:start + 40]))
            kind = random.random()
            if kind < 0.5 and words:
                word = random.choice(words)[0]
                piece = word[:random.randint(1, 4)] if match.is_han(word[0]) else word
            else:
                piece = s[start:start + random.randint(1, longest)]
            if fold.fold(piece).strip():
                return piece
        return "the"

    def text_leaf(self, row=None, placed=False):
        random = self.random
        if self.codes and random.random() < 0.08:
            code = random.choice(self.codes + ["NR"])
            return ("names", random.choice([code, code.lower()]), "" if placed else self.where())
        if random.random() < 0.03:
            return ("string", random.choice(["龘龘龘", "nosuchword", "нетслова"]), self.where())
        while True:
            s = self.piece(row)
            if placed and not any(map(self.is_wordy, fold.fold(s))):
                row = None
                continue
            where = self.where() if not placed or random.random() < 0.1 else ""
            if self.has_words and plain.is_word(s) and random.random() < 0.2:
                return ("pattern", s) + random.choice([(0, 1), (1, 0), (1, 1)]) + (where,)
            if not placed and random.random() < 0.1 and prop_sound.may_be_asked(s):
                return ("sound", s, where)
            kind = "word" if self.has_words and plain.is_word(s) and random.random() < 0.6 else "string"
            return (kind, s, where)

    @staticmethod
    def is_wordy(char):
        return fold.unicodedata.category(char)[0] in "LMN"

    def near(self):
        random = self.random
        row = self.row() if random.random() < 0.8 else None
        parts, links = [], []
        where = random.choice(["", "", "", "title", "text"])
        for i in range(random.choice([2, 2, 2, 3, 4])):
            several = [self.text_leaf(row, True)[:-1] + (where,) for _ in range(random.choice([1, 1, 1, 2, 3]))]
            parts.append(several[0] if len(several) == 1 else ("or", tuple(several)))
            if i:
                links.append((random.choice([0, 1, 2, 3, 5, 10, 10, 40]), random.random() < 0.4))
        return ("near", tuple(parts), tuple(links))

    def value(self):
        field = self.random.choice(columns.FACETS + ["tags", "status", "x.topic", "id"] + ["mentions"] * bool(self.codes))
        if field == "mentions":
            return ("value", field, self.random.choice(self.codes))
        while True:
            row = self.row()
            if field == "tags":
                values = row.case.tags
            elif field == "status":
                values = [row.status]
            else:
                values = [{"x.topic": row.topic, "id": row.id}.get(field) or row.case.row.keywords.get(field)]
            if values and values[0] is not None:
                return ("value", field, self.random.choice(values))

    def count(self):
        random, field = self.random, self.random.choice(columns.COUNTS)
        known = [row.case.row.counts[field][0] for row in random.choices(self.rows, k=20) if row.case.row.counts[field]]
        low, high = sorted(random.choice(known + [0, 10, 1000, 5000, 100000]) for _ in "ab")
        written, low, high = random.choice([
            ("%d" % low, low, low), ("%d..%d" % (low, high), low, high), ("%d.." % low, low, None),
            ("..%d" % high, None, high), (">%d" % low, low + 1, None), (">=%d" % low, low, None),
            ("<%d" % high, None, high - 1), ("<=%d" % high, None, high)])
        return ("count", field, written, low, high)

    def moment(self, field, universal):
        """Some time as a query writes it, its first moment and the one behind it."""
        random, t = self.random, None
        while t is None:
            row = self.row()
            t = row.instant(field) if universal else row.local(field)
        t += datetime.timedelta(seconds=random.choice([0, 0, 1, -1, 86400, -86400]))
        if not universal and random.random() < 0.7:
            return columns.day_span(random, t)
        seconds = random.random() < 0.5
        first = t.replace(second=t.second if seconds else 0)
        last = first + datetime.timedelta(seconds=1 if seconds else 60)
        shown, zone = first, ""
        if universal:
            hours = random.choice([0, 0, 8, 6, -5])
            shown = first + datetime.timedelta(hours=hours)
            zone = "Z" if not hours else "%+03d:00" % hours
        glue = random.choice("T ")
        return shown.strftime("%Y-%m-%d" + glue + ("%H:%M:%S" if seconds else "%H:%M")) + zone, first, last

    def time(self):
        random, field = self.random, self.random.choice(count_model.TIMES)
        universal = random.random() < 0.3
        first, last = sorted((self.moment(field, universal) for _ in "ab"), key=lambda span: span[1])
        written, low, high = random.choice([
            (first[0], first[1], first[2]), (first[0] + "..", first[1], None), (".." + last[0], None, last[2]),
            (">" + first[0], first[2], None), (">=" + first[0], first[1], None), ("<" + last[0], None, last[1]),
            ("<=" + last[0], None, last[2])] + [("%s..%s" % (first[0], last[0]), first[1], last[2])] * (first[1] < last[2]))
        return ("time", field, written, low, high, universal)

    def leaf(self):
        random = self.random
        kind = random.choices(["text", "near", "value", "count", "time", "gone", "all"],
                              [9, 4 if self.has_near else 0, 4, 3, 3, 1, 0.4])[0]
        if kind == "text":
            return self.text_leaf()
        if kind == "gone":
            return ("gone", random.choice(["yes", "no", "unknown"]))
        return ("all",) if kind == "all" else getattr(self, kind)()

    def same_kind(self):
        """Leaves of one field, to be written as a group."""
        random = self.random
        maker = random.choice([self.count, self.time, self.value, self.text_leaf])
        first = maker()
        field = plain.field_of(first)
        several = [first] + [one for one in (maker() for _ in range(8)) if plain.field_of(one) == field][:3]
        if len(several) == 1:
            return first
        return (random.choice(["or", "or", "and"]), tuple(several))

    def tree(self, depth):
        random = self.random
        kind = random.random()
        if depth == 0 or kind < 0.25:
            return self.leaf()
        if kind < 0.35:
            return self.same_kind()
        if kind < 0.5:
            return ("not", self.tree(depth - 1))
        size = random.choice([2, 2, 2, 3, 4])
        return ("and" if kind < 0.75 else "or", tuple(self.tree(depth - 1) for _ in range(size)))


# --- comparing ---

def ask(folder, text, *options):
    """The ids that are found, in order, and how many are undecided."""
    args = ["search", "-i", folder, "-n", "0", "--format", "ids", *options, *cli.query_args(text)]
    done = subprocess.run(cli.command(*args), stdin=subprocess.DEVNULL, capture_output=True, timeout=600, check=False)
    if done.returncode not in (0, 1):
        raise cli.JibekError("exit status %d from %s\n  %s" % (
            done.returncode, cli.shlex.join(cli.command(*args)), done.stderr.decode("utf-8", "replace")))
    ids = done.stdout.decode("utf-8").split("\n")[:-1]
    if done.returncode != (0 if ids else 1):
        raise cli.JibekError("exit status %d with %d found by %s" % (done.returncode, len(ids), text))
    undecided = UNDECIDED.search(done.stderr)
    return ids, int(undecided[1]) if undecided else 0


def check_query(folder, world, rows, tree, text, options, tally):
    """Is the same found?  The numbers of the rows that should be."""
    sure, possible = world.answer(tree)
    numbers = world.numbers(sure)
    what = "%s\n  of %r" % (cli.search_command(folder, text, "ids", *options), tree)
    try:
        ids, undecided = ask(folder, text, *options)
    except cli.JibekError as error:
        tally.check(False, "%s\n  of %r" % (error, tree))
        return None
    want = {rows[number].id for number in numbers}
    same = tally.check(set(ids) == want and len(ids) == len(want), lambda: "%s: %d expected, %d got\n  missing %s\n  too many %s" % (
        what, len(want), len(ids), sorted(want - set(ids))[:5], sorted(set(ids) - want)[:5]))
    tally.equal(undecided, (possible & ~sure).bit_count() if hasattr(int, "bit_count") else bin(possible & ~sure).count("1"),
                "undecided by " + what)
    return numbers if same else None


def check_more(random, folder, every, rows, numbers, text, tally):
    """What is said of the documents found."""
    cases = [rows[number].case for number in numbers]
    node = types.SimpleNamespace(text=text)
    prop_count.check_table(random, folder, every, node, cases, tally)
    prop_count.check_histograms(random, folder, node, cases, tally)
    query_answers.check(random, folder, rows, numbers, text, tally)


def check_file(folder, rows, asked, temp, tally):
    """All queries again, from a file: the same numbers."""
    path, told = os.path.join(temp, "queries.txt"), os.path.join(temp, "answers.csv")
    asked = [pair for pair in asked if "\n" not in pair[0] and not pair[0].endswith("\r")]
    with open(path, "w", encoding="utf-8", newline="") as lines:
        lines.writelines("q%d\t%s\n" % (i, text) for i, (text, _) in enumerate(asked))
    cli.run("search", "-i", folder, "--queries", path, "--format", "csv", "--facet", "platform:2", "-o", told, expect=(0, 1))
    with open(told, encoding="utf-8", newline="") as lines:
        answers = list(query_answers.csv.DictReader(lines))
    tally.equal([row["name"] for row in answers], ["q%d" % i for i in range(len(asked))], "names in " + told)
    sums = plain.collections.Counter()
    for _, numbers in asked:
        sums.update(rows[n].case.row.keywords["platform"] or "" for n in numbers)
    shown = sorted((value for value in sums if value), key=lambda value: (-sums[value], value.encode()))[:2]
    for (text, numbers), row in zip(asked, answers):
        counts = plain.collections.Counter(rows[n].case.row.keywords["platform"] or "" for n in numbers)
        want = [text, len(numbers), ""] + [counts[value] for value in shown] + [counts[""]]
        got = [row["query"], int(row["total"]), row["error"]]
        got += [int(row["platform:" + value]) for value in shown] + [int(row.get("platform none", 0))]
        tally.equal(got, want, "%s in %s" % (row["name"], path))
        rest = sum(counts.values()) - sum(counts[value] for value in shown) - counts[""]
        tally.equal(int(row.get("platform other", 0)), rest, "other of %s in %s" % (row["name"], path))


def main(tally):
    parser = cli.parser(__doc__)
    parser.add_argument("--input", nargs="+", metavar="FILE", help="JSONL files with titles and texts, .zst too")
    parser.add_argument("--rows", type=int, default=400, help="rows, beside those of corpora/ (default 400; 0: all of the input)")
    parser.add_argument("--queries", type=int, default=300, help="queries (default 300)")
    parser.add_argument("--more", type=int, default=10, help="of each hundred queries, those looked at more closely (default 10)")
    options = parser.parse_args()
    random = cli.begin(options)
    if "JIBEK_NAMES" not in os.environ:
        print("no {KZ}: JIBEK_NAMES does not name the program that lists names")
    if "JIBEK_TERMS" not in os.environ:
        print("no NEAR, no bare words: JIBEK_TERMS does not name the program that lists words")
    rows = make_rows(options, random)
    with cli.workplace(options.index, tally) as temp:
        path, folder = os.path.join(temp, "rows.jsonl"), os.path.join(temp, "rows.jibek")
        records.write_jsonl(path, [row.record for row in rows])
        print("%d rows; index: %s" % (len(rows), cli.index(folder, [path])), flush=True)
        every = [row.case for row in rows]
        prop_count.learn(folder, every, tally)
        world = make_world(rows)
        gardener = Gardener(random, rows, "JIBEK_TERMS" in os.environ, lexicon.can(), sorted(world.holders.get("mentions", ())))
        kinds, asked = plain.collections.Counter(), []
        for number in range(options.queries):
            tree = gardener.tree(random.choice([0, 1, 1, 2, 2, 3]))
            text = plain.text_of(random, tree)
            order = random.choice([[], ["--sort", "-published_at"], ["--sort", "views"]])
            found = check_query(folder, world, rows, tree, text, order, tally)
            kinds.update(leaf[0] for leaf in plain.leaves(tree))
            kinds["near"] += repr(tree).count("('near'")
            kinds["found something"] += bool(found)
            if found is not None:
                asked.append((text, found))
            if number % 500 == 499:
                print("%d queries, %d failed" % (number + 1, tally.failed), flush=True)
            if found is not None and number % 100 < options.more:
                check_more(random, folder, every, rows, found, text, tally)
        check_file(folder, rows, asked, temp, tally)
        print("queries: %d; %s" % (options.queries, ", ".join("%s %d" % pair for pair in sorted(kinds.items()))))


if __name__ == "__main__":
    cli.guarded(main)
