# SPDX-License-Identifier: GPL-3.0-or-later
"""The basic fold of the design, written from its description alone.

A pass over a string is: Arabic hamza digraphs apart; tatweel, harakat and
default-ignorables out; NFKC-casefold; letter and Han variants to one form; runs of
white space to one blank.  Passes repeat until nothing changes.

`fold` is `fold_slow` made fast: a character whose fold does not depend on its
neighbours is looked up, and a string that holds any other takes the slow way whole.
"""

import os
import re
import sys
import unicodedata

HAN_TABLE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "data", "han_t2s_fold.tsv")

HAMZA = {0x0675: "\u0674\u0627", 0x0676: "\u0674\u0648", 0x0677: "\u0674\u06C7", 0x0678: "\u0674\u0649"}

IGNORABLE_RANGES = (
    "00AD 034F 061C 115F-1160 17B4-17B5 180B-180F 200B-200F 202A-202E 2060-206F 3164 FE00-FE0F FEFF "
    "FFA0 FFF0-FFF8 1BCA0-1BCA3 1D173-1D17A E0000-E0FFF"
)
WHITE_SPACE = "\t-\r \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
WHITE_RUN = re.compile("[%s]+" % WHITE_SPACE)
WHITE_CHAR = re.compile("[%s]" % WHITE_SPACE)

# Stands for "depends on its neighbours" while a string is looked up; a noncharacter.
SENTINEL = "\uffff"


def ranges(text):
    """The code points of a list such as "00AD 115F-1160"."""
    for part in text.split():
        first, _, last = part.partition("-")
        yield from range(int(first, 16), int(last or first, 16) + 1)


def read_han_table(path=HAN_TABLE):
    """The traditional-to-simplified fold, one character to one character."""
    table = {}
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            if not line.startswith("#"):
                _, char, folded, _ = line.rstrip("\n").split("\t")
                table[ord(char)] = folded
    return table


HAN = read_han_table()
REMOVED = dict.fromkeys(list(ranges(IGNORABLE_RANGES)) + [0x0640] + list(range(0x064B, 0x0653)))
IGNORABLE = dict.fromkeys(ranges(IGNORABLE_RANGES))
BEFORE = {**REMOVED, **HAMZA}
# NFKC would let the iota subscript inside U+037A wander behind later marks before it is folded.
CASE_FIRST = {**IGNORABLE, 0x037A: " \u03b9"}
AFTER = {**HAN, 0x06A9: "\u0643", 0x06CC: "\u064A", 0x0451: "\u0435"}


def nfkc_casefold(s):
    """Unicode's toNFKC_Casefold, which Python lacks.  It takes each character as it
    comes, without NFD first, so U+0345 becomes iota where it stands."""
    for _ in "12":
        s = unicodedata.normalize("NFKC", s.translate(CASE_FIRST).casefold())
    return s.translate(IGNORABLE)


def one_pass(s):
    s = nfkc_casefold(s.translate(BEFORE))
    return WHITE_RUN.sub(" ", s.translate(AFTER))


def fold_slow(s):
    for _ in range(20):
        folded = one_pass(s)
        if folded == s:
            return s
        s = folded
    raise AssertionError("the fold does not settle: %r" % s)


def composing_seconds():
    """Characters that may join the one before them into a single character."""
    seconds = set(range(0x1161, 0x1176)) | set(range(0x11A8, 0x11C3))
    for cp in range(sys.maxunicode + 1):
        parts = unicodedata.decomposition(chr(cp)).split()
        if len(parts) == 2 and not parts[0].startswith("<"):
            seconds.add(int(parts[1], 16))
    return seconds


SECONDS = composing_seconds()


def leans_back(s):
    """Whether the first character of s, taken apart, can touch what stands before it."""
    apart = unicodedata.normalize("NFKD", s)
    return bool(apart) and (unicodedata.combining(apart[0]) != 0 or ord(apart[0]) in SECONDS)


class CharFolds(dict):
    """Code point -> its fold, or SENTINEL where the neighbours matter; filled as met."""

    def __missing__(self, cp):
        char = chr(cp)
        forms = (char, char.casefold(), nfkc_casefold(char), one_pass(char), fold_slow(char))
        result = SENTINEL if any(leans_back(form) for form in forms) else forms[-1]
        self[cp] = result
        return result


CHAR_FOLDS = CharFolds()


def fold(s):
    quick = s.translate(CHAR_FOLDS)
    if SENTINEL in quick:
        return fold_slow(s)
    return WHITE_RUN.sub(" ", quick) if "  " in quick else quick


def main():
    """Fold standard input line by line, for a look at what it does."""
    for line in sys.stdin:
        print(fold(line.rstrip("\n")))


if __name__ == "__main__":
    main()
