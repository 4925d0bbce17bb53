#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Kazakh: the script-neutral key over all alphabets, and how well stems bring the inflections of
a word together; on words of our own, and where the outside data is on a treebank, CLDR's pairs
of Cyrillic and Arabic spellings, and an article of the declaration of human rights."""

import collections
import itertools
import re

import cli
import kazakh
import records

OWN = re.compile("[әғқңөұүһі]")
# Pairs of CLDR 48 that are not one word in two spellings.
NOT_A_PAIR = {
    "жазғы": "ك for ج", "жұм": "an abbreviation beside the whole word", "кешкі": "the second к is missing",
    "күш": "the Arabic has a possessor", "метрлік": "spelled as spoken, метірлік",
    "миллиардтағы": "another ending: миллиардтық", "миллиондағы": "another ending: миллиондық",
    "солтүстік": "the first letter is missing", "сығылған": "ز for ع: сызылған", "сәрсенбі": "اە for ە",
    "тіл": "the Arabic has a possessor", "уақыты": "the first а is missing",
}


def keys(words, column="key"):
    return [kazakh.whole(rows, column) for rows in kazakh.analyze(words, "--lang", "kk")]


def own_words():
    """{lemma: forms} of kazakh_words.txt."""
    with open(__file__.replace("test_kazakh.py", "kazakh_words.txt"), encoding="utf-8") as lines:
        pairs = [line.split(":") for line in lines if ":" in line and not line.startswith("#")]
    return {lemma: forms.split() for lemma, forms in pairs}


# --- keys ---

ALPHABET = "а a,ә ä,б b,в v,г g,ғ ğ,д d,е e,ж j,з z,и i,й i,к k,қ q,л l,м m,н n,ң ñ,о o,ө ö,п p,р r,с s,т t,у u,ұ ū,ү ü,ф f,х h,һ h,ч tş,ш ş,ы y,і ı"
LATIN_2021 = dict(pair.split() for pair in ALPHABET.split(","))


def in_latin(word):
    return "".join(LATIN_2021.get(letter, letter) for letter in word)


def check_renderings(words, renderings, tally):
    base = keys(words)
    for name, render in renderings.items():
        got = keys([render(word) for word in words])
        wrong = [(word, a, b) for word, a, b in zip(words, base, got) if a != b]
        share = 1 - len(wrong) / len(words)
        print("keys of %s: %.4f of %d words" % (name, share, len(words)))
        tally.check(share >= 0.995, lambda n=name, w=wrong: "%s: %s" % (n, w[:10]))


def check_pairs(path, tally):
    pairs = [row for row in kazakh.read_table(path) if OWN.search(row["cyrl"])]
    cyrillic, arabic = keys([row["cyrl"] for row in pairs]), keys([row["arab"] for row in pairs])
    differ = {row["cyrl"] for row, a, b in zip(pairs, cyrillic, arabic) if a != b}
    print("%d pairs of CLDR, %d differ" % (len(pairs), len(differ)))
    tally.equal(differ, set(NOT_A_PAIR), "pairs that differ")


def check_declaration(path, tally):
    rows = kazakh.read_table(path)
    cyrillic, latin, arabic = (keys([row[column] for row in rows]) for column in ("cyrl", "latin2021", "arab"))
    tally.equal(latin, cyrillic, "article 1 in Latin")
    tally.equal(arabic, cyrillic, "article 1 in Arabic")


# --- stems ---

def pairs_within(groups):
    return {pair for group in groups.values() for pair in itertools.combinations(sorted(set(group)), 2)}


def scores(found, wanted, weight):
    """Precision, recall and F1 over pairs of words that are brought together."""
    total = lambda pairs: sum(weight(a, b) for a, b in pairs)
    right = total(found & wanted)
    precision, recall = right / max(1, total(found)), right / max(1, total(wanted))
    return precision, recall, 2 * precision * recall / max(1e-9, precision + recall)


def check_treebank(paths, tally):
    tokens = [(form.lower(), lemma.lower()) for form, lemma, upos in kazakh.read_conllu(paths)
              if upos not in ("PUNCT", "SYM", "NUM", "X") and re.fullmatch("[%s-]*[%s][%s-]*" % ((kazakh.LETTERS,) * 3), form.lower())]
    frequency = collections.Counter(form for form, _ in tokens)
    words = sorted(frequency)
    by_lemma, by_stem = collections.defaultdict(list), collections.defaultdict(list)
    for form, lemma in set(tokens):
        by_lemma[lemma].append(form)
    for word, stem in zip(words, keys(words, "stem")):
        by_stem[stem].append(word)
    found, wanted = pairs_within(by_stem), pairs_within(by_lemma)
    by_type = scores(found, wanted, lambda a, b: 1)
    by_token = scores(found, wanted, lambda a, b: frequency[a] * frequency[b])
    print("%d words: by type P %.3f R %.3f F1 %.3f; by frequency P %.3f R %.3f F1 %.3f" % (len(words), *by_type, *by_token))
    tally.check(by_type[0] >= 0.85 and by_type[2] >= 0.88, lambda: "by type %s" % (by_type,))
    tally.check(by_token[2] >= 0.90, lambda: "by frequency %s" % (by_token,))
    return words


def check_own(tally):
    lemmas = own_words()
    words = [form for forms in lemmas.values() for form in forms]
    for lemma, forms in lemmas.items():
        stems = collections.Counter(keys(forms, "stem"))
        tally.equal(len(stems), 1, "stems of %s, %s" % (lemma, dict(stems)))
    everything = collections.Counter(stem for forms in lemmas.values() for stem in set(keys(forms, "stem")))
    tally.equal(max(everything.values()), 1, "lemmas that share a stem")
    check_renderings(words, {"Latin": in_latin, "Arabic": kazakh.in_tote, "Russian keys": kazakh.on_russian_keyboard}, tally)


def main(tally):
    cli.parser(__doc__).parse_args()
    check_own(tally)
    data = {name: records.data_file("lang/kazakh/" + name) for name in (
        "kk_ktb-ud-test.conllu", "kk_ktb-ud-train.conllu", "kk_pairs_cldr48_cyrl_arab.tsv",
        "kk_udhr_art1_3scripts.tsv", "kk_cyrl_to_latin_versions.tsv")}
    if not all(data.values()):
        return
    test, train, pairs, declaration, alphabets = data.values()
    words = check_treebank([test, train], tally)
    check_pairs(pairs, tally)
    check_declaration(declaration, tally)
    renderings = kazakh.alphabets(alphabets)
    renderings.update({"Arabic": kazakh.in_tote, "Russian keys": kazakh.on_russian_keyboard})
    check_renderings(words, renderings, tally)


if __name__ == "__main__":
    cli.guarded(main)
