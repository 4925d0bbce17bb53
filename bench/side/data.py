# SPDX-License-Identifier: GPL-3.0-or-later
"""Documents and questions, the same for every engine.

Title, text and language are the source's own.  The other fields are made up from the id, so that
facets, filters and sorts have something to do whatever the source knows: five platforms,
twenty-four sections, two thousand authors, four labels, days of eight years.
"""

import itertools
import json
import os
import random
import re
import subprocess
import zlib
from urllib.parse import quote

HAN = re.compile("[\u4e00-\u9fff]+")
EXTRA = 1000  # documents that are added to a finished index
OBSERVED = 20000
LABELS = ("true", "mostly true", "false", "unproven")
SHAPES = ("1 frequent", "1 rare", "2 frequent", "2 rare", "4 frequent", "4 rare", "10 frequent", "10 rare", "quote 6", "2 AND 2", "4 OR 4")
MODES = ("count", "ten", "facets", "filter", "sort")
ALL = "all, facets"  # a row of its own: five facets of all documents
CANDIDATES = 100


class Data:
    """A folder of prepared files; `path(name)` names one."""

    def __init__(self, name, folder):
        self.name, self.folder = name, folder
        self.documents = self.bytes = 0

    def path(self, name):
        return os.path.join(self.folder, name)


# --- documents ---


def lines_of(path):
    if path.endswith(".zst"):
        with open(path, "rb") as packed, subprocess.Popen(["zstd", "-dcq"], stdin=packed, stdout=subprocess.PIPE) as unpack:
            yield from unpack.stdout
        return
    with open(path, "rb") as lines:
        yield from lines


def generated(count, seed=1):
    """News-like documents of made-up words, some far more frequent than others."""
    chance = random.Random(seed)
    alphabet = [chr(0x4E00 + 7 * i) for i in range(2000)]
    often = list(itertools.accumulate(1 / (i + 10) for i in range(2000)))
    words = ["".join(chance.choices(alphabet, cum_weights=often, k=chance.choice((1, 2, 2, 2, 3, 4)))) for _ in range(20000)]
    weights = list(itertools.accumulate(1 / (i + 1) for i in range(20000)))
    for n in range(count):
        title = "".join(chance.choices(words, cum_weights=weights, k=8))
        sentences = ("".join(chance.choices(words, cum_weights=weights, k=12)) for _ in range(chance.randrange(40)))
        yield {"id": "made-%d" % n, "title": title, "text": "。".join(sentences), "lang": "zh"}


