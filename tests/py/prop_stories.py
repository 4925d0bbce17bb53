#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Plants families of texts among others and looks whether stories finds these and joins no two.

The short form makes its texts of the words of corpora/; --documents FILE takes real ones."""

import collections
import json
import os
import re
import unicodedata

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


def stories(folder, *query):
    return json.loads(cli.run("stories", "-i", folder, "-n", "0", "--format", "json", *query, expect=(0, 1)))["stories"]


def members(told):
    return sorted((s["documents"], sorted(m["id"] for m in s["members"])) for s in told)


def units(record):
    """Characters, and words and numbers of ASCII; the program's own are the same but for rare ones."""
    text = unicodedata.normalize("NFKC", record["title"] + " " + record["text"]).lower()
    text = re.sub("[0-9]+(?:[.,][0-9]+)*(?![a-z])", "0", text)
    return re.findall(r"[0-9a-z]+|[^\W0-9a-z_]", text)[:4096]


def share(a, b):
    """Twice the longest common subsequence over the units of both."""
    x, y = units(a), units(b)
    above = [0] * (len(y) + 1)
    for u in x:
        row = [0]
        for j, v in enumerate(y):
            row.append(above[j] + 1 if u == v else max(row[j], above[j + 1]))
        above = row
    return 2 * above[-1] / max(len(x) + len(y), 1)


def check_returned(want, gone, where, rows, tally):
    """What was left of a family is one still.  What came back is with it, or with others whose first
    has more in common with it than the family's.  Where the first is gone any other may stand for it."""
    place = {r["id"]: i for i, r in enumerate(rows)}
    first = {name: min(ids, key=place.get) for _, ids in want for name in ids}
    members = collections.defaultdict(list)
    for name, story in where.items():
        members[story].append(name)
    near = 0.02  # for rare units

    def row(name):
        return place[name.removesuffix("-again")]

    def speakers(names):
        names = sorted(names, key=lambda n: (n not in place, row(n)))
        return names if first.get(names[0].removesuffix("-again")) in gone else names[:1]

    for _, ids in want:
        left = [i for i in ids if i not in gone]
        if len(left) < 2:
            continue
        home = {where[i] for i in left}
        tally.check(len(home) == 1 and None not in home, "a family came apart: %s" % home)
        for name in sorted(i + "-again" for i in ids if i in gone):
            if where[name] in home:
                continue
            others = [i for i in members[where[name]] if i != name] if where[name] is not None else []
            common = [[share(rows[row(name)], rows[row(i)]) for i in speakers(n)] for n in (left, others) if n]
            before, now = min(common[0]), max(common[1]) if others else 0.5
            print("%s: not family %s but %s, %.3f in common and %.3f" % (name, home, where[name], before, now))
            tally.check(now >= max(before, 0.5) - near, "%s is not in its family" % name)


def check_steps(random, place, folder, rows, tally):
    """The same documents in several runs, compacted, with some forgotten and purged."""
    steps, path = os.path.join(place, "steps"), os.path.join(place, "part.jsonl")
    cuts = sorted(random.sample(range(1, len(rows)), 3))
    for start, end in zip([0] + cuts, cuts + [len(rows)]):
        write(path, rows[start:end])
        cli.index(steps, [path])
    want = members(stories(folder))
    tally.equal(members(stories(steps)), want, "indexed in steps")
    cli.run("compact", "-i", steps)
    tally.equal(members(stories(steps)), want, "compacted")
    cli.run("check", "--deep", "-i", steps)
    told = stories(steps)
    gone = random.sample([m["id"] for s in told for m in s["members"]], 5) + [told[0]["members"][0]["id"]]
    with open(path, "w", encoding="utf-8") as out:
        out.writelines(name + "\n" for name in gone)
    cli.run("forget", "-i", steps, "--ids", path)
    left = [sorted(set(ids) - set(gone)) for _, ids in want]
    left = sorted((len(ids), ids) for ids in left if len(ids) > 1)
    tally.equal(members(stories(steps)), left, "forgotten")
    cli.run("compact", "--purge", "-i", steps)
    tally.equal(members(stories(steps)), left, "purged")
    cli.run("check", "--deep", "-i", steps)
    write(path, [dict(r, id=r["id"] + "-again") for r in rows if r["id"] in gone])
    cli.index(steps, [path])
    cli.run("check", "--deep", "-i", steps)
    where = {r["id"]: r.get("story") for r in cli.search_jsonl(steps, "*", "--fields", "id,story")}
    check_returned(want, gone, where, rows, tally)
    facet = cli.search_json(steps, "*", "--facet", "story:0")["facets"]["story"]
    now = stories(steps)
    sizes = {s["story"]: s["documents"] for s in now}
    tally.equal({int(v["value"]): v["count"] for v in facet["values"] if v["count"] > 1}, sizes, "--facet story")
    counts = collections.Counter(s for s in where.values() if s is not None)
    alone = len(where) - sum(counts.values())
    shown = cli.search_jsonl(steps, "*", "--collapse", "story", "--fields", "id")
    tally.equal(len(shown), alone + len(counts), "--collapse story")
    for s in now[:20]:
        tally.equal(sorted(cli.search_ids(steps, "story:%d" % s["story"])), sorted(m["id"] for m in s["members"]), "story:%d" % s["story"])


def check_case(folder, tally):
    """The sister articles of corpora/, and the countries in them."""
    names = [n for n in sorted(os.listdir(os.path.join(cli.ROOT, "corpora"))) if n.endswith(".jsonl")]
    cli.index(folder, [os.path.join(cli.ROOT, "corpora", n) for n in names])
    with open(os.path.join(cli.ROOT, "corpora", "truths.json"), encoding="utf-8") as lines:
        truths = json.load(lines)
    told = stories(folder, "title:渴望回归中国")[0]
    have = {"%s:%s" % (m["platform"], m["id"]) for m in told["members"]}
    want = set(truths["sisters"]) | set(truths["exact_copies"]) | {truths["first"]["id"]}
    tally.check(want <= have, "missing in the family of the case: %s" % sorted(want - have))
    sisters = collections.Counter(truths["sisters"].values())
    tally.check(any(all({v["value"]: v["count"] for v in s["values"]}.get(c) == n for c, n in sisters.items())
                    for s in told["slots"]), "no slot has the countries of the sisters: %s" % told["slots"])


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
        right = check_slots(folder, planted, story)
        print("%d families of %d among %d others: precision %.4f recall %.4f F1 %.4f, %d joined, slots %.4f" % (
            options.families, len(planted), len(others), precision, recall, f1, joined, right))
        tally.check(f1 >= 0.95, "F1 of pairs is %.4f" % f1)
        tally.check(not joined, "%d families are joined with others" % joined)
        tally.check(right >= 0.95, "%.4f of what stands in slots is right" % right)
        check_steps(random, place, folder, rows, tally)
        check_case(os.path.join(place, "case"), tally)


cli.guarded(main)
