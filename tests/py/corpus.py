# SPDX-License-Identifier: GPL-3.0-or-later
"""Made-up records that hold what trips indexers: every script, marks, invisible
characters, runs without spaces, very long tokens, and all of these side by side."""

HAN_WORDS = (
    "哈萨克斯坦 哈薩克斯坦 哈萨克 斯坦 中国 中國 中々国 历史 歷史 真相 揭秘 回归 渴望 蒙古国 越南 果敢 努尔苏丹 习近平 "
    "后来 皇后 干部 乾燥 头发 發展 台湾 臺灣 里程 裡面 二〇二〇 一九四九年 人民 人民币 龘 𠀀 𠮷野家 〆切 佐々木"
).split()
ALPHABETIC_WORDS = (
    "Kazakhstan China G20 B2B don't co-op e-mail re-re COVID-19 naïve nai\u0308ve Straße STRASSE ﬁne İstanbul x² H₂O "
    "Қазақстан қазақ Казахстан ещё еще Ещe\u0308 йод Й кӱн ўзбек Qazaqstan Qazaqstań "
    "قازاقستان كىتاب کتاب یاخشی ياخشى شىنجاڭ كِتَاب ٷزى ٵلەم مـــحمد ﷺ ﻻ شۇنداق "
    "Ελλάδα ὈΔΥΣΣΕΎΣ σίσυφος नमस्ते ১২৩ ٣٤٥ １２３ ＡＢＣ ⅷ ½ ㎏ Ⅻ 한국 한국어 한국 ﾊﾝｶｸ"
).split()
RUN_WORDS = "カタカナ ひらがな コーヒー スーパー が が ภาษาไทย เชียงใหม่ ພາສາລາວ ភាសាខ្មែរ မြန်မာ".split()
NUMBERS = "1 20 2019 2020年 1.9万 3,000 10%  -5 +7 3.14 v2.0.1".split()
MARKS = list("，。！？、：；“”‘’《》【】…—·,.!?:;'\"()[]{}<>/\\|@#$%^&*-_=+~`´¨°№€½™") + ["——", "……", "://", "''", "- "]
INVISIBLE = ["\u200b", "\u200d", "\u00ad", "\ufeff", "\u2060", "\ufe0f", "\U000E0101", "\u034f", "\u061c"]
COMBINING = ["\u0301", "\u0308", "\u0345", "\u0323", "\u0654", "\u064e", "\u0651", "\u3099", "\u20dd", "\u094d"]
WHITE = [" ", "  ", "\n", "\r\n", "\t", "\u3000", "\u00a0", "\u2003", " \n\n ", "\u2028", "\x85"]
SYMBOLS = ["😀", "👨‍👩‍👧", "🇰🇿", "❤️", "㊗", "♥", "→", "①", "㈱", "👍🏽"]
KINDS = (
    (HAN_WORDS, 30), (ALPHABETIC_WORDS, 22), (RUN_WORDS, 6), (NUMBERS, 8), (MARKS, 12),
    (WHITE, 12), (SYMBOLS, 3), (INVISIBLE, 3), (COMBINING, 2),
)


def long_token(random):
    """A token longer than any index term may be."""
    return random.choice(["a1", "қаз", "國国", "ไทย", "한국", "e\u0301", "x-"]) * random.randrange(30, 200)


def some_text(random, size):
    """About `size` words, marks and whatever, with and without space between."""
    tables, weights = zip(*KINDS)
    parts = []
    for table in random.choices(tables, weights, k=size):
        parts.append(random.choice(table))
        if table is ALPHABETIC_WORDS and random.random() < 0.6:
            parts.append(" ")
        elif random.random() < 0.004:
            parts.append(long_token(random))
    return "".join(parts)


def records(random, count, prefix="s"):
    """`count` records of the made-up kind, each with an id of its own."""
    for number in range(count):
        record = {"id": "%s%06d" % (prefix, number), "platform": "made-up"}
        if random.random() < 0.95:
            record["title"] = some_text(random, random.randrange(0, 8))
        if random.random() < 0.9:
            record["text"] = some_text(random, random.choice([0, 1, 3, 10, 40, 200]))
        yield record
