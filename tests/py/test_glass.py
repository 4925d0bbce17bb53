#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Postings files, which the shim writes in Xapian's format, before Xapian's own checker, and beside a database that Xapian
makes of the same postings: of one batch and of many, merged, compacted, and purged."""

import glob
import json
import os
import subprocess

import cli
import corpus


def write(path, random, first, count):
    with open(path, "w", encoding="utf-8") as out:
        for number in range(first, first + count):
            record = {"id": str(number), "platform": "weibo", "title": corpus.some_text(random, random.randrange(4)),
                      "text": corpus.some_text(random, random.randrange(40)) + " often" * random.randrange(1, 400)}
            out.write(json.dumps(record, ensure_ascii=False) + "\n")


def check(folder, what, tally):
    tool = os.environ.get("JIBEK_GLASS_CHECK") or os.path.join(os.path.dirname(cli.binary()), "..", "tests", "glass_check")
    files = sorted(glob.glob(os.path.join(folder, "*.postings")))
    tally.check(files, "there are postings")
    for path in files:
        done = subprocess.run([tool, path], stdout=subprocess.PIPE, check=False, timeout=300)
        tally.check(done.returncode == 0, "%s: %s: %s" % (what, os.path.basename(path), done.stdout.decode(errors="replace")[-2000:]))


def main(tally):
    parser = cli.parser(__doc__)
    parser.add_argument("--records", type=int, default=1500)
    options = parser.parse_args()
    random = cli.begin(options)
    with cli.workplace(options.index, tally) as temp:
        folder, first = os.path.join(temp, "glass.jibek"), 0
        for part, count in enumerate((1, random.randrange(20, 200), options.records, 3)):
            path = os.path.join(temp, "part%d.jsonl" % part)
            write(path, random, first, count)
            cli.index(folder, [path])
            check(folder, "after part %d" % part, tally)
            first += count
        cli.run("compact", "-i", folder)
        check(folder, "compacted", tally)
        cli.run("forget", "-i", folder, "id:%d" % random.randrange(first))
        cli.run("compact", "--purge", "-i", folder)
        check(folder, "purged", tally)


if __name__ == "__main__":
    cli.guarded(main)
