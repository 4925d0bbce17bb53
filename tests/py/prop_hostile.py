#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Hostile text over every command that --help lists: in a text format and in messages nothing of it
moves the cursor, recolours or reorders the rest of the line; the formats for programs keep it whole."""

import csv
import io
import json
import os
import re
import shutil
import subprocess

import cli
import records

EVIL = (
    "\x1b[31mred", "\x1b]0;title\x07", "\x1b[2J", "a\nb", "a\r\nb", "a\rb", "a\tb", "a\x00b", "a\x08\x08b", "\x0e\x0f", "\x7f", "\x9b31m", "\x85nel",
    "\u202egnp.exe", "\u202dabc", "\u202aabc\u202c", "\u2066abc", "\u2067abc\u2069", "\u2068abc", "\u2069\u2069abc", "\u200eabc", "\u200fabc",
    "\u061cabc", "a\u2028b", "a\u2029b", "\U000e0041tag", "\ufff9a\ufffab\ufffb", "\ufeffbom", "\u0600", "قازاقستان\u202e", "\u2067قازاق",
)
FIELDS = "id url platform section author author_id title text label thread parent x.note".split()
OWN = {"\u2068", "\u2069"}  # isolates that jibek itself may put around a column
UNSAFE = re.compile("[\0-\x09\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]")


def hostile_records():
    for number, evil in enumerate(EVIL):
        record = {name.replace("x.", ""): "%s 中国 word %d" % (evil, number) for name in FIELDS}
        record["tags"] = [evil, "b" + evil]
        record[evil.replace("\0", "") + "name"] = evil  # JSON has no NUL in names here
        record.update(published_at="2020-01-%02d" % (number % 28 + 1), views=number)
        yield record


def isolated(line):
    """Are our own isolates on the line in pairs, none inside another?"""
    return re.fullmatch("[^\u2068\u2069]*(\u2068[^\u2068\u2069]*\u2069[^\u2068\u2069]*)*", line) is not None


def check_output(done, argv, tally, lines=None):
    for name, data in (("stdout", done.stdout), ("stderr", done.stderr)):
        text = data.decode("utf-8", "backslashreplace")
        for line in text.split("\n"):
            found = [c for c in UNSAFE.findall(line) if c not in OWN]
            tally.check(not found and isolated(line), lambda: "%s of %s\n  %a" % (name, [ascii(a) for a in argv], line[:300]))
    tally.check(done.returncode in (0, 1, 2, 3), lambda: "exit status %d of %s" % (done.returncode, ascii(argv)))
    if lines is not None:
        tally.equal(done.stdout.count(b"\n"), lines, "lines of %s" % ascii(argv))


def try_command(argv, tally, lines=None):
    argv = [a for a in argv if "\0" not in a]
    done = subprocess.run(cli.command(*argv), stdin=subprocess.DEVNULL, capture_output=True, timeout=60)
    check_output(done, argv, tally, lines)


def commands():
    return re.findall(r"^  (\w+) +", cli.run("--help").decode(), flags=re.M)


def reading(folder, made, tally):
    """What each reading command shows of the records."""
    count = len(made)
    try_command(["search", "-i", folder, "-n", "0", "*"], tally)
    try_command(["search", "-i", folder, "-n", "0", "中国 word"], tally)
    for field in FIELDS + ["tags"] + [e + "name" for e in EVIL]:
        name = field if field in FIELDS + ["tags"] else "x." + field
        try_command(["search", "-i", folder, "-n", "1", "--facet", name + ":0", "*"], tally)
        if field not in ("title", "text"):
            try_command(["count", "-i", folder, "--by", name, "*"], tally)
    try_command(["count", "-i", folder, "--by", "platform,section", "*"], tally)
    for order in ("date", "left", "right"):
        for context in ("40", "15c", "3w"):
            try_command(["kwic", "-i", folder, "-n", "0", "--sort", order, "--context", context, "中国"], tally, 2 * count + 1)
    try_command(["words", "-i", folder, "-n", "0"], tally)
    for record in made:
        try_command(["show", "-i", folder, record["id"]], tally)
        try_command(["show", "-i", folder, record["url"]], tally)
        quoted = cli.quote(record["title"])
        for command in ("search", "kwic", "explain"):
            try_command([command, "-i", folder, quoted], tally)
        try_command(["explain", "-i", folder, "platform:" + cli.quote(record["platform"])], tally)


def whole(folder, made, tally):
    """The formats for programs have every character."""
    hits = {hit["views"]: hit for hit in cli.search_jsonl(folder, "*")}
    rows = {int(row["views"]): row for row in cli.search_csv(folder, "*")}
    nodes = cli.run("kwic", "-i", folder, "-n", "0", "--format", "jsonl", "--fields", "id,platform,views", "中国").decode()
    for record in made:
        for name in FIELDS[:-1]:
            tally.equal(hits[record["views"]][name], record[name], "JSON of %s" % name)
            tally.equal(rows[record["views"]][name], record[name], "CSV of %s" % name)
    for line in nodes.split("\n")[:-1]:
        hit = json.loads(line)
        tally.equal(hit["platform"], made[hit["views"]]["platform"], "JSON of kwic")
        tally.equal(hit["left"] + hit["node"] + hit["right"], made[hit["views"]][hit["field"]], "a line of kwic")
    table = cli.run("kwic", "-i", folder, "-n", "0", "--format", "csv", "--fields", "id,platform,views", "中国").decode()
    for row in csv.DictReader(io.StringIO(table, newline="")):
        tally.equal(row["left"] + row["node"] + row["right"], made[int(row["views"])][row["field"]], "a row of kwic")


def anything(random, temp, folder, most, tally):
    """Every command, with hostile arguments that it may or may not understand."""
    for command in commands():
        copy = os.path.join(temp, "copy.jibek")
        shutil.copytree(folder, copy)
        for evil in random.sample(EVIL, most):
            for rest in ([evil], [cli.quote(evil)], ["field%s:x" % evil], ["--" + evil], ["--format", evil, "*"], ["--fields", evil, "*"],
                         ["--facet", evil, "*"], ["--by", evil, "*"], ["--sort", evil, "*"], ["-i", evil], [evil, evil], ["views:>" + evil]):
                try_command([command, "-i", copy, *rest], tally)
        shutil.rmtree(copy)
    for evil in EVIL:
        try_command([evil], tally)


def inputs(temp, tally):
    """Files with hostile names, and lines that are rejected."""
    folder = os.path.join(temp, "inputs")
    os.mkdir(folder)
    for number, evil in enumerate(EVIL):
        if "\0" in evil or "/" in evil:
            continue
        path = os.path.join(folder, "%d%s.jsonl" % (number, evil))
        with open(path, "w", encoding="utf-8") as out:
            out.write(json.dumps({"id": "1", "views": evil}) + "\n" + evil + "\n" + json.dumps({"id": evil, "published_at": evil}) + "\n")
        try_command(["index", "-i", os.path.join(temp, "inputs.jibek"), path], tally)
        try_command(["index", "-i", os.path.join(temp, evil.replace("/", "") + ".jibek"), path + "missing"], tally)
    try_command(["index", "-i", os.path.join(temp, "inputs.jibek"), folder], tally)
    try_command(["check", "--deep", "-i", os.path.join(temp, "inputs.jibek")], tally)


def main(tally):
    parser = cli.parser(__doc__)
    parser.add_argument("--most", type=int, default=6, help="hostile arguments to try on each command (default 6)")
    options = parser.parse_args()
    random = cli.begin(options)
    with cli.workplace(options.index, tally) as temp:
        made = list(hostile_records())
        path, folder = temp + "/rows.jsonl", temp + "/rows.jibek"
        records.write_jsonl(path, made)
        cli.index(folder, [path])
        reading(folder, made, tally)
        whole(folder, made, tally)
        anything(random, temp, folder, options.most, tally)
        inputs(temp, tally)


if __name__ == "__main__":
    cli.guarded(main)
