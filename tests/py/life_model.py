# SPDX-License-Identifier: GPL-3.0-or-later
"""What an index must hold after everything that was done to it, and records with
strings in them that nothing else has.

A document is one version of a post; documents are numbered as they were read.  A post
is all versions with one key, and what was seen of it.  Every record says when it was
collected, and no two at the same time.
"""

import json
import re

import columns_model
import corpus
import records
from fold import fold

COUNTS = columns_model.COUNTS
SECRET = re.compile("qz[0-9a-f]{12}|[\u4a00-\u4db0]{6}")
FIELDS = ["id", "url", "platform", "section", "author", "title", "text", "tags", *COUNTS, "status", "copy_of", "x.note"]


def secrets(record):
    """The strings of a record that no other has, as they stand and folded."""
    found = set(SECRET.findall(json.dumps(record, ensure_ascii=False)))
    return found | set(map(fold, found))


class Document:
    def __init__(self, number, record, line, key):
        self.number, self.record, self.key = number, record, key
        self.line = line
        self.content, self.at = records.content(record), record["collected_at"]

    def name(self):
        return self.record.get("id") or self.record.get("url") or digest(self.line)


def digest(line):
    import hashlib
    return hashlib.sha256(line).hexdigest()[:32]


class Post:
    def __init__(self):
        self.versions, self.newest, self.seen = [], None, {}


class Life:
    """Documents in the order they were read, forgotten ones left out."""

    def __init__(self, meanings):
        self.meanings = meanings      # what each count that was written means
        self.documents, self.posts, self.next_number = [], {}, 0
        self.all_secrets = set()

    # --- indexing ---

    def index(self, lines):
        """The summary of these lines."""
        counts = dict.fromkeys(("added", "updated", "observed", "unchanged", "copies", "rejected"), 0)
        for line in lines:
            try:
                record = json.loads(line)
            except ValueError:
                record = None
            counts[self.add(record, line) if isinstance(record, dict) else "rejected"] += 1
        return {"read": len(lines), **counts}

    def add(self, record, line):
        self.all_secrets |= secrets(record)
        key = records.key(record, line)
        post = self.posts.get(key)
        if post is None:
            post = self.posts[key] = Post()
            document = post.newest = self.store(post, record, line, key)
            self.observe(post, record)
            return "copies" if self.original(document) else "added"
        content, at = records.content(record), record["collected_at"]
        known = any(version.content == content for version in post.versions)
        if content == post.newest.content or known and at <= post.newest.at:
            return self.observe(post, record)
        document = self.store(post, record, line, key)
        if at >= post.newest.at:
            post.newest = document
        self.observe(post, record)
        return "updated"

    def store(self, post, record, line, key):
        document = Document(self.next_number, record, line, key)
        self.next_number += 1
        self.documents.append(document)
        post.versions.append(document)
        return document

    def observe(self, post, record):
        """Keep what the record saw, if it says anything that is not there yet."""
        given = {name: self.meanings(record[name]) for name in COUNTS if name in record}
        given = {name: value for name, value in given.items() if value is not None}
        if record.get("status"):
            given["status"] = record["status"]
        at = record["collected_at"]
        if not given or post.seen.get(at) == given:
            return "unchanged"
        held = self.latest(post, at)
        post.seen[at] = given
        return "observed" if any(held.get(name) != value for name, value in given.items()) else "unchanged"

    @staticmethod
    def latest(post, until="9"):
        held = {}
        for at in sorted(post.seen):
            if at <= until:
                held.update(post.seen[at])
        return held

    # --- forgetting ---

    def forget(self, keys):
        self.documents = [one for one in self.documents if one.key not in keys]
        for key in keys:
            del self.posts[key]

    def forbidden(self):
        """Strings that no file may hold after a purge."""
        kept = set()
        for document in self.documents:
            kept |= secrets(document.record)
        return self.all_secrets - kept

    # --- answers ---

    def living(self):
        return [one for one in self.documents if self.posts[one.key].newest is one]

    def originals(self):
        """Of each document that is a copy, the first other post's document with its content."""
        by_content, found = {}, {}
        for document in self.documents:
            same = by_content.setdefault(document.content, [])
            root = next((one for one in same if one.key != document.key), None)
            if root:
                found[document.number] = root
            same.append(document)
        return found

    def original(self, document):
        return next((one for one in self.documents if one.content == document.content and one.key != document.key
                     and one.number < document.number), None)

    def rows(self):
        """Rows of --format jsonl with FIELDS, in the order they were indexed."""
        originals = self.originals()
        return [self.row(one, originals) for one in self.living()]

    def row(self, document, originals):
        record = document.record
        cells = {name: record.get(name) for name in ("id", "url", "platform", "section", "author", "title", "text")}
        cells["tags"] = sorted(set(record["tags"]), key=lambda s: s.encode("utf-8"))
        held = self.latest(self.posts[document.key])
        for name in COUNTS:
            n, is_bound = held.get(name) or (None, False)
            cells[name] = "%d+" % n if is_bound else n
        cells["status"] = held.get("status", "unknown")
        root = originals.get(document.number)
        cells["copy_of"] = root.name() if root else None
        cells["x.note"] = record["note"]
        return {name: value for name, value in cells.items() if value not in (None, "")}

    def shown(self, document):
        """(earlier versions, copies, observations) that `show` must tell of a living document."""
        originals = self.originals()
        root = originals.get(document.number, document)
        copies = [one for one in self.living() if root in (one, originals.get(one.number)) and one is not document]
        post = self.posts[document.key]
        return len(post.versions) - 1, len(copies), len(post.seen)


