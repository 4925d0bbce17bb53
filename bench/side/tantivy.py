# SPDX-License-Identifier: GPL-3.0-or-later
"""Tantivy, from crates.io."""

import glob
import os
import subprocess

from . import measure
from .engine import PEERS, Engine, older, tried

CRATE = os.path.join(PEERS, "tantivy")
BUILD = 1800  # seconds


class Tantivy(Engine):
    """One writer, all threads, an arena of 256 MB, documents added and not updated, facets by aggregations."""

    name, fetched = "Tantivy bigrams", True

    def program(self):
        return self.tool(os.path.join("tantivy", "release", "bench_tantivy"))

    def version(self):
        out = subprocess.run([self.program(), "version"], stdout=subprocess.PIPE, text=True).stdout
        return out.strip() + ", arena of 256 MB"

    def missing(self):
        sources = [os.path.join(CRATE, "Cargo.toml"), os.path.join(CRATE, "Cargo.lock"), *glob.glob(os.path.join(CRATE, "src", "*.rs"))]
        if older(self.program(), *sources):
            why = tried(["cargo", "build", "-q", "--release", "--locked", "--manifest-path", sources[0], "--target-dir", self.tool("tantivy")], BUILD)
            if why:
                return "not to be had from crates.io, or cargo cannot build it: " + why
            os.utime(self.program())
        return None

    def index(self, data, part="docs"):
        os.makedirs(self.path("x"), exist_ok=True)
        return measure.run([self.program(), "index", self.path("x"), data.path(part + ".jsonl"), str(self.jobs)], folder=self.folder)

    def ask_command(self, questions):
        return [self.program(), "ask", self.path("x"), questions]

    def text_bytes(self):
        return measure.size_of(self.folder, lambda name: name.endswith(".store"))
