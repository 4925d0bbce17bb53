#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Checks of the checkers themselves; needs no jibek binary."""

import argparse
import random as randoms
import sys

import accounting_model
import cli
import columns_model
import corpus
from fold import fold, fold_slow, one_pass
from match import Haystack, contains, is_alphabetic, is_han

FOLDS = (
    ("\u0675\u0678", "\u0674\u0627\u0674\u0649"), ("مـحَمد", "محمد"), ("Ещё", "еще"), ("ё\u0308", "е"), ("歷史", "历史"),
    ("ＡＢＣ\u3000\t1", "abc 1"), ("  a  ", " a "), ("a\u200bb", "ab"), ("Straße", "strasse"), ("کی", "كي"), ("\u00a8", " \u0308"),
    ("کتابی\u0654", "كتاب\u0626"), ("ﾊﾞ", "バ"), ("中々〇", "中々〇"), ("ﷺ", "صلى الله عليه وسلم"), ("\u1100\u1161", "가"),
)
MATCHES = (
    ("abc", "abc", True), ("xabc", "abc", False), ("x abc.", "abc", True), ("中abc国", "abc", True), ("abcd abc", "abc", True),
    ("2020年", "2020", True), ("12020", "2020", False), ("哈萨克斯坦", "萨克", True), ("ภาษาไทย", "ษาไ", True), ("コーヒー", "ーヒ", True),
    ("a-b", "a-", True), ("xa-b", "a-", False), ("한국어", "한국", False), ("é\u0323x", "é", True), ("𠮷野", "𠮷", True),
)
BARE = (("哈萨克", True), ("G20峰会", True), ("abc", False), ("中 国", False), ("中（国", False), ("-中", False), ("中:国", False),
        ("中。国", True), ("中\u00ad国", True), ("－中", False), ("中＊", False))


def strings(random, count):
    for _ in range(count):
        size = random.randrange(1, 12)
        if random.random() < 0.5:
            yield corpus.some_text(random, size)
        else:
            cps = (random.choice([0x300, 0x700, 0x3400, 0xD7FF, 0x10FFFF - 0x900]) for _ in range(size))
            yield "".join(chr(c) for c in (random.randrange(cp) for cp in cps) if not 0xD800 <= c < 0xE000)


def check_fold(random, count, tally):
    for given, want in FOLDS:
        tally.equal(fold(given), want, "fold of %r" % given)
    for s in strings(random, count):
        folded = fold(s)
        tally.equal(folded, fold_slow(s), "fast and slow fold of %r" % s)
        tally.check(one_pass(folded) == folded == fold(folded), "fold of %r is not stable" % s)


def check_every_character(tally):
    for cp in range(0x110000):
        if not 0xD800 <= cp < 0xE000:
            c = chr(cp)
            good = one_pass(fold_slow(c)) == fold_slow(c) == fold(c) and fold("a%sb" % c) == fold_slow("a%sb" % c)
            tally.check(good, "fold of U+%04X" % cp)


def slow_contains(text, s):
    """The boundary rule, position by position."""
    for at in range(len(text) - len(s) + 1):
        left = at == 0 or not (is_alphabetic(s[0]) and is_alphabetic(text[at - 1]))
        end = at + len(s)
        right = end == len(text) or not (is_alphabetic(s[-1]) and is_alphabetic(text[end]))
        if text[at:end] == s and left and right:
            return True
    return False


def check_match(random, count, tally):
    for text, s, want in MATCHES:
        tally.equal(contains(text, s), want, "%r in %r" % (s, text))
    texts = [fold(corpus.some_text(random, random.randrange(0, 30))) for _ in range(60)]
    haystack = Haystack(texts)
    for _ in range(count):
        text = random.choice(texts) or "x"
        start = random.randrange(len(text))
        s = text[start:start + random.randint(1, 6)]
        want = [number for number, text in enumerate(texts) if slow_contains(text, s)]
        tally.equal(haystack.find(s), want, "texts with %r" % s)
        tally.equal([n for n, text in enumerate(texts) if contains(text, s)], want, "texts containing %r" % s)


def check_columns(random, tally):
    """Three-valued ranges, and the local calendar."""
    infinite = float("inf")
    for count, low, high, want in (
        ((1000, True), 5001, infinite, None), ((1000, True), 0, 499, 0), ((1000, True), 1000, infinite, 1), ((1000, True), 1000, 5000, None),
        ((1000, True), 1001, infinite, None), ((1000, False), 1001, infinite, 0), (None, 0, infinite, 0), ((5, False), 5, 5, 1),
    ):
        tally.equal(columns_model.in_range(count, low, high), want, "%s within %s..%s" % (count, low, high))
    rows = [columns_model.make_row(random, n, title)[1] for n, title in enumerate(columns_model.some_titles(random, 200))]
    for _ in range(100):
        node = columns_model.random_query(random, rows)
        found, rest = columns_model.answer(rows, node), columns_model.answer(rows, node._replace(test=lambda r: columns_model.kleene_not(node.test(r))))
        tally.equal(len(found.ids) + len(rest.ids) + found.undecided, len(rows), "rows by %s and its NOT" % node.text)
        tally.equal(found.undecided, rest.undecided, "undecided of %s and its NOT" % node.text)


def check_accounting(tally):
    """The model itself, on lines whose answers are plain."""
    lines = (
        (b'{"platform": "p", "id": "1", "title": "a", "views": 1}', "added"), (b'{"platform": "p", "id": "1", "title": "a", "views": 1}', "unchanged"),
        (b'{"platform": "p", "id": "1", "title": "a", "views": 2}', "observed"), (b'{"platform": "p", "id": "1", "title": "b"}', "updated"),
        (b'{"platform": "q", "id": "1", "title": "b"}', "copies"), (b'{"platform": "q", "id": "2"}', "added"), (b'{"platform": "q", "id": "3"}', "added"),
        (b'{"url": "u", "title": "c"}', "added"), (b'{"url": "u", "id": "9", "title": "c"}', "unchanged"), (b'{"title": "c"}', "copies"),
        (b'{"title": "c"}', "unchanged"),
    )
    model = accounting_model.Model()
    for line, want in lines:
        tally.equal(model.add(line), want, "kind of %s" % line.decode())


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int)
    parser.add_argument("--strings", type=int, default=20000)
    parser.add_argument("--all", action="store_true", help="every character of Unicode too (half a minute)")
    options = parser.parse_args()
    seed = options.seed if options.seed is not None else randoms.SystemRandom().randrange(10**9)
    print("seed %d" % seed)
    random, tally = randoms.Random(seed), cli.Tally()
    check_fold(random, options.strings, tally)
    check_match(random, options.strings // 10, tally)
    for s, want in BARE:
        tally.equal(cli.may_be_bare(s), want, "%r given bare" % s)
    check_columns(random, tally)
    check_accounting(tally)
    tally.check(is_han("々") and is_han("〇") and not is_han("カ"), "what is Han")
    if options.all:
        check_every_character(tally)
    return tally.finish()


if __name__ == "__main__":
    sys.exit(main())
