#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Plants families of texts among others and looks whether stories finds these and joins no two.

The short form makes its texts of the words of corpora/; --documents FILE takes real ones."""

import collections
import json
import os

import cli
import families
import records


def own_texts(random, n):
    """Texts of sentences that are made of words of the project's own corpus; each of words of its
    own, so that they are unlike."""
    words = []
    for name in ("platforms-2019.jsonl", "platforms-2020.jsonl", "noise.jsonl"):
        for line in records.read_lines([os.path.join(cli.ROOT, "corpora", name)]):
            text = json.loads(line).get("text", "")
            han = [c for c in text if "\u4e00" <= c <= "\u9fff"]
            words += ["".join(han[i:i + 2]) for i in range(0, len(han) - 2, 2)]
    words = sorted(set(words))
    for _ in range(n):
        mine = random.sample(words, 120)
        text = []
        for _ in range(random.randint(12, 40)):
            text.append("".join(random.choices(mine, k=random.randint(4, 9))))
            if random.random() < 0.3:
                text[-1] += "印度"
        yield "".join(random.choices(mine, k=6)), "印度" + "，".join(text) + "印度。"


def real_texts(path):
    for line in records.read_lines([path]):
        r = json.loads(line)
        if len(r.get("text", "")) >= 100:
            yield r.get("title", ""), r["text"]


def measure(folder, planted):
    """Found families of the planted documents: recall and precision of pairs, families joined."""
    rows = cli.search_jsonl(folder, "*", "--fields", "id,story")
    story = {r["id"]: r.get("story") for r in rows}
    family = {r["id"]: f for r, f, _ in planted}
    by_family, by_story, both = (collections.Counter() for _ in range(3))
    members = collections.defaultdict(set)
    for name, f in family.items():
        by_family[f] += 1
        s = story[name]
        if s is None:
            continue
        by_story[s] += 1
        both[f, s] += 1
        members[s].add(f)
    good, found, planted_pairs = (families.pairs(c.values()) for c in (both, by_story, by_family))
    joined = sum(len(m) > 1 for m in members.values())
    precision, recall = good / max(found, 1), good / planted_pairs
    return precision, recall, 2 * precision * recall / max(precision + recall, 1e-9), joined, story


def check_slots(folder, planted, story):
    """Of the planted families that were found: the share whose slot of the country has what was
    planted."""
    answer = json.loads(cli.run("stories", "-i", folder, "-n", "0", "--format", "json", "*"))
    told = {s["story"]: s for s in answer["stories"]}
    members = collections.defaultdict(list)
    for r, f, country in planted:
        if story[r["id"]] is not None:
            members[story[r["id"]], f].append(country)
    right = total = 0
    for (s, _), countries in members.items():
        want = collections.Counter(countries)
        if len(want) < 2:
            continue
        values = collections.Counter()
        best = 0
        for slot in told[int(s)]["slots"]:
            have = collections.Counter({v["value"]: v["count"] for v in slot["values"]})
            best = max(best, sum((have & want).values()))
        right += best
        total += sum(want.values())
    return right / max(total, 1)


def write(path, rows):
    with open(path, "w", encoding="utf-8") as out:
        out.writelines(json.dumps(r, ensure_ascii=False) + "\n" for r in rows)


def make(random, options):
    """Planted records, and others among which they are."""
    n = options.others + options.families
    texts = list(real_texts(options.documents) if options.documents else own_texts(random, n))
    random.shuffle(texts)
    letters = sorted({c for _, t in texts[:300] for c in t if "\u4e00" <= c <= "\u9fff"})
    templates, others = families.Templates(), []
    for title, text in texts:
        if len(templates.at) < options.families and templates.add(title, text):
            continue
        if len(others) < options.others:
            others.append({"id": "o%d" % len(others), "platform": "p", "title": title, "text": text})
    return families.plant(random, templates.at, letters, options.shares, options.sizes), others


def main(tally):
    parser = cli.parser(__doc__.splitlines()[0])
    parser.add_argument("--documents", help="JSONL of real texts, .zst too")
    parser.add_argument("--families", type=int, default=60)
    parser.add_argument("--others", type=int, default=800)
    parser.add_argument("--shares", type=float, nargs=2, default=(0.10, 0.20), help="of characters that are edited, from and to")
    parser.add_argument("--sizes", type=int, nargs=2, default=(3, 30), help="of families, from and to")
    options = parser.parse_args()
    random = cli.begin(options)
    with cli.workplace(options.index, tally) as place:
        planted, others = make(random, options)
        rows = [r for r, _, _ in planted] + others
        random.shuffle(rows)
        folder, path = os.path.join(place, "whole"), os.path.join(place, "in.jsonl")
        write(path, rows)
        cli.index(folder, [path])
        precision, recall, f1, joined, story = measure(folder, planted)
        print("%d families of %d among %d others: precision %.4f recall %.4f F1 %.4f, %d joined" % (
            options.families, len(planted), len(others), precision, recall, f1, joined))
        tally.check(f1 >= 0.95, "F1 of pairs is %.4f" % f1)
        tally.check(not joined, "%d families are joined with others" % joined)


cli.guarded(main)
