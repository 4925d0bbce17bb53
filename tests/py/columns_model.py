# SPDX-License-Identifier: GPL-3.0-or-later
"""Rows with every kind of cell, random queries over them, and their answers by a loop.

A query part is a Node: its text, and a test that says of a row 1 (yes), 0 (no) or
None (undecided), joined by Kleene's three-valued AND, OR and NOT.
"""

import calendar
import collections
import datetime

import cli
import corpus
from fold import fold
from match import contains, is_han

Node = collections.namedtuple("Node", "text test")
Row = collections.namedtuple("Row", "id keywords counts start strings")

PLATFORMS = ["weibo", "wechat", "zhihu", "toutiao", "weibo-hot-search", "知乎 日报", "tv.cctv.com", "vk"]
SECTIONS = (
    ["揭秘历史", "揭秘历史 二", "揭秘", "Top News", "Top", "News", "say \"hi\" today", "it's", "a,b;c", "back\\slash", "история", "Ел жаңалықтары"]
    + ["section %d" % n for n in range(9)] + ["栏目%d" % n for n in range(9)]
)
AUTHORS = ["author_%d" % n for n in range(300)] + ["作者%d" % n for n in range(150)] + ["Айгүл %d" % n for n in range(50)]
LANGUAGES = ["zh", "kk", "ru", "en", "ug"]
COUNTS = ["views", "likes", "comments", "reposts"]
FACETS = ["platform", "section", "author", "lang"]
ZONES = ["+08:00", "+06:00", "-05:00", "Z", "+05:30"]


def kleene_and(a, b):
    if a == 0 or b == 0:
        return 0
    return None if a is None or b is None else 1


def kleene_not(a):
    return None if a is None else 1 - a


def kleene_or(a, b):
    return kleene_not(kleene_and(kleene_not(a), kleene_not(b)))


def in_range(count, low, high):
    """Is the count within low..high?  A lower bound is every number from it up."""
    if count is None:
        return 0
    n, is_bound = count
    if not is_bound:
        return int(low <= n <= high)
    if n > high:
        return 0
    return 1 if n >= low and high == float("inf") else None


# --- rows ---

