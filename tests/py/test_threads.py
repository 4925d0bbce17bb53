#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Several batches through three threads: the answers are those of one thread.  Small enough for the thread sanitizer, which
ends the program (exit status 66) where two threads meet unguarded."""

import json
import os

import cli

WORDS = "哈萨克斯坦 渴望 回归 中国 Қазақстан қытай нота елші Казахстан ноту послу Kazakhstan China note قازاقستان قىتاي".split()


def write(path, random, count):
    with open(path, "w", encoding="utf-8") as out:
        for number in range(count):
            if number % 997 == 0:
                out.write("{broken\n")
            record = {"id": str(number % (count - count // 50)), "platform": random.choice(("weibo", "wechat")), "views": number % 1000,
                      "title": random.choice(WORDS), "text": " ".join(random.choices(WORDS, k=4)) + " %d" % (number % 5000)}
            out.write(json.dumps(record, ensure_ascii=False) + "\n")


def main(tally):
    parser = cli.parser(__doc__)
    parser.add_argument("--records", type=int, default=70000, help="a batch has 20,000 (default 70000)")
    options = parser.parse_args()
    random = cli.begin(options)
    with cli.workplace(options.index, tally) as temp:
        path = os.path.join(temp, "posts.jsonl")
        write(path, random, options.records)
        said = []
        for jobs in (1, 3):
            folder = os.path.join(temp, "jobs%d.jibek" % jobs)
            summary = cli.index(folder, [path], "--jobs", jobs, may_reject=True)
            cli.run("compact", "-i", folder)
            table = os.path.join(temp, "jobs%d.csv" % jobs)
            cli.export(folder, table, "*", "--fields", "id,platform,title,text,views,copy_of,mentions,words,status")
            with open(table, "rb") as rows:
                answers = [cli.search(folder, query, "ids") for query in ("哈萨克斯坦 渴望", "нота", "{KZ} -中国", '"note 49"')]
                said.append(({k: v for k, v in summary.items() if k != "seconds"}, rows.read(), answers))
        tally.equal(said[1][0], said[0][0], "the sums of three threads")
        tally.check(said[1][1] == said[0][1], "the rows of three threads")
        tally.equal(said[1][2], said[0][2], "the answers of three threads")
        tally.check(said[0][0]["read"] > options.records, "rejects among what was read")


if __name__ == "__main__":
    cli.guarded(main)