def dressed(record):
    """A record with the fields that questions ask for."""
    lot = zlib.crc32(record["id"].encode())
    return {
        "id": record["id"],
        "url": record.get("url") or "https://example.org/" + record["id"],
        "platform": "p%d" % (lot // 7 % 5),
        "section": "s%02d" % (lot // 11 % 24),
        "author": "a%04d" % (lot // 13 % 2000 * (lot // 17 % 2000) // 2000),
        "lang": record.get("lang") or "zh",
        "label": LABELS[lot // 19 % 4],
        "published_at": "%d-%02d-%02d" % (2017 + lot // 29 % 8, 1 + lot // 31 % 12, 1 + lot // 37 % 28),
        "views": lot // 23 % 100000,
        "title": record.get("title") or "",
        "text": record.get("text") or "",
    }


def for_groonga(record):
    """Groonga's loader knows the key by its own name, and dates are numbers to it, too."""
    day = int(record["published_at"].replace("-", ""))
    return {"_key": record["id"], **{k: v for k, v in record.items() if k != "id"}, "published_at": day}


def write_part(data, part, rows):
    with open(data.path(part + ".jsonl"), "w", encoding="utf-8") as out:
        out.writelines(json.dumps(r, ensure_ascii=False) + "\n" for r in rows)
    with open(data.path(part + ".groonga"), "w", encoding="utf-8") as out:
        out.writelines(json.dumps(for_groonga(r), ensure_ascii=False) + "\n" for r in rows)


def spliced(docs, count, seed=4):
    """Documents of the same shape as these: the first half of one's title and text, the second of another's."""
    chance = random.Random(seed)
    for n in range(count):
        a, b = chance.choice(docs), chance.choice(docs)
        made = {name: a[name][:len(a[name]) // 2] + b[name][len(b[name]) // 2:] for name in ("title", "text")}
        url = a["url"].replace(quote(a["title"], safe=""), quote(made["title"], safe="")) if a["title"] else a["url"]
        yield dressed({**made, "id": "spliced-%d" % n, "url": url, "lang": a["lang"]})


def first(docs, size, name, folder):
    """Data of the first documents, with spliced ones behind them where there are not enough."""
    data = Data(name, folder)
    os.makedirs(folder, exist_ok=True)
    rows = docs[:size]
    write_part(data, "docs", rows + list(spliced(docs, size - len(rows))))
    data.documents, data.bytes = size, os.path.getsize(data.path("docs.jsonl"))
    return data


def prepare(name, records, folder, limit, reach):
    """Write docs.jsonl, extra.jsonl, their forms for Groonga, and observe.csv.  Returns the data, its
    documents, and those with all that follow, `reach` at most."""
    data = Data(name, folder)
    os.makedirs(folder, exist_ok=True)
    seen, kept = set(), []
    for record in records:
        if record["id"] not in seen:
            seen.add(record["id"])
            kept.append(dressed(record))
        if limit and len(kept) >= max(limit + EXTRA, reach):
            break
    extra = min(EXTRA, len(kept) // 10)
    end = min(limit or len(kept), len(kept) - extra)
    parts = {"docs": kept[:end], "extra": kept[end:end + extra]}
    for part, rows in parts.items():
        write_part(data, part, rows)
    chance = random.Random(2)
    observed = chance.sample(parts["docs"], min(OBSERVED, len(parts["docs"])))
    with open(data.path("observe.csv"), "w", encoding="utf-8") as out:
        out.write("platform,id,observed_at,status,views\n")
        out.writelines("%s,%s,2026-10-01,%s,%d\n" % (r["platform"], r["id"], chance.choice(("live", "gone")), r["views"] + 10) for r in observed)
    with open(data.path("observe.groonga"), "w", encoding="utf-8") as out:
        out.writelines(json.dumps({"_key": r["id"], "status": "live", "views": r["views"] + 10}) + "\n" for r in observed)
    data.documents = len(parts["docs"])
    data.bytes = os.path.getsize(data.path("docs.jsonl"))
    return data, parts["docs"], kept


# --- questions ---


def candidates(chance, docs, length):
    """Strings of Han from random places of random documents: frequent ones come more often."""
    found = set()
    for _ in range(CANDIDATES * 200):
        doc = chance.choice(docs)
        runs = [r for r in HAN.findall(doc["title"] + "\n" + doc["text"]) if len(r) >= length]
        if runs:
            run = chance.choice(runs)
            at = chance.randrange(len(run) - length + 1)
            found.add(run[at:at + length])
        if len(found) == CANDIDATES:
            break
    return sorted(found)


def pairs(chance, docs, length, joined, count):
    """Two strings of one document for AND, of any two for OR."""
    out = []
    for _ in range(count * 200):
        doc = chance.choice(docs)
        other = doc if joined == "and" else chance.choice(docs)
        a, b = (re.findall("[\u4e00-\u9fff]{%d}" % length, d["title"] + "\n" + d["text"]) for d in (doc, other))
        if a and b:
            two = chance.choice(a), chance.choice(b)
            if two[0] != two[1]:
                out.append((joined, *two))
        if len(out) == count:
            break
    return out


def asked(floor, data, questions, kind="memmem"):
    """(nanoseconds, total) of each (mode, op, strings...), by the scan of everything."""
    path = data.path("scan.tsv")
    write_questions(path, [("", *q) for q in questions])
    out = subprocess.run([floor, kind, data.path("docs.jsonl"), path], stdout=subprocess.PIPE, check=True)
    return [tuple(map(int, line.split(b"\t")[:2])) for line in out.stdout.splitlines()]


def write_questions(path, questions):
    with open(path, "w", encoding="utf-8") as out:
        out.writelines("\t".join(q) + "\n" for q in questions)


def choose(floor, data, docs, each):
    """{shape: [(op, strings...)]}, `each` of a shape."""
    chance = random.Random(3)
    shapes = {}
    for length in (1, 2, 4, 10):
        some = candidates(chance, docs, length)
        counts = [total for _, total in asked(floor, data, [("count", "one", s) for s in some])]
        order = sorted(range(len(some)), key=lambda i: -counts[i])
        shapes["%d frequent" % length] = [("one", some[i]) for i in order[:each]]
        shapes["%d rare" % length] = [("one", some[i]) for i in order[-each:]]
    shapes["quote 6"] = [("one", s) for s in candidates(chance, docs, 6)[:each]]
    shapes["2 AND 2"] = pairs(chance, docs, 2, "and", each)
    shapes["4 OR 4"] = pairs(chance, docs, 4, "or", each)
    return shapes


def questions_and_truths(floor, data, docs, each):
    """Write questions.tsv.  Returns its rows (row, mode, op, strings...) and for each the totals that
    are right (of the folded text, and of the text as written) and the scan's nanoseconds."""
    shapes = choose(floor, data, docs, each)
    rows = [("%s, %s" % (shape, mode), mode, *q) for shape in SHAPES for mode in MODES for q in shapes[shape]]
    rows += [(ALL, "facets", "all", "*")] * min(each, 5)
    write_questions(data.path("questions.tsv"), rows)
    plain = sorted({("filter" if r[1] == "filter" else "count", *r[2:]) for r in rows})
    truth = dict(zip(plain, truths_of(floor, data, plain)))
    return rows, [truth[("filter" if r[1] == "filter" else "count", *r[2:])] for r in rows]


def truths_of(floor, data, questions):
    """The totals that are right of each, and the scan's nanoseconds."""
    folded, written = asked(floor, data, questions), asked(floor, data, questions, "written")
    return [({f[1], w[1]}, f[0]) for f, w in zip(folded, written)]