def random_count(random):
    """A count as a platform would print it, and what it means: None, or (n, is lower bound)."""
    n = int(random.lognormvariate(6, 2.5))
    kind = random.random()
    if kind < 0.1:
        return random.choice([None, "", "无", "-", KeyError]), None
    if kind < 0.2:
        tenths = random.randrange(1, 999)
        return "%d.%d万" % divmod(tenths, 10), (tenths * 1000, False)
    if kind < 0.3:
        bound = random.choice([10, 100, 1000, 5000, 100000])
        return "%d+" % bound if bound < 10000 else "%d万+" % (bound // 10000), (bound, True)
    if kind < 0.45:
        return random.choice([str(n), "{:,}".format(n)]), (n, False)
    return n, (n, False)


def random_moment(random):
    """Some time in a bit over three years, crowded around a month's and a year's end."""
    first = random.choice([0, 715, 840])
    day = datetime.datetime(2018, 1, 1) + datetime.timedelta(days=random.randrange(first, 860 if first else 1200))
    near = random.choice([0, 0, 23, random.randrange(24)])
    return day.replace(hour=near, minute=random.randrange(60), second=random.randrange(60))


def random_date(random):
    """published_at as written, and the local start of what it names (or None)."""
    t = random_moment(random)
    kind = random.randrange(12)
    if kind == 0:
        return random.choice([None, KeyError]), None
    if kind == 1:
        return "%04d" % t.year, t.replace(month=1, day=1, hour=0, minute=0, second=0)
    if kind == 2:
        return t.strftime("%Y-%m"), t.replace(day=1, hour=0, minute=0, second=0)
    if kind < 5:
        return t.strftime(random.choice(["%Y-%m-%d", "%Y/%m/%d"])), t.replace(hour=0, minute=0, second=0)
    if kind == 5:
        return calendar.timegm(t.timetuple()), t
    if kind == 6:
        return t.strftime("%Y-%m-%dT%H:%M") + random.choice(ZONES), t.replace(second=0)
    if kind < 9:
        return t.strftime("%Y-%m-%d %H:%M:%S"), t
    return t.strftime("%Y-%m-%dT%H:%M:%S") + random.choice(ZONES), t


def some_titles(random, number):
    return [corpus.some_text(random, random.randrange(1, 8)) for _ in range(number)]


def make_row(random, number, title):
    """One record to write, and its Row."""
    cells = {"id": "r%05d" % number, "url": "https://example.org/r/%d" % number, "title": title}
    keywords = {}
    tables = {"platform": PLATFORMS, "section": SECTIONS, "author": AUTHORS, "lang": LANGUAGES}
    for name, values in tables.items():
        value = random.choice(values) if random.random() < 0.85 else random.choice([None, "", KeyError])
        cells[name] = value
        keywords[name] = value if isinstance(value, str) and value else None
    counts = {}
    for name in COUNTS:
        cells[name], counts[name] = random_count(random)
    cells["published_at"], start = random_date(random)
    record = {name: value for name, value in cells.items() if value is not KeyError}
    return record, Row(cells["id"], keywords, counts, start, (fold(title), ""))


# --- queries ---

def keyword_node(random, rows):
    name = random.choice(FACETS)
    value = None
    while value is None:
        value = random.choice(rows).keywords[name]
    if name == "lang" and random.random() < 0.3:
        other = random.choice(LANGUAGES)
        return Node("lang:(%s OR %s)" % (value, other), lambda row: int(row.keywords[name] in (value, other)))
    plain = value.translate({95: None, 45: None, 46: None}).isalnum() and random.random() < 0.5
    return Node("%s:%s" % (name, value if plain else cli.quote(value)), lambda row: int(row.keywords[name] == value))


def count_node(random, rows):
    name = random.choice(COUNTS)
    known = [row.counts[name][0] for row in random.sample(rows, min(20, len(rows))) if row.counts[name]]
    low, high = sorted(random.choice(known + [0, 10, 1000, 5000, 100000]) for _ in "ab")
    infinite = float("inf")
    text, low, high = random.choice([
        ("%d..%d" % (low, high), low, high), ("%d.." % low, low, infinite), ("..%d" % high, 0, high),
        (">%d" % low, low + 1, infinite), (">=%d" % low, low, infinite),
        ("<%d" % high, 0, high - 1), ("<=%d" % high, 0, high),
    ])
    return Node("%s:%s" % (name, text), lambda row: in_range(row.counts[name], low, high))


def day_span(random, t):
    """A year, month or day around t as a query writes it, its first moment and the one after it."""
    day = datetime.datetime(t.year, t.month, t.day)
    precision = random.choice("ymd")
    if precision == "y":
        return "%04d" % t.year, day.replace(month=1, day=1), datetime.datetime(t.year + 1, 1, 1)
    if precision == "m":
        following = datetime.datetime(t.year + t.month // 12, t.month % 12 + 1, 1)
        return t.strftime("%Y-%m"), day.replace(day=1), following
    return t.strftime("%Y-%m-%d"), day, day + datetime.timedelta(days=1)


def near_moment(random, rows):
    """The day of some row, or one beside it: where a range would be wrong by hours."""
    starts = [row.start for row in random.sample(rows, min(30, len(rows))) if row.start]
    day = datetime.timedelta(days=random.choice([-1, 0, 0, 1]))
    return random.choice(starts) + day if starts else random_moment(random)


def date_node(random, rows):
    first, last = sorted((day_span(random, near_moment(random, rows)) for _ in "ab"), key=lambda span: span[1])
    text, low, high = random.choice([
        (first[0], first[1], first[2]), ("%s..%s" % (first[0], last[0]), first[1], last[2]),
        (first[0] + "..", first[1], datetime.datetime.max), (".." + last[0], datetime.datetime.min, last[2]),
    ])
    return Node("date:" + text, lambda row: int(row.start is not None and low <= row.start < high))


def word_node(random, rows):
    """A Han run or a quoted piece of some title."""
    for _ in range(200):
        title = random.choice(rows).strings[0]
        start = random.randrange(max(1, len(title)))
        s = title[start:start + random.randint(1, 3)]
        if s.strip() and (is_han(s[0]) or random.random() < 0.3):
            break
    else:
        return Node("*", lambda row: 1)
    spelled = s if cli.may_be_bare(s) and random.random() < 0.7 else cli.quote(s)
    prefix, fields = random.choice([("", slice(None)), ("", slice(None)), ("title:", slice(1))])
    return Node(prefix + spelled, lambda row: int(any(contains(text, s) for text in row.strings[fields])))


def random_leaf(random, rows):
    maker = random.choices([keyword_node, count_node, date_node, word_node], [3, 4, 3, 3])[0]
    return maker(random, rows) if random.random() < 0.96 else Node("*", lambda row: 1)


def random_query(random, rows, depth=2):
    """Parts joined by AND (written or not), OR, NOT and -, compounds in parentheses."""
    kind = random.random()
    if depth == 0 or kind < 0.25:
        return random_leaf(random, rows)
    a = random_part(random, rows, depth)
    if kind < 0.45:
        if random.random() < 0.5:
            return Node("NOT " + a.text, lambda row: kleene_not(a.test(row)))
        leaf = random_leaf(random, rows)
        return Node("%s -%s" % (a.text, leaf.text), lambda row: kleene_and(a.test(row), kleene_not(leaf.test(row))))
    b = random_part(random, rows, depth)
    if kind < 0.65:
        return Node("%s OR %s" % (a.text, b.text), lambda row: kleene_or(a.test(row), b.test(row)))
    glue = random.choice([" ", " AND ", " NOT "])
    if glue == " NOT ":
        return Node(a.text + glue + b.text, lambda row: kleene_and(a.test(row), kleene_not(b.test(row))))
    return Node(a.text + glue + b.text, lambda row: kleene_and(a.test(row), b.test(row)))


def random_part(random, rows, depth):
    node = random_query(random, rows, depth - 1)
    return Node("(%s)" % node.text, node.test) if " " in node.text else node


# --- answers ---

Answer = collections.namedtuple("Answer", "ids undecided facets")


def answer(rows, node):
    """What the query finds: sorted ids, how many are undecided, and each facet's counts."""
    values = [node.test(row) for row in rows]
    found = [row for row, value in zip(rows, values) if value == 1]
    facets = {name: collections.Counter(row.keywords[name] for row in found) for name in FACETS}
    return Answer(sorted(row.id for row in found), values.count(None), facets)
