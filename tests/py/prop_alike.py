#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The life of an index (prop_life.py) in which ids, urls and texts come in pairs that a lookup takes
for one.  Two records stay two, no copy is lost and none is made up."""

import os
import subprocess

import cli
import life_model
import prop_life
import records

URL, TEXT, PAIRS = "https://example.org/", "alike", 80


def pairs(random, kind, beside):
    """Words of which two neighbours are alike, where they stand beside `beside`."""
    tool = os.environ.get("JIBEK_ALIKE") or os.path.join(os.path.dirname(cli.binary()), "..", "tests", "alike")
    lines = subprocess.run([tool, kind, beside, str(PAIRS)], check=True, capture_output=True).stdout.decode().splitlines()
    random.shuffle(lines)
    return [word for line in lines for word in line.split()]


class Maker(life_model.Maker):
    def __init__(self, random, words):
        super().__init__(random, words)
        self.ids, self.urls, self.titles = pairs(random, "id", ""), pairs(random, "id", URL), pairs(random, "content", TEXT)

    def seen_something(self):
        """What is no observation of nothing, which is refused."""
        while True:
            seen = self.seen()
            counts = (self.written[repr(seen[name])] for name in life_model.COUNTS if name in seen)
            if "status" in seen or any(count is not None for count in counts):
                return seen

    def one_of(self, alike, share):
        return alike.pop() if alike and self.random.random() < share else None

    def content(self):
        title = self.one_of(self.titles, 0.2)
        return {"title": title, "text": TEXT} if title else super().content()

    def identity(self, record):
        found = super().identity(record)
        ident, url = self.one_of(self.ids, 0.25), self.one_of(self.urls, 0.25)
        if url:
            found["url"] = URL + url
        if ident or url and self.random.random() < 0.5:
            found["id"] = ident
        return found


def observe(world, seen):
    """`jibek observe` of (record, what was seen of it)."""
    path = os.path.join(world.temp, "seen.jsonl")
    rows = []
    for record, what in seen:
        key = records.key(record)
        name = {"platform": key[1], "id": key[2]} if key[0] == "id" else {"url": key[1]}
        rows.append({"observed_at": what["collected_at"], **name, **{name: what[name] for name in what if name != "collected_at"}})
    records.write_jsonl(path, rows)
    cli.run("observe", "-i", world.folder, path)


def step_seen(world):
    seen = [(one.record, world.maker.seen_something()) for one in world.some(40) if prop_life.has_key(one)]
    observe(world, seen)
    for record, what in seen:
        world.model.observe(world.model.posts[records.key(record)], what)


def step_seen_before(world):
    """What is seen of a record that is not there waits for it, not for one that is like it."""
    fresh = [one for one in (world.maker.fresh() for _ in range(30)) if records.key(one)[0] != "record"]
    fresh = [one for one in fresh if records.key(one) not in world.model.posts]
    seen = [(one, world.maker.seen_something()) for one in fresh]
    observe(world, seen)
    prop_life.check(world)
    prop_life.read_records(world, fresh)
    for record, what in seen:
        world.model.observe(world.model.posts[records.key(record)], what)


def check_whole(world):
    cli.run("check", "--deep", "-i", world.folder)
    world.tally.check(True, "")


def check_salvaged(world):
    """Salvaged, which is to settle all records anew, it answers the same."""
    cli.run("compact", "--purge", "-i", world.folder)
    old, world.folder = world.folder, os.path.join(world.temp, "salvaged.jibek")
    cli.run("index", "--salvage", old, "-i", world.folder)
    prop_life.check_rows(world)
    prop_life.check_show(world, 30)
    check_whole(world)


def main(tally):
    parser = cli.parser(__doc__)
    parser.add_argument("--steps", type=int, default=25, help="steps (default 25)")
    parser.add_argument("--records", type=int, default=60, help="new records in a step, at most (default 60)")
    parser.add_argument("--words", type=int, default=20, help="words of a text, at most (default 20)")
    parser.add_argument("--first", type=int, default=250, help="records of the first step (default 250)")
    options = parser.parse_args()
    random = cli.begin(options)
    with cli.workplace(options.index, tally) as temp:
        world = prop_life.World(random, temp, tally, options)
        world.maker = Maker(random, options.words)
        world.model = life_model.Life(world.maker.meaning)
        prop_life.live(world, prop_life.STEPS + [(step_seen, 4), (step_seen_before, 3)])
        check_whole(world)
        world.what = "at the end"
        check_salvaged(world)


if __name__ == "__main__":
    cli.guarded(main)
