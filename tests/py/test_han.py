#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Traditional and simplified text become the same terms: a treebank in both, and OpenCC's cases."""

import difflib
import json
import re

import cli
import kazakh
import records

OWN = [("哈薩克斯坦為何渴望回歸中國", "哈萨克斯坦为何渴望回归中国"), ("帳號被封", "账号被封"), ("抬頭 擡頭", "抬头 抬头"), ("錢鍾書", "钱锺书")]
QUOTES = str.maketrans({mark: '"' for mark in "「」『』“”‘’'"})
# OpenCC's cases from traditional to simplified that one character to one character cannot serve.
NOT_SERVED = {"沈厚": "沈 is a surname and a city as well", "坏布": "坏 is 坯 in old text, and 'bad' in simplified"}


def terms(texts):
    return [[row.term for row in rows] for rows in kazakh.analyze(texts)]


def treebank(edition):
    texts = []
    for part in ("dev", "test"):
        path = records.data_file("lang/han/%s-ud-%s.conllu" % (edition, part))
        if not path:
            return []
        with open(path, encoding="utf-8") as lines:
            texts += [line[len("# text = "):].rstrip("\n").translate(QUOTES) for line in lines if line.startswith("# text = ")]
    return texts


def check_treebank(tally):
    traditional, simplified = terms(treebank("zh_gsd")), terms(treebank("zh_gsdsimp"))
    tally.equal(len(traditional), len(simplified), "sentences")
    same = total = 0
    for a, b in zip(traditional, simplified):
        total += max(len(a), len(b))
        same += sum(block.size for block in difflib.SequenceMatcher(None, a, b, False).get_matching_blocks())
    if total:
        print("%d of %d terms are equal: %.5f" % (same, total, same / total))
        tally.check(same / total >= 0.9995, lambda: "%d of %d terms" % (same, total))


def check_opencc(path, tally):
    with open(path, encoding="utf-8") as file:
        cases = json.loads(re.sub(r",(\s*[\]}])", r"\1", file.read()))["cases"]
    pairs = [(case["input"], case["expected"]["t2s"]) for case in cases if "t2s" in case["expected"]]
    left, right = terms([a for a, _ in pairs]), terms([b for _, b in pairs])
    for (a, b), x, y in zip(pairs, left, right):
        if not any(text in a for text in NOT_SERVED):
            tally.equal("".join(x), "".join(y), "%s and %s" % (a, b))


def main(tally):
    cli.parser(__doc__).parse_args()
    for (a, b), x, y in zip(OWN, terms([a for a, _ in OWN]), terms([b for _, b in OWN])):
        tally.equal(x, y, "%s and %s" % (a, b))
    check_treebank(tally)
    path = records.data_file("lang/han/opencc_testcases.json")
    if path:
        check_opencc(path, tally)


if __name__ == "__main__":
    cli.guarded(main)
