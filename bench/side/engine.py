# SPDX-License-Identifier: GPL-3.0-or-later
"""What an engine is to the driver."""

import os
import re
import shutil
import subprocess

from . import measure

PEERS = os.path.join(os.path.dirname(os.path.dirname(os.path.realpath(__file__))), "peers")
FACETS = ("platform", "section", "author", "lang", "label")
SHOWN = 10
COLOURS = re.compile("\033\\[[0-9;]*m")


class Engine:
    """`folder` is the engine's own; `tools` holds what was built of bench/peers."""

    name = None
    fetched = False  # from elsewhere than Debian

    def __init__(self, tools, folder, jobs):
        self.tools, self.folder, self.jobs = tools, folder, jobs

    def tool(self, name):
        return os.path.join(self.tools, name)

    def path(self, name):
        return os.path.join(self.folder, name)

    def fresh(self):
        shutil.rmtree(self.folder, ignore_errors=True)
        os.makedirs(self.folder)

    def missing(self):
        """What is not installed, not built or not to be had; None where all is there.  Fetches and builds it
        where that is the engine's way."""
        return None

    def ask(self, questions):
        """[(nanoseconds, total)], each question asked the second time in one process."""
        out = measure.run(self.ask_command(questions)).out
        return [tuple(map(int, line.split(b"\t")[:2])) for line in out.splitlines()]

    def cold(self, questions):
        """Wall seconds of a process that asks the one question of a file once."""
        return measure.run(self.ask_command(questions), env={"ASK_ONCE": "1"}).wall

    def text_bytes(self):
        """Bytes of the index that store texts; None where it does not tell."""
        return None

    observe = export = None


def older(made, *sources):
    """A file that is not there, or older than what it is made of."""
    return not os.path.exists(made) or os.path.getmtime(made) < max(map(os.path.getmtime, sources))


def tried(argv, seconds):
    """None, or what a command that failed or took longer said of it: its first error, or its last line."""
    try:
        run = subprocess.run(argv, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=seconds)
    except FileNotFoundError:
        return "%s is not installed" % argv[0]
    except subprocess.TimeoutExpired:
        return "%s took longer than %d s" % (argv[0], seconds)
    said = [line.strip() for line in COLOURS.sub("", run.stdout.decode("utf-8", "replace")).splitlines() if line.strip()]
    errors = [line for line in said if "error" in line.lower()]
    return (errors[:1] or said[-1:] or ["exit status %d" % run.returncode])[0][:200] if run.returncode else None
