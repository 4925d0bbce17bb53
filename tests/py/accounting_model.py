# SPDX-License-Identifier: GPL-3.0-or-later
"""Random batches of input lines, and what the index must make of each of them.

Only cases with one right answer are made: a copy repeats a content that is some
record's newest, an observation changes a count that was given, and so on.
"""

import datetime
import json

import corpus
import records

BROKEN = (
    b'{"id": "x", "title": "cut', b"not json", b'{"id": 1,}', b"{'id': 'x'}", b"{}{}", b"[", b'{"a" 1}',
    b'{"id": "tab\tinside"}', b'\xef\xbb{"id": "y"}', b'{"id": "x", "title": "\\ud800"}', b"nul", b'"', b"{" * 3000, b"\xe4\xb8" * 40000,
)
NOT_OBJECTS = (b"[]", b"42", b'"a string"', b"null", b"true", b'[{"id": "x", "title": "in an array"}]')
VARIANTS = ("added", "updated", "observed", "unchanged", "copies")


class Model:
    """The rules of identity, one line at a time."""

    def __init__(self):
        self.known = {}
        self.contents = set()

    def add(self, line):
        """Take one line; what it counts as."""
        record = json.loads(line)
        key, content = records.key(record, line), records.content(record)
        kind = self.kind(key, content, record)
        old = self.known.get(key, {})
        kept = {name: value for name, value in old.items() if name not in ("title", "text")}
        self.known[key] = {**kept, **record}
        if content != ("", ""):
            self.contents.add(content)
        return kind

    def kind(self, key, content, record):
        old = self.known.get(key)
        if old is None:
            return "copies" if content in self.contents else "added"
        if records.content(old) != content:
            return "updated"
        same = all(old.get(name) == record[name] for name in ("views", "likes", "status") if name in record)
        return "unchanged" if same else "observed"

    def rows(self):
        """(title, text, views) of all records now."""
        return [(*records.content(one), one.get("views")) for one in self.known.values()]


def has_key(record):
    """Has it a key of its own, or is the whole record its key?"""
    return bool(record.get("platform") and record.get("id") or record.get("url"))


class Maker:
    """Makes lines; remembers what may be repeated, changed or copied."""

    def __init__(self, random, dated=True):
        self.random = random
        self.dated = dated
        self.made = []
        self.serial = 0
        self.clock = datetime.datetime(2020, 1, 1)

    def stamp(self, record):
        if self.dated:
            self.clock += datetime.timedelta(seconds=self.random.randrange(1, 4000))
            record["collected_at"] = self.clock.strftime("%Y-%m-%dT%H:%M:%S+08:00")
        return record

    def text(self, may_be_empty=True):
        """Some text that no other record has, or none at all."""
        self.serial += 1
        if may_be_empty and self.random.random() < 0.06:
            return self.random.choice([{}, {"title": "", "text": ""}, {"title": ""}])
        body = "%s #%d" % (corpus.some_text(self.random, self.random.randrange(1, 12)), self.serial)
        return self.random.choice([{"title": body}, {"text": body}, {"title": body, "text": body[:5]}])

    def identity(self):
        """What the key is made of, in each of its ways."""
        self.serial += 1
        number, kind = self.serial, self.random.random()
        if kind < 0.7:
            return {"platform": self.random.choice(["weibo", "wechat"]), "id": "n%d" % number}
        if kind < 0.8:
            return {"id": "n%d" % number, "url": "https://example.org/%d" % number}
        if kind < 0.9:
            return {"platform": "weibo", "url": "https://example.org/%d" % number}
        return {}

    def counts(self, previous=0):
        given = {"views": previous + self.random.randrange(1, 1000)}
        if self.random.random() < 0.3:
            given["likes"] = self.random.randrange(1, 10**6)
        return given

    def fresh(self):
        counts = self.counts() if self.random.random() < 0.8 else {}
        identity = self.identity()
        return self.stamp({**identity, **self.text(bool(identity)), **counts})

    def again(self):
        """A record with a key that was there, changed in one of three ways or not at all."""
        old = self.random.choice(self.made)
        if not has_key(old):
            return dict(old)
        what = self.random.choice(["same", "counts", "content", "both"])
        record = self.stamp(dict(old))
        if what in ("counts", "both"):
            record.update(self.counts(record.get("views", 0)))
        if what in ("content", "both"):
            record.pop("title", None)
            record.pop("text", None)
            record.update(self.text())
        self.made[self.made.index(old)] = record
        return record

    def copy(self):
        """The newest content of some record under a new key."""
        old = self.random.choice(self.made)
        text = {name: old[name] for name in ("title", "text") if name in old}
        return self.stamp({**self.identity(), **text, **self.counts()})

    def record(self, repeats):
        kind = self.random.random()
        if self.made and kind < repeats:
            return self.again()
        record = self.copy() if self.made and kind < repeats + 0.1 else self.fresh()
        self.made.append(record)
        return record

    def line(self, repeats, broken):
        if self.random.random() < broken:
            return self.random.choice(BROKEN + NOT_OBJECTS)
        record = self.record(repeats)
        ascii_only = has_key(record) and self.random.random() < 0.3
        return json.dumps(record, ensure_ascii=ascii_only).encode("utf-8")


def is_record(line):
    """Is the line one JSON object in valid UTF-8, without lone surrogates?"""
    try:
        record = json.loads(line.decode("utf-8"))
        json.dumps(record, ensure_ascii=False).encode("utf-8")
        return isinstance(record, dict)
    except (ValueError, RecursionError):
        return False


def expected(model, lines):
    """The summary that these lines must give on top of what the model holds."""
    counts = dict.fromkeys(VARIANTS + ("rejected",), 0)
    for line in lines:
        counts[model.add(line) if is_record(line) else "rejected"] += 1
    return {"read": len(lines), **counts}
