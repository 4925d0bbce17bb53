#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Text in legacy encodings gives what iconv gives: pages, plain text, JSON lines and tables,
declared and not, short and long, with cut and wrong bytes among them."""

import csv
import glob
import io
import json
import os
import subprocess

import cli
import warcs

RUSSIAN = ("Казахстан вручил послу ноту протеста.", "Статью перепечатали десятки изданий, потом её удалили.",
           "Почему «все» хотят вернуться — об этом спорили в сети весь апрель.")
KAZAKH = ("Қазақстан елшіге наразылық нотасын тапсырды.", "Мақала көп ұзамай өшірілді, бірақ көшірмелері қалды.",
          "Оқырмандар бұл туралы әлеуметтік желіде қызу пікір таластырды.")
SIMPLIFIED = ("哈萨克斯坦向中国大使递交了抗议照会。", "这篇文章被转载了很多次，后来被平台删除。", "读者在网上讨论了一个月，“为何渴望回归”成了问题。")
TRADITIONAL = ("哈薩克斯坦向中國大使遞交了抗議照會。", "這篇文章被轉載了很多次，後來被平台刪除。", "讀者在網上討論了一個月，這成了問題。")
TEXTS = {"cp1251": RUSSIAN, "koi8-r": RUSSIAN, "cp866": RUSSIAN, "iso-8859-5": RUSSIAN, "gb18030": SIMPLIFIED,
         "gbk": SIMPLIFIED, "big5": TRADITIONAL, "utf-16-le": SIMPLIFIED, "utf-16-be": RUSSIAN, "utf-16": KAZAKH,
         "utf-8": KAZAKH, "kz1048": KAZAKH, "ptcp154": KAZAKH}


def texts(random, charset):
    sentences = [s for s in TEXTS[charset]]
    out = []
    for n in range(30):
        text = "".join(random.choice(sentences) for _ in range(random.randrange(2, 9)))
        if charset in ("cp866", "iso-8859-5", "koi8-r"):
            text = text.replace("«", '"').replace("»", '"').replace("—", "-")
        out.append("%s %d" % (text, n))
    return out


def lines_and_tables(random, temp, tally):
    for charset in sorted(TEXTS):
        made = texts(random, charset)
        rows = [{"id": str(n), "platform": "t", "text": t} for n, t in enumerate(made)]
        table = io.StringIO()
        writer = csv.DictWriter(table, ["id", "platform", "text"])
        writer.writeheader()
        writer.writerows(rows)
        files = {"jsonl": "".join(json.dumps(r, ensure_ascii=False) + "\n" for r in rows), "csv": table.getvalue()}
        if charset in ("utf-16-le", "utf-16-be"):
            files.pop("csv")  # without a mark they are recognised by name alone, and a table has none of its own
        for kind, text in files.items():
            path = os.path.join(temp, "%s.%s" % (charset, kind))
            with open(path, "wb") as out:
                out.write(text.encode(charset))
            summary = cli.index(path + ".jibek", [path])
            found = {h["id"]: h["text"] for h in cli.search_jsonl(path + ".jibek", "*", "-n", "0")}
            tally.equal(found, {r["id"]: r["text"] for r in rows}, "%s in %s" % (kind, charset))
            tally.equal(sum(summary["encodings"].values()), 0 if charset == "utf-8" else 1, "told: %s" % summary["encodings"])
            tally.equal(summary["unconverted"], 0, "all of it converted")


def long_file(random, temp, tally):
    """Pieces of files are converted as they come: characters lie across every border."""
    for charset in ("gb18030", "utf-16"):
        rows = []
        for n in range(20000):
            rows.append({"id": str(n), "platform": "t", "text": random.choice(SIMPLIFIED)[random.randrange(5):] + str(n)})
        path = os.path.join(temp, "long-%s.jsonl" % charset)
        with open(path, "wb") as out:
            out.write("".join(json.dumps(r, ensure_ascii=False) + "\n" for r in rows).encode(charset))
        cli.index(path + ".jibek", [path])
        found = {h["id"]: h["text"] for h in cli.search_jsonl(path + ".jibek", "*", "-n", "0")}
        tally.equal(found == {r["id"]: r["text"] for r in rows}, True, "a long file in " + charset)


def wrong_bytes(random, temp, tally):
    """Some bytes of UTF-8 are wrong: it stays UTF-8, and each line so changed is counted."""
    rows = [json.dumps({"id": str(n), "platform": "t", "text": random.choice(KAZAKH + SIMPLIFIED)}, ensure_ascii=False).encode()
            for n in range(200)]
    hit = random.sample(range(200), 7)
    for n in hit:
        at = len(rows[n]) - 10
        rows[n] = rows[n][:at] + b"\xff" + rows[n][at:]
    path = os.path.join(temp, "wrong.jsonl")
    with open(path, "wb") as out:
        out.write(b"\n".join(rows) + b"\n")
    summary = cli.index(path + ".jibek", [path])
    tally.equal((summary["read"], summary["repaired"], summary["encodings"]), (200, 7, {}), "wrong bytes in UTF-8")


def legacy_files(temp, tally, folder):
    """The outside files: what iconv makes of each, as plain text and as a page, declared or not."""
    names = {"ibm855": "CP855", "ibm866": "CP866", "windows-1251": "CP1251", "mac-cyrillic": "MAC-CYRILLIC"}
    for path in sorted(glob.glob(os.path.join(folder, "*", "*.txt"))):
        name = os.path.basename(path)[:-4]
        with open(path, "rb") as file:
            data = file.read()
        want = subprocess.run(["iconv", "-f", names.get(name, name), "-t", "utf-8"], input=data, stdout=subprocess.PIPE,
                              check=True).stdout.decode()
        for declared in ("", "; charset=" + name):
            archive = os.path.join(temp, "%s%d.warc" % (name, len(declared)))
            with open(archive, "wb") as out:
                out.write(warcs.record("resource", "http://example.kz/" + name, data, "text/plain" + declared))
            cli.index(archive + ".jibek", [archive])
            got = [h["text"] for h in cli.search_jsonl(archive + ".jibek", "*")]
            tally.equal(got, [want], "%s, %s" % (name, "declared" if declared else "detected"))
        plain = os.path.join(temp, name + ".txt")
        with open(plain, "wb") as out:
            out.write(data)
        cli.index(plain + ".jibek", [plain])
        got = [h["text"] for h in cli.search_jsonl(plain + ".jibek", "*")]
        tally.equal([g.strip() for g in got], [want.strip()], name + " as a file of text")


def main(tally):
    parser = cli.parser(__doc__)
    parser.add_argument("--outside", action="store_true", help="the files in $JIBEK_TEST_DATA instead")
    options = parser.parse_args()
    data = os.environ.get("JIBEK_TEST_DATA")
    if options.outside and not data:
        print("skipped: JIBEK_TEST_DATA is not set")
        raise SystemExit(77)
    random = cli.begin(options)
    with cli.workplace(options.index, tally) as temp:
        if options.outside:
            legacy_files(temp, tally, os.path.join(data, "conformance", "encodings"))
            return
        lines_and_tables(random, temp, tally)
        long_file(random, temp, tally)
        wrong_bytes(random, temp, tally)


if __name__ == "__main__":
    cli.guarded(main)
