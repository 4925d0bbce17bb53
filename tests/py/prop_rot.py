#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Files of an index rot: a bit flips, bytes are written over, a file ends early or is gone.  Every
command then gives the right answer, or ends with exit status 3 and names a file and a remedy; and
one whose files are cut while it reads does the same."""

import os
import re
import subprocess
import time

import cli
import damage
import prop_check

COMMANDS = (
    ("search", "-n", "0", "--format", "jsonl", "*"), ("search", "-n", "0", "--format", "ids", "中国"),
    ("search", "-n", "0", "--format", "ids", "哈萨克斯坦 OR China"), ("search", "-n", "0", "--format", "json", "--facet", "lang:0", "--facet", "author:0", "*"),
    ("search", "-n", "0", "--format", "ids", "views:>100 lang:zh"), ("search", "-n", "0", "--format", "ids", "--as-of", "2020-02-01", "status:live OR views:>500"),
    ("count", "--by", "platform,status", "--stat", "sum:views", "*"), ("count", "--by", "published_at:month", "历史"),
    ("kwic", "-n", "0", "真相"), ("words", "中*"), ("explain", "Казахстан 中国"), ("info",),
)
DAMAGED = ("damaged", "not a jibek index", "is missing", "cannot", "format", "not a folder", "not the file", "made with another", "not an LMDB")
REMEDY = ("restore", "index again", "check", "No such file", "not a jibek index")


def run(folder, args):
    """Exit status (or "no end"), stdout, stderr."""
    argv = cli.command(args[0], "-i", folder, *args[1:])
    try:
        done = subprocess.run(argv, stdin=subprocess.DEVNULL, capture_output=True, timeout=60)
    except subprocess.TimeoutExpired:
        return "no end", b"", ""
    return done.returncode, done.stdout.replace(os.fsencode(folder), b"INDEX"), done.stderr.decode("utf-8", "replace").strip()


def plain(out):
    """An answer without the time it took."""
    return re.sub(rb'"took_ms": ?[0-9.]+', b"", out)


def commands(folder, temp, ids):
    listed = [(*one,) for one in COMMANDS] + [("show", one) for one in ids]
    listed.append(("export", "-o", os.path.join(temp, "out.csv"), "中国 OR China"))
    return listed


def answer(folder, temp, args):
    status, out, said = run(folder, args)
    if args[0] == "export" and status == 0:
        out = damage.read(os.path.join(temp, "out.csv"))
    if args[0] == "info":
        out = re.sub(rb"size .*", b"", out)  # of files that grew
    return status, plain(out), said


def rot(random, folder, name):
    """Do something bad to a file; what."""
    path = os.path.join(folder, name)
    size = os.path.getsize(path)
    kind = random.choice(["bit", "bit", "bit", "bit", "bytes", "page", "cut", "gone", "longer", "empty"])
    place = random.randrange(size)
    if kind == "bit":
        damage.flip(path, place, random.randrange(8))
    elif kind in ("bytes", "page"):
        data = bytearray(damage.read(path))
        start = place if kind == "bytes" else place // 4096 * 4096
        length = random.randrange(1, 64) if kind == "bytes" else 4096
        fill = random.choice([bytes(length), random.randbytes(length), b"\xff" * length])
        data[start:start + length] = fill[:max(0, len(data) - start)]
        damage.write(path, bytes(data))
    elif kind == "cut":
        os.truncate(path, place)
    elif kind == "empty":
        os.truncate(path, 0)
    elif kind == "gone":
        os.remove(path)
    else:
        with open(path, "ab") as out:
            out.write(random.randbytes(random.randrange(1, 9000)))
    return "%s at %d of %s (%d bytes)" % (kind, place, name, size)


def told(status, said):
    return status == 3 and any(one in said for one in DAMAGED) and any(one in said for one in REMEDY)


def check_rot(random, temp, folder, rounds, tally):
    ids = cli.search_ids(folder, "*")
    listed = commands(folder, temp, random.sample([one for one in ids if one.startswith("s")], 2))
    want = {args: answer(folder, temp, args) for args in listed}
    for args, (status, _, said) in want.items():
        tally.check(status == 0, "%s of the good index: %s %s" % (args, status, said))
    names, copy = damage.index_files(folder), os.path.join(temp, "copy.jibek")
    seen = {"right": 0, "told": 0}
    for number in range(rounds):
        damage.copy(folder, copy)
        what = rot(random, copy, names[number % len(names)])
        for args in random.sample(listed, min(len(listed), 6)):
            status, out, said = answer(copy, temp, args)
            right = (status, out) == want[args][:2]
            seen["right" if right else "told"] += 1
            tally.check(right or told(status, said), lambda: "%s; then %s ended with %s and said %s\n  expected %s\n  got      %s"
                        % (what, args, status, said, cli.short(want[args][1]), cli.short(out)))
        status, out, said = run(copy, ("check", "--deep"))
        tally.check(status in (0, 1, 3) and (status == 0 or out or said), "%s; then check: %s %s" % (what, status, said))
    print("%d times something rotted: %d answers right, %d refused" % (rounds, seen["right"], seen["told"]), flush=True)


def check_cut_under_reader(random, temp, folder, rounds, tally):
    """A reader that waits with its rows half read, while its files are cut."""
    copy, ended = os.path.join(temp, "cut.jibek"), {}
    for number in range(rounds):
        damage.copy(folder, copy)
        name = damage.index_files(folder)[number % len(damage.index_files(folder))]
        argv = cli.command("search", "-i", copy, "-n", "0", "--format", "jsonl", "*")
        process = subprocess.Popen(argv, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        process.stdout.read(1)
        time.sleep(random.random() * 0.02)
        os.truncate(os.path.join(copy, name), 0 if number % 2 else 4096)
        _, said = process.communicate(timeout=60)
        status = process.returncode
        ended[status] = ended.get(status, 0) + 1
        good = status == 0 or status == 3 and name in said.decode("utf-8", "replace")
        tally.check(good, "%s cut under a reader: ended with %s and said %s" % (name, status, said))
    print("files cut under a reader: exit statuses %s" % ended, flush=True)


def main(tally):
    parser = cli.parser(__doc__)
    parser.add_argument("--records", type=int, default=300, help="made-up records in the index (default 300)")
    parser.add_argument("--rounds", type=int, default=60, help="times something rots (default 60)")
    options = parser.parse_args()
    random = cli.begin(options)
    with cli.workplace(options.index, tally) as temp:
        folder, _ = prop_check.make_index(random, temp, options.records)
        check_rot(random, temp, folder, options.rounds, tally)
        check_cut_under_reader(random, temp, folder, max(8, options.rounds // 10), tally)


if __name__ == "__main__":
    cli.guarded(main)
