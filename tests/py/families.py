# SPDX-License-Identifier: GPL-3.0-or-later
"""Families of texts planted among others: a text of a country, again and again with another
country in it and a part of its characters changed."""

import re

COUNTRIES = (
    "哈萨克斯坦 蒙古 越南 吉尔吉斯斯坦 乌兹别克斯坦 土库曼斯坦 塔吉克斯坦 缅甸 老挝 柬埔寨 泰国 菲律宾 马来西亚 "
    "印度 巴基斯坦 阿富汗 伊朗 伊拉克 土耳其 埃及 尼日利亚 肯尼亚 巴西 阿根廷 智利 秘鲁 墨西哥 加拿大 "
    "法国 德国 意大利 西班牙 葡萄牙 波兰 乌克兰 白俄罗斯 芬兰 瑞典 挪威 丹麦 希腊 塞尔维亚"
).split()
OLD = re.compile("美国|俄罗斯|日本|韩国|" + "|".join(sorted(COUNTRIES, key=len, reverse=True)))


def shingles(text, size=5):
    text = re.sub(r"\W", "", text)
    return {text[i:i + size] for i in range(len(text) - size + 1)}


class Templates:
    """Texts that are made to be about {}, each unlike the ones before."""

    def __init__(self, shortest=200, longest=1500):
        self.shortest, self.longest = shortest, longest
        self.at, self.seen = [], set()

    def add(self, title, text):
        """Was the text taken?"""
        text = text[:self.longest]
        if len(text) < self.shortest or "{" in title + text or "}" in title + text:
            return False
        mine = shingles(text)
        if not mine or len(mine & self.seen) > 0.15 * len(mine):
            return False
        places = OLD.findall(text)
        if not places:
            return False
        old = max(sorted(set(places)), key=places.count)
        if places.count(old) < 2:
            return False
        self.seen |= mine
        self.at.append((title.replace(old, "{}"), text.replace(old, "{}")))
        return True


def edited(random, text, share, letters):
    """The text with that share of its characters changed, dropped or doubled, evenly spread; {} and
    white space stay."""
    out = []
    for part in re.split(r"(\{\})", text):
        if part == "{}":
            out.append(part)
            continue
        for c in part:
            if c.isspace() or random.random() >= share:
                out.append(c)
                continue
            what = random.random()
            if what < 0.6:
                out.append(random.choice(letters))
            elif what < 0.8:
                out.append(c + random.choice(letters))
    return "".join(out)


def plant(random, templates, letters, shares=(0.10, 0.20), sizes=(3, 30)):
    """Records of families: (record, family, country), in no order."""
    out = []
    for family, (title, text) in enumerate(templates):
        some = random.sample(COUNTRIES, random.randint(2, 6))
        for member in range(random.randint(*sizes)):
            country = random.choice(some)
            share = random.uniform(*shares)
            record = {
                "id": "f%d-%d" % (family, member), "platform": random.choice(("weibo", "zhihu", "toutiao")),
                "title": title.replace("{}", country),
                "text": edited(random, text, share, letters).replace("{}", country),
                "published_at": "2020-%02d-%02dT12:00:00+08:00" % (random.randint(1, 12), random.randint(1, 28)),
            }
            out.append((record, family, country))
    random.shuffle(out)
    return out


def pairs(groups):
    """How many pairs of documents the groups put together."""
    return sum(n * (n - 1) // 2 for n in groups)
