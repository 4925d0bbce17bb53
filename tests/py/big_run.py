# SPDX-License-Identifier: GPL-3.0-or-later
"""The whole of the news and titles of the test data in one run: the accounting adds up, memory
stays below 1 GiB of anonymous pages, indexing again adds nothing and changes no answer, and one
job gives the same answers in the same order as two.
"""

import os
import subprocess
import tempfile
import time

import cli
import records

FILES = ("bench/cctv_news.jsonl.zst", "bench/weibo_hot.jsonl.zst")
QUERIES = ("*", "哈萨克斯坦", "中国", '"外长"', "date:2022-03", "platform:tv.cctv.com 习近平", "copy_of:yes", "NOT 的")
LIMIT_KIB = 1 << 20


def anonymous_kib(pid):
    """Anonymous memory of a process now, or 0 when it is gone."""
    try:
        with open("/proc/%d/status" % pid, encoding="ascii") as status:
            return next((int(line.split()[1]) for line in status if line.startswith("RssAnon")), 0)
    except OSError:
        return 0


def watched_index(folder, inputs, *options):
    """`jibek index`; its summary and the peak of its anonymous memory in KiB."""
    with tempfile.TemporaryDirectory(prefix="jibek-summary-") as temp:
        path, peak = os.path.join(temp, "summary.json"), 0
        argv = cli.command("index", "-i", folder, "--summary", path, *options, *inputs)
        with subprocess.Popen(argv, stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
            while process.poll() is None:
                peak = max(peak, anonymous_kib(process.pid))
                time.sleep(0.01)
        with open(path, encoding="utf-8") as lines:
            return cli.json.load(lines), peak


def answers(folder):
    return [cli.search(folder, query, "ids") for query in QUERIES]


def check_summary(summary, tally):
    parts = ("added", "updated", "observed", "unchanged", "copies", "rejected")
    tally.equal(summary["read"], sum(summary[part] for part in parts), "read against the sum of the rest")


def main(tally):
    options = cli.parser(__doc__).parse_args()
    cli.begin(options)
    inputs = [records.data_file(name) for name in FILES]
    if not all(inputs):
        print("skipped: JIBEK_TEST_DATA does not hold %s" % " and ".join(FILES))
        raise SystemExit(77)
    with cli.workplace(options.index, tally) as temp:
        two, one = (os.path.join(temp, name) for name in ("two.jibek", "one.jibek"))
        summary, peak = watched_index(two, inputs, "--jobs", 2)
        check_summary(summary, tally)
        tally.equal(summary["read"], 25794 + 833895, "records read")
        print("peak of anonymous memory: %d MiB" % (peak >> 10))
        tally.check(peak < LIMIT_KIB, "anonymous memory %d KiB" % peak)
        before = answers(two)
        again, _ = watched_index(two, inputs, "--jobs", 2)
        check_summary(again, tally)
        tally.equal(again["unchanged"], again["read"], "unchanged when indexed again")
        tally.check(answers(two) == before, "answers changed when indexed again")
        watched_index(one, inputs, "--jobs", 1)
        tally.check(answers(one) == before, "answers of one job are not those of two")


if __name__ == "__main__":
    cli.guarded(main)
