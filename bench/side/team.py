# SPDX-License-Identifier: GPL-3.0-or-later
"""The engines that take part, and those that no longer do."""

import sys
import time

from . import measure

TELLING = 5  # seconds


def say(*words):
    print("%s  %s" % (time.strftime("%H:%M:%S"), " ".join(map(str, words))), file=sys.stderr, flush=True)


class Team:
    """The engines that run.  One that fails is left out from then on, and said; but for jibek, which must not."""

    def __init__(self, engines, skipped, patience):
        self.engines, self.skipped, self.patience = engines, skipped, patience
        self.slow = set()  # (engine, what it was slow at)
        self.pace = {}  # seconds a document takes an engine

    def turn(self, number):
        """All, another one first each time."""
        at = number % len(self.engines)
        return self.engines[at:] + self.engines[:at]

    def attempt(self, engine, work, *args):
        """What `work` returns; None where it failed."""
        if engine not in self.engines:
            return None
        try:
            return work(*args)
        except (measure.Failed, OSError, ValueError, LookupError) as error:
            if engine.name == "jibek":
                raise
            say(engine.name, "failed:", error)
            self.engines.remove(engine)
            self.skipped.append("%s, which failed: %s" % (engine.name, (str(error).splitlines() or [""])[:2][-1][:300]))
            return None

    def once(self, engine, what, seconds):
        """Note how long it took: whether to do it again is asked of `again`."""
        if seconds > self.patience:
            self.slow.add((engine.name, what))

    def again(self, engine, what):
        return (engine.name, what) not in self.slow

    def paced(self, engine, documents, seconds):
        """Note how long it took to index so many.  A short run says nothing: it is mostly the start."""
        if seconds >= TELLING:
            self.pace[engine.name] = seconds / documents

    def too_many(self, engine, documents):
        """They would take longer than patience lasts.  jibek indexes them however long it takes."""
        return engine.name != "jibek" and self.pace.get(engine.name, 0) * documents > self.patience
