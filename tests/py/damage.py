# SPDX-License-Identifier: GPL-3.0-or-later
"""Where the parts of an index lie in its files, and ways to break them."""

import os
import shutil
import struct

PAGE = 4096
STREAMS, RUNS = 2, 4
SECTIONS = (
    "directory of text blocks", "directory of record blocks", "lookup of ids", "lookup of urls", "lookup of contents", "lookup of sketches",
    "words", "starts of words", "kinds of words", "suffixes of words", "keys of words", "places of words", "directory of places", "line of titles", "line of texts",
    "pairs", "groups of pairs",
)
TRAILER, END = 64, 16 * len(SECTIONS) + 16


def read(path):
    with open(path, "rb") as stream:
        return stream.read()


def write(path, data):
    with open(path, "wb") as stream:
        stream.write(data)


def flip(path, offset, bit=0):
    """Change one bit of a file."""
    with open(path, "r+b") as stream:
        stream.seek(offset)
        byte = stream.read(1)[0]
        stream.seek(offset)
        stream.write(bytes([byte ^ 1 << bit]))


def records_parts(path):
    """Part of a records file -> (offset, length) of its bytes."""
    data = read(path)
    size = struct.unpack_from("<Q", data, len(data) - TRAILER + 16)[0]
    pages = (size + PAGE - 1) // PAGE
    found = {"checksum table": (pages * PAGE, pages * 8), "trailer": (len(data) - TRAILER, TRAILER), "end": (size - END, END)}
    for number, name in enumerate(SECTIONS):
        found[name] = struct.unpack_from("<QQ", data, size - END + 16 * number)
    for stream, name in enumerate(("text blocks", "record blocks")):
        offset, length = found[SECTIONS[stream]]
        block = struct.unpack_from("<IIQII", data, offset + length // 24 // 2 * 24)
        found[name] = (block[2], block[3])
    return {name: part for name, part in found.items() if part[1]}


def meta_pages(path):
    """Pages of meta.mdb that the newest generation uses: table -> page numbers of its leaves."""
    data = read(path)
    metas = [struct.unpack_from("<Q", data, PAGE * page + 16 + 24 + 96 + 8)[0] for page in (0, 1)]
    at = PAGE * metas.index(max(metas)) + 16 + 24
    pages = {"free": [], "main": []}
    trees = [("free", data[at:at + 48]), ("main", data[at + 48:at + 96])]
    while trees:
        name, tree = trees.pop()
        root = struct.unpack_from("<Q", tree, 40)[0]
        todo = [root] if root != 2**64 - 1 else []
        pages.setdefault(name, [])
        while todo:
            page = todo.pop()
            base = page * PAGE
            flags, lower = struct.unpack_from("<HH", data, base + 10)
            for i in range((lower - 16) // 2):
                node = base + struct.unpack_from("<H", data, base + 16 + 2 * i)[0]
                low, high, node_flags, key = struct.unpack_from("<HHHH", data, node)
                if flags & 1:
                    todo.append(low | high << 16 | node_flags << 32)
                elif node_flags & 2:
                    trees.append((data[node + 8:node + 8 + key].decode(), data[node + 8 + key:node + 8 + key + 48]))
                elif node_flags & 1:
                    pages.setdefault(name + " overflow", []).append(struct.unpack_from("<Q", data, node + 8 + key)[0])
            if flags & 2:
                pages[name].append(page)
    return pages


def row_places(path, page):
    """(offset of the node's head, of its key, of its value, length of the value) of each row of a leaf."""
    data = read(path)
    base = page * PAGE
    lower = struct.unpack_from("<H", data, base + 12)[0]
    for i in range((lower - 16) // 2):
        node = base + struct.unpack_from("<H", data, base + 16 + 2 * i)[0]
        low, high, _, key = struct.unpack_from("<HHHH", data, node)
        yield node, node + 8, node + 8 + key, low | high << 16


def copy(folder, to):
    """A fresh copy of an index."""
    shutil.rmtree(to, ignore_errors=True)
    shutil.copytree(folder, to)
    return to


def index_files(folder):
    """The files an index consists of: not locks, not rejects."""
    return sorted(name for name in os.listdir(folder) if name == "meta.mdb" or name.endswith((".records", ".postings")))
