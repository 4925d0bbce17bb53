#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Languages that `index` finds: of sentences of our own in CI; of FLORES-200, whole and their
first three words, and of Kazakh rendered in other alphabets, where the outside data is."""

import collections
import os
import re

import cli
import kazakh
import records

OWN = {
    "zh": ["哈萨克斯坦总统今天访问北京。", "中國政府發表聲明"],
    "kk": ["Қазақстан Президенті бүгін мәлімдеме жасады.", "Бұл туралы министрлік хабарлады", "Qazaqstan Prezidenti búgin málimdeme jasady",
           "قازاقستان پرەزيدەنتى بۇگىن مالىمدەمە جاسادى"],
    "ru": ["Президент Казахстана сделал заявление.", "Об этом сообщили в министерстве"],
    "ug": ["ئۇيغۇر ئاپتونوم رايونىدا يىغىن ئۆتكۈزۈلدى", "بۇ خەۋەر كېيىن تارقالدى"],
    "en": ["The president of Kazakhstan made a statement.", "It was said in Qatar"],
    "ky": ["Кыргызстандын президенти бүгүн билдирүү жасады жана бул тууралуу айтты"],
    "uz": ["Oʻzbekiston prezidenti bugun bu haqda bayonot berdi va uchrashuv oʻtkazdi"],
}
FLORES = {"zho_Hans": "zh", "zho_Hant": "zh", "kaz_Cyrl": "kk", "rus_Cyrl": "ru", "uig_Arab": "ug", "eng_Latn": "en",
          "kir_Cyrl": "ky", "uzn_Latn": "uz"}
# (whole sentences, first words)
LEAST = collections.defaultdict(lambda: (0.97, 0.80), {
    "zho_Hans": (0.995, 0.8), "zho_Hant": (0.995, 0.8), "kaz_Cyrl": (0.995, 0.8), "rus_Cyrl": (0.995, 0.8),
    "uig_Arab": (0.995, 0.8), "eng_Latn": (0.995, 0.8), "kir_Cyrl": (0.95, 0.6), "uzn_Latn": (0.95, 0.55)})
KAZAKH = re.compile("[%s]+" % kazakh.LETTERS)


def languages(temp, texts):
    """The language that `index` finds for each text."""
    path, folder = os.path.join(temp, "texts.jsonl"), os.path.join(temp, "texts.jibek")
    records.write_jsonl(path, [{"id": str(n), "text": text} for n, text in enumerate(texts)])
    cli.index(folder, [path])
    found = {hit["id"]: hit.get("lang") for hit in cli.search_jsonl(folder, "*")}
    return [found.get(str(n)) for n in range(len(texts))]


def first_words(sentence):
    return " ".join(sentence.split()[:3]) if " " in sentence else sentence[:6]


def sentences(name):
    path = records.data_file("lang/parallel/flores/%s.devtest" % name)
    if not path:
        return []
    with open(path, encoding="utf-8") as lines:
        return lines.read().splitlines()


def outside():
    """{name: (language, sentences)}"""
    sets = {name: (lang, sentences(name)) for name, lang in FLORES.items()}
    table = records.data_file("lang/kazakh/kk_cyrl_to_latin_versions.tsv")
    if not table or not sets["kaz_Cyrl"][1]:
        return {}
    for name, render in {"Arabic": kazakh.in_tote, **kazakh.alphabets(table)}.items():
        sets[name] = ("kk", [KAZAKH.sub(lambda m, r=render: r(m.group()), s.lower()) for s in sets["kaz_Cyrl"][1]])
    return sets


def main(tally):
    options = cli.parser(__doc__).parse_args()
    with cli.workplace(options.index, tally) as temp:
        own = [(lang, text) for lang, texts in OWN.items() for text in texts]
        for (lang, text), got in zip(own, languages(os.path.join(temp), [text for _, text in own])):
            tally.equal(got, lang, text)
        tried = [(name, part, lang, sentence if part == 0 else first_words(sentence))
                 for name, (lang, texts) in outside().items() for part in (0, 1) for sentence in texts]
        if not tried:
            return
        right, total = collections.Counter(), collections.Counter()
        os.mkdir(os.path.join(temp, "flores"))
        for (name, part, lang, _), got in zip(tried, languages(os.path.join(temp, "flores"), [t[3] for t in tried])):
            total[name, part] += 1
            right[name, part] += got == lang
        for name, part in total:
            share = right[name, part] / total[name, part]
            print("%s, %s: %.4f" % (name, ("whole", "three words")[part], share))
            tally.check(share >= LEAST[name][part], lambda n=name, p=part, s=share: "%s %d: %.4f" % (n, p, s))


if __name__ == "__main__":
    cli.guarded(main)
