#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""An index made by an earlier build (tests/fixtures/golden-index) is opened and answers as it did then, and as one made now from
the same input; an index of another format, fold or byte order is refused by name, by every command, and never misread.

When the format's version changes, and only then: `python3 tests/py/test_golden_index.py --regenerate` (JIBEK names the new
binary), look at the difference in answers.json, commit both files."""

import json
import os
import shutil
import struct
import subprocess
import tarfile

import cli
import damage

FIXTURE = os.path.join(cli.ROOT, "tests", "fixtures", "golden-index")
ARCHIVE, ANSWERS = os.path.join(FIXTURE, "golden.tar.xz"), os.path.join(FIXTURE, "answers.json")
SOURCES = ("platforms-2019.jsonl", "kazakh-media.jsonl", "russian-media.jsonl", "english-media.jsonl", "uyghur.jsonl")
FIELDS = "id,platform,section,author,title,lang,script,published_at,views,likes,status,gone_first,live_last,label,words,mentions"
QUERIES = ("*", '"渴望回归"', "哈薩克", "Қазақстан", "Qazaqstan", "нота", "посол", "ambassador*", "*stan", "{KZ}", "title:{CN}", "~哈萨克",
           "中国 NEAR/5 历史", "нота ADJ/3 протеста", "ئۇيغۇر", "قازاقستان", "views:>=1000", "date:2019-12", "gone:yes", "gone:unknown", "status:live",
           "lang:(kk OR ru) -{KZ}", 'section:"揭秘历史真相"', "platform:weibo OR platform:wechat", "copy_of:yes", "absent-from-all")
COUNTS = ("platform", "lang,status", "published_at:month", "mentions")


def fresh(folder, temp, rows):
    """The index of the fixture: two segments, another version, what was seen later, something forgotten."""
    half = len(rows) // 2
    changed = {**json.loads(rows[3]), "text": "换了一段文字", "collected_at": "2021-01-01T00:00:00+08:00"}
    for number, part in enumerate((rows[:half], rows[half:] + [json.dumps(changed, ensure_ascii=False) + "\n"])):
        path = os.path.join(temp, "part%d.jsonl" % number)
        with open(path, "w", encoding="utf-8") as out:
            out.writelines(part)
        cli.index(folder, [path], "--jobs", "1")
    cli.run("observe", "-i", folder, os.path.join(temp, "seen.csv"), expect=(0, 1))
    cli.run("forget", "-i", folder, "id:%s" % cli.quote(json.loads(rows[5])["id"]))


def answers(folder):
    """Everything that does not depend on when the index was made."""
    said = {}
    for query in QUERIES:
        hits = cli.search_jsonl(folder, query, "--sort", "id", "--fields", FIELDS)
        said[query] = hits if query == "*" else [hit["platform"] + " " + hit["id"] for hit in hits]
    for by in COUNTS:
        said["count by " + by] = cli.run("count", "-i", folder, "--by", by, "--format", "csv", "*").decode()
    said["as of"] = [hit["status"] for hit in cli.search_jsonl(folder, "*", "--sort", "id", "--as-of", "2020-04-20")]
    said["kwic"] = cli.run("kwic", "-i", folder, "-n", "0", "--format", "jsonl", "--fields", "id", "中国").decode()
    return said


def regenerate(temp):
    rows = []
    for name in SOURCES:
        with open(os.path.join(cli.ROOT, "corpora", name), encoding="utf-8") as lines:
            rows += list(lines)[:5]
    shutil.copy(os.path.join(cli.ROOT, "corpora", "observations.csv"), os.path.join(temp, "seen.csv"))
    folder = os.path.join(temp, "golden.jibek")
    fresh(folder, temp, rows)
    for name in os.listdir(folder):
        if not (name.endswith((".records", ".postings")) or name.endswith(".mdb")):
            path = os.path.join(folder, name)
            shutil.rmtree(path) if os.path.isdir(path) else os.remove(path)
    os.makedirs(FIXTURE, exist_ok=True)
    with open(os.path.join(temp, "rows.jsonl"), "w", encoding="utf-8") as out:
        out.writelines(rows)
    with tarfile.open(ARCHIVE, "w:xz") as archive:
        for name in ("golden.jibek", "rows.jsonl", "seen.csv"):
            archive.add(os.path.join(temp, name), name)
    with open(ANSWERS, "w", encoding="utf-8") as out:
        json.dump(answers(folder), out, ensure_ascii=False, indent=1)
        out.write("\n")
    print("%s: %d bytes" % (ARCHIVE, os.path.getsize(ARCHIVE)))


def known(temp, tally):
    """The old index, its answers of then, and one made now."""
    with tarfile.open(ARCHIVE) as archive:
        archive.extractall(temp)
    old, new = os.path.join(temp, "golden.jibek"), os.path.join(temp, "new.jibek")
    with open(ANSWERS, encoding="utf-8") as text:
        wanted = json.load(text)
    with open(os.path.join(temp, "rows.jsonl"), encoding="utf-8") as lines:
        fresh(new, temp, list(lines))
    for what, folder in (("the golden index", old), ("one made now", new)):
        said = answers(folder)
        tally.equal(sorted(said), sorted(wanted), "questions")
        for question in wanted:
            tally.equal(said.get(question), wanted[question], "%s: %s" % (what, question))
        cli.run("check", "--deep", "-i", folder)
    tally.check(len(wanted["*"]) > 20 and len(wanted["{KZ}"]) > 5, "the fixture is worth it")
    row = json.dumps({"id": "later", "platform": "p", "title": "added by a later build"})
    more = os.path.join(temp, "more.jsonl")
    with open(more, "w", encoding="utf-8") as out:
        out.write(row + "\n")
    copy = damage.copy(old, os.path.join(temp, "grown.jibek"))
    cli.index(copy, [more])
    cli.run("compact", "-i", copy)
    tally.equal(len(cli.search_ids(copy, "*")), len(wanted["*"]) + 1, "the golden index, grown and compacted")
    cli.run("check", "--deep", "-i", copy)
    return old


def refused(folder, words, what, tally):
    """Every command ends with 3 and says why, naming the index."""
    for command in (["search", "*"], ["count", "--by", "platform", "*"], ["kwic", "a"], ["words"], ["explain", "a"], ["show", "x"], ["info"],
                    ["index", os.path.join(os.path.dirname(folder), "more.jsonl")], ["forget", "id:x"], ["compact"]):
        done = subprocess.run(cli.command(command[0], "-i", folder, *command[1:]), stdin=subprocess.DEVNULL, capture_output=True, timeout=60)
        said = done.stderr.decode("utf-8", "replace")
        tally.check(done.returncode == 3 and not done.stdout, lambda: "%s, %s: status %d\n%s%s" % (what, command[0], done.returncode, done.stdout[:200], said))
        tally.check(all(word in said for word in words) and said.count("\n") == 1, lambda: "%s, %s says: %s" % (what, command[0], said))


def edited(path, offset, data):
    with open(path, "r+b") as file:
        file.seek(offset if offset >= 0 else os.path.getsize(path) + offset)
        file.write(data)


def promises(temp, old, tally):
    tool = os.environ.get("JIBEK_BREAK") or os.path.join(os.path.dirname(cli.binary()), "..", "tests", "break_index")
    known_version = info_format(old)
    for version in (0, known_version - 1, known_version + 1, 99):
        folder = damage.copy(old, os.path.join(temp, "version%d.jibek" % version))
        subprocess.run([tool, folder, "format", str(version), "0"], check=True)
        refused(folder, (folder, "format %d" % version, "index again"), "format %d" % version, tally)
    folder = damage.copy(old, os.path.join(temp, "fold.jibek"))
    subprocess.run([tool, folder, "format", str(info_format(old)), "12345"], check=True)
    refused(folder, (folder, "fold"), "another fold", tally)
    # The trailer of a records file: magic, byte order, ...; 64 bytes.
    folder = damage.copy(old, os.path.join(temp, "order.jibek"))
    records = [name for name in damage.index_files(folder) if name.endswith(".records")]
    edited(os.path.join(folder, records[0]), -56, struct.pack(">Q", 0x0102030405060708))
    refused(folder, (records[0], "byte order"), "records of another byte order", tally)
    # LMDB: magic and version of its two meta pages, at 16 and 20 bytes of each.
    for name, at, data in (("byte order", 16, struct.pack(">I", 0xBEEFC0DE)), ("version", 20, struct.pack("<I", 7))):
        folder = damage.copy(old, os.path.join(temp, "lmdb.jibek"))
        meta = [one for one in os.listdir(folder) if one.endswith(".mdb")][0]
        for page in (0, 4096):
            edited(os.path.join(folder, meta), page + at, data)
        refused(folder, (meta,), "LMDB of another " + name, tally)


def info_format(folder):
    """The version of the format, as `info` tells."""
    lines = cli.run("info", "-i", folder).decode().split("\n")
    return int([line for line in lines if line.startswith("format")][0].split()[-1])


def main(tally):
    parser = cli.parser(__doc__)
    parser.add_argument("--regenerate", action="store_true", help="make the fixture anew")
    options = parser.parse_args()
    cli.begin(options)
    with cli.workplace(options.index, tally) as temp:
        if options.regenerate:
            regenerate(temp)
        promises(temp, known(temp, tally), tally)


if __name__ == "__main__":
    cli.guarded(main)
