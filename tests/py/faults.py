# SPDX-License-Identifier: GPL-3.0-or-later
"""Running jibek with a library that makes one of its calls to the system fail, or its last."""

import os
import re
import subprocess

import cli

CHANGES = ",write,pwrite,writev,fsync,fdatasync,ftruncate,rename,unlink,remove,mkdir,create,fflush,msync,"
READS = ",open,read,pread,mmap,"
# A call that fails to write, to read, to make: and with what the system may refuse it.
ERRORS = {"ENOSPC": 28, "EIO": 5, "ENOMEM": 12, "EMFILE": 24}


def library():
    return os.environ.get("JIBEK_FAULT") or os.path.join(os.path.dirname(cli.binary()), "..", "tests", "libfault.so")


def sanitized():
    """Is the binary one whose library of checks has to come first?  Then nothing is preloaded."""
    found = subprocess.run(["ldd", cli.binary()], capture_output=True, text=True).stdout
    return re.search(r"lib[at]san", found) is not None


def run(args, folder, at=0, what="kill", calls=CHANGES, stays=False, log=None, memory=0):
    """Run a command whose `at`th call goes wrong; exit status, what it said.  A status of "no end"
    is one that did not end within a minute."""
    env = dict(os.environ, LD_PRELOAD=os.path.realpath(library()), JIBEK_FAULT_DIR=folder, JIBEK_FAULT_CALLS=calls)
    env.update({"JIBEK_LITTLE_MEMORY": "1", "JIBEK_FAULT_DO": str(what), "JIBEK_FAULT_AT": str(at)})
    if stays:
        env["JIBEK_FAULT_STAYS"] = "1"
    if log:
        env["JIBEK_FAULT_LOG"] = log
    if memory:
        env["JIBEK_FAULT_MALLOC"] = str(memory)
    try:
        done = subprocess.run(cli.command(*args), stdin=subprocess.DEVNULL, capture_output=True, env=env, timeout=60)
    except subprocess.TimeoutExpired:
        return "no end", "", b""
    return done.returncode, done.stderr.decode("utf-8", "replace").strip(), done.stdout


def points(args, folder, log, calls=CHANGES):
    """The calls that an undisturbed run makes, as "name path", in order; and how it ended."""
    if os.path.exists(log):
        os.remove(log)
    status, said, out = run(args, folder, calls=calls, log=log)
    lines = []
    if os.path.exists(log):
        with open(log, encoding="utf-8", errors="replace") as stream:
            lines = stream.read().splitlines()
    return lines, status, said, out


def some(random, count, most):
    """Numbers from 1 to count: all, or so many of them, spread evenly from a random start."""
    if count <= most or not most:
        return list(range(1, count + 1))
    return sorted({1 + int((place + random.random()) * count / most) for place in range(most)})
