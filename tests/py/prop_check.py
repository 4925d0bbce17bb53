#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""`check` is silent on good indexes, and finds every kind of damage: one bit of each part of
each file, files cut, gone, swapped, lengthened, old; and what it does not find changes no answer."""

import glob
import os
import struct
import subprocess

import cli
import corpus
import damage
import records

QUERIES = (
    "*", "哈萨克斯坦", "回归中国", "中国", "历史", "真相", "Қазақстан", "Казахстан", "China", "Kazakhstan", "platform:weibo", "platform:made-up",
    "lang:zh", "lang:kk", "lang:ru", "script:Hans", "views:>100", "views:0..50", "likes:>=1", "status:live", "status:unknown", "date:2019-12",
    "date:2020-04..", "title:历史", "text:中国", "copy_of:yes", "words:>=20", "words:<5", "NOT 中国", "习近平", "人民", "2020年", "G20", "COVID-19",
    '"哈萨克斯坦"', '"co-op"', "ещё", "straße", "台湾", "x² OR h₂o", "佐々木", "ภาษาไทย", "한국어", "ﷺ", "section:揭秘历史真相", "tags:历史",
    "tags:history", "渴望", "越南", "1.9万",
)


def check(folder, *options):
    """Exit status, lines of stdout, and whether it ended by itself."""
    argv = cli.command("check", "-i", folder, *options)
    try:
        done = subprocess.run(argv, stdin=subprocess.DEVNULL, capture_output=True, timeout=120)
    except subprocess.TimeoutExpired:
        return "no end", "", ""
    return done.returncode, done.stdout.decode("utf-8", "replace"), done.stderr.decode("utf-8", "replace")


def silent(folder, what, tally):
    for options in ((), ("--deep",)):
        tally.equal(check(folder, *options), (0, "", ""), "check %s of %s" % (" ".join(options), what))


def found(folder, names, what, tally, *options):
    """Damage is reported, and one of the names in it."""
    status, out, said = check(folder, *options)
    good = status == 1 and out and any(name in out for name in names)
    tally.check(good, lambda: "%s: exit status %s, expected 1 and one of %s in\n%s%s" % (what, status, names, cli.short(out), said))


# --- an index with everything in it ---


def some_records(random, count):
    made = []
    for number, record in enumerate(corpus.records(random, count)):
        record["views"] = random.randrange(1000)
        record["url"] = "https://example.org/%d" % number
        record["collected_at"] = "2020-01-%02dT10:00:00+08:00" % random.randrange(1, 29)
        record["tags"] = random.sample(["history", "news", "a", "b"], random.randrange(3))
        record["author"] = "author %d" % random.randrange(count // 3)
        if number % 10 == 3 and made:
            copied = random.choice(made)
            record.update({name: copied.get(name, "") for name in ("title", "text")})
        made.append(record)
    return made


def later_records(random, made):
    """Other counts, other texts, the same again, without an id."""
    for record in random.sample(made, len(made) // 3):
        again = dict(record, collected_at="2020-03-%02dT10:00:00+08:00" % random.randrange(1, 29))
        kind = random.randrange(4)
        if kind == 0:
            again["views"] = record["views"] + random.randrange(1, 100)
        elif kind == 1:
            again["text"] = record.get("text", "") + " 新的结尾 %d" % random.randrange(1000)
        elif kind == 2:
            again["status"] = random.choice(["live", "author_deleted", "gone"])
        yield again
    for number in range(20):
        yield {"title": "no id %d" % number, "text": corpus.some_text(random, 5)}


def make_index(random, temp, count):
    folder = os.path.join(temp, "good.jibek")
    first, second = os.path.join(temp, "first.jsonl"), os.path.join(temp, "second.jsonl")
    made = some_records(random, count)
    records.write_jsonl(first, made)
    records.write_jsonl(second, later_records(random, made))
    shared = sorted(glob.glob(os.path.join(cli.ROOT, "corpora", "*.jsonl")))
    cli.index(folder, [*shared, first])
    older = damage.copy(folder, os.path.join(temp, "older.jibek"))
    cli.index(folder, [second])
    return folder, older


# --- damage, one kind at a time ---


def check_record_parts(random, folder, copy, tally):
    for name in damage.index_files(folder):
        if not name.endswith(".records"):
            continue
        for part, (offset, length) in damage.records_parts(os.path.join(folder, name)).items():
            damage.copy(folder, copy)
            damage.flip(os.path.join(copy, name), offset + random.randrange(length), random.randrange(8))
            found(copy, [name], "a bit in the %s of %s" % (part, name), tally)


def check_meta_rows(random, folder, copy, tally):
    """A bit in a key, in a value, in the head of a node, in the head of a page, of each table."""
    path = os.path.join(folder, "meta.mdb")
    for table, pages in damage.meta_pages(path).items():
        if not pages or table in ("main", "free") or table.endswith(" overflow"):
            continue
        page = random.choice(pages)
        node, key, value, length = random.choice(list(damage.row_places(path, page)))
        places = {"a key": key, "a value": value + (length or 1) - 1, "the head of a row": node, "the bounds of a page": page * damage.PAGE + 12,
                  "the number of a page": page * damage.PAGE, "the kind of a page": page * damage.PAGE + 10}
        for what, offset in places.items():
            damage.copy(folder, copy)
            damage.flip(os.path.join(copy, "meta.mdb"), offset, random.randrange(1, 4))
            found(copy, ["table %s" % table, "meta.mdb"], "a bit in %s of table %s" % (what, table), tally)
    for table, pages in damage.meta_pages(path).items():
        if table.endswith(" overflow"):
            for offset in (0, 12, 16, 40):
                damage.copy(folder, copy)
                damage.flip(os.path.join(copy, "meta.mdb"), random.choice(pages) * damage.PAGE + offset, 1)
                found(copy, ["table %s" % table.split()[0]], "a bit at %d of a long value of %s" % (offset, table), tally)


def check_free_list(folder, copy, tally):
    """`info` says how much of meta.mdb is free, or that the list of it is damaged."""
    path = os.path.join(folder, "meta.mdb")
    data = damage.read(path)
    rows = [row for page in damage.meta_pages(path)["free"] for row in damage.row_places(path, page)]
    pages = sum(struct.unpack_from("<Q", data, value)[0] for _, _, value, _ in rows)
    tally.check(pages, lambda: "no page is free, so nothing was tested")
    said = "free in meta  %.1f MiB" % (pages * damage.PAGE / 2**20)
    tally.check(said in cli.run("info", "-i", folder).decode(), lambda: "`info` does not say: %s" % said)
    for _, _, value, _ in rows:
        for bit in range(20):
            damage.copy(folder, copy)
            damage.flip(os.path.join(copy, "meta.mdb"), value + bit // 8, bit % 8)
            done = subprocess.run(cli.command("info", "-i", copy), stdin=subprocess.DEVNULL, capture_output=True, timeout=60)
            tally.check(done.returncode == 3 and b"meta.mdb" in done.stderr and not done.stdout,
                        lambda: "bit %d of the length of a free list: exit status %d, %s" % (bit, done.returncode, done.stdout[-200:]))


def check_meta_heads(random, folder, copy, tally):
    """What says where the newest generation is."""
    for page in (0, 1):
        for what, offset in (("mark", 16), ("version", 20), ("page size", 40), ("generation", 16 + 24 + 96 + 8)):
            damage.copy(folder, copy)
            damage.flip(os.path.join(copy, "meta.mdb"), page * damage.PAGE + offset, random.randrange(1, 8))
            found(copy, ["meta.mdb"], "a bit in the %s of page %d" % (what, page), tally)


    at = 16 + 24 + 96 + 8
    data = damage.read(os.path.join(folder, "meta.mdb"))
    for page in (0, 1):
        # Two numbers that follow each other as they should, and the older page the newer.
        age = struct.unpack_from("<Q", data, page * damage.PAGE + at)[0]
        for other in {age - 2, age + 2, 0} - {-2, -1, age}:
            damage.copy(folder, copy)
            damage.write(os.path.join(copy, "meta.mdb"), data[:page * damage.PAGE + at] + struct.pack("<Q", other) + data[page * damage.PAGE + at + 8:])
            found(copy, ["meta.mdb"], "page %d of generation %d says %d" % (page, age, other), tally)
            tally.equal(subprocess.run(cli.command("search", "-i", copy, "*"), capture_output=True).returncode, 3, "search in generation %d for %d" % (other, age))


def check_meta_tail(folder, copy, tally):
    """What an interrupted commit left behind the last page is no damage, and the next one cuts it off."""
    path = os.path.join(copy, "meta.mdb")
    data = damage.read(os.path.join(folder, "meta.mdb"))
    last = max(struct.unpack_from("<Q", data, page * damage.PAGE + 16 + 24 + 96)[0] for page in (0, 1))
    end = (last + 1) * damage.PAGE
    for size in (512, 2048, 4096, 3 * 4096 + 512):
        pages = (size + damage.PAGE - 1) // damage.PAGE
        damage.copy(folder, copy)
        tail = b"".join(struct.pack("<QHHHH", last + 1 + n, 0, 2, 16, 4096) + bytes(damage.PAGE - 16) for n in range(pages))
        damage.write(path, data[:end].ljust(end, b"\0") + tail[:size])
        silent(copy, "an index with %d bytes of an interrupted commit" % size, tally)
        cli.run("forget", "-i", copy, "platform:nobody", expect=(0, 1))
        tally.check(os.path.getsize(path) <= end, "the next writer cuts off %d bytes" % size)
        silent(copy, "an index whose end was cut off", tally)


def check_files(random, folder, copy, tally):
    for name in damage.index_files(folder):
        path = os.path.join(copy, name)
        data = damage.read(os.path.join(folder, name))
        changes = {
            "cut to half": data[:len(data) // 2], "cut by a byte": data[:-1], "empty": b"", "with garbage behind": data + b"garbage" * 99,
            "all zeros": bytes(len(data)), "garbage": random.randbytes(len(data)),
            "its beginning garbage": random.randbytes(8192) + data[8192:],
        }
        for what, changed in changes.items():
            damage.copy(folder, copy)
            damage.write(path, changed)
            found(copy, [name], "%s %s" % (name, what), tally)
        damage.copy(folder, copy)
        os.remove(path)
        found(copy, [name], "%s gone" % name, tally)
        damage.copy(folder, copy)
        damage.flip(path, len(data) // 2, random.randrange(8))
        if name.endswith(".postings"):
            found(copy, [name], "a bit of %s" % name, tally)
    for ending in (".records", ".postings"):
        a, b = [os.path.join(copy, name) for name in damage.index_files(folder) if name.endswith(ending)][:2]
        damage.copy(folder, copy)
        os.rename(a, a + ".x")
        os.rename(b, a)
        os.rename(a + ".x", b)
        found(copy, [os.path.basename(a), os.path.basename(b)], "two files %s swapped" % ending, tally)


def check_old_files(random, temp, folder, older, copy, tally):
    """A file of another state of the index, or of another index with as many documents."""
    damage.copy(folder, copy)
    damage.write(os.path.join(copy, "meta.mdb"), damage.read(os.path.join(older, "meta.mdb")))
    status, out, _ = check(copy)
    tally.check(status == 0 and out.count("note: ") == 2, lambda: "files that no commit names are only noted: %s %s" % (status, out))
    lines = [{"id": "n%d" % n, "platform": "p", "title": "标题 %d" % n, "text": "正文 %d" % (n * 7)} for n in range(50)]
    made = []
    for number, change in enumerate(({}, {"text": "别的正文"}, {"id": "other"}, {"platform": "q"})):
        path = os.path.join(temp, "old%d.jsonl" % number)
        changed = {name: lambda n, value=value: "%s %d" % (value, n) for name, value in change.items()}
        records.write_jsonl(path, [{**line, **{name: make(n) for name, make in changed.items()}} for n, line in enumerate(lines)])
        made.append(os.path.join(temp, "old%d.jibek" % number))
        cli.index(made[-1], [path])
        for name in ("000001.records", "000001.postings"):
            damage.write(os.path.join(damage.copy(made[0], copy), name), damage.read(os.path.join(made[-1], name)))
            if number and damage.read(os.path.join(made[-1], name)) != damage.read(os.path.join(made[0], name)):
                found(copy, [name], "%s of an index with another %s" % (name, *change), tally)


# --- states that no checksum shows ---

COMMON = {"collected_at": "2020-01-01T00:00:00Z", "published_at": "2019-12-09T10:00:00+08:00"}
FIRST = (
    {"platform": "p", "id": "a0", "url": "https://e.org/0", "title": "哈萨克斯坦", "text": "回归中国 the text", "views": 5, "tags": ["x", "y"]},
    {"platform": "p", "id": "a1", "url": "https://e.org/1", "title": "another", "text": "old words", "author": "someone"},
    {"platform": "q", "id": "a2", "url": "https://e.org/2", "title": "哈萨克斯坦", "text": "回归中国 the text"},
    {"platform": "q", "id": "a3", "title": "given language", "lang": "xx", "script": "Xxxx", "status": "live"},
    {"platform": "q", "id": "a4", "title": "Қазақстан тарихы"},
    {"title": "without an id"},
)
SECOND = (
    {"platform": "p", "id": "a1", "title": "another", "text": "new words"},
    {"platform": "p", "id": "a0", "title": "哈萨克斯坦", "text": "回归中国 the text", "views": 9, "collected_at": "2020-02-01T00:00:00Z"},
)
# What is done; what has to be named; "--deep" where only that can see it.
STATES = (
    ("patch views 0 1998", "columns: views"), ("patch views 0 -", "columns: views"), ("patch likes 0 2", "columns: likes"),
    ("patch status 0 3", "columns: status"), ("patch status 3 0", "columns: status"), ("patch status 0 99", "columns: status"),
    ("patch published_at 0 12345", "columns: published_at"), ("patch collected_at 2 -", "columns: collected_at"),
    ("patch platform 0 1", "columns: platform"), ("patch platform 0 777", "columns: platform"), ("patch platform 0 -", "columns: platform"),
    ("patch author 0 0", "columns: author"), ("patch tags 0 -", "columns: tags"), ("patch tags 1 0", "columns: tags"), ("patch thread 0 -5", "columns: thread"),
    ("patch lang 3 0", "columns: lang"), ("patch script 3 0", "columns: script"),
    ("patch lang 0 1", "columns: lang", "--deep"), ("patch script 4 0", "columns: script", "--deep"),
    ("patch words 0 3", "columns: words"), ("patch words 0 99998", "columns: words"), ("patch words 0 -", "columns: words"), ("patch words 0 2", "columns: words", "--deep"),
    ("patch copy_of 2 -", "copy_of"), ("patch copy_of 2 1", "copy_of"), ("patch copy_of 2 2", "copy_of"), ("patch copy_of 2 999", "copy_of"),
    ("patch copy_of 0 2", "copy_of"), ("patch copy_of 4 0", "copy_of"), ("patch copy_of 2 -7", "copy_of"),
    ("observe 0 999999999999999999 4 -", "columns: status"), ("observe 3 999999999999999999 -1 20", "columns: views"),
    ("observe 0 1 77 -", "observations"), ("observe 0 1 -1 -8", "observations"), ("observe 999 1 1 -", "observations"), ("observe 0 - 1 -", "observations"),
    ("dead 0", "table meta"), ("dead 5", "table meta"), ("alive 1", "table meta"), ("dead 999", "table meta"),
    ("value platform 9 gap", "values: platform"), ("value platform 2 p", "values: platform"), ("value platform 0 other", "platform"),
    ("value status 1 alive", "values: status"), ("value title 0 x", "table values"),
    ("chunk views 0 3", "columns: views"), ("chunk views 5 10", "table columns"), ("chunk title 0 7", "table columns"),
    ("row 1 7 6", "segments"), ("row 1 9 6", "segments"), ("row 1 0 3", "000001.records"), ("row 2 0 6", "000002.records"),
    ("format 4 0", "format 4"), ("format 6 0", "format 6"), ("format 5 12345", "fold"),
    ("postings", "000001.postings", "--deep"),
    ("records text", "title and text"), ("records platform", "columns: platform"), ("records less-id", "id or digest"), ("records more-id", "000001.records"),
    ("records less-url", "by its url"), ("records less-content", "title and text"), ("records content", "title and text"),
    ("records more-word", "in no postings", "--deep"), ("records less-word", "in no lexicon", "--deep"), ("records unsorted", "sorted"),
    ("records kind", "kinds of words"), ("records less-key", "lacks a key"), ("records more-key", "keys of words"), ("records cut", "cannot be read"),
    ("records less-place", "places of words", "--deep"), ("records other-place", "places of words", "--deep"), ("records other-line", "places of words", "--deep"),
    ("records less-pair", "pairs of words", "--deep"), ("records other-pair", "pairs of words", "--deep"),
    ("records heavy-pair", "pairs of words", "--deep"), ("records else-pair", "pairs of words", "--deep"),
)


def break_index(folder, what):
    tool = os.environ.get("JIBEK_BREAK") or os.path.join(os.path.dirname(cli.binary()), "..", "tests", "break_index")
    subprocess.run([tool, folder, *what.split()], check=True, timeout=60)


def check_states(temp, copy, tally):
    folder = os.path.join(temp, "states.jibek")
    for number, some in enumerate((FIRST, SECOND)):
        path = os.path.join(temp, "states%d.jsonl" % number)
        records.write_jsonl(path, [{**COMMON, **record} for record in some])
        cli.index(folder, [path])
    silent(folder, "the index of states", tally)
    break_index(damage.copy(folder, copy), "records same")
    silent(copy, "records written anew", tally)
    for what, name, *options in STATES:
        damage.copy(folder, copy)
        break_index(copy, what)
        if options:
            tally.equal(check(copy), (0, "", ""), "check without --deep after '%s'" % what)
        found(copy, [name], "'%s'" % what, tally, *options)


def check_misuse(temp, tally):
    tally.equal(check(os.path.join(temp, "none.jibek"))[0], 3, "exit status where there is no index")
    os.makedirs(os.path.join(temp, "empty"), exist_ok=True)
    tally.equal(check(os.path.join(temp, "empty"))[0], 3, "exit status in an empty folder")
    tally.equal(check(temp, "too many")[0], 2, "exit status with an argument")
    tally.equal(check(temp, "--no-such-option")[0], 2, "exit status with a wrong option")


# --- bits anywhere ---


def answers(folder):
    """All there is to be seen, or None where the program fails (which is no silent lie)."""
    try:
        return [cli.search(folder, query, "jsonl") for query in QUERIES]
    except cli.JibekError:
        return None


def check_flips(random, folder, copy, flips, tally):
    want = answers(folder)
    tally.check(want and sum(map(bool, want)) > 40, "queries that find something")
    names = damage.index_files(folder)
    harmless = 0
    for number in range(flips):
        name = names[number % len(names)]
        path = os.path.join(damage.copy(folder, copy), name)
        offset, bit = random.randrange(os.path.getsize(path)), random.randrange(8)
        damage.flip(path, offset, bit)
        status, out, said = check(copy, "--deep")
        what = "bit %d of byte %d of %s flipped" % (bit, offset, name)
        if status == 1:
            tally.check(bool(out), "%s: found, but nothing was said" % what)
        elif tally.equal(status, 0, "exit status, %s %s" % (what, said)):
            harmless += 1
            tally.check(answers(copy) == want, "%s: nothing found, but the answers differ" % what)
    print("%d bits flipped, %d of them where nothing stands" % (flips, harmless))


def main(tally):
    parser = cli.parser(__doc__)
    parser.add_argument("--records", type=int, default=400, help="made-up records in the index (default 400)")
    parser.add_argument("--flips", type=int, default=100, help="bits flipped anywhere (default 100)")
    options = parser.parse_args()
    random = cli.begin(options)
    with cli.workplace(options.index, tally) as temp:
        folder, older = make_index(random, temp, options.records)
        copy = os.path.join(temp, "copy.jibek")
        silent(folder, "a good index", tally)
        silent(older, "its first generation", tally)
        check_misuse(temp, tally)
        check_record_parts(random, folder, copy, tally)
        check_meta_rows(random, folder, copy, tally)
        check_free_list(folder, copy, tally)
        check_meta_heads(random, folder, copy, tally)
        check_meta_tail(folder, copy, tally)
        check_files(random, folder, copy, tally)
        check_old_files(random, temp, folder, older, copy, tally)
        check_states(temp, copy, tally)
        check_flips(random, folder, copy, options.flips, tally)


if __name__ == "__main__":
    cli.guarded(main)
