#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Completion, by sourcing what `jibek completion bash` prints: every command and option of --help is
offered and no other, and what is offered for an option the program takes.  zsh, where it is
installed, must be able to read its own."""

import os
import re
import shutil
import subprocess
import tempfile

import cli


def complete(*words):
    """What bash offers for the last of the words."""
    script = 'source <(%s completion bash)\nCOMP_WORDS=("$@")\nCOMP_CWORD=$(($# - 1))\n_jibek\nprintf "%%s\\n" "${COMPREPLY[@]}"' % cli.binary()
    done = subprocess.run(["bash", "-c", script, "bash", "jibek", *words], capture_output=True, text=True, timeout=60)
    if done.stderr:
        raise cli.JibekError("bash says: " + done.stderr.strip())
    return [line for line in done.stdout.split("\n") if line]


def help_of(command):
    """(commands or options, their arguments) as --help lists them."""
    text = cli.run(*command, "--help").decode()
    return re.findall(r"^  (\w+) +", text, flags=re.M) if not command else \
        re.findall(r"^  (?:-\w)? +(--[a-z-]+) ?(\S*)", text, flags=re.M)


def check_values(command, option, shown, tally):
    """What is offered for an option is what the program takes."""
    offered = complete(command, option, "")
    if option == "--format" or (option == "--sort" and shown in ("KEY", "ORDER")):
        tally.check(len(offered) > 1, "%s %s: nothing is offered" % (command, option))
        for value in offered:
            cli.run(command, option, value, "--help")
        again = complete(command, option, "=", offered[-1][:2])
        tally.check(offered[-1] in again, "%s %s=%s is not completed" % (command, option, offered[-1][:2]))
    if option in ("--fields", "--facet", "--by"):
        tally.check("published_at" in offered and "title" in offered, "%s %s: no fields" % (command, option))
        tally.equal(complete(command, option, "id,publ"), ["id,published_at"], "%s %s: the second field" % (command, option))
    if option in ("--by", "--histogram"):
        tally.equal(complete(command, option, "published_at", ":", "m"), ["month"], "%s %s: units" % (command, option))


def check_files(tally):
    with tempfile.TemporaryDirectory(prefix="jibek-test-") as temp:
        os.mkdir(temp + "/an index.jibek")
        open(temp + "/some posts.jsonl", "w").close()
        tally.equal(complete("search", "-i", temp + "/"), [temp + "/an index.jibek"], "folders after -i")
        tally.equal(complete("index", temp + "/some"), [temp + "/some posts.jsonl"], "files of index")


def main(tally):
    commands = help_of([])
    tally.equal(sorted(complete("")), sorted(commands + ["--help", "--version"]), "commands")
    tally.equal(complete("sea"), ["search"], "a command half written")
    for command in commands:
        options = help_of([command])
        tally.equal(sorted(complete(command, "--")), sorted(name for name, _ in options), "options of %s" % command)
        for name, shown in options:
            check_values(command, name, shown, tally)
    tally.equal(complete("search", "plat"), ["platform:"], "a field of a query")
    tally.equal(sorted(complete("completion", "")), ["bash", "zsh"], "shells")
    check_files(tally)
    script = cli.run("completion", "zsh")
    if shutil.which("zsh"):
        done = subprocess.run(["zsh", "-n", "/dev/stdin"], input=script, capture_output=True, check=False)
        tally.equal((done.returncode, done.stderr), (0, b""), "zsh reads it")
    else:
        print("skipped: no zsh; its script is not read by it")


if __name__ == "__main__":
    cli.guarded(main)
