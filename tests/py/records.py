# SPDX-License-Identifier: GPL-3.0-or-later
"""Reading and writing records, and what identifies one."""

import contextlib
import json
import os
import subprocess

DATA_VARIABLE = "JIBEK_TEST_DATA"


def data_file(name):
    """A file of the outside test data, or None after saying that its part is skipped."""
    folder = os.environ.get(DATA_VARIABLE)
    path = os.path.join(folder, name) if folder else None
    if path and os.path.exists(path):
        return path
    why = "%s is not set" % DATA_VARIABLE if not folder else "%s has no %s" % (DATA_VARIABLE, name)
    print("skipped: %s; the part that uses %s is left out" % (why, name))
    return None


@contextlib.contextmanager
def open_lines(path):
    """The lines of a JSONL file as bytes; .zst is read through zstd."""
    if not path.endswith(".zst"):
        with open(path, "rb") as lines:
            yield lines
        return
    with subprocess.Popen(["zstd", "-dcq", path], stdout=subprocess.PIPE) as process:
        yield process.stdout
        process.stdout.close()
        process.terminate()


def read_lines(paths, limit=0):
    """Up to `limit` lines (0: all) of the files, in order, without their ends."""
    count = 0
    for path in paths:
        with open_lines(path) as lines:
            for line in lines:
                if limit and count >= limit:
                    return
                count += 1
                yield line.rstrip(b"\r\n")


def write_jsonl(path, records):
    with open(path, "w", encoding="utf-8", newline="\n") as out:
        for record in records:
            out.write(json.dumps(record, ensure_ascii=False) + "\n")


def key(record, line=b""):
    """What makes two records one: platform and id, else url, else the whole record."""
    if record.get("platform") and record.get("id"):
        return ("id", record["platform"], record["id"])
    if record.get("url"):
        return ("url", record["url"])
    return ("record", bytes(line) or json.dumps(record, ensure_ascii=False))


def printed_id(record):
    """What `--format ids` prints for it; None where that is a digest."""
    return record.get("id") or record.get("url") or None


def content(record):
    return (record.get("title") or "", record.get("text") or "")
