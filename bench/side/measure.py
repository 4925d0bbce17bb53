# SPDX-License-Identifier: GPL-3.0-or-later
"""One command: wall and processor seconds, and the most anonymous memory it held."""

import os
import subprocess
import threading
import time

STEP = 0.02  # seconds between two looks at the memory


class Failed(Exception):
    pass


class Run:
    def __init__(self, wall, cpu, anon, out):
        self.wall, self.cpu, self.anon, self.out = wall, cpu, anon, out


def anon_of(pid):
    """Bytes of anonymous memory of a process and its children."""
    total = 0
    try:
        with open("/proc/%d/status" % pid, encoding="ascii", errors="replace") as lines:
            for line in lines:
                if line.startswith("RssAnon:"):
                    total = 1024 * int(line.split()[1])
        with open("/proc/%d/task/%d/children" % (pid, pid), encoding="ascii") as children:
            return total + sum(anon_of(int(child)) for child in children.read().split())
    except (FileNotFoundError, ProcessLookupError):
        return total


def sync(folder):
    """What is on its way to the disk gets there: the one durability asked of all."""
    for place, _, names in os.walk(folder):
        for path in [os.path.join(place, name) for name in names] + [place]:
            handle = os.open(path, os.O_RDONLY)
            os.fsync(handle)
            os.close(handle)


def run(argv, stdin=None, folder=None, env=None, expect=(0,), discard=False):
    """Run it; `folder` is synced within the time.  `stdin` is a path or None."""
    source = open(stdin, "rb") if stdin else subprocess.DEVNULL
    start = time.monotonic()
    child = subprocess.Popen(argv, stdin=source, stdout=subprocess.DEVNULL if discard else subprocess.PIPE, stderr=subprocess.PIPE,
                             env={**os.environ, **(env or {})})
    most, over = [0], threading.Event()

    def watch():
        while not over.wait(STEP):
            most[0] = max(most[0], anon_of(child.pid))

    said = []
    watcher = threading.Thread(target=watch)
    talker = threading.Thread(target=lambda: said.append(child.stderr.read()))
    for thread in (watcher, talker):
        thread.start()
    out = b"" if discard else child.stdout.read()
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    over.set()
    for thread in (watcher, talker):
        thread.join()
    for stream in (child.stdout, child.stderr):
        if stream:
            stream.close()
    if stdin:
        source.close()
    if child.returncode not in expect:
        raise Failed("exit status %d from %s\n%s" % (child.returncode, " ".join(argv), said[0].decode("utf-8", "replace")[:2000]))
    if folder:
        sync(folder)
    return Run(time.monotonic() - start, usage.ru_utime + usage.ru_stime, most[0], out)


def size_of(folder, wanted=lambda name: True):
    """Bytes on disk, holes not counted."""
    return sum(512 * os.stat(os.path.join(place, name)).st_blocks
               for place, _, names in os.walk(folder) for name in names if wanted(name))
