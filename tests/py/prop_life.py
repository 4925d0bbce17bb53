#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The life of an index: records come, change, are copied, forgotten, purged and come
again, and after every step each answer is that of a model."""

import csv
import gzip
import hashlib
import json
import os
import re
import shutil
import subprocess

import cli
import columns_model
import frames
import life_model
from fold import fold

MALFORMED = (b'{"id": "x", "title": "cut', b"not json", b"[]", b"42", b'{"id": 1,}')
FACETS = columns_model.FACETS


class World:
    """The index folder, its model, and all files that were ever read."""

    def __init__(self, random, temp, tally, options):
        self.random, self.temp, self.tally, self.options = random, temp, tally, options
        self.folder = os.path.join(temp, "life.jibek")
        self.maker = life_model.Maker(random, options.words)
        self.model = life_model.Life(self.maker.meaning)
        self.files, self.languages, self.what = [], {}, ""

    def equal(self, got, want, what):
        return self.tally.equal(got, want, "%s: %s" % (self.what, what))

    def some(self, count):
        living = self.model.living()
        return self.random.sample(living, min(count, len(living)))


# --- steps ---

def write(world, lines):
    """A new file, plain or packed."""
    plain = os.path.join(world.temp, "part%03d.jsonl" % len(world.files))
    kind = world.random.choice(["", "", ".gz", ".zst" if shutil.which("zstd") else ""])
    data = b"".join(line + b"\n" for line in lines)
    with (gzip.open(plain + ".gz", "wb") if kind == ".gz" else open(plain, "wb")) as out:
        out.write(data)
    if kind == ".zst":
        subprocess.run(["zstd", "-q", "--rm", plain], check=True)
    world.files.append((plain + kind, lines))
    return world.files[-1]


def read(world, files):
    """`jibek index` of these files, counted as the model counts."""
    lines = [line for _, some in files for line in some]
    want = world.model.index(lines)
    # As lines: a file that begins with [] would be an array of records, and hold none.
    options = ["--format", "jsonl", "--jobs", world.random.randint(1, 3)]
    got = cli.index(world.folder, [path for path, _ in files], *options, may_reject=want["rejected"] > 0)
    world.equal({name: got[name] for name in want}, want, "summary of %s" % [os.path.basename(path) for path, _ in files])


def read_records(world, some, parts=1):
    lines = [json.dumps(record, ensure_ascii=world.random.random() < 0.2 and bool(record.get("id"))).encode() for record in some]
    for _ in range(world.random.choice([0, 0, 0, 1, 3])):
        lines.insert(world.random.randrange(len(lines) + 1), world.random.choice(MALFORMED))
    cuts = sorted(world.random.randrange(len(lines) + 1) for _ in range(parts - 1))
    read(world, [write(world, lines[a:b]) for a, b in zip([0] + cuts, cuts + [len(lines)])])


def step_new(world):
    count = world.random.randrange(1, world.options.records)
    read_records(world, [world.maker.fresh() for _ in range(count)], world.random.randint(1, 4))


def has_key(one):
    return one.key[0] != "record"


def step_replace(world):
    read_records(world, [world.maker.again(one.record, world.maker.content()) for one in world.some(30) if has_key(one)])


def step_observe(world):
    read_records(world, [world.maker.again(one.record) for one in world.some(40) if has_key(one)])


def step_copies(world):
    made = []
    for one in world.some(15):
        text = {"title": one.record["title"], "text": one.record["text"]}
        made += [world.maker.fresh(text) for _ in range(world.random.randint(1, 3))]
    read_records(world, made)


def step_again(world):
    """Files that were read before: what was forgotten is added again."""
    read(world, world.random.sample(world.files, min(2, len(world.files))))


def forget(world, keys, *args):
    """Forget; first only say so, which changes nothing."""
    said = cli.run("forget", "-i", world.folder, "--dry-run", *args, expect=(0, 1)).decode()
    world.equal(re.findall(r"\d+", said), ["%d" % len(keys)], "forget --dry-run " + cli.short(args))
    before = generation(world)
    said = cli.run("forget", "-i", world.folder, *args, expect=(0,) if keys else (1,)).decode()
    world.equal(re.findall(r"\d+", said), ["%d" % len(keys)] if keys else [], "forget " + cli.short(args))
    world.model.forget(keys)
    world.equal(generation(world) > before, bool(keys), "a new generation")


def step_forget_query(world):
    """By rare words, or by any query that finds few: the posts whose newest version matches."""
    rows = query_rows(world)
    if world.random.random() < 0.6 or not rows:
        parts = [part for one in world.some(world.random.choice([0, 1, 1, 2, 6])) for part in one.content]
        found = filter(None, map(life_model.SECRET.findall, parts))
        words = [world.random.choice(some) for some in found] or ["qz00"]
        text, folded = " OR ".join(map(cli.quote, words)), list(map(fold, words))
        found = [row.id for row in rows if any(columns_model.contains(part, word) for word in folded for part in row.strings)]
    else:
        nodes = (columns_model.random_query(world.random, rows) for _ in range(50))
        nodes = ((node.text, columns_model.answer(rows, node).ids) for node in nodes)
        text, found = next((pair for pair in nodes if len(pair[1]) < len(rows) / 20), ("qz00", []))
    forget(world, {one.key for one in world.model.living() if one.record["note"] in found}, *cli.query_args(text))


def step_forget_ids(world):
    names = {world.random.choice([one.name(), one.record.get("url") or one.name()]) for one in world.some(world.random.randint(1, 8))}
    fits = lambda one: one.name() in names or one.record.get("url") in names
    path = os.path.join(world.temp, "ids.txt")
    with open(path, "w", encoding="utf-8") as out:
        out.write("\n".join(sorted(names) + ["nobody-has-this"]) + "\n\n")
    forget(world, {one.key for one in world.model.living() if fits(one)}, "--ids", path)


def step_compact(world):
    cli.run("compact", "-i", world.folder)


def step_purge(world):
    living = {s for one in world.model.documents for s in life_model.SECRET.findall(json.dumps(one.record, ensure_ascii=False))}
    forbidden = world.model.forbidden()
    cli.run("compact", "-i", world.folder, "--purge")
    found, packed = frames.contents(world.folder)
    world.equal(packed, 0, "frames that could not be unpacked")
    unpacked = b"\0".join(data for _, data in found).decode("utf-8", "replace")
    there = set(life_model.SECRET.findall(unpacked))
    world.equal(sorted(living - there)[:5], [], "strings of records that stay, not seen by the scan")
    for name, data in found:
        left = [s for s in forbidden if s.encode() in data]
        world.equal(left[:5], [], "forgotten strings in %s after a purge (%d of %d)" % (name, len(left), len(forbidden)))


STEPS = [(step_new, 5), (step_replace, 4), (step_observe, 4), (step_copies, 4), (step_again, 3), (step_forget_query, 4),
         (step_forget_ids, 4), (step_compact, 2), (step_purge, 4)]


# --- checks ---

def generation(world):
    return cli.search_json(world.folder, "*", "-n", "1")["index"]["generation"] if os.path.exists(world.folder) else 0


def jsonl(world, query="*"):
    return cli.search_jsonl(world.folder, query, "--sort", "collected_at", "--fields", ",".join(life_model.FIELDS + ["lang", "collected_at"]))


def check_rows(world):
    want = sorted(world.model.rows(), key=lambda row: row["x.note"])
    got = sorted(jsonl(world), key=lambda row: row["x.note"])
    world.languages = {row["x.note"]: row.get("lang") for row in got}
    got = [{name: row[name] for name in life_model.FIELDS if name in row} for row in got]
    world.equal([row["x.note"] for row in got], [row["x.note"] for row in want], "which rows")
    for name in life_model.FIELDS:
        wrong = [(a["x.note"], b.get(name), a.get(name)) for a, b in zip(want, got) if a.get(name) != b.get(name)]
        world.equal(wrong[:3], [], "(x.note, got, expected) of %d wrong %s" % (len(wrong), name))


def query_rows(world):
    rows = []
    for one in world.model.living():
        held = world.model.latest(world.model.posts[one.key])
        keywords = {name: one.record.get(name) or None for name in FACETS}
        keywords["lang"] = world.languages.get(one.record["note"])
        rows.append(columns_model.Row(one.record["note"], keywords, {name: held.get(name) for name in life_model.COUNTS},
                                      world.maker.starts[one.record["note"]], tuple(map(fold, one.content))))
    return rows


def text_node(random, rows):
    """A piece of some text, sometimes a rare string of it."""
    text = random.choice(random.choice(rows).strings)
    start = random.randrange(len(text))
    s = text[start:start + random.randint(1, 9)]
    s = s if fold(s).strip() else "中国"
    return columns_model.Node(cli.quote(s), lambda row: int(any(columns_model.contains(text, fold(s)) for text in row.strings)))


def check_queries(world, count=20):
    rows = query_rows(world)
    if not all(any(row.keywords[name] for row in rows) for name in FACETS):
        return
    for number in range(count):
        node = columns_model.random_query(world.random, rows) if number % 3 else text_node(world.random, rows)
        options = [word for name in FACETS for word in ("--facet", name + ":0")]
        found = cli.search_json(world.folder, node.text, "--fields", "x.note", *options)
        want = columns_model.answer(rows, node)
        got = sorted(hit["x.note"] for hit in found["hits"])
        if not world.equal(got, want.ids, "hits of %s" % node.text):
            continue
        world.equal((found["total"], found["undecided"]), (len(want.ids), want.undecided), "total and undecided of %s" % node.text)
        for name in FACETS if want.ids else ():
            facet = found["facets"][name]
            counts = {one["value"]: one["count"] for one in facet["values"]} | ({None: facet["missing"]} if facet["missing"] else {})
            world.equal(counts, dict(want.facets[name]), "facet %s of %s" % (name, node.text))


def cell(value):
    return "; ".join(value) if isinstance(value, list) else "" if value is None else str(value)


def check_export(world):
    """CSV in the order of indexing, twice the same bytes, with a manifest that is right."""
    paths = [os.path.join(world.temp, name) for name in ("a.csv", "b.csv")]
    data = []
    for path in paths:
        cli.export(world.folder, path, "*", "--fields", ",".join(life_model.FIELDS))
        with open(path, "rb") as lines:
            data.append(lines.read())
    world.equal(data[0] == data[1], True, "the same export twice")
    want = [{name: cell(row.get(name)) for name in life_model.FIELDS} for row in world.model.rows()]
    got = read_csv(paths[0])
    world.equal(len(got), len(want), "rows of the export")
    wrong = [(a, b) for a, b in zip(got, want) if a != b]
    world.equal(wrong[:1], [], "(got, expected) of %d wrong rows of the export" % len(wrong))
    with open(paths[0] + ".manifest.json", encoding="utf-8") as lines:
        manifest = json.load(lines)
    world.equal((manifest["sha256"], manifest["rows"], manifest["matches"], manifest["bytes"]),
                (hashlib.sha256(data[0]).hexdigest(), len(want), len(want), len(data[0])), "manifest")


def read_csv(path):
    with open(path, encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines, strict=True))


def check_show(world, count=6):
    for one in world.some(count):
        if [other.name() for other in world.model.living()].count(one.name()) > 1:
            continue
        shown = cli.run("show", "-i", world.folder, one.name()).decode("utf-8")
        number = lambda what: int((re.findall(r"^%s: (\d+)$" % what, shown, re.M) or [0])[0])
        versions, copies, seen = world.model.shown(one)
        world.equal(shown.count("\n--- an earlier version ---\n"), versions, "earlier versions of " + one.name())
        world.equal(number("copies of the same title and text"), copies, "copies of " + one.name())
        world.equal(number("observations"), seen, "observations of " + one.name())


def check_forgotten(world):
    """What was forgotten is found by nothing and shown by nothing."""
    forbidden = sorted(world.model.forbidden())
    for s in world.random.sample(forbidden, min(5, len(forbidden))):
        world.equal(cli.search_json(world.folder, cli.quote(s))["total"], 0, "documents with the forgotten " + s)
        cli.run("show", "-i", world.folder, s, expect=(1,))
        cli.run("show", "-i", world.folder, "https://example.org/" + s, expect=(1,))
    everything = cli.search(world.folder, "*", "jsonl", "--fields", ",".join(life_model.FIELDS))
    world.equal([s for s in forbidden if s in everything][:3], [], "forgotten strings in the rows")


def check(world):
    for one in (check_rows, check_queries, check_export, check_show, check_forgotten):
        try:
            one(world)
        except cli.JibekError as error:
            world.tally.check(False, "%s: %s" % (world.what, error))


def live(world, steps):
    """Records come first, then steps by their weights; each answer after each."""
    steps, weights = zip(*steps)
    world.what = "step 0, the first records"
    read_records(world, [world.maker.fresh() for _ in range(max(1, world.options.first))])
    check(world)
    for number in range(1, world.options.steps + 1):
        step = world.random.choices(steps, weights)[0]
        world.what = "step %d, %s" % (number, step.__name__[5:])
        print(world.what, "(%d documents, %d forgotten strings)" % (len(world.model.living()), len(world.model.forbidden())), flush=True)
        step(world)
        check(world)


def main(tally):
    parser = cli.parser(__doc__)
    parser.add_argument("--steps", type=int, default=40, help="steps (default 40)")
    parser.add_argument("--records", type=int, default=80, help="new records in a step, at most (default 80)")
    parser.add_argument("--words", type=int, default=60, help="words of a text, at most (default 60)")
    parser.add_argument("--first", type=int, default=900, help="records of the first step, enough for dictionaries (default 900)")
    options = parser.parse_args()
    random = cli.begin(options)
    with cli.workplace(options.index, tally) as temp:
        live(World(random, temp, tally, options), STEPS)


if __name__ == "__main__":
    cli.guarded(main)
