# SPDX-License-Identifier: GPL-3.0-or-later
"""What a word or a pattern becomes, by looking at every word there is: stem keys come from the
program that JIBEK_KEYS names, which knows no index."""

import collections
import os
import subprocess

import plain_query
from fold import fold


def can():
    """Are the programs there that list words and keys?"""
    missing = [name for name in ("JIBEK_TERMS", "JIBEK_KEYS") if name not in os.environ]
    for name in missing:
        print("%s does not name its program" % name)
    return not missing


def keys_of(words):
    """The set of stem keys of each folded word."""
    done = subprocess.run([os.environ["JIBEK_KEYS"]], input=b"".join(w.encode() + b"\0" for w in words),
                          stdout=subprocess.PIPE, check=True)
    keys, at = [set() for _ in words], 0
    for item in done.stdout.split(b"\0")[:-1]:
        if item:
            keys[at].add(item)
        else:
            at += 1
    return keys


class Lexicon(plain_query.Oracle):
    """All terms of some texts."""

    def __init__(self, terms):
        self.terms = sorted(set(terms))
        self.keys = dict(zip(self.terms, keys_of(self.terms)))
        self.by_key = collections.defaultdict(set)
        for term, keys in self.keys.items():
            for key in keys:
                self.by_key[key].add(term)

    def word(self, written):
        """Terms that share a key with the word; its string is found besides."""
        (keys,) = keys_of([fold(written)])
        return set().union(*(self.by_key.get(key, ()) for key in keys))

    def pattern(self, written, start, end):
        s = fold(written)
        fits = {(0, 1): str.startswith, (1, 0): str.endswith, (1, 1): str.__contains__}[bool(start), bool(end)]
        return {term for term in self.terms if fits(term, s)}
