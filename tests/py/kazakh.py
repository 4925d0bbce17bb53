# SPDX-License-Identifier: GPL-3.0-or-later
"""Kazakh words for the checks: treebanks read, words rendered in other alphabets, `analyze`."""

import collections
import csv
import subprocess

import cli

LETTERS = "а-яёәғқңөұүһі"
Row = collections.namedtuple(
    "Row", "line start end surface script lang term key stem pinyin")


def analyze(lines, *options):
    """The rows of `jibek analyze` for each line; lines may not hold line ends."""
    done = subprocess.run(cli.command("analyze", *options), input="\n".join(lines).encode(),
                          capture_output=True, check=False, timeout=600)
    if done.returncode:
        raise cli.JibekError("analyze: exit status %d: %s" % (done.returncode, done.stderr.decode()))
    rows = [[] for _ in lines]
    for text in done.stdout.decode("utf-8").split("\n")[:-1]:
        row = Row(*text.split("\t"))
        rows[int(row.line) - 1].append(row)
    return rows


def whole(rows, column):
    """A column of a word that may have become several terms."""
    return "-".join(getattr(row, column) for row in rows)


def read_table(path):
    with open(path, encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))


def read_conllu(paths):
    """(surface, lemma, part of speech) of every surface token; of one that was split into
    several words, the lemma of the first."""
    tokens = []
    for path in paths:
        with open(path, encoding="utf-8") as lines:
            until, pending = 0, None
            for line in lines:
                if not line.strip() or line.startswith("#"):
                    until = 0
                    continue
                number, form, lemma, upos = line.split("\t")[:4]
                if "." in number:
                    continue
                if "-" in number:
                    until, pending = int(number.split("-")[1]), form
                elif int(number) > until:
                    tokens.append((form, lemma, upos))
                elif pending:
                    tokens.append((pending, lemma, upos))
                    pending = None
    return tokens


# --- other alphabets ---

TOTE = dict(zip("абвгғдеэжзийкқлмнңопрстуұфхһчыц", "ابۆگعدەەجزييكقلمنڭوپرستۋۇفحھچىس"))
TOTE.update({"ә": "ا", "ө": "و", "ү": "ۇ", "і": "ى", "ш": "ش", "щ": "شش", "я": "يا", "ю": "يۋ",
             "ё": "يو", "ъ": "", "ь": ""})


def in_tote(word):
    """Front words without a letter that says so bear the hamza in front."""
    arabic = "".join(TOTE.get(letter, letter) for letter in word)
    front = any(letter in "әөүі" for letter in word)
    return "\u0674" + arabic if front and not any(letter in "ەكگ" for letter in arabic) else arabic


RUSSIAN_KEYS = str.maketrans("әғқңөұүһі", "агкноуухи")


def on_russian_keyboard(word):
    return word.translate(RUSSIAN_KEYS)


def alphabets(table):
    """{name: function} for the Latin alphabets of kk_cyrl_to_latin_versions.tsv."""
    rows = read_table(table)
    names = [name for name in rows[0] if name not in ("cyrl", "CYRL", "fold_key")]
    maps = {name: {row["cyrl"]: row[name] or "" for row in rows} for name in names}
    return {name: (lambda word, m=maps[name]: "".join(m.get(letter, letter) for letter in word))
            for name in names}
