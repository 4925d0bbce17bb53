#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""`index --salvage` of a good index gives the same answers; of a damaged one, what is not said to
be lost, record for record, and nothing that was not there."""

import json
import os
import re

import cli
import damage
import prop_check
import prop_rot
import records

FIELDS = ("--fields", "platform,id,url,title,text,status,views,likes,author,tags,copy_of,collected_at,published_at,lang,mentions,gone_first,live_last")


def salvage(old, new, temp):
    """Exit status, summary, what was said."""
    summary = os.path.join(temp, "summary.json")
    argv = ("index", "--salvage", old, "-i", new, "--summary", summary)
    status, _, said = prop_rot.run(new, argv)
    if status not in (0, 1):
        return status, {}, said
    with open(summary, encoding="utf-8") as stream:
        return status, json.load(stream), said


def rows(folder):
    return sorted(cli.search(folder, "*", "jsonl", *FIELDS).splitlines())


def answers(folder):
    """What an index answers, but for the order of documents."""
    found = {query: sorted(cli.search_ids(folder, query)) for query in prop_check.QUERIES}
    found["rows"] = rows(folder)
    found["as of"] = sorted(cli.search(folder, "*", "jsonl", "--as-of", "2020-01-20", *FIELDS).splitlines())
    info = cli.run("info", "-i", folder).decode("utf-8").splitlines()
    found["info"] = [line for line in info if re.match("documents|old|observations|pending", line)]
    return found


def observe_some(random, temp, folder):
    """Observations of records that are there, and of some that are not."""
    path = os.path.join(temp, "seen.jsonl")
    known = [one for one in cli.search_ids(folder, "platform:made-up")]
    seen = [{"platform": "made-up", "id": one, "observed_at": "2020-0%d-05T00:00:00Z" % random.randrange(4, 9),
             "status": random.choice(["live", "gone", "account_banned"]), "views": random.randrange(9999)} for one in random.sample(known, 60)]
    seen += [{"platform": "made-up", "id": "none%d" % n, "observed_at": "2020-05-05T00:00:00Z", "status": "live"} for n in range(7)]
    records.write_jsonl(path, seen)
    cli.run("observe", "-i", folder, path)


def check_good(folder, temp, tally):
    new = os.path.join(temp, "new.jibek")
    status, summary, said = salvage(folder, new, temp)
    tally.equal((status, summary.get("lost"), summary.get("lost_observations")), (0, 0, 0), "salvage of a good index: " + said)
    want, got = answers(folder), answers(new)
    for name in want:
        tally.equal(got[name], want[name], "a good index, salvaged: " + name)
    tally.equal(cli.run("check", "--deep", "-i", new), b"", "check of what was salvaged")
    tally.equal(salvage(folder, new, temp)[0], 2, "salvage into an index that is there")


def check_bad(random, folder, temp, rounds, tally):
    copy, new = os.path.join(temp, "copy.jibek"), os.path.join(temp, "saved.jibek")
    whole = {(row.get("platform"), row.get("id") or row.get("url") or row["title"]): (row.get("title", ""), row.get("text", ""))
             for row in cli.search_jsonl(folder, "*", "--fields", "platform,id,url,title,text")}
    texts = {}
    names, saved = damage.index_files(folder), 0
    good = salvage(folder, damage.copy(folder, os.path.join(temp, "count.jibek")) + ".new", temp)[1]
    for row in cli.search_jsonl(os.path.join(temp, "count.jibek.new"), "*", "--fields", "platform,id,url,title,text"):
        texts[row.get("platform"), row.get("id") or row.get("url") or row["title"]] = (row.get("title", ""), row.get("text", ""))
    tally.equal(texts, whole, "the texts of a good index, salvaged")
    for number in range(rounds):
        damage.copy(folder, copy)
        what = prop_rot.rot(random, copy, names[number % len(names)])
        if os.path.isdir(new):
            damage.shutil.rmtree(new)
        status, summary, said = salvage(copy, new, temp)
        if status == 3:
            tally.check("meta.mdb" in what and said, "%s: nothing could be salvaged: %s" % (what, said))
            continue
        if not tally.check(status in (0, 1), "%s: ended with %s: %s" % (what, status, said)):
            continue
        got = {(row.get("platform"), row.get("id") or row.get("url") or row.get("title")): (row.get("title", ""), row.get("text", ""))
               for row in cli.search_jsonl(new, "*", "--fields", "platform,id,url,title,text")}
        saved += len(got)
        if summary["no_meta"] or summary["lost"]:
            # An older version may stand for one that is lost, and what was forgotten comes again.
            tally.equal([key for key in whole if key not in got][summary["lost"]:], [], "%s: more is missing than said (%s)" % (what, summary))
        else:
            tally.equal(got, whole, "%s: nothing is said to be lost" % what)
            tally.equal(summary["read"], good["read"], "%s: records read" % what)
        tally.check(not summary["lost"] or said, what + ": lost, and not told")
        tally.equal(cli.run("check", "--deep", "-i", new), b"", "%s: check of what was salvaged" % what)
    print("%d damaged indexes salvaged, %d of %d records" % (rounds, saved, rounds * len(whole)), flush=True)


def main(tally):
    parser = cli.parser(__doc__)
    parser.add_argument("--records", type=int, default=300, help="made-up records in the index (default 300)")
    parser.add_argument("--rounds", type=int, default=20, help="damaged indexes (default 20)")
    options = parser.parse_args()
    random = cli.begin(options)
    with cli.workplace(options.index, tally) as temp:
        folder, _ = prop_check.make_index(random, temp, options.records)
        observe_some(random, temp, folder)
        cli.run("forget", "-i", folder, "platform:made-up views:..60")
        check_good(folder, temp, tally)
        check_bad(random, folder, temp, options.rounds, tally)


if __name__ == "__main__":
    cli.guarded(main)
