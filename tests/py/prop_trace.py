#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Does `jibek trace` find what became of a text?

Of some of the documents families are made: copies with light edits, near copies, posts with
excerpts, replies.  All is indexed together; what is found is compared with what was made, and
with a scan of every text for the letters of a quotation."""

import json
import os
import re
import unicodedata

import cli
import records
from fold import HAN, fold

CORPORA = os.path.join(cli.ROOT, "corpora")
TRADITIONAL = {}
for char, simple in HAN.items():
    TRADITIONAL.setdefault(simple, chr(char))
CLAUSE = re.compile(r"[^，。！？；：、\s]+[，。！？；：、\s]*")
SENTENCE = re.compile(r"[^。！？]+[。！？]*\s*")
MARKS = {"，": [",", " ", "，", "、"], "。": [".", "。", "。。", "！"], "：": [":", "："], "“": ['"', "「"], "”": ['"', "」"]}


def letters(text):
    """What trace compares: letters, marks and digits of the fold."""
    return "".join(c for c in fold(text) if unicodedata.category(c)[0] in "LMN")


def shingles(text, size=8):
    return {text[i:i + size] for i in range(len(text) - size + 1)}


def is_han(char):
    return "\u4e00" <= char <= "\u9fff"


class Maker:
    """Families of real texts."""

    def __init__(self, random, texts):
        self.random, self.texts = random, texts
        self.common = [c for text in texts[:200] for c in text if is_han(c)]
        self.clauses = [c for text in texts[:400] for c in CLAUSE.findall(text)]

    def wrong(self, text, share):
        """Characters wrong, missing, or too many: at most `share` of them."""
        chars = list(text)
        places = [i for i, c in enumerate(chars) if c.isalnum()]
        for i in self.random.sample(places, int(len(places) * share)):
            other = self.random.choice(self.common)
            chars[i] = self.random.choice([other, other, "", chars[i] + other])
        return "".join(chars)

    def other_marks(self, text):
        return "".join(self.random.choice(MARKS[c]) if c in MARKS and self.random.random() < 0.5 else c for c in text)

    def traditional(self, text):
        return "".join(TRADITIONAL.get(c, c) for c in text)

    def light(self, text):
        if self.random.random() < 0.8:
            text = self.wrong(text, self.random.uniform(0, 0.05))
        if self.random.random() < 0.5:
            text = self.other_marks(text)
        return self.traditional(text) if self.random.random() < 0.3 else text

    def near(self, text):
        """10 to 30 % of the letters in clauses that go, come or change; or sentences in another order."""
        if self.random.random() < 0.3:
            parts = SENTENCE.findall(text)
            for _ in range(max(1, len(parts) // 5)):
                parts.insert(self.random.randrange(len(parts)), parts.pop(self.random.randrange(len(parts))))
            return "".join(parts)
        parts, aim, done = CLAUSE.findall(text), len(text) * self.random.uniform(0.1, 0.3), 0
        while len(parts) > 3:
            i, other = self.random.randrange(len(parts)), self.random.choice(self.clauses)
            put, lost = self.random.choice([([], parts[i]), ([other, parts[i]], ""), ([other], parts[i]), ([other], parts[i])])
            done += max(len(lost), len(other) if other in put else 0)
            if done > aim:
                break
            parts[i:i + 1] = put
        return "".join(parts)

    def passage(self, text, least, most):
        """So many letters in a row of the text, as it writes them; None if it has none without a break."""
        places = [i for i, c in enumerate(text) if is_han(c)]
        size = self.random.randint(least, most)
        if len(places) < size:
            return None
        first = self.random.randrange(len(places) - size + 1)
        return text[places[first]:places[first + size - 1] + 1]

    def post(self, text, least, most):
        passage = self.passage(text, least, most)
        comment = "".join(self.random.choices(self.clauses, k=self.random.randint(1, 3)))
        return passage and "%s“%s”%s" % (comment, passage, self.random.choice(["", "看完无语", "你们怎么看"]))

    def reply(self, text, least, most):
        """Words of its own, of which the text has nothing, or it would be one more excerpt."""
        passage, have = self.passage(text, least, most), shingles(letters(text), 4)
        own = [clause for clause in self.random.choices(self.clauses, k=50) if letters(clause) and not shingles(letters(clause), 4) & have]
        return passage and own and "%s //@路人%d:转发 //@%s:%s" % (own[0], self.random.randrange(99), "草原客", passage)


def paths(given):
    return given or [os.path.join(CORPORA, name) for name in sorted(os.listdir(CORPORA)) if name.endswith(".jsonl")]


def choose(texts, count, random):
    """Texts that share little with each other; short ones joined to longer ones."""
    chosen, have, text = [], set(), ""
    for more in random.sample(texts, len(texts)):
        own = shingles(letters(more))
        if len(own) > 4000 or len(own & have) * 10 >= len(own):
            continue
        have |= own
        text += more
        if len(letters(text)) >= 200:
            chosen.append(text)
            text = ""
        if len(chosen) == count:
            break
    return chosen


def build(maker, count, random):
    """Records of the families, and for each source what was made of it."""
    rows, families = [], []
    for number, text in enumerate(choose(maker.texts, count, random)):
        made = {}
        day = random.randrange(1, 28)

        def add(kind, body, title=""):
            key = "%s-%d-%d" % (kind, number, len(rows))
            late = random.randrange(2, 300) if kind != "source" else 0
            stamp = "%04d-%02d-%02dT10:00:00+08:00" % (2001 + late // 200, 1 + late % 12, day)
            if kind == "source":
                stamp = "2000-01-%02dT08:00:00+08:00" % day
            if body:
                rows.append({"platform": "family", "id": key, "title": title, "text": body, "published_at": stamp})
                made.setdefault(kind, []).append(key)

        add("source", text, "旧文")
        for _ in range(3):
            add("light", maker.light(text))
            add("near", maker.near(text))
            add("post", maker.post(text, 30, 60))
        add("short", maker.post(text, 16, 29))
        add("reply", maker.reply(text, 30, 60))
        families.append((text, made))
    random.shuffle(rows)
    return rows, families


def trace(folder, *args):
    out = cli.run("trace", "-i", folder, "--format", "json", *args, expect=(0, 1))
    return json.loads(out) if out.strip() else {"origin": None, "matches": []}


class Rate:
    """Successes of many, against the least share of them.  One miss alone says nothing of a share:
    where there are so few that it would break the bound, one is let pass, and two are not."""

    def __init__(self, what, least):
        self.what, self.least, self.good, self.all, self.bad = what, least, 0, 0, []

    def add(self, good, what):
        self.all += 1
        self.good += bool(good)
        if not good:
            self.bad.append(what)

    def close(self, tally):
        share = self.good / self.all if self.all else 1
        print("%-58s %6d of %6d  %.4f" % (self.what, self.good, self.all, share))
        allowed = max(1, int(self.all * (1 - self.least) + 1e-9))
        tally.check(len(self.bad) <= allowed, "%s: %.4f, at least %.2f; for example %s" % (
            self.what, share, self.least, cli.short(self.bad[:3])))


def check_families(folder, families, by_id, tally):
    light, near = Rate("light edits named copy or near_copy", 0.99), Rate("near copies named so", 0.95)
    listed, posts = Rate("near copies listed at all", 0.99), Rate("posts with 30 letters and more listed", 0.99)
    short, replies = Rate("posts with 16 to 29 letters listed", 0.95), Rate("replies named so", 0.95)
    true, origin = Rate("named near copies share half of their shingles", 0.98), Rate("the source is the origin", 0.99)
    for text, made in families:
        key = made["source"][0]
        found = trace(folder, key)
        relation = {m["id"]: m["relation"] for m in found["matches"]}
        origin.add(found["origin"] == key, key)
        for one in made.get("light", []):
            light.add(relation.get(one) in ("copy", "near_copy"), (one, relation.get(one)))
        for one in made.get("near", []):
            near.add(relation.get(one) in ("copy", "near_copy"), (one, relation.get(one)))
            listed.add(one in relation, one)
        for one in made.get("post", []):
            posts.add(one in relation, one)
        for one in made.get("short", []):
            short.add(one in relation, one)
        for one in made.get("reply", []):
            replies.add(relation.get(one) == "reply", (one, relation.get(one)))
        have = shingles(letters(text))
        for one, kind in relation.items():
            if kind == "near_copy":
                own = shingles(by_id[one][1])
                true.add(len(own & have) * 2 >= len(own), (key, one, len(own & have), len(own)))
        for m in found["matches"]:
            tally.check(0 <= m["covers_query"] <= 1 and 0 <= m["covers_document"] <= 1, "shares of " + m["id"])
            tally.check(letters(m["passage"]) in letters(text), "the passage of %s is none of %s" % (m["id"], key))
    for rate in (light, near, listed, posts, short, replies, true, origin):
        rate.close(tally)


def holders(quote, by_id):
    """Ids and times of the documents that hold the letters of a quotation, by scan."""
    return {key: at for key, (title, text, at) in by_id.items() if quote in text or quote in title}


def check_quotes(folder, maker, families, by_id, count, tally):
    kinds = ((30, 80, 0, 0.99), (12, 29, 0, 0.95), (30, 80, 0.05, 0.90), (12, 29, 0.05, 0.90))
    for least, most, wrong, share in kinds:
        what = "%d to %d letters%s: " % (least, most, ", %d %% wrong" % (wrong * 100) if wrong else "")
        first, origin = Rate(what + "a holder is first", share), Rate(what + "the earliest holder is origin", share)
        all_found = Rate(what + "every holder found", 0.95)
        for _ in range(count):
            text = maker.random.choice(families)[0]
            quote = maker.passage(text, least, most)
            true = holders(letters(quote), by_id)
            asked = maker.wrong(quote, wrong) if wrong else quote
            if wrong and asked == quote:
                asked = quote[:5] + maker.random.choice(maker.common) + quote[6:]
            if maker.random.random() < 0.5:
                asked = maker.other_marks(maker.traditional(asked))
            found = trace(folder, "--quote", asked)
            names = [m["id"] for m in found["matches"]]
            first.add(names and names[0] in true, (asked, names[:2]))
            times = {m["id"]: by_id[m["id"]][2] for m in found["matches"]}
            origin.add(found["origin"] in true and times[found["origin"]] == min(true.values()), (asked, found["origin"]))
            all_found.add(not set(true) - set(names), (asked, len(true), len(names)))
        for rate in (first, origin, all_found):
            rate.close(tally)


def main(tally):
    parser = cli.parser(__doc__)
    parser.add_argument("--input", nargs="+", help="JSON lines, perhaps .zst (default: corpora/)")
    parser.add_argument("--documents", type=int, default=30000, help="how many of them")
    parser.add_argument("--families", type=int, default=25)
    parser.add_argument("--quotes", type=int, default=40, help="of each kind")
    options = parser.parse_args()
    random = cli.begin(options)
    rows = [json.loads(line) for line in records.read_lines(paths(options.input), options.documents)]
    texts = [row["text"] for row in rows if sum(map(is_han, row.get("text") or "")) > 40]
    maker = Maker(random, texts)
    made, families = build(maker, options.families, random)
    with cli.workplace(options.index, tally) as temp:
        source = os.path.join(temp, "all.jsonl")
        with open(source, "w", encoding="utf-8") as out:
            for row in rows + made:
                out.write(json.dumps(row, ensure_ascii=False) + "\n")
        folder = os.path.join(temp, "trace.jibek")
        cli.index(folder, [source])
        by_id = {row["id"]: (letters(row.get("title") or ""), letters(row.get("text") or ""), row.get("published_at", "9999"))
                 for row in cli.search_jsonl(folder, "*")}
        check_families(folder, families, by_id, tally)
        check_quotes(folder, maker, families, by_id, options.quotes, tally)


if __name__ == "__main__":
    cli.guarded(main)
