#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Completion, by sourcing what `jibek completion bash` prints: every command and option of --help is
offered and no other, and what is offered for an option the program takes.  zsh, where it is
installed, completes lines typed into a terminal of its own."""

import os
import pty
import re
import select
import shutil
import subprocess
import tempfile
import time

import cli

ZSH_LINES = (
    ("jibek sea", "jibek search "), ("jibek ob", "jibek observe "), ("jibek search --fac", "jibek search --facet="),
    ("jibek search --format=xl", "jibek search --format=xlsx "), ("jibek search --fields=id,publ", "jibek search --fields=id,published_at "),
    ("jibek search plat", "jibek search platform:"), ("jibek count --st", "jibek count --stat="),
    ("jibek search --sort=-vi", "jibek search --sort=-views "), ("jibek export --exc", "jibek export --excel "),
    ("jibek kwic --format=cs", "jibek kwic --format=csv "), ("jibek completion z", "jibek completion zsh "),
    ("jibek count --by publ", "jibek count --by published_at "), ("jibek nosuch --f", "jibek nosuch --f"),
)


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


def zsh_completes(temp):
    """What becomes of each of ZSH_LINES when the tab key is pressed behind it."""
    out, script = os.path.join(temp, "lines"), os.path.join(temp, "_jibek")
    with open(script, "wb") as made:
        made.write(cli.run("completion", "zsh"))
    setup = ("PS1=; autoload -Uz compinit; compinit -u -D; source %s; compdef _jibek jibek; "
             "report() { print -r -- \"<$BUFFER>\" >> %s; BUFFER= }; zle -N report; bindkey '^X' report\n" % (script, out))
    pid, terminal = pty.fork()
    if pid == 0:
        os.execvpe("zsh", ["zsh", "-f", "-i"], dict(os.environ, TERM="dumb", HOME=temp, ZDOTDIR=temp))
    typed = [setup.encode()] + [line.encode() + b"\t\x18" for line, _ in ZSH_LINES]
    until, lines = time.monotonic() + 120, []
    try:
        for number, keys in enumerate(typed):
            os.write(terminal, keys)
            while len(lines) < number and time.monotonic() < until:
                if select.select([terminal], [], [], 0.05)[0]:
                    os.read(terminal, 65536)
                if os.path.exists(out):
                    with open(out, encoding="utf-8") as written:
                        lines = [line[1:-2] for line in written]
    finally:
        os.write(terminal, b"\x03\nexit\n")
        os.close(terminal)
        os.waitpid(pid, 0)
    return lines


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
        with tempfile.TemporaryDirectory(prefix="jibek-test-") as temp:
            tally.equal(zsh_completes(temp), [want for _, want in ZSH_LINES], "zsh completes")
    else:
        print("skipped: no zsh; it completes nothing")


if __name__ == "__main__":
    cli.guarded(main)
