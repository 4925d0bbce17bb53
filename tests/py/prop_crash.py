#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""`index` interrupted or killed at random moments, making an index or adding to one, and the
same command again: the answers, and the rejects, are those of a run that nothing disturbed.
`compact` killed: no answer changes."""

import gzip
import itertools
import json
import os
import shutil
import signal
import subprocess
import time
import zlib

import accounting_model
import cli
import corpus

QUERIES = ("*", "中国", '"#1"', "views:>500", "platform:weibo", "NOT platform:weibo 真相", "copy_of:yes", "title:历史 OR views:<50")
COUNTS = ("documents", "old versions")
SHOWN = 8
PARTS = 3
MEMORY = "64M"


def lengthened(line, filler, size):
    """The record with more text, the same for the same text."""
    if not accounting_model.is_record(line):
        return line
    record = json.loads(line)
    if record.get("title"):
        start = zlib.crc32(record["title"].encode("utf-8")) % (len(filler) - size)
        record["text"] = record.get("text", "") + filler[start:start + size]
    return json.dumps(record, ensure_ascii=False).encode("utf-8")


def write_input(folder, random, count, size):
    """Records in some files, one of them packed; some records seen again, changed or copied; long
    enough for several commits."""
    maker = accounting_model.Maker(random)
    filler = corpus.some_text(random, 50000)
    os.mkdir(folder)
    for part in range(PARTS):
        path = os.path.join(folder, "part%d.jsonl" % part)
        lines = [lengthened(maker.line(0.2, 0.002), filler, size) + b"\n" for _ in range(count // PARTS)]
        with gzip.open(path + ".gz", "wb", compresslevel=1) if part == 1 else open(path, "wb") as out:
            out.writelines(lines)
    return [one["id"] for one in maker.made if "id" in one]


def argv(folder, path):
    return cli.command("index", "-i", folder, "--memory", MEMORY, path)


def answers(folder, ids):
    """Rows of some queries, sizes, and some records whole."""
    found = {query: cli.search(folder, query, "jsonl") for query in QUERIES}
    facets = cli.search_json(folder, "*", "--facet", "platform:0", "--facet", "lang:0")["facets"]
    info = cli.run("info", "-i", folder).decode("utf-8").splitlines()
    numbers = [line for line in info if line.startswith(COUNTS)]
    shown = {one: cli.run("show", "-i", folder, one, expect=(0, 1)).decode("utf-8", "replace") for one in ids}
    return {**found, "facets": facets, "info": numbers, **shown}


def rejects(folder):
    """What the rejects file holds: each rejected line once."""
    path = os.path.join(folder, "rejects.jsonl")
    with open(path, encoding="utf-8") as file:
        lines = [json.loads(line) for line in file]
    return [(one["file"], one["line"], one["code"], one["sha256"]) for one in lines]


def partial(folder, path, tally, what):
    """What the interrupted run left is whole: it can be read, and holds no record twice."""
    if not os.path.isdir(folder) or not any(name.endswith(".mdb") for name in os.listdir(folder)):
        return 0
    try:
        origins = [row["origin"] for row in cli.search_jsonl(folder, "*", "--fields", "origin")]
    except cli.JibekError as error:
        # A run that was killed before its first commit may leave no index yet.
        tally.check("is not" in str(error), "%s: %s" % (what, error))
        return 0
    tally.equal(len(origins) - len(set(origins)), 0, what + ": records twice")
    return len(origins)


def stop_some(random, signals, folder, path, seconds, tally):
    """Runs that are stopped, one to three of them, each by one of the signals: what happened, and
    how many were killed."""
    story, killed = [], 0
    for _ in range(random.choice([1, 1, 2, 3])):
        number, delay = random.choice(signals), random.random() * seconds
        process = subprocess.Popen(argv(folder, path), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        time.sleep(delay)
        process.send_signal(number)
        try:
            said = process.communicate(timeout=60)[1].decode("utf-8", "replace").strip()
        except subprocess.TimeoutExpired:
            process.kill()
            tally.check(False, "%s after %.2f s: no end within a minute" % (number.name, delay))
            continue
        ended = process.returncode
        killed += ended == -signal.SIGKILL
        story.append("%s after %.2f s (ended %d)" % (number.name, delay, ended))
        good = ended in (0, 1, -number) if number == signal.SIGKILL else ended in (0, 1, 2, 3, 130, -signal.SIGINT)
        tally.check(good, "%s: %s" % (story[-1], said))
        story[-1] += ", %d documents left" % partial(folder, path, tally, story[-1])
    return "; ".join(story), killed


def check_compaction(random, base, temp, ids, rounds, tally):
    """Forget some, kill `compact` and `compact --purge` here and there, and finish them."""
    folder = os.path.join(temp, "compact.jibek")
    shutil.copytree(base, folder)
    cli.run("forget", "-i", folder, "platform:wechat views:..300")
    want, began = answers(folder, ids), time.monotonic()
    cli.run("compact", "-i", folder, "--purge")
    seconds = time.monotonic() - began
    for _ in range(rounds):
        purge, delay = ["--purge"] * random.randint(0, 1), random.random() * seconds
        process = subprocess.Popen(cli.command("compact", "-i", folder, *purge), stderr=subprocess.DEVNULL)
        time.sleep(delay)
        process.kill()
        process.wait()
        got = answers(folder, ids)
        changed = [name for name in want if got[name] != want[name]]
        tally.equal(changed, [], "compact %s killed after %.2f s: what answers otherwise than before" % (purge, delay))
    cli.run("compact", "-i", folder, "--purge")
    tally.equal(answers(folder, ids) == want, True, "the same answers when all is done")


def main(tally):
    global MEMORY
    parser = cli.parser(__doc__)
    parser.add_argument("--memory", default=MEMORY, help="memory to index with; the less, the more commits (default %s)" % MEMORY)
    parser.add_argument("--records", type=int, default=30000, help="records (default 30000)")
    parser.add_argument("--size", type=int, default=600, help="more characters for each text (default 600)")
    parser.add_argument("--rounds", type=int, default=10, help="rounds (default 10)")
    parser.add_argument("--kills", type=int, help="only SIGKILL, and rounds until so many have hit (default: as rounds)")
    options = parser.parse_args()
    MEMORY = options.memory
    os.environ["JIBEK_LITTLE_MEMORY"] = "1"
    random = cli.begin(options)
    with cli.workplace(options.index, tally) as temp:
        path, whole = os.path.join(temp, "input"), os.path.join(temp, "whole.jibek")
        ids = random.sample(sorted(set(write_input(path, random, options.records, options.size))), SHOWN)
        began = time.monotonic()
        subprocess.run(argv(whole, path), stderr=subprocess.DEVNULL)
        seconds = time.monotonic() - began
        want, refused = answers(whole, ids), rejects(whole)
        begun = os.path.join(temp, "begun.jibek")
        subprocess.run(argv(begun, os.path.join(path, "part0.jsonl")), stderr=subprocess.DEVNULL)
        print("an undisturbed run: %.2f s, %s" % (seconds, ", ".join(want["info"])), flush=True)
        check_compaction(random, whole, temp, ids, options.rounds, tally)
        signals = [signal.SIGKILL] if options.kills else [signal.SIGINT, signal.SIGKILL]
        kills = 0
        for number in itertools.count():
            if kills >= options.kills if options.kills else number >= options.rounds:
                break
            folder = os.path.join(temp, "round%d.jibek" % number)
            if number % 2:
                shutil.copytree(begun, folder)
            story, killed = stop_some(random, signals, folder, path, seconds, tally)
            kills += killed
            print("round %d, %d killed: %s" % (number, kills, story), flush=True)
            done = subprocess.run(argv(folder, path), capture_output=True, text=True)
            tally.check(done.returncode in (0, 1), "%s; the command again: %s" % (story, done.stderr.strip()))
            got = answers(folder, ids)
            for query in want:
                tally.equal(got[query], want[query], "%s; %s" % (story, query))
            tally.equal(rejects(folder), refused, story + ": what was rejected")
            cli.run("check", "--deep", "-i", folder)
            tally.equal([name for name in os.listdir(folder) if name == "scratch"], [], story + ": scratch left")
            if not tally.failed:
                shutil.rmtree(folder)


if __name__ == "__main__":
    cli.guarded(main)
