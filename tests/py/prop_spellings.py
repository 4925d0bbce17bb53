#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Kazakh words in eight spellings: Cyrillic, tote, Cyrillic on a Russian keyboard, Latin of 2021,
2018 and 2017, QazAqparat, Latin letters without marks.  An index has a document for each
spelling of each word, in a sentence; whichever spelling is asked for, the documents must be the
same, and all spellings of the word among them.  First the words of kazakh_spellings.tsv, all
of them; then, where the outside data is, random words of a treebank in its seven alphabets, of
which most must: where a word is one of Russian or English, too, no rule can tell."""

import csv
import os
import re

import cli
import kazakh
import records

# Words of the list, and why a spelling of theirs is another word's.
KNOWN = {
    "ит": "it is English", "шөп": "shop is English", "ән": "an is English",
    "көл": "кол is қол as well", "қол": "кол is көл as well",
    "қыс": "-қа is an ending of Uyghur, too: қысқа", "қысқа": "as қыс",
    # Russian -ым, -им, -ил, -а and -лак are endings: жузим would be of жуз.
    "жүзім": "жуз", "жүз": "жузим", "құрлық": "кулак", "құлақ": "курлык", "күй": "кулак", "қыз": "кызыл",
    "қызыл": "кыз", "ана": "ан", "әкім": "ак", "ақ": "аким", "ұйым": "уй",
}
SENTENCES = ("关于 %s 的消息。", "2020-04-14: «%s».", "(%s) — 31!", "Ὅμηρος %s.", "%s")
BATCH, ENOUGH_FORMS, ENOUGH_LEMMAS = 50, 0.97, 0.95


def from_list():
    """[(word, {spelling: how the word is written})]"""
    with open(os.path.join(os.path.dirname(__file__), "kazakh_spellings.tsv"), encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))
    return [(row["cyrl"], row) for row in rows]


def from_treebank(paths, table):
    ways = {"cyrl": str, "tote": kazakh.in_tote, "russian keyboard": kazakh.on_russian_keyboard}
    ways.update(kazakh.alphabets(table))
    tokens = [(form.lower(), lemma.lower()) for form, lemma, upos in kazakh.read_conllu(paths)
              if upos not in ("PUNCT", "SYM", "NUM", "X", "PROPN")]
    sets = ({form for form, _ in tokens}, {lemma for _, lemma in tokens})
    return [[(word, {name: spell(word) for name, spell in ways.items()}) for word in sorted(words)
             if re.fullmatch("[%s]{2,}" % kazakh.LETTERS, word)] for words in sets]


def differing(folder, random, words):
    """{word: {spelling: documents}} where the spellings find different ones, or not their own."""
    rows = [{"id": "%s/%s" % (word, way), "platform": "p", "text": random.choice(SENTENCES) % written}
            for word, ways in words for way, written in ways.items()]
    random.shuffle(rows)
    path = os.path.join(folder, "spellings.jsonl")
    index = os.path.join(folder, "%d.jibek" % random.getrandbits(32))
    records.write_jsonl(path, rows)
    cli.index(index, [path])
    differ = {}
    for word, ways in words:
        # A word finds its own string, too, and an apostrophe is no letter: тең in tan'erten', таңертең.
        found = {way: frozenset(i for i in cli.search_ids(index, written) if i.startswith(word + "/") or "2017" not in i)
                 for way, written in ways.items()}
        own = {"%s/%s" % (word, way) for way in ways}
        common = found["cyrl"]
        odd = {way: sorted(ids ^ common)[:4] + sorted(own - ids)[:4] for way, ids in found.items()
               if ids != common or not own <= ids}
        if odd:
            differ[word] = odd
    return differ


def main(tally):
    parser = cli.parser(__doc__)
    parser.add_argument("--batches", type=int, default=2, help="of 50 words of the treebank, forms and lemmas each")
    options = parser.parse_args()
    random = cli.begin(options)
    names = ("kk_ktb-ud-test.conllu", "kk_ktb-ud-train.conllu", "kk_cyrl_to_latin_versions.tsv")
    data = [records.data_file("lang/kazakh/" + name) for name in names]
    with cli.workplace(options.index, tally) as folder:
        words = from_list()
        differ = differing(folder, random, words)
        print("%d words of the list, %d differ" % (len(words), len(differ)), flush=True)
        for word, _ in words:
            tally.check((word in differ) == (word in KNOWN), lambda w=word: "%s: %s" % (w, differ.get(w, "differs no longer")))
        if not all(data):
            return
        kinds = zip(("forms", "lemmas"), from_treebank(data[:2], data[2]), (ENOUGH_FORMS, ENOUGH_LEMMAS))
        for kind, words, enough in kinds:
            differ = {}
            for _ in range(options.batches):
                differ.update(differing(folder, random, random.sample(words, BATCH)))
            asked = options.batches * BATCH
            print("%d %s of the treebank, %d differ: %s" % (asked, kind, len(differ), " ".join(sorted(differ))), flush=True)
            # A few more by chance: at random that many in thousands of runs once.
            tally.check(len(differ) <= (1 - enough) * asked + 8, lambda d=differ: "too many: %s" % d)


if __name__ == "__main__":
    cli.guarded(main)
