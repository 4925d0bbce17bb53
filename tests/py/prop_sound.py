#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""~word beside its definition (sound.py): words of the documents respelled as those do who evade a
filter, in made-up documents that hold such spellings and in some of the outside data."""

import os

import cli
import corpus
import records
import sound
from fold import fold
from match import is_han
from prop_substring import Source, cut, limited

NAMES = ("习近平 哈萨克斯坦 零八宪政 六四 法轮功 西安 新疆 一带一路 天安门 共产党 Kazakhstan Казахстан Қазақстан قازاقستان "
         "G20峰会 2019年 xijinping xi'an 哈萨 民主 自由亚洲 中国 china").split()
SEPARATORS = ["*", " ", ".", "-", "·", "\u200b", "——", "\u0336", "、", "***", "****", "“", "\ufe0f", "!?!"]


def homophone(random, char):
    alike = sound.SOUNDING[sound.heard(sound.PINYIN[char])]
    return random.choice(sorted(alike))


def respelled(random, word, zeal=0.4):
    """Some characters replaced by what sounds or looks like them, some separators between."""
    out = []
    for char in fold(word):
        kind = random.random()
        if char in sound.PINYIN and kind < zeal:
            out.append(homophone(random, char))
        elif char in sound.LOOKS and kind < zeal * 1.3:
            out.append(random.choice(sorted(sound.LOOKS[char])))
        else:
            out.append(char)
        if random.random() < zeal / 3:
            out.append(random.choice(SEPARATORS))
    text = "".join(out)
    return text.upper() if random.random() < 0.1 else text


def documents(random, count):
    for number, record in enumerate(corpus.records(random, count)):
        for field in ("title", "text"):
            for _ in range(random.randrange(4)):
                before = record.get(field, "")
                at = random.randint(0, len(before))
                word = respelled(random, random.choice(NAMES))
                record[field] = before[:at] + random.choice(["", "", " "]) + word + random.choice(["", " "]) + before[at:]
        yield record


def may_be_asked(word):
    folded = fold(word)
    inner = folded.strip()
    return (inner and not any(c in '"()' or c.isspace() for c in word + folded) and
            sound.units(folded) and sound.LETTER[folded[0]] and sound.LETTER[folded[-1]])


def words(random, source, count):
    """Names, respelled or not, and strings of documents of one to six characters."""
    while count:
        word = random.choice(NAMES)
        if random.random() < 0.5:
            fields = [field for field in random.choice(source.fields) if field]
            word = cut(random, random.choice(fields), 6) if fields else word
        if random.random() < 0.4:
            word = respelled(random, word)
        if may_be_asked(word):
            count -= 1
            yield word


def compare(random, options, folder, path, tally):
    source = Source([path], 0)
    folds = [(fold(title), fold(text)) for title, text in source.fields]
    print("%d documents of %s" % (len(folds), path), flush=True)
    cli.index(folder, [path])
    found_any = 0
    for word in words(random, source, options.queries):
        field = random.choice([None] * 4 + ["title", "text"])
        wanted = sound.units(fold(word))
        sides = [side for side, name in enumerate(("title", "text")) if field in (None, name)]
        want = sorted(source.ids[number] for number, pair in enumerate(folds)
                      if any(sound.holds(pair[side], wanted) for side in sides))
        query = (field + ":" if field else "") + "~" + word
        found_any += bool(want)
        tally.equal(sorted(cli.search_ids(folder, query)), want, query + "\n  " + cli.search_command(folder, query, "ids"))
        if not any(map(is_han, word)) or random.random() > 0.3:
            continue
        compact = sorted(cli.search_ids(folder, cli.quote(word)))
        tally.check(set(compact) <= set(cli.search_ids(folder, "~" + word)), "~%s finds less than the string" % word)
    print("%d of %d words found something" % (found_any, options.queries), flush=True)


def main(tally):
    parser = cli.parser(__doc__)
    parser.add_argument("--documents", type=int, default=600, help="made-up documents, and of each file (default 600)")
    parser.add_argument("--queries", type=int, default=60, help="words for each set of documents (default 60)")
    options = parser.parse_args()
    random = cli.begin(options)
    with cli.workplace(options.index, tally) as folder:
        path = os.path.join(folder, "made-up.jsonl")
        records.write_jsonl(path, documents(random, options.documents))
        compare(random, options, os.path.join(folder, "made-up.jibek"), path, tally)
        for name in ("bench/cctv_news.jsonl.zst", "bench/weibo_hot.jsonl.zst"):
            outside = records.data_file(name)
            if outside:
                part = os.path.join(folder, os.path.basename(name).split(".")[0])
                os.makedirs(part)
                path = limited([outside], options.documents, part)[0]
                compare(random, options, part + ".jibek", path, tally)


if __name__ == "__main__":
    cli.guarded(main)
