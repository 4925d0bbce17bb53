#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""How long posts live: a small case worked out by hand, and simulated lives whose true curve the
printed limits must hold."""

import csv
import io
import json
import math
import os
import random

import cli
import records
from observe_model import DAY, START, written

COLUMNS = ("platform", "id", "observed_at", "status")

# Both are gone at last: the early curve ends on day 4, and its limits stay while the late one falls.
# At 1/2 Greenwood's sum is 1 / (2 * 1), and (1 - 1/2) / (1/2 * 1/2) = 2 posts; at 0 it is as many.
ENDED = {"A": [(1, "live"), (3, "live"), (5, "gone")], "B": [(1, "live"), (4, "live"), (9, "gone")]}
ENDED_WANT = [(3, 1 / 2, 1), (4, 0, 1), (5, 0, 1 / 2), (9, 0, 0)]  # day, early, late


def write_rows(path, rows):
    with open(path, "w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, COLUMNS)
        writer.writeheader()
        writer.writerows(rows)


def make(folder, temp, lives):
    """An index of posts published at START: {id: [(day, status)]}; day may be a fraction."""
    path = os.path.join(temp, "posts.jsonl")
    records.write_jsonl(path, [{"platform": "p", "id": post, "title": "t " + post, "published_at": written(START)} for post in lives])
    cli.index(folder, [path])
    path = os.path.join(temp, "seen.csv")
    write_rows(path, [{"platform": "p", "id": post, "observed_at": written(START + round(day * DAY)), "status": status}
                      for post, seen in lives.items() for day, status in seen])
    cli.run("observe", "-i", folder, path)


def steps(folder, *options):
    text = cli.run("count", "-i", folder, "--survival", "--format", "csv", *options, "*").decode("utf-8")
    return list(csv.DictReader(io.StringIO(text, newline="")))


# Five posts; days after publication.  A and B are seen from the first day on, C from day 2 (delayed
# entry), D is still there when last seen (censored on day 6), E came back and is there on day 9.
#
#   seen alive (first, last], found gone     early curve: falls right after "last"; late: at "gone"
#   A (1, 3]  5
#   B (1, 4]  8
#   C (2, 4]  7
#   D (1, 6]  -
#   E (1, 9]  -
#
#   late:  day 5: at risk A B C D E = 5, 1 gone: 4/5
#          day 7: B C E = 3 (D left after 6): 4/5 * 2/3 = 8/15
#          day 8: B E = 2: 8/15 * 1/2 = 4/15
#   early: day 3+: A B C D E = 5: 4/5
#          day 4+: B C D E = 4, 2 gone: 4/5 * 1/2 = 2/5
HAND = {
    "A": [(1, "live"), (3, "live"), (5, "author_deleted")],
    "B": [(1, "live"), (4, "live"), (8, "gone")],
    "C": [(2, "live"), (4, "live"), (7, "account_banned")],
    "D": [(1, "live"), (6, "live")],
    "E": [(1, "live"), (3, "gone"), (5, "live"), (9, "live")],
    "never": [],
    "once": [(2, "live")],
}
# day, at risk, gone, early, late
WANT = [(3, 5, 0, 4 / 5, 1), (4, 5, 0, 2 / 5, 1), (5, 5, 1, 2 / 5, 4 / 5), (7, 3, 1, 2 / 5, 8 / 15), (8, 2, 1, 2 / 5, 4 / 15)]


def wilson(share, n):
    z = 1.959963984540054
    middle, half = share + z * z / (2 * n), z * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    return (middle - half) / (1 + z * z / n), (middle + half) / (1 + z * z / n)


def check_by_hand(tally, temp):
    folder = os.path.join(temp, "hand.jibek")
    make(folder, temp, HAND)
    rows = steps(folder)
    got = [(round(float(r["days"])), int(r["at_risk"]), int(r["gone"]), float(r["survival_early"]), float(r["survival_late"])) for r in rows]
    tally.equal(len(got), len(WANT), "steps by hand")
    for have, want in zip(got, WANT):
        tally.check(have[:3] == want[:3] and all(abs(a - b) < 1e-6 for a, b in zip(have[3:], want[3:])),
                    "step by hand\n  expected %r\n  got      %r" % (want, have))
    # Late on day 5: Greenwood's sum is 1 / (5 * 4), and 5 posts would have that variance.  Early: the
    # sum is 1/20 + 2/(4*2), so (1 - 2/5) / (2/5 * 0.3) = 5 posts.
    low, high = wilson(2 / 5, 5)[0], wilson(4 / 5, 5)[1]
    tally.check(abs(float(rows[2]["low95"]) - low) < 1e-6 and abs(float(rows[2]["high95"]) - high) < 1e-6,
                "limits by hand: expected %f %f, got %s %s" % (low, high, rows[2]["low95"], rows[2]["high95"]))
    left = json.loads(cli.run("count", "-i", folder, "--survival", "--format", "json", "*"))["left_out"]
    tally.equal(left, {"unseen": 1, "seen_once": 1, "undated": 0}, "left out")
    early = steps(folder, "--as-of", written(START + 4 * DAY)[:10])
    tally.equal([round(float(row["days"])) for row in early], [1, 3], "as of day four E is gone, and nothing else")
    text = cli.run("count", "-i", folder, "--survival", "*").decode("utf-8")
    tally.check("gone before anyone collected them are not in it" in text, "the line about what cannot be seen")


def check_ended(tally, temp):
    folder = os.path.join(temp, "ended.jibek")
    make(folder, temp, ENDED)
    rows = steps(folder)
    tally.equal(len(rows), len(ENDED_WANT), "steps until both are gone")
    for row, (day, early, late) in zip(rows, ENDED_WANT):
        limits = [wilson(share, 2) for share in (early, late)]
        want = (day, early, late, max(0, min(low for low, _ in limits)), min(1, max(high for _, high in limits)))
        got = [float(row[name]) for name in ("days", "survival_early", "survival_late", "low95", "high95")]
        tally.check(round(got[0]) == day and all(abs(a - b) < 1e-6 for a, b in zip(got[1:], want[1:])),
                    "a step until both are gone: expected %r, got %r" % (want, got))


def simulated(rng, number, mean):
    """Exponential lives; the first look is late, the others come at random, the last by day 120."""
    lives = {}
    for k in range(number):
        death = rng.expovariate(1 / mean)
        look, seen = rng.uniform(0, 10), []
        while look < 120:
            alive = look < death
            if not alive and not seen:
                break  # gone before anybody looked: it is in no collection
            seen.append((look, "live" if alive else "gone"))
            if not alive:
                break
            look += rng.expovariate(1 / 4) + 0.1
        if seen:
            lives["s%d" % k] = seen
    return lives


def share_at(rows, day, column):
    value = 1.0 if column == "high95" else None
    for row in rows:
        if float(row["days"]) > day:
            break
        value = float(row[column])
    return value


def check_limits(tally, temp, worlds, number):
    held = asked = 0
    for seed in range(worlds):
        rng = random.Random(seed)
        mean = rng.choice([10, 25, 60])
        folder = os.path.join(temp, "life-%d.jibek" % seed)
        make(folder, temp, simulated(rng, number, mean))
        rows = steps(folder)
        highs = [float(row["high95"]) for row in rows]
        tally.equal([b for a, b in zip(highs, highs[1:]) if b > a + 1e-9], [], "upper limits that rise, world %d" % seed)
        for day in (5, 10, 20, 40, 80):
            low, high = share_at(rows, day, "low95"), share_at(rows, day, "high95")
            if low is None:
                continue
            asked += 1
            held += low - 1e-9 <= math.exp(-day / mean) <= high + 1e-9
    print("the true curve lies within the limits %d of %d times (%.1f%%)" % (held, asked, 100 * held / asked))
    tally.check(asked >= worlds * 4 and held >= 0.93 * asked, "the limits hold the true curve too rarely")


def main(tally):
    parser = cli.parser(__doc__)
    parser.add_argument("--worlds", type=int, default=30)
    parser.add_argument("--posts", type=int, default=150)
    options = parser.parse_args()
    cli.begin(options)
    with cli.workplace(options.index, tally) as temp:
        check_by_hand(tally, temp)
        check_ended(tally, temp)
        check_limits(tally, temp, options.worlds, options.posts)


if __name__ == "__main__":
    cli.guarded(main)
