# SPDX-License-Identifier: GPL-3.0-or-later
"""Lucene as Debian has it, and the newest that runs on Debian's Java, from Maven Central."""

import glob
import os
import shutil
import subprocess

from . import measure
from .engine import PEERS, Engine, older, tried

PARTS = ("core", "facet", "analyzers-common", "analyzers-smartcn")
ANALYZERS = {"smartcn": "SmartCN", "cjk": "CJK bigrams"}
HEAP = "-Xmx768m"
FETCH = 300  # seconds


class Lucene(Engine):
    """One writer, all threads, a buffer of 256 MB, no compound files, documents added and not updated."""

    main = title = None  # the class, and what the engine is called

    def __init__(self, tools, folder, jobs, analyzer):
        super().__init__(tools, folder, jobs)
        self.analyzer = analyzer
        self.name = "%s %s" % (self.title, ANALYZERS[analyzer])
        self.classes = self.tool(self.main.lower())

    def jars(self):
        raise NotImplementedError

    def number(self):
        return os.path.basename(next(j for j in self.jars() if "core" in j)).rsplit("-", 1)[1][:-len(".jar")]

    def version(self):
        java = subprocess.run(["java", "-version"], stderr=subprocess.PIPE, text=True).stderr.split("\n")[0]
        return "%s, %s, heap of at most %s MB" % (self.number(), java, HEAP[4:-1])

    def missing(self):
        if not shutil.which("javac"):
            return "no JDK (Debian: openjdk-17-jdk-headless)"
        sources = [os.path.join(PEERS, "lucene", name + ".java") for name in ("Peer", self.main)]
        if older(os.path.join(self.classes, self.main + ".class"), *sources):
            os.makedirs(self.classes, exist_ok=True)
            return tried(["javac", "-nowarn", "-cp", self.path_of_classes(), "-d", self.classes, *sources], FETCH)
        return None

    def path_of_classes(self):
        return ":".join([self.classes, *self.jars()])

    def java(self, *args):
        return ["java", HEAP, "-cp", self.path_of_classes(), self.main, *args]

    def index(self, data, part="docs"):
        return measure.run(self.java("index", self.analyzer, self.path("x"), data.path(part + ".jsonl"), str(self.jobs)), folder=self.folder)

    def ask_command(self, questions):
        return self.java("ask", self.analyzer, self.path("x"), questions)

    def text_bytes(self):
        return measure.size_of(self.folder, lambda name: name.endswith((".fdt", ".fdx", ".fdm"))) or None


class Lucene4(Lucene):
    main, title = "Lucene4", "Lucene 4.10"

    def jars(self):
        return ["/usr/share/java/lucene-%s-4.10.4.jar" % part for part in PARTS]

    def missing(self):
        if not all(map(os.path.exists, self.jars())):
            return "no Lucene 4.10 (Debian: liblucene4.10-java)"
        return super().missing()


class Lucene9(Lucene):
    main, title, fetched = "Lucene9", "Lucene 9", True

    def jars(self):
        return sorted(glob.glob(os.path.join(self.classes, "lucene-*.jar")))

    def missing(self):
        pom = os.path.join(PEERS, "lucene", "pom.xml")
        mark = os.path.join(self.classes, "fetched")
        if older(mark, pom):
            shutil.rmtree(self.classes, ignore_errors=True)
            why = tried(["mvn", "-q", "-B", "-f", pom, "dependency:copy-dependencies", "-DincludeScope=runtime",
                         "-DoutputDirectory=" + os.path.realpath(self.classes)], FETCH)
            if why:
                return "not to be had from Maven Central (Debian: maven): " + why
            open(mark, "w", encoding="ascii").close()
        return super().missing()

    def observe(self, data):
        return measure.run(self.java("observe", self.analyzer, self.path("x"), data.path("observe.csv")), folder=self.folder)
