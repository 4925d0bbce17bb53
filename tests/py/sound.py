# SPDX-License-Identifier: GPL-3.0-or-later
"""What ~word finds, by its definition and the tables in data/: a sequence of pieces of the
folded text, one for each unit of the word, each one of what may stand for it, with at most three
characters that are neither letter nor digit between two; its ends obey the boundary rule.
The slow way: every start, every way to go on."""

import collections
import os
import unicodedata

import cli
from match import ALPHABETIC

GAP = 3
DIGITS = "ling yi er san si wu liu qi ba jiu".split()
LATIN = set("abcdefghijklmnopqrstuvwxyz")


def read_table(name):
    with open(os.path.join(cli.ROOT, "data", name), encoding="utf-8") as lines:
        return [line.rstrip("\n") for line in lines if line.strip() and not line.startswith("#")]


PINYIN = dict(line.split("\t")[:2] for line in read_table("han_pinyin_toneless.tsv"))
SYLLABLES = set(PINYIN.values())
PINYIN.update({str(digit): syllable for digit, syllable in enumerate(DIGITS)})
PINYIN["\u3007"] = "ling"
LOOKS = {}
for group in read_table("shapes.txt"):
    for char in group:
        LOOKS.setdefault(char, set()).update(group)


def heard(syllable):
    """The syllable as one who does not hear zh z, ch c, sh s, ng n apart."""
    if syllable[:2] in ("zh", "ch", "sh"):
        syllable = syllable[0] + syllable[2:]
    return syllable[:-1] if syllable.endswith("ng") else syllable


SOUNDING = collections.defaultdict(set)  # heard -> characters and syllables
for char, syllable in PINYIN.items():
    SOUNDING[heard(syllable)].add(char)
for syllable in SYLLABLES:
    SOUNDING[heard(syllable)].add(syllable)


class LetterTable(dict):
    def __missing__(self, char):
        result = unicodedata.category(char)[0] in "LN"
        self[char] = result
        return result


LETTER = LetterTable()


def split_pinyin(run):
    """The run in the fewest syllables, each from the left as long as possible; None if it is none."""
    best = {len(run): []}
    for start in range(len(run) - 1, -1, -1):
        ways = [[run[start:end]] + best[end] for end in range(start + 1, len(run) + 1)
                if run[start:end] in SYLLABLES and best.get(end) is not None]
        best[start] = min(ways, key=lambda way: (len(way), [-len(s) for s in way]), default=None)
    return best[0] if run else None


def units(word):
    """What may stand for each unit of a folded word: a list of sets of strings."""
    made, at = [], 0
    while at < len(word):
        end = at
        while end < len(word) and word[end] in LATIN:
            end += 1
        syllables = split_pinyin(word[at:end]) if end > at else None
        if syllables:
            made += [set(SOUNDING[heard(s)]) for s in syllables]
            at = end
            continue
        for char in word[at:max(end, at + 1)]:
            if LETTER[char]:
                sound = SOUNDING[heard(PINYIN[char])] if char in PINYIN else set()
                made.append({char} | LOOKS.get(char, set()) | sound)
        at = max(end, at + 1)
    return made


def ends_after(text, wanted, at, unit):
    """Where a match may end that has units `unit` and later ones from text[at] on."""
    for size in range(1, 7):
        if text[at:at + size] not in wanted[unit] or at + size > len(text):
            continue
        end = at + size
        if unit + 1 == len(wanted):
            yield end
            continue
        for _ in range(GAP + 1):
            yield from ends_after(text, wanted, end, unit + 1)
            if end >= len(text) or LETTER[text[end]]:
                break
            end += 1


def touches(text, at):
    return 0 < at < len(text) and ALPHABETIC[text[at - 1]] and ALPHABETIC[text[at]]


def holds(text, wanted):
    first = {piece[0] for piece in wanted[0]}
    return any(char in first and not touches(text, at) and
               any(not touches(text, end) for end in ends_after(text, wanted, at, 0))
               for at, char in enumerate(text))