class Maker:
    """Records that may be forgotten: each holds rare strings in every field."""

    def __init__(self, random, text_words):
        self.random, self.text_words = random, text_words
        self.written, self.starts, self.clock = {}, {}, 0

    def meaning(self, written):
        return self.written[repr(written)]

    def secret(self):
        return "qz%012x" % self.random.getrandbits(48)

    def han(self):
        return "".join(chr(self.random.randrange(0x4A00, 0x4DB1)) for _ in range(6))

    def content(self):
        part = lambda words: "%s %s %s" % (corpus.some_text(self.random, words), self.secret(), self.han())
        return {"title": part(self.random.randrange(1, 6)), "text": part(self.random.randrange(1, self.text_words))}

    def seen(self):
        """Counts and a status, seen later than anything before."""
        self.clock += self.random.randrange(1, 90)
        days, minutes = divmod(self.clock, 1440)
        found = {"collected_at": "%04d-%02d-%02dT%02d:%02d:00Z" % (2021 + days // 336, days // 28 % 12 + 1, days % 28 + 1, *divmod(minutes, 60))}
        for name in COUNTS:
            written, meaning = columns_model.random_count(self.random)
            if written is not KeyError:
                found[name] = written
                self.written[repr(written)] = meaning
        if self.random.random() < 0.3:
            found["status"] = self.random.choice(["live", "author_deleted", "gone"])
        return found

    def fresh(self, content=None):
        record, row = columns_model.make_row(self.random, len(self.starts), "")
        record = {name: value for name, value in record.items() if name not in COUNTS and name != "title"}
        record.update(self.identity(record), **(content or self.content()), **self.seen())
        record["tags"] = ["common", self.secret(), self.random.choice(["b", "a"])]
        record["note"] = self.secret() + self.random.choice(["", ' "quoted", and', "\nline"])
        if self.random.random() < 0.5:
            record["author"] = "автор " + self.secret()
        if self.random.random() < 0.3:
            record["section"] = self.secret()
        self.starts[record["note"]] = row.start
        return record

    def identity(self, record):
        if self.random.random() < 0.05:
            return {"id": None, "url": None}
        ident = self.secret() if self.random.random() < 0.95 else "shared%d" % self.random.randrange(3)
        return {"id": ident, "url": "https://example.org/" + self.secret()}

    def again(self, record, content=None):
        """The same post, seen later, perhaps with other content."""
        kept = {name: value for name, value in record.items() if name not in COUNTS and name != "status"}
        return {**kept, **(content or {}), **self.seen()}
