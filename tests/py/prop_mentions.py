#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The field `mentions` and {CODE} agree with each other whichever way they are asked, on
corpora/: {KZ} is mentions:KZ, title and text name what they name when they stand alone as records
of their own, what a snippet marks names it too, and an index is the same however it was made."""

import glob
import json
import os

import cli


def write(path, rows):
    with open(path, "w", encoding="utf-8") as lines:
        for row in rows:
            lines.write(json.dumps(row, ensure_ascii=False) + "\n")


def mentions(folder):
    return {row["id"]: row.get("mentions", []) for row in cli.search_jsonl(folder, "*", "--fields", "id,mentions")}


def parts_of(rows):
    """Each title and each text as a record of its own."""
    for number, row in enumerate(rows):
        for field in ("title", "text"):
            if row.get(field):
                yield {"platform": "p", "id": "%d.%s" % (number, field), "text": row[field]}


def check_codes(folder, parts, tally):
    """Every code that is in the index, by all its ways."""
    alone = mentions(parts)
    facet = cli.search_json(folder, "*", "--facet", "mentions:0")["facets"]["mentions"]["values"]
    tally.check(len(facet) > 15, "the corpus names few: %s" % facet)
    for code, count in ((one["value"], one["count"]) for one in facet):
        by_field = cli.search_ids(folder, "mentions:" + code)
        tally.equal(len(by_field), count, "facet of " + code)
        tally.equal(sorted(cli.search_ids(folder, "{%s}" % code.lower())), sorted(by_field), "{%s}" % code)
        for field in ("title", "text"):
            want = sorted(key.partition(".")[0] for key, codes in alone.items() if key.endswith("." + field) and code in codes)
            tally.equal(sorted(cli.search_ids(folder, "%s:{%s}" % (field, code))), want, "%s:{%s}" % (field, code))
        near = cli.search_ids(folder, "{%s} NEAR/9 {CN}" % code)
        tally.check(set(near) <= set(by_field), "NEAR finds documents that do not name " + code)


def check_marks(folder, again, tally):
    """What is marked in snippets, as texts of their own, names what was asked for."""
    marked = []
    for code in ("KZ", "CN", "RU"):
        for hit in cli.search_json(folder, "{%s}" % code)["hits"]:
            text, marks = hit["snippet"]["text"], hit["snippet"]["marks"]
            tally.check(marks, "nothing is marked in %s for %s" % (hit["id"], code))
            for start, end in marks:
                if end == len(text):  # the window may have cut it
                    continue
                marked.append({"platform": code, "id": "%s-%d" % (code, len(marked)), "text": text[start:end]})
    write(again + ".jsonl", marked)
    cli.index(again, [again + ".jsonl"])
    names = mentions(again)
    for row in marked:
        tally.check(row["platform"] in names[row["id"]], "marked for %s: %r" % (row["platform"], row["text"]))


def main(tally):
    options = cli.parser(__doc__.splitlines()[0]).parse_args()
    random = cli.begin(options)
    with cli.workplace(options.index, tally) as place:
        rows = []
        for path in sorted(glob.glob(os.path.join(cli.ROOT, "corpora", "*.jsonl"))):
            with open(path, encoding="utf-8") as lines:
                rows += map(json.loads, lines)
        random.shuffle(rows)
        plain = [{"platform": "p", "id": str(n), **{f: row[f] for f in ("title", "text") if f in row}} for n, row in enumerate(rows)]
        paths = {name: os.path.join(place, name) for name in ("whole", "parts", "marked", "halves")}
        write(paths["whole"] + ".jsonl", plain)
        write(paths["parts"] + ".jsonl", parts_of(plain))
        cli.index(paths["whole"], [paths["whole"] + ".jsonl"], "--jobs", "2")
        cli.index(paths["parts"], [paths["parts"] + ".jsonl"])
        check_codes(paths["whole"], paths["parts"], tally)
        check_marks(paths["whole"], paths["marked"], tally)
        for half in (plain[::2], plain[1::2]):
            write(paths["halves"] + ".jsonl", half)
            cli.index(paths["halves"], [paths["halves"] + ".jsonl"])
        before = mentions(paths["whole"])
        tally.equal(mentions(paths["halves"]), before, "indexed in two halves")
        cli.run("compact", "-i", paths["halves"])
        tally.equal(mentions(paths["halves"]), before, "compacted")
        cli.run("check", "--deep", "-i", paths["halves"])
        said = cli.run("search", "-i", paths["whole"], "{QQ}", expect=(2,))
        tally.equal(said, b"", "an unknown code finds nothing")


cli.guarded(main)
