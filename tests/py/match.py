# SPDX-License-Identifier: GPL-3.0-or-later
"""Which folded texts contain a folded string, by looking.

The boundary rule: an end of the string that is an alphabetic letter or digit may not
touch another alphabetic letter or digit of the text.  Letters and digits of scripts
written without spaces (Han, Kana, Thai, Lao, Khmer, Myanmar) are not alphabetic here.
"""

import bisect
import unicodedata

HAN = (
    (0x2E80, 0x2FDF), (0x3005, 0x3005), (0x3007, 0x3007), (0x3021, 0x3029), (0x3038, 0x303B),
    (0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xF900, 0xFAFF), (0x16FE2, 0x16FF1), (0x20000, 0x323AF),
)
UNSEGMENTED = HAN + (
    (0x3006, 0x3006), (0x3031, 0x3035), (0x303C, 0x303C), (0x3041, 0x309F), (0x30A1, 0x30FF), (0x31F0, 0x31FF),
    (0xFF66, 0xFF9F), (0x1AFF0, 0x1B16F),                  # Kana, and marks shared with Han
    (0x0E00, 0x0E7F), (0x0E80, 0x0EFF),                    # Thai, Lao
    (0x1780, 0x17FF), (0x19E0, 0x19FF),                    # Khmer
    (0x1000, 0x109F), (0xA9E0, 0xA9FF), (0xAA60, 0xAA7F),  # Myanmar
)
SEPARATOR = "\0"


def in_ranges(char, table):
    return any(first <= ord(char) <= last for first, last in table)


class AlphabeticTable(dict):
    def __missing__(self, char):
        result = unicodedata.category(char)[0] in "LN" and not in_ranges(char, UNSEGMENTED)
        self[char] = result
        return result


ALPHABETIC = AlphabeticTable()


def is_alphabetic(char):
    """Is `char` an alphabetic letter or digit, one whose neighbours matter?"""
    return ALPHABETIC[char]


def is_han(char):
    return in_ranges(char, HAN)


def bounded(text, start, end):
    """Does the boundary rule allow the occurrence text[start:end]?"""
    if start > 0 and ALPHABETIC[text[start]] and ALPHABETIC[text[start - 1]]:
        return False
    return not (end < len(text) and ALPHABETIC[text[end - 1]] and ALPHABETIC[text[end]])


def contains(text, s):
    """Does the folded text contain the folded string s (not empty)?"""
    at = text.find(s)
    while at >= 0:
        if bounded(text, at, at + len(s)):
            return True
        at = text.find(s, at + 1)
    return False


class Haystack:
    """Many folded strings, searched as one."""

    def __init__(self, strings):
        self.starts = []
        at = 0
        for s in strings:
            self.starts.append(at)
            at += len(s) + 1
        self.starts.append(at)
        self.joined = SEPARATOR.join(strings) + SEPARATOR

    def find(self, s):
        """Numbers of the strings that contain s, in order.  s holds no separator."""
        found = []
        joined, starts, size = self.joined, self.starts, len(s)
        at = joined.find(s)
        while at >= 0:
            if bounded(joined, at, at + size):
                number = bisect.bisect_right(starts, at) - 1
                found.append(number)
                at = joined.find(s, starts[number + 1])
            else:
                at = joined.find(s, at + 1)
        return found


class Documents:
    """Titles and texts: two strings each, nothing matches across their border."""

    def __init__(self, titles, texts):
        self.titles = Haystack(titles)
        self.texts = Haystack(texts)

    def find(self, s, field=None):
        found = set()
        if field in (None, "title"):
            found.update(self.titles.find(s))
        if field in (None, "text"):
            found.update(self.texts.find(s))
        return found
