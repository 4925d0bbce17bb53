#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The terms of every line of the outside data are what ICU's word iterator makes of the whole line."""

import argparse
import glob
import os
import subprocess

import cli


def lines(path, limit):
    """The first lines of a file, packed or not; 0: all."""
    if path.endswith(".zst"):
        out = subprocess.run(["zstd", "-dc", path], stdout=subprocess.PIPE, check=True).stdout
    else:
        with open(path, "rb") as data:
            out = data.read()
    return b"".join(out.splitlines(keepends=True)[:limit or None])


def main(tally):
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", help="of files, and folders of them")
    parser.add_argument("--limit", type=int, default=20000, help="lines of each file (default 20000; 0: all)")
    options = parser.parse_args()
    files = [path for path in sorted(glob.glob(os.path.join(options.folder, "**"), recursive=True)) if os.path.isfile(path)]
    for path in files:
        run = subprocess.run([os.environ["JIBEK_AS_ICU"]], input=lines(path, options.limit), stdout=subprocess.PIPE)
        tally.check(run.returncode == 0, lambda: "%s: %s" % (path, run.stdout.decode("utf-8", "replace")[:500]))
    tally.check(bool(files), "there are files")


if __name__ == "__main__":
    cli.guarded(main)
