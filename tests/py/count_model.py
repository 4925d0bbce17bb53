# SPDX-License-Identifier: GPL-3.0-or-later
"""Tables, statistics and histograms of rows, by plain loops.

A Case is one row: the Row of columns_model, what it adds (tags, a second time, words),
and the bins it falls into, which datetime and calendar work out here.
"""

import collections
import datetime
import fractions
import functools
import re

import columns_model as columns

Case = collections.namedtuple("Case", "row tags times words")

TAGS = ["历史", "中亚", "history", "нота", "тарих", "тег с пробелом", "a,b", "g20", "تارىخ"]
OFFSETS = ["+08:00", "-05:00", "+05:30", "Z", "+14:00", "-11:00"]
TIMES = ["published_at", "collected_at"]
UNITS = ["day", "week", "month", "year"]
KEYWORDS = ["platform", "section", "author", "lang"]
STATS = ["sum", "mean", "median", "p90"]
PRECISIONS = ["year", "month", "day"]


# --- rows ---

def near_a_border(random):
    """A moment around the turn of a day, week, month or year, its offset written or not."""
    year = random.choice([2015, 2016, 2019, 2020, 2021])
    border = random.choice([
        datetime.datetime(year, 1, 1), datetime.datetime(year, random.randint(1, 12), 1),
        datetime.datetime(year, 1, 4) + datetime.timedelta(days=random.randrange(360)),
    ])
    t = border + datetime.timedelta(seconds=random.choice([-1, 0, 1, random.randrange(-90000, 90000)]))
    return t.strftime("%Y-%m-%dT%H:%M:%S") + random.choice(OFFSETS), t


def random_second_time(random):
    """collected_at as written; its local start and precision, or None."""
    kind = random.random()
    if kind < 0.1:
        return None, None
    written, t = near_a_border(random)
    if kind < 0.2:
        return "%04d" % t.year, (t, "year")
    if kind < 0.35:
        return t.strftime("%Y-%m"), (t, "month")
    if kind < 0.5:
        return t.strftime("%Y-%m-%d"), (t, "day")
    return written, (t, "day")


def precision_of(written):
    """How precise a date of columns_model was written."""
    if isinstance(written, str) and re.fullmatch(r"\d{4}", written):
        return "year"
    if isinstance(written, str) and re.fullmatch(r"\d{4}-\d\d", written):
        return "month"
    return "day"


def make_case(random, number, title):
    """One record to write, and its Case; `words` is for the index to say."""
    record, row = columns.make_row(random, number, title)
    tags = random.sample(TAGS, random.choice([0, 0, 1, 1, 2, 4]))
    if tags:
        record["tags"] = tags
    written, second = random_second_time(random)
    if written:
        record["collected_at"] = written
    first = (row.start, precision_of(record.get("published_at"))) if row.start else None
    return record, Case(row, tags, {"published_at": first, "collected_at": second}, {})


# --- bins ---

def time_bin(time, unit):
    """The label of a time's bin: of its unit, or of what is known of it."""
    if time is None:
        return None
    t, precision = time
    if precision != "day" and (unit in ("day", "week") or (precision, unit) == ("year", "month")):
        unit = precision
    if unit == "week":
        return "%04d-W%02d" % t.isocalendar()[:2]
    return t.strftime({"day": "%Y-%m-%d", "month": "%Y-%m", "year": "%Y"}[unit])


def count_bin(count):
    """A count as JSON has it: an exact one is a number, a lower bound is text."""
    if count is None:
        return None
    return "%d+" % count[0] if count[1] else count[0]


def bins(case, axis):
    """The bins of a case on an axis such as "platform", "tags" or "published_at:week"."""
    name, _, unit = axis.partition(":")
    if name in TIMES:
        return [time_bin(case.times[name], unit)]
    if name == "tags":
        return case.tags or [None]
    if name in KEYWORDS:
        return [case.row.keywords[name]]
    return [count_bin(case.row.counts[name])]


def cells(cases, axes):
    """The cases of every cell, by the tuple of its bins."""
    table = collections.defaultdict(list)
    for case in cases:
        keys = [()]
        for axis in axes:
            keys = [key + (value,) for key in keys for value in bins(case, axis)]
        for key in keys:
            table[key].append(case)
    return table


@functools.lru_cache(maxsize=None)
def bins_between(first, last, unit):
    """All labels of a unit from first to last, by walking over the days."""
    if unit == "week":
        day = datetime.date.fromisocalendar(int(first[:4]), int(first[6:]), 1)
    else:
        day = datetime.datetime.strptime((first + "-01-01")[:10], "%Y-%m-%d").date()
    labels = []
    while not labels or labels[-1] < last:
        label = time_bin((day, "day"), unit)
        if not labels or labels[-1] != label:
            labels.append(label)
        day += datetime.timedelta(days=1)
    return labels


LENGTH = {"day": 10, "week": 8, "month": 7, "year": 4}


def with_gaps(counts, unit):
    """Counts by label, with zeros for the empty bins between the first and the last of the unit."""
    own = [label for label in counts if label and len(label) == LENGTH[unit]]
    full = dict(counts)
    if own:
        for label in bins_between(min(own), max(own), unit):
            full.setdefault(label, 0)
    return full


# --- statistics ---

def statistics(cases, field, wanted):
    """What JSON's "stats" should hold for one field; None where there is no value."""
    counts = [case.row.counts[field] for case in cases]
    values = sorted(count[0] for count in counts if count)
    result = {"absent": counts.count(None), "lower_bounds": sum(1 for count in counts if count and count[1])}
    n = len(values)
    for name in wanted:
        if not n:
            result[name] = None
        elif name == "sum":
            result[name] = sum(values)
        elif name == "mean":
            result[name] = fractions.Fraction(sum(values), n)
        elif name == "median":
            result[name] = fractions.Fraction(values[(n - 1) // 2] + values[n // 2], 2)
        else:
            rank = -(-9 * n // 10)
            result[name] = values[rank - 1]
    return result


def per_million(part, whole):
    return fractions.Fraction(part * 10**6, whole) if whole else None


def close(got, want):
    """Equal, a fraction to the six decimals that are printed."""
    if isinstance(want, fractions.Fraction):
        return isinstance(got, (int, float)) and abs(got - want) <= 6e-7 + 1e-14 * float(want)
    return type(got) is type(want) and got == want
