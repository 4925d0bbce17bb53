#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Parallel sentences name the same countries: `mentions` of the lines of each language of FLORES
against those of the same line in English.

Translators add and leave out names (All Blacks, 紐西蘭國家橄欖球隊), most of all in traditional
characters.  Those lines were read one by one and are listed in mentions_differences.tsv; there
both figures are held to limits, the one with the list and the one without.  --show LANGUAGE prints
the lines that differ."""

import collections
import os
import sys

import cli

LEAST = (0.98, 0.95)  # precision, recall
LANGUAGES = {  # file: what must be reached without the list
    "zho_Hans": LEAST, "zho_Hant": (0.95, 0.95), "kaz_Cyrl": LEAST, "rus_Cyrl": LEAST, "uig_Arab": LEAST,
}
FREE = ("kir_Cyrl", "uzn_Latn")  # told, not asserted
HERE = os.path.dirname(os.path.abspath(__file__))


def read_lines(folder, language):
    with open(os.path.join(folder, language + ".devtest"), encoding="utf-8") as lines:
        return lines.read().split("\n")[:-1]


def read_differences():
    """language -> line -> (codes it names besides the English, codes it does not)"""
    found = collections.defaultdict(lambda: collections.defaultdict(lambda: (set(), set())))
    with open(os.path.join(HERE, "mentions_differences.tsv"), encoding="utf-8") as lines:
        for line in lines:
            if not line.startswith("#"):
                language, number, sign, code = line.rstrip("\n").split("\t")
                found[language][int(number)][sign == "-"].add(code)
    return found


def mentions(place, language, lines):
    path = os.path.join(place, language)
    with open(path + ".jsonl", "w", encoding="utf-8") as out:
        for number, line in enumerate(lines):
            out.write(cli.json.dumps({"platform": language, "id": str(number + 1), "text": line}, ensure_ascii=False) + "\n")
    cli.index(path, [path + ".jsonl"])
    rows = cli.search_jsonl(path, "*", "--fields", "id,mentions")
    return {int(row["id"]): set(row.get("mentions", [])) for row in rows}


def score(got, want):
    right = sum(len(got[n] & want[n]) for n in want)
    found, due = sum(map(len, got.values())), sum(map(len, want.values()))
    return right / found, right / due


def main(tally):
    options = cli.parser(__doc__.splitlines()[0])
    options.add_argument("--show", metavar="LANGUAGE", help="print the lines that differ from the English ones")
    options = options.parse_args()
    data = os.environ.get("JIBEK_TEST_DATA")
    folder = data and os.path.join(data, "lang", "parallel", "flores")
    if not folder or not os.path.isdir(folder):
        print("skipped: $JIBEK_TEST_DATA names no folder with lang/parallel/flores")
        sys.exit(77)
    cli.begin(options)
    differences = read_differences()
    with cli.workplace(options.index, tally) as place:
        english_lines = read_lines(folder, "eng_Latn")
        english = mentions(place, "eng_Latn", english_lines)
        for language in (*LANGUAGES, *FREE):
            lines = read_lines(folder, language)
            got = mentions(place, language, lines)
            known = differences[language]
            want = {n: (codes | known[n][0]) - known[n][1] if n in known else codes for n, codes in english.items()}
            raw, read = score(got, english), score(got, want)
            print("%s: precision %.4f, recall %.4f; with the list of differences %.4f, %.4f" % (language, *raw, *read))
            if options.show == language:
                for n in english:
                    if got[n] != want[n]:
                        print("%d: too many %s, missing %s\n   %s\n   %s" % (
                            n, sorted(got[n] - want[n]), sorted(want[n] - got[n]), english_lines[n - 1], lines[n - 1]))
            if language in LANGUAGES:
                for name, got, least in (("with the list", read, LEAST), ("as it is", raw, LANGUAGES[language])):
                    tally.check(got[0] >= least[0] and got[1] >= least[1], "%s, %s: %.4f, %.4f" % (language, name, *got))


if __name__ == "__main__":
    cli.guarded(main)
