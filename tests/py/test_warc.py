#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Archives of the web: every good record of a file, whatever is broken beside it, and one reject
for each that is broken."""

import collections
import gzip
import os
import subprocess
import zlib

import cli
import warcs

BODY = "<!DOCTYPE html><html><head><title>%s</title></head><body><ul><li><a href=/>Home</a></li></ul><h1>%s</h1><p>%s</p></body></html>"
TEXTS = {
    "utf-8": "Қазақстан елшіге нота тапсырды, деп хабарлады министрлік, бұл туралы ресми түрде айтылды.",
    "gb18030": "哈萨克斯坦外交部向中国大使递交了抗议照会，该文章此后被删除，平台没有回应。",
    "big5": "哈薩克斯坦外交部向中國大使遞交了抗議照會，該文章此後被刪除，平台沒有回應。",
    "windows-1251": "Казахстан вручил послу ноту протеста, сообщили в министерстве иностранных дел.",
    "koi8-r": "Казахстан вручил послу ноту протеста, сообщили в министерстве иностранных дел.",
}


class Archive:
    """Records with what each must give: ("page", url, text), ("reject", code) or ("pass", name)."""

    def __init__(self, random):
        self.random, self.records, self.serial = random, [], 0

    def page(self, **more):
        r = self.random
        self.serial += 1
        url = "http://example.kz/%d" % self.serial
        charset = r.choice(sorted(TEXTS))
        text = TEXTS[charset] + " %d." % self.serial
        body = (BODY % ("Title %d" % self.serial, "Title %d" % self.serial, text)).encode(charset)
        declared = r.random() < 0.5
        self.records.append((warcs.response(
            url, body, r, coding=r.choice(sorted(warcs.PACKERS)), chunks=r.random() < 0.4,
            content_type="text/html" + ("; charset=" + charset if declared else ""), digests=r.random() < 0.7,
            version=r.choice(("0.17", "1.0", "1.1")), day=self.serial % 28 + 1, **more), ("page", url, text)))

    def other(self):
        r = self.random
        self.serial += 1
        url = "http://example.kz/o%d" % self.serial
        html = (BODY % ("x", "x", "y" * 50)).encode()
        kind = r.randrange(10)
        add = self.records.append
        if kind == 0:
            add((warcs.record("warcinfo", None, b"software: x\r\n", "application/warc-fields"), ("pass", "other_records")))
        elif kind == 1:
            add((warcs.record("request", url, b"GET / HTTP/1.1\r\n\r\n", "application/http; msgtype=request"), ("pass", "other_records")))
        elif kind == 2:
            add((warcs.record("revisit", url, b"HTTP/1.1 200 OK\r\n\r\n", "application/http; msgtype=response"), ("pass", "revisits")))
        elif kind == 3:
            add((warcs.response(url, html, r, status="301 Moved"), ("pass", "redirects")))
        elif kind == 4:
            add((warcs.response(url, html, r, status="404 Not Found"), ("pass", "gone")))
        elif kind == 5:
            add((warcs.response(url, html, r, status="503 Busy"), ("pass", "http_errors")))
        elif kind == 6:
            add((warcs.response(url, b"\x89PNG\r\n", r, content_type="image/png"), ("pass", "no_text")))
        elif kind == 7:
            text = "A plain text, %d." % self.serial
            add((warcs.record("resource", url, text.encode(), "text/plain"), ("page", url, text)))
        elif kind == 8:
            text = "What was made of a page, %d." % self.serial
            add((warcs.record("conversion", url, text.encode(), "text/plain; charset=utf-8"), ("page", url, text)))
        else:
            add((warcs.record("metadata", url, b"a: b\r\n", "application/warc-fields"), ("pass", "other_records")))

    def broken(self):
        r = self.random
        self.serial += 1
        url = "http://example.kz/b%d" % self.serial
        html = (BODY % ("x", "x", "y" * 50)).encode()
        kind = r.randrange(6)
        add = self.records.append
        if kind == 0:
            good = warcs.response(url, html, r)
            add((good.replace(b"yyyy", b"yyzy", 1), ("reject", "digest")))
        elif kind == 1:
            packed = bytearray(gzip.compress(html))
            packed[len(packed) // 2] ^= 0x55
            block = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Encoding: gzip\r\n\r\n" + bytes(packed)
            add((warcs.record("response", url, block, "application/http"), ("reject", "http_body")))
        elif kind == 2:
            block = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Encoding: gzip\r\n\r\n" + gzip.compress(html)[:-12]
            add((warcs.record("response", url, block, "application/http"), ("reject", "http_body")))
        elif kind == 3:
            add((warcs.response(url, html, r, length=len(html) + 5000), ("reject", "warc_syntax")))
        elif kind == 4:
            add((b"this is not a record at all, but stands where one is due\r\n\r\n", ("reject", "warc_syntax")))
        else:
            good = warcs.response(url, html, r)
            add((good.replace(b"Content-Length: ", b"Content-Length: x", 1) if b"chunked" not in good else good, ("reject", "warc_syntax")))


def expectation(records):
    pages, rejects, passed = {}, collections.Counter(), collections.Counter()
    for _, want in records:
        if want[0] == "page":
            pages[want[1]] = want[2]
        elif want[0] == "reject":
            rejects[want[1]] += 1
        else:
            passed[want[1]] += 1
    return pages, rejects, passed


def read(temp, name, data):
    path = os.path.join(temp, name)
    with open(path, "wb") as out:
        out.write(data)
    folder = path + ".jibek"
    summary = cli.index(folder, [path], may_reject=True)
    found = {hit["url"]: hit for hit in cli.search_jsonl(folder, "*", "-n", "0")}
    return summary, found


def damage(reasons):
    """A length that leads too far is a wrong one, or the end of the file, as it comes."""
    out = collections.Counter()
    for code, n in reasons.items():
        out["damage" if code in ("warc_syntax", "cut_short") else code] += n
    return dict(out)


def compare(tally, what, summary, found, records):
    pages, rejects, passed = expectation(records)
    tally.equal({url: hit.get("text") for url, hit in found.items()}, pages, what + ": pages")
    tally.equal(damage(summary["reasons"]), damage(rejects), what + ": rejects")
    tally.equal(summary["passed"], dict(passed), what + ": passed over")


def whole_files(random, temp, tally, rounds):
    for n in range(rounds):
        a = Archive(random)
        for _ in range(random.randrange(1, 12)):
            random.choice((a.page, a.page, a.other, a.other))()
        plain = b"".join(r for r, _ in a.records)
        forms = {"w%d.warc" % n: plain, "m%d.warc.gz" % n: b"".join(gzip.compress(r) for r, _ in a.records),
                 "g%d.warc.gz" % n: gzip.compress(plain),
                 "z%d.warc.zst" % n: subprocess.run(["zstd", "-qc"], input=plain, stdout=subprocess.PIPE, check=True).stdout}
        for name, data in forms.items():
            summary, found = read(temp, name, data)
            compare(tally, name, summary, found, a.records)
        days = {hit["url"]: hit["collected_at"][:10] for hit in found.values()}
        for raw, want in a.records:
            if want[0] == "page":
                line = raw[raw.index(b"WARC-Date: ") + 11:][:10].decode()
                tally.equal(days.get(want[1]), line, "the day of " + want[1])


def broken_files(random, temp, tally, rounds):
    for n in range(rounds):
        a = Archive(random)
        for _ in range(random.randrange(3, 12)):
            random.choice((a.page, a.other, a.broken))()
        a.page()
        kept, last = [], None
        for one in a.records:  # two that are no records, side by side, are one reject
            if one[1] == last == ("reject", "warc_syntax"):
                continue
            kept.append(one)
            last = one[1]
        summary, found = read(temp, "b%d.warc" % n, b"".join(r for r, _ in kept))
        compare(tally, "broken %d" % n, summary, found, kept)


def cut_files(random, temp, tally, rounds):
    """A file that ends anywhere: what came whole before is there, and the cut record is told of."""
    for n in range(rounds):
        a = Archive(random)
        for _ in range(5):
            a.page()
        parts = [r for r, _ in a.records]
        packed = n % 2 == 1
        if packed:
            parts = [gzip.compress(p) for p in parts]
        data = b"".join(parts)
        cut = random.randrange(1, len(data))
        summary, found = read(temp, "c%d.warc%s" % (n, ".gz" if packed else ""), data[:cut])
        whole, at = 0, 0
        # What is missing of the blank lines after a record is no loss.
        while whole < 5 and at + len(parts[whole]) - (0 if packed else 4) <= cut:
            at += len(parts[whole])
            whole += 1
        pages = {want[1]: want[2] for _, want in a.records[:whole]}
        got = {url: hit.get("text") for url, hit in found.items()}
        if packed and whole < 5 and len(zlib.decompressobj(31).decompress(data[at:cut])) >= len(a.records[whole][0]) - 4:
            got.pop(a.records[whole][1][1], None)  # all of it but blank lines and gzip's own sums
        tally.equal(got, pages, "cut at %d of %d, pages" % (cut, len(data)))
        tally.equal(sum(summary["reasons"].values()), 1 if at < cut else 0, "cut at %d, rejects %s" % (cut, summary["reasons"]))


def unpacks_to(member, data):
    try:
        return gzip.decompress(member) == data
    except (OSError, EOFError, zlib.error):
        return False


def damaged_members(random, temp, tally, rounds):
    """A bit of one gzip member is wrong: its record is not believed, and all others are there."""
    for n in range(rounds):
        a = Archive(random)
        for _ in range(6):
            a.page()
        parts = [bytearray(gzip.compress(r)) for r, _ in a.records]
        hit = random.randrange(6)
        while unpacks_to(parts[hit], a.records[hit][0]):  # bits that fill the last byte say nothing
            parts[hit] = bytearray(gzip.compress(a.records[hit][0]))
            parts[hit][random.randrange(10, len(parts[hit]))] ^= 1 << random.randrange(8)
        summary, found = read(temp, "d%d.warc.gz" % n, b"".join(map(bytes, parts)))
        for i, (_, want) in enumerate(a.records):
            if i != hit:
                tally.equal(found.get(want[1], {}).get("text"), want[2], "record %d beside damaged %d" % (i, hit))
            else:
                tally.check(want[1] not in found, "a record whose gzip member is damaged was taken for good")
        tally.check(summary["rejected"] >= 1, lambda: "damage is told of: %s" % summary)


def noise(random, temp, tally, rounds):
    """Any bytes may be wrong: it ends, and the counts add up."""
    for n in range(rounds):
        a = Archive(random)
        for _ in range(8):
            random.choice((a.page, a.other, a.broken))()
        data = bytearray(b"".join(r for r, _ in a.records))
        for _ in range(random.randrange(1, 60)):
            at = random.randrange(len(data))
            if random.random() < 0.5:
                data[at] = random.randrange(256)
            else:
                del data[at:at + random.randrange(1, 40)]
        if not data.startswith(b"WARC/1."):
            data[:0] = b"WARC/1.0\r\n"
        summary, found = read(temp, "n%d.warc" % n, bytes(data))
        parts = ("added", "updated", "observed", "unchanged", "copies", "rejected")
        tally.equal(summary["read"], sum(summary[p] for p in parts), "noise %d adds up" % n)


def large(random, temp, tally):
    """A page over the limit, and one that unpacks to more than the limit."""
    a = Archive(random)
    a.page()
    bomb = gzip.compress(b"<html>" + b"a" * (40 << 20))
    block = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Encoding: gzip\r\n\r\n" + bomb
    a.records.append((warcs.record("response", "http://example.kz/bomb", block, "application/http"), ("reject", "too_long")))
    a.records.append((warcs.response("http://example.kz/large", b"<html>" + b"b" * (70 << 20), random), ("reject", "too_long")))
    a.page()
    summary, found = read(temp, "large.warc.gz", b"".join(gzip.compress(r, 1) for r, _ in a.records))
    compare(tally, "large", summary, found, a.records)


def arcs(random, temp, tally):
    http = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n"
    texts = ["An old page with a sentence in it, number %d." % n for n in range(4)]
    made = [("http://a.kz/with blank %d" % n, "2014021605022%d" % n, "text/html", http + (BODY % ("T", "T", t)).encode())
            for n, t in enumerate(texts)]
    for version in (1, 2):
        data = warcs.arc(made, version)
        for name, form in (("v%d.arc" % version, data), ("v%d.arc.gz" % version, gzip.compress(data))):
            summary, found = read(temp, name, form)
            tally.equal({u: h["text"] for u, h in found.items()}, {m[0]: t for m, t in zip(made, texts)}, name)
            tally.equal((summary["rejected"], summary["passed"]), (0, {"other_records": 1}), name)
            tally.equal(found[made[0][0]]["collected_at"][:19], "2014-02-16T05:02:20", name + ": its date")
        broken = data.replace(b"20140216050221", b"2014", 1)
        summary, found = read(temp, "broken%d.arc" % version, broken)
        tally.equal(sorted(found), sorted(m[0] for n, m in enumerate(made) if n != 1), "ARC %d, one broken head" % version)
        tally.equal(summary["reasons"], {"warc_syntax": 1}, "ARC %d, one broken head" % version)


def main(tally):
    parser = cli.parser(__doc__)
    parser.add_argument("--rounds", type=int, default=3, help="files of each sort (default 3)")
    options = parser.parse_args()
    random = cli.begin(options)
    with cli.workplace(options.index, tally) as temp:
        whole_files(random, temp, tally, options.rounds)
        broken_files(random, temp, tally, options.rounds * 2)
        cut_files(random, temp, tally, options.rounds * 3)
        damaged_members(random, temp, tally, options.rounds)
        noise(random, temp, tally, options.rounds * 2)
        large(random, temp, tally)
        arcs(random, temp, tally)


if __name__ == "__main__":
    cli.guarded(main)
