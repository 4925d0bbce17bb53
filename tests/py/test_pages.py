#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A folder of web pages with menus, adverts and comments: the main text against the article that
was planted in each, character by character."""

import collections
import difflib
import os
import re

import cli
import gen_pages
import gen_sites
import page_articles

WANTED = 0.95


def squeezed(text):
    return re.sub(r"\s+", "", text)


def shared(got, want):
    """Characters that stand in both in the same order, in stretches that are no accident."""
    if got == want:
        return len(want)
    if want and want in got:
        return len(want)
    if got and got in want:
        return len(got)
    blocks = difflib.SequenceMatcher(None, got, want, False).get_matching_blocks()
    return sum(b.size for b in blocks if b.size >= 4)


def plant(random, articles, layouts, count):
    """(layout's name, page, what it must give); languages as often as one another."""
    by_lang = collections.defaultdict(list)
    for a in articles:
        by_lang[a["lang"]].append(a)
    for n in range(count):
        layout = layouts[n % len(layouts)]
        article = random.choice(by_lang[random.choice(sorted(by_lang))])
        page, want = gen_pages.make(random, layout, article, articles)
        yield layout.__name__, page, want


ENCODINGS = ("utf-8", "utf-8", "utf-8", "gb18030", "utf-16")


def encoded(random, page):
    """Some of the pages in other encodings, with a meta element that says so."""
    charset = random.choice(ENCODINGS)
    if charset == "gb18030":
        return page.replace("<meta charset=utf-8>", '<meta http-equiv="Content-Type" content="text/html; charset=gb2312">').encode(charset)
    return page.encode(charset)


def measure(tally, found, wanted, what):
    sums = collections.defaultdict(lambda: [0, 0.0, 0.0, 0])
    for name, (layout, want) in wanted.items():
        hit = found.get(name, {})
        got, text = squeezed(hit.get("text", "")), squeezed(want["text"])
        same = shared(got, text)
        s = sums[layout]
        s[0] += 1
        s[1] += same / len(got) if got else 0
        s[2] += same / len(text)
        s[3] += hit.get("title") == re.sub(r"\s+", " ", want["title"]).strip()
    total = [sum(s[i] for s in sums.values()) for i in range(4)]
    for layout, s in sorted(sums.items()):
        print("%-10s %4d pages  precision %.4f  recall %.4f  titles %.4f" % (layout, s[0], *(x / s[0] for x in s[1:])))
    precision, recall, titles = (x / total[0] for x in total[1:])
    print("%-10s %4d pages  precision %.4f  recall %.4f  titles %.4f" % (what, total[0], precision, recall, titles))
    tally.check(precision >= WANTED and recall >= WANTED, "%s: precision %.4f, recall %.4f" % (what, precision, recall))
    tally.check(titles >= WANTED, "%s: titles %.4f" % (what, titles))


def check(tally, random, temp, articles, layouts, count, what):
    folder = os.path.join(temp, what)
    os.makedirs(folder)
    wanted = {}
    for n, (layout, page, want) in enumerate(plant(random, articles, layouts, count)):
        name = "%05d.html" % n
        with open(os.path.join(folder, name), "wb") as out:
            out.write(encoded(random, page))
        wanted[name] = (layout, want)
    index = folder + ".jibek"
    summary = cli.index(index, [folder])
    tally.equal((summary["read"], summary["rejected"]), (count, 0), what + ": all are read")
    found = {os.path.basename(hit["origin"]).rsplit(":", 1)[0]: hit
             for hit in cli.search_jsonl(index, "*", "-n", "0", "--fields", "origin,title,text,published_at")}
    copies = summary["copies"] + summary["unchanged"] + summary["observed"]
    tally.check(len(found) >= count - copies, "%d found of %d" % (len(found), count))
    measure(tally, found, {n: w for n, w in wanted.items() if n in found}, what)


def hostile(tally, random, temp):
    """Pages that are none: every one ends as a record or as a reject, soon and in little memory."""
    folder = os.path.join(temp, "hostile")
    os.makedirs(folder)
    made = {
        "deep": "<div>" * 100000 + "x", "unclosed": "<b>" * 50000 + "</i>" * 50000 + "text", "empty": "<html></html>",
        "script": "<script>" + "x" * 100000, "attribute": "<p class='" + "a " * 100000 + "'>text of it.</p>",
        "entity": "<p>" + "&amp;" * 200000, "many": "<p>x</p>" * 1200000, "comment": "<!-- " + "-" * 100000,
        "doctype": '<!DOCTYPE html [<!ENTITY a "b"><!ENTITY c SYSTEM "file:///etc/passwd">]><html><p>&a;&c; stays.</p></html>',
        "nul": "<html><p>a\0b, and so on.</p></html>", "jsonld": "<html><script type='application/ld+json'>" + "[" * 100000 + "</script><p>Text.</p>",
        "titles": "<html><title>" + "t" * 300000 + "</title><p>Text of it.</p></html>",
    }
    for name, page in made.items():
        with open(os.path.join(folder, name + ".html"), "w", encoding="utf-8") as out:
            out.write(page)
    with open(os.path.join(folder, "large.html"), "w", encoding="utf-8") as out:
        for _ in range(100):
            out.write("<p>large</p>" * (1 << 20 // 12))
            out.write("x" * (1 << 20))
    base = gen_pages.make(random, gen_pages.portal, page_articles.from_corpora()[0], page_articles.from_corpora())[0].encode()
    for n in range(60):
        data = bytearray(base)
        for _ in range(random.randrange(1, 80)):
            at = random.randrange(len(data))
            data[at:at + random.randrange(3)] = bytes(random.choice(b"<>&;/\"'=!-\0 abc\xff\xe4") for _ in range(random.randrange(4)))
        with open(os.path.join(folder, "mutant%d.html" % n), "wb") as out:
            out.write(b"<html>" + bytes(data))
    summary = cli.index(folder + ".jibek", [folder], may_reject=True)
    tally.equal(summary["read"], len(made) + 61, "each page is read")
    tally.check(summary["reasons"].get("too_long") == 1, "100 MB are a reject: %s" % summary["reasons"])
    tally.check(summary["reasons"].get("html", 0) >= 2, "too deep, too many: %s" % summary["reasons"])
    text = repr(cli.search(folder + ".jibek", "*", "jsonl", "-n", "0"))
    tally.check("root:" not in text, "no entity of the page's own is read")


def main(tally):
    parser = cli.parser(__doc__)
    parser.add_argument("--pages", type=int, default=240, help="pages of each set of layouts (default 240)")
    parser.add_argument("--outside", action="store_true", help="articles from $JIBEK_TEST_DATA too")
    options = parser.parse_args()
    random = cli.begin(options)
    articles = page_articles.from_corpora()
    data = os.environ.get("JIBEK_TEST_DATA")
    if options.outside and not data:
        print("skipped: JIBEK_TEST_DATA is not set")
        raise SystemExit(77)
    if options.outside:
        articles += page_articles.from_outside(data, 400)
    with cli.workplace(options.index, tally) as temp:
        check(tally, random, temp, articles, gen_pages.LAYOUTS, options.pages, "layouts")
        check(tally, random, temp, articles, gen_pages.OTHERS, options.pages, "others")
        check(tally, random, temp, articles, gen_sites.SITES, options.pages, "sites")
        hostile(tally, random, temp)


if __name__ == "__main__":
    cli.guarded(main)
