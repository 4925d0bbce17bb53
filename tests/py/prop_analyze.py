#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""`analyze` on hostile lines: ten columns whatever they hold, places that are those of the
bytes, terms that are folds of what stands there, ill-formed bytes counted."""

import re
import subprocess
import unicodedata

import cli
from fold import fold

PIECES = ["Қазақстан", "哈薩克斯坦", "قازاقستان", "Qazaqstan'da", "don’t", "Ещё", " ", "  ", "\t", "\r", "\u2028",
          "\x1b[31m", "\u202e", "\x00", "\u200b", "А\u0301", "ﷺ", "①", "\ufffd", "👍", ".", ",", "—", "\u0340", "ﾊﾞ", "5%",
          "x" * 300]
BROKEN = [b"\xff", b"\xd0", b"\xe4\xb8", b"\xf0\x9f\x91", b"\xed\xa0\x80", b"\xc0\xaf"]
SAID = re.compile(r"jibek: (\d+) ill-formed")


def random_line(random):
    parts = []
    for _ in range(random.randrange(12)):
        broken = random.random() < 0.1
        parts.append(random.choice(BROKEN) if broken else random.choice(PIECES).encode())
    return b"".join(parts).replace(b"\n", b"")


def is_printable(text):
    return not any(unicodedata.category(char) in ("Cc", "Zl", "Zp") or "\u202a" <= char <= "\u202e" for char in text)


def check_row(row, number, line, last, tally):
    """One row; the byte behind its surface."""
    what = "%r of %r" % (row, line)
    if not tally.check(len(row) == 10, lambda: "%d columns: %s" % (len(row), what)):
        return last
    start, end = int(row[1]), int(row[2])
    tally.equal(int(row[0]), number, "line of " + what)
    tally.check(last <= start < end <= len(line), lambda: "place of %s, last %d" % (what, last))
    text = line[start:end].decode("utf-8", "replace")
    if is_printable(text) and "\ufffd" not in text:
        tally.check(row[6] in fold(text), lambda: "the term is no part of %r: %s" % (fold(text), what))
    tally.check(all(is_printable(cell) for cell in row), lambda: "unprintable: " + what)
    tally.check(all(row[n] for n in (3, 6, 7, 8)), lambda: "an empty cell: " + what)
    # A character that folds to several terms is the surface of each.
    return start if fold(text) != row[6] else end


def main(tally):
    parser = cli.parser(__doc__)
    parser.add_argument("--lines", type=int, default=4000, help="lines (default 4000)")
    options = parser.parse_args()
    random = cli.begin(options)
    lines = [random_line(random) for _ in range(options.lines)]
    done = subprocess.run(cli.command("analyze"), input=b"".join(line + b"\n" for line in lines),
                          capture_output=True, check=False)
    tally.equal(done.returncode, 0, "exit status")
    rows = [row.split("\t") for row in done.stdout.decode("utf-8").split("\n")[:-1]]
    number, last = 0, 0
    for row in rows:
        if int(row[0]) != number:
            number, last = int(row[0]), 0
        last = check_row(row, number, lines[number - 1], last, tally)
    bad = sum(line.decode("utf-8", "replace").count("\ufffd") - line.count("\ufffd".encode()) for line in lines)
    said = SAID.search(done.stderr.decode())
    tally.equal(int(said.group(1)) if said else 0, bad, "ill-formed sequences")
    for argument in (["x"], ["--lang"], ["--nonsense"]):
        wrong = subprocess.run(cli.command("analyze", *argument), stdin=subprocess.DEVNULL, capture_output=True, check=False)
        tally.equal(wrong.returncode, 2, "exit status of analyze %s" % argument)


if __name__ == "__main__":
    cli.guarded(main)
