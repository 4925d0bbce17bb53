# SPDX-License-Identifier: GPL-3.0-or-later
"""What was measured, as a table to read, rows to compute with, and a picture."""

import csv
import os
import statistics
from html import escape

from .data import ALL


class Results:
    """Values by (data, part, row, engine), in the order in which they came."""

    def __init__(self, fetched=()):
        """`fetched`: names of the engines that come from elsewhere than Debian."""
        self.values, self.wrong, self.fetched = {}, {}, set(fetched)

    def add(self, data, part, row, engine, *values):
        self.values.setdefault((data, part, row, engine), []).extend(values)

    def answered(self, data, part, row, engine, wrong, asked):
        """How many answers of a row were not the truth."""
        self.wrong[data, part, row, engine] = wrong, asked

    def median(self, *key):
        return statistics.median(self.values[key]) if self.values.get(key) else None

    def exact(self, *key):
        return self.wrong.get(key, (0, 0))[0] == 0

    def rows(self, data, part):
        return list(dict.fromkeys(k[2] for k in self.values if k[:2] == (data, part)))

    def write_csv(self, path):
        with open(path, "w", encoding="utf-8", newline="") as out:
            rows = csv.writer(out)
            rows.writerow(["data", "part", "row", "engine", "median", "low", "high", "values", "wrong", "asked"])
            for key, values in self.values.items():
                rows.writerow([*key, statistics.median(values), min(values), max(values), len(values), *self.wrong.get(key, ("", ""))])

    # --- tables ---

    def cell(self, key, spread):
        values = self.values.get(key)
        if not values:
            return "–"
        text = number(statistics.median(values))
        if spread and len(values) > 1:
            text += " (%s–%s)" % (number(min(values)), number(max(values)))
        wrong, asked = self.wrong.get(key, (0, 0))
        return text + (" ✗ %d of %d" % (wrong, asked) if wrong else "")

    def table(self, data, part, spread=True):
        rows = self.rows(data, part)
        names = list(dict.fromkeys(k[3] for k in self.values if k[:2] == (data, part)))
        lines = ["| | " + " | ".join(names) + " |", "|---|" + "---:|" * len(names)]
        lines += ["| %s | " % row + " | ".join(self.cell((data, part, row, name), spread) for name in names) + " |" for row in rows]
        return "\n".join(lines) + "\n"

    def write_markdown(self, path, head, parts):
        with open(path, "w", encoding="utf-8") as out:
            out.write(head)
            for data in dict.fromkeys(k[0] for k in self.values):
                out.write("\n## %s\n" % data)
                for part, heading in parts.items():
                    if any(k[:2] == (data, part) for k in self.values):
                        out.write("\n%s\n\n%s" % (heading, self.table(data, part, spread=part != "warm")))
                for line in (*self.standings(data), *self.multiples(data), *self.facets(data), self.growth(data)):
                    out.write("\n%s\n" % line if line else "")

    def standings(self, data):
        yield self.standing(data, "best peer that was exact on the row", set())
        if any(k[3] in self.fetched for k in self.values):
            yield self.standing(data, "best one of Debian's that was", self.fetched)

    def standing(self, data, whom, without):
        """jibek's median against the best exact peer's, row by row of the warm questions."""
        ratios = []
        for row in self.rows(data, "warm"):
            ours = self.median(data, "warm", row, "jibek")
            others = [self.median(data, "warm", row, name) for name in self.peers(data, "warm", row) if name not in without]
            if ours is not None and others:
                ratios.append((ours / min(others), row))
        if not ratios:
            return ""
        return ("Warm questions, jibek's median against the %s: ahead on %d of %d rows; median of the ratios %s, the worst %s (%s)." % (
            whom, sum(ratio <= 1 for ratio, _ in ratios), len(ratios), number(statistics.median(ratio for ratio, _ in ratios)),
            number(max(ratios)[0]), max(ratios)[1]))

    def peers(self, data, part, row):
        """The others of a row that gave exact answers."""
        return [k[3] for k in self.values if k[:3] == (data, part, row) and k[3] not in ("jibek", SCAN) and self.exact(*k)]

    def multiples(self, data):
        """What the peers need of time, memory and room, in multiples of jibek's."""
        for row in ("seconds", "processor seconds", "peak anonymous memory, MB", "index, MB"):
            ours = self.median(data, "index", row, "jibek")
            if ours and self.peers(data, "index", row):
                yield "%s, jibek %s, others times that: %s." % (row[0].upper() + row[1:], number(ours), ", ".join(
                    "%s %s" % (name, number(self.median(data, "index", row, name) / ours)) for name in self.peers(data, "index", row)))

    def added(self, data, shape, engine):
        """Milliseconds that five facets add to the count of the same strings."""
        if not all(self.exact(data, "warm", "%s, %s" % (shape, mode), engine) for mode in ("facets", "count")):
            return None
        both = self.median(data, "warm", shape + ", facets", engine), self.median(data, "warm", shape + ", count", engine)
        return None if None in both else both[0] - both[1]

    def facets(self, data):
        ours = self.median(data, "warm", ALL, "jibek")
        if ours and self.peers(data, "warm", ALL):
            yield "Five facets of all documents, jibek %s ms, others times that: %s." % (number(ours), ", ".join(
                "%s %s" % (name, number(self.median(data, "warm", ALL, name) / ours)) for name in self.peers(data, "warm", ALL)))
        for shape in ("1 frequent", "2 frequent"):
            ours = self.added(data, shape, "jibek")
            others = {name: self.added(data, shape, name) for name in self.peers(data, "warm", shape + ", facets")}
            said = ["%s %s" % (name, number(ms / ours)) for name, ms in others.items() if ours and ours > 0 and ms and ms > 0]
            if said:
                yield "What five facets add to the count (%s), jibek %s ms, others times that: %s." % (shape, number(ours), ", ".join(said))

    def growth(self, data):
        """How many times the time of a document grows from the fewest to the most."""
        rows = {}  # {engine: {size: seconds}}
        for key in self.values:
            if key[:2] == (data, "growth") and key[2].endswith(": seconds"):
                rows.setdefault(key[3], {})[int(key[2].split(" ")[0].replace(",", ""))] = self.median(*key)
        said = []
        for engine, seconds in rows.items():
            few, many = min(seconds), max(seconds)
            if few < many:
                said.append("%s %s to %s, %s times" % (engine, format(few, ","), format(many, ","), number(seconds[many] / many / (seconds[few] / few))))
        return "Time of a document as the index grows: %s." % "; ".join(said) if said else ""

    # --- picture ---

    def write_svg(self, path, charts):
        """Bars of medians; charts: [(title, data, part, row)]."""
        parts, y = [], 10
        for title, *key in charts:
            bars = [(k[3], self.median(*k), self.exact(*k)) for k in self.values if list(k[:3]) == key]
            if not bars:
                continue
            parts.append('<text x="10" y="%d" font-weight="bold">%s</text>' % (y + 14, escape(title)))
            y += 24
            longest = max(value for _, value, _ in bars) or 1
            for name, value, exact in bars:
                width = max(1, 420 * value / longest)
                fill = "#bbb" if not exact else "#2a6f97" if name == "jibek" else "#a9c5d6"
                parts.append('<text x="170" y="%d" text-anchor="end">%s</text>' % (y + 12, escape(name)))
                parts.append('<rect x="180" y="%d" width="%.1f" height="14" fill="%s"/>' % (y + 1, width, fill))
                parts.append('<text x="%.1f" y="%d">%s%s</text>' % (186 + width, y + 12, number(value), "" if exact else " ✗"))
                y += 18
            y += 10
        with open(path, "w", encoding="utf-8") as out:
            out.write('<svg xmlns="http://www.w3.org/2000/svg" width="720" height="%d" font-family="sans-serif" font-size="12">\n'
                      '<rect width="100%%" height="100%%" fill="white"/>\n%s\n</svg>\n' % (y, "\n".join(parts)))


def grown_row(size, what):
    return "%s documents: %s" % (format(size, ","), what)


SCAN = "memmem"  # the scan of everything: a floor, not an engine


def number(value):
    if value >= 100:
        return "{:,.0f}".format(value)
    return "%.3g" % value if value else "0"


def save(results, folder, head, parts, charts):
    os.makedirs(folder, exist_ok=True)
    results.write_csv(os.path.join(folder, "results.csv"))
    results.write_markdown(os.path.join(folder, "results.md"), head, parts)
    results.write_svg(os.path.join(folder, "results.svg"), charts)
