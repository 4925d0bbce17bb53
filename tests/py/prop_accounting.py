#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Batches of new, repeated, changed, copied, empty and broken records: the summaries
must be those of a model, and nothing that was read may be lost or doubled."""

import base64
import collections
import hashlib
import json
import os
import tempfile

import accounting_model as model
import cli

QUERIES = ("*", "中国", "哈萨克斯坦", '"#1"', "views:>500", "views:<100", "platform:weibo", "NOT platform:weibo 真相")
JSONL = ("--format", "jsonl")
REJECT_LIMIT = 64 << 10


def write_lines(path, lines):
    with open(path, "wb") as out:
        out.writelines(line + b"\n" for line in lines)


def check_summary(summary, want, what, tally):
    got = {name: summary.get(name) for name in want}
    tally.equal(got, want, "summary of %s" % what)
    total = sum(summary[name] for name in model.VARIANTS) + summary["rejected"]
    tally.equal(summary["read"], total, "read against the sum of the rest, %s" % what)
    tally.equal(sum(summary["reasons"].values()), summary["rejected"], "reasons against rejected, %s" % what)


def reject_says(reject, line):
    """What is wrong with a reject of this line; None if nothing is."""
    if not reject.get("code") or not reject.get("reason"):
        return "no code or no reason"
    whole = [line, line + b"\n"]
    fitting = [w for w in whole if reject["length"] == len(w) and reject["sha256"] == hashlib.sha256(w).hexdigest()]
    if not fitting:
        return "length or sha256 are not those of the line"
    kept = fitting[0][:REJECT_LIMIT]
    said = reject["bytes"]
    if isinstance(said, str) and said.encode("utf-8", "surrogatepass") == kept:
        return None
    try:
        plain = base64.b64decode(said, validate=True)
    except (TypeError, ValueError):
        return "bytes are neither the text nor its base64"
    if plain != kept and not (kept.startswith(plain) and len(kept) - len(plain) < 4 and len(line) > REJECT_LIMIT):
        return "bytes are not those of the line"
    return None


def check_rejects(path, lines, tally):
    """The rejects file holds the broken lines, all of them and nothing else.  None: there may be no file."""
    found = {}
    if os.path.exists(path):
        with open(path, encoding="utf-8") as rejects:
            found = {reject["line"]: reject for reject in map(json.loads, rejects)}
    broken = {number: line for number, line in enumerate(lines, 1) if not model.is_record(line)}
    tally.equal(sorted(found), sorted(broken), "line numbers in the rejects file")
    for number in found.keys() & broken.keys():
        wrong = reject_says(found[number], broken[number])
        tally.check(wrong is None, lambda: "reject of line %d: %s\n  line %r\n  reject %s"
                    % (number, wrong, broken[number][:200], cli.short(found[number])))


def stored(folder):
    """(title, text, views) of all records as the index gives them back."""
    hits = cli.search_jsonl(folder, "*")
    return sorted(((hit.get("title") or "", hit.get("text") or "", hit.get("views")) for hit in hits), key=repr)


def check_rows(folder, known, what, tally):
    """Every record, newest content and latest count, no more and no less."""
    got, want = stored(folder), sorted(known.rows(), key=repr)
    missing = list((collections.Counter(want) - collections.Counter(got)).elements())
    extra = list((collections.Counter(got) - collections.Counter(want)).elements())
    tally.check(not missing and not extra, lambda: "rows of %s: missing %d such as %s, too many %d such as %s"
                % (what, len(missing), cli.short(missing[:2]), len(extra), cli.short(extra[:2])))


def answers(folder):
    return {query: cli.search(folder, query, "jsonl") for query in QUERIES}


def check_again(folder, path, lines, dated, tally):
    """The same file once more: nothing is added, and every answer stays."""
    before = answers(folder)
    summary = cli.index(folder, [path], *JSONL, may_reject=True)
    tally.equal((summary["added"], summary["copies"]), (0, 0), "added and copies of a file indexed before")
    rejected = sum(not model.is_record(line) for line in lines)
    tally.check(summary["read"] in (0, len(lines)), "a file indexed before: read %d of %d" % (summary["read"], len(lines)))
    if summary["read"]:
        tally.equal(summary["rejected"], rejected, "rejected of a file indexed before")
    if dated:
        after = answers(folder)
        for query in QUERIES:
            rows = [sorted(answers[query].split("\n")) for answers in (before, after)]
            tally.check(before[query] == after[query], lambda: "another %s after indexing the same file again:\n  %s"
                        % ("order" if rows[0] == rows[1] else "answer", cli.search_command(folder, query, "jsonl")))
    return summary


def check_run(random, temp, options, dated, tally):
    """Some batches one after the other into one index, then the last of them again."""
    maker, known = model.Maker(random, dated), model.Model()
    folder = os.path.join(temp, "run.jibek")
    for batch in range(options.batches):
        lines = [maker.line(0.3, 0.05) for _ in range(random.randrange(1, options.records))]
        path, rejects = os.path.join(temp, "batch%d.jsonl" % batch), os.path.join(temp, "rejects%d.jsonl" % batch)
        write_lines(path, lines)
        want = model.expected(known, lines)
        summary = cli.index(folder, [path], *JSONL, "--rejects", rejects, may_reject=True)
        check_summary(summary, want, path, tally)
        check_rejects(rejects, lines, tally)
        check_rows(folder, known, path, tally)
    check_again(folder, path, lines, dated, tally)
    check_rows(folder, known, path + " again", tally)


def check_unchanged(random, temp, tally):
    """Without repeated keys, a file indexed again is unchanged in every record."""
    maker = model.Maker(random)
    lines = [maker.line(0, 0) for _ in range(300)]
    path, folder = os.path.join(temp, "plain.jsonl"), os.path.join(temp, "plain.jibek")
    write_lines(path, lines)
    cli.index(folder, [path], *JSONL)
    summary = check_again(folder, path, lines, True, tally)
    if summary["read"]:
        tally.equal(summary["unchanged"], len(lines), "unchanged of a file indexed before")


def titles_after(temp, steps):
    """The title in the index after each step: a file name and its (title, views, day of collection)."""
    folder = tempfile.mkdtemp(dir=temp)
    found = []
    for name, rows in steps:
        records = [{"platform": "p", "id": "1", "title": title, "views": views, "collected_at": "2020-01-%02d" % day}
                   for title, views, day in rows]
        path = os.path.join(folder, name)
        write_lines(path, [json.dumps(record).encode() for record in records])
        cli.index(os.path.join(folder, "v.jibek"), [path], *JSONL)
        found.append(cli.search_jsonl(os.path.join(folder, "v.jibek"), "*")[0]["title"])
    return "".join(found)


def check_versions(temp, tally):
    """The newest text is the one searched: when a text comes back, and when a file is read again."""
    daily = [("posts.jsonl", [(title, 1, day)]) for day, title in enumerate("ABA", 1)]
    tally.equal(titles_after(temp, daily), "ABA", "one post in a file that is written anew each day")
    others = [("%d.jsonl" % day, [(title, 1, day)]) for day, title in enumerate("ABA", 1)]
    tally.equal(titles_after(temp, others), "ABA", "one post in three files")
    again = [("1.jsonl", [("A", 1, 1)])] + [("2.jsonl", [("A", 2, 2), ("B", 2, 3)])] * 2
    tally.equal(titles_after(temp, again), "ABB", "a file read twice whose first text an earlier file had")


def check_broken_utf8(temp, tally):
    """Bytes that are no UTF-8 become U+FFFD; the summary counts the lines."""
    lines = [b'{"platform": "p", "id": "1", "title": "good"}', b'{"platform": "p", "id": "2", "title": "a\xff\xfe b"}']
    path, folder = os.path.join(temp, "utf8.jsonl"), os.path.join(temp, "utf8.jibek")
    write_lines(path, lines)
    summary = cli.index(folder, [path], *JSONL)
    tally.equal((summary["added"], summary["repaired"]), (2, 1), "added and repaired of two records")
    titles = sorted(hit["title"] for hit in cli.search_jsonl(folder, "*"))
    tally.equal(titles, ["a\ufffd\ufffd b", "good"], "titles of records with broken UTF-8")


def check_jobs(random, temp, options, tally):
    """One worker or two: the same bytes come out."""
    maker = model.Maker(random)
    lines = [maker.line(0.2, 0.01) for _ in range(options.jobs_records)]
    path = os.path.join(temp, "jobs.jsonl")
    write_lines(path, lines)
    outputs, summaries = [], []
    for jobs in (1, 2):
        folder = os.path.join(temp, "jobs%d.jibek" % jobs)
        summary = cli.index(folder, [path], *JSONL, "--jobs", jobs, may_reject=True)
        summaries.append({name: summary[name] for name in ("read", "rejected") + model.VARIANTS})
        outputs.append(cli.search(folder, "*", "jsonl"))
    tally.equal(summaries[1], summaries[0], "summary with two jobs and one")
    differ = next(((a, b) for a, b in zip(*(out.split("\n") for out in outputs)) if a != b), None)
    tally.check(outputs[0] == outputs[1], lambda: "jsonl of * differs between --jobs 1 and 2:\n  %s" % cli.short(differ))


def main(tally):
    parser = cli.parser(__doc__)
    parser.add_argument("--runs", type=int, default=4, help="indexes built from batches (default 4)")
    parser.add_argument("--batches", type=int, default=4, help="batches into each (default 4)")
    parser.add_argument("--records", type=int, default=400, help="records in a batch, at most (default 400)")
    parser.add_argument("--jobs-records", type=int, default=5000, help="records for --jobs 1 against 2 (default 5000)")
    options = parser.parse_args()
    random = cli.begin(options)
    with cli.workplace(options.index, tally) as temp:
        for number in range(options.runs):
            part = os.path.join(temp, "run%d" % number)
            os.makedirs(part, exist_ok=True)
            check_run(random, part, options, number % 4 != 3, tally)
        check_unchanged(random, temp, tally)
        check_versions(temp, tally)
        check_broken_utf8(temp, tally)
        check_jobs(random, temp, options, tally)


if __name__ == "__main__":
    cli.guarded(main)
